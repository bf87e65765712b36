"""What a commit or Git's index holds, as if it were the worktree.

Owns the reading half of the port ``Files`` over rows of a tree, and the repository as it looks
from there: HEAD is that commit, and nothing it holds is ignored. Admits what a scan of the
worktree admits. Refuses to write, which nobody asks of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping

from bluefs.adapters.git.run import Runner
from bluefs.adapters.paths import is_hidden_name, is_text
from bluefs.core.errors import Unreadable
from bluefs.core.hints import TYPE_CHECKING, Any, NamedTuple
from bluefs.core.seen import Listing, Paths, Stat

if TYPE_CHECKING:
    from bluefs.adapters.git import Git

_FILE, _LINK = "100", "120"
_NO_STAT = Stat(0, 0, 0, 0)


class Row(NamedTuple):
    mode: str
    blob: str
    path: str


def rows_of_commit(runner: Runner, commit: str) -> Iterator[Row]:
    """Files and links of a commit or tree."""
    out = runner.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit).out
    for line in out.split(b"\0"):
        head, _, name = line.partition(b"\t")
        mode, _, rest = head.decode().partition(" ")
        if name:
            yield Row(mode, rest.rpartition(" ")[2], os.fsdecode(name))


def rows_of_index(runner: Runner) -> Iterator[Row]:
    """Files and links of the index: the one that ``GIT_INDEX_FILE`` names, as it does in a hook
    of ``git commit -a``, else the worktree's. Of a file in conflict, our side."""
    named = os.environ.get("GIT_INDEX_FILE")
    extra = {"GIT_INDEX_FILE": os.path.join(runner.top, named)} if named else {}  # noqa: PTH118
    for line in runner.run("ls-files", "-s", "-z", extra=extra).out.split(b"\0"):
        head, _, name = line.partition(b"\t")
        if name:
            mode, blob, stage = head.decode().split(" ")
            if stage in ("0", "2"):
                yield Row(mode, blob, os.fsdecode(name))


class TreeFiles:
    """``blobs`` gives the bytes of blobs by their ids."""

    def __init__(
        self, rows: Iterable[Row], blobs: Callable[[Iterable[str]], Mapping[str, bytes]]
    ) -> None:
        self.tree: dict[str, str] = {}
        self._links: set[str] = set()
        self._blobs = blobs
        for mode, blob, path in rows:
            if mode.startswith(_FILE) and is_text(path):
                self.tree[path] = blob
            elif mode.startswith(_LINK) and _is_seen(path):
                self._links.add(path)
        self._seen = {path: blob for path, blob in self.tree.items() if _is_seen(path)}

    def survey(self) -> Mapping[str, Listing]:
        names: dict[str, list[str]] = {"": [], **{folder: [] for folder in self.folders()}}
        for path in self._seen:
            folder, _, name = path.rpartition("/")
            names[folder].append(name)
        return {f: Listing(tuple(some), (0,) * 4 * len(some), b"") for f, some in names.items()}

    def scan(self, under: str = "") -> Mapping[str, Stat]:
        inside = f"{under.strip('/')}/" if under.strip("/") else ""
        return {path: _NO_STAT for path in self._seen if path.startswith(inside)}

    def folders(self) -> frozenset[str]:
        """Those that hold a file: Git knows no others."""
        found: set[str] = set()
        for path in self._seen:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def links(self) -> frozenset[str]:
        return frozenset(self._links)

    def paths(self) -> Paths:
        return Paths(self.folders(), [*self._seen], self.links())

    def read(self, path: str) -> bytes | None:
        blob = self.tree.get(path)
        return self._blobs([blob])[blob] if blob is not None else None

    def read_many(self, paths: Iterable[str]) -> Iterator[bytes | Unreadable | None]:
        wanted = [self.tree.get(path) for path in paths]
        data = self._blobs({blob for blob in wanted if blob is not None})
        for blob in wanted:
            yield data[blob] if blob is not None else None

    def stat(self, path: str) -> Stat | None:
        return _NO_STAT if path in self.tree else None


def _is_seen(path: str) -> bool:
    *folders, name = path.split("/")
    hidden = any(is_hidden_name(folder, folder=True) for folder in folders)
    return not hidden and not is_hidden_name(name, folder=False)


class StillGit:
    """A repository seen from a commit (None: from the index, with HEAD where it is)."""

    def __init__(self, git: Git, commit: str | None) -> None:
        self._git, self._commit = git, commit

    def head(self) -> str | None:
        return self._commit or self._git.head()

    def ignored(self, paths: Iterable[str]) -> frozenset[str]:
        return frozenset()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._git, name)
