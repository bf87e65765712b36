"""Index files: a private one to build trees in, and the user's, of which little is touched.

Owns every read and write of an index. The user's index changes only for paths that we
committed and only while their entries are as the commit's parent had them: what a person
staged stays staged. Refuses to take ``index.lock`` itself: killed at the wrong moment it
would leave the lock, and every Git command in the worktree would stop.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bluefs.adapters.git import read
from bluefs.adapters.git.read import Entry
from bluefs.adapters.git.run import Runner
from bluefs.core.errors import Blocked
from bluefs.core.frozen import dataclass

GONE: Entry = ("0", "")


@contextmanager
def private(runner: Runner, tree: str | None, *, stats: bool = False) -> Iterator[dict[str, str]]:
    """The environment of an index of our own that holds ``tree`` (None: nothing).

    ``stats`` starts from a copy of the user's index: ``read-tree --reset`` then keeps what it
    knows of unchanged files, and ``git commit`` does not hash the whole worktree again."""
    folder = ours(runner)
    path = folder / f"index-{os.getpid()}-{os.urandom(4).hex()}"
    env = {"GIT_INDEX_FILE": str(path)}
    try:
        if stats and tree is not None:
            with suppress(FileNotFoundError):
                path.write_bytes(Path(runner.git_dir, "index").read_bytes())
        what = ("--empty",) if tree is None else ("--reset", tree)
        runner.run("read-tree", *what, extra=env)
        yield env
    finally:
        for name in (path, path.with_name(path.name + ".lock")):
            name.unlink(missing_ok=True)


def ours(runner: Runner) -> Path:
    """The folder of our own in the worktree's Git directory."""
    folder = Path(runner.git_dir, "bluefs")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Blocked("errors.git.denied", what="mkdir", output=str(error), status=-1) from error
    return folder


def put(runner: Runner, changes: Mapping[str, Entry], env: Mapping[str, str] | None = None) -> None:
    """Set entries (``GONE`` removes one), in the user's index unless ``env`` names another."""
    rows = []
    for path, (mode, blob) in changes.items():
        name = os.fsencode(path)
        rows.append(f"{mode} {blob or '0' * runner.hex_size}\t".encode() + name + b"\0")
    runner.run("update-index", "-z", "--index-info", data=b"".join(rows), extra=env)


def write_tree(runner: Runner, env: Mapping[str, str]) -> str:
    return runner.run("write-tree", extra=env).line


@dataclass(frozen=True, slots=True)
class Follow:
    """A commit whose paths the user's index has yet to follow. Kept in a file, because a kill
    between the two would leave these paths looking as if a person had staged their reverse."""

    parent: str | None
    paths: tuple[str, ...]


def note_follow(runner: Runner, follow: Follow) -> None:
    _follow_file(runner).write_text(
        json.dumps({"parent": follow.parent, "paths": follow.paths}), encoding="utf-8"
    )


def noted_follow(runner: Runner) -> Follow | None:
    try:
        found = json.loads(_follow_file(runner).read_text(encoding="utf-8"))
        return Follow(found["parent"], tuple(found["paths"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget_follow(runner: Runner) -> None:
    _follow_file(runner).unlink(missing_ok=True)


def untouched(runner: Runner, follow: Follow, empty: str) -> list[str]:
    """Those of the paths that nobody has staged since the commit's parent."""
    staged = read.index_differences(runner, follow.parent or empty)
    return [path for path in follow.paths if path not in staged]


def follow_head(runner: Runner, paths: Iterable[str], head: Mapping[str, Entry]) -> None:
    """Give the user's index HEAD's entries at these paths. Raises Blocked(errors.git.lock)
    while another Git holds it."""
    put(runner, {path: head.get(path, GONE) for path in paths})
    # Without it each of our paths would be hashed again by every later commit (exit 1 says
    # that some file differs, which is no failure).
    runner.run("update-index", "-q", "--refresh", ok=(0, 1))


def _follow_file(runner: Runner) -> Path:
    return ours(runner) / "follow.json"
