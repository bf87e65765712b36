"""What a person does with Git, on the in-memory twin: for tests and the model of histories.

Owns commits by hand, amend, reset, branches, merges, rebase, stash and staging, each moving refs,
index and worktree as Git's command of that name does. Refuses (ValueError) what Git refuses:
a merge that conflicts, a checkout over local edits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bluefs.adapters.memory_git import MemoryGit
from bluefs.core.ports import Author

HAND = Author("Ana Ruiz", "ana@acme.example", datetime(2026, 11, 24, 9, tzinfo=UTC))
Tree = Mapping[str, str]


class Hands:
    """A person at the repository. ``author`` signs what they commit."""

    def __init__(self, git: MemoryGit, author: Author = HAND) -> None:
        self.git = git
        self.author = author
        self._stash: list[dict[str, bytes | None]] = []

    def add(self, *paths: str) -> None:
        """``git add``: also of a deletion. Without paths, ``git add -A``."""
        contents = self.git.files.contents
        tracked = {*self.git.index, *contents}
        ignored = self.git.ignored(tracked)
        for path in paths or tuple(tracked - ignored):
            data = contents.get(path)
            self.git.set_index(path, None if data is None else self.git.write_blob(data))

    def add_intent(self, path: str) -> None:
        """``git add -N``."""
        self.git.set_index(path, self.git.write_blob(b""))
        self.git.intents.add(path)

    def commit(self, message: str = "by hand", *, all: bool = True) -> str:
        """``git add -A; git commit``, or only what is staged. Raises ValueError where there
        is nothing."""
        if all:
            self.add()
        head = self.git.head()
        tree = self._staged_tree()
        if tree == (self._head_tree() if head else {}):
            raise ValueError("nothing to commit")
        return self._record(tree, [head] if head else [], message)

    def amend(self, message: str | None = None, *, all: bool = True) -> str:
        if all:
            self.add()
        old = self.git.need("HEAD")
        text = old.message.rstrip("\n") if message is None else message
        return self._record(self._staged_tree(), list(old.parents), text)

    def reset_hard(self, commit: str) -> None:
        target = self.git.need_hex(commit)
        self._rewrite_worktree({**self._head_tree(), **self.git.index}, self.git.tree(target))
        self.git.set_head(target)
        self._reset_index()

    def reset_soft(self, commit: str) -> None:
        self.git.set_head(self.git.need_hex(commit))

    def squash(self, onto: str, message: str) -> str:
        """``git reset --soft``, then one commit."""
        self.reset_soft(onto)
        return self.commit(message, all=False)

    def make_branch(self, name: str, at: str = "HEAD") -> None:
        self.git.refs[f"refs/heads/{name}"] = self.git.need_hex(at)

    def checkout(self, name: str) -> None:
        """A branch by its short name, else a commit (detached). Local edits of files that
        are equal on both sides are carried along."""
        ref = f"refs/heads/{name}"
        target = self._commit_of(name)
        old, new = self._head_tree(), self.git.tree(target)
        moving = {path for path in {*old, *new} if old.get(path) != new.get(path)}
        if moving & self._dirty():
            raise ValueError("local changes would be overwritten")
        staged = {p: self.git.index.get(p) for p in self.git.staged()}
        self._rewrite_worktree(
            {p: old.get(p, "") for p in moving}, {p: new[p] for p in moving if p in new}
        )
        self.git.symbolic = ref if ref in self.git.refs else None
        self.git.detached = None if self.git.symbolic else target
        self._reset_index()
        for path, blob in staged.items():
            self.git.set_index(path, blob)

    def merge(
        self,
        name: str,
        *,
        fast_forward: bool = True,
        resolve: Mapping[str, bytes | None] | None = None,
    ) -> str:
        """Merge a branch (short name), a ref or a commit; ``resolve`` are the files that a
        person settles, conflicting or not. Raises ValueError for another conflict."""
        theirs = self._commit_of(name)
        ours = self.git.need_hex("HEAD")
        if self.git.is_ancestor(theirs, ours):
            return ours
        if fast_forward and resolve is None and self.git.is_ancestor(ours, theirs):
            self.reset_hard(theirs)
            return theirs
        base = self.git.merge_base(ours, theirs)
        tree = self._merged(base, ours, theirs, resolve or {})
        made = self.git.store_commit(tree, [ours, theirs], f"Merge {name}\n", self.author)
        self.reset_hard(made)
        return made

    def rebase(self, onto: str) -> str:
        """Replay the first-parent commits since the merge base. Raises ValueError for a
        conflict."""
        target, ours = self._commit_of(onto), self.git.need_hex("HEAD")
        base = self.git.merge_base(target, ours)
        steps = []
        for step in self.git.first_parent_log(ours):
            if step.hex == base:
                break
            steps.append(step.hex)
        at = target
        for step_hex in reversed(steps):
            old = self.git.need(step_hex)
            tree = self._merged(old.parents[0] if old.parents else None, at, step_hex, {})
            if tree != self.git.tree(at):
                at = self.git.store_commit(tree, [at], old.message, old.author)
        self.reset_hard(at)
        return at

    def stash(self) -> None:
        """Tracked changes go away for a while (``git stash``)."""
        contents = self.git.files.contents
        tracked = {*self._head_tree(), *self.git.index}
        self._stash.append({path: contents.get(path) for path in self._dirty() & tracked})
        self.reset_hard("HEAD")

    def stash_pop(self) -> None:
        for path, data in self._stash.pop().items():
            self._put(path, data)

    def restore(self, *paths: str) -> None:
        """``git checkout HEAD -- paths``."""
        tree = self._head_tree()
        for path in paths:
            blob = tree.get(path)
            self._put(path, None if blob is None else self.git.contents[blob])
            self.git.set_index(path, blob)

    def _commit_of(self, name: str) -> str:
        return self.git.refs.get(f"refs/heads/{name}") or self.git.need_hex(name)

    def _record(self, tree: Tree, parents: list[str], message: str) -> str:
        made = self.git.store_commit(tree, parents, f"{message}\n", self.author)
        self.git.set_head(made)
        return made

    def _head_tree(self) -> dict[str, str]:
        head = self.git.head()
        return dict(self.git.tree(head)) if head else {}

    def _staged_tree(self) -> dict[str, str]:
        return {p: b for p, b in self.git.index.items() if p not in self.git.intents}

    def _reset_index(self) -> None:
        self.git.intents.clear()
        self.git.index = self._head_tree()

    def _dirty(self) -> set[str]:
        """Paths whose worktree file is not HEAD's."""
        tree, contents = self._head_tree(), self.git.files.contents
        now = {path: self.git.hash_blob(data) for path, data in contents.items()}
        return {path for path in {*tree, *now} if tree.get(path) != now.get(path)}

    def _rewrite_worktree(self, old: Tree, new: Tree) -> None:
        """Write only what differs, as Git does: untouched files keep their stat."""
        for path in {*old, *new}:
            self._put(path, self.git.contents[new[path]] if path in new else None)

    def _put(self, path: str, data: bytes | None) -> None:
        now = self.git.files.contents.get(path)
        if data is None and now is not None:
            self.git.files.remove(path)
            folder = path.rpartition("/")[0]
            while folder and self.git.files.remove_folder(folder):
                folder = folder.rpartition("/")[0]
        elif data is not None and data != now:
            self.git.files.put(path, data)

    def _merged(
        self, base: str | None, ours: str, theirs: str, resolve: Mapping[str, bytes | None]
    ) -> dict[str, str]:
        old = self.git.tree(base) if base else {}
        a, b = self.git.tree(ours), self.git.tree(theirs)
        merged: dict[str, str] = {}
        for path in {*a, *b, *resolve}:
            if path in resolve:
                data = resolve[path]
                blob = None if data is None else self.git.write_blob(data)
            else:
                blob = _pick(path, old.get(path), a.get(path), b.get(path))
            if blob is not None:
                merged[path] = blob
        return merged


def _pick(path: str, old: str | None, ours: str | None, theirs: str | None) -> str | None:
    if ours == theirs or theirs == old:
        return ours
    if ours == old:
        return theirs
    raise ValueError(f"conflict in {path}")
