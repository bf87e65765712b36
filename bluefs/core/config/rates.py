"""Files of exchange rates among the settings: which one a project means, and its Problems.

A file is read once, and only if a field asks for it: another table of that name is nobody's
business. Fields whose value rests on all settings together are completed here.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codec.text import YAML_LIMIT, Decoded, Lines, decode
from bluefs.core.codes import values as codes
from bluefs.core.config.reader import Reader
from bluefs.core.fields import kind_of
from bluefs.core.fields.derived import Derived, Lookup, order_of
from bluefs.core.frozen import replace
from bluefs.core.layout import RATES
from bluefs.core.matching import nfc
from bluefs.core.model import Project
from bluefs.core.rates import Rates, parse_rates
from bluefs.core.words import has, say


class RateFiles:
    """``files`` are all settings by path; ``readers`` gets one for each file that was read."""

    def __init__(self, files: Mapping[str, bytes], readers: dict[str, Reader]) -> None:
        self._files = {nfc(path): path for path in files if path.endswith(RATES)}
        self._data = files
        self._readers = readers
        self._read: dict[str, Rates] = {}

    def of_project(self, key: str) -> Lookup:
        """What a field of the project means by a name: a file in the project's folder, else in
        the workspace's."""

        def lookup(name: str) -> tuple[str, Rates] | None:
            for wanted in (f"{key}/{name}" if key else name, name):
                path = self._files.get(wanted)
                if path is not None:
                    return path, self._rates(path)
            return None

        return lookup

    def _rates(self, path: str) -> Rates:
        known = self._read.get(path)
        if known is None:
            known = self._read[path] = self._parse(path)
        return known

    def _parse(self, path: str) -> Rates:
        decoded = decode(self._data[path], YAML_LIMIT)
        if not isinstance(decoded, Decoded):
            self._readers[path] = Reader(path, problems=[decoded.at(path)], lost=True)
            return Rates(broken=True)
        lines = tuple(Lines(decoded.text).all())
        reader = self._readers[path] = Reader(path, lines)
        found = parse_rates(lines)
        for one in found.faults:
            hint = f"{one.key}.hint"
            reader.report_at(
                codes.RATES_LINE, one.line, one.column, one.end, say(one.key, **one.fields),
                say(hint, **one.fields) if has(hint) else None,
            )  # fmt: skip
        reader.lost |= found.broken
        return found


def with_derived(project: Project, files: RateFiles) -> Project:
    """The project with what only all settings together can say of its derived fields."""
    if not any(kind_of(field).computed for field in project.fields.values()):
        return project
    lookup = files.of_project(project.key)
    for field in order_of(project).fields:
        kind = kind_of(field)
        assert isinstance(kind, Derived)
        more = kind.completed(field, project, lookup)
        if more:
            whole = replace(field, options={**field.options, **more})
            project = replace(project, fields={**project.fields, field.key: whole})
    return project
