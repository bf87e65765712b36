"""The kind ``phone``."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import values as codes
from bluefs.core.countries import is_country
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.options import Reader
from bluefs.core.fields.text import TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.patterns import pattern
from bluefs.core.phones import E164, is_full, read_phone, show_phone
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

_GAPS = pattern(r"[\s\u00a0\u202f.\-–/()]+")
_PART = pattern(r"\+?[0-9]+")


class Phone(TextLike):
    """A telephone number with its country's prefix and nothing between the digits:
    ``"+33612345678"``. It is shown the way it is dialled.

    Option: ``country`` is the ISO code of the country whose numbers a person may type without
    the prefix (``06 12 34 56 78``) and which are shown so. Numbers are checked for their country
    with the extra ``phone`` (``pip install 'bluefs[phone]'``); without it only their general form
    is.
    """

    word = "phone"
    takes = ("country",)

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        code = reader.text("country")
        if code is not None:
            right = code.upper()
            if is_country(code):
                reader.found["country"] = code
            else:
                node, mend = entries["country"], right if is_country(right) else None
                key = "values.opt.country"
                reader.faults.append(fault(codes.FIELD_OPTION, node, key, mend=mend))
        found, faults = reader.result()
        return found, [*faults, *_plain_check()]

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        number = text.strip()
        meant = read_phone(text, _region(field))
        if meant is not None and meant.number == number:
            return number
        mend = None if meant is None else f'"{meant.number}"'
        return _fault(field, node, text, mend)

    def notes(self, field: FieldDef, node: Node, setting: Setting) -> list[Fault]:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        found = read_phone(text, _region(field))
        if found is None or found.standing != "possible":
            return []
        return [fault(codes.PHONE_UNUSED, node, "values.phone.unused", text=brief(text))]

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        meant = read_phone(text, _region(field))
        return meant.number if meant is not None else _fault(field, Scalar(text), text, None)

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return show_phone(value, _region(field)) if isinstance(value, str) else ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": ["string", "null"], "pattern": rf"^\s*({E164.pattern})?\s*$"}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        meant = read_phone(operand, _region(field))
        part = _part(operand)
        if meant is None and part is None:
            return _fault(field, Scalar(operand), operand, None)
        if not isinstance(value, str):
            return False
        return value == meant.number if meant is not None else (part or "") in value

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        """The number in any spelling, or some of its digits."""
        from bluefs.core.fields.questions import Exactly, Part, Written

        meant, part = read_phone(asked.text, _region(field)), _part(asked.text)
        if "*" in asked.text or (meant is None and part is None):
            return Written(asked.text, whole=True)
        return Exactly(meant.number) if meant is not None else Part(part or "")


def _region(field: FieldDef) -> str | None:
    code = field.options.get("country")
    return code if isinstance(code, str) else None


def _part(operand: str) -> str | None:
    """Some digits of a number; without the 0 that is dialled within a country and not stored."""
    digits = _GAPS.sub("", operand)
    return digits.removeprefix("0") or digits if _PART.fullmatch(digits) else None


def _plain_check() -> list[Fault]:
    """That numbers are not looked up here, as a word on the field."""
    if is_full():
        return []
    from bluefs.core.nodes import Map

    return [fault(codes.PHONE_PLAIN, Map(()), "values.phone.plain")]


def _fault(field: FieldDef, node: Node, text: str, mend: str | None) -> Fault:
    hint = None
    if mend is None and not is_full():
        hint = say("values.phone.only_form")
    elif mend is None and _region(field) is not None:
        hint = say("values.phone.of", country=_region(field))
    return fault(codes.PHONE, node, "values.phone", text=brief(text), hint=hint, mend=mend)


KIND = Phone()
