"""The kind ``checkbox``."""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.faults import brief, fault, one_text
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.options import truth
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Plain, Scalar, Writable
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

#: Other ways to say it: mended in a file, read where a person types.
_MEANT = {
    **dict.fromkeys(("y", "1", "x", "✓", "✔", "☑", "✅", "[x]", "oui", "vrai"), True),
    **dict.fromkeys(("n", "0", "☐", "[ ]", "[]", "non", "faux"), False),
}


def any_case(*words: str) -> str:
    """A pattern of these words in any case: JSON Schema has no flag for it."""
    return "|".join("".join(f"[{c.upper()}{c}]" for c in word) for word in words)


def meant_truth(text: str) -> bool | None:
    """What a person means by it, ``oui`` and ``x`` included; None where nothing is sure."""
    sure = truth(text)
    return sure if sure is not None else _MEANT.get(fold_text(text))


class Checkbox(Kind):
    """``true`` or ``false``; ``yes``, ``no``, ``on`` and ``off`` in any case are read too. A
    query takes one that is not set for no. No options."""

    word = "checkbox"

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        text = one_text(field, node)
        if not isinstance(text, str):
            return text
        value = truth(text)
        return _fault(node, text) if value is None else value

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        value = meant_truth(text)
        return _fault(Scalar(text), text) if value is None else value

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return Plain("true" if value else "false")

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if value is None:
            return ""
        return say("values.yes" if value else "values.no", language=setting.language)

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return "" if value is None else "true" if value else "false"

    def schema(self, field: FieldDef) -> dict[str, object]:
        words = any_case("true", "false", "yes", "no", "on", "off")
        return {"type": ["boolean", "string", "null"], "pattern": f"^({words})$"}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        wanted = meant_truth(operand)
        return _fault(Scalar(operand), operand) if wanted is None else bool(value) == wanted

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Never, Truth

        wanted = meant_truth(asked.text)
        return Never() if wanted is None else Truth(wanted)


def _fault(node: Node, text: str) -> Fault:
    meant = meant_truth(text)
    mend = None if meant is None else "true" if meant else "false"
    return fault(codes.YES_NO, node, "values.yes_no", text=brief(text), mend=mend)


KIND = Checkbox()
