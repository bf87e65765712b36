"""Lane one's judgement of one edit: what rules make of it here and now, and what may be written.

Owns the law of the two lanes (`settle.tells_the_same`): where writing would hide an event from
the shared history, the edit stands as it is. Refuses to write (``write`` does).
"""

from __future__ import annotations

from bluefs.app.docs import free_path
from bluefs.app.world import World
from bluefs.core.codec.record import read_record
from bluefs.core.edit import EditRefused
from bluefs.core.frozen import dataclass, replace
from bluefs.core.model import Config, Context, Record
from bluefs.core.ports import Pending
from bluefs.core.rewrite import rewrite, target_path
from bluefs.core.settle import Settled, same_state, settle, tells_the_same


@dataclass(slots=True)
class LaneOne:
    """Settling one edit here and now."""

    world: World
    config: Config
    context: Context

    def settle(
        self, before: Record | None, edit: Record, head: Record | None
    ) -> tuple[Settled, Record]:
        """(what the rules make of it, the state to write: the edit itself where nothing may
        be written yet)."""
        rules = self.config.rules.get(edit.project, ())
        project = self.config.projects.get(edit.project)
        settled = settle(before, edit, rules, self.context, project)
        result = settled.record
        if result is None or same_state(result, edit):
            return settled, edit
        if tells_the_same(head, edit, result, rules, self.context, project):
            return settled, result
        return settled, edit

    def pending(self, path: str, data: bytes, edit: Record, wanted: Record) -> Pending | None:
        """What is to be written for the file to say ``wanted``."""
        if same_state(wanted, edit):
            return None
        target = target_path(
            edit, wanted, self.world.files.folders() if edit.list != wanted.list else ()
        )
        if target != path:
            taken = self.world.files.scan(target.rpartition("/")[0])
            target = free_path(target, set(taken) | set(self.world.state.all()))
        current = read_record(path, data, self.config).record
        assert current is not None
        try:
            out = rewrite(data, current, wanted, self.config)
        except EditRefused:
            return None
        return Pending(path, data, target, out, "lane one")

    def good(self, data: bytes, edit: Record) -> bytes:
        """The bytes of the state in force: the file's own, with what nobody can read replaced
        by what was there before."""
        if not edit.bad:
            return data
        try:
            return rewrite(
                data,
                replace(
                    edit,
                    values={k: v for k, v in edit.values.items() if k not in edit.bad},
                    bad=frozenset(),
                ),
                edit,
                self.config,
            )
        except EditRefused:
            return data
