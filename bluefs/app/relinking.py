"""Which rows of the index rest on other records, and what becomes of them when these change.

Owns the promise that the rows of one moment are as a fresh reading of that moment would make
them: a change is made together with the rows that rest on it (`Relinker.follow`), found by the
names that the changed records had or have, never by going through all. What nobody has followed
yet (a first index, too many changes at once) is made whole before any answer is given
(`Relinker.everything`). Refuses to compute anything: `core.linking` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property

from bluefs.app.reading import rows_in
from bluefs.core.codec.pack import Spot, pack, unpack
from bluefs.core.errors import IndexLost
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.linking import Book, Linker, bare_name, names_of, targets
from bluefs.core.model import Config, Record
from bluefs.core.query.sql.cells import plain
from bluefs.core.seen import Entry, IndexChange, Renewed, Row

if TYPE_CHECKING:
    from bluefs.core.past import Past
    from bluefs.core.ports import IndexView

#: The note that says that all rows are as they should be, and what it then says: followed by
#: HEAD where they rest on the history, too.
NOTE, LINKED = "links", "1"
#: The note of what is known of the history (`core.past.pack`).
PAST = "past"
#: Names looked up one by one, before all records are.
_FEW = 20

Spots = Callable[[str], Spot]


def record_of(row: Row, spots: Spots) -> Record:
    """The record of a row; ``spots`` says what its folder makes of it. Raises IndexLost."""
    try:
        return unpack(row.packed, row.path, spots(row.path.rpartition("/")[0]))
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        raise IndexLost("index.lost", file=row.path) from error


def texts_for(record: Record) -> set[str]:
    """What the references that mean this record may say, as the index has it."""
    names = {plain(name) for name in names_of(record.path, record.title)}
    return names | {plain(record.id)} if record.id else names


class Meant:
    """Finds what references mean in a view, as it will be with the records of ``put`` and
    without what stands at the paths of ``gone``. ``date`` puts the dates of the history into a
    record; without it they are as the view has them."""

    def __init__(
        self,
        view: IndexView,
        spots: Spots,
        put: Iterable[Record] = (),
        gone: Collection[str] = frozenset(),
        date: Callable[[Record], Record] | None = None,
    ) -> None:
        self._view, self._spots, self._gone = view, spots, gone
        self._date = date
        self._put = [one for one in put if one.list is not None]
        self._ids: dict[str, list[Record]] = {}
        for one in self._put:
            self._ids.setdefault(one.id or "", []).append(one)
        self._asked = 0

    def refer(self, text: str, project: str) -> Record | None:
        """As ``Book.refer`` of all records."""
        found = [*self._here(self._view.by_id(text)), *(self._ids.get(text, ()) if text else ())]
        if found:
            first = min(found, key=lambda one: one.path)
            return first if first.project == project else None
        meant = self._named(text, project)
        return meant[0] if len(meant) == 1 else None

    def _here(self, rows: Iterable[Row]) -> Iterator[Record]:
        """Those in lists that are still there."""
        for row in rows:
            if row.path not in self._gone:
                record = record_of(row, self._spots)
                if record.list is not None:
                    yield record if self._date is None else self._date(record)

    def _named(self, text: str, project: str) -> list[Record]:
        from bluefs.core.query.sql.resting import named

        self._asked += 1
        query = named(text, project)
        paths = self._view.search(*query) if self._asked <= _FEW else None
        if paths is None:
            return self._book.named(text, project)
        wanted = bare_name(text)
        found = [*self._here(self._view.rows(paths)), *self._put]
        return [
            one for one in found
            if one.project == project and wanted in names_of(one.path, one.title)
        ]  # fmt: skip

    @cached_property
    def _book(self) -> Book:
        return Book([*self._here(self._view.rows()), *self._put])


class Relinker:
    """Makes the rows of ``view`` that rest on others, or on the history, again. ``spots`` says
    what a folder makes of its records, ``past`` since when they are there, where settings ask."""

    def __init__(
        self, view: IndexView, config: Config, spots: Spots, past: Past | None = None
    ) -> None:
        self._view, self._config, self._spots, self._past = view, config, spots, past

    def _date(self, record: Record) -> Record:
        if self._past is None:
            return record
        from bluefs.core.past import dated

        return dated(record, self._past, self._config)

    def follow(self, change: IndexChange) -> None:
        """Adds to a change of the view the rows that rest on what it changes; the records that
        it brings get their lookups."""
        brought = {e.known.path: e.row for e in change.put}
        gone = frozenset([*change.drop, *brought])
        old = {row.path: record_of(row, self._spots) for row in self._view.rows(gone)}
        new = {
            path: self._date(record_of(row, self._spots))
            for path, row in brought.items() if row is not None
        }  # fmt: skip
        meant = Meant(self._view, self._spots, new.values(), gone, self._date)
        linker = Linker(self._config, meant.refer)
        new = {path: linker.link(record) for path, record in new.items()}
        change.put = [self._entry(entry, new, linker) for entry in change.put]
        self._spread(self._told(old, new), set(gone), linker, change)

    def redate(self, known: Past, change: IndexChange) -> None:
        """Adds to a change of the view the rows whose dates are others than those that ``known``
        gave, and the rows that rest on them."""
        assert self._past is not None
        from bluefs.core.past import differing

        linker = Linker(self._config, Meant(self._view, self._spots, date=self._date).refer)
        paths, ids = differing(known, self._past)
        for name in ids:
            paths.update(row.path for row in self._view.by_id(name))
        texts = self._again(paths, linker, change)
        self._spread(texts, paths, linker, change)

    def _spread(self, texts: set[str], done: set[str], linker: Linker, change: IndexChange) -> None:
        """From what references say on to the rows that rest on these, and so forth."""
        while texts:
            paths = set(self._view.referring(texts)) - done
            done |= paths
            texts = self._again(paths, linker, change)

    def _again(self, paths: Collection[str], linker: Linker, change: IndexChange) -> set[str]:
        """Renews the rows of these paths; the texts of references to those that changed."""
        texts: set[str] = set()
        for row in self._view.rows(paths):
            before = record_of(row, self._spots)
            change.renew.append(self._renewed(self._date(before), linker))
            if linker.link(self._date(before)) != before:
                texts |= texts_for(before)
        return texts

    def everything(self) -> Iterator[Renewed]:
        """Every record that may rest on others or on the history, as it should be."""
        linker = Linker(self._config, Meant(self._view, self._spots, date=self._date).refer)
        for row in self._view.rows():
            record = record_of(row, self._spots)
            if self._rests(record):
                yield self._renewed(self._date(record), linker)

    def _rests(self, record: Record) -> bool:
        """Whether its row may rest on more than its file."""
        project = self._config.projects.get(record.project)
        return project is not None and bool(project.references or project.lookups or project.dated)

    def _told(self, old: Mapping[str, Record], new: Mapping[str, Record]) -> set[str]:
        """The texts of references that may mean something else now, or what says something
        else."""
        asked = targets(self._config)
        found: set[str] = set()
        for path in {*old, *new}:
            sides = old.get(path), new.get(path)
            if sides[0] != sides[1]:
                for one in filter(None, sides):
                    if one.project in asked or one.project not in self._config.projects:
                        found |= texts_for(one)
                    elif one.id:  # of two records with one id, the other may be meant
                        found.add(plain(one.id))
        return found

    def _entry(self, entry: Entry, new: Mapping[str, Record], linker: Linker) -> Entry:
        record = new.get(entry.known.path)
        if record is None or not self._rests(record):
            return entry
        return Entry(entry.known, *self._renewed(record, linker))

    def _renewed(self, record: Record, linker: Linker) -> Renewed:
        now = linker.link(record)
        rows = rows_in(now, self._config, linker.refer)
        return Renewed(Row(now.path, now.id, pack(now)), rows)
