"""Three-way merge of records: base, ours, theirs -> the record, and what was lost.

One function serves the sync between clones, people's own ``git merge``, lane two's
``three-way(previous commit, settled tree, this commit)`` and the writing of a rule's result
into a file that a person meanwhile edited further. Rules, for each key on its own:

    base   ours   theirs          result
    a      a      x               x                  a one-sided change wins
    a      x      x               x
    a      x      y               the preferred side's; the other is a *loser*
    sets: (O∩A∩B) ∪ (A−O) ∪ (B−O), in the preferred side's order, then the additions
    body: ``core.merge_body``     gone against edited: the edited record stays

A place (project, list, folder) is one key, ``list``. A file's name goes with the title that it
says. Values are compared by meaning, never as text.

Laws (tested): merge(b,x,x)=x; merge(b,b,x)=merge(b,x,b)=x; swapping sides and preference
changes nothing; every value that a side changed is in the result or among the losers. (Diff3 is
neither associative nor symmetric; nothing rests on that.)

This module refuses to choose among records (``core.identity`` pairs them) and to look at other
records: two merged paths may collide, which is the caller's to see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from bluefs.core.diff3 import Side
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.merge_body import merge_body, reread
from bluefs.core.model import Record, Value

T = TypeVar("T")

#: Sets whose members are equal after folding case and gaps (docs/format.md, "tags").
_FOLDED = frozenset({"tags", "assignees"})


@dataclass(frozen=True, slots=True)
class Loser:
    """A change that did not get into the result. ``value`` is what ``side`` had: a Value (None:
    it had cleared the key), the source of an undeclared key, the text of a hunk for ``body``,
    ``checklist`` and ``comments``, the list for ``list`` (a folder where the projects differ),
    the file's name for ``path``. Key ``deleted``: the side had taken the record out."""

    key: str
    value: object
    side: Side


@dataclass(frozen=True, slots=True)
class Merged:
    """``record`` None: it is gone on both sides, or gone on one and unchanged on the other."""

    record: Record | None
    losers: tuple[Loser, ...] = ()


def merge_record(
    base: Record | None, ours: Record | None, theirs: Record | None, prefer: Side
) -> Merged:
    """The merge of two states of a record. ``base`` None: both sides brought it, or one did.
    ``prefer`` is the shared side. Comments and items of a merged body are counted in lines of
    the preferred side's file."""
    if ours is None or theirs is None:
        return _merge_gone(base, ours, theirs)
    if base is not None and same_record(ours, base):
        return Merged(theirs)
    if base is not None and same_record(theirs, base):
        return Merged(ours)
    if same_record(ours, theirs):
        return Merged(ours if prefer == "ours" else theirs)
    return _Merge(base, ours, theirs, prefer).run()


def _merge_gone(base: Record | None, ours: Record | None, theirs: Record | None) -> Merged:
    left = ours if ours is not None else theirs
    if base is None or left is None:
        return Merged(left)
    if same_record(_unix(left), _unix(base)):
        return Merged(None)
    side: Side = "ours" if ours is None else "theirs"
    return Merged(left, (Loser("deleted", True, side),))


def same_record(one: Record, two: Record) -> bool:
    """Whether two states mean the same. The order of keys does not count, nor what only the
    list says (its ``done``)."""
    return (
        _place(one) == _place(two)
        and (one.path, one.id, one.title) == (two.path, two.id, two.title)
        and one.title_key == two.title_key
        and _cells(one) == _cells(two)
        and one.body == two.body
    )


def _unix(record: Record) -> Record:
    """A checkout that converted line endings is no edit to keep a deleted record for."""
    return replace(record, body=record.body.replace("\r\n", "\n"))


class _Cell(NamedTuple):
    """What a record says under one key. ``typed`` keeps true and 1 apart, which Python
    does not."""

    value: object
    typed: str
    bad: bool  # could not be read
    declared: bool  # False: an undeclared key's source text


_UNSET = _Cell(None, "NoneType", False, True)


def _cell(record: Record | None, key: str) -> _Cell:
    if record is None:
        return _UNSET
    if key in record.unknown:
        return _Cell(record.unknown[key], "source", key in record.bad, False)
    value = record.values.get(key)
    return _Cell(value, type(value).__name__, key in record.bad, True)


def _cells(record: Record) -> dict[str, _Cell]:
    cells = {key: _cell(record, key) for key in (*record.values, *record.unknown, *record.bad)}
    return {key: cell for key, cell in cells.items() if cell != _UNSET}


#: The base of what neither side had before: equal to nothing.
_NO_BASE = object()


class _Place(NamedTuple):
    project: str
    list: str | None
    folder: str


def _place(record: Record) -> _Place:
    return _Place(record.project, record.list, record.path.rpartition("/")[0])


@dataclass(slots=True)
class _Merge:
    """One merge under way: fills ``losers``."""

    base: Record | None
    ours: Record
    theirs: Record
    prefer: Side
    losers: list[Loser] = field(default_factory=list)

    def run(self) -> Merged:
        place = self._merge_place()
        title, title_key, name = self._merge_title()
        values, unknown, bad = self._merge_values()
        id = self._pick("id", *self._of(lambda r: r.id))
        record = replace(
            self._favourite,
            path=f"{place.folder}/{name}" if place.folder else name,
            project=place.project,
            list=place.list,
            list_done=self._list_done(place),
            id=id,
            title=title,
            title_key=title_key,
            values=values,
            unknown=unknown,
            bad=bad,
        )
        return Merged(self._with_body(record), tuple(self.losers))

    @property
    def _favourite(self) -> Record:
        return self.ours if self.prefer == "ours" else self.theirs

    @property
    def _other(self) -> Record:
        return self.theirs if self.prefer == "ours" else self.ours

    @property
    def _beaten(self) -> Side:
        return "theirs" if self.prefer == "ours" else "ours"

    def _of(self, get: Callable[[Record], T]) -> tuple[object, T, T]:
        base = get(self.base) if self.base is not None else _NO_BASE
        return base, get(self.ours), get(self.theirs)

    def _pick(self, key: str | None, base: object, ours: T, theirs: T, lost: object = ...) -> T:
        """A scalar's merge. ``lost`` is what to show of the other side's value; without a key
        a conflict loses nothing of its own."""
        if theirs in (ours, base):
            return ours
        if ours == base:
            return theirs
        kept, other = (ours, theirs) if self.prefer == "ours" else (theirs, ours)
        if key is not None:
            self.losers.append(Loser(key, other if lost is ... else lost, self._beaten))
        return kept

    def _merge_place(self) -> _Place:
        place, other = _place(self._favourite), _place(self._other)
        shown = other.list if place.project == other.project else other.folder
        return self._pick("list", *self._of(_place), lost=shown)

    def _list_done(self, place: _Place) -> bool:
        there = [r for r in (self.ours, self.theirs) if _place(r) == place]
        if len(there) == 1:
            return there[0].list_done
        return self._pick(None, *self._of(lambda r: r.list_done))

    def _merge_title(self) -> tuple[str, bool, str]:
        """(title, whether ``title:`` holds it, file name). A title without its key is the
        file's name, so the name comes from the side whose title stays."""
        title = self._pick("title", *self._of(lambda r: r.title))
        holders = [r for r in (self._favourite, self._other) if r.title == title]
        key = self._pick(None, *self._of(lambda r: r.title_key))
        if len(holders) == 1:
            key = holders[0].title_key
        named = [r for r in holders if not r.title_key]
        if key or len(named) != 1:
            return title, key, self._pick("path", *self._of(_name))
        self._lose_name(_name(named[0]))
        return title, False, _name(named[0])

    def _lose_name(self, kept: str) -> None:
        """The other side may have renamed a file whose ``title:`` lost: a change of its own."""
        was = _name(self.base) if self.base is not None else None
        for record in (self.ours, self.theirs):
            if record.title_key and _name(record) not in (kept, was):
                side: Side = "ours" if record is self.ours else "theirs"
                self.losers.append(Loser("path", _name(record), side))

    def _merge_values(
        self,
    ) -> tuple[dict[str, Value], dict[str, object], frozenset[str]]:
        values: dict[str, Value] = {}
        unknown: dict[str, object] = {}
        bad: set[str] = set()
        keys = {**_cells(self._favourite), **_cells(self._other)}
        for key in keys:
            cell = self._merge_cell(key)
            if cell.bad:
                bad.add(key)
            if cell.value is not None and cell.value != ():
                (values if cell.declared else unknown)[key] = cell.value  # type: ignore[assignment]
        return values, unknown, frozenset(bad)

    def _merge_cell(self, key: str) -> _Cell:
        base, ours, theirs = (_cell(r, key) for r in (self.base, self.ours, self.theirs))
        if ours not in (base, theirs) and theirs != base and _are_sets(base, ours, theirs):
            return self._merge_set(key, base, ours, theirs)
        return self._pick(key, base, ours, theirs, lost=_cell(self._other, key).value)

    def _merge_set(self, key: str, base: _Cell, ours: _Cell, theirs: _Cell) -> _Cell:
        o, a, b = (_members(key, cell) for cell in (base, ours, theirs))
        stay = {m for m in a.keys() | b.keys() if (m in a and m in b) or m not in o}
        first, second = (a, b) if self.prefer == "ours" else (b, a)
        merged = {m: name for m, name in (first | {**second, **first}).items() if m in stay}
        return _Cell(tuple(merged.values()), "tuple", False, True)

    def _with_body(self, record: Record) -> Record:
        base = self.base.body if self.base is not None else ""
        body, lost = merge_body(base, self.ours.body, self.theirs.body, self.prefer)
        self.losers += [Loser(part.key, part.lost.text, part.lost.side) for part in lost]
        for side in (self._favourite, self._other):
            if side.body == body:
                return replace(record, body=body, comments=side.comments, items=side.items)
        return reread(replace(record, body=body), self._favourite, self._other)


def _name(record: Record) -> str:
    return record.path.rpartition("/")[2]


def _are_sets(*cells: _Cell) -> bool:
    """Sets, or nothing, on every side."""
    return all(
        not c.bad and c.declared and (c.value is None or isinstance(c.value, tuple)) for c in cells
    ) and any(isinstance(c.value, tuple) for c in cells)


def _members(key: str, cell: _Cell) -> dict[str, str]:
    """Folded member -> member, in order."""
    members = cell.value if isinstance(cell.value, tuple) else ()
    return {(fold_tag(m) if key in _FOLDED else m): m for m in members}


# What a rule changed, and its writing into a file that went on


@dataclass(frozen=True, slots=True)
class Delta:
    """What turns one state into another. ``values``: key -> new value, None where it is
    cleared. ``unknown`` likewise for undeclared keys. ``title`` and ``body`` are None where
    they stay, ``list`` is (project, list) where the place changed."""

    values: Mapping[str, Value] = field(default_factory=dict)
    title: str | None = None
    list: tuple[str, str | None] | None = None
    body: str | None = None
    unknown: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self != Delta()


def delta(before: Record, after: Record) -> Delta:
    """The difference of two states, for showing and for trailers. Values are compared by
    meaning; a set whose order changed has changed."""
    keys = {**_cells(before), **_cells(after)}
    changed = [key for key in keys if _cell(before, key) != _cell(after, key)]
    declared = [k for k in changed if k not in before.unknown and k not in after.unknown]
    moved = (before.project, before.list) != (after.project, after.list)
    return Delta(
        values={key: after.values.get(key) for key in declared},
        title=after.title if after.title != before.title else None,
        list=(after.project, after.list) if moved else None,
        body=after.body if after.body != before.body else None,
        unknown={k: after.unknown.get(k) for k in changed if k not in declared},
    )


def rebase(delta_base: Record, disk: Record, target: Record) -> Record:
    """``target``, computed from ``delta_base``, written into what the file says by now: the
    change from base to target on top of ``disk``, whose own changes stand."""
    record = merge_record(delta_base, disk, target, prefer="ours").record
    assert record is not None  # neither side is gone
    return record
