"""Mail: fully rendered, exactly one address per value, never with a hole in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.model import Context, Event, Outward, Record
from bluefs.core.rules.addresses import parse_address
from bluefs.core.rules.base import Occasion, Outcome

FILES = {
    "bluefs.yaml": b"""name: Acme
people:
  ana: {name: Ana Ruiz, email: [ana@acme.example, ana@home.example]}
  li: {email: li@acme.example}
  bo:
groups: {sales: [ana, li]}
""",
    "p/project.yaml": b"""name: Deals
lists: {Open: {name: Open deals}}
fields:
  email: email
  contacts: text
  deal_value: {type: currency, currency: EUR}
""",
    "p/_templates/offer.md": b"---\nsubject: 'Offer: ${title}'\n---\n\nDear ${email},\n\n${deal_value}\n",
    "p/_templates/plain.txt": b"Hello ${actor.name}",
    "p/_templates/logo.png": b"\x89PNG\xff",
}
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
RECORD = Record(
    "p/Open/A.md", "p", "Open", "abcdefgh12", "Renewal – Acme",
    {"email": "marie@acme.example", "assignees": ("ana", "li"), "tags": ("Urgent", "B")},
)  # fmt: skip
EVENT = Event("moved", before="Lead", after="Open", by=None)


def send(
    options: str, record: Record = RECORD, event: Event = EVENT, actor: str | None = "ana"
) -> Outcome:
    text = f"- name: Offer\n  when: created\n  then:\n    - send_email: {options}\n"
    loaded = load_config({**FILES, "p/automations.yaml": text.encode()})
    (rule,) = loaded.config.rules["p"]
    context = Context(loaded.config, NOW, actor=actor, creator="li")
    outcome = rule.then[0].apply(Occasion(rule, event, record, context))
    assert outcome.record is record
    return outcome


def mail(options: str, record: Record = RECORD, **more: object) -> Outward:
    outcome = send(options, record, **more)  # type: ignore[arg-type]
    assert len(outcome.outward) == 1, outcome.notes
    return outcome.outward[0]


def to(words: str, record: Record = RECORD, **more: object) -> tuple[str, ...]:
    return mail(f"{{to: {words}, subject: s, body: b}}", record, **more).to


def text(body: str, **more: object) -> str:
    return mail(f"{{to: ana, subject: s, body: '{body}'}}", **more).body.removesuffix("\n")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("email", ("marie@acme.example",)),
        ("ana", ("ana@acme.example",)),
        ("sales", ("ana@acme.example", "li@acme.example")),
        ("everyone", ("ana@acme.example", "li@acme.example")),  # bo has no address
        ("assignees", ("ana@acme.example", "li@acme.example")),
        ("actor", ("ana@acme.example",)),
        ("creator", ("li@acme.example",)),
        ("x@y", ("x@y",)),
        ("X Y <x@y>", ("X Y <x@y>",)),
        ("[assignees, ana, ANA@acme.example, email]", ("ana@acme.example", "li@acme.example", "marie@acme.example")),
        ("'${email}'", ("marie@acme.example",)),
        ("'${assignees.email}'", ("ana@acme.example", "li@acme.example")),
    ],
)  # fmt: skip
def test_recipients(words: str, expected: tuple[str, ...]) -> None:
    assert to(words) == expected


def test_a_stranger_who_acted_is_known_by_the_address_of_the_commit() -> None:
    assert to("actor", actor="x@y.z") == ("x@y.z",)
    outcome = send("{to: actor, subject: s, body: b}", actor=None)
    assert outcome.outward == () and outcome.notes


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a@b, c@d",
        "a@b\nBcc: c@d",
        "a@b\r\nBcc: c@d",
        "a@b c@d",
        "a@b;c@d",
        "none",
        "<a@b> <c@d>",
    ],
)
def test_a_value_without_exactly_one_address_gives_no_mail_and_a_note(value: str) -> None:
    record = replace(RECORD, values={"contacts": value} if value else {})
    outcome = send("{to: contacts, subject: s, body: b}", record)
    assert outcome.outward == () and any("contacts" in note for note in outcome.notes)
    both = send("{to: [contacts, ana], subject: s, body: b}", record)
    assert both.outward[0].to == ("ana@acme.example",) and both.notes


def test_nobody_gets_one_mail_twice() -> None:
    sent = mail("{to: ana, cc: [sales, x@y], bcc: [everyone, x@y, z@y], subject: s, body: b}")
    assert (sent.to, sent.cc, sent.bcc) == (
        ("ana@acme.example",),
        ("li@acme.example", "x@y"),
        ("z@y",),
    )


def test_reply_to_is_one_address_or_none() -> None:
    assert mail("{to: ana, reply_to: email, subject: s, body: b}").reply_to == "marie@acme.example"
    outcome = send("{to: ana, reply_to: sales, subject: s, body: b}")
    assert outcome.outward[0].reply_to is None and outcome.notes


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("title", "Renewal – Acme"), ("id", "abcdefgh12"), ("path", "p/Open/A.md"), ("list", "Open deals"),
        ("project", "Deals"), ("workspace.name", "Acme"), ("tags", "Urgent, B"), ("assignees", "ana, li"),
        ("assignees.email", "ana@acme.example, li@acme.example"), ("assignees.name", "Ana Ruiz, li"),
        ("actor", "ana"), ("actor.name", "Ana Ruiz"), ("actor.email", "ana@acme.example"),
        ("creator", "li"), ("event.from", "Lead"), ("event.to", "Open"), ("event.key", ""), ("event.by", "ana"),
        ("due", ""), ("deal_value", ""), ("email", "marie@acme.example"), (" title ", "Renewal – Acme"),
    ],
)  # fmt: skip
def test_merge_fields(field: str, expected: str) -> None:
    assert text("[${" + field + "}]") == f"[{expected}]"


def test_values_are_shown_as_people_read_them() -> None:
    record = replace(RECORD, values={"deal_value": 12000, "due": date(2026, 12, 1)})
    from decimal import Decimal

    record = record.with_values({"deal_value": Decimal(12000)})
    shown = text("${deal_value} ${due}", record=record)
    assert "12,000" in shown and "€" in shown and "1 Dec" in shown
    event = Event("changed", "deal_value", Decimal(5), Decimal(12000))
    assert "12,000" in text("${event.to} ${event.key}", event=event)


def test_the_description_and_what_a_comment_says() -> None:
    record = replace(RECORD, body="They asked.\n\n## Comments\n\n### ana · 2026-11-24 09:12\nHm\n")
    assert text("[${description}]", record=record) == "[They asked.]"
    event = Event("commented", "comments", after="Net 60?", by="Marie")
    assert text("${event.by}: ${event.to}", event=event) == "Marie: Net 60?"


def test_an_escape_and_what_was_put_in_are_not_read_again() -> None:
    assert text("$${title} $$ ${ $x {title}") == "${title} $$ ${ $x {title}"
    assert text("${title}", record=replace(RECORD, title="${id} $${x}")) == "${id} $${x}"


def test_a_newline_in_a_title_does_not_make_a_header() -> None:
    record = replace(RECORD, title="A\r\nBcc: x@y\u2028z")
    sent = mail("{to: ana, subject: 'Re ${title}', from_name: '${title}', body: b}", record)
    assert sent.subject == "Re A Bcc: x@y z" and sent.from_name == "A Bcc: x@y z"


def test_a_template_brings_its_subject() -> None:
    record = replace(RECORD, values={"email": "m@a.fr"})
    sent = mail("{to: email, template: offer.md}", record)
    assert sent.subject == "Offer: Renewal – Acme" and sent.body == "Dear m@a.fr,\n"
    assert mail("{to: email, template: offer.md, subject: Own}").subject == "Own"
    assert mail("{to: ana, subject: s, template: plain.txt}").body == "Hello Ana Ruiz\n"


@pytest.mark.parametrize(
    "options",
    [
        "{to: ana, subject: s, template: none.md}",
        "{to: ana, subject: s, template: logo.png}",
        "{to: ana, subject: s, body: 'Hi ${nme}'}",
        "{to: ana, subject: 'Hi ${}', body: b}",
        "{to: bo, subject: s, body: b}",
    ],
)
def test_no_mail_and_a_note(options: str) -> None:
    outcome = send(options)
    assert outcome.outward == () and outcome.notes


def test_a_broken_template_is_a_problem_of_its_own_file() -> None:
    files = {**FILES, "p/_templates/bad.md": b"---\nsubject: Re: ${title}\n---\nHi\n"}
    files["p/automations.yaml"] = (
        b"- {name: A, when: created, then: [{send_email: {to: ana, template: bad.md}}]}"
    )
    loaded = load_config(files)
    assert [(p.path, p.line, p.column) for p in loaded.problems] == [("p/_templates/bad.md", 2, 12)]
    (rule,) = loaded.config.rules["p"]
    outcome = rule.then[0].apply(Occasion(rule, EVENT, RECORD, Context(loaded.config, NOW)))
    assert outcome.outward == () and "bad.md" in outcome.notes[0]


def test_mail_leaves_the_machine() -> None:
    loaded = load_config(
        {
            **FILES,
            "p/automations.yaml": b"- {name: A, when: created, then: [{send_email: {to: ana, template: offer.md}}]}",
        }
    )
    (rule,) = loaded.config.rules["p"]
    assert rule.outward and rule.then[0].explain() == "send an email to ana"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_record_can_make_a_header_or_a_second_recipient(title: str, contact: str) -> None:
    record = replace(RECORD, title=title, values={"contacts": contact})
    outcome = send(
        "{to: [contacts, ana], cc: contacts, subject: '${title}', body: '${contacts}'}", record
    )
    (sent,) = outcome.outward
    for header in (sent.subject, *sent.to, *sent.cc):
        assert not any(ord(c) < 32 or c in "\x7f\x85\u2028\u2029" for c in header)
    assert all(parse_address(one) is not None for one in (*sent.to, *sent.cc)) and len(sent.to) <= 2
    assert (
        send(
            "{to: [contacts, ana], cc: contacts, subject: '${title}', body: '${contacts}'}", record
        )
        == outcome
    )


@pytest.mark.parametrize(
    ("language", "zone", "due", "said"),
    [
        ("en", "UTC", date(2026, 11, 24), "Tue 24 Nov 2026"),
        ("en", "UTC", date(2026, 11, 25), "Wed 25 Nov 2026"),
        ("fr", "Europe/Paris", date(2026, 12, 1), "mar. 1 déc. 2026"),
        ("en", "Europe/Paris", datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "Wed 25 Nov 2026 00:30"),
        ("fr", "Europe/Paris", datetime(2026, 11, 24, 14, tzinfo=UTC), "mar. 24 nov. 2026 15:00"),
    ],
)
def test_a_mail_is_read_on_another_day(language: str, zone: str, due: date, said: str) -> None:
    """Dates in it are whole, in the workspace's language and zone, whatever day it is."""
    head = f"language: {language}\ntimezone: {zone}\n".encode()
    rules = b"""- name: Offer
  when: created
  then:
    - send_email: {to: ana, subject: '${due}', body: '${event.from} ${event.to} ${due}'}
"""
    files = {**FILES, "bluefs.yaml": head + FILES["bluefs.yaml"], "p/automations.yaml": rules}
    config = load_config(files).config
    (rule,) = config.rules["p"]
    record = replace(RECORD, values={**RECORD.values, "due": due})
    event = Event("changed", key="due", before=None, after=due)
    found = []
    for now in (NOW, datetime(2031, 1, 1, tzinfo=UTC)):
        outcome = rule.then[0].apply(Occasion(rule, event, record, Context(config, now)))
        found.append((outcome.outward[0].subject, outcome.outward[0].body))
    assert found == [(said, f" {said} {said}\n")] * 2
