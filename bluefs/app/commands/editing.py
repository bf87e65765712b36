"""What came of an edit by hand: the events in it.

Also what becomes of a change where somebody else (a person, the engine) saved the file
meanwhile: both changes, field by field, or nothing. A person's own text is never thrown away here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bluefs.app.commands.plan import Scene, Step
from bluefs.core.codec.record import read_record, read_whole
from bluefs.core.diff import diff
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Changed
from bluefs.core.frozen import dataclass, replace
from bluefs.core.merge import merge_record, same_record
from bluefs.core.model import Event, Record
from bluefs.core.rewrite import rewrite

Read = Callable[[str], bytes | None]
Find = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``record`` None: the file cannot be read as it is now."""

    record: Record | None
    events: tuple[Event, ...] = ()


def outcome(scene: Scene, step: Step, before: Record) -> Outcome:
    """What changed from ``before`` to what the step left."""
    assert step.after is not None
    config = scene.snapshot.config
    reading = read_whole(step.path, step.after, config)
    after = reading.record if not reading.empty else None
    if after is None:
        return Outcome(None)
    after = replace(after, id=after.id or before.id)
    return Outcome(after, diff(before, after, scene.project(before)))


def again(scene: Scene, steps: Sequence[Step], read: Read, find: Find) -> list[Step]:
    """The steps once more, on what stands there now; ``find`` says where the record of an id
    is. Raises Changed where somebody has touched what one of them changes."""
    return [_again(scene, step, read, find) if step.changed else step for step in steps]


def _again(scene: Scene, step: Step, read: Read, find: Find) -> Step:
    if step.before is None:
        return step
    now, was = read(step.path), step.was
    if now is None and step.to == step.path and was is not None and was.id is not None:
        path = find(was.id) or step.path
        step, now = replace(step, path=path, to=path), read(path)
    elif now == step.before:
        return step
    found = merged(scene, step, now) if now is not None else None
    if found is None:
        raise Changed(f"errors.changed.{'gone' if now is None else 'bytes'}", path=step.path)
    return found


def merged(scene: Scene, step: Step, now: bytes) -> Step | None:
    """The change on top of what stands there ``now``; None where the two do not go together (one
    of them cannot be read, or both changed the same), or where nothing was to stay."""
    if step.before is None or step.after is None or step.to is None:
        return None
    config = scene.snapshot.config
    base, disk, target = (
        read_record(step.path, data, config).record for data in (step.before, now, step.after)
    )
    if base is None or disk is None or target is None:
        return None
    both = merge_record(base, disk, target, prefer="ours")
    if both.record is None or both.losers:
        return None
    try:
        out = rewrite(now, disk, both.record, config)
    except EditRefused:
        return None
    seen = read_record(step.path, out, config).record
    if seen is None or not same_record(seen, both.record):
        return None
    id = seen.id or (step.was.id if step.was is not None else None)
    here = replace(seen, id=id, path=step.to)
    after = read_whole(step.to, out, config).record
    return Step(step.path, now, step.to, out, replace(disk, id=id), replace(after or here, id=id))
