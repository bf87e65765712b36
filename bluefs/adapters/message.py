"""An email as bytes: addresses, headers and body of a letter (RFC 5322, 2047, 6532).

Owns what an address is here and how a letter becomes a message. Refuses what no server could
deliver or what could smuggle in a header: more than one address in a value, control
characters. Opens no connection.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from bluefs.core.errors import MailRefused
from bluefs.core.frozen import dataclass
from bluefs.core.model import Outward
from bluefs.core.ports import Letter

#: For the wire: 7 bit, so that every server takes it.
WIRE: EmailPolicy[EmailMessage] = SMTP.clone(cte_type="7bit")
#: The same where a local part is not ASCII and the server has said SMTPUTF8 (RFC 6531).
WIRE_UTF8: EmailPolicy[EmailMessage] = WIRE.clone(utf8=True)
#: For the spool: the body is left readable.
FILE: EmailPolicy[EmailMessage] = SMTP.clone(linesep="\n", cte_type="8bit")

_NAMED = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")
_LOCAL = re.compile(
    r"[^\s<>()\[\]:;@\\,\".\x00-\x1f\x7f]+(\.[^\s<>()\[\]:;@\\,\".\x00-\x1f\x7f]+)*"
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
#: Letters that IDNA 2008 keeps and Python's codec (IDNA 2003) would turn into others, which
#: is another domain (RFC 5894, 7.2): sharp s, final sigma, the joiners.
_DEVIATIONS = frozenset("ßς\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address. ``domain`` is ASCII (A-labels); ``local`` may be any Unicode."""

    name: str
    local: str
    domain: str

    @property
    def address(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def is_ascii(self) -> bool:
        return self.local.isascii()


@dataclass(frozen=True, slots=True)
class Envelope:
    """What SMTP wants to know besides the message. ``recipients`` without repeats."""

    sender: Mailbox
    recipients: tuple[Mailbox, ...]

    @property
    def is_ascii(self) -> bool:
        return self.sender.is_ascii and all(box.is_ascii for box in self.recipients)


def parse_mailbox(text: str) -> Mailbox:
    """``marie@acme.example`` or ``Marie <marie@acme.example>``. Raises MailRefused."""
    named = _NAMED.fullmatch(text)
    name = named["name"].strip().strip('"') if named else ""
    address = unicodedata.normalize("NFC", named["address"] if named else text).strip()
    local, at, domain = address.rpartition("@")
    ascii_domain = _ascii_domain(domain)
    if not at or ascii_domain is None or not _is_local_part(local):
        raise _invalid(text)
    return Mailbox(_one_line(name), local, ascii_domain)


def _is_local_part(local: str) -> bool:
    """At most 64 bytes (RFC 5321, 4.5.3.1.1) of Unicode without specials or quotes."""
    try:
        return len(local.encode()) <= 64 and _LOCAL.fullmatch(local) is not None
    except UnicodeEncodeError:
        return False


def _ascii_domain(domain: str) -> str | None:
    try:
        labels = [_ascii_label(label) for label in domain.lower().split(".")]
    except UnicodeError:
        return None
    joined = ".".join(labels)
    return joined if len(joined) <= 253 and all(map(_LABEL.fullmatch, labels)) else None


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    if _DEVIATIONS.intersection(label):
        return "xn--" + label.encode("punycode").decode()
    return label.encode("idna").decode()


def _invalid(text: str) -> MailRefused:
    return MailRefused("errors.mail.address", address=_one_line(text) or "(nothing)")


def build_envelope(outward: Outward, sender: str | None) -> Envelope:
    """Raises MailRefused: no sender, no recipient, an invalid address."""
    if not sender:
        raise MailRefused("errors.mail.no_sender")
    boxes = [parse_mailbox(a) for a in (*outward.to, *outward.cc, *outward.bcc)]
    if not boxes:
        raise MailRefused("errors.mail.no_recipient")
    unique = {box.address: box for box in boxes}
    return Envelope(parse_mailbox(sender), tuple(unique.values()))


def build_message(
    letter: Letter, outward: Outward, sender: str, at: datetime, policy: EmailPolicy[EmailMessage]
) -> EmailMessage:
    """The message without Bcc, whose readers must not see one another. ``at`` is aware.
    Raises MailRefused for an invalid address."""
    message = EmailMessage(policy)
    box = parse_mailbox(sender)
    name = outward.from_name if outward.from_name is not None else box.name
    message["From"] = Address(_one_line(name), box.local, box.domain)
    message["To"] = _addresses(outward.to) or "undisclosed-recipients:;"
    if outward.cc:
        message["Cc"] = _addresses(outward.cc)
    if outward.reply_to:
        message["Reply-To"] = _addresses([outward.reply_to])
    message["Subject"] = _one_line(outward.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, no loops
    message["X-Bluefs-Rule"] = _one_line(letter.rule)
    message.set_content(_body(outward.body), charset="utf-8")
    return message


def _addresses(texts: Iterable[str]) -> list[Address]:
    boxes = [parse_mailbox(text) for text in texts]
    return [Address(box.name, box.local, box.domain) for box in boxes]


def _one_line(text: str) -> str:
    """Free of line ends, which would begin a header of the writer's choice."""
    return _CONTROLS.sub(" ", text.encode("utf-8", "replace").decode()).strip()


def _body(text: str) -> str:
    body = text.encode("utf-8", "replace").decode()
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    return body if body.endswith("\n") else body + "\n"
