"""The kind ``button``."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.checkbox import meant_truth
from bluefs.core.fields.options import Reader, truth
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar, Seq, Writable
from bluefs.core.words import say


class Button(Kind):
    """Pressed while the key is there: ``press`` typed as its value, or anything else but
    ``false``, ``no`` and ``off``. The engine takes the key out once the press is carried out.

    Option: ``confirm`` is ``none``, ``soft`` (asks) or ``typed`` (asks for the name).
    """

    word = "button"
    takes = ("confirm",)

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.word("confirm", ("none", "soft", "typed"))
        return reader.result()

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        if isinstance(node, Seq):
            return True if node.items else None
        if not isinstance(node, Scalar):
            return True
        return None if node.is_null else self.typed(field, node.text, setting)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        return True if text.strip() and truth(text) is not False else None

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return "press"

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return say("values.yes", language=setting.language) if value else ""

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return "press" if value else ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": ["string", "boolean", "null"], "examples": ["press"]}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return bool(value) == (meant_truth(operand) is not False)


KIND = Button()
