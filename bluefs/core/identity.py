"""Identity: ids, derived ids, and which file of two states is which record.

An id is ten characters of Crockford's base 32 in lower case, the first a letter, so that YAML
never takes it for a number. A committed file without an id has one all the same, derived from
where it began (``derived_id``). Pairing goes by id, then path, then bytes; never by likeness:
an id-less file moved and edited at once is a new record, in every clone alike.

This module owns these rules and nothing else. It refuses to make random ids (the port ``Ids``
does), to read files, and to judge whether deletions have been quiet long enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from bluefs.core.frozen import dataclass, replace
from bluefs.core.matching import nfc
from bluefs.core.patterns import pattern

#: Crockford's base 32 without I, L, O, U (https://www.crockford.com/base32.html).
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LETTERS = ALPHABET[10:]
LENGTH = 10
_DIGITS = frozenset(ALPHABET)


def is_id(text: str) -> bool:
    """Whether this is the form of an id, as written (lower case)."""
    return len(text) == LENGTH and text[0] in LETTERS and _DIGITS.issuperset(text)


def derived_id(commit_hex: str, path: str) -> str:
    """The id of a committed file that holds none.

    ``commit_hex`` is the commit that added it, ``path`` its path in that commit. With n the
    SHA-256 of ``<commit hex> NUL <path in NFC>`` as a big-endian number: the letter number
    n mod 22, then the nine lowest base-32 digits of n div 22, *least significant first*, which
    is simply going on dividing.
    """
    from hashlib import sha256

    digest = sha256(f"{commit_hex}\0{nfc(path)}".encode("utf-8", "surrogateescape")).digest()
    n, letter = divmod(int.from_bytes(digest, "big"), len(LETTERS))
    digits = []
    for _ in range(LENGTH - 1):
        n, digit = divmod(n, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return LETTERS[letter] + "".join(digits)


@dataclass(frozen=True, slots=True)
class Card:
    """What pairing needs of a file: its path, the id written in it, a hash of its bytes."""

    path: str
    id: str | None
    sha: str


Pair = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Pairing:
    """``pairs`` of (path before, path after), sorted; None where there was or is no file.
    ``copies`` are paths after whose written id belongs to another file, so that it does not
    count for them: new records, or, paired by path or bytes, the records they were."""

    pairs: tuple[Pair, ...]
    copies: frozenset[str] = frozenset()

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Records there before and after."""
        return tuple((a, b) for a, b in self.pairs if a is not None and b is not None)

    def through(self, folders: Mapping[str, str]) -> Pairing:
        """The same with earlier paths in renamed ``folders`` (old -> new)."""
        pairs = tuple((a and relocated(a, folders), b) for a, b in self.pairs)
        return Pairing(pairs, self.copies)

    def following(self, folders: Mapping[str, str]) -> Pairing:
        """Files that came along with their renamed folder (old -> new), changed on the way,
        are the same files: one that has an id was found by it."""
        gone = {relocated(path, folders): path for path in self.deleted}
        came = {gone[b]: b for b in self.created if b in gone and b not in self.copies}
        left = [(a, b) for a, b in self.pairs if a not in came and b not in came.values()]
        return paired([*left, *came.items()], self.copies)

    @property
    def moved(self) -> tuple[tuple[str, str], ...]:
        return tuple((a, b) for a, b in self.kept if a != b)

    @property
    def created(self) -> tuple[str, ...]:
        return tuple(b for a, b in self.pairs if a is None and b is not None)

    @property
    def deleted(self) -> tuple[str, ...]:
        return tuple(a for a, b in self.pairs if b is None and a is not None)


def pair(
    before: Mapping[str, Card],
    after: Mapping[str, Card],
    held: Collection[str] = (),
    homes: Collection[str] = (),
) -> Pairing:
    """Which file before is which file after. Every path of either side is in exactly one
    pair; the order of the maps does not matter.

    ``before`` and ``after`` hold the files that differ; unchanged ones may be in both.
    ``held`` is what is spoken for outside of them: paths of files that exist but cannot be
    read now (neither deleted nor paired), and ids that stand in files that did not change.
    ``homes`` are paths after at which the shared history has the very record.

    1. By id. At several paths after, its home keeps it, else the path that held it before,
       else the one of the same file name, of the same bytes, the smallest. The others are
       copies, and go on as files without an id.
    2. By path, unless both have an id and they differ. So an id that a person deleted, or that
       was written into an id-less file, changes nothing, nor does copying another's text over
       a record.
    3. By equal bytes, same file name first, then in order of path.
    """
    search = _Search(
        {path: card for path, card in before.items() if path not in held},
        {path: card for path, card in after.items() if path not in held},
        homes,
    )
    taken = {name for name in held if is_id(name)}
    taken |= {card.id for path, card in before.items() if path in held and card.id}
    search.by_id(taken)
    search.by_path()
    search.by_bytes()
    return search.result()


class _Search:
    """What is not paired yet, and what is."""

    def __init__(
        self, before: dict[str, Card], after: dict[str, Card], homes: Collection[str]
    ) -> None:
        self.before, self.after, self.homes = before, after, homes
        self.pairs: list[Pair] = []
        self.copies: set[str] = set()

    def match(self, old: str, new: str) -> None:
        self.pairs.append((old, new))
        del self.before[old], self.after[new]

    def by_id(self, taken: Collection[str]) -> None:
        old_paths = _by_id(self.before.values())
        for id, new_paths in sorted(_by_id(self.after.values()).items()):
            olds = old_paths.get(id, [])
            home = next((path for path in new_paths if path in self.homes), None)
            if home is not None and home not in olds and len(olds) == 1:
                self.match(olds[0], home)
                self._copy(path for path in new_paths if path != home)
                continue
            keepers = [path for path in new_paths if path in olds]
            for path in keepers:
                self.match(path, path)
            olds = [path for path in olds if path not in keepers]
            news = [path for path in new_paths if path not in keepers]
            spoken = id in taken or bool(keepers or olds)
            named = {_name(new) for new in news}
            olds.sort(key=lambda old: _name(old) not in named)
            for old in olds[: len(news)]:
                news.remove(new := min(news, key=self._unlike(old)))
                self.match(old, new)
            self._copy(news if spoken else news[1:])

    def _unlike(self, old: str) -> Callable[[str], tuple[bool, bool, str]]:
        name, sha = _name(old), self.before[old].sha
        return lambda new: (_name(new) != name, self.after[new].sha != sha, new)

    def _copy(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.copies.add(path)
            self.after[path] = replace(self.after[path], id=None)

    def by_path(self) -> None:
        for path in sorted(self.before.keys() & self.after.keys()):
            old, new = self.before[path].id, self.after[path].id
            if old is None or new is None or old == new:
                self.match(path, path)

    def by_bytes(self) -> None:
        """The same file name wins, so that two empty files moved together stay themselves."""
        for named in (True, False):
            fresh: dict[tuple[str, str], list[str]] = {}
            for path in sorted(self.after, reverse=True):
                fresh.setdefault(_looks(self.after[path], named), []).append(path)
            for path in sorted(self.before):
                found = fresh.get(_looks(self.before[path], named))
                if found:
                    self.match(path, found.pop())

    def result(self) -> Pairing:
        self.pairs += [(path, None) for path in self.before]
        self.pairs += [(None, path) for path in self.after]
        return paired(self.pairs, self.copies)


#: An ``id:`` line of front matter. A quoted key or a flow mapping is not found.
_ID_LINE = pattern(rb"^id[ \t]*:[ \t]*[\"']?([\w-]+)", re.MULTILINE)


def written_id(data: bytes) -> str | None:
    """The id a file's text holds, also where the file as a whole cannot be read."""
    end = data.find(b"\n---", 3)
    found = _ID_LINE.search(data, 0, end if end > 0 else len(data))
    return found[1].decode() if found else None


def paired(pairs: Iterable[Pair], copies: Iterable[str]) -> Pairing:
    """The pairs in their order: by the path after, where there is one."""
    ordered = sorted(pairs, key=lambda pair: (pair[1] or pair[0] or "", pair[0] or ""))
    return Pairing(tuple(ordered), frozenset(copies))


def relocated(path: str, folders: Mapping[str, str]) -> str:
    """The path of a file whose folder is now the one that ``folders`` (old -> new) names."""
    folder, slash, name = path.rpartition("/")
    return folders.get(folder, folder) + slash + name


def _by_id(cards: Iterable[Card]) -> dict[str, list[str]]:
    """id -> the paths that hold it, smallest first."""
    paths: dict[str, list[str]] = {}
    for card in sorted(cards, key=lambda c: c.path):
        if card.id is not None:
            paths.setdefault(card.id, []).append(card.path)
    return paths


def _looks(card: Card, named: bool) -> tuple[str, str]:
    return card.sha, _name(card.path) if named else ""


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def renamed_lists(
    pairing: Pairing, before_folders: Collection[str], after_folders: Collection[str]
) -> Mapping[str, str]:
    """List folders that were renamed, old path -> new path: the folder vanished, and of its
    records that survive at least half stand in the one folder that did not exist before, of
    the same project or of the project's new folder, and none in another new one. Nothing has
    *moved* there; the others, dragged to lists there were, have.

    ``before_folders`` and ``after_folders`` are all folders of both states, as paths. A list
    of one card, moved by hand to a new folder while the old one was deleted, looks the same
    and counts as renamed.
    """
    projects = renamed_projects(pairing, before_folders, after_folders)
    found = _renamed(pairing, 1, before_folders, after_folders)
    return {
        old: new
        for old, new in found.items()
        if _parent(new) in (_parent(old), projects.get(_parent(old)))
    }


def renamed_projects(
    pairing: Pairing, before_folders: Collection[str], after_folders: Collection[str]
) -> Mapping[str, str]:
    """Project folders that were renamed, old path -> new path, by the same rule. Their list
    folders are in ``renamed_lists`` too."""
    return _renamed(pairing, 2, before_folders, after_folders)


def _renamed(
    pairing: Pairing, levels: int, before: Collection[str], after: Collection[str]
) -> dict[str, str]:
    targets: dict[str, list[str]] = {}
    for old, new in pairing.kept:
        folder = _above(old, levels)
        if folder and folder in before and folder not in after:
            targets.setdefault(folder, []).append(_above(new, levels))
    renamed: dict[str, str] = {}
    for folder, survivors in sorted(targets.items()):
        fresh = [to for to in survivors if to and to in after and to not in before]
        if len(set(fresh)) == 1 and 2 * len(fresh) >= len(survivors):
            renamed[folder] = fresh[0]
    return renamed


def _above(path: str, levels: int) -> str:
    for _ in range(levels):
        path = _parent(path)
    return path


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
