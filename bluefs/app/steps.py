"""Two trees of the history as records: which was which, and what stands in them.

Owns the reading of trees for who compares commits. Refuses to judge what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bluefs.app.docs import Doc, is_record, pair_docs, with_unreadable
from bluefs.core.codec.record import read_record
from bluefs.core.config import is_config, load_config
from bluefs.core.identity import Pairing
from bluefs.core.model import Config
from bluefs.core.ports import Git

Tree = Mapping[str, str]
Docs = Mapping[str, Doc]


def settings_in(tree: Tree) -> dict[str, str]:
    """path -> blob of the settings files of a tree."""
    return {path: blob for path, blob in tree.items() if is_config(path)}


class Settings:
    """The settings of trees, each read once."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._known: dict[frozenset[tuple[str, str]], Config] = {}

    def of(self, tree: Tree) -> Config:
        """``tree`` may hold other files too."""
        blobs = settings_in(tree)
        key = frozenset(blobs.items())
        if key not in self._known:
            data = self._git.blobs(set(blobs.values()))
            self._known[key] = load_config({p: data[b] for p, b in blobs.items()}).config
        return self._known[key]


def doc(path: str, data: bytes, config: Config) -> Doc:
    record = read_record(path, data, config).record
    return Doc(path, data, record, record.id if record is not None else None)


def docs(git: Git, tree: Iterable[tuple[str, str | None]], config: Config) -> dict[str, Doc]:
    """The records and documents among these files, (path, blob)."""
    wanted = {p: b for p, b in tree if b is not None and is_record(p, config)}
    data = git.blobs(set(wanted.values()))
    return {p: doc(p, data[b], config) for p, b in wanted.items()}


def paired(before: Docs, after: Docs) -> tuple[Pairing, tuple[tuple[Doc | None, Doc | None], ...]]:
    """Which file is which record, and the pairs. A file whose id alone became another is still
    that record."""
    pairing = with_unreadable(pair_docs(before, after), dict(after))
    gone, come = set(pairing.deleted), set(pairing.created)
    found = []
    for old, new in pairing.pairs:
        if new is None and old in come:
            continue
        first = new if old is None and new in gone else old
        found.append((before.get(first or ""), after.get(new or "")))
    return pairing, tuple(found)
