"""What keeps a command from writing where each file by itself would let it.

A record in an ignored folder would be on no other machine and in no history, and nobody would be
told. In a locked list records are edited one by one: bulk actions are off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.app.commands.plan import Step
from bluefs.app.workspace import Snapshot
from bluefs.core.errors import Refused
from bluefs.core.layout import place
from bluefs.core.model import Config
from bluefs.core.ports import Git


def check_kept(paths: Iterable[str], config: Config, git: Git) -> None:
    """Raises Refused for the first path that Git or ``ignore:`` of bluefs.yaml leaves out."""
    wanted = sorted(set(paths))
    hidden = next((p for p in wanted if place(p, config).kind == "hidden"), None)
    if hidden is not None:
        raise Refused("writing.hidden", path=hidden)
    ignored = git.ignored(wanted) if wanted else frozenset()
    if ignored:
        raise Refused("writing.ignored", path=min(ignored))


def check_bulk(snapshot: Snapshot, steps: Sequence[Step]) -> None:
    """Raises Refused where one of several records that are to change is in a locked list."""
    wanted = [step for step in steps if step.changed and step.was is not None]
    if len(wanted) < 2:
        return
    for step in wanted:
        record = step.was
        if record is not None and record.list is not None:
            one = snapshot.project(record).list_of(record.list)
            if one.locked:
                raise Refused("writing.bulk", list=one.key, path=record.path)
