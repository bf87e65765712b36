"""Email addresses as text: exactly one per value, and nothing that could reach a header.

The shape is that of RFC 5322's ``dot-atom`` with letters of any script, with or without a
display name: ``a@b`` and ``Name <a@b>``. Comments, quoted local parts, groups, route addresses
and lists are refused: nobody types them, and two addresses in one value would send a mail to
somebody whom no one chose.
"""

from __future__ import annotations

import re

from bluefs.core.frozen import dataclass
from bluefs.core.patterns import pattern

_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_SPEC = pattern(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*\Z")
_NAMED = pattern(r"(?P<name>[^<>]*)<(?P<spec>[^<>]*)>\Z")
_PLAIN_NAME = pattern(r"[\w!#$%&'*+/=?^`{|}~ -]*\Z")
#: RFC 5321, 4.5.3.1: 64 for the local part, 255 for the domain, "<" and ">" included 256.
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class Address:
    spec: str  # "ana@acme.example"
    name: str = ""

    def render(self) -> str:
        """As a header says it: a name with ``,``, ``.`` and the like in it is quoted."""
        if not self.name:
            return self.spec
        if _PLAIN_NAME.match(self.name):
            return f"{self.name} <{self.spec}>"
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{self.spec}>'


def parse_address(text: str) -> Address | None:
    """The one address a value holds, None where it holds none, several, or a line break."""
    if any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in text):
        return None
    wanted = text.strip()
    named = _NAMED.match(wanted)
    spec = named["spec"].strip() if named else wanted
    if len(spec) > _LONGEST or not _SPEC.match(spec):
        return None
    name = _unquoted(named["name"].strip()) if named else ""
    return None if name is None else Address(spec, name)


def _unquoted(name: str) -> str | None:
    """A display name without its quotes; None for one that holds an address or a stray
    quote."""
    if len(name) >= 2 and name[0] == name[-1] == '"':
        inner = re.sub(r"\\(.)", r"\1", name[1:-1])
        return inner.strip()
    return None if '"' in name or "@" in name or "," in name or ";" in name else name
