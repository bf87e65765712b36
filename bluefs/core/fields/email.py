"""The kind ``email``."""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Plainly, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.text import TextLike
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node
from bluefs.core.patterns import pattern

_LONGEST = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = pattern(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_NAMED = pattern(r"[^<>@]*<([^<>]+)>")


def is_email(text: str) -> bool:
    """Whether it is one address (RFC 5322's dot-atom form, letters of any script; the domain
    has a dot)."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def bare_email(text: str) -> str | None:
    """The one address in ``Ana <ana@acme.example>`` or ``mailto:ana@acme.example``, None where
    there is none or more than one."""
    tidy = text.strip()
    named = _NAMED.fullmatch(tidy)
    tidy = named[1].strip() if named else tidy
    if tidy[:7].casefold() == "mailto:":
        tidy = tidy[7:]
    return tidy if is_email(tidy) else None


class Email(TextLike):
    """One email address: ``ana@acme.example``. Case is kept, and does not count in a query.
    No options."""

    word = "email"

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        if is_email(text):
            return text
        mend = bare_email(text)
        return fault(codes.EMAIL, node, "values.email", text=brief(text), mend=mend)

    def plainly(self, field: FieldDef) -> Plainly:
        return "text"

    def sure(self, field: FieldDef) -> str | None:
        return r"[\w-]{1,40}(?:[.+][\w-]{1,40}){0,2}@[a-z0-9]{1,30}(?:[.-][a-z0-9]{1,30}){1,3}"

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        return bare_email(text) or super().typed(field, text, setting)

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": ["string", "null"], "format": "idn-email"}


KIND = Email()
