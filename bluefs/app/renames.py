"""Which list folders have another name now.

A renamed folder may be followed late by a file that was being written, or could not be read:
its coming is no move either. So renames are remembered until every handled file has come along,
and a folder renamed again before that has the newest name. It refuses to find renames
(``core.identity.renamed_lists`` does).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from bluefs.app.docs import folders_of
from bluefs.app.world import World
from bluefs.core.ports import StateChange


class Renames:
    def __init__(self, world: World) -> None:
        self._world = world

    def known(self) -> dict[str, str]:
        """Old folder -> its name now, of folders that some file has not left yet."""
        note = self._world.state.note("renamed")
        if note is None:
            return {}
        known: dict[str, str] = json.loads(note)
        waited_for = folders_of(self._world.state.all())
        left = {old: new for old, new in known.items() if old in waited_for}
        if left != known:
            self._store(left)
        return left

    def learn(self, found: Mapping[str, str]) -> None:
        """Remember ``found`` (old folder -> new) on top of what is known."""
        if found:
            self._store(joined(self.known(), found))

    def _store(self, renamed: Mapping[str, str]) -> None:
        note = json.dumps(renamed) if renamed else None
        self._world.state.apply(StateChange(notes={"renamed": note}))


def joined(known: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Both as one step: A → B and then B → C is A → C, and B → A is nothing."""
    both = {**followed(known, found), **found}
    return {old: new for old, new in both.items() if old != new}


def followed(known: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """The folders of ``known`` under the names that ``found`` gives them."""
    return {old: found.get(new, new) for old, new in known.items()}
