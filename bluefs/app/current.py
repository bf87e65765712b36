"""The engine keeps the index current, so that the first command after a pull need not read it all.

Owns when: after files or Git have moved, once nothing else is under way, and never for more than a
small share of the time, however many records there are. Refuses to be needed: every command
brings the index up by itself, so what goes wrong here is left to be told by those.
"""

from __future__ import annotations

from bluefs.app.workspace import Library
from bluefs.app.world import World
from bluefs.core.errors import BluefsError

#: Of the engine's time, what the index may take is one part in this many.
SHARE = 20
#: Seconds between two looks at least.
LEAST = 1.0


class IndexKeeper:
    def __init__(self, world: World) -> None:
        self._world = world
        self._wanted = True
        self._not_before = 0.0

    def moved(self) -> None:
        """Something may differ from what the index says."""
        self._wanted = self._world.index is not None

    def step(self, *, rests: bool) -> None:
        """Bring the index up if that is due; ``rests``: no edit is waited for. Raises nothing."""
        clock = self._world.clock
        begun = clock.now()
        if not (rests and self._wanted) or begun < self._not_before or self._world.index is None:
            return
        self._wanted = False
        world = self._world
        try:
            Library(world.files, world.git, world.state, world.index).refresh()
        except BluefsError:
            pass
        self._not_before = clock.now() + max(LEAST, SHARE * (clock.now() - begun))

    def due(self, *, rests: bool) -> float | None:
        """When ``step`` is to be called again, in seconds of the clock."""
        wanted = rests and self._wanted and self._world.index is not None
        return self._not_before if wanted else None
