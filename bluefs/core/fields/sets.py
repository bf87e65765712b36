"""Fields that hold a set: how members stand in a file, on a command line and in a CSV cell.

A file has a list, or one scalar for a set of one; a command line and a cell have commas, with
double quotes around a member that contains one. Members are unique, in the order written.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault
from bluefs.core.fields.faults import fault, shape
from bluefs.core.model import FieldDef
from bluefs.core.nodes import Node, Scalar, Seq
from bluefs.core.patterns import pattern

_MEMBER = pattern(r'\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)')
_SAFE = pattern(r"[^\W\d_][\w.+@-]*(?: [\w.+@-]+)*")
_WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])


def members(field: FieldDef, node: Node) -> list[Scalar] | Fault:
    """The members of a set as they stand in the file; empty ones are left out. A Fault for a
    map or a member that is no scalar."""
    if isinstance(node, Scalar):
        return [] if _is_blank(node) else [node]
    if not isinstance(node, Seq):
        return fault(codes.SHAPE, node, "values.member", field=field.key, shape=shape(node))
    found: list[Scalar] = []
    for item in node.items:
        if not isinstance(item, Scalar):
            return fault(codes.SHAPE, item, "values.member", field=field.key, shape=shape(item))
        if not _is_blank(item):
            found.append(item)
    return found


def _is_blank(node: Scalar) -> bool:
    return node.is_null or not node.text.strip()


def commas(field: FieldDef, node: Scalar) -> Fault:
    """``tags: a, b``: one text where a list was meant."""
    mend = "[" + ", ".join(quote_flow(text) for text in split_members(node.text)) + "]"
    return fault(codes.COMMAS, node, "values.commas", field=field.key, mend=mend)


def quote_flow(text: str) -> str:
    """A member as it may stand in a YAML flow list, read by every reader as that very text."""
    if _SAFE.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    return quote(text)


def quote(text: str) -> str:
    """The text in YAML's double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(c if c.isprintable() else _escape(c) for c in escaped)
    return f'"{plain}"'


def _escape(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def unique(texts: Iterable[str]) -> tuple[str, ...] | None:
    """A set's Value: each once, None for no member at all."""
    return tuple(dict.fromkeys(texts)) or None


def split_members(text: str) -> list[str]:
    """What a person types with commas between: ``a, "b, c"``."""
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _MEMBER.match(text, at)
        if match is None or match.end() == at:
            return [*found, text[at:].strip()]
        quoted, bare = match.groups()
        member = bare if quoted is None else quoted.replace('""', '"')
        if quoted is not None or member:
            found.append(member)
        at = match.end()
    return found


def join_members(texts: Iterable[str]) -> str:
    """`split_members` of it gives the same members."""
    return ", ".join(_cell(text) for text in texts)


def _cell(text: str) -> str:
    if text and text == text.strip() and "," not in text and not text.startswith('"'):
        return text
    return '"' + text.replace('"', '""') + '"'
