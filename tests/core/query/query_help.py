"""A small workspace and records for the tests of queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bluefs.core.model import (
    Comment,
    Config,
    Context,
    FieldDef,
    Item,
    ListDef,
    Person,
    Project,
    Record,
    Value,
    Workspace,
)
from bluefs.core.query import parse_query

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=PARIS)  # a Tuesday


def _fields(*fields: FieldDef) -> dict[str, FieldDef]:
    return {field.key: field for field in fields}


SALES = Project(
    "sales",
    "Sales",
    lists={
        "Open deals": ListDef("Open deals", "Open deals"),
        "Proposal": ListDef("Proposal", "Proposal"),
        "Closed won": ListDef("Closed won", "Closed won", done=True),
        "Closed lost": ListDef("Closed lost", "Closed lost", done=True),
    },
    tags={"Urgent": "red", "Key account": "purple", "Silent": "grey", "a": None, "b": None},
    strict=True,
    fields=_fields(
        FieldDef("deal_value", "currency", "Deal value", options={"currency": "EUR"}),
        FieldDef("score", "rating", "Lead score", options={"max": 5}),
        FieldDef("email", "email", "Email"),
        FieldDef("next_step", "text", "Next step"),
        FieldDef("closing", "date", "Closing", options={"range": True}),
        FieldDef(
            "source", "select", "Source", options={"options": {"Web": None, "Fair: Lyon": None}}
        ),
        FieldDef("nda", "checkbox", "NDA"),
        FieldDef("Priorité", "text", "Priorité"),
    ),
)
WORK = Project(
    "work",
    "Work",
    lists={"Backlog": ListDef("Backlog", "Backlog"), "Live": ListDef("Live", "Live", done=True)},
    fields=_fields(
        FieldDef("deal_value", "text", "Deal value"), FieldDef("comment", "text", "Comment")
    ),
)
CONFIG = Config(
    Workspace(
        name="Acme",
        timezone="Europe/Paris",
        people={
            "ana": Person("ana", "Ana Ruiz", ("ana@acme.example",)),
            "li": Person("li", "Li Wei", ("li@acme.example",)),
            "lise": Person("lise", "Lise Bo", ()),
            "bo": Person("bo", "Bo Lind", ("bo@acme.example",)),
        },
        groups={"sales-team": ("ana", "li")},
    ),
    projects={"sales": SALES, "work": WORK},
)


def record(
    values: Mapping[str, Value] | None = None,
    *,
    title: str = "Renewal – Acme",
    list: str | None = "Open deals",
    project: str = "sales",
    id: str | None = "r3n3w0c4tz",
    body: str = "",
    list_done: bool = False,
    comments: tuple[Comment, ...] = (),
    items: tuple[Item, ...] = (),
) -> Record:
    folder = f"{project}/{list}" if list else project
    return Record(
        f"{folder}/{title}.md",
        project,
        list,
        id,
        title,
        dict(values or {}),
        body=body,
        list_done=list_done,
        comments=comments,
        items=items,
    )


RENEWAL = record(
    {
        "tags": ("Urgent", "Key account"),
        "color": "red",
        "start": date(2026, 11, 20),
        "due": datetime(2026, 11, 24, 15, 0, tzinfo=PARIS),
        "assignees": ("ana", "li"),
        "blocked_by": ("m4xq7c2p0d",),
        "position": "a0V",
        "deal_value": Decimal("12000"),
        "score": Decimal("4"),
        "email": "marie@acme.example",
        "next_step": "Send the offer",
        "nda": True,
    },
    body="Premier point : le début.\n\n## Before the call\n- [x] Read the contract\nfree\n text",
    comments=(Comment("ana", NOW, "They asked for net 60."),),
    items=(Item("Before the call", "Read the contract", True),),
)
BLOCKER = record({}, title="Buy a Mac", id="m4xq7c2p0d")


def context(
    me: str | None = "ana",
    known: tuple[Record, ...] = (RENEWAL, BLOCKER),
    now: datetime = NOW,
    actor: str | None = None,
) -> Context:
    by_id = {one.id: one for one in known}
    return Context(CONFIG, now, me=me, actor=actor, find=by_id.get)


def holds(text: str, one: Record = RENEWAL, where: Context | None = None) -> bool:
    return parse_query(text).matches(one, where or context())
