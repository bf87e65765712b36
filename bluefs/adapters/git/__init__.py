"""The repository: the only package that runs Git.

Owns the port ``Git`` over one worktree. ``run`` starts the processes, ``objects`` reads through
a child that stays, ``read`` asks, ``index`` and ``commit`` write a commit, ``mark`` keeps
refs/bluefs/mark. Refuses to prompt, to force, to bypass a hook or signing, and to work while
the user's own Git is in the middle of something (docs/decisions/0002-git-by-subprocess.md).
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType

from bluefs.adapters import ignoring
from bluefs.adapters.git import read
from bluefs.adapters.git.commit import Committer
from bluefs.adapters.git.mark import Marks
from bluefs.adapters.git.objects import Objects, object_id, parse_trailers
from bluefs.adapters.git.run import OPTIONS, Runner, environment, start
from bluefs.adapters.git.tree_files import StillGit, TreeFiles, rows_of_commit, rows_of_index
from bluefs.adapters.repository import Found
from bluefs.core.errors import Blocked
from bluefs.core.ports import Author, Commit, Mark, Step

#: cat-file --batch-command came with 2.36, `merge-tree --write-tree` with 2.38.
MINIMUM = (2, 38)
_TREES_KEPT = 4
_EPOCH = datetime.fromtimestamp(0, UTC)


def find(path: str | os.PathLike[str]) -> Found | None:
    """The repository whose worktree holds the folder ``path``; None if there is none, and for
    a bare one. Raises Blocked where Git refuses it (another owner) or is not installed."""
    ask = ("rev-parse", "--path-format=absolute")
    what = ("--show-toplevel", "--git-dir", "--git-common-dir", "--show-object-format")
    rows = _ask(path, *ask, *what)
    if rows is None:
        return None
    each = rows.split("\n")
    if len(each) != len(what):  # a newline in a folder's name
        each = [_ask(path, *ask, name) or "" for name in what]
    top, git_dir, common_dir, algorithm = each
    return Found(top, git_dir, common_dir, algorithm)


def find_at(git_dir: str, also: tuple[tuple[str, str], ...] = ()) -> Found | None:
    """The repository of this Git directory, without a worktree; None if it is none. ``also`` are
    variables that it needs. Raises Blocked as ``find`` does."""
    options = (f"--git-dir={git_dir}", "rev-parse", "--path-format=absolute")
    rows = _ask(git_dir, *options, "--git-common-dir", "--show-object-format")
    if rows is None:
        return None
    common, _, algorithm = rows.rpartition("\n")
    return Found(git_dir, git_dir, common, algorithm, also)


def _ask(path: str | os.PathLike[str], *args: str) -> str | None:
    result = start(["git", *OPTIONS, *args], os.fspath(path), environment())
    if result.code == 0:
        return result.line
    failure = result.failed("rev-parse")
    if failure.key == "errors.git.owner":
        raise failure
    return None


def check_version() -> tuple[int, ...]:
    """The version of Git. Raises Blocked where it is too old or not there."""
    text = start(["git", "version"], "/", environment()).line
    words = [part for part in text.split() if part[:1].isdigit()]
    numbers = [int(n) for n in words[0].split(".")[:3] if n.isdigit()] if words else []
    if tuple(numbers[:2]) < MINIMUM:
        needed = ".".join(map(str, MINIMUM))
        raise Blocked("errors.git.old", version=words[0] if words else text, needed=needed)
    return tuple(numbers)


class Git:
    """The port ``Git`` over the worktree that holds ``path``. Raises Blocked where there is
    none. Names of commits are ids or full ref names. ``close`` (or ``with``) ends its child."""

    def __init__(self, path: str | os.PathLike[str], found: Found | None = None) -> None:
        found = found or find(path)
        if found is None:
            raise Blocked("errors.git.none", path=os.fspath(path))
        self.top, self.git_dir, self.common_dir = found.top, found.git_dir, found.common_dir
        self.algorithm = found.algorithm
        size = 64 if self.algorithm == "sha256" else 40
        self.runner = Runner(self.top, self.git_dir, size, dict(found.also))
        self._objects = Objects(self.runner)
        self._committer = Committer(self.runner, self._objects, self.algorithm)
        self._marks = Marks(self.runner, self._objects)
        self._trees: OrderedDict[str, Mapping[str, str]] = OrderedDict()

    @staticmethod
    def discover(path: str | os.PathLike[str]) -> tuple[str, str, str] | None:
        """(top, git_dir, common_dir), absolute; None outside of a worktree."""
        found = find(path)
        return (found.top, found.git_dir, found.common_dir) if found else None

    @classmethod
    def init(
        cls, path: str | os.PathLike[str], branch: str = "main", algorithm: str = "sha1"
    ) -> Git:
        """Make a repository (in a folder that may exist); its first branch is unborn."""
        folder = os.path.abspath(os.fspath(path))  # noqa: PTH100
        options = ("-q", f"--initial-branch={branch}", f"--object-format={algorithm}")
        result = start(
            ["git", *OPTIONS, "init", *options, "--", folder], "/", environment(acts=True)
        )
        if result.code != 0:
            raise result.failed("init")
        return cls(folder)

    def __enter__(self) -> Git:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._objects.close()

    def head(self) -> str | None:
        return self.resolve("HEAD")

    def resolve(self, name: str) -> str | None:
        """The commit of a full ref name or an id, None if there is none."""
        found = read.commit_of(self._objects, name)
        return found[0] if found else None

    def branch(self) -> str | None:
        return read.branch(self.runner)

    def upstream(self) -> str | None:
        branch = self.branch()
        return read.upstream(self.runner, branch) if branch else None

    def busy(self) -> str | None:
        return read.busy(self.runner, self._objects)

    def tree(self, commit: str) -> Mapping[str, str]:
        """The last few are kept: a commit never changes."""
        hex_id = self._need(commit)
        if hex_id not in self._trees:
            entries = read.entries(self.runner, hex_id)
            self._trees[hex_id] = MappingProxyType({p: blob for p, (_, blob) in entries.items()})
        self._trees.move_to_end(hex_id)
        while len(self._trees) > _TREES_KEPT:
            self._trees.popitem(last=False)
        return self._trees[hex_id]

    def diff(self, old: str | None, new: str | None) -> Mapping[str, tuple[str | None, str | None]]:
        empty = object_id("tree", b"", self.algorithm)
        return read.diff(self.runner, *(self._need(c) if c else empty for c in (old, new)))

    def blobs(self, ids: Iterable[str]) -> Mapping[str, bytes]:
        """Raises Blocked where one is missing."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, bytes] = {}
        for blob, answer in zip(wanted, self._objects.get_many(wanted), strict=True):
            if answer is None or answer[1] != "blob":
                raise Blocked("errors.git.object", object=blob)
            found[blob] = answer[2]
        return found

    def hash_blob(self, data: bytes) -> str:
        return object_id("blob", data, self.algorithm)

    def parents(self, commit: str) -> Sequence[str]:
        """None of them where a shallow clone ends."""
        hex_id, found = read.need_commit(self._objects, commit)
        return () if hex_id in self.shallow else found.parents

    def author(self, commit: str) -> Author:
        return read.need_commit(self._objects, commit)[1].author

    @cached_property
    def shallow(self) -> frozenset[str]:
        """The commits at which a shallow clone ends; empty in a full one."""
        try:
            with open(f"{self.common_dir}/shallow", encoding="ascii") as file:
                return frozenset(file.read().split())
        except FileNotFoundError:
            return frozenset()

    def line(self, mark: str, tip: str) -> Sequence[str] | None:
        return read.line(self.runner, self._objects, mark, tip)

    def is_ancestor(self, old: str, new: str) -> bool:
        """False also where one of them is not here."""
        return read.is_ancestor(self.runner, old, new)

    def merge_base(self, a: str, b: str) -> str | None:
        return read.merge_base(self.runner, self._need(a), self._need(b))

    def added_by(self, path: str, commit: str) -> str | None:
        return read.additions(self.runner, self._need(commit), path).get(path)

    def additions(self, commit: str) -> Mapping[str, str]:
        """``added_by`` of every path in one pass (also of paths that are gone again), the newest
        commit first."""
        return read.additions(self.runner, self._need(commit))

    def first_parent_log(self, tip: str, limit: int | None = None) -> Iterator[Commit]:
        """From ``tip`` back, always by the first parent; at most ``limit``. Lazy."""
        at: str | None = tip
        while at is not None and (limit is None or limit > 0):
            hex_id, found = read.need_commit(self._objects, at)
            subject = found.message.lstrip("\n").partition("\n")[0]
            trailers = parse_trailers(found.message)
            yield Commit(hex_id, found.author, found.author.at, subject, trailers)
            parents = () if hex_id in self.shallow else found.parents
            at = parents[0] if parents else None
            limit = None if limit is None else limit - 1

    def first_parent_steps(self, tip: str, since: str | None = None) -> Sequence[Step] | None:
        """All that Git is asked is one ``log``."""
        start = self.resolve(since) if since is not None else None
        if since is not None and start is None:
            return None
        return read.steps(self.runner, self._need(tip), start, self.shallow)

    def between(self, old: str, new: str) -> Sequence[Commit]:
        ids = read.between(self.runner, self._need(old), self._need(new))
        return [next(self.first_parent_log(hex_id, 1)) for hex_id in ids]

    def still(self, commit: str | None) -> tuple[TreeFiles, StillGit]:
        """What this commit holds, None for the index, as files; and the repository seen from
        there."""
        hex_id = self._need(commit) if commit is not None else None
        rows = rows_of_commit(self.runner, hex_id) if hex_id else rows_of_index(self.runner)
        return TreeFiles(rows, self.blobs), StillGit(self, hex_id)

    def ahead_behind(self, upstream: str) -> tuple[int, int] | None:
        """(commits of HEAD that ``upstream`` lacks, the reverse); None while one is unborn."""
        if self.head() is None or self.resolve(upstream) is None:
            return None
        return read.ahead_behind(self.runner, "HEAD", upstream)

    def staged(self) -> frozenset[str]:
        return self._committer.staged()

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        return frozenset(read.ignored(self.runner, list(paths)))

    def ignore_stamp(self) -> str:
        return ignoring.stamp(self.git_dir, self.common_dir, self._answer)

    def _answer(self, *args: str) -> bytes:
        return self.runner.run(*args, ok=(0, 1)).out

    def commit(
        self,
        changes: Mapping[str, bytes | None],
        message: str,
        author: Author,
        parent: str | None,
    ) -> str:
        return self._committer.commit(changes, message, author, parent)

    def identity(self) -> Author | None:
        found = read.identity(self.runner)
        return Author(found.name, found.email, _EPOCH) if found else None

    def config_get(self, name: str) -> str | None:
        """A setting's value (the last, if it has several); None if it is not set."""
        return read.config(self.runner, name)

    def read_mark(self) -> Mark | None:
        """Raises Blocked where the ref holds something that is no entry of ours."""
        return self._marks.read()

    def write_mark(self, mark: Mark, old: Mark | None) -> Mark | None:
        return self._marks.write(mark, old)

    def has_nonce(self, nonce: str) -> bool:
        return self._marks.has_nonce(nonce)

    def write_blob(self, data: bytes) -> str:
        return self._committer.write_blobs([data])[0]

    def _need(self, name: str) -> str:
        return read.need_commit(self._objects, name)[0]
