"""The workspace's settings, from the worktree or from a commit, read again only where a
configuration file has changed. A file that cannot be read leaves its last good state in force.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from bluefs.app.world import World
from bluefs.core.config import Loaded, is_config, load_config
from bluefs.core.ports import Stat


class WorktreeSettings:
    """The configuration as it stands on disk."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen: dict[str, Stat | None] = {}
        self._loaded: Loaded | None = None

    def load(self, scan: Mapping[str, Stat] | None = None) -> Loaded:
        """The current settings; ``scan`` saves a stat of each known file."""
        if scan is not None:
            now: dict[str, Stat | None] = {p: s for p, s in scan.items() if is_config(p)}
        else:
            now = {p: self._world.files.stat(p) for p in self._seen}
        if self._loaded is None or now != self._seen:
            self._seen = now
            folders = self._world.files.folders()
            self._loaded = load_last_good(self._read(now), self._last_good, folders)
        return self._loaded

    def touch_if_config(self, path: str) -> None:
        """``path`` may have appeared: if it is configuration, look at it from now on."""
        if is_config(path):
            self._seen.setdefault(path, None)

    def _read(self, paths: Mapping[str, Stat | None]) -> dict[str, bytes]:
        read = ((p, self._world.files.read(p)) for p in paths)
        return {p: data for p, data in read if data is not None}

    def _last_good(self, path: str) -> bytes | None:
        handled = self._world.state.get(path)
        return handled.data if handled is not None else None


def load_last_good(
    files: Mapping[str, bytes],
    last_good: Callable[[str], bytes | None],
    folders: Collection[str] = (),
    *,
    rules: bool = True,
) -> Loaded:
    """Load; where files are broken, load again with their last good bytes, keeping the
    Problems of the broken ones. ``folders`` are those of the workspace: a list needs no more.
    ``rules`` as ``load_config`` has it."""
    loaded = load_config(files, folders, rules=rules)
    if not loaded.broken:
        return loaded
    mended = dict(files)
    for path in loaded.broken:
        good = last_good(path)
        if good is not None:
            mended[path] = good
    config = load_config(mended, folders, rules=rules).config
    return Loaded(config, loaded.problems, loaded.broken, loaded.too_new)


class CommitSettings:
    """The configuration of commits, remembered by the blobs it is made of."""

    def __init__(self, world: World) -> None:
        self._git = world.git
        self._known: dict[frozenset[tuple[str, str]], Loaded] = {}

    def load(self, tree: Mapping[str, str]) -> Loaded:
        """``tree`` is path -> blob of the commit."""
        blobs = {p: b for p, b in tree.items() if is_config(p)}
        key = frozenset(blobs.items())
        if key not in self._known:
            if len(self._known) > 32:
                self._known.clear()
            data = self._git.blobs(set(blobs.values()))
            folders = {path.rpartition("/")[0] for path in tree}
            self._known[key] = load_config({p: data[b] for p, b in blobs.items()}, folders)
        return self._known[key]
