"""The workspace as commands read it: settings, records and Problems of the files on disk.

A file that cannot be opened or read, or turned empty, counts as its last good state (handled, else
HEAD, else it is not listed). A committed record without an id has a derived one, shown like a
written one. It reads; it writes nothing but the index, which spares reading what has not changed
and is done without where it cannot be had. Refuses to answer from an index that does not agree
with the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from bluefs.app.goods import Goods, is_blank
from bluefs.core.config import Loaded, is_config
from bluefs.core.errors import IndexLost, Unreadable
from bluefs.core.hints import TYPE_CHECKING, TypeVar
from bluefs.core.matching import finder, nfc
from bluefs.core.model import Config, Context, FieldDef, Project, Record
from bluefs.core.short import Short

if TYPE_CHECKING:
    from bluefs.app.indexing import Progress
    from bluefs.app.parts import Parts
    from bluefs.core.codec.record import Reading
    from bluefs.core.linking import Refer
    from bluefs.core.ports import Crew, Files, Git, Index, State
    from bluefs.core.problems import Problem
    from bluefs.core.query import Query
    from bluefs.core.seen import Listing

T = TypeVar("T")

__all__ = ["Library", "Snapshot", "digest", "is_blank"]


class Snapshot:
    """Everything read at one moment; what it holds is fetched when asked for."""

    def __init__(
        self,
        loaded: Loaded,
        records: tuple[Record, ...] = (),
        readings: Mapping[str, Reading] | None = None,
        data: Mapping[str, bytes] | None = None,
        *,
        parts: Parts | None = None,
        spare: Callable[[], Parts] | None = None,
        paths: Iterable[str] = (),
        folders: frozenset[str] = frozenset(),
    ) -> None:
        from bluefs.app.parts import Read

        self.loaded = loaded
        self._spare = spare or Read
        self._parts: Parts = parts or Read(records, readings or {}, data or {})
        self._paths = paths
        self.folders = folders
        self._resolved: tuple[Parts, Refer] | None = None
        self._referred: dict[tuple[str, str], Record | None] = {}

    @property
    def config(self) -> Config:
        return self.loaded.config

    def _ask(self, what: Callable[[Parts], T]) -> T:
        """What the parts say; should they turn out to be lost, what the files say."""
        try:
            return what(self._parts)
        except IndexLost:
            self._parts.close()
            self._parts = self._spare()
            return what(self._parts)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """By path."""
        return tuple(r for r in self._ask(lambda p: p.everything) if r.list is not None)

    @cached_property
    def unfiled(self) -> tuple[Record, ...]:
        """Documents with an id in a project's root."""
        everything = self._ask(lambda p: p.everything)
        return tuple(r for r in everything if r.list is None and r.id is not None)

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every file seen."""
        return frozenset(self._paths)

    @property
    def readings(self) -> Mapping[str, Reading]:
        """path -> what each record's or document's own file says."""
        return self._ask(lambda p: p.readings)

    @property
    def data(self) -> Mapping[str, bytes]:
        """path -> the bytes on disk of each record file that can be opened. Asking for one
        that has changed since the snapshot may raise Changed."""
        return self._ask(lambda p: p.data)

    @property
    def blobs(self) -> Mapping[str, str]:
        """path -> the blob id of these bytes."""
        return self._ask(lambda p: p.blobs)

    @property
    def held(self) -> frozenset[str]:
        """Paths whose last good state stands in for them."""
        return self._ask(lambda p: p.held)

    @cached_property
    def ids(self) -> Sequence[str]:
        """Of all records and documents, in no order."""
        return self._ask(lambda p: p.ids)

    def likely(self, text: str, paths: Iterable[str]) -> list[Record]:
        """Of the records and then the documents with an id, at least those whose path is one of
        ``paths`` (NFC), whose id begins with the text, or whose title the text may mean."""
        wanted = set(paths)
        there = [path for path in self.paths if nfc(path) in wanted]
        found = self._ask(lambda p: p.likely(text, there))
        unfiled = (r for r in found if r.list is None and r.id is not None)
        return [*(r for r in found if r.list is not None), *unfiled]

    @cached_property
    def waiting(self) -> Sequence[Record]:
        """At least the records that wait for others, by path."""
        return self._ask(lambda p: p.waiting)

    def reading(self, path: str) -> Reading | None:
        """What the file of a record or document says."""
        return self._ask(lambda p: p.reading(path))

    def short(self, records: Iterable[Record]) -> Short:
        """Shortens the ids of these records, as they are told from all others."""
        ids = [r.id for r in records if r.id is not None]
        return Short(self._ask(lambda p: p.around(ids)))

    def by_id(self, name: str) -> Record | None:
        return self._ask(lambda p: p.by_id(name))

    def select(
        self, query: Query, now: datetime, me: str | None, project: str | None = None
    ) -> Sequence[Record]:
        """The records that answer the query, in its order, of one project only (its key).
        ``me`` is the handle at work. Nothing else is loaded."""
        context = self.context(now, me)
        return self._ask(lambda p: p.select(query, context, project))

    def close(self) -> None:
        """Let go of the index. What has not been asked for yet cannot be had any more."""
        self._parts.close()

    def project(self, record: Record) -> Project:
        return self.config.projects.get(record.project) or Project(record.project, record.project)

    def context(self, now: datetime, me: str | None) -> Context:
        """For queries: ``me`` is the handle at work."""
        moment = now.astimezone(self.config.workspace.zone)
        return Context(
            self.config, moment, me=me, actor=me, find=self.find, refer=self.refer
        )  # fmt: skip

    def refer(self, text: str, project: str) -> Record | None:
        """The record that a text means in a field that refers to records of the project (its
        key)."""
        key = text, project
        if key not in self._referred:
            self._referred[key] = self._ask(lambda p: self._resolver(p)(text, project))
        return self._referred[key]

    def _resolver(self, parts: Parts) -> Refer:
        known = self._resolved
        if known is None or known[0] is not parts:
            known = self._resolved = parts, parts.resolver()
        return known[1]

    def referring(self, record: Record) -> Iterator[tuple[Record, FieldDef]]:
        """The records that refer to this one, each with the field that does, by project and
        title."""
        if not any(record.project in p.references.values() for p in self.config.projects.values()):
            return
        from bluefs.core.linking import texts_of

        for other in self._ask(lambda p: p.referring(record)):
            project = self.project(other)
            for key, target in project.references.items():
                named = (self.refer(text, target) for text in texts_of(other, key))
                if any(one is not None and one.path == record.path for one in named):
                    yield other, project.fields[key]

    def find(self, text: str) -> Record | None:
        """The record that an entry of ``blocked_by`` means (`core.matching.finder`). Loads
        every record when it is first asked for what is no id."""
        known = None if "records" in self.__dict__ else self.by_id(text)
        return known or self._finder(text)

    @cached_property
    def _finder(self) -> Callable[[str], Record | None]:
        return finder(self.records)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of the settings and of every record's own file, by path and line."""
        found = [*self.loaded.problems, *(p for r in self.readings.values() for p in r.problems)]
        return tuple(sorted(found, key=lambda p: (p.path, p.line, p.column)))


class Library:
    """Reads a workspace. ``state`` None: nothing has been handled here yet; ``index`` None:
    every file is read each time. ``progress`` hears how many files of how many were read,
    ``crew`` shares their reading out.
    ``rules`` may be set to False by who only reads records, before the first reading."""

    def __init__(
        self,
        files: Files,
        git: Git,
        state: State | None = None,
        index: Index | None = None,
        progress: Progress = lambda done, total: None,
        crew: Crew = map,
    ) -> None:
        self.files, self.git, self.state, self.index = files, git, state, index
        self._crew = crew
        self._progress = progress
        self.rules = True

    def settings(self) -> Loaded:
        """The settings alone. Raises Refused for a newer format."""
        return self._settings(self.files.survey(), Goods(self.git, self.state))

    def snapshot(self) -> Snapshot:
        """The settings and the records. Raises Refused for a newer format."""
        survey = self.files.survey()
        goods = Goods(self.git, self.state)
        loaded = self._settings(survey, goods)
        folders = frozenset(folder for folder in survey if folder)
        paths = _paths(survey)

        def read() -> Parts:
            from bluefs.app.parts import read_all

            return read_all(self.files, self.git, goods, _paths(survey), loaded.config)

        parts = self._indexed(survey, goods, loaded.config) or read()
        return Snapshot(loaded, parts=parts, spare=read, paths=paths, folders=folders)

    def refresh(self) -> None:
        """Bring the index up, for those who ask next. Raises Refused, Unreadable, Blocked."""
        survey = self.files.survey()
        goods = Goods(self.git, self.state)
        parts = self._indexed(survey, goods, self._settings(survey, goods).config)
        if parts is not None:
            parts.close()

    def _indexed(self, survey: Mapping[str, Listing], goods: Goods, config: Config) -> Parts | None:
        if self.index is None:
            return None
        from bluefs.app.indexing import Indexer

        indexer = Indexer(
            self.files, self.git, goods, self.index, survey, config, self._progress, self._crew
        )
        try:
            view = indexer.bring_up()
        finally:
            self.index.close()
        from bluefs.app.parts import Indexed

        return None if view is None else Indexed(view, self.files, self.git, config)

    def _settings(self, survey: Mapping[str, Listing], goods: Goods) -> Loaded:
        from bluefs.app.keeping import Keeping

        paths = _config_paths(survey)
        files = {p: d for p in sorted(paths) if (d := self._read(p)) is not None}
        folders = frozenset(folder for folder in survey if folder)
        return Keeping(self.index, files, folders, goods, rules=self.rules).loaded()

    def _read(self, path: str) -> bytes | None:
        try:
            return self.files.read(path)
        except Unreadable:
            return None


#: Names of settings files outside of template folders.
_SETTINGS = frozenset({"bluefs.yaml", "project.yaml", "automations.yaml"})


def _config_paths(survey: Mapping[str, Listing]) -> Iterable[str]:
    """Of `is_config`, without asking it about every record."""
    for folder, listing in survey.items():
        if "_templates" in folder or not _SETTINGS.isdisjoint(listing.names):
            yield from filter(is_config, _paths({folder: listing}))
        elif not folder:
            yield from filter(is_config, listing.names)


def _paths(survey: Mapping[str, Listing]) -> Iterable[str]:
    for folder, listing in survey.items():
        prefix = f"{folder}/" if folder else ""
        for name in listing.names:
            yield prefix + name


def digest(data: bytes) -> str:
    """SHA-256 hex: what the journal and the handled states compare by."""
    from hashlib import sha256

    return sha256(data).hexdigest()
