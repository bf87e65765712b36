"""An option of a field in project.yaml written by bluefs itself (``last`` of a numbered field).

One splice, proven as all edits are: the text is read again and must say what it said, and the
option. Whatever layout a person has given the field stays: one word, braces, lines of its own.
"""

from __future__ import annotations

from bluefs.core.codec.compose import Malformed, compose
from bluefs.core.codec.text import Decoded, Lines, decode
from bluefs.core.edit.refused import EditRefused
from bluefs.core.edit.splice import Splice, apply_splices
from bluefs.core.nodes import Map, Node, Seq

_LIMIT = 4 * 1024 * 1024  # bytes: docs/format.md, "Limits"


def with_option(data: bytes, field: str, option: str, value: str) -> bytes:
    """A project.yaml in which the field's option is ``value``, a plain scalar. Raises EditRefused
    where the file cannot be read, has no such field or cannot be changed in one place."""
    decoded = decode(data, _LIMIT)
    if not isinstance(decoded, Decoded):
        raise EditRefused(
            "errors.edit.unreadable",
            line=decoded.line, column=decoded.column, message=decoded.message, hint=decoded.hint,
        )  # fmt: skip
    before = _composed(decoded.text)
    node = _field(before, field)
    if node is None:
        raise EditRefused("errors.edit.unsafe", name=field)
    out = apply_splices(decoded.text, [_splice(decoded, node, option, value)])
    if _meaning(_composed(out)) != _wanted(_meaning(before), field, option, value):
        raise EditRefused("errors.edit.unsafe", name=field)
    return (b"\xef\xbb\xbf" if decoded.bom else b"") + out.encode()


def _composed(text: str) -> Node | None:
    try:
        return compose(text)
    except Malformed as broken:
        raise EditRefused(
            "errors.edit.unreadable",
            line=broken.line, column=broken.column, message=broken.message, hint="",
        ) from None  # fmt: skip


def _field(node: Node | None, field: str) -> Node | None:
    fields = node.get("fields") if isinstance(node, Map) else None
    return fields.get(field) if isinstance(fields, Map) else None


def _splice(decoded: Decoded, node: Node, option: str, value: str) -> Splice:
    lines = Lines(decoded.text)
    start = lines.offset(node.line, node.column)
    end = lines.offset(node.end_line, node.end_column)
    if not isinstance(node, Map):
        return Splice(start, end, f"{{type: {decoded.text[start:end]}, {option}: {value}}}")
    there = node.get(option)
    if there is not None:
        return Splice(
            lines.offset(there.line, there.column), lines.offset(there.end_line, there.end_column),
            value,
        )  # fmt: skip
    if not node.entries:
        return Splice(start, end, f"{{{option}: {value}}}")
    first, last = node.entries[0][0], node.entries[-1][1]
    if node.flow:
        behind = lines.offset(last.end_line, last.end_column)
        return Splice(behind, behind, f", {option}: {value}")
    at = lines.offset(last.end_line, last.end_column)
    whole = decoded.text.find("\n", at)
    at, tail = (whole + 1, decoded.newline) if whole >= 0 else (len(decoded.text), "")
    head = "" if tail else decoded.newline
    return Splice(at, at, f"{head}{' ' * (first.column - 1)}{option}: {value}{tail}")


def _meaning(node: Node | None) -> object:
    if isinstance(node, Map):
        return {key.text: _meaning(value) for key, value in node.entries}
    if isinstance(node, Seq):
        return [_meaning(item) for item in node.items]
    return None if node is None or node.is_null else node.text


def _wanted(before: object, field: str, option: str, value: str) -> object:
    """What the file must say afterwards."""
    assert isinstance(before, dict)
    fields = dict(before["fields"])
    own = fields[field]
    fields[field] = {**(own if isinstance(own, dict) else {"type": own}), option: value}
    return {**before, "fields": fields}
