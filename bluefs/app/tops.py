"""The first position in a list, for rules that move a record to the top.

Both lanes ask it, each of the files it knows: the handled ones, those of a commit. It reads the
list's files, and of these only the ones that name a position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bluefs.core.codec.record import read_record
from bluefs.core.layout import place
from bluefs.core.model import Config, Record
from bluefs.core.position import is_position


def first_position(
    record: Record, paths: Iterable[str], read: Callable[[str], bytes], config: Config
) -> str | None:
    """The smallest position of the other records in this record's list, None where none has
    one. ``read`` gives the bytes of a path."""
    found: list[str] = []
    for path in paths:
        spot = place(path, config)
        if (spot.kind, spot.project, spot.list) != ("record", record.project, record.list):
            continue
        data = read(path)
        other = read_record(path, data, config).record if b"position" in data else None
        if other is None or other.name == record.name or path == record.path:
            continue
        position = other.values.get("position")
        if isinstance(position, str) and is_position(position):
            found.append(position)
    return min(found, default=None)
