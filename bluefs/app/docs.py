"""Files of records as the history has them, and which of two states is which.

Owns what a file at one moment says, whether it says so readably, and pairing by files. Refuses
to walk the history: ``shared`` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from bluefs.app.titles import Titles
from bluefs.core.frozen import dataclass, replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.identity import Card, Pairing, pair, paired, written_id
from bluefs.core.layout import place
from bluefs.core.model import Config, Record

if TYPE_CHECKING:
    from bluefs.core.ports import Git

#: More missing ids than this at once are left to ``check --fix``.
MANY_IDS = 20


@dataclass(frozen=True, slots=True)
class Doc:
    """A record's file at one moment; ``record`` None where it cannot be read. ``written`` is
    the id its text holds, which is not the record's own where the file is a copy."""

    path: str
    data: bytes
    record: Record | None
    written: str | None = None

    @property
    def usable(self) -> bool:
        """Whether its text says what it is: an empty file only does so where it is new."""
        return self.record is not None and bool(self.data.strip())


class BlobIds:
    """The ids written in blobs, each read once: whether an id stands in a file nobody touched
    is asked for every new record. (Where ``written_id`` does not find one, the copy of such a
    file counts as a record of its own from the start, as it would soon.)"""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._ids: dict[str, str | None] = {}
        self.titles = Titles()

    def standing(self, names: Collection[str], tree: Mapping[str, str]) -> frozenset[str]:
        """Those of the ids that stand in records of this tree (path -> blob)."""
        if not names:
            return frozenset()
        blobs = self._read(tree)
        return frozenset(names) & {name for b in blobs if (name := self._ids.get(b))}

    def path(self, name: str, tree: Mapping[str, str]) -> str | None:
        """Where the record of this written id stands, of two files with one id the first."""
        self._read(tree)
        return min((p for p, b in tree.items() if self._ids.get(b) == name), default=None)

    def _read(self, tree: Mapping[str, str]) -> set[str]:
        """The blobs of the tree's records, all of them known now."""
        blobs = {b for p, b in tree.items() if p.endswith(".md")}
        for blob, data in self._git.blobs(blobs - self._ids.keys()).items():
            self._ids[blob] = written_id(data)
        return blobs


def id_of(doc: Doc) -> str | None:
    return doc.record.id if doc.record is not None else None


def is_held(doc: Doc, known: bool) -> bool:
    """A file nobody can read is held; an empty one where it held something before."""
    return doc.record is None or (known and not doc.usable)


def is_record(path: str, config: Config) -> bool:
    return place(path, config).kind in ("record", "document")


def free_path(path: str, taken: Iterable[str]) -> str:
    """``path``, or the same with " 2", " 3" ... before its suffix."""
    known = set(taken)
    stem, n = path.removesuffix(".md"), 2
    while path in known:
        path, n = f"{stem} {n}.md", n + 1
    return path


def folders_of(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(p.rpartition("/")[0] for p in paths)


def declared_folders(config: Config) -> frozenset[str]:
    """The folders of all declared lists: Git knows no empty folder, but a declared list that
    was empty did exist, so the first card moved into it is a move and no renaming."""
    return frozenset(
        f"{project.key}/{name}" if project.key else name
        for project in config.projects.values()
        for name in project.lists
    )


def pair_docs(before: Mapping[str, Doc], after: Mapping[str, Doc]) -> Pairing:
    return pair(cards_of(before), cards_of(after))


def cards_of(docs: Mapping[str, Doc], held: Collection[str] = ()) -> dict[str, Card]:
    """For pairing. The id in the text of a file nobody can read counts unless a readable one
    has it too, here or elsewhere (``held``)."""
    from hashlib import sha256

    taken = {*held, *(id_of(doc) for doc in docs.values())}
    cards = {}
    for path, doc in docs.items():
        name = id_of(doc)
        if doc.record is None and (written := written_id(doc.data)) not in taken:
            name = written
        cards[path] = Card(path, name, sha256(doc.data).hexdigest())
    return cards


def with_unreadable(pairing: Pairing, theirs: Mapping[str, Doc]) -> Pairing:
    """A file whose very id nobody can read: where one of its name has gone, it is that one,
    moved and broken, and is held."""
    gone = {path.rpartition("/")[2]: path for path in pairing.deleted}
    pairs = set(pairing.pairs)
    for path in pairing.created:
        old = gone.pop(path.rpartition("/")[2], None) if not theirs[path].usable else None
        if old is not None:
            pairs = (pairs - {(old, None), (None, path)}) | {(old, path)}
    return paired(pairs, pairing.copies)


def last_good(docs: dict[str, Doc], settled: Mapping[str, Doc], known: Mapping[str, Doc]) -> None:
    """Give files that were unreadable the record they held last: as a commit said it, which
    this walk has seen (``known``), else as the settled tree keeps it, at their path, or under
    their name where they were moved while nobody could read them."""
    moved = {p.rpartition("/")[2]: d for p, d in settled.items() if p not in docs}
    for path, doc in docs.items():
        good = known.get(path) or settled.get(path) or moved.get(path.rpartition("/")[2])
        if not doc.usable and good is not None:
            docs[path] = replace(doc, record=good.record)


def disown(docs: dict[str, Doc], path: str) -> None:
    """This file is a copy: the id in it is another record's."""
    _own(docs, path, None)


def _own(docs: dict[str, Doc], path: str, name: str | None) -> None:
    record = docs[path].record
    if record is not None:
        docs[path] = replace(docs[path], record=replace(record, id=name))


def pair_settled(docs: Mapping[str, Doc], settled: Mapping[str, Doc]) -> dict[str, str]:
    """Where each file of a commit is in the settled tree, which rules may have moved and given
    an id: at its path, else by id or bytes, else under its file name."""
    found = {path: path for path in docs.keys() & settled.keys()}
    left = {path: doc for path, doc in docs.items() if path not in found}
    moved = {path: doc for path, doc in settled.items() if path not in found}
    pairing = pair_docs(left, moved)
    found.update(pairing.kept)
    named = {path.rpartition("/")[2]: path for path in pairing.created}
    for path in pairing.deleted:
        if new := named.get(path.rpartition("/")[2]):
            found[path] = new
    return found


def as_named(
    base: dict[str, Doc], settled: Mapping[str, Doc], at: Mapping[str, str],
    theirs: dict[str, Doc], *others: dict[str, Doc],
) -> frozenset[str]:  # fmt: skip
    """Of files to which the settled tree gave an id that the commit does not have yet (``at``
    tells where they are): what is written in them does not count, nor at the same path in
    ``theirs`` and ``others``. Returns the ids so given, spoken for."""
    given = set()
    for path, now in at.items():
        name, written = id_of(settled[now]), base[path].written
        if name is None or written == name or not base[path].data.strip():
            continue
        if path not in theirs or theirs[path].written == name:
            _own(base, path, name)
            continue
        given.add(name)
        _own(base, path, None)
        for docs in (theirs, *others):
            if path in docs and docs[path].written == written:
                _own(docs, path, None)
    return frozenset(given)


def few_unnamed(docs: Mapping[str, Doc], pairing: Pairing) -> bool:
    """Whether so few of these records lack an id of their own that each may be given one."""
    unnamed = {path for path, doc in docs.items() if doc.written is None} | pairing.copies
    return len(unnamed) <= MANY_IDS
