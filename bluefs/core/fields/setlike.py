"""What every kind that holds a set shares: parsing, commas, showing, any-member tests."""

from __future__ import annotations

from abc import abstractmethod

from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.folding import is_like
from bluefs.core.fields.sets import commas, join_members, members, split_members, unique
from bluefs.core.fields.text import ANY_SCALAR
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar, Writable


def one_or_many(one: dict[str, object]) -> dict[str, object]:
    """JSON Schema for what ``one`` describes, or a list of it."""
    return {"if": {"type": "array"}, "then": {"items": one}, "else": one}


class SetLike(Kind):
    """A kind whose Value is a tuple of str. Subclasses read one member (`member` in a file,
    `typed_member` from a person); both may give several (a group) or a Fault."""

    many = True

    @abstractmethod
    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault: ...

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        return self.member(field, Scalar(text), text, setting)

    def same(self, text: str) -> str:
        """Two members with the same one are the same member."""
        return text

    def is_several(self, field: FieldDef, text: str, setting: Setting) -> bool:
        """Whether a lone scalar (``tags: a, b``) holds several members by mistake."""
        return len(split_members(text)) > 1

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        nodes = members(field, node)
        if isinstance(nodes, Fault):
            return nodes
        if isinstance(node, Scalar) and nodes and self.is_several(field, node.text, setting):
            return commas(field, node)
        found: list[str] = []
        for each in nodes:
            read = self.member(field, each, each.text, setting)
            if isinstance(read, Fault):
                return read
            found.extend(read)
        return self._unique(found)

    def faults(self, field: FieldDef, node: Node, setting: Setting, first: Fault) -> list[Fault]:
        """Each wrong member, where the fault is a member's."""
        nodes = members(field, node)
        if isinstance(node, Scalar) or isinstance(nodes, Fault):
            return [first]
        read = (self.member(field, each, each.text, setting) for each in nodes)
        found = [one for one in read if isinstance(one, Fault)]
        return found if first in found else [first]

    def _unique(self, texts: list[str]) -> tuple[str, ...] | None:
        """Of members that are the same, the first one written."""
        first: dict[str, str] = {}
        for text in texts:
            first.setdefault(self.same(text), text)
        return unique(first.values())

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        found: list[str] = []
        for each in split_members(text):
            read = self.typed_member(field, each, setting)
            if isinstance(read, Fault):
                return read
            found.extend(read)
        return self._unique(found)

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return value if isinstance(value, tuple) else ()

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return ", ".join(value) if isinstance(value, tuple) else ""

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return join_members(value) if isinstance(value, tuple) else ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": [*ANY_SCALAR, "array"], "items": {"type": list(ANY_SCALAR)}}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        found = value if isinstance(value, tuple) else ()
        return any(is_like(text, operand) for text in found)


class TextSet(SetLike):
    """A set of texts, kept as they are written."""

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        return (text.strip(),)
