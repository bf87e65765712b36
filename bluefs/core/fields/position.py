"""The built-in key ``position``."""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Plainly, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.text import TextLike
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node
from bluefs.core.patterns import pattern

_BASE_62 = pattern(r"[0-9A-Za-z]{1,200}")


class Position(TextLike):
    """A base-62 fractional index (``a0V``), compared as bytes: never folded, never a number."""

    word = "position"
    built_in = True
    doubted = True

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        tidy = text.strip()
        if _BASE_62.fullmatch(tidy):
            return tidy
        return fault(codes.POSITION, node, "values.position", text=brief(text))

    def plainly(self, field: FieldDef) -> Plainly:
        return "text"

    def sure(self, field: FieldDef) -> str | None:
        return r"(?!(?:null|Null|NULL)(?![0-9A-Za-z]))[0-9A-Za-z]{0,60}[1-9A-Za-z]"

    def schema(self, field: FieldDef) -> dict[str, object]:
        pattern = rf"^\s*{_BASE_62.pattern}\s*$"
        return {"type": ["string", "integer", "boolean", "null"], "minimum": 0, "pattern": pattern}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return value == operand


KIND = Position()
