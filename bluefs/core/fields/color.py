"""The built-in key ``color``."""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.sets import quote
from bluefs.core.fields.text import TextLike
from bluefs.core.model import COLORS, FieldDef, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.patterns import pattern

_SIX = pattern(r"#[0-9a-f]{6}")
_HEX = pattern(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_OTHER = {"gray": "grey", "violet": "purple", "aqua": "cyan", "fuchsia": "pink", "magenta": "pink"}


def read_color(node: Scalar) -> str | None:
    """A named colour or ``#rrggbb`` as this scalar says it (hexadecimal digits in either
    case, kept in lower case), None for anything else."""
    text = node.text.strip()
    if text in COLORS:
        return text
    return text.lower() if _SIX.fullmatch(text.lower()) else None


def meant_color(text: str) -> str | None:
    """What a person means: a name in any case, ``gray``, ``#f80``, ``ff8800``."""
    word = text.strip().lower()
    word = _OTHER.get(word, word)
    if word in COLORS:
        return word
    found = _HEX.fullmatch(word)
    if found is None:
        return None
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


class Color(TextLike):
    """A record's colour: one of the named ones, or ``"#rrggbb"`` in quotes (a bare ``#`` is
    YAML's comment)."""

    word = "color"
    built_in = True

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        value = read_color(Scalar(text))
        return _fault(node, text) if value is None else value

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        value = meant_color(text)
        return _fault(Scalar(text), text) if value is None else value

    def schema(self, field: FieldDef) -> dict[str, object]:
        names = "|".join(COLORS)
        return {
            "type": ["string", "null"],
            "pattern": f"^({names}|#[0-9A-Fa-f]{{6}})$",
            "examples": list(COLORS),
        }

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        wanted = meant_color(operand)
        return _fault(Scalar(operand), operand) if wanted is None else value == wanted


def _fault(node: Node, text: str) -> Fault:
    meant = meant_color(text)
    mend = None if meant is None else quote(meant) if meant.startswith("#") else meant
    return fault(
        codes.COLOUR, node, "values.colour", text=brief(text), mend=mend,
        colours=", ".join(COLORS),
    )  # fmt: skip


KIND = Color()
