"""Which moment of the workspace a command looks at: its files, Git's index, or a commit."""

from __future__ import annotations

from bluefs.app.workspace import Library
from bluefs.cli.base import App
from bluefs.core.errors import Refused


def library_of(app: App, staged: bool, at: str | None, *, writes: bool = False) -> Library:
    """The files; with ``staged`` what the index holds, with ``at`` what that commit does. Both are
    only read, so ``writes`` goes with neither. Raises Refused, Blocked."""
    if not staged and at is None:
        return app.library
    if writes or (staged and at is not None):
        raise Refused("changes.together", one="--at" if at is not None else "--staged",
                      other="--fix" if writes else "--staged")  # fmt: skip
    app.bare = at is not None
    return app.home.still_library(None if at is None else commit_of(app, at))


def commit_of(app: App, name: str) -> str:
    """The id of a commit as people name it (``main``, ``HEAD~3``, ``1a2b3c4``). Raises Refused."""
    sound = name and name.isprintable() and " " not in name and not name.startswith("-")
    found = app.home.git.resolve(name) if sound else None
    if found is None:
        raise Refused("changes.no_commit", name=name)
    return found


def span_of(app: App, library: Library, since: str) -> tuple[str, str]:
    """The two commits between which changes are looked at (`app.since.base_of`). Raises Refused,
    Blocked."""
    from bluefs.app.since import base_of

    return base_of(library.git, commit_of(app, since), since)
