"""The built-in key ``blocked_by``."""

from __future__ import annotations

from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.setlike import TextSet
from bluefs.core.fields.sets import split_members
from bluefs.core.fields.text import ANY_SCALAR
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar, Seq
from bluefs.core.patterns import pattern

_ID = pattern(r"[a-z][0-9a-z]{9}")
_WIKI = pattern(r"\[\[([^\]|#]+)(?:#[^\]|]*)?(?:\|[^\]]*)?\]\]")


def bare_reference(text: str) -> str:
    """``Name`` of ``[[Name]]``, ``[[Name#Part]]`` and ``[[Name|shown]]``; other text as it is."""
    found = _WIKI.fullmatch(text.strip())
    return found[1].strip() if found else text.strip()


class BlockedBy(TextSet):
    """The records that must be done first: ids, or titles, paths and ``[[Name]]`` as somebody
    wrote them. Which record a text means is not decided here."""

    word = "blocked_by"
    alone = False
    built_in = True

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        return super().parse(field, _links(node), setting)

    def schema(self, field: FieldDef) -> dict[str, object]:
        """``[[Name]]`` without quotes is a list in a list."""
        return {**super().schema(field), "items": {"type": [*ANY_SCALAR, "array"]}}

    def is_several(self, field: FieldDef, text: str, setting: Setting) -> bool:
        """A title may have a comma; two ids are two."""
        parts = split_members(text)
        return len(parts) > 1 and all(map(_ID.fullmatch, parts))

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        wanted = fold_text(bare_reference(operand))
        found = value if isinstance(value, tuple) else ()
        return any(fold_text(bare_reference(text)) == wanted for text in found)


def link_of(node: Node) -> Node:
    """``[[Name]]`` without quotes, where one value is wanted, as the text that was meant."""
    is_link = isinstance(node, Seq) and len(node.items) == 1 and isinstance(node.items[0], Seq)
    return _link(node) if is_link else node


def _links(node: Node) -> Node:
    """``[[Name]]`` without quotes is a list in a list to YAML: here it is a link again."""
    if not isinstance(node, Seq):
        return node
    return Seq(
        tuple(map(_link, node.items)),
        node.line,
        node.column,
        node.end_line,
        node.end_column,
        node.flow,
    )


def _link(item: Node) -> Node:
    inner = item
    while isinstance(inner, Seq) and len(inner.items) == 1 and isinstance(inner.items[0], Seq):
        inner = inner.items[0]
    if not isinstance(inner, Seq) or not inner.items:
        return item
    texts = [each.text for each in inner.items if isinstance(each, Scalar)]
    if len(texts) != len(inner.items):
        return item
    return Scalar(
        f"[[{', '.join(texts)}]]", True, item.line, item.column, item.end_line, item.end_column
    )


KIND = BlockedBy()
