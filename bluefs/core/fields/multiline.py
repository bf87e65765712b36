"""The kind ``multiline``."""

from __future__ import annotations

from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.text import TextLike
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node


class Multiline(TextLike):
    """Text of any number of lines. Line ends at its end do not count, so the ways in which
    YAML writes a block (``|``, ``|-``, ``|+``) are equal. No options."""

    word = "multiline"

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


KIND = Multiline()
