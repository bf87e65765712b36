"""How kinds say what is wrong, and the few shapes that all of them check alike."""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault
from bluefs.core.hints import Any
from bluefs.core.model import FieldDef
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Code
from bluefs.core.words import has, say

_LONGEST = 60  # characters of a value that a message quotes
_SHOWN = 12  # names that a hint lists


def brief(text: str) -> str:
    """The text for a message: one line, not too long, nothing that a terminal would obey."""
    line = "".join(c if c.isprintable() else " " for c in text[: _LONGEST + 1])
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def names(all_names: Iterable[str]) -> str:
    """A list of names for a hint, cut where it would fill the screen."""
    known = list(all_names)
    shown = ", ".join(brief(name) for name in known[:_SHOWN])
    if len(known) <= _SHOWN:
        return shown
    return say("values.more", shown=shown, count=len(known) - _SHOWN)


def fault(
    code: Code,
    node: Node,
    key: str,
    /,
    *,
    hint: str | None = None,
    mend: str | None = None,
    **fields: Any,
) -> Fault:
    """A Fault with the catalogue's message ``key``; its hint is ``hint``, else what to write
    (``mend``), else the message ``key.hint`` where there is one."""
    if hint is None and mend is not None:
        hint = say("values.write", text=mend)
    if hint is None and has(f"{key}.hint"):
        hint = say(f"{key}.hint", **fields)
    return Fault(code, node, say(key, **fields), hint, mend)


def one_text(field: FieldDef, node: Node) -> str | Fault | None:
    """The text of a node that must be one value: None where it is not set (null or blank), a
    Fault for a list or a map. Empty ones (``[]``) are not set."""
    if isinstance(node, Scalar):
        return None if node.is_null or not node.text.strip() else node.text
    if isinstance(node, Seq) and not node.items:
        return None
    return fault(codes.SHAPE, node, "values.one_value", field=field.key, shape=shape(node))


def shape(node: Node) -> str:
    """``list`` or ``map``, in words."""
    return say("values.shape.map" if isinstance(node, Map) else "values.shape.list")
