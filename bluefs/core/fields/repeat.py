"""The built-in key ``repeat``."""

from __future__ import annotations

from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.text import TextLike
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node


class Repeat(TextLike):
    """How a record comes back, as somebody wrote it: ``every 2 weeks on mon``. Kept as text;
    what it means is for the part that repeats records."""

    word = "repeat"
    built_in = True

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        return " ".join(text.split())


KIND = Repeat()
