"""One commit of exactly these paths and bytes.

Owns the way from bytes to a commit on the branch: blobs without filters, a private index, then
``git commit``, so hooks and signing apply as they do to a person's commit. Refuses to commit
in the middle of a merge or the like, on a detached HEAD, on top of anything but ``parent``, with
``--no-verify``, or to touch index entries of other paths.

A hook that changes what is committed (a formatter) has its way, as with a person's commit: the
caller compares the commit's blobs with its own and sees. A hook that says no is
Blocked(errors.git.hook) with its output, and nothing has changed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bluefs.adapters.git import index, read
from bluefs.adapters.git.objects import Objects, object_id, render_ident
from bluefs.adapters.git.read import Entry
from bluefs.adapters.git.run import Result, Runner
from bluefs.core.errors import Blocked
from bluefs.core.ports import Author

_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")


class Committer:
    """Makes commits in one worktree."""

    def __init__(self, runner: Runner, objects: Objects, algorithm: str) -> None:
        self._runner = runner
        self._objects = objects
        self._algorithm = algorithm
        self._empty_tree = object_id("tree", b"", algorithm)

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        message: str,
        author: Author,
        parent: str | None,
    ) -> str:
        """Where ``parent`` holds all that already, no commit is made and it is returned."""
        self._check_free(parent)
        self.finish()
        before = read.entries(self._runner, parent, tuple(changes)) if parent else {}
        wanted = {
            path: self._entry(path, data, before)
            for path, data in changes.items()
            if data is not None or path in before
        }
        if all(before.get(path, index.GONE) == entry for path, entry in wanted.items()):
            if parent is None:
                raise Blocked("errors.git.nothing")
            return parent
        self.write_blobs([data for data in changes.values() if data is not None])
        with index.private(self._runner, parent, stats=True) as env:
            index.put(self._runner, wanted, env)
            self._check_free(parent)
            index.note_follow(self._runner, index.Follow(parent, tuple(wanted)))
            made = self._make(message, author, parent, env)
        with suppress(Blocked):  # the index is locked: the note stays, `finish` does it later
            self.finish()
        return made

    def finish(self) -> None:
        """Let the user's index follow our last commit, if it has not yet. Raises Blocked
        while it is locked."""
        follow = index.noted_follow(self._runner)
        if follow is None:
            return
        if self._is_at_our_commit(follow):
            paths = index.untouched(self._runner, follow, self._empty_tree)
            if paths:
                head = read.entries(self._runner, "HEAD", paths)
                index.follow_head(self._runner, paths, head)
        index.forget_follow(self._runner)

    def staged(self) -> frozenset[str]:
        """What a person has staged: an index that has yet to follow our commit does not
        count."""
        with suppress(Blocked):
            self.finish()
        found = read.commit_of(self._objects, "HEAD")
        staged = read.index_differences(self._runner, found[0] if found else self._empty_tree)
        follow = index.noted_follow(self._runner) if staged else None
        if follow is None or not self._is_at_our_commit(follow):
            return staged
        return staged - set(index.untouched(self._runner, follow, self._empty_tree))

    def write_blobs(self, contents: list[bytes]) -> list[str]:
        """Store bytes exactly as they are; returns their ids."""
        if len(contents) == 1:
            options = ("-w", "--no-filters", "--stdin")
            return [self._runner.run("hash-object", *options, data=contents[0]).line]
        if not contents:
            return []
        import tempfile  # 9 ms, and a most commits are of one file

        with tempfile.TemporaryDirectory(dir=index.ours(self._runner), prefix="blobs-") as folder:
            names = [f"{folder}/{n}" for n in range(len(contents))]
            for name, data in zip(names, contents, strict=True):
                Path(name).write_bytes(data)
            options = ("-w", "--no-filters", "--stdin-paths")
            rows = os.fsencode("\n".join(_quoted(name) for name in names)) + b"\n"
            return self._runner.run("hash-object", *options, data=rows).out.decode().split()

    def _entry(self, path: str, data: bytes | None, before: Mapping[str, Entry]) -> Entry:
        if data is None:
            return index.GONE
        mode = before[path][0] if path in before else "100644"
        return mode, object_id("blob", data, self._algorithm)

    def _check_free(self, parent: str | None) -> None:
        why = read.busy(self._runner, self._objects)
        if why is not None:
            raise Blocked("errors.git.lock" if why == "lock" else f"errors.git.busy.{why}")
        if read.branch(self._runner) is None:
            raise Blocked("errors.git.detached")
        found = read.commit_of(self._objects, "HEAD")
        if (found[0] if found else None) != parent:
            raise Blocked("errors.git.moved")

    def _make(
        self, message: str, author: Author, parent: str | None, env: Mapping[str, str]
    ) -> str:
        options = ("-q", "--no-status", "--cleanup=verbatim", "--allow-empty", "-F", "-")
        result = self._runner.run(
            "commit", *options, data=message.encode(), acts=True, ok=(0, 1, 128, 129, 130),
            extra={**env, **self._idents(author)},
        )  # fmt: skip
        if result.code != 0:
            index.forget_follow(self._runner)
            raise self._refusal(result)
        made, commit = read.need_commit(self._objects, "HEAD")
        if commit.parents[:1] != ((parent,) if parent else ()) or len(commit.parents) > 1:
            self._take_back(made, commit.parents)
        return made

    def _take_back(self, made: str, parents: tuple[str, ...]) -> None:
        """A rival's commit came between our check and Git's: ours stands on it with the tree
        of the old one, which would undo the rival's work. So the branch goes back to it."""
        index.forget_follow(self._runner)
        if parents:
            self._runner.run("update-ref", "-m", "bluefs: HEAD had moved", "HEAD", parents[0], made)
        raise Blocked("errors.git.moved")

    def _idents(self, author: Author) -> dict[str, str]:
        at = render_ident(author).rsplit("> ", 1)[1]
        name = author.name.strip() or author.email.partition("@")[0] or "unknown"
        env = {
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": f"@{at}",
        }
        if read.identity(self._runner, "COMMITTER") is None:
            env |= {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": author.email}
        return env

    def _refusal(self, result: Result) -> Blocked:
        """Git itself dies with 128; a hook's no is 1."""
        if result.code == 1 and self._hooks():
            output = (result.err + result.out.decode("utf-8", "replace")).strip()
            return Blocked("errors.git.hook", hook=", ".join(self._hooks()), output=output)
        return result.failed("commit")

    def _hooks(self) -> list[str]:
        folder = Path(self._runner.top, self._runner.run("rev-parse", "--git-path", "hooks").line)
        return [name for name in _HOOKS if os.access(folder / name, os.X_OK)]

    def _is_at_our_commit(self, follow: index.Follow) -> bool:
        found = read.commit_of(self._objects, "HEAD")
        return found is not None and found[1].parents == ((follow.parent,) if follow.parent else ())


def _quoted(path: str) -> str:
    """A path in a list with one on each line (only a quote at the start is special)."""
    if "\n" not in path:
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
