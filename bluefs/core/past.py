"""Since when a record is there and when it last changed, by the commits of one line of history.

Owns the walk: from commit to commit, who is who is what `identity.pair` says (by id, then by path,
then by equal bytes, never by likeness), so a record that is moved or renamed stays itself, and one
that comes back under its id was there before. *Created* is the author date of the first commit that
has the record, *updated* that of the last one that changed its file, a move included. Commits are
given oldest first, each against its first parent: of a merge its own date counts.

What lies before the end of a shallow clone nobody knows: a record that was there by then has no
*created*, and no *updated* until a later commit changes it.

Pure: blobs come as the ids that they hold. `Walk.take` says of each commit which file is which, so
that whatever else rests on the history can look at both sides of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import TYPE_CHECKING, Any, NamedTuple
from bluefs.core.identity import Card, Pairing, pair, written_id
from bluefs.core.model import Config, Record
from bluefs.core.sums import blake2b
from bluefs.core.worked import whole

if TYPE_CHECKING:
    from bluefs.core.ports import Step

_FENCES = (b"---", b"\xef\xbb\xbf---")


class Life(NamedTuple):
    """Of the record in one file: the id that its file holds (None too where that is another's),
    and when it came and last changed, in seconds since the epoch; None: nobody knows."""

    id: str | None
    created: int | None
    updated: int | None


@dataclass(slots=True)
class Past:
    """All lives that the commit ``head`` has, by path, and by id since when those were there that
    it has no more."""

    head: str | None = None
    lives: Mapping[str, Life] = field(default_factory=dict)
    gone: Mapping[str, int | None] = field(default_factory=dict)
    _paths: Mapping[str, str] | None = None

    def of(self, id: str | None, path: str) -> Life | None:
        """Of the record of this id (None: it has none) in this file now; None while no commit has
        it. A file that says the same id or none is the record's own, wherever else its id is."""
        here = self.lives.get(path)
        if here is not None and (here.id is None or id is None or here.id == id):
            return here
        if self._paths is None:
            ids = ((life.id, where) for where, life in self.lives.items())
            self._paths = {name: where for name, where in ids if name is not None}
        known = self._paths.get(id) if id is not None else None
        return self.lives[known] if known is not None else None


class Walk:
    """Goes on from what was known, commit by commit."""

    def __init__(self, past: Past | None = None) -> None:
        known = past or Past()
        self._head = known.head
        self._lives = dict(known.lives)
        self._gone = dict(known.gone)
        self._holders: dict[str, set[str]] = {}
        for path, life in self._lives.items():
            if life.id is not None:
                self._holders.setdefault(life.id, set()).add(path)

    def past(self) -> Past:
        """What is known by now. By path, so that it is the same in every clone."""
        return Past(self._head, dict(sorted(self._lives.items())), dict(sorted(self._gone.items())))

    def take(self, step: Step, ids: Mapping[str, str | None]) -> Pairing:
        """Go on by one commit; ``ids`` says which id each blob that it brings holds. Gives who is
        who: what did not change is in it only where a file that did says the same id."""
        changed = {path: blobs for path, blobs in step.changes.items() if may_be_record(path)}
        before, after = self._sides(changed, ids)
        found = pair(before, after)
        lives = {path: self._take_out(path) for path in before}
        for old, new in found.pairs:
            if new is None:
                self._bury(lives[old or ""])
            elif old == new and old not in changed:
                self._put(new, lives[new])
            else:
                name = None if new in found.copies else after[new].id
                self._put(new, self._next(name, lives.get(old or ""), step))
        self._head = step.hex
        return found

    def _sides(
        self, changed: Mapping[str, tuple[str | None, str | None]], ids: Mapping[str, str | None]
    ) -> tuple[dict[str, Card], dict[str, Card]]:
        before = {
            path: Card(path, self._lives[path].id, old)
            for path, (old, _) in changed.items() if old is not None and path in self._lives
        }  # fmt: skip
        after = {
            path: Card(path, ids.get(new), new)
            for path, (_, new) in changed.items() if new is not None
        }  # fmt: skip
        for name in {card.id for card in after.values() if card.id is not None}:
            for path in self._holders.get(name, ()):
                if path not in changed:
                    before[path] = after[path] = Card(path, name, "")
        return before, after

    def _next(self, name: str | None, before: Life | None, step: Step) -> Life:
        at = None if step.cut else step.at
        created = at if before is None else before.created
        if before is not None and before.id != name:  # taken out; it may come back elsewhere
            self._bury(before)
        if name is not None and name in self._gone:
            created = _earlier(self._gone.pop(name), created, before is None)
        return Life(name, created, at)

    def _take_out(self, path: str) -> Life:
        life = self._lives.pop(path)
        if life.id is not None:
            self._holders[life.id].discard(path)
        return life

    def _put(self, path: str, life: Life) -> None:
        self._lives[path] = life
        if life.id is not None:
            self._holders.setdefault(life.id, set()).add(path)

    def _bury(self, life: Life) -> None:
        if life.id is not None:
            self._gone[life.id] = life.created


def _earlier(gone: int | None, now: int | None, new: bool) -> int | None:
    """When an id came that was there before: now it is a new file's, or one that was there, too."""
    return gone if new or gone is None or now is None else min(gone, now)


def fold(past: Past | None, steps: Iterable[Step], ids: Mapping[str, str | None]) -> Past:
    """What is known after these commits, of which the first follows on ``past`` (None: nothing
    comes before it)."""
    walk = Walk(past)
    for step in steps:
        walk.take(step, ids)
    return walk.past()


def may_be_record(path: str) -> bool:
    """Whether some settings could make it a record; what settings were once, nobody asks."""
    return path.endswith(".md") and not any(part[:1] in "._" for part in path.split("/"))


def id_in(data: bytes) -> str | None:
    """The id that a record's file holds in its front matter."""
    return written_id(data) if data.startswith(_FENCES) else None


def differing(one: Past, other: Past) -> tuple[set[str], set[str]]:
    """Paths and ids of which the two know something else: no other record's dates differ."""
    paths = {
        path for path in one.lives.keys() | other.lives.keys()
        if one.lives.get(path) != other.lives.get(path)
    }  # fmt: skip
    lives = (side.lives[path] for side in (one, other) for path in paths if path in side.lives)
    return paths, {life.id for life in lives if life.id is not None}


def dated(record: Record, past: Past, config: Config) -> Record:
    """The record with those of its dates that somebody asks for, and what is worked out of
    them."""
    project = config.projects.get(record.project)
    if project is None or not project.dated:
        return record
    life, zone = past.of(record.id, record.path), config.workspace.zone
    dates = {key: _moment(getattr(life, key, None), zone) for key in project.dated}
    return whole(record.with_values(dates), config)


def dated_as(record: Record, known: Record | None, config: Config) -> Record:
    """The record with the dates that the same one has elsewhere."""
    project = config.projects.get(record.project)
    if project is None or not project.dated:
        return record
    dates = {key: None if known is None else known.values.get(key) for key in project.dated}
    return whole(record.with_values(dates), config)


def undated(record: Record, config: Config) -> Record:
    """The record as its own file has it, without what its history says."""
    project = config.projects.get(record.project)
    if project is None or not project.dated:
        return record
    return whole(record.with_values(dict.fromkeys(project.dated)), config)


def _moment(seconds: int | None, zone: tzinfo) -> datetime | None:
    """None also for what no calendar has: a commit may claim any date."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return None


def pack(past: Past) -> str:
    """As text, with a sum that tells whether it is whole."""
    lives = past.lives
    columns = [[*map(list, zip(*lives.values(), strict=True))], list(lives), dict(past.gone)]
    text = json.dumps([past.head, *columns], separators=(",", ":"))
    return f"{_sum(text)} {text}"


def unpack(text: str | None) -> Past | None:
    """None for what `pack` has not made."""
    total, _, body = (text or "").partition(" ")
    if not body or total != _sum(body):
        return None
    try:
        head, columns, paths, gone = _loads(body)
        lives = {path: Life(*row) for path, *row in zip(paths, *columns, strict=True)}
        return Past(head, lives, gone)
    except (ValueError, TypeError):
        return None


def _loads(text: str) -> Any:
    return json.loads(text)


def _sum(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest().hex()


#: Of a branch without a commit.
NOTHING = Past(None, MappingProxyType({}), MappingProxyType({}))
