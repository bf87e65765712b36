"""The kind ``url``."""

from __future__ import annotations

import re

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Plainly, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.sets import quote_flow
from bluefs.core.fields.text import TextLike
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node
from bluefs.core.patterns import pattern

_REST = r"[^\s\x00-\x1f\x7f<>\"]+"
_FULL = pattern(rf"([A-Za-z][A-Za-z0-9+.-]*)://{_REST}")
_SHORT = pattern(rf"(mailto|tel|sms):{_REST}", re.IGNORECASE)
_BARE = pattern(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::[0-9]{1,5})?(?:[/?#][^\s<>\"]*)?")
_SCHEME = pattern(r"\s*([A-Za-z][A-Za-z0-9+.-]*)\s*:")
#: They run code or carry content: a link in a shared record must lead somewhere.
_REFUSED = frozenset({"javascript", "vbscript", "data", "blob", "about"})


class Url(TextLike):
    """A web address with its scheme: ``https://acme.example/offer``; also ``mailto:``,
    ``tel:`` and the schemes of programs (``obsidian://``), never one that runs code. No
    options."""

    word = "url"

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        scheme = _SCHEME.match(text)
        if scheme is not None and scheme[1].casefold() in _REFUSED:
            return fault(codes.URL, node, "values.scheme", scheme=scheme[1])
        if _FULL.fullmatch(text) or _SHORT.fullmatch(text):
            return text
        meant = _meant(text)
        mend = None if meant is None else meant if meant.isascii() else quote_flow(meant)
        return fault(codes.URL, node, "values.url", text=brief(text), mend=mend)

    def plainly(self, field: FieldDef) -> Plainly:
        return "text"

    def sure(self, field: FieldDef) -> str | None:
        return r"https?://[\w./?&=%+-]+"

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        return _meant(text) or super().typed(field, text.strip(), setting)

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": ["string", "null"], "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}


def _meant(text: str) -> str | None:
    """``www.acme.example`` is ``https://www.acme.example``; nothing else is guessed."""
    tidy = text.strip().removeprefix("<").removesuffix(">")
    if _BARE.fullmatch(tidy):
        return f"https://{tidy}"
    return tidy if tidy != text and _FULL.fullmatch(tidy) and not _runs(tidy) else None


def _runs(text: str) -> bool:
    return text.partition(":")[0].casefold() in _REFUSED


KIND = Url()
