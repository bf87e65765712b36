"""The kind ``country``."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import values as codes
from bluefs.core.countries import (
    country_codes,
    country_meant,
    country_name,
    country_near,
    is_country,
)
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.options import Reader
from bluefs.core.fields.setlike import SetLike, one_or_many
from bluefs.core.fields.sets import quote_flow
from bluefs.core.fields.text import TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


class Country(TextLike):
    """A country by its ISO 3166 code of two letters: ``FR``. It is shown by its name in the
    workspace's language; a person and a query may say the name, ``fr`` or ``FRA`` too.

    Option: ``many: true`` takes several, as a list: ``[FR, BE]``. Norway is ``NO``, which other
    programs take for *no*: commands write it ``"NO"``.
    """

    word = "country"
    takes = ("many",)

    def of(self, field: FieldDef) -> Kind:
        return _MANY if field.options.get("many") else self

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.yes_no("many")
        return reader.result()

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        code = text.strip()
        return code if is_country(code) else _fault(node, text, setting)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        code = country_meant(text, setting.language)
        return _fault(Scalar(text), text, setting) if code is None else code

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return country_name(value, setting.language) if isinstance(value, str) else ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"enum": [*country_codes(), None]}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        code = country_meant(operand, setting.language)
        return _fault(Scalar(operand), operand, setting) if code is None else value == code

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return _ask(asked.text, setting)


class Countries(SetLike):
    """Several countries."""

    word = "country"
    takes = ("many",)

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        code = text.strip()
        return (code,) if is_country(code) else _fault(node, text, setting)

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        code = country_meant(text, setting.language)
        return _fault(Scalar(text), text, setting) if code is None else (code,)

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        codes = value if isinstance(value, tuple) else ()
        return ", ".join(country_name(code, setting.language) for code in codes)

    def schema(self, field: FieldDef) -> dict[str, object]:
        return one_or_many({"enum": [*country_codes(), None]})

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        code = country_meant(operand, setting.language)
        if code is None:
            return _fault(Scalar(operand), operand, setting)
        return isinstance(value, tuple) and code in value

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return _ask(asked.text, setting)


def _ask(text: str, setting: Setting) -> Question:
    from bluefs.core.fields.questions import Exactly, Like, Never

    if "*" in text:
        return Like(text)
    code = country_meant(text, setting.language)
    return Never() if code is None else Exactly(code)


def _fault(node: Node, text: str, setting: Setting) -> Fault:
    code = country_meant(text, setting.language)
    if code is not None:
        return fault(codes.COUNTRY, node, "values.country", text=brief(text), mend=quote_flow(code))
    near, hint = country_near(text.strip(), setting.language), None
    if near is not None:
        name = country_name(near, setting.language)
        hint = say("values.country.close", code=near, name=name)
    return fault(codes.COUNTRY, node, "values.country", text=brief(text), hint=hint)


KIND = Country()
_MANY = Countries()
