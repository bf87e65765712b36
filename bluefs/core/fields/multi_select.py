"""The kind ``multi_select``."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.choices import (
    ask_choice,
    color_of,
    not_an_option,
    options_of,
    parse_choices,
    schema_names,
    spelled,
    typed_choice,
)
from bluefs.core.fields.setlike import SetLike, one_or_many
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


class MultiSelect(SetLike):
    """Any of the options that project.yaml lists, each once.

    Option: ``options`` as for ``select``. A query holds if one of them is the one asked for.
    """

    word = "multi_select"
    takes = ("options",)

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        return parse_choices(self.word, entries)

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        options = options_of(field)
        found = text if text in options else text.strip()
        return (found,) if found in options else not_an_option(field, node, text)

    def is_several(self, field: FieldDef, text: str, setting: Setting) -> bool:
        return spelled(field, text) is None and super().is_several(field, text, setting)

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        found = typed_choice(field, text)
        return not_an_option(field, Scalar(text), text) if found is None else (found,)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        whole = spelled(field, text) if text.strip() else None
        return super().typed(field, text, setting) if whole is None else (whole,)

    def schema(self, field: FieldDef) -> dict[str, object]:
        return one_or_many({"enum": [*schema_names(options_of(field)), None]})

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        wanted = typed_choice(field, operand)
        if wanted is None:
            return not_an_option(field, Scalar(operand), operand)
        return isinstance(value, tuple) and wanted in value

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return ask_choice(field, asked.text)

    def order(self, field: FieldDef) -> tuple[str, ...]:
        return tuple(options_of(field))

    def color(self, field: FieldDef, value: Value) -> str | None:
        return color_of(field, value)


KIND = MultiSelect()
