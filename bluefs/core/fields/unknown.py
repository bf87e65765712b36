"""A kind that is not known (yet): phone, country, formula and the like."""

from __future__ import annotations

from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.folding import is_like
from bluefs.core.fields.sets import join_members, split_members, unique
from bluefs.core.fields.text import ANY_SCALAR
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Map, Node, Scalar, Seq, Writable

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


class Unknown(Kind):
    """Keeps the source text: a str, or a tuple of them for a list. Nothing is checked, and a
    later bluefs that knows the kind finds what was written."""

    word = "unknown"
    built_in = True

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        if isinstance(node, Seq):
            return unique(_text(item) for item in node.items if _text(item))
        return _text(node) or None

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        """One text; several only as `csv` writes them, each in double quotes: a coordinate
        (``48.8566, 2.3522``) has a comma too."""
        if text.startswith('"') and text.endswith('"') and len(text) > 1:
            return unique(split_members(text))
        return text if text.strip() else None

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return value if isinstance(value, str | tuple) else ""

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return ", ".join(value) if isinstance(value, tuple) else str(value or "")

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if isinstance(value, tuple):
            return ", ".join('"' + text.replace('"', '""') + '"' for text in value)
        return str(value or "")

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": [*ANY_SCALAR, "array", "object"]}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        texts = value if isinstance(value, tuple) else (value,)
        return any(isinstance(text, str) and is_like(text, operand) for text in texts)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Written

        return Written(asked.text, whole=asked.operator == "=")


def _text(node: Node) -> str:
    if isinstance(node, Scalar):
        return "" if node.is_null or not node.text.strip() else node.text
    if isinstance(node, Map):
        return "{" + ", ".join(f"{k.text}: {_text(v)}" for k, v in node.entries) + "}"
    return "[" + join_members(_text(item) for item in node.items) + "]"


KIND = Unknown()
