"""What came of an edit by hand: the events in it.

Also what becomes of it where somebody else saved the file meanwhile: both changes, field by
field, or nothing. A person's own text is never thrown away here.
"""

from __future__ import annotations

from bluefs.app.commands.plan import Scene, Step
from bluefs.core.codec.record import read_record, read_whole
from bluefs.core.diff import diff
from bluefs.core.edit import EditRefused
from bluefs.core.frozen import dataclass, replace
from bluefs.core.merge import merge_record, same_record
from bluefs.core.model import Event, Record
from bluefs.core.rewrite import rewrite


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


def merged(scene: Scene, step: Step, now: bytes) -> Step | None:
    """The edit on top of what stands there ``now``; None where the two do not go together (one
    of them cannot be read, or both changed the same)."""
    assert step.before is not None and step.after is not None
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
    return Step(step.path, now, step.path, out, step.was, seen)
