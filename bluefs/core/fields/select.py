"""The kind ``select``."""

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
    typed_choice,
)
from bluefs.core.fields.text import TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


class Select(TextLike):
    """One of the options that project.yaml lists.

    Option: ``options`` is a list of names or a map from name to colour, in the order on
    screen. A name in other case or accents is a Problem that can be mended; a person may type
    it so, or only a beginning that fits no other: its own, or that of one of its words.
    """

    word = "select"
    takes = ("options",)

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        return parse_choices(self.word, entries)

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        options = options_of(field)
        if text in options:
            return text
        stripped = text.strip()  # only quotes keep spaces around it
        return stripped if stripped in options else not_an_option(field, node, text)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        found = typed_choice(field, text)
        return not_an_option(field, Scalar(text), text) if found is None else found

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"enum": [*schema_names(options_of(field)), None]}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        wanted = typed_choice(field, operand)
        if wanted is None:
            return not_an_option(field, Scalar(operand), operand)
        return value == wanted

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return ask_choice(field, asked.text)

    def order(self, field: FieldDef) -> tuple[str, ...]:
        return tuple(options_of(field))

    def color(self, field: FieldDef, value: Value) -> str | None:
        return color_of(field, value)


KIND = Select()
