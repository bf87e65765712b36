"""What a snapshot is made of, and its two origins: everything read just now, or the index.

Owns the promise that both give the same records, readings and bytes. ``Read`` holds them all;
``Indexed`` fetches what is asked for, from one moment of the index. Bytes are not in the index:
they are read when asked for, and are refused where they are no longer those the record came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bluefs.app.goods import Goods, is_blank
from bluefs.app.indexing import Scopes
from bluefs.app.reading import BARE, EMPTY, HELD, HIDDEN, LOST, PROBLEMS
from bluefs.core.codec.pack import unpack
from bluefs.core.errors import Changed, IndexLost, Unreadable
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.hints import TYPE_CHECKING, Protocol
from bluefs.core.layout import place
from bluefs.core.matching import fold, loose
from bluefs.core.model import Config, Context, Record
from bluefs.core.seen import Row

if TYPE_CHECKING:
    from bluefs.core.codec.record import Reading
    from bluefs.core.linking import Refer
    from bluefs.core.ports import Files, Git, IndexView
    from bluefs.core.query import Query


#: Marks of the files of which more is to be told than their record.
_TOLD = PROBLEMS | EMPTY | LOST | BARE


class Parts(Protocol):
    """The records, documents with an id too, by path; what was read of each file, and its
    bytes; the paths whose last good state stands in; path -> blob id of what was read."""

    @property
    def everything(self) -> tuple[Record, ...]: ...
    @property
    def readings(self) -> Mapping[str, Reading]: ...
    @property
    def data(self) -> Mapping[str, bytes]: ...
    @property
    def held(self) -> frozenset[str]: ...
    @property
    def blobs(self) -> Mapping[str, str]: ...
    @property
    def ids(self) -> Sequence[str]: ...
    def around(self, ids: Iterable[str]) -> Sequence[str]:
        """These ids and, of all others, at least those just before and after each."""

    def by_id(self, name: str) -> Record | None:
        """The first record by path (no document) of this id."""

    def likely(self, text: str, paths: Iterable[str]) -> Sequence[Record]:
        """By path: at least every record or document at one of these paths, whose id begins
        with the text, or whose title may be meant by it (`app.refs`)."""

    @property
    def waiting(self) -> Sequence[Record]:
        """By path: at least the records that name what they wait for."""

    def resolver(self) -> Refer:
        """What finds the record that a text means in a field that refers to others."""

    def referring(self, record: Record) -> Sequence[Record]:
        """By path: at least the records that refer to this one."""

    def reading(self, path: str) -> Reading | None:
        """What the file of a record or document says."""

    def select(self, query: Query, context: Context, project: str | None) -> Sequence[Record]:
        """The records that answer the query, of one project only (its key), in order."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Read:
    """Parts that are all there."""

    everything: tuple[Record, ...] = ()
    readings: Mapping[str, Reading] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    blobs: Mapping[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> Sequence[str]:
        return [r.id for r in self.everything if r.id is not None]

    def around(self, ids: Iterable[str]) -> Sequence[str]:
        return self.ids

    def by_id(self, name: str) -> Record | None:
        return next((r for r in filed(self.everything) if r.id == name), None)

    def likely(self, text: str, paths: Iterable[str]) -> Sequence[Record]:
        return self.everything

    @property
    def waiting(self) -> Sequence[Record]:
        return tuple(filed(self.everything))

    def resolver(self) -> Refer:
        from bluefs.core.linking import Book

        return Book(self.everything).refer

    def referring(self, record: Record) -> Sequence[Record]:
        return tuple(filed(self.everything))

    def reading(self, path: str) -> Reading | None:
        return self.readings.get(path)

    def select(self, query: Query, context: Context, project: str | None) -> Sequence[Record]:
        return select(self.everything, query, context, project)

    def close(self) -> None:
        pass


def filed(records: Iterable[Record]) -> Iterator[Record]:
    """Those in lists."""
    return (record for record in records if record.list is not None)


def select(
    records: Iterable[Record], query: Query, context: Context, project: str | None
) -> Sequence[Record]:
    """Asked in memory."""
    wanted = (r for r in filed(records) if project is None or r.project == project)
    return query.select(wanted, context)


def read_all(files: Files, git: Git, goods: Goods, paths: Iterable[str], config: Config) -> Read:
    """Every record and document among these paths, read now."""
    from bluefs.core.codec.record import read_whole

    wanted = sorted(p for p in paths if place(p, config).kind in ("record", "document"))
    hidden = git.ignored(wanted) if wanted else frozenset()
    data, closed = _open(files, (p for p in wanted if p not in hidden))
    readings = {p: read_whole(p, d, config) for p, d in data.items()} | closed
    records: list[Record] = []
    held: set[str] = set()
    lost = (p for p, reading in readings.items() if reading.record is None or reading.empty)
    last = dict(goods.last_goods(lost))
    for path in sorted(readings):
        record, is_held = _in_force(path, readings[path], last.get(path), config)
        if is_held:
            held.add(path)
        if record is not None:
            records.append(record)
    names = goods.derived(r.path for r in records if r.id is None and r.list is not None)
    named = (replace(r, id=names[r.path]) if r.path in names else r for r in records)
    blobs = {p: git.hash_blob(d) for p, d in data.items()}
    whole = _linked(_dated(named, goods, config), config)
    return Read(whole, readings, data, frozenset(held), blobs)


def _dated(records: Iterable[Record], goods: Goods, config: Config) -> Iterable[Record]:
    if not config.asks_history:
        return records
    from bluefs.core.past import dated

    past = goods.past()
    return [dated(record, past, config) for record in records]


def _linked(records: Iterable[Record], config: Config) -> tuple[Record, ...]:
    if not any(project.references for project in config.projects.values()):
        return tuple(records)
    from bluefs.core.linking import linked

    return linked(records, config)


def _open(files: Files, paths: Iterable[str]) -> tuple[dict[str, bytes], dict[str, Reading]]:
    """The bytes of each file, and for those that cannot be opened why not."""
    data: dict[str, bytes] = {}
    closed: dict[str, Reading] = {}
    for path in paths:
        try:
            found = files.read(path)
        except Unreadable as error:
            closed[path] = closed_reading(path, error)
        else:
            if found is not None:
                data[path] = found
    return data, closed


def _in_force(
    path: str, reading: Reading, good: bytes | None, config: Config
) -> tuple[Record | None, bool]:
    """The record that counts, and whether it is the last good state."""
    from bluefs.core.codec.record import read_whole

    if (reading.record is None or reading.empty) and good is not None and not is_blank(good):
        return read_whole(path, good, config).record, True
    return reading.record, False


def closed_reading(path: str, error: Unreadable) -> Reading:
    """Of a file that cannot be opened."""
    from bluefs.core.checks.survey import problem
    from bluefs.core.codec.record import Reading
    from bluefs.core.codes.workspace import UNREADABLE

    detail = str(error.fields.get("reason", ""))
    return Reading(None, (problem(UNREADABLE, path, "unreadable", detail=detail),))


class Indexed:
    """Parts out of one view of the index, which it closes when it is done with."""

    def __init__(self, view: IndexView, files: Files, git: Git, config: Config) -> None:
        self.view = view
        self._files, self._git, self._config = files, git, config
        self._scopes = Scopes(config)

    def close(self) -> None:
        self.view.close()

    @cached_property
    def everything(self) -> tuple[Record, ...]:
        return tuple(map(self.record, self.view.rows()))

    def record(self, row: Row) -> Record:
        spot = self._scopes.spot(row.path.rpartition("/")[0])
        try:
            return unpack(row.packed, row.path, spot)
        except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
            raise IndexLost("index.lost", file=row.path) from error

    def resolver(self) -> Refer:
        from bluefs.app.relinking import Meant

        return Meant(self.view, self._scopes.spot).refer

    def referring(self, record: Record) -> Sequence[Record]:
        from bluefs.app.relinking import texts_for

        return tuple(filed(self._at(self.view.referring(texts_for(record)))))

    def _own(self, record: Record) -> Record:
        """As its file has it, without what it shows of others and what its history says."""
        project = self._config.projects.get(record.project)
        if project is None:
            return record
        if project.dated:
            from bluefs.core.past import undated

            record = undated(record, self._config)
        if not project.lookups:
            return record
        return record.with_values(dict.fromkeys(project.lookups))

    @property
    def ids(self) -> Sequence[str]:
        return self.view.ids()

    def around(self, ids: Iterable[str]) -> Sequence[str]:
        return self.view.around(ids)

    def by_id(self, name: str) -> Record | None:
        return next(filed(map(self.record, self.view.by_id(name))), None)

    def likely(self, text: str, paths: Iterable[str]) -> Sequence[Record]:
        word = max(loose(text).split(), key=len, default="")
        if not (word.isascii() and word.isalnum()):
            return self.everything
        found = {*paths, *self.view.beginning(text.lower()), *self.view.documents()}
        found.update(p for p, title in self.view.titled(word) if _may_mean(text, title))
        return self._at(found)

    @property
    def waiting(self) -> Sequence[Record]:
        return tuple(filed(self._at(self.view.waiting())))

    def _at(self, paths: Iterable[str]) -> Sequence[Record]:
        return tuple(map(self.record, self.view.rows(paths)))

    def reading(self, path: str) -> Reading | None:
        """Problems are not in the index, since they are words: such a file is read again."""
        from bluefs.core.codec.record import Reading

        known = next((k for k in self.view.marked(_TOLD) if k.path == path), None)
        record = next(iter(self._at([path])), None)
        if known is None:
            return Reading(self._own(record)) if record is not None else None
        if known.marks & HIDDEN:
            return None
        if known.marks & (PROBLEMS | EMPTY | LOST):
            return self._read_again(path)
        return Reading(self._own(replace(record, id=None))) if record is not None else None

    def select(self, query: Query, context: Context, project: str | None) -> Sequence[Record]:
        from bluefs.core.query.sql.compiling import compile_sql

        compiled = compile_sql(query, context, project=project)
        paths = self.view.search(compiled.sql, compiled.parameters) if compiled else None
        if paths is None:
            return select(self.everything, query, context, project)
        found = {row.path: self.record(row) for row in self.view.rows(paths)}
        return [found[path] for path in paths]

    @cached_property
    def held(self) -> frozenset[str]:
        return frozenset(known.path for known in self.view.marked(HELD))

    @cached_property
    def blobs(self) -> Mapping[str, str]:
        return self.view.blobs()

    @cached_property
    def data(self) -> Mapping[str, bytes]:
        return Contents(Blobs(self.view), self._files, self._git.hash_blob)

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """As ``reading``."""
        from bluefs.core.codec.record import Reading

        marked = {known.path: known for known in self.view.marked(_TOLD)}
        found: dict[str, Reading] = {}
        for record in self.everything:
            known = marked.get(record.path)
            if known is None:
                found[record.path] = Reading(self._own(record))
            elif not known.marks & (PROBLEMS | EMPTY | LOST):
                found[record.path] = Reading(self._own(replace(record, id=None)))
        for path, known in marked.items():
            if path not in found and not known.marks & HIDDEN:
                reading = self._read_again(path)
                if reading is not None:
                    found[path] = reading
        return {path: found[path] for path in sorted(found)}

    def _read_again(self, path: str) -> Reading | None:
        from bluefs.core.codec.record import read_whole

        if path in self.blobs:
            return read_whole(path, self.data[path], self._config)
        try:
            data = self._files.read(path)
        except Unreadable as error:
            return closed_reading(path, error)
        return None if data is None else read_whole(path, data, self._config)


def _may_mean(text: str, title: str) -> bool:
    """Whether somebody who typed ``text`` may mean this title. One that is not printable may be
    told otherwise by the index than it is: then it may."""
    return not title.isprintable() or loose(text) in loose(title) or fold(text) == fold(title)


class Blobs(Mapping[str, str]):
    """path -> blob of a view, one by one for who asks for few."""

    def __init__(self, view: IndexView) -> None:
        self._view = view

    @cached_property
    def _all(self) -> Mapping[str, str]:
        return self._view.blobs()

    def __getitem__(self, path: str) -> str:
        found = self._view.blob(path)
        if found is None:
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class Contents(Mapping[str, bytes]):
    """The bytes of files, read when asked for. Raises Changed for a file that is not the one
    that was read."""

    def __init__(
        self, blobs: Mapping[str, str], files: Files, hash_blob: Callable[[bytes], str]
    ) -> None:
        self._blobs, self._files, self._hash = blobs, files, hash_blob
        self._kept: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        blob = self._blobs[path]
        if path not in self._kept:
            try:
                data = self._files.read(path)
            except Unreadable:
                data = None
            if data is None or self._hash(data) != blob:
                key = "errors.changed.gone" if data is None else "errors.changed.bytes"
                raise Changed(key, path=path)
            self._kept[path] = data
        return self._kept[path]

    def __contains__(self, path: object) -> bool:
        return path in self._blobs

    def __iter__(self) -> Iterator[str]:
        return iter(self._blobs)

    def __len__(self) -> int:
        return len(self._blobs)
