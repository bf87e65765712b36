"""The kind ``text``, and what every text-like kind shares."""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Plainly, Setting
from bluefs.core.fields.faults import fault, one_text
from bluefs.core.fields.folding import is_like
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar, Writable
from bluefs.core.plain import PLAIN_TEXT

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

#: YAML readers in editors take `2026` or `true` for what they are not; here all is text.
ANY_SCALAR = ["string", "number", "boolean", "null"]


class TextLike(Kind):
    """A kind whose Value is a str, tested by equality without case and accents; ``*`` in a
    query stands for anything."""

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        """The value of a text that is there."""
        return text

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        text = one_text(field, node)
        return self.read(field, node, text, setting) if isinstance(text, str) else text

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        return self.read(field, Scalar(text), text, setting) if text.strip() else None

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return value if isinstance(value, str) else ""

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return value if isinstance(value, str) else ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": list(ANY_SCALAR)}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return isinstance(value, str) and is_like(value, operand)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Written

        return Written(asked.text, whole=asked.operator == "=")


#: A text without a line break in it (those of `str.splitlines`); a block scalar ends with one.
_ONE_LINE = "^[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*[\n\r]*$"


class Text(TextLike):
    """One line of text, kept as it is written: ``0612345678`` stays that very text, and so
    does a bare ``yes``. No options."""

    word = "text"

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        line = text.rstrip("\r\n")  # a block scalar ends with one
        if len(line.splitlines()) > 1:
            return fault(codes.ONE_LINE, node, "values.one_line", field=field.key)
        return line

    def plainly(self, field: FieldDef) -> Plainly:
        return "text"

    def sure(self, field: FieldDef) -> str | None:
        return PLAIN_TEXT

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {**super().schema(field), "pattern": _ONE_LINE}


KIND = Text()
