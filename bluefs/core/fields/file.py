"""The kind ``file``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.options import Reader
from bluefs.core.fields.setlike import SetLike, one_or_many
from bluefs.core.fields.sets import quote_flow
from bluefs.core.fields.text import ANY_SCALAR, TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


class File(TextLike):
    """One of the record's attachments, by its name: ``Offer.pdf``. `bluefs attach` puts a file
    beside the record; a name that is not among its attachments is a Problem.

    Option: ``many: true`` takes several, as a list.
    """

    word = "file"
    alone = False
    takes = ("many",)
    attached = True

    def of(self, field: FieldDef) -> Kind:
        return _MANY if field.options.get("many") else self

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.yes_no("many")
        return reader.result()

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        return _read(node, text)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        return _typed(field, text.strip(), setting) if text.strip() else None

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": list(ANY_SCALAR), "pattern": _PATTERN}


class Files(SetLike):
    """Several attachments."""

    word = "file"
    takes = ("many",)
    attached = True

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        found = _read(node, text)
        return found if isinstance(found, Fault) else (found,)

    def is_several(self, field: FieldDef, text: str, setting: Setting) -> bool:
        """The name of a file may have a comma."""
        return False

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        found = _typed(field, text, setting)
        return found if isinstance(found, Fault) else (found,)

    def schema(self, field: FieldDef) -> dict[str, object]:
        return one_or_many({"type": list(ANY_SCALAR), "pattern": _PATTERN})

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Written

        return Written(asked.text, whole=asked.operator == "=")


#: No path, no hidden name, nothing that no disk takes.
_PATTERN = r"^\s*([^./\\\[\]\s\x00-\x1f\x7f-\x9f][^/\\\[\]\x00-\x1f\x7f-\x9f]*)?$"


def _read(node: Node, text: str) -> str | Fault:
    name = nfc(text.strip())
    if _is_name(name):
        return name
    last = name.removeprefix("!").strip("[]").replace("\\", "/").rpartition("/")[2].strip()
    mend = quote_flow(last) if last != name and _is_name(last) else None
    return fault(codes.FILE, node, "values.file", text=brief(text), mend=mend)


def _is_name(name: str) -> bool:
    return bool(name) and re.match(_PATTERN, name) is not None


def _typed(field: FieldDef, text: str, setting: Setting) -> str | Fault:
    """The attachment that is meant, in any case or by a unique beginning, where the record's
    attachments are known; else the name as it is typed."""
    node = Scalar(text)
    name = _read(node, text)
    if isinstance(name, Fault) or setting.files is None or name in setting.files:
        return name
    wanted = fold_text(name)
    same = [one for one in setting.files if fold_text(one) == wanted]
    begun = same or [one for one in setting.files if fold_text(one).startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    near = None if begun else nearest(name, setting.files)
    hint = say("values.no_file.close", near=near) if near is not None else None
    if hint is None and setting.files:
        hint = say("values.no_file.are", names=names(begun or setting.files))
    return fault(codes.NO_FILE, node, "values.no_file", text=brief(name), hint=hint)


KIND = File()
_MANY = Files()
