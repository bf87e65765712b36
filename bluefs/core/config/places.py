"""Where in a settings file an entry stands, for who finds a fault there later on."""

from __future__ import annotations

from collections.abc import Sequence

from bluefs.core.codec.compose import examine
from bluefs.core.codec.text import YAML_LIMIT, Decoded, decode
from bluefs.core.matching import nfc
from bluefs.core.nodes import Map, Node, Scalar


def place_of_key(data: bytes, keys: Sequence[str]) -> tuple[int, int, int]:
    """Line, column and end of the last of these keys that is there, each inside the one before;
    of the file's beginning where none is."""
    decoded = decode(data, YAML_LIMIT)
    node: Node | None = examine(decoded.text).node if isinstance(decoded, Decoded) else None
    found = (1, 1, 1)
    for name in keys:
        entries = node.entries if isinstance(node, Map) else ()
        key, node = next(((k, v) for k, v in entries if nfc(k.text) == name), (None, None))
        if not isinstance(key, Scalar):
            break
        found = key.line, key.column, max(key.end_column, key.column)
    return found


def first_difference(old: bytes, new: bytes) -> tuple[int, int, int]:
    """Line, column and end of the first line at which two files differ, within the new one; the
    indent is no part of it."""
    before, after = old.split(b"\n"), new.split(b"\n")
    pairs = enumerate(zip(before, after), 1)
    last = max(1, min(len(before) + 1, len(after)))
    number = next((number for number, (one, other) in pairs if one != other), last)
    text = after[number - 1].decode("utf-8", "replace").removeprefix("\ufeff").rstrip()
    return number, len(text) - len(text.lstrip()) + 1, len(text) + 1
