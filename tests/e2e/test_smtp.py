"""Mail through a real SMTP server: nothing before trust, then each letter once."""

from __future__ import annotations

import hashlib
import json
import socket
import sqlite3
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.e2e.workspaces import Place

OPEN, PROPOSAL = (f"sales/{name}/{{}}.md" for name in ("Open deals", "Proposal"))
FILES = {
    "bluefs.yaml": """\
bluefs: 1
name: Acme
timezone: Europe/Paris
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
sync: auto
quiet: 0
mail: {from: "Acme <hello@acme.example>"}
""",
    "sales/project.yaml": """\
name: Sales
lists:
  Open deals:
  Proposal:
fields:
  email: email
""",
    "sales/automations.yaml": """\
- name: Offer
  when:
    moved: Proposal
  then:
    - send_email:
        to: email
        bcc: ana
        subject: "Our offer: ${title}"
        body: Priorité haute.
""",
    "sales/Proposal/.gitkeep": "",
    OPEN.format("Renewal – Acme"): "---\nid: r3n3w0c4tz\nemail: marie@acme.example\n---\n",
    OPEN.format("Café"): "---\nid: cafe00c4tz\nemail: zoé@café.example\n---\n",
}


class Server:
    """A server on the loopback that keeps what it is given; ``refusing`` is its answer to the
    text instead of taking it."""

    def __init__(self, port: int = 0) -> None:
        self.got: list[tuple[list[str], Message]] = []
        self.refusing: str | None = None
        self.controller = Controller(
            self, hostname="127.0.0.1", port=port or free_port(), enable_SMTPUTF8=True
        )

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusing is not None:
            return self.refusing
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.got.append((list(envelope.rcpt_tos), message))
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path / "acme", tmp_path / "home", FILES)
    place.run()  # the mark is set: what comes from now on counts
    return place


def offer(place: Place, title: str = "Renewal – Acme") -> None:
    place.path(OPEN.format(title)).rename(place.path(PROPOSAL.format(title)))


def test_without_trust_nothing_arrives(place: Place, server: Server) -> None:
    offer(place)
    told = place.run(BLUEFS_SMTP_URL=server.url)
    assert "trust" in told
    place.run(BLUEFS_SMTP_URL=server.url)
    assert server.got == []
    assert place.mails() == []
    assert [state for state, *_ in place.letters()] == []
    assert place.log()[0].startswith("Move ")
    asked = place.bluefs("trust", BLUEFS_SMTP_URL=server.url)
    assert asked.returncode == 2
    assert "ana" in asked.stdout and "email" in asked.stdout
    place.run(BLUEFS_SMTP_URL=server.url)
    assert server.got == [], "asking is not agreeing"


def test_what_waited_for_the_first_trust_is_dropped(place: Place, server: Server) -> None:
    offer(place)
    place.run(BLUEFS_SMTP_URL=server.url)
    place.trust()
    offer(place, "Café")
    place.run(BLUEFS_SMTP_URL=server.url)
    assert [str(m["Subject"]) for _, m in server.got] == ["Our offer: Café"]


def test_with_trust_one_mail_arrives_once(place: Place, server: Server) -> None:
    place.trust()
    offer(place)
    told = place.run(BLUEFS_SMTP_URL=server.url)
    assert "Our offer: Renewal – Acme" in told
    for _ in range(2):
        place.run(BLUEFS_SMTP_URL=server.url)
    [(recipients, message)] = server.got
    assert recipients == ["marie@acme.example", "ana@acme.example"]
    assert message["Subject"] == "Our offer: Renewal – Acme"
    assert message["From"] == "Acme <hello@acme.example>"
    assert message["To"] == "marie@acme.example"
    assert message["Bcc"] is None and "ana@acme.example" not in message.as_string()
    assert "Priorité haute." in body(message)
    [(state, _, message_id)] = place.letters()
    assert state == "sent"
    assert message["Message-ID"] == message_id == expected_id(place)
    assert place.mails() == [], "the spool is for workspaces without a server"


def expected_id(place: Place) -> str:
    """Told from the letter's key alone, so every attempt anywhere bears the same."""
    [key] = column(place, "key")
    head = place.git("rev-parse", "HEAD").strip()
    assert key.startswith(f"{head}:") and "r3n3w0c4tz" in key
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@acme.example>"


def test_a_server_that_is_down_gets_it_later_and_once(place: Place) -> None:
    place.trust()
    offer(place)
    server = Server()
    place.run(BLUEFS_SMTP_URL=server.url)
    [(state, _, first_id)] = place.letters()
    assert state == "pending"
    server.controller.start()
    try:
        place.run(BLUEFS_SMTP_URL=server.url)
        assert server.got == [], "not before the delay is over"
        half_a_minute_passes(place)
        for _ in range(2):
            place.run(BLUEFS_SMTP_URL=server.url)
    finally:
        server.controller.stop()
    [(_, message)] = server.got
    assert message["Message-ID"] == first_id
    assert [(state, key) for state, _, key in place.letters()] == [("sent", first_id)]


def half_a_minute_passes(place: Place) -> None:
    """For the letters: their times lie that much further back."""
    with sqlite3.connect(place.root / ".git/bluefs/outbox.sqlite") as connection:
        connection.execute('UPDATE letters SET "at" = "at" - 31')


def test_a_greylisting_server_gets_it_later_and_once(place: Place, server: Server) -> None:
    place.trust()
    offer(place)
    server.refusing = "451 4.7.1 try again later"
    place.run(BLUEFS_SMTP_URL=server.url)
    assert [state for state, *_ in place.letters()] == ["pending"]
    server.refusing = None
    half_a_minute_passes(place)
    for _ in range(2):
        place.run(BLUEFS_SMTP_URL=server.url)
    assert [str(m["Subject"]) for _, m in server.got] == ["Our offer: Renewal – Acme"]


def test_a_refusal_for_good_is_not_tried_again(place: Place, server: Server) -> None:
    place.trust()
    offer(place)
    server.refusing = "550 5.7.1 no such user"
    told = place.run(BLUEFS_SMTP_URL=server.url)
    assert "550" in told
    server.refusing = None
    half_a_minute_passes(place)
    place.run(BLUEFS_SMTP_URL=server.url)
    assert server.got == []
    assert [state for state, *_ in place.letters()] == ["dead"]


def test_an_address_that_is_not_ascii(place: Place, server: Server) -> None:
    place.trust()
    offer(place, "Café")
    place.run(BLUEFS_SMTP_URL=server.url)
    [(recipients, message)] = server.got
    assert recipients[0] == "zoé@xn--caf-dma.example"
    assert message["Subject"] == "Our offer: Café"


def test_a_password_is_never_told(place: Place) -> None:
    place.trust()
    offer(place)
    done = place.bluefs("run", BLUEFS_SMTP_URL=f"smtp://me:secret@127.0.0.1:{free_port()}")
    assert "secret" not in done.stdout + done.stderr
    assert "secret" not in json.dumps(column(place, "error"))


def column(place: Place, name: str) -> list[Any]:
    with sqlite3.connect(place.root / ".git/bluefs/outbox.sqlite") as connection:
        return [row[0] for row in connection.execute(f'SELECT "{name}" FROM letters')]


def body(message: Message) -> str:
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
