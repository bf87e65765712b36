"""What all computed kinds share: nobody writes them.

Owns the refusal of a value in a file and on a command line. A kind of this sort has its options,
its display and its questions here like any other; its values are put into ``Record.values`` by
whoever computes them, and are in no file.
"""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.faults import fault
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar, Writable
from bluefs.core.words import say

#: Dates of a record that only its history knows.
OF_HISTORY = ("created", "updated")


class Computed(Kind):
    """A kind whose values are worked out of the record, its history or other records."""

    settable = False
    computed = True

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        return fault(codes.COMPUTED, node, "values.computed", field=field.key)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        hint = say("values.computed.typed")
        return fault(codes.COMPUTED, Scalar(text), "values.computed", field=field.key, hint=hint)

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        """Nothing: it stands in no file."""
        return ""

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": "null", "readOnly": True}
