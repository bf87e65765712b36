"""The rules of the sample workspace do what somebody who tries them expects: each case is one
change of one file by a person, settled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bluefs.core.codec.record import read_record
from bluefs.core.model import Context, Record
from bluefs.core.settle import Settled, settle
from tests.core.sample import CONFIG, FILES, RECORDS, RENEWAL, RULES
from tests.core.sample_cases import CONTENT, RECRUITING, TASKS, Case

NOW = datetime(2026, 11, 24, 9, 12, 20, tzinfo=ZoneInfo("Europe/Paris"))


def change(case: Case) -> tuple[Record | None, Record]:
    before = None if case.new is not None else RECORDS[case.path]
    text = case.new if case.new is not None else FILES[case.path].decode()
    for old, new in case.edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    project, _, name = case.path.split("/")
    path = f"{project}/{case.to}/{name}" if case.to else case.path
    reading = read_record(path, text.encode(), CONFIG)
    assert reading.record is not None and not reading.problems
    return before, reading.record


def play(case: Case) -> Settled:
    before, after = change(case)
    project = CONFIG.projects[after.project]
    context = Context(CONFIG, NOW, actor="ana", creator="li")
    return settle(before, after, CONFIG.rules[project.key], context, project)


MARIE = ("marie@acme.example",)
BOTH_SELLERS = ("ana@acme.example", "li@acme.example")
AGENTS = ("zoe@acme.example", "max@acme.example")
HOTEL = "support/Résolus/Connexion impossible depuis l’hôtel.md"
EXPORT = "support/À traiter/Export CSV sans accents.md"
PRINTER = "support/Nouveaux/Impossible d’imprimer.md"
LOGO = "support/En attente/Logo flou sur les devis.md"
CAFE = "sales/Open deals/☕ Café Lumière.md"
PORT = "sales/Proposal/Port of Brest, seats.md"
NEW_DEAL = "sales/Open deals/Call Bretagne Fret.md"
NEW_TICKET = "support/Nouveaux/Plus rien ne marche.md"
SAVE_VALUE = ("deal_value: 12000", "deal_value: 14000")
PRESS = ("\nemail:", "\nsend_offer: press\nemail:")
CASES = [
    Case("an edit that no rule is about", RENEWAL, (), edits=(SAVE_VALUE,)),
    Case(
        "moved to Proposal",
        RENEWAL,
        ("Offer",),
        ((MARIE, "Our offer: Renewal – Acme"),),
        to="Proposal",
    ),
    Case("moved to Proposal, silent", CAFE, (), to="Proposal"),
    Case(
        "won",
        RENEWAL,
        ("Won",),
        (((*MARIE, *BOTH_SELLERS), "Welcome aboard: Renewal – Acme"),),
        to="Closed won",
    ),
    Case(
        "lost",
        RENEWAL,
        ("Lost",),
        ((MARIE, "Thank you all the same: Renewal – Acme"),),
        to="Closed lost",
    ),
    Case(
        "an urgent deal appears",
        NEW_DEAL,
        ("Urgent deal",),
        ((BOTH_SELLERS, "Urgent: Call Bretagne Fret"),),
        new="---\ntags: [urgent]\ndeal_value: 9000\n---\n",
    ),
    Case("an ordinary deal appears", NEW_DEAL, (), new="---\ntags: [Key account]\n---\n"),
    Case(
        "somebody asks on the website",
        NEW_DEAL,
        ("Welcome",),
        ((("jo@fret.example",), "Thank you for writing to Acme"),),
        new="---\nsource: Web\nemail: jo@fret.example\n---\nHow much for 12?\n",
    ),
    Case(
        "the button of an open deal",
        RENEWAL,
        ("Offer by button", "Offer"),
        ((MARIE, "Our offer: Renewal – Acme"),),
        edits=(PRESS,),
    ),
    Case(
        "the button of a deal in Proposal",
        PORT,
        ("Offer again",),
        ((("v.morvan@port-brest.example",), "Once more, our offer: Port of Brest, seats"),),
        edits=(PRESS,),
    ),
    Case(
        "the value grows large",
        RENEWAL,
        ("Big deal",),
        edits=(("deal_value: 12000", "deal_value: 52000"),),
    ),
    Case(
        "the last task is ticked",
        RENEWAL,
        ("Ready for the call",),
        edits=(("[ ] Send the offer", "[x] Send the offer"),),
    ),
    Case(
        "a silent customer answers",
        CAFE,
        ("They answered",),
        edits=(("And another one.\n", "And another one.\n\n### Léa · 2026-11-24 09:00\nSorry!\n"),),
    ),
    Case(
        "a ticket of high priority",
        NEW_TICKET,
        ("Alerte priorité haute", "Accusé de réception"),
        (
            (AGENTS, "Priorité haute : Plus rien ne marche"),
            (("eve@x.example",), "Nous avons bien reçu votre message : Plus rien ne marche"),
        ),
        new="---\npriorite: Haute\ncourriel: eve@x.example\n---\nAu secours.\n",
    ),
    Case("an ordinary ticket", NEW_TICKET, (), new="---\npriorite: Basse\n---\n"),
    Case(
        "an agent takes it",
        PRINTER,
        ("Pris en charge",),
        ((AGENTS[:1], "Ticket pour vous : Re: impossible d’imprimer"),),
        edits=(("tags: [Bug]", "tags: [Bug]\nassignees: [zoe]"),),
    ),
    Case(
        "the customer answers",
        LOGO,
        ("Réponse du client",),
        edits=(
            (
                "en plus grand ?\n",
                "en plus grand ?\n\n### Studio Pixel, 2026-11-24 08:00\nLe voici.\n",
            ),
        ),
    ),
    Case(
        "an agent comments",
        LOGO,
        (),
        edits=(("en plus grand ?\n", "en plus grand ?\n\n### max, 2026-11-24 08:00\nOui.\n"),),
    ),
    Case(
        "the customer is reminded",
        EXPORT,
        ("Relance",),
        ((("s.menard@port-brest.example",), "Où en êtes-vous ? Export CSV sans accents"),),
        edits=(("statut: En cours", "statut: En cours\nrelancer: press"),),
    ),
    Case(
        "solved",
        EXPORT,
        ("Résolu",),
        ((("s.menard@port-brest.example",), "Résolu : Export CSV sans accents"),),
        to="Résolus",
    ),
    Case("taken up again", HOTEL, ("Rouvert",), to="À traiter"),
    *TASKS,
    *RECRUITING,
    *CONTENT,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_change_starts(case: Case) -> None:
    settled = play(case)
    fired = [firing.rule.name for firing in settled.firings if firing.outcome == "fired"]
    assert fired == list(case.fired)
    assert [(mail.to, mail.subject) for mail in settled.outward] == list(case.mails)
    assert [firing.notes for firing in settled.firings if firing.notes] == []
    assert not any("${" in mail.body for mail in settled.outward)


def test_every_rule_that_is_on_is_tried_above() -> None:
    tried = {f"{case.path.partition('/')[0]}/{name}" for case in CASES for name in case.fired}
    assert {rule.identity for rule in RULES if rule.enabled} == tried


def test_every_stage_of_a_deal_sends_a_mail() -> None:
    stages = {case.to for case in CASES if case.mails and case.path == RENEWAL and case.to}
    assert {*stages, "Open deals"} == set(CONFIG.projects["sales"].lists)
    assert any(case.mails and case.path == NEW_DEAL for case in CASES)


def case_named(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def effects(case: Case) -> dict[str, object]:
    """What the rules made of the person's version: the keys that differ, and the place."""
    _, after = change(case)
    settled = play(case).record
    assert settled is not None
    keys = sorted({*after.values, *settled.values})
    changed: dict[str, object] = {
        key: settled.values.get(key)
        for key in keys
        if settled.values.get(key) != after.values.get(key)
    }
    if settled.list != after.list:
        changed["list"] = settled.list
    return changed


RESULTS: list[tuple[str, dict[str, object]]] = [
    (
        "moved to Proposal",
        {
            "probability": Decimal(50),
            "due": date(2026, 12, 1),
            "tags": ("Key account", "Contacted"),
        },
    ),
    ("won", {"probability": Decimal(100), "color": "green", "next_step": None}),
    ("lost", {"probability": Decimal(0), "next_step": None, "closing": None}),
    ("an urgent deal appears", {"assignees": ("li",)}),
    (
        "the button of an open deal",
        {
            "list": "Proposal",
            "probability": Decimal(50),
            "due": date(2026, 12, 1),
            "tags": ("Key account", "Contacted"),
            "send_offer": None,
        },
    ),
    ("the button of a deal in Proposal", {"due": date(2026, 12, 1), "send_offer": None}),
    ("the value grows large", {"assignees": ("ana", "li", "bo")}),
    ("the last task is ticked", {"next_step": "Call, everything is prepared"}),
    ("a silent customer answers", {"tags": None}),
    (
        "a ticket of high priority",
        {"color": "red", "due": date(2026, 11, 25), "statut": "Nouveau"},
    ),
    ("an agent takes it", {"list": "À traiter", "statut": "En cours"}),
    ("the customer is reminded", {"list": "En attente", "statut": "Attente client"}),
    ("solved", {"statut": "Résolu"}),
    ("taken up again", {"statut": "En cours", "satisfaction": None}),
]


@pytest.mark.parametrize(("name", "wanted"), RESULTS, ids=[name for name, _ in RESULTS])
def test_what_the_rules_leave(name: str, wanted: dict[str, object]) -> None:
    found = effects(case_named(name))
    if name == "the customer is reminded":
        assert found.pop("relancer") is None
    assert found == wanted


@pytest.mark.parametrize("case", [c for c in CASES if c.leaves], ids=lambda case: case.name)
def test_what_they_leave_besides(case: Case) -> None:
    found = effects(case)
    assert {key: found.get(key, "unchanged") for key in case.leaves} == case.leaves


def test_every_step_of_an_application_sends_a_mail() -> None:
    steps = {case.to for case in RECRUITING if case.mails and case.to}
    assert {*steps, "Applied"} == set(CONFIG.projects["recruiting"].lists)


def test_the_offer_speaks_of_the_deal() -> None:
    (mail,) = play(case_named("moved to Proposal")).outward
    assert mail.rule == "sales/Offer" and mail.cc == mail.bcc == ()
    for part in ("€12,000", "40", "Planning", "Renewal – Acme", "Ana Ruiz", "Tue 1 Dec"):
        assert part in mail.body, part


def test_a_mail_to_a_french_customer_is_in_french() -> None:
    (mail,) = play(case_named("solved")).outward
    assert mail.body.startswith("Bonjour,\n\nvotre demande « Export CSV sans accents » est")
    assert "Max Haddad" in mail.body
