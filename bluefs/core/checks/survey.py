"""What the checks look at: one workspace, read, as a value.

Owns `Survey` and how a Problem finds its place in a record's file. Refuses to read anything
from a disk; `app.checking` gathers what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from bluefs.core.codec.record import Reading
from bluefs.core.frozen import dataclass, field
from bluefs.core.layout import place, stem
from bluefs.core.model import Config, Project, Record
from bluefs.core.problems import Code, Fix, Problem, Severity
from bluefs.core.words import fill, has


@dataclass(frozen=True, slots=True)
class Survey:
    """``readings`` and ``data`` hold every record and document by path. ``names`` are ids that
    files have without holding them (derived ones). ``good`` are last good records of files
    that cannot be read now: others may refer to them. ``settled`` are the paths that Git holds:
    of two files with one id, such a path keeps it. ``unreadable`` could not be opened,
    ``links`` are symbolic links, which nobody follows. ``sound`` are further records in lists,
    path -> id, with which nothing is wrong that their own file or the settings can tell, and
    whose values no other record rests on (`codec.sure`): their ids are all different. ``broken`` are settings files
    that lost definitions."""

    config: Config = field(default_factory=Config)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, Record] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    now: datetime | None = None  # where somebody has a clock: filters may ask for dates
    sound: Mapping[str, str] = field(default_factory=dict)
    #: Puts into a record what its history says, where somebody can tell.
    dated: Callable[[Record], Record] | None = None
    broken: frozenset[str] = frozenset()

    def written(self) -> Iterator[Record]:
        """Every record as its file has it, by path; not those that are held or empty."""
        for path in sorted(self.readings):
            reading = self.readings[path]
            if reading.record is not None and not reading.empty:
                yield reading.record

    def filed(self) -> Iterator[Record]:
        """Those of them that are in a list."""
        return (record for record in self.written() if record.list is not None)

    def known(self) -> Iterator[Record]:
        """Every record that others may refer to: the written ones, else their last good
        states; by path."""
        here = {record.path: record for record in self.written()}
        for path in sorted({*here, *self.good, *self.sound}):
            yield here.get(path) or self.good.get(path) or self._sound(path)

    def _sound(self, path: str) -> Record:
        """As others see it: by its place, its id and its title, which is its file's name."""
        spot = place(path, self.config)
        return Record(path, spot.project or "", spot.list, self.sound[path], stem(path))

    def files(self) -> list[str]:
        """The files of all records in lists, by path."""
        read = (p for p in self.readings if place(p, self.config).kind == "record")
        return sorted([*read, *self.sound])

    def owners(self) -> set[tuple[str | None, str | None]]:
        """(project, id) of every record."""
        sound = {(place(path, self.config).project, id) for path, id in self.sound.items()}
        known = {(record.project, self.id_of(record)) for record in self.written()}
        return sound | known | {(r.project, self.id_of(r)) for r in self.good.values()}

    def id_of(self, record: Record) -> str | None:
        """Its written id, else the one derived for it."""
        return record.id or self.names.get(record.path)

    def project(self, record: Record) -> Project:
        return self.config.projects.get(record.project) or Project(record.project, record.project)


def problem(
    code: Code,
    path: str,
    key: str,
    place: tuple[int, int, int] = (1, 1, 1),
    /,
    *,
    fix: Fix | None = None,
    severity: Severity | None = None,
    **fields: object,
) -> Problem:
    """A Problem worded by ``checks.<key>``, with ``checks.<key>.hint`` where there is one.
    ``place`` is line, column and end."""
    name = f"checks.{key}"
    hint = fill(f"{name}.hint", fields) if has(f"{name}.hint") else None
    return Problem(code, path, *place, fill(name, fields), hint, fix, severity)
