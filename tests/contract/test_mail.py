"""Mailers: what arrives, and what is said to have happened when it does not."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from bluefs.adapters.mail import (
    Server,
    SmtpMailer,
    SpoolMailer,
    mailer_for,
    parse_server,
)
from bluefs.adapters.memory import MemoryMailer
from bluefs.adapters.message import parse_mailbox
from bluefs.adapters.outbox import message_id
from bluefs.core.effects import encode_effect
from bluefs.core.errors import BluefsError, MailDelayed, MailRefused, MailUnknown, Refused
from bluefs.core.model import Outward
from bluefs.core.ports import Letter

AT = datetime(2026, 11, 24, 9, 12, 23, tzinfo=timezone(timedelta(hours=1)))
SENDER = "Acme <hello@acme.example>"
OFFER = Outward(
    kind="email",
    rule="sales/Offer",
    to=("marie@acme.example",),
    subject="Our offer: Renewal – Acme",
    body="Bonjour Marie,\n\n.a line with a dot\n.\nvoilà l’offre.\n",
)


def letter(outward: Outward = OFFER) -> Letter:
    key = "c0ffee:sales/Offer:k7h3kq0m2x:0"
    return Letter(
        key, "n", "c0ffee", outward.rule, "k7h3kq0m2x", "Renewal – Acme",
        encode_effect(outward), "sending", message_id(key),
    )  # fmt: skip


def parse(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)


def body_of(message: EmailMessage) -> str:
    content: str = message.get_content()
    return content.replace("\r\n", "\n")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


class OnAnyPort(Controller):
    """A Controller that takes a port the system chose and says which."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class Postbox:
    """Keeps what it is given; answers can be put in its mouth."""

    def __init__(self, rcpt: dict[str, str] | None = None, data: str = "250 OK") -> None:
        self.rcpt, self.data = rcpt or {}, data
        self.got: list[Envelope] = []
        self.mail_options: list[str] = []

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        self.mail_options = list(envelope.mail_options)
        if self.data.startswith("250"):
            self.got.append(envelope)
        return self.data

    def message(self) -> EmailMessage:
        """The one it got. (No property: aiosmtpd looks at every attribute.)"""
        [envelope] = self.got
        assert isinstance(envelope.content, bytes)
        return parse(envelope.content)


@pytest.fixture
def serve() -> Iterator[Callable[..., SmtpMailer]]:
    """Start a server for this test and make a mailer for it."""
    with ExitStack() as stack:

        def start(postbox: Postbox, scheme: str = "smtp", **options: Any) -> SmtpMailer:
            tls = options.pop("client", None)
            user = options.pop("user", "")
            server = OnAnyPort(postbox, hostname="127.0.0.1", port=0, **options)
            server.start()
            stack.callback(server.stop)
            url = f"{scheme}://{user}127.0.0.1:{server.port}"
            return SmtpMailer(parse_server(url), tls=tls)

        yield start


Serve = Callable[..., SmtpMailer]


def test_a_letter_arrives_as_it_was_written(serve: Serve) -> None:
    postbox = Postbox()
    mailer = serve(postbox)
    place = mailer.send(letter(), SENDER, AT)
    assert place == f"smtp://127.0.0.1:{mailer.server.port}"
    [envelope] = postbox.got
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@acme.example", ["marie@acme.example"])
    message = postbox.message()
    assert {name: str(value) for name, value in message.items()} == {
        "From": "Acme <hello@acme.example>",
        "To": "marie@acme.example",
        "Subject": "Our offer: Renewal – Acme",
        "Date": "Tue, 24 Nov 2026 09:12:23 +0100",
        "Message-ID": letter().message_id,
        "Auto-Submitted": "auto-generated",
        "X-Bluefs-Rule": "sales/Offer",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": str(message["Content-Transfer-Encoding"]),
    }
    assert body_of(message) == OFFER.body


def test_it_is_seven_bit_on_the_wire(serve: Serve) -> None:
    postbox = Postbox()
    outward = replace(OFFER, from_name="Zoé – Ventes", body="日本語\n" + "x" * 3000)
    serve(postbox).send(letter(outward), SENDER, AT)
    content = postbox.got[0].content
    assert isinstance(content, bytes) and content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert body_of(postbox.message()) == outward.body + "\n"
    assert str(postbox.message()["From"]) == "Zoé – Ventes <hello@acme.example>"


@pytest.mark.parametrize(
    "body",
    ["", ".", "..\n.\n", "\n\n.", "no end", "cr\rlf\r\nmixed\n", "From here\n", "half \ud800 pair"],
)
def test_bodies_come_through(serve: Serve, body: str) -> None:
    postbox = Postbox()
    serve(postbox).send(letter(replace(OFFER, body=body)), SENDER, AT)
    expected = body.replace("\r\n", "\n").replace("\r", "\n").replace("\ud800", "?")
    assert body_of(postbox.message()).rstrip("\n") == expected.rstrip("\n")


def test_everybody_gets_it_and_nobody_sees_bcc(serve: Serve) -> None:
    postbox = Postbox()
    outward = replace(
        OFFER,
        to=("Marie Curie <marie@acme.example>", "li@acme.example"),
        cc=("bo@acme.example", "li@acme.example"),
        bcc=("boss@acme.example",),
        from_name="Ana Ruiz",
        reply_to="ana@acme.example",
    )
    serve(postbox).send(letter(outward), SENDER, AT)
    assert postbox.got[0].rcpt_tos == [
        "marie@acme.example",
        "li@acme.example",
        "bo@acme.example",
        "boss@acme.example",
    ]
    message = postbox.message()
    assert str(message["To"]) == "Marie Curie <marie@acme.example>, li@acme.example"
    assert str(message["Cc"]) == "bo@acme.example, li@acme.example"
    assert str(message["From"]) == "Ana Ruiz <hello@acme.example>"
    assert str(message["Reply-To"]) == "ana@acme.example"
    assert b"boss" not in (postbox.got[0].content or b"")


def test_only_bcc(serve: Serve) -> None:
    postbox = Postbox()
    serve(postbox).send(letter(replace(OFFER, to=(), bcc=("a@acme.example",))), SENDER, AT)
    assert str(postbox.message()["To"]) == "undisclosed-recipients:;"
    assert postbox.got[0].rcpt_tos == ["a@acme.example"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x00"])
def test_no_header_can_be_smuggled_in(serve: Serve, end: str) -> None:
    postbox = Postbox()
    evil = f"Hi{end}Bcc: spy@evil.example{end}{end}body"
    outward = replace(OFFER, subject=evil, from_name=evil, rule=evil)
    serve(postbox).send(letter(outward), SENDER, AT)
    assert postbox.got[0].rcpt_tos == ["marie@acme.example"]
    assert "Bcc" not in postbox.message()
    assert "Bcc: spy@evil.example" in str(postbox.message()["Subject"])
    assert body_of(postbox.message()) == OFFER.body


def test_an_international_domain_is_sent_as_ascii(serve: Serve) -> None:
    postbox = Postbox()
    serve(postbox).send(letter(replace(OFFER, to=("marie@bücher.example",))), SENDER, AT)
    assert postbox.got[0].rcpt_tos == ["marie@xn--bcher-kva.example"]


def test_an_international_local_part_needs_smtputf8(serve: Serve) -> None:
    outward = replace(OFFER, to=("zoé@acme.example",))
    able, unable = Postbox(), Postbox()
    serve(able, enable_SMTPUTF8=True).send(letter(outward), SENDER, AT)
    assert able.got[0].rcpt_tos == ["zoé@acme.example"]
    assert str(able.message()["To"]) == "zoé@acme.example"
    assert "SMTPUTF8" in able.mail_options
    with pytest.raises(MailRefused):
        serve(unable, enable_SMTPUTF8=False).send(letter(outward), SENDER, AT)
    assert unable.got == []


# --- what goes wrong before the text ------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    ["", "marie", "@acme.example", "marie@", "a@b@", "a b@acme.example", "a@acme..example",
     "a@acme.example, b@acme.example", "a@-acme.example", "a@acme.example\nBcc: x@y.example",
     "<a@acme.example> <b@acme.example>", "a..b@acme.example", "x" * 65 + "@acme.example",
     "a@" + "x" * 64 + ".example", "a@acme_.ex ample", "\ud800@acme.example", '"a b"@acme.example'],
)  # fmt: skip
@pytest.mark.parametrize("where", ["to", "cc", "bcc", "reply_to"])
def test_an_invalid_address_is_refused_before_any_connection(bad: str, where: str) -> None:
    mailer = SmtpMailer(Server("127.0.0.1", free_port()))  # nobody listens: would be delayed
    value: Any = bad if where == "reply_to" else (bad,)
    if where == "reply_to" and not bad:
        return  # not set
    with pytest.raises(MailRefused):
        mailer.send(letter(replace(OFFER, **{where: value})), SENDER, AT)


def test_no_recipient_and_no_sender_are_refused() -> None:
    mailer = SmtpMailer(Server("127.0.0.1", free_port()))
    with pytest.raises(MailRefused):
        mailer.send(letter(replace(OFFER, to=())), SENDER, AT)
    with pytest.raises(MailRefused):
        mailer.send(letter(), None, AT)


def test_nobody_listens() -> None:
    with pytest.raises(MailDelayed):
        SmtpMailer(Server("127.0.0.1", free_port())).send(letter(), SENDER, AT)


def test_an_unknown_host() -> None:
    with pytest.raises(MailDelayed):
        SmtpMailer(Server("no-such-host.invalid", 25)).send(letter(), SENDER, AT)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("550 no such user", MailRefused),
        ("553 what?", MailRefused),
        ("450 greylisted", MailDelayed),
    ],
)
def test_one_recipient_refused_and_nobody_gets_it(
    serve: Serve, answer: str, error: type[BluefsError]
) -> None:
    postbox = Postbox({"bo@acme.example": answer})
    outward = replace(OFFER, cc=("bo@acme.example",))
    with pytest.raises(error) as caught:
        serve(postbox).send(letter(outward), SENDER, AT)
    assert postbox.got == []
    assert "bo@acme.example" in str(caught.value.fields["detail"])


@pytest.mark.parametrize(
    ("answer", "error"),
    [("451 try later", MailDelayed), ("452 full", MailDelayed), ("554 spam", MailRefused)],
)
def test_the_answer_to_the_text_decides(
    serve: Serve, answer: str, error: type[BluefsError]
) -> None:
    postbox = Postbox(data=answer)
    with pytest.raises(error) as caught:
        serve(postbox).send(letter(), SENDER, AT)
    assert str(caught.value.fields["detail"]) == answer


# --- servers that break off ---------------------------------------------------------------

HELLO = [("", "220 hi"), ("EHLO", "250 hi")]
ADDRESSES = [("MAIL", "250 ok"), ("RCPT", "250 ok")]
Script = list[tuple[str, str | None]]


class Scripted(threading.Thread):
    """Speaks its lines to one client; None hangs up without a word, ``wait`` says nothing
    until the client goes."""

    def __init__(self, script: Script) -> None:
        super().__init__(daemon=True)
        self.script = script
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.heard: list[bytes] = []
        self.start()

    def run(self) -> None:
        client, _ = self.listener.accept()
        with client, client.makefile("rb") as lines:
            for expected, reply in self.script:
                if expected:
                    self.hear(lines, expected)
                if reply is None:
                    client.shutdown(socket.SHUT_RDWR)
                    return
                if reply == "wait":
                    lines.read()
                    return
                client.sendall(reply.encode() + b"\r\n")

    def hear(self, lines: Any, expected: str) -> None:
        """Read a command, or as much of the text as ``expected`` says."""
        line = lines.readline()
        self.heard.append(line)
        while expected == "." and line != b".\r\n":
            line = lines.readline()
            self.heard.append(line)


def send_to(script: Script, timeout: float = 5.0) -> BluefsError | str:
    server = Scripted(script)
    mailer = SmtpMailer(Server("127.0.0.1", server.port, timeout=timeout), answer_timeout=timeout)
    try:
        return mailer.send(letter(replace(OFFER, body="text\n" * 2000)), SENDER, AT)
    except BluefsError as error:
        return error
    finally:
        server.listener.close()


@pytest.mark.parametrize(
    "script",
    [
        [("", None)],
        [("", "421 too busy")],
        [("", "554 not here")],
        [("", "220 hi"), ("EHLO", None)],
        [*HELLO, ("MAIL", None)],
        [*HELLO, ("MAIL", "421 bye")],
        [*HELLO, ("MAIL", "250 ok"), ("RCPT", None)],
        [*HELLO, *ADDRESSES, ("DATA", None)],
        [*HELLO, *ADDRESSES, ("DATA", "451 not now")],
        [*HELLO, *ADDRESSES, ("DATA", "250 what")],
    ],
)
def test_broken_off_before_the_text_is_delayed(script: Script) -> None:
    assert isinstance(send_to(script), MailDelayed)


@pytest.mark.parametrize(
    "script",
    [[*HELLO, ("MAIL", "550 not you")], [*HELLO, *ADDRESSES, ("DATA", "554 no")]],
)
def test_refused_before_the_text_is_final(script: Script) -> None:
    assert isinstance(send_to(script), MailRefused)


@pytest.mark.parametrize(
    "script",
    [
        [*HELLO, *ADDRESSES, ("DATA", "354 go on"), ("line", None)],
        [*HELLO, *ADDRESSES, ("DATA", "354 go on"), (".", None)],
        [*HELLO, *ADDRESSES, ("DATA", "354 go on"), (".", "nonsense")],
    ],
)
def test_broken_off_after_the_text_began_is_unknown(script: Script) -> None:
    assert isinstance(send_to(script), MailUnknown)


def test_silence_before_the_text_is_delayed() -> None:
    assert isinstance(send_to([("", "wait")], 0.1), MailDelayed)
    assert isinstance(send_to([*HELLO, ("MAIL", "wait")], 0.1), MailDelayed)


def test_silence_after_the_text_is_unknown() -> None:
    script: Script = [*HELLO, *ADDRESSES, ("DATA", "354 go on"), (".", "wait")]
    assert isinstance(send_to(script, 0.1), MailUnknown)


def test_what_happens_after_the_answer_changes_nothing() -> None:
    script: Script = [*HELLO, *ADDRESSES, ("DATA", "354 go on"), (".", "250 ok"), ("QUIT", None)]
    assert isinstance(send_to(script), str)


def test_a_server_that_only_knows_helo() -> None:
    script: Script = [("", "220 hi"), ("EHLO", "502 what?"), ("HELO", "250 hi"), *ADDRESSES,
                      ("DATA", "354 go on"), (".", "250 ok"), ("QUIT", "221 bye")]  # fmt: skip
    assert isinstance(send_to(script), str)


# --- encryption and passwords ---------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side and a client's side that trusts it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))


Certificate = tuple[ssl.SSLContext, ssl.SSLContext]


def test_tls_from_the_start(serve: Serve, certificate: Certificate) -> None:
    postbox = Postbox()
    server, client = certificate
    mailer = serve(postbox, "smtps", ssl_context=server, client=client)
    assert mailer.send(letter(), SENDER, AT).startswith("smtps://127.0.0.1:")
    assert len(postbox.got) == 1


def test_starttls(serve: Serve, certificate: Certificate) -> None:
    postbox = Postbox()
    server, client = certificate
    mailer = serve(
        postbox, "smtp+starttls", tls_context=server, require_starttls=True, client=client
    )
    mailer.send(letter(), SENDER, AT)
    assert len(postbox.got) == 1


@pytest.mark.parametrize(
    ("scheme", "option"), [("smtps", "ssl_context"), ("smtp+starttls", "tls_context")]
)
def test_a_certificate_nobody_vouches_for(
    serve: Serve, certificate: Certificate, scheme: str, option: str
) -> None:
    postbox = Postbox()
    mailer = serve(postbox, scheme, **{option: certificate[0]})
    with pytest.raises(MailDelayed):
        mailer.send(letter(), SENDER, AT)
    assert postbox.got == []


def test_a_server_without_starttls_gets_nothing(serve: Serve) -> None:
    postbox = Postbox()
    with pytest.raises(MailDelayed):
        serve(postbox, "smtp+starttls").send(letter(), SENDER, AT)
    assert postbox.got == []


def authenticator(*args: Any) -> AuthResult:
    data = args[-1]
    good = (
        isinstance(data, LoginPassword)
        and data.login == b"ana@acme"
        and data.password == b"p@ss:w/"
    )
    return AuthResult(success=good, handled=good)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_user_and_password_are_decoded(serve: Serve) -> None:
    postbox = Postbox()
    options = {"authenticator": authenticator, "auth_required": True, "auth_require_tls": False}
    mailer = serve(postbox, user="ana%40acme:p%40ss%3Aw%2F@", **options)
    assert "ana" not in mailer.send(letter(), SENDER, AT)
    assert len(postbox.got) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_is_no_fault_of_the_letter(serve: Serve) -> None:
    postbox = Postbox()
    options = {"authenticator": authenticator, "auth_required": True, "auth_require_tls": False}
    mailer = serve(postbox, user="ana:s3cret@", **options)
    with pytest.raises(MailDelayed) as caught:
        mailer.send(letter(), SENDER, AT)
    assert str(caught.value.fields["detail"]).startswith("535")
    assert "s3cret" not in repr(caught.value) + repr(caught.value.fields) + repr(mailer.server)
    assert postbox.got == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.acme.example", Server("mail.acme.example", 25)),
        ("smtp://Mail.acme.example:2525/", Server("mail.acme.example", 2525)),
        ("smtps://mail.acme.example", Server("mail.acme.example", 465, "tls")),
        ("smtp+starttls://h.example", Server("h.example", 587, "starttls")),
        ("smtp://h.example?starttls", Server("h.example", 587, "starttls")),
        ("smtp://h.example:25?starttls=true", Server("h.example", 25, "starttls")),
        ("smtp://h.example?starttls=no", Server("h.example", 25)),
        ("smtps://h.example?starttls", Server("h.example", 465, "tls")),
        ("smtp://h.example?timeout=2.5", Server("h.example", 25, timeout=2.5)),
        ("smtp://[::1]:25", Server("::1", 25)),
        ("smtp://u:p@localhost", Server("localhost", 25, "none", "u", "p")),
        ("smtp://u:p@127.0.0.1", Server("127.0.0.1", 25, "none", "u", "p")),
        ("smtp://u:p@h.example", Server("h.example", 25, "starttls", "u", "p")),
        ("smtps://a%40b:c%2Fd%3A@h.example", Server("h.example", 465, "tls", "a@b", "c/d:")),
        ("smtp://u@h.example", Server("h.example", 25, "none", "u")),
    ],
)
def test_mail_urls(url: str, expected: Server) -> None:
    assert parse_server(url) == expected


@pytest.mark.parametrize(
    "url",
    ["", "mail.acme.example", "http://h.example", "smtp://", "smtp://h:port", "smtp://h:99999",
     "smtp://[::1", "smtp://h/path", "smtp://u:s3cret@h?startls", "smtp://h?timeout=x",
     "smtp://h?timeout=0", "smtp://u:s3cret@h:x"],
)  # fmt: skip
def test_mail_urls_nobody_can_read(url: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_server(url)
    assert "s3cret" not in repr(caught.value)


def test_place_names_the_server_only() -> None:
    assert parse_server("smtps://u:p@h.example").place == "smtps://h.example:465"
    assert parse_server("smtp://[::1]:25").place == "smtp://[::1]:25"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("marie@acme.example", "", "marie@acme.example"),
        (" Marie <marie@acme.example> ", "Marie", "marie@acme.example"),
        ('"Curie, Marie" <m@acme.example>', "Curie, Marie", "m@acme.example"),
        ("<m@acme.example>", "", "m@acme.example"),
        ("Marie@ACME.Example", "", "Marie@acme.example"),
        ("m+tag@acme.example", "", "m+tag@acme.example"),
        ("root@localhost", "", "root@localhost"),
        ("m@bücher.example", "", "m@xn--bcher-kva.example"),
        ("m@straße.example", "", "m@xn--strae-oqa.example"),
        ("zoe\u0301@acme.example", "", "zoé@acme.example"),
    ],
)
def test_addresses(text: str, name: str, address: str) -> None:
    box = parse_mailbox(text)
    assert (box.name, box.address) == (name, address)


# --- the spool ------------------------------------------------------------------------------


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "acme" / ".bluefs" / "spool"


def test_letters_are_spooled_by_number(spool: Path) -> None:
    mailer = SpoolMailer(str(spool))
    places = [mailer.send(letter(), SENDER, AT) for _ in range(3)]
    assert places == [str(spool / f"{n}.eml") for n in (1, 2, 3)]
    assert sorted(p.name for p in spool.iterdir()) == ["1.eml", "2.eml", "3.eml"]
    data = (spool / "1.eml").read_bytes()
    assert "voilà l’offre.".encode() in data and b"\r" not in data
    message = parse(data)
    assert message["Message-ID"] == letter().message_id
    assert str(message["Subject"]) == OFFER.subject
    assert message["Date"].datetime == AT
    assert body_of(message) == OFFER.body


def test_the_spool_is_invisible_to_git(spool: Path) -> None:
    SpoolMailer(str(spool)).send(letter(), SENDER, AT)
    workspace = spool.parent.parent
    subprocess.run(["git", "init", "-q"], cwd=workspace, check=True)
    command = ["git", "status", "--porcelain", "-uall"]
    status = subprocess.run(command, cwd=workspace, capture_output=True, check=True)
    assert status.stdout == b""


def test_the_next_number_follows_the_highest(spool: Path) -> None:
    spool.mkdir(parents=True)
    for name in ("7.eml", "x.eml", "8.txt", "09.eml.tmp"):
        (spool / name).write_text("")
    assert SpoolMailer(str(spool)).send(letter(), SENDER, AT) == str(spool / "8.eml")
    assert (spool / "7.eml").read_text() == ""


def test_many_at_once_overwrite_nothing(spool: Path) -> None:
    def work() -> None:
        mailer = SpoolMailer(str(spool))
        for _ in range(15):
            mailer.send(letter(), SENDER, AT)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(p.stem) for p in spool.iterdir()) == list(range(1, 61))
    assert all(p.stat().st_size > 200 for p in spool.iterdir())


def test_a_spool_that_cannot_be_is_a_delay(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file")
    with pytest.raises(MailDelayed):
        SpoolMailer(str(tmp_path / "spool")).send(letter(), SENDER, AT)


def test_a_spooled_letter_without_a_sender(spool: Path) -> None:
    SpoolMailer(str(spool)).send(letter(), None, AT)
    assert str(parse((spool / "1.eml").read_bytes())["From"]) == "bluefs <bluefs@localhost>"


def test_mailer_for(spool: Path) -> None:
    assert isinstance(mailer_for(None, str(spool)), SpoolMailer)
    assert isinstance(mailer_for("", str(spool)), SpoolMailer)
    assert isinstance(mailer_for("smtp://h.example", str(spool)), SmtpMailer)
    assert not spool.exists()


# --- what all have in common ----------------------------------------------------------------


@pytest.fixture(params=["smtp", "spool", "memory"])
def any_mailer(request: pytest.FixtureRequest, spool: Path, serve: Serve) -> Any:
    """A mailer, and how many letters it has delivered."""
    if request.param == "memory":
        memory = MemoryMailer()
        return SimpleNamespace(mailer=memory, count=lambda: len(memory.sent))
    if request.param == "spool":
        count = lambda: len(list(spool.glob("*.eml")))  # noqa: E731
        return SimpleNamespace(mailer=SpoolMailer(str(spool)), count=count)
    postbox = Postbox()
    return SimpleNamespace(mailer=serve(postbox), count=lambda: len(postbox.got))


def test_every_mailer_delivers_and_says_where(any_mailer: Any) -> None:
    for number in (1, 2):
        assert any_mailer.mailer.send(letter(), SENDER, AT.astimezone(UTC))
        assert any_mailer.count() == number


def test_every_mailer_refuses_what_cannot_be_delivered(any_mailer: Any) -> None:
    for outward in (replace(OFFER, to=()), replace(OFFER, to=("nobody",))):
        with pytest.raises(MailRefused):
            any_mailer.mailer.send(letter(outward), SENDER, AT)
    with pytest.raises(BluefsError):
        any_mailer.mailer.send(replace(letter(), effect="{}"), SENDER, AT)
    assert any_mailer.count() == 0


def test_the_twin_can_fail() -> None:
    def fail(_: Letter) -> None:
        raise MailDelayed("errors.mail.delayed", place="memory", detail="test")

    mailer = MemoryMailer(fault=fail)
    with pytest.raises(MailDelayed):
        mailer.send(letter(), SENDER, AT)
    assert mailer.sent == []
