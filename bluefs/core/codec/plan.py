"""What the keys of one project's records mean: its fields and their kinds, looked up
once and not for each record. Refuses to judge values.
"""

from __future__ import annotations

from collections.abc import Callable

from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import BUILTIN_KEYS, Config, FieldDef, Project, Value
from bluefs.core.nodes import Node

#: A key and its value; None for one that is not set.
Known = tuple[str, Value]
_Parse = Callable[[FieldDef, Node, Setting], "Value | Fault"]
_Notes = Callable[[FieldDef, Node, Setting], "list[Fault]"]
KeyReader = tuple[FieldDef, _Parse, _Notes | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """``fields`` has every key that means something, but for id and title, ``readers`` what
    reads its values: the kind's ``parse``, and its ``notes`` where it has any to make.
    ``known`` is what has been read before, by its text in the file, ``met`` how many texts of
    a key (under "": of all) have been (`codec.quick`)."""

    project: Project
    setting: Setting
    fields: dict[str, tuple[FieldDef, Kind]]
    readers: dict[str, KeyReader] = field(compare=False, repr=False)
    known: dict[str, Known] = field(default_factory=dict, compare=False, repr=False)
    met: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


def plan_of(config: Config, project: Project) -> Plan:
    """The plan of a project. Kept for the last few (config, project) pairs, told apart by
    identity: both are frozen."""
    for known_config, known_project, plan in _recent:
        if known_config is config and known_project is project:
            return plan
    plan = _make(config, project)
    _recent.insert(0, (config, project, plan))
    del _recent[_KEPT:]
    return plan


_KEPT = 16
_recent: list[tuple[Config, Project, Plan]] = []


def _make(config: Config, project: Project) -> Plan:
    from bluefs.core.fields import field_of, kind_of

    fields = {}
    for key in (*BUILTIN_KEYS, *project.fields):
        found = field_of(key, project)
        if found is not None and key not in ("id", "title"):
            fields[key] = (found, kind_of(found))
    readers: dict[str, KeyReader] = {
        key: (found, kind.parse, _notes(kind)) for key, (found, kind) in fields.items()
    }
    return Plan(project, Setting(config, project), fields, readers)


def _notes(kind: Kind) -> _Notes | None:
    """Most kinds have nothing to say about a value that they can read."""
    return None if type(kind).notes is Kind.notes else kind.notes
