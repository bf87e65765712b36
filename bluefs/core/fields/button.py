"""The kind ``button``."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.checkbox import any_case, meant_truth
from bluefs.core.fields.faults import brief, fault, one_text
from bluefs.core.fields.options import Reader, truth
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar, Writable
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

_PRESS = "press"


class Button(Kind):
    """Pressed by ``press``, typed as its value; ``false``, ``no`` and ``off`` are no press, and
    nothing else stands there: a button may send mail, so a slip of the pen must not press it.
    The engine takes the key out once the press is carried out.

    Option: ``confirm`` is ``none``, ``soft`` (asks) or ``typed`` (asks for the name).
    """

    word = "button"
    takes = ("confirm",)
    settable = False
    pressed = True

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.word("confirm", ("none", "soft", "typed"))
        return reader.result()

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        text = one_text(field, node)
        if not isinstance(text, str):
            return text
        return self._pressed(field, node, text)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        """On the command line as in the file."""
        return self._pressed(field, Scalar(text), text) if text.strip() else None

    def _pressed(self, field: FieldDef, node: Node, text: str) -> Value | Fault:
        if text.strip().casefold() == _PRESS:
            return True
        if truth(text) is False:
            return None
        return fault(codes.PRESS, node, "reading.press", text=brief(text), field=field.key)

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return _PRESS

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return say("values.yes", language=setting.language) if value else ""

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return _PRESS if value else ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        words = any_case(_PRESS, "false", "no", "off")
        return {
            "type": ["string", "boolean", "null"],
            "pattern": f"^({words})$",
            "not": {"const": True},
            "examples": [_PRESS],
        }

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return bool(value) == (meant_truth(operand) is not False)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Truth

        return Truth(meant_truth(asked.text) is not False)


KIND = Button()
