"""The in-memory twin of ``adapters.git``, for tests.

Owns a repository of plain values: blobs, trees (path -> blob), commits with parents, refs, an
index, and the mark as a chain of commits, so history has the same shape as in Git and keeps the
same contract (tests/contract/test_git.py runs over both). Refuses what the real one refuses,
with the same errors. What a person does with Git is in ``adapters.memory_hands``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bluefs.adapters.git.mark import REF, parse_entry, render_message
from bluefs.adapters.git.objects import RawCommit, object_id, parse_trailers, render_ident
from bluefs.adapters.git.read import walk_line
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.core.errors import Blocked
from bluefs.core.frozen import replace
from bluefs.core.ports import Author, Commit, Mark, Step

EPOCH = datetime.fromtimestamp(0, UTC)


class MemoryGit:
    """The port ``Git`` over dicts.

    ``hook`` sees the changes of a commit and says why not (None: it may be). ``before_commit``
    runs where a rival could come between the checks and the commit. ``state`` is what
    ``busy`` answers. ``.gitignore`` at the top of ``files`` is honoured."""

    def __init__(self, files: MemoryFiles, branch: str = "main") -> None:
        self.files = files
        self.contents: dict[str, bytes] = {}
        self.trees: dict[str, dict[str, str]] = {}
        self.commits: dict[str, RawCommit] = {}
        self.refs: dict[str, str] = {}
        self.symbolic: str | None = f"refs/heads/{branch}"
        self.detached: str | None = None
        self.index: dict[str, str] = {}
        self.intents: set[str] = set()
        self.upstreams: dict[str, str] = {}
        self.config: dict[str, str] = {}
        self.who: Author | None = None
        self.state: str | None = None
        self.hook: Callable[[Mapping[str, bytes | None]], str | None] | None = None
        self.before_commit: Callable[[], None] | None = None
        self.shallow: frozenset[str] = frozenset()
        self.empty = self.store_tree({})

    def head(self) -> str | None:
        return self.refs.get(self.symbolic) if self.symbolic else self.detached

    def resolve(self, name: str) -> str | None:
        if name == "HEAD":
            return self.head()
        found = self.refs.get(name, name)
        return found if found in self.commits else None

    def branch(self) -> str | None:
        return self.symbolic

    def upstream(self) -> str | None:
        return self.upstreams.get(self.symbolic or "") if self.head() else None

    def busy(self) -> str | None:
        return self.state

    def tree(self, commit: str) -> Mapping[str, str]:
        return dict(self.trees[self.need(commit).tree])

    def diff(self, old: str | None, new: str | None) -> Mapping[str, tuple[str | None, str | None]]:
        before = self.tree(old) if old else {}
        after = self.tree(new) if new else {}
        pairs = {path: (before.get(path), after.get(path)) for path in {*before, *after}}
        return {path: pair for path, pair in sorted(pairs.items()) if pair[0] != pair[1]}

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        wanted = list(dict.fromkeys(ids))
        for blob in wanted:
            if blob not in self.contents:
                raise Blocked("errors.git.object", object=blob)
        return {blob: self.contents[blob] for blob in wanted}

    def hash_blob(self, data: bytes) -> str:
        return object_id("blob", data, "sha1")

    def write_blob(self, data: bytes) -> str:
        blob = self.hash_blob(data)
        self.contents[blob] = data
        return blob

    def parents(self, commit: str) -> Sequence[str]:
        return () if self.resolve(commit) in self.shallow else self.need(commit).parents

    def author(self, commit: str) -> Author:
        return self.need(commit).author

    def line(self, mark: str, tip: str) -> Sequence[str] | None:
        start, end = self.resolve(mark), self.resolve(tip)
        if start is None or end is None:
            return None
        between = {c for c in self.history(end) if c != start and start in self.history(c)}
        return walk_line(start, end, {c: self.parents(c) for c in between})

    def is_ancestor(self, old: str, new: str) -> bool:
        start, end = self.resolve(old), self.resolve(new)
        return start is not None and end is not None and start in self.history(end)

    def merge_base(self, a: str, b: str) -> str | None:
        self.need(a), self.need(b)
        common = self.history(a) & self.history(b)
        best = [c for c in common if not any(c in self.history(o) for o in common if o != c)]
        return min(best, default=None)

    def added_by(self, path: str, commit: str) -> str | None:
        return self.additions(commit).get(path)

    def additions(self, commit: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for step in self._first_parents(commit):
            parents = self.parents(step)
            for path, (old, _) in self.diff(parents[0] if parents else None, step).items():
                if old is None:
                    found.setdefault(path, step)
        return found

    def first_parent_log(self, tip: str, limit: int | None = None) -> Iterator[Commit]:
        for n, hex_id in enumerate(self._first_parents(tip)):
            if limit is not None and n >= limit:
                return
            found = self.commits[hex_id]
            subject = found.message.lstrip("\n").partition("\n")[0]
            trailers = parse_trailers(found.message)
            yield Commit(hex_id, found.author, found.author.at, subject, trailers)

    def first_parent_steps(self, tip: str, since: str | None = None) -> Sequence[Step] | None:
        found: list[Step] = []
        for hex_id in self._first_parents(tip):
            if hex_id == since:
                break
            parents, at = self.parents(hex_id), self.commits[hex_id].author.at
            changes = self.diff(parents[0] if parents else None, hex_id)
            cut = hex_id in self.shallow
            found.append(Step(hex_id, int(at.timestamp()), changes, cut))
        else:
            if since is not None:
                return None
        return found[::-1]

    def between(self, old: str, new: str) -> Sequence[Commit]:
        self.need(old), self.need(new)
        left = self.history(new) - self.history(old)
        found: list[str] = []
        while left:
            ready = min(c for c in left if not left.intersection(self.commits[c].parents))
            left.remove(ready)
            found.append(ready)
        return [next(self.first_parent_log(hex_id, 1)) for hex_id in found]

    def ahead_behind(self, upstream: str) -> tuple[int, int] | None:
        ours, theirs = self.head(), self.resolve(upstream)
        if ours is None or theirs is None:
            return None
        left, right = self.history(ours), self.history(theirs)
        return len(left - right), len(right - left)

    def staged(self) -> frozenset[str]:
        return self._staged_against(self.head())

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        rules = _rules(self.files.contents.get(".gitignore", b"").decode())
        return frozenset(p for p in paths if p not in self.index and _is_ignored(p, rules))

    def ignore_stamp(self) -> str:
        return repr(sorted(self.index))

    def identity(self) -> Author | None:
        return replace(self.who, at=EPOCH) if self.who else None

    def config_get(self, name: str) -> str | None:
        return self.config.get(name.lower())

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        message: str,
        author: Author,
        parent: str | None,
    ) -> str:
        self._check_free(parent)
        before = self.tree(parent) if parent else {}
        after = self._changed(before, changes)
        if after == before:
            if parent is None:
                raise Blocked("errors.git.nothing")
            return parent
        refusal = self.hook(changes) if self.hook else None
        if refusal is not None:
            raise Blocked("errors.git.hook", hook="pre-commit", output=refusal)
        if self.before_commit is not None:
            self.before_commit()
        self._check_free(parent)
        name = author.name.strip() or author.email.partition("@")[0] or "unknown"
        whole = replace(author, name=name, at=author.at.replace(microsecond=0))
        untouched = {path for path in changes if path not in self._staged_against(parent)}
        made = self.store_commit(after, [parent] if parent else [], message, whole)
        self.set_head(made)
        for path in untouched:
            self.set_index(path, after.get(path))
        return made

    def read_mark(self) -> Mark | None:
        found = self.refs.get(REF)
        return parse_entry(found, self.need(found)) if found else None

    def write_mark(self, mark: Mark, old: Mark | None) -> Mark | None:
        before = self.tree(mark.commit)
        after = {path: blob for path, blob in {**before, **mark.tree}.items() if blob}
        self.blobs(after.values())
        if self.refs.get(REF) != (old.entry if old else None):
            return None
        parents = [*([old.entry] if old else []), self.need_hex(mark.commit)]
        who = Author("bluefs", "bluefs@localhost", EPOCH)
        entry = self.store_commit(after, parents, render_message(mark), who)
        self.refs[REF] = entry
        return replace(mark, entry=entry)

    def has_nonce(self, nonce: str) -> bool:
        at = self.refs.get(REF, "")
        while at:
            found = self.need(at)
            if parse_entry(at, found).nonce == nonce:
                return True
            at = found.parents[0] if len(found.parents) == 2 else ""
        return False

    # What the hands of a test build on.

    def store_tree(self, tree: Mapping[str, str]) -> str:
        data = json.dumps(sorted(tree.items())).encode()
        hex_id = object_id("tree", data, "sha1")
        self.trees[hex_id] = dict(tree)
        return hex_id

    def store_commit(
        self, tree: Mapping[str, str], parents: Sequence[str], message: str, author: Author
    ) -> str:
        """An object; no ref moves. Equal commits are one, as in Git."""
        commit = RawCommit(self.store_tree(tree), tuple(parents), author, message)
        text = "\n".join((commit.tree, *parents, render_ident(author), "", message))
        hex_id = object_id("commit", text.encode(), "sha1")
        self.commits[hex_id] = commit
        return hex_id

    def set_head(self, commit: str) -> None:
        """Move the branch that is checked out (or the detached HEAD)."""
        if self.symbolic:
            self.refs[self.symbolic] = commit
        else:
            self.detached = commit

    def set_index(self, path: str, blob: str | None) -> None:
        self.intents.discard(path)
        self.index.pop(path, None)
        if blob is not None:
            self.index[path] = blob

    def need(self, name: str) -> RawCommit:
        return self.commits[self.need_hex(name)]

    def need_hex(self, name: str) -> str:
        found = self.resolve(name)
        if found is None:
            raise Blocked("errors.git.object", object=name)
        return found

    def history(self, commit: str) -> set[str]:
        """The commit and all that lead to it."""
        seen: set[str] = set()
        waiting = [self.need_hex(commit)]
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting.extend(self.parents(at))
        return seen

    def _first_parents(self, tip: str) -> Iterator[str]:
        at: str | None = self.need_hex(tip)
        while at is not None:
            yield at
            at = next(iter(self.parents(at)), None)

    def _staged_against(self, commit: str | None) -> frozenset[str]:
        tree = self.tree(commit) if commit else {}
        index = {p: b for p, b in self.index.items() if p not in self.intents}
        return frozenset(p for p in {*tree, *index} if tree.get(p) != index.get(p))

    def _changed(
        self, before: Mapping[str, str], changes: Mapping[str, bytes | None]
    ) -> dict[str, str]:
        after = dict(before)
        for path, data in changes.items():
            after.pop(path, None)
            if data is not None:
                after[path] = self.write_blob(data)
        return after

    def _check_free(self, parent: str | None) -> None:
        if self.state is not None:
            key = "errors.git.lock" if self.state == "lock" else f"errors.git.busy.{self.state}"
            raise Blocked(key)
        if self.symbolic is None:
            raise Blocked("errors.git.detached")
        if self.head() != parent:
            raise Blocked("errors.git.moved")


_Rule = tuple[bool, bool, re.Pattern[str]]  # (ignores, folders only, pattern)


def _rules(text: str) -> list[_Rule]:
    """The lines of a ``.gitignore``: comments, ``!``, a leading and a trailing ``/``, ``*``,
    ``?``, ``**`` (gitignore(5), without character classes)."""
    found: list[_Rule] = []
    for line in text.splitlines():
        line = line.rstrip()
        if not line or line.startswith("#"):
            continue
        ignores = not line.startswith("!")
        line = line if ignores else line[1:]
        folder, line = line.endswith("/"), line.rstrip("/")
        anchored = "/" in line
        body = re.escape(line.lstrip("/")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
        body = body.replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
        found.append((ignores, folder, re.compile(body if anchored else f"(?:.*/)?{body}")))
    return found


def _is_ignored(path: str, rules: list[_Rule]) -> bool:
    """The last rule that fits decides; nothing below an ignored folder comes back."""
    parts = path.split("/")
    for n in range(1, len(parts) + 1):
        here, verdict = "/".join(parts[:n]), False
        for ignores, folders_only, pattern in rules:
            if (n < len(parts) or not folders_only) and pattern.fullmatch(here):
                verdict = ignores
        if verdict:
            return True
    return False
