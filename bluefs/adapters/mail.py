"""Mailers: one that speaks SMTP, one that writes files.

Owns the reading of the mail URL and the question *what may have happened to the letter*.
Refuses to guess: an error before the server asked for the text is a delay or a refusal, after
that only its answer counts, and without an answer the letter is unknown. A letter goes to all
of its recipients or to none. A password never travels in the clear to another machine.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from datetime import datetime
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bluefs.adapters import local
from bluefs.adapters.message import (
    FILE,
    WIRE,
    WIRE_UTF8,
    Envelope,
    build_envelope,
    build_message,
)
from bluefs.core.effects import decode_effect
from bluefs.core.errors import MailDelayed, MailRefused, MailUnknown, Refused
from bluefs.core.frozen import dataclass, field
from bluefs.core.ports import Letter, Mailer

#: Seconds for each step up to the text.
TIMEOUT = 30.0
#: Seconds for the answer to the text. RFC 5321, 4.5.3.2.6 asks for ten minutes, because
#: giving up early is what makes a letter unknown; two are a person's patience.
ANSWER_TIMEOUT = 120.0
#: Seconds for the answer to QUIT, on which nothing depends.
GOODBYE_TIMEOUT = 3.0
#: The sender in spooled files where the workspace names none.
NOBODY = "bluefs <bluefs@localhost>"

Security = Literal["none", "starttls", "tls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes. ``timeout`` in seconds."""

    host: str
    port: int
    security: Security = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = TIMEOUT

    @property
    def place(self) -> str:
        """Scheme, host and port: never the user or the password."""
        scheme = {"none": "smtp", "starttls": "smtp+starttls", "tls": "smtps"}[self.security]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def parse_server(url: str) -> Server:
    """``smtp://user:pass@host:port``, ``smtps://…``, ``smtp+starttls://…`` or
    ``smtp://…?starttls``, with ``timeout=SECONDS`` if wanted; user and password
    percent-encoded. Raises Refused, whose words never hold the URL."""
    try:
        return _server(urlsplit(url))
    except ValueError as error:  # a port that is no number, brackets that do not close
        raise Refused("errors.mail.url") from error


def _server(parts: SplitResult) -> Server:
    if parts.scheme not in _SCHEMES:
        raise Refused("errors.mail.scheme", scheme=parts.scheme or "(none)")
    security, port = _SCHEMES[parts.scheme]
    options = parse_qs(parts.query, keep_blank_values=True)
    known = options.keys() <= {"starttls", "timeout"}
    if not parts.hostname or not known or parts.path not in ("", "/"):
        raise Refused("errors.mail.url")
    if _is_on(options.get("starttls")) and security == "none":
        security, port = "starttls", 587
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    if user and password and security == "none" and not _is_loopback(parts.hostname):
        security = "starttls"
    timeout = float(options.get("timeout", [str(TIMEOUT)])[-1])
    if not 0 < timeout < 3600:
        raise Refused("errors.mail.url")
    port = port if parts.port is None else parts.port
    return Server(parts.hostname, port, security, user, password, timeout)


def _is_on(values: list[str] | None) -> bool:
    return values is not None and values[-1].lower() in ("", "1", "true", "yes", "on")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpMailer:
    """Mailer for one server; a connection for each letter, so that none is kept open over
    hours and every fault belongs to one letter. ``tls`` is for tests."""

    def __init__(
        self,
        server: Server,
        *,
        tls: ssl.SSLContext | None = None,
        answer_timeout: float = ANSWER_TIMEOUT,
    ) -> None:
        self.server = server
        self._tls = tls
        self._answer_timeout = answer_timeout

    def send(self, letter: Letter, sender: str | None, at: datetime) -> str:
        """Deliver; returns scheme, host and port. Raises MailRefused, MailDelayed,
        MailUnknown."""
        outward = decode_effect(letter.effect)
        envelope = build_envelope(outward, sender)
        policy = WIRE if envelope.is_ascii else WIRE_UTF8
        message = build_message(letter, outward, str(sender), at, policy)
        connection = self._reach()
        try:
            self._hand_over(connection, envelope, message.as_bytes())
        finally:
            _leave(connection)
        return self.server.place

    def _reach(self) -> smtplib.SMTP:
        """A connection that is ready for the letter. Whatever goes wrong here, be it a wrong
        password, is no fault of the letter: it waits."""
        try:
            return self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise self._delayed(error) from error

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=self._context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        server = self.server
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            connection.starttls(context=self._context())
            connection.ehlo()
        if server.user is not None and server.password is not None:
            connection.login(server.user, server.password)

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _hand_over(self, connection: smtplib.SMTP, envelope: Envelope, text: bytes) -> None:
        try:
            self._address(connection, envelope)
        except (OSError, smtplib.SMTPException) as error:
            raise self._delayed(error) from error
        try:
            code, reply = self._send_text(connection, text)
        except (OSError, smtplib.SMTPException) as error:
            place, detail = self.server.place, _words(error)
            raise MailUnknown("errors.mail.unknown", place=place, detail=detail) from error
        if not 200 <= code < 600 or 300 <= code < 400:  # no answer at all
            place, detail = self.server.place, f"{code} {_text(reply)}"
            raise MailUnknown("errors.mail.unknown", place=place, detail=detail)
        _check(code, reply, self.server.place)

    def _address(self, connection: smtplib.SMTP, envelope: Envelope) -> None:
        """Everything up to the server's *go ahead*. All recipients or none: one that is
        refused ends it here, while nobody has got anything."""
        options = [] if envelope.is_ascii else ["SMTPUTF8"]
        if options and not connection.has_extn("smtputf8"):
            raise MailRefused("errors.mail.utf8", place=self.server.place)
        place = self.server.place
        _check(*connection.mail(envelope.sender.address, options), place)
        for box in envelope.recipients:
            _check(*connection.rcpt(box.address), place, box.address)
        code, reply = connection.docmd("DATA")
        if code != 354:
            raise _answer(code, _text(reply), place)

    def _send_text(self, connection: smtplib.SMTP, text: bytes) -> tuple[int, bytes]:
        lines = re.sub(rb"(?m)^\.", b"..", text)  # RFC 5321, 4.5.2
        end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        connection.send(lines + end)
        if connection.sock is not None:
            connection.sock.settimeout(max(self.server.timeout, self._answer_timeout))
        return connection.getreply()

    def _delayed(self, error: Exception) -> MailDelayed:
        """An error while the server has not got any text."""
        place = self.server.place
        if isinstance(error, smtplib.SMTPResponseException):
            detail = f"{error.smtp_code} {_text(error.smtp_error)}"
        else:
            detail = _words(error)
        return MailDelayed("errors.mail.delayed", place=place, detail=detail)


def _check(code: int, reply: bytes, place: str, address: str | None = None) -> None:
    if not 200 <= code < 300:
        raise _answer(code, _text(reply), place, address)


def _answer(
    code: int, text: str, place: str, address: str | None = None
) -> MailRefused | MailDelayed:
    """4xx and a bare disconnection (-1) may be tried again, the rest is final (RFC 5321,
    4.2.1)."""
    detail = f"{address}: {code} {text}" if address else f"{code} {text}"
    if 500 <= code < 600:
        return MailRefused("errors.mail.refused", place=place, detail=detail)
    return MailDelayed("errors.mail.delayed", place=place, detail=detail)


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye; what happens now can no longer concern the letter."""
    if connection.sock is not None:
        connection.sock.settimeout(GOODBYE_TIMEOUT)
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


class SpoolMailer:
    """Mailer that writes ``1.eml``, ``2.eml``, … into a folder, which it makes."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def send(self, letter: Letter, sender: str | None, at: datetime) -> str:
        """Returns the file's path. Raises MailRefused, MailDelayed (the disk)."""
        outward = decode_effect(letter.effect)
        author = sender or NOBODY
        build_envelope(outward, author)
        data = build_message(letter, outward, author, at, FILE).as_bytes()
        try:
            local.make_folder(self.folder)
            return self._write(data)
        except OSError as error:
            place, detail = self.folder, _words(error)
            raise MailDelayed("errors.mail.delayed", place=place, detail=detail) from error

    def _write(self, data: bytes) -> str:
        number = self._highest() + 1
        while True:
            file = os.path.join(self.folder, f"{number}.eml")  # noqa: PTH118
            try:
                local.write_new(file, data)
            except FileExistsError:
                number += 1
            else:
                return file

    def _highest(self) -> int:
        names = (entry.name for entry in os.scandir(self.folder))
        return max((int(n[:-4]) for n in names if re.fullmatch(r"[0-9]+\.eml", n)), default=0)


def mailer_for(url: str | None, spool: str) -> Mailer:
    """The mailer of a mail URL, or the spool where there is none. Raises Refused for a URL
    that cannot be read."""
    return SmtpMailer(parse_server(url)) if url else SpoolMailer(spool)
