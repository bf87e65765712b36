"""The workspace as commands read it: settings, records and Problems of the files on disk.

A file that cannot be opened or read, or turned empty, counts as its last good state (handled, else HEAD,
else it is not listed). A committed record without an id has a derived one, shown like a
written one. It reads; it never writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bluefs.app.settings import load_last_good
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.config import Loaded, is_config
from bluefs.core.errors import Refused, Unreadable
from bluefs.core.identity import derived_id
from bluefs.core.layout import place
from bluefs.core.matching import finder
from bluefs.core.model import Config, Context, Project, Record
from bluefs.core.ports import Files, Git, State
from bluefs.core.problems import Problem


class Additions(Protocol):
    """What the Git adapter offers besides its port: ``added_by`` of every path at once."""

    def additions(self, commit: str) -> Mapping[str, str]: ...


@dataclass(slots=True)
class Snapshot:
    """Everything read at one moment. ``data`` are the bytes on disk of each record file,
    ``held`` the paths whose last good state stands in for them."""

    loaded: Loaded
    records: tuple[Record, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    unfiled: tuple[Record, ...] = ()  # documents with an id in a project's root
    paths: frozenset[str] = frozenset()  # every file seen
    folders: frozenset[str] = frozenset()

    @property
    def config(self) -> Config:
        return self.loaded.config

    def project(self, record: Record) -> Project:
        return self.config.projects.get(record.project) or Project(record.project, record.project)

    def by_id(self, name: str) -> Record | None:
        return next((r for r in self.records if r.id == name), None)

    def context(self, now: datetime, me: str | None) -> Context:
        """For queries: ``me`` is the handle at work."""
        zone = self.config.workspace.zone
        return Context(
            self.config, now.astimezone(zone), me=me, actor=me, find=finder(self.records)
        )

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of the settings and of every record's own file, by path and line."""
        found = [*self.loaded.problems, *(p for r in self.readings.values() for p in r.problems)]
        return tuple(sorted(found, key=lambda p: (p.path, p.line, p.column)))


class Library:
    """Reads a workspace. ``state`` None: nothing has been handled here yet. ``rules`` may be
    set to False by who only reads records, before the first reading."""

    def __init__(self, files: Files, git: Git, state: State | None = None) -> None:
        self.files, self.git, self.state = files, git, state
        self.rules = True
        self._head: Mapping[str, str] | None = None

    def settings(self) -> Loaded:
        """The settings alone. Raises Refused for a newer format."""
        return self._settings(self.files.scan(), self.files.folders())

    def snapshot(self, only: Callable[[str], bool] = lambda _: True) -> Snapshot:
        """The settings and every record whose path ``only`` admits."""
        scan = self.files.scan()
        folders = self.files.folders()
        loaded = self._settings(scan, folders)
        config = loaded.config
        wanted = [p for p in scan if place(p, config).kind in ("record", "document") and only(p)]
        hidden = self.git.ignored(wanted) if wanted else frozenset()
        data, closed = self._open(p for p in wanted if p not in hidden)
        readings = {p: read_record(p, d, config) for p, d in data.items()} | closed
        records, held = self._records(readings, config)
        return Snapshot(
            loaded,
            tuple(r for r in records if r.list is not None),
            readings,
            data,
            held,
            tuple(r for r in records if r.list is None and r.id is not None),
            frozenset(scan),
            folders,
        )

    def _open(self, paths: Iterable[str]) -> tuple[dict[str, bytes], dict[str, Reading]]:
        """The bytes of each file, and for those that cannot be opened why not."""
        data: dict[str, bytes] = {}
        closed: dict[str, Reading] = {}
        for path in paths:
            try:
                found = self.files.read(path)
            except Unreadable as error:
                closed[path] = _closed(path, str(error.fields.get("reason", "")))
            else:
                if found is not None:
                    data[path] = found
        return data, closed

    def _settings(self, scan: Iterable[str], folders: frozenset[str]) -> Loaded:
        files = {p: d for p in scan if is_config(p) and (d := self._read(p)) is not None}
        loaded = load_last_good(files, self._last_good, folders, rules=self.rules)
        if loaded.too_new is not None:
            raise Refused("errors.too_new", format=loaded.too_new)
        return loaded

    def _read(self, path: str) -> bytes | None:
        try:
            return self.files.read(path)
        except Unreadable:
            return None

    def _records(
        self, readings: Mapping[str, Reading], config: Config
    ) -> tuple[list[Record], frozenset[str]]:
        records: list[Record] = []
        held: set[str] = set()
        for path, reading in readings.items():
            record = reading.record
            if record is None or reading.empty:
                good = self._last_good(path)
                if good is not None and not is_blank(good):
                    held.add(path)
                    record = read_record(path, good, config).record
            if record is not None:
                records.append(record)
        return self._named(records), frozenset(held)

    def _named(self, records: list[Record]) -> list[Record]:
        """With derived ids for committed files that hold none."""
        bare = [r for r in records if r.id is None and r.list is not None]
        tree = self._tree() if bare else {}
        bare = [r for r in bare if r.path in tree]
        if not bare:
            return records
        head = self.git.head()
        additions = getattr(self.git, "additions", None)
        if head is None:
            return records
        added = (
            additions(head)
            if additions
            else {r.path: self.git.added_by(r.path, head) for r in bare}
        )
        names = {r.path: derived_id(c, r.path) for r in bare if (c := added.get(r.path))}
        return [replace(r, id=names[r.path]) if r.path in names else r for r in records]

    def _tree(self) -> Mapping[str, str]:
        if self._head is None:
            head = self.git.head()
            self._head = self.git.tree(head) if head is not None else {}
        return self._head

    def _last_good(self, path: str) -> bytes | None:
        row = self.state.get(path) if self.state is not None else None
        if row is not None and row.data:
            return row.data
        blob = self._tree().get(path)
        return self.git.blobs([blob])[blob] if blob is not None else None


def _closed(path: str, detail: str) -> Reading:
    from bluefs.core.checks.survey import problem
    from bluefs.core.codes.workspace import UNREADABLE

    return Reading(None, (problem(UNREADABLE, path, "unreadable", detail=detail),))


def is_blank(data: bytes) -> bool:
    """Whether a file has no text: it cannot have lost any."""
    return not data.removeprefix(b"\xef\xbb\xbf").strip()


def digest(data: bytes) -> str:
    """SHA-256 hex: what the journal and the handled states compare by."""
    return hashlib.sha256(data).hexdigest()
