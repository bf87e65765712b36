"""Writing a rule's result into a file that a person may be editing at the same moment.

What is to be written is a ``Pending``: the file as it was when the rule fired and as it is to
become. Where the file is still the former, it becomes the latter; where a person has saved
something else meanwhile, only the fields they left alone are written (a three-way merge, theirs
first). Pendings stand in the state store until they are done, so a kill loses none.
"""

from __future__ import annotations

import hashlib

from bluefs.app.world import World
from bluefs.core.codec.record import read_record
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Changed
from bluefs.core.frozen import replace
from bluefs.core.identity import written_id
from bluefs.core.merge import rebase
from bluefs.core.model import Config
from bluefs.core.ports import Handled, Pending, StateChange
from bluefs.core.rewrite import rewrite

#: A save is refused if the file changed since it was read; then it is read again. A person
#: saving faster than this is not a person.
_TRIES = 20


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def apply_pending(world: World, pending: Pending, config: Config) -> bool:
    """Write it and store the result as handled, so that it comes round as no change. False
    where there is nothing to write to any more (the person moved, deleted or broke the
    file): the pending is given up, and what it wanted is found again in the shared history."""
    written: tuple[bytes, bytes] | None = None
    for _ in range(_TRIES):
        try:
            written = _write(world, pending, config)
            break
        except Changed:
            continue
        except EditRefused:
            break
    change = StateChange(done=[pending])
    if written is not None:
        change.put.append(_handled(world, pending, config, *written))
        if pending.path != pending.target_path:
            change.drop.append(pending.path)
    world.state.apply(change)
    return written is not None


def _write(world: World, pending: Pending, config: Config) -> tuple[bytes, bytes] | None:
    """(what stood there, what stands there now), None where there is nothing to write to."""
    disk = world.files.read(pending.path)
    if disk is None:
        if pending.path == pending.target_path or world.state.get(pending.target_path):
            return None  # gone, or a person has moved it to that very place, which was handled
        done = world.files.read(pending.target_path)
        return (done, done) if done is not None else None
    out = pending.target if disk == pending.base else rebased(disk, pending, config)
    if out is None:
        return None
    world.commands.follow(pending.path, pending.target_path, disk, out)
    if out != disk:
        world.files.write(pending.path, out, disk)
    if pending.target_path != pending.path:
        world.files.move(pending.path, pending.target_path, out)
    return disk, out


def rebased(data: bytes, pending: Pending, config: Config) -> bytes | None:
    """``data`` with the rule's changes to the fields it left alone; None if it cannot be
    read. Raises EditRefused."""
    base = read_record(pending.path, pending.base, config).record
    now = read_record(pending.path, data, config).record
    target = read_record(pending.target_path, pending.target, config).record
    if base is None or now is None or target is None:
        return None
    wanted = rebase(base, now, target)
    also = {"id": target.id} if target.id and target.id != base.id else None
    return None if wanted is None else rewrite(data, now, wanted, config, also)


def _handled(world: World, pending: Pending, config: Config, disk: bytes, out: bytes) -> Handled:
    """The handled state with the rule's changes in it: whatever else stands on disk is a
    person's, and will be seen as theirs."""
    old = world.state.get(pending.path) or Handled(
        pending.path, pending.base, sha256(pending.base), None
    )
    data = pending.target
    if old.data != pending.base:
        data = rebased(old.data, pending, config) or old.data
    known = sha256(disk) == old.sha
    before, after = written_id(pending.base), written_id(data)
    return replace(
        old,
        path=pending.target_path,
        data=data,
        record=old.record if before == after else after,
        sha=sha256(out) if known else sha256(data),
        stat=None,  # taken after the write it could hide a save that came in between
        committed=False,
    )
