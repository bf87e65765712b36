"""The published JSON Schemas: valid, in step with the registries, and true of the examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bluefs.core.codes import config as codes
from bluefs.core.config import fields as config_fields
from bluefs.core.config import load_config, project, roles, views, workspace
from bluefs.core.fields import kind_named, known_kinds
from bluefs.core.model import BUILTIN_KEYS, COLORS
from bluefs.core.rules import registries
from bluefs.core.rules.registry import Registry
from bluefs.core.rules.shape import Part

FOLDER = Path(__file__).parents[2] / "schema"
NAMES = ("workspace", "project", "automations", "record")
SCHEMAS = {name: json.loads((FOLDER / f"{name}.json").read_text("utf-8")) for name in NAMES}
TRIGGERS, ACTIONS = registries()

WORKSPACE = """
bluefs: 1
name: Acme
timezone: Europe/Paris
language: en
day_start: "09:00"
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
  li: {name: Li Wei, email: [li@acme.example, li@home.example], notify: {overdue: never}}
  bo:
groups: {sales-team: [ana, li]}
sync: auto
quiet: 2
runner: any
mail: {from: "Acme <hello@acme.example>", per_hour: 60}
http: {allow: [hooks.acme.example]}
ignore: [docs]
webhooks:
  Warehouse: {url: "https://hooks.acme.example/b", events: [record.moved], secret: env:HOOK}
"""
PROJECT = """
name: Sales
lists:
  Open deals: {color: blue}
  Proposal:
  Closed won: {done: true}
  Closed lost: {done: true, locked: true}
tags: {Urgent: red, Key account: purple, Contacted: teal, Silent: "#00ff00"}
strict: true
fields:
  next_step: text
  story: multiline
  seats: {type: number, min: 1, max: 500}
  deal_value: {type: currency, currency: EUR, required_in: [Proposal, Closed won]}
  probability: {type: percent, default: 20}
  score: {type: rating, name: Lead score, max: 5, step: half}
  nda: checkbox
  source: {type: select, options: {Web: blue, Referral: green, "Fair: Lyon": orange}}
  products: {type: multi_select, options: [Basic, Pro]}
  closing: {type: date, range: true, calendar: true}
  email: {type: email, required: true, description: Where offers go}
  website: url
  phone: {type: phone, country: FR}
  countries: {type: country, many: true}
  number: {type: unique_id, style: sequential, prefix: DEAL-, digits: 3, start: 1}
  weighted: {type: formula, formula: deal_value * probability / 100, show: currency}
  company: {type: reference, project: companies, filter: "tag:Client"}
  industry: {type: lookup, through: company, get: industry}
  to_close: {type: duration, from: created, to: {moved: Closed won}, target: 30 days}
  time_spent: time_in_list
  value_usd: {type: conversion, of: deal_value, to: USD, at: due, rates: rates.csv}
  send_offer: {type: button, name: Send the offer, confirm: typed}
roles:
  admin: [ana]
  finance: {members: [bo], lists: [Closed won], fields: {deal_value: edit, "*": view}}
views:
  Hot: {show: table, filter: "is:open score:4.. -tag:Urgent", columns: [title, score], sort: -due}
  Board: {show: board, group: list, card: [due, deal_value]}
dashboards:
  Pipeline:
    - stat: {title: Weighted, sum: weighted, filter: "is:open"}
reports:
  Monthly funnel: {report: funnel, period: month, by: source}
hours: {days: [mon, tue], from: "09:00", to: "17:00"}
"""
RULES = """
- name: Offer
  when: {moved: {to: Proposal}}
  if: has:email -tag:Silent
  then:
    - set: {probability: 50, due: +7d}
    - add_tags: [Contacted]
    - send_email:
        to: email
        subject: "Our offer: ${title}"
        template: offer.md
- name: Chase
  when:
    - overdue
    - moved: [Open deals, Closed won]
    - changed: {field: deal_value, to: "50000.."}
    - before: {field: due, offset: 1 day}
    - schedule: {every: monday, at: "08:30", filter: "is:open"}
  then:
    - notify: {to: assignees, text: "${title}: ${next_step}"}
    - wait: 2 days
    - stop: is:done
    - assign: ana
- name: Won
  enabled: false
  when: {pressed: send_offer}
  then:
    - complete
    - copy: {project: work, list: Backlog}
    - http: {url: "https://hooks.acme.example/won", json: {deal: "${title}"}, sign: env:WON}
"""
RECORD = """
id: k7h3kq0m2x
tags: [Urgent, Key account]
color: red
start: "2026-11-20"
due: "2026-12-01T15:00"
assignees: [ana, li]
done: true
blocked_by:
  - m4xq7c2p0d
position: a0V
repeat: every 2 weeks on mon until 2027-01-01
remind: [1 day before due]
deal_value: 12000
"""
EXAMPLES = {"workspace": WORKSPACE, "project": PROJECT, "automations": RULES, "record": RECORD}


def faults(name: str, text: str) -> list[str]:
    return [
        e.message for e in Draft202012Validator(SCHEMAS[name]).iter_errors(yaml.safe_load(text))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one_and_says_what_it_is(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/{name}.json") and schema["title"] and schema["description"]
    assert schema["examples"]
    for example in schema["examples"]:
        assert not list(Draft202012Validator(schema).iter_errors(example))


def properties(node: object) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items():
            found.append((key, value))
        for value in node.values():
            found.extend(properties(value))
    elif isinstance(node, list):
        for value in node:
            found.extend(properties(value))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_described_and_nothing_is_any_of(name: str) -> None:
    assert not [key for key, value in properties(SCHEMAS[name]) if not value.get("description")]
    assert not [key for key, value in properties(SCHEMAS[name]) if not value.get("examples")]
    assert '"anyOf"' not in json.dumps(SCHEMAS[name]) and '"oneOf"' not in json.dumps(SCHEMAS[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_valid_where_it_stands(name: str) -> None:
    for key, value in properties(SCHEMAS[name]):
        schema = {**value, "$defs": SCHEMAS[name].get("$defs", {})}
        for example in value["examples"]:  # type: ignore[attr-defined]
            assert Draft202012Validator(schema).is_valid(example), (key, example)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_the_format_are_valid(name: str) -> None:
    assert faults(name, EXAMPLES[name]) == []


def test_the_examples_of_the_format_load() -> None:
    loaded = load_config(
        {
            "bluefs.yaml": WORKSPACE.encode(),
            "sales/project.yaml": PROJECT.encode(),
            "sales/automations.yaml": RULES.encode(),
            "sales/_templates/offer.md": b"Dear ${email}",
            "companies/project.yaml": b"tags: [Client]\nfields: {industry: text}\n",
            "rates.csv": b"date,from,to,rate\n2026-01-02,EUR,USD,1.0832\n",
        }
    )
    assert {p.code for p in loaded.problems} <= {codes.LATER, codes.KIND_LATER}
    assert loaded.broken == frozenset()
    assert [r.name for r in loaded.config.rules["sales"]] == ["Offer", "Chase", "Won"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("workspace", "blufs: 1", "blufs"),
        ("workspace", "sync: atuo", "atuo"),
        ("workspace", "people: {me: {}}", "me"),
        ("project", "list: {}", "list"),
        ("project", "lists: {A: {color: rde}}", "rde"),
        ("project", "lists: {_a: }", "_a"),
        ("project", "fields: {a: nubmer}", "nubmer"),
        ("project", "fields: {a: {type: nubmer}}", "nubmer"),
        ("project", "fields: {a: {type: number, mni: 3}}", "mni"),
        ("automations", "- {name: A, when: moevd, then: complete}", "moevd"),
        ("automations", "- {name: A, when: {moevd: X}, then: complete}", "moevd"),
        ("automations", "- {name: A, when: [{moved: {too: X}}], then: complete}", "too"),
        ("automations", "- {name: A, when: {moved: X, tagged: Y}, then: complete}", "too many"),
        ("automations", "- {name: A, when: pressed, then: complete}", "pressed"),
        ("automations", "- {name: A, when: created, then: [{set: due}]}", "due"),
        ("automations", "- {name: A, when: created}", "then"),
        ("record", "color: rde", "rde"),
        ("record", "id: 12", "12"),
    ],
)
def test_a_slip_is_refused(name: str, text: str, said: str) -> None:
    assert any(said in message for message in faults(name, text))


@pytest.mark.parametrize(("sort", "registry"), [("trigger", TRIGGERS), ("action", ACTIONS)])
def test_triggers_and_actions_are_those_of_the_registry(
    sort: str, registry: Registry[Part]
) -> None:
    schema = SCHEMAS["automations"]["$defs"][sort]
    assert set(schema["properties"]) == {*registry.words(), *registry.later}
    assert schema["maxProperties"] == 1 and schema["type"] == ["string", "object"]
    for cls in registry:
        part = schema["properties"][cls.word]
        assert (part["description"], set(part.get("properties", {}))) == (
            " ".join(part["description"].split(" ")),
            set(cls.shape.options),
        )
        bare = Draft202012Validator(schema).is_valid(cls.word)
        assert bare is cls.shape.bare, cls.word
        required = {n for n, o in cls.shape.options.items() if o.required}
        assert set(part.get("required", ())) == required
        assert ("string" in part["type"]) is (cls.shape.main is not None)


def test_the_manual_of_the_schema_is_the_docstring() -> None:
    from inspect import cleandoc

    for sort, registry in (("trigger", TRIGGERS), ("action", ACTIONS)):
        schema = SCHEMAS["automations"]["$defs"][sort]
        for cls in registry:  # type: ignore[attr-defined]
            assert schema["properties"][cls.word]["description"] == cleandoc(cls.__doc__ or "")


def test_one_trigger_and_a_list_of_them_have_the_same_schema() -> None:
    rule = SCHEMAS["automations"]["items"]["properties"]
    for key, sort in (("when", "trigger"), ("then", "action")):
        definition = SCHEMAS["automations"]["$defs"][sort]
        assert rule[key]["properties"] == definition["properties"]
        assert rule[key]["pattern"] == definition["pattern"]
        assert rule[key]["items"] == {"$ref": f"#/$defs/{sort}"}


def test_kinds_options_colours_and_keys_are_those_of_the_code() -> None:
    schema = SCHEMAS["project"]["properties"]
    kinds = list(known_kinds())
    field = schema["fields"]["additionalProperties"]
    assert field["properties"]["type"]["enum"] == kinds
    assert all(Draft202012Validator(field).is_valid(kind) for kind in kinds)
    for word in known_kinds():
        kind = kind_named(word)
        assert kind is not None and set(kind.takes) <= set(field["properties"])
    assert set(config_fields.GENERAL) <= set(field["properties"])
    color = schema["lists"]["additionalProperties"]["properties"]["color"]
    assert all(Draft202012Validator(color).is_valid(c) for c in (*COLORS, "#00ff00", None))
    assert set(schema) == set(project.KEYS)
    assert set(schema["lists"]["additionalProperties"]["properties"]) == set(project.LIST_KEYS)
    assert set(schema["views"]["additionalProperties"]["properties"]) == set(views.KEYS)
    assert set(schema["roles"]["properties"]) == set(roles.BUILT_IN)
    assert set(schema["roles"]["additionalProperties"]["properties"]) == set(roles.KEYS)
    top = SCHEMAS["workspace"]["properties"]
    assert set(top) == set(workspace.KEYS)
    assert set(top["people"]["additionalProperties"]["properties"]) == set(workspace.PERSON_KEYS)
    assert set(top["mail"]["properties"]) == set(workspace.MAIL_KEYS)
    assert set(SCHEMAS["record"]["properties"]) == set(BUILTIN_KEYS)
