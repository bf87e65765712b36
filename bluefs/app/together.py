"""What goes into one commit though its parts fall due apart.

A renamed list is one step: its records, the other files of its folder, and what the command wrote
that renamed it (settings, rules, records that name its paths). So is a renamed tag, field or
person: in between, records would hold names that the settings do not. A project that went, or has
another name, is one too: its records, settings, templates. Refuses to hurry a person's own
edits: only what has gone, moved along or came from a command is taken before its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bluefs.app.docs import declared_folders, folders_of
from bluefs.app.head import Head
from bluefs.app.world import World
from bluefs.core.config import is_config, project_file
from bluefs.core.frozen import dataclass, field
from bluefs.core.identity import paired, renamed_lists
from bluefs.core.model import Config, Event, Record
from bluefs.core.ports import Handled
from bluefs.core.renaming.between import Renamed, renamed_between
from bluefs.core.words import plural, say

KEEP = "/.gitkeep"


@dataclass(frozen=True, slots=True)
class Whole:
    """What a commit does as a whole: ``lists`` that were renamed (folder -> its name now),
    ``projects`` of HEAD that are gone (key -> name), and ``names`` that settings have swapped."""

    lists: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)
    names: tuple[Renamed, ...] = ()

    def steps(self, batch: Batch, config: Config) -> list[str]:
        """A line for each."""
        paths = [b.path for b, after, _ in batch.records if b is not None and after is None]
        lines = []
        for key, name in self.projects.items():
            count = sum(path.startswith(f"{key}/") for path in paths)
            if count:
                lines.append(plural("engine.commit.project", count, name=name or key))
        for old, new in sorted(self.lists.items()):
            names = {"old": old.rpartition("/")[2], "new": new.rpartition("/")[2]}
            moved = names["old"] == names["new"]  # its project has another name
            lines.append(
                say("engine.commit.list", **({"old": old, "new": new} if moved else names))
            )
        return [*lines, *self._swapped(batch, config)]

    def _swapped(self, batch: Batch, config: Config) -> Iterator[str]:
        """A rename whose settings are not in this commit is told in the one they are in."""
        for one in self.names:
            files = [project_file(key) for key in one.projects] or ["bluefs.yaml"]
            if batch.changes.keys().isdisjoint(files):
                continue
            where = ", ".join(config.projects[key].name or key for key in one.projects)
            count = sum(one.concerns(events) for _, _, events in batch.records)
            names = {"where": where, "old": one.old, "new": one.new}
            if count:
                yield plural(f"engine.commit.{one.kind}", count, **names)
            else:
                yield say(f"engine.commit.{one.kind}.none", **names)


@dataclass(slots=True)
class Batch:
    """What one commit will hold."""

    changes: dict[str, bytes | None] = field(default_factory=dict)
    rows: list[Handled] = field(default_factory=list)
    records: list[tuple[Record | None, Record | None, tuple[Event, ...]]] = field(
        default_factory=list
    )
    others: list[str] = field(default_factory=list)
    whole: Whole = field(default_factory=Whole)
    saved: float = 0.0


class Together:
    """Looked at once for each commit; ``dirty`` are the paths that HEAD does not have as they
    were handled."""

    def __init__(self, world: World, head: Head, dirty: Iterable[str]) -> None:
        self._world, self._head, self._dirty = world, head, frozenset(dirty)
        self._rows = world.state.all()

    def whole(self, due: set[str], config: Config) -> Whole:
        """What these paths, which are due, are part of."""
        return Whole(self._lists(due), dict(self._projects(due)), self._names(config))

    def _names(self, config: Config) -> tuple[Renamed, ...]:
        """Of settings that are on their way into HEAD."""
        if not any(is_config(path) for path in self._dirty):
            return ()
        return renamed_between(self._head.config(), config)

    def early(self, due: set[str], config: Config) -> set[str]:
        """Of these, what has gone with a project whose records nobody has handled as gone yet
        (the brake may be on): it goes with them."""
        gone = {p for p in due if p not in self._rows}
        homes = {k for p in gone if (home := config.project_of(p)) is not None and (k := home.key)}
        starts = tuple(f"{key}/" for key in homes if self._is_going(key))
        return {path for path in gone if starts and path.startswith(starts)}

    def _is_going(self, key: str) -> bool:
        if self._world.files.stat(project_file(key)) is not None:
            return False
        return any(row.record and path.startswith(f"{key}/") for path, row in self._rows.items())

    def along(self, whole: Whole) -> set[str]:
        """The paths that go with it."""
        starts = tuple(f"{key}/" for key in (*whole.projects, *whole.lists, *whole.lists.values()))
        if not starts and not whole.names:
            return set()
        return {path for path in self._dirty if self._follows(path, starts, whole)}

    def _follows(self, path: str, starts: tuple[str, ...], whole: Whole) -> bool:
        row = self._rows.get(path)
        if row is None:
            return bool(starts) and path.startswith(starts)
        if starts and (row.origin or "").startswith(starts) and row.origin != path:
            return True
        if starts and path.endswith(KEEP) and path.startswith(starts):
            return True
        return bool(whole.lists or whole.names) and self._world.commands.wrote(path, row.sha)

    def _lists(self, due: set[str]) -> Mapping[str, str]:
        left = {old for path in due if (old := self._left(path)) is not None}
        if not left:
            return {}
        folders = self._world.files.folders()
        if left <= folders:
            return {}
        before = folders_of(self._head.tree) | declared_folders(self._head.config())
        kept = [(old, new) for old, new in self._moved() if old in self._head.tree]
        return renamed_lists(paired(kept, ()), before, folders)

    def _left(self, path: str) -> str | None:
        """The list's folder that this path has left."""
        row = self._rows.get(path)
        if row is None:
            return path.removesuffix(KEEP) if path.endswith(KEEP) else None
        old = row.origin.rpartition("/")[0] if row.origin is not None else ""
        return old if old and old != path.rpartition("/")[0] else None

    def _moved(self) -> Iterator[tuple[str, str]]:
        """(path in HEAD, path now) of every record; an empty list's ``.gitkeep`` counts where
        one alone went and one alone came."""
        for row in self._rows.values():
            if row.origin is not None:
                yield row.origin, row.path
        gone = [p for p in self._dirty if p.endswith(KEEP) and p not in self._rows]
        came = [row for row in map(self._rows.get, self._dirty) if row is not None and _is_new(row)]
        if len(gone) == len(came) == 1 and not self._holds(gone[0].removesuffix(KEEP)):
            yield gone[0], came[0].path

    def _holds(self, folder: str) -> bool:
        """Whether HEAD has more in it than its ``.gitkeep``."""
        return any(p.startswith(f"{folder}/") and not p.endswith(KEEP) for p in self._head.tree)

    def _projects(self, due: set[str]) -> Iterator[tuple[str, str]]:
        """Of HEAD, whose file is gone."""
        gone = [path for path in due if "/" in path and path not in self._rows]
        for key, project in self._head.config().projects.items() if gone else ():
            inside = key and any(path.startswith(f"{key}/") for path in gone)
            if inside and self._world.files.stat(project_file(key)) is None:
                yield key, project.name


def _is_new(row: Handled) -> bool:
    return row.path.endswith(KEEP) and row.origin is None
