"""Where the repository of a folder is, without Git where that is plain; Git on demand.

Owns the shortcut past a process and past forty modules, for commands that ask Git nothing. It
answers only for what it surely understands: a Git directory of ordinary shape, of one's own,
without extensions, a worktree elsewhere or included settings. Everything else is left to Git, and
so is every refusal of Git's.
"""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Iterable
from contextlib import suppress

from bluefs.adapters import ignoring
from bluefs.core.hints import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bluefs.adapters.git import Git

#: Settings that move the worktree, change the hash, or fetch further settings.
_UNSURE = (b"worktree", b"extensions", b"include", b"bare = true", b"repositoryformatversion = 1")
_CEILINGS = ("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_CONFIG_COUNT")


class Found(NamedTuple):
    """Where a repository is: absolute paths, and the hash of its objects (sha1, sha256). A bare
    one has its Git directory for a top. ``also`` are GIT_* variables that belong to it."""

    top: str
    git_dir: str
    common_dir: str
    algorithm: str
    also: tuple[tuple[str, str], ...] = ()


def plain(folder: str) -> tuple[str, str] | None:
    """(top, Git directory) of the repository whose worktree holds the absolute ``folder``; None
    where only Git can tell."""
    if any(name in os.environ for name in _CEILINGS):
        return None
    top = os.path.realpath(folder)
    try:
        device = os.stat(top).st_dev  # noqa: PTH116
        while not os.path.lexists(f"{top}/.git"):
            if top == "/" or _looks_bare(top):
                return None
            top = os.path.dirname(top)  # noqa: PTH120
        return (top, f"{top}/.git") if _is_plain(top, device) else None
    except OSError:
        return None


def _looks_bare(folder: str) -> bool:
    return os.path.lexists(f"{folder}/HEAD") and os.path.lexists(f"{folder}/objects")


def _is_plain(top: str, device: int) -> bool:
    git = f"{top}/.git"
    for path in (top, git):
        found = os.lstat(path)
        mine = found.st_uid == os.geteuid() and found.st_dev == device
        if not (mine and modes.S_ISDIR(found.st_mode)):
            return False
    if not all(os.path.isdir(f"{git}/{name}") for name in ("objects", "refs")):  # noqa: PTH112
        return False
    if os.path.lexists(f"{git}/commondir") or os.path.lexists(f"{git}/config.worktree"):
        return False
    with open(f"{git}/HEAD", "rb") as file:
        head = file.read(64)
    with open(f"{git}/config", "rb") as file:
        settings = file.read().lower()
    known = head.startswith(b"ref: refs/heads/") or len(head.strip()) == 40
    return known and not any(word in settings for word in _UNSURE)


_BRANCH = b"ref: refs/heads/"
_HEX = frozenset(b"0123456789abcdef")


def tip(git_dir: str) -> str | None:
    """The commit that HEAD names, read as Git does: the branch's own file before the packed ones.
    None where only Git can tell (no commit yet, another way of keeping refs, a disk's refusal)."""
    try:
        with open(f"{git_dir}/HEAD", "rb") as file:
            head = file.read().strip()
        if not head.startswith(_BRANCH):
            return _commit(head)
        name = head.removeprefix(b"ref: ")
        with suppress(FileNotFoundError), open(os.fsencode(git_dir) + b"/" + name, "rb") as file:
            return _commit(file.read().strip())
        with open(f"{git_dir}/packed-refs", "rb") as file:
            lines = file.read().split(b"\n")
        return next(
            (_commit(line[: -len(name) - 1]) for line in lines if line.endswith(b" " + name)), None
        )
    except OSError:
        return None


def _commit(text: bytes) -> str | None:
    return text.decode() if len(text) in (40, 64) and _HEX.issuperset(text) else None


class LazyGit:
    """The adapter, made when something but the cheapest is asked of it."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self._made: Git | None = None

    def ignore_stamp(self) -> str:
        return ignoring.stamp(self.found.git_dir, self.found.common_dir, self._answer)

    def head(self) -> str | None:
        """The commit of HEAD; None if there is none."""
        found = self.found
        return (found.git_dir == found.common_dir and tip(found.git_dir)) or self._git().head()

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of these paths that Git ignores."""
        asked, found = list(paths), self.found
        lone = found.git_dir == found.common_dir and not found.also
        if lone and ignoring.surely_none(found.top, found.git_dir, asked):
            return frozenset()
        return self._git().ignored(asked)

    def close(self) -> None:
        if self._made is not None:
            self._made.close()

    def _answer(self, *args: str) -> bytes:
        return self._git().runner.run(*args, ok=(0, 1)).out

    def _git(self) -> Git:
        if self._made is None:
            from bluefs.adapters.git import Git

            self._made = Git(self.found.top, self.found)
        return self._made

    def __getattr__(self, name: str) -> Any:
        return getattr(self._git(), name)


#: In a pre-receive hook they say where the objects of the push are: not in the repository yet
#: (git-receive-pack(1), "Quarantine Environment").
_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def find_bare(folder: str) -> Found | None:
    """The repository whose Git directory is the absolute ``folder``, as hooks on a server are
    run in it; None if there is none. Raises Blocked as ``find`` does."""
    if not _looks_bare(folder):
        return None
    from bluefs.adapters.git import find_at

    also = tuple((name, os.environ[name]) for name in _QUARANTINE if name in os.environ)
    return find_at(os.path.realpath(folder), also if len(also) == len(_QUARANTINE) else ())


def find(folder: str) -> Found | None:
    """The repository whose worktree holds the absolute ``folder``; None if there is none, and
    for a bare one. Raises Blocked where Git refuses it (another owner) or is not installed."""
    known = plain(folder)
    if known is not None:
        top, git = known
        return Found(top, git, git, "sha1")
    from bluefs.adapters.git import find as ask

    return ask(folder)
