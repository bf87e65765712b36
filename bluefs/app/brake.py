"""The brake: a folder that vanished is no order to forget everything.

Nothing is handled while ``bluefs.yaml`` or the repository is missing or another disk is
mounted at the root. And where more than ten *and* over a quarter of the workspace's records,
or a whole project, are deleted at once and not by a commit, everything pauses until somebody
says which it is: ``resume --accept`` or ``resume --restore``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from bluefs.app.reports import Stopped
from bluefs.app.settings import CommitSettings
from bluefs.app.world import World
from bluefs.core.layout import place
from bluefs.core.model import Config
from bluefs.core.ports import StateChange

MANY = 10
SHARE = 4  # a quarter

_PAUSED = "paused"
_ACCEPTED = "accepted"


class Brake:
    def __init__(self, world: World) -> None:
        self._world = world
        self._anchor: str | None = None

    def anchored(self) -> bool:
        """Whether the workspace is there, on the disk it was on."""
        anchor = self._world.files.anchor()
        if self._anchor is None:
            self._anchor = anchor
        return anchor is not None and anchor == self._anchor

    def paused(self) -> Stopped | None:
        paths = paused_paths(self._world)
        return Stopped("engine.paused", {"count": len(paths)}) if paths else None

    def holds(self, deleted: Collection[str], records: Collection[str], config: Config) -> bool:
        """Whether these deletions, among all ``records`` (paths, the deleted ones too), stop
        everything. Remembers that they do."""
        if not deleted or not self._too_many(set(deleted), records, config):
            return False
        accepted = set(json.loads(self._world.state.note(_ACCEPTED) or "[]"))
        if set(deleted) <= accepted:
            self._world.state.apply(StateChange(notes={_ACCEPTED: None}))
            return False
        self._world.state.apply(StateChange(notes={_PAUSED: json.dumps(sorted(deleted))}))
        return True

    def _too_many(self, deleted: set[str], records: Collection[str], config: Config) -> bool:
        if len(deleted) > MANY and len(deleted) * SHARE > len(records):
            return True
        if len(deleted) < 2:
            return False
        left: Mapping[str, int] = _by_project(set(records) - deleted, config)
        gone = [project for project in _by_project(deleted, config) if not left.get(project)]
        return any(not self._has_records(project) for project in gone)

    def _has_records(self, project: str) -> bool:
        """Whether files nobody has handled yet stand there: then it is not the project that
        went."""
        return any(path.endswith(".md") for path in self._world.files.scan(project))


def _by_project(paths: Collection[str], config: Config) -> dict[str, int]:
    counts: dict[str, int] = {}
    for path in paths:
        project = config.project_of(path)
        key = project.key if project is not None else path.partition("/")[0]
        counts[key] = counts.get(key, 0) + 1
    return counts


def paused_paths(world: World) -> tuple[str, ...]:
    """The records whose deletion paused the engine."""
    return tuple(json.loads(world.state.note(_PAUSED) or "[]"))


def accept(world: World) -> int:
    """The deletions were meant. Returns how many."""
    paths = paused_paths(world)
    world.state.apply(StateChange(notes={_PAUSED: None, _ACCEPTED: json.dumps(paths)}))
    return len(paths)


def restore(world: World) -> tuple[str, ...]:
    """Write the last good state of every one of them back, and what else of their projects is
    committed and gone: an empty list is its ``.gitkeep``. Returns the paths of the records
    written. Raises Changed, Unwritable; another try then writes what is still missing."""
    written = []
    paths = paused_paths(world)
    for path in paths:
        row = world.state.get(path)
        if row is not None and world.files.read(path) is None:
            world.files.write(path, row.data, None)
            written.append(path)
    _restore_around(world, paths)
    world.state.apply(StateChange(notes={_PAUSED: None}))
    return tuple(written)


def _restore_around(world: World, paths: Collection[str]) -> None:
    """Lists without records, settings, templates, attachments, as HEAD has them. A record that
    did not pause the engine was deleted by itself, and stays so."""
    head = world.git.head()
    if head is None or not paths:
        return
    tree = world.git.tree(head)
    config = CommitSettings(world).load(tree).config
    projects = {project.key for p in paths if (project := config.project_of(p)) is not None}
    lost = {
        path: blob for path, blob in tree.items()
        if (project := config.project_of(path)) is not None and project.key in projects
        and place(path, config).kind != "record" and world.files.stat(path) is None
    }  # fmt: skip
    data = world.git.blobs(set(lost.values()))
    for path, blob in sorted(lost.items()):
        if world.files.read(path) is None:
            world.files.write(path, data[blob], None)
