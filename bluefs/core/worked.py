"""Values that are worked out of a record itself and the settings, put into it and taken out.

Owns when that happens: whoever shows, asks or sorts records has them *whole*, with these values
among the others; whoever compares states, merges them or writes files has them *as written*, for
what nobody wrote is no edit, and follows from the rest. Pure; of a project without such fields
a record is both at once.
"""

from __future__ import annotations

from bluefs.core.frozen import replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import Config, FieldDef, Project, Record

if TYPE_CHECKING:
    from bluefs.core.fields.base import Setting
    from bluefs.core.fields.derived import Derived

    Steps = tuple[Setting, tuple[tuple[FieldDef, Derived], ...], frozenset[str]]

#: Of the last settings asked about, which are told apart by identity: project -> what is to be
#: done, None for nothing.
_last: tuple[Config, dict[str, Steps | None]] | None = None


def whole(record: Record, config: Config) -> Record:
    """The record with everything that can be worked out of it. Never raises."""
    steps = _steps(config, record.project)
    if steps is None:
        return record
    setting, fields, keys = steps
    values = {key: value for key, value in record.values.items() if key not in keys}
    for field, kind in fields:
        value = kind.work_out(field, values, setting)
        if value is not None:
            values[field.key] = value
    return replace(record, values=values)


def is_as_written(config: Config, project: str) -> bool:
    """Whether nothing is worked out of this project's records."""
    return _steps(config, project) is None


def as_written(record: Record, config: Config) -> Record:
    """The record with only what its file says."""
    steps = _steps(config, record.project)
    if steps is None or steps[2].isdisjoint(record.values):
        return record
    return record.with_values(dict.fromkeys(steps[2]))


def _steps(config: Config, project: str) -> Steps | None:
    global _last
    last = _last
    if last is None or last[0] is not config:
        last = _last = (config, {})
    known = last[1]
    if project not in known:
        found = config.projects.get(project)
        known[project] = None if found is None else _steps_of(config, found)
    return known[project]


def _steps_of(config: Config, project: Project) -> Steps | None:
    from bluefs.core.fields import kind_of
    from bluefs.core.fields.base import Setting

    if not any(kind_of(field).computed for field in project.fields.values()):
        return None
    from bluefs.core.fields.derived import Derived, order_of

    fields = []
    for field in order_of(project).fields:
        kind = kind_of(field)
        assert isinstance(kind, Derived)
        fields.append((field, kind))
    keys = (k for k, field in project.fields.items() if isinstance(kind_of(field), Derived))
    return (Setting(config, project), tuple(fields), frozenset(keys)) if fields else None
