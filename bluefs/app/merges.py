"""What somebody put into a merge by hand: neither side had it, nor do both give it together.

Owns the comparison of a merge commit with what merging its parents gives by itself. For commits
that are no merge it only compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.app.steps import docs
from bluefs.core.checks.touched import touched
from bluefs.core.codec.text import Decoded, decode
from bluefs.core.config import is_config
from bluefs.core.diff3 import merge3
from bluefs.core.merge import merge_record
from bluefs.core.model import Config, Record
from bluefs.core.ports import Git


class Merges:
    def __init__(self, git: Git) -> None:
        self._git = git

    def by_hand(self, commit: str, parents: Sequence[str], changed: set[str]) -> set[str]:
        """Of the files that differ from every parent's, those to be looked at: records are
        compared by what they say (`parts`), settings by their lines."""
        return {p for p in changed if not is_config(p) or not self._merged(commit, parents, p)}

    def _merged(self, commit: str, parents: Sequence[str], path: str) -> bool:
        """Whether the lines are just those that both sides give."""
        if len(parents) != 2:
            return False
        base = self._git.merge_base(*parents)
        sides = [self._text(c, path) for c in (base, *parents, commit)]
        old, ours, theirs, made = sides
        if old is None or ours is None or theirs is None or made is None:
            return False
        text, lost = merge3(old, ours, theirs)
        return not lost and text == made

    def _text(self, commit: str | None, path: str) -> str | None:
        blob = self._git.tree(commit).get(path) if commit is not None else None
        decoded = decode(self._git.blobs([blob])[blob]) if blob is not None else None
        return decoded.text if isinstance(decoded, Decoded) else None

    def parts(
        self, commit: str, parents: Sequence[str], before: Record | None, after: Record | None,
        config: Config,
    ) -> frozenset[str]:  # fmt: skip
        """The parts that differ (``core.checks.touched``): from the parent, or from what both
        sides give whichever of them wins. ``before`` is the first parent's."""
        if len(parents) != 2:
            return touched(before, after)
        names = [r for r in (before, after) if r is not None]
        base = self._git.merge_base(*parents)
        old = self._record(base, names, config)
        ours, theirs = (self._record(parent, names, config) for parent in parents)
        given = [merge_record(old, ours, theirs, side).record for side in ("ours", "theirs")]
        return touched(given[0], after) & touched(given[1], after)

    def _record(self, commit: str | None, names: Iterable[Record], config: Config) -> Record | None:
        """The record of one of these names in a commit: at one of their paths, else by its id."""
        if commit is None:
            return None
        tree = self._git.tree(commit)
        paths = [r.path for r in names if r.path in tree]
        ids = {r.id for r in names if r.id is not None}
        here = docs(self._git, ((p, tree[p]) for p in paths), config)
        for doc in here.values():
            if doc.record is not None and (not ids or doc.record.id in {*ids, None}):
                return doc.record
        for doc in docs(self._git, tree.items(), config).values() if ids else ():
            if doc.record is not None and doc.record.id in ids:
                return doc.record
        return None
