"""Settings files: nothing raises, every fault has its place, and the rest goes on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluefs.core.codes import config as codes
from bluefs.core.config import Loaded, is_config, load_config
from bluefs.core.problems import Problem

BASE = {
    "bluefs.yaml": "bluefs: 1\npeople:\n  ana: {email: ana@acme.example}\n",
    "sales/project.yaml": """\
lists:
  Open:
  Won: {done: true}
tags: [Urgent]
strict: true
fields:
  email: email
  deal_value: {type: currency, currency: EUR}
  send: button
""",
}

MONEY = "fields: {a: {type: currency, currency: EUR}"
RATES = "date,from,to,rate\n2026-01-02,EUR,USD,1.0832\n"


def load(**files: str) -> Loaded:
    """``sales__automations="..."`` is sales/automations.yaml, ``top`` is bluefs.yaml."""
    names = {
        "top": "bluefs.yaml",
        "project": "sales/project.yaml",
        "rules": "sales/automations.yaml",
    }
    named = {names.get(key, key): text for key, text in files.items()}
    return load_config({p: t.encode() for p, t in {**BASE, **named}.items()})


def one(loaded: Loaded) -> Problem:
    assert len(loaded.problems) == 1, loaded.problems
    return loaded.problems[0]


PIECES = st.sampled_from(
    [
        "bluefs: ",
        " name ",
        " people: ",
        " ana ",
        " lists: ",
        " fields: ",
        " - ",
        " : ",
        " , ",
        " { ",
        " } ",
        " [ ",
        " ] ",
        " \n ",
        " \n  ",
        " # ",
        " ' ",
        ' " ',
        " when: ",
        " then: ",
        " if: ",
        " moved ",
        " to: ",
        " set: ",
        " type: ",
        " ${ ",
        " } ",
        " null ",
        " true ",
        " 1 ",
        " é ",
        " & ",
        " *",
        " created ",
        " changed ",
        " send_email: ",
        " filter: ",
        " views: ",
        " \t ",
        " ~ ",
        " default: ",
        " !x",
    ]
)
SNIPPETS = st.lists(PIECES, max_size=30).map("".join)
NAMES = st.sampled_from(
    ["bluefs.yaml", "project.yaml", "a/project.yaml", "a/automations.yaml", "a/b/project.yaml",
     "a/_templates/x.md", "b/automations.yaml"]
)  # fmt: skip
ANY = st.dictionaries(
    NAMES, st.one_of(st.binary(max_size=80), SNIPPETS.map(str.encode)), max_size=5
)


@settings(max_examples=150, deadline=None)
@given(ANY)
@example({"bluefs.yaml": b"\xff"})
@example({"a/project.yaml": b"- [" * 30000})
def test_no_bytes_raise_and_every_problem_has_a_place(files: dict[str, bytes]) -> None:
    loaded = load_config(files)
    for problem in loaded.problems:
        assert problem.path in files
        assert problem.line >= 1 and problem.column >= 1 and problem.end >= problem.column
        assert problem.message
    assert load_config(files) == loaded


SHAPES = st.recursive(
    st.sampled_from(
        ["", "x", "1", "true", '"é"', "ana", "Open", "due", "+7d", "${title}", "is:open"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: "[" + ", ".join(x or "~" for x in v) + "]"),
        st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "when",
                    "then",
                    "if",
                    "type",
                    "to",
                    "from",
                    "options",
                    "lists",
                    "fields",
                    "views",
                    "filter",
                    "set",
                    "moved",
                    "changed",
                    "send_email",
                    "subject",
                    "body",
                    "default",
                    "assign",
                    "people",
                    "email",
                    "groups",
                    "mail",
                ]
            ),
            inner,
            max_size=3,
        ).map(lambda m: "{" + ", ".join(f"{k}: {v}" for k, v in m.items()) + "}"),
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["bluefs.yaml", "sales/project.yaml", "sales/automations.yaml"]),
    st.dictionaries(
        st.sampled_from(
            [
                "name",
                "lists",
                "tags",
                "fields",
                "views",
                "people",
                "groups",
                "mail",
                "when",
                "then",
                "if",
            ]
        ),
        SHAPES,
    ),
)
def test_no_shape_raises(path: str, sections: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in sections.items())
    if path.endswith("automations.yaml"):
        text = "- " + text.replace("\n", "\n  ") if text else ""
    loaded = load_config({**{p: t.encode() for p, t in BASE.items()}, path: text.encode()})
    assert set(loaded.config.projects) == {"sales"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bluefs.yaml", True), ("sub/bluefs.yaml", False), ("project.yaml", True),
        ("a/project.yaml", True), ("a/b/project.yaml", True), ("a/automations.yaml", True),
        (".git/project.yaml", False), ("a/_files/x/project.yaml", False),
        ("a/_templates/offer.md", True), ("_templates/offer.md", True),
        ("a/_templates/mail/offer.md", True), ("a/_templates/.offer.md.swp", False),
        (".bluefs/_templates/x", False), ("a/Open/Deal.md", False), ("a/project.yml", False),
    ],
)  # fmt: skip
def test_which_files_are_settings(path: str, expected: bool) -> None:
    assert is_config(path) is expected


def test_the_whole_of_a_workspace_is_read() -> None:
    loaded = load(
        top="""\
bluefs: 1
name: Acme
timezone: Europe/Paris
language: pt-BR
day_start: 09:00
people:
  ana: {name: Ana Ruiz, email: [ana@acme.example, ana@home.example]}
  zoé:
groups: {inner: [zoé], sales-team: [ana, inner]}
sync: auto
quiet: 0
runner: ana-laptop
mail: {from: "Acme, Inc. <hello@acme.example>", per_hour: 10}
http: {allow: [hooks.acme.example]}
ignore: docs
webhooks: {Warehouse: {url: "https://hooks.acme.example/b"}}
"""
    )
    assert one(loaded).code is codes.ADDRESS  # an unquoted comma is two addresses
    workspace = loaded.config.workspace
    assert (workspace.name, workspace.timezone, workspace.language) == (
        "Acme",
        "Europe/Paris",
        "pt_BR",
    )
    assert (workspace.day_start, workspace.sync, workspace.quiet) == ("09:00", "auto", 0)
    assert workspace.people["ana"].emails == ("ana@acme.example", "ana@home.example")
    assert workspace.people["zoé"].name == "zoé"
    assert workspace.groups == {"inner": ("zoé",), "sales-team": ("ana", "zoé")}
    assert (workspace.runner, workspace.mail_from, workspace.mail_per_hour) == (
        "ana-laptop",
        None,
        10,
    )
    assert workspace.ignore == ("docs",)


def test_the_whole_of_a_project_is_read() -> None:
    loaded = load(
        project="""\
name: Sales
language: fr
lists:
  Open deals: {color: "#00FF00"}
  Closed lost: {done: yes, locked: true, name: Lost}
tags: {Urgent: red, Key account: }
strict: true
fields:
  next_step: text
  montant_prévu: {type: percent, default: 20, required_in: Open deals}
  score: {type: rating, name: Lead score, max: 5}
views:
  Hot: {show: table, filter: "is:open -tag:Urgent", columns: [title, score], sort: -due}
roles: {admin: [ana]}
dashboards: {Pipeline: []}
reports: {Monthly: {report: funnel}}
hours: {days: [mon]}
"""
    )
    assert loaded.problems == ()
    project = loaded.config.projects["sales"]
    assert list(project.lists) == ["Open deals", "Closed lost"]
    assert project.lists["Open deals"].color == "#00ff00"
    lost = project.lists["Closed lost"]
    assert (lost.done, lost.locked, lost.name) == (True, True, "Lost")
    assert project.tags == {"Urgent": "red", "Key account": None}
    assert project.fields["montant_prévu"].default == Decimal(20)
    assert project.fields["montant_prévu"].required_in == ("Open deals",)
    assert project.fields["next_step"].name == "Next step"
    assert project.fields["score"].name == "Lead score"
    assert project.views["Hot"]["columns"] == ("title", "score")
    assert (project.strict, project.language) == (True, "fr")


def test_a_newer_format_is_the_only_thing_said() -> None:
    loaded = load(top="bluefs: 2\nnaem: x\n", project="lists: [[")
    problem = one(loaded)
    assert (problem.code, problem.line, problem.column, problem.end) == (codes.TOO_NEW, 1, 9, 10)
    assert loaded.too_new == 2 and loaded.config.projects == {}


def test_a_broken_project_keeps_what_could_be_read() -> None:
    loaded = load(project="name: Sales\nlists:\n  Open:\nfields: {a: text\n")
    assert loaded.problems and {p.path for p in loaded.problems} == {"sales/project.yaml"}
    assert loaded.broken == {"sales/project.yaml"}
    assert "sales" in loaded.config.projects


def test_what_stands_on_a_broken_line_is_no_setting_and_one_problem() -> None:
    text = "name: Re: hello\nlists:\n  Open: {color: #ff0000}\n  Won:\nfields: {a: text}\n"
    loaded = load(project=text)
    assert [(p.line, p.column) for p in loaded.problems] == [(1, 9), (3, 17)]
    project = loaded.config.projects["sales"]
    assert project.name == "sales" and set(project.fields) == {"a"} and "Won" in project.lists


@pytest.mark.parametrize("broken", ["project", "top"])
def test_rules_are_not_held_against_lost_definitions(broken: str) -> None:
    rules = "- {name: A, when: {moved: Won}, if: 'deal_value:3.. assignee:ana', then: [{assign: ana}, {set: {note: x}}]}"
    loaded = load(rules=rules, **{broken: "name: x: y\n"})
    assert {p.path for p in loaded.problems} == loaded.broken
    assert [r.name for r in loaded.config.rules["sales"]] == ["A"]


def test_a_kind_that_misses_something_says_so_at_its_word() -> None:
    problem = one(load(project="fields:\n  a: {type: select}\n"))
    assert (problem.line, problem.column, problem.end) == (2, 13, 19)


def test_a_project_that_is_no_text_still_exists() -> None:
    loaded = load_config({"sales/project.yaml": b"\xff\xfe\x00"})
    assert loaded.config.projects["sales"].name == "sales"
    assert loaded.broken == {"sales/project.yaml"} and len(loaded.problems) == 1


def test_broken_rules_are_absent_and_the_project_stays() -> None:
    loaded = load(rules="- name: A\n  when: [created\n  then: complete\n")
    assert loaded.config.rules.get("sales", ()) == ()
    assert loaded.broken == {"sales/automations.yaml"}
    assert "Open" in loaded.config.projects["sales"].lists


def test_other_files_go_on() -> None:
    loaded = load(**{"work/project.yaml": "lists: {A: {colour: red}}\n"})
    assert set(loaded.config.projects) == {"sales", "work"}
    assert one(loaded).path == "work/project.yaml"


def test_a_project_at_the_root_is_allowed_alone() -> None:
    alone = load_config(
        {
            "project.yaml": b"name: Me\n",
            "automations.yaml": b"- {name: A, when: created, then: complete}\n",
        }
    )
    assert alone.problems == () and [r.identity for r in alone.config.rules[""]] == ["A"]
    both = load_config({"project.yaml": b"name: Me\n", "a/project.yaml": b"name: A\n"})
    assert one(both).code is codes.PLACE and set(both.config.projects) == {"a"}


def test_a_list_name_is_compared_composed() -> None:
    decomposed = "lists:\n  Priorite\u0301:\n"
    assert list(load(project=decomposed).config.projects["sales"].lists) == ["Priorité"]


RULE = "- name: A\n  when: {when}\n  if: {condition}\n  then: {then}\n"


def rule(when: str = "created", then: str = "complete", condition: str = "") -> dict[str, str]:
    return {"rules": RULE.format(when=when, then=then, condition=condition)}


#: (files, code, line, column, end, part of hint). One row for each way to go wrong.
FAULTS: list[tuple[dict[str, str], str, int, int, int, str | None]] = [
    ({"top": "bluefs: 3"}, "BF301", 1, 9, 10, "newer"),
    ({"top": "people: ana"}, "BF302", 1, 9, 12, "map"),
    ({"top": "people: {ana: [x]}"}, "BF302", 1, 15, 18, "map"),
    ({"top": "name: [a]"}, "BF302", 1, 7, 10, "single"),
    ({"project": "lists: [Open, Won]"}, "BF302", 1, 8, 19, "colon"),
    ({"rules": "name: A"}, "BF302", 1, 1, 8, "name:"),
    ({"rules": "- A"}, "BF302", 1, 3, 4, "name:"),
    ({"top": "timezome: UTC"}, "BF303", 1, 1, 9, "timezone"),
    ({"top": "people: {ana: {emial: a@b}}"}, "BF303", 1, 16, 21, "email"),
    ({"top": "mail: {form: a@b}"}, "BF303", 1, 8, 12, "from"),
    ({"project": "list: {Open: }"}, "BF303", 1, 1, 5, "lists"),
    ({"project": "lists: {Open: {colour: red}}"}, "BF303", 1, 16, 22, "color"),
    ({"project": "views: {A: {colums: [title]}}"}, "BF303", 1, 13, 19, "columns"),
    ({"rules": "- {name: A, iff: 'is:open', when: created, then: complete}"}, "BF303", 1, 13, 16, "if"),
    ({"top": "sync: atuo"}, "BF304", 1, 7, 11, "auto"),
    ({"top": "quiet: -1"}, "BF304", 1, 8, 10, None),
    ({"top": "quiet: soon"}, "BF304", 1, 8, 12, None),
    ({"top": 'day_start: "25:00"'}, "BF304", 1, 12, 19, None),
    ({"top": "mail: {per_hour: 1.5}"}, "BF304", 1, 18, 21, None),
    ({"top": "bluefs: one"}, "BF304", 1, 9, 12, None),
    ({"project": "strict: maybe"}, "BF304", 1, 9, 14, None),
    ({"project": "views: {A: {show: tabel}}"}, "BF304", 1, 19, 24, "table"),
    ({"top": "timezone: Europe/Pairs"}, "BF305", 1, 11, 23, "Europe/Paris"),
    ({"top": "timezone: Europe"}, "BF305", 1, 11, 17, None),
    ({"top": "timezone: ../etc/passwd"}, "BF305", 1, 11, 24, None),
    ({"top": "language: english"}, "BF305", 1, 11, 18, "en"),
    ({"project": "lists: {Open: {color: rde}}"}, "BF306", 1, 23, 26, "red"),
    ({"project": "tags: {Urgent: '#12'}"}, "BF306", 1, 16, 21, "rrggbb"),
    ({"top": "people: {me: }"}, "BF307", 1, 10, 12, None),
    ({"top": "people: {a b: }"}, "BF307", 1, 10, 13, None),
    ({"top": "groups: {everyone: [ana]}\npeople: {ana: }"}, "BF307", 1, 10, 18, None),
    ({"top": "people: {ana: {email: ana}}"}, "BF308", 1, 23, 26, None),
    ({"top": "people: {ana: {email: 'a@b.c, d@e.f'}}"}, "BF308", 1, 23, 37, None),
    ({"top": "mail: {from: hello}"}, "BF308", 1, 14, 19, None),
    ({"top": "people: {ana: }\ngroups: {g: [anna]}"}, "BF309", 2, 14, 18, "ana"),
    ({"project": "lists: {'a/b': }"}, "BF310", 1, 9, 14, None),
    ({"project": "lists: {_x: }"}, "BF310", 1, 9, 11, None),
    ({"project": "lists: {CON: }"}, "BF310", 1, 9, 12, None),
    ({"project": "lists: {Open: , open: }"}, "BF311", 1, 17, 21, None),
    ({"project": "tags: [Key account, key-account]"}, "BF311", 1, 21, 32, None),
    ({"project": "fields: {a: text, A: text}"}, "BF311", 1, 19, 20, None),
    ({"top": "people: {ana: }\ngroups: {ana: []}"}, "BF311", 2, 10, 13, None),
    ({"top": "people: {a: {email: x@y.z}, b: {email: X@y.z}}"}, "BF311", 1, 40, 45, None),
    ({"project": "fields: {title: text}"}, "BF312", 1, 10, 15, "title_2"),
    ({"project": "fields: {aliases: text}"}, "BF312", 1, 10, 17, None),
    ({"project": "fields: {next step: text}"}, "BF312", 1, 10, 19, None),
    ({"project": "fields: {a-b: text}"}, "BF312", 1, 10, 13, None),
    ({"project": "fields: {a: nubmer}"}, "BF313", 1, 13, 19, "number"),
    ({"project": "fields: {a: {type: nubmer, min: 3}}"}, "BF313", 1, 20, 26, "number"),
    ({"project": "fields: {a: {name: A}}"}, "BF313", 1, 10, 11, "text"),
    ({"project": "fields: {a: time_in_list}"}, "BF314", 1, 13, 25, None),
    ({"project": "fields: {a: {type: formula, formula: 1 + b}}"}, "BF241", 1, 42, 43, None),
    ({"project": "fields: {a: {type: formula, formula: '(1 + ', decimals: 2}}"}, "BF240", 1, 43, 44, "close"),
    ({"project": "fields: {a: {type: formula, formula: SUMM(1)}}"}, "BF240", 1, 38, 42, "SUM"),
    ({"project": "fields: {a: {type: formula, formula: 1 + a}}"}, "BF242", 1, 42, 43, "circle"),
    ({"project": "fields: {a: {type: formula, formula: 1, show: currency}}"}, "BF243", 1, 47, 55, "EUR"),
    ({"project": f"{MONEY}, b: {{type: conversion, of: a, to: USD}}}}"}, "BF244", 1, 79, 82, "date,from"),
    ({"project": f"{MONEY}, b: {{type: conversion, of: a, to: CHF}}}}", "rates.csv": RATES}, "BF245", 1, 79, 82, "CHF"),
    ({"project": f"{MONEY}, b: {{type: conversion, of: a, to: USD}}}}", "rates.csv": f"{RATES}x,EUR,USD,2"},
     "BF246", 3, 1, 2, "2026"),
    ({"sales/sub/project.yaml": "name: x"}, "BF315", 1, 1, 1, None),
    ({"project": "views: {A: {columns: [titel]}}"}, "BF316", 1, 23, 28, "title"),
    ({"project": "fields: {a: {type: number, mni: 3}}"}, "BF318", 1, 28, 31, "min"),
    ({"project": "fields: {a: {type: text, max: 3}}"}, "BF318", 1, 26, 29, None),
    ({"rules": "- {when: created, then: complete}"}, "BF320", 1, 4, 8, None),
    ({"rules": "- {name: A, then: complete}"}, "BF320", 1, 4, 8, None),
    ({"rules": "- {name: A, when: created}"}, "BF320", 1, 4, 8, None),
    ({"rules": "- {name: A, when: created, then: []}"}, "BF320", 1, 28, 32, None),
    (rule("moevd"), "BF321", 2, 9, 14, "moved"),
    (rule("{moevd: Open}"), "BF321", 2, 10, 15, "moved"),
    (rule("[created, xyzzy]"), "BF321", 2, 19, 24, "created"),
    (rule(then="[complet]"), "BF322", 4, 10, 17, "complete"),
    (rule(then="[{add_tag: [a]}]"), "BF322", 4, 11, 18, "add_tags"),
    (rule("[[created]]"), "BF302", 2, 10, 19, None),
    (rule(then="[{}]"), "BF302", 4, 10, 12, None),
    (rule("overdue"), "BF323", 2, 9, 16, None),
    (rule(then="[{notify: {to: ana}}, complete]"), "BF323", 4, 11, 17, None),
    (rule(then="[complete, {move: {project: x, list: Open}}]"), "BF323", 4, 28, 35, None),
    (rule("{completed: now}"), "BF324", 2, 21, 24, None),
    (rule("pressed"), "BF324", 2, 9, 16, "pressed: KEY"),
    (rule("{moved: }"), "BF324", 2, 10, 15, "moved: LIST"),
    (rule("{moved: {to: }}"), "BF324", 2, 18, 20, None),
    (rule("{moved: {too: Open}}"), "BF324", 2, 18, 21, "to"),
    (rule("{changed: {to: 3}}"), "BF324", 2, 10, 17, None),
    (rule("{created: Open}"), "BF324", 2, 19, 23, "in"),
    (rule("{created: , moved: Open}"), "BF324", 2, 21, 26, "- "),
    (rule("{moved: , to: Open}"), "BF324", 2, 19, 21, "indent"),
    (rule(then="[{set: due}]"), "BF324", 4, 16, 19, "key: value"),
    (rule(then="[{set: {due: {a: b}}}]"), "BF324", 4, 22, 28, None),
    (rule(then="[{move: {top: true}}]"), "BF324", 4, 11, 15, None),
    (rule("{moved: Opne}"), "BF325", 2, 17, 21, "Open"),
    (rule(then="[{move: Wno}]"), "BF325", 4, 17, 20, "Won"),
    ({"project": "lists: {Open: }\nfields: {a: {type: text, required_in: [Opne]}}"}, "BF325", 2, 40, 44, "Open"),
    (rule("{tagged: Urgnet}"), "BF326", 2, 18, 24, "Urgent"),
    (rule(then="[{add_tags: [Urgent, Hot]}]"), "BF326", 4, 30, 33, None),
    (rule("{changed: deal_valeu}"), "BF327", 2, 19, 29, "deal_value"),
    (rule("{changed: tags}"), "BF327", 2, 19, 23, "tagged"),
    (rule("{cleared: assignees}"), "BF327", 2, 19, 28, "unassigned"),
    (rule("{pressed: email}"), "BF327", 2, 19, 24, None),
    (rule("{pressed: sned}"), "BF327", 2, 19, 23, "send"),
    (rule(then="[{set: {list: Won}}]"), "BF327", 4, 17, 21, "move"),
    (rule(then="[{set: {send: true}}]"), "BF327", 4, 17, 21, None),
    (rule(then="[{clear: dew}]"), "BF327", 4, 18, 21, "due"),
    (rule("{assigned: anna}"), "BF309", 2, 20, 24, "ana"),
    (rule(then="[{assign: nobody}]"), "BF309", 4, 19, 25, None),
    (rule(then="[{send_email: {to: emial, subject: s, body: b}}]"), "BF309", 4, 28, 33, "email"),
    (rule(then="[{send_email: {to: 'a@b, c@d', subject: s, body: b}}]"), "BF308", 4, 28, 38, None),
    (rule(then="[{send_email: {to: email, template: x.md}}]"), "BF328", 4, 45, 49, "_templates"),
    (rule(then="[{send_email: {to: email, subject: 'Hi ${titel}', body: b}}]"), "BF329", 4, 48, 56, "title"),
    (rule(then="[{send_email: {to: email, subject: s}}]"), "BF330", 4, 11, 21, None),
    (rule(then="[{send_email: {to: email, body: b}}]"), "BF330", 4, 11, 21, None),
    (rule(then="[{send_email: {to: email, subject: s, body: b, template: t}}]"), "BF330", 4, 11, 21, None),
    (rule(then="[{send_email: {subject: s, body: b}}]"), "BF324", 4, 11, 21, None),
    ({"other/automations.yaml": "[]"}, "BF331", 1, 1, 1, None),
    (rule("{moved: {to: Won, from: Won}}"), "BF332", 2, 17, 37, "slip"),
    ({"top": "people: {a: {name: 'token: 7f3Kq0m2xZp9LwRt'}}"}, "BF333", 1, 28, 44, "env:"),
    (rule(condition="'is:open tag:(a'"), "BF350", 3, 20, 21, None),
    (rule(condition="is open"), "BF351", 3, 7, 8, None),
    (rule(condition="'is:open list:Opne'"), "BF354", 3, 21, 25, "Open"),
    (rule(condition="deal_valeu:3.."), "BF353", 3, 7, 17, "deal_value"),
    ({"project": "views: {A: {filter: 'is:opne'}}"}, "BF350", 1, 25, 26, None),
]  # fmt: skip


@pytest.mark.parametrize(("files", "code", "line", "column", "end", "hint"), FAULTS)
def test_one_fault_is_one_problem_at_its_place(
    files: dict[str, str], code: str, line: int, column: int, end: int, hint: str | None
) -> None:
    loaded = load(**files)
    if "template: t" in str(files):
        loaded = Loaded(loaded.config, tuple(p for p in loaded.problems if p.code.code != "BF328"))
    problem = one(loaded)
    assert (problem.code.code, problem.line, problem.column, problem.end) == (
        code,
        line,
        column,
        end,
    ), problem
    if hint is not None:
        assert problem.hint is not None and hint in problem.hint


def test_every_code_has_a_failing_example() -> None:
    assert {c.code for c in codes.CODES} <= {row[1] for row in FAULTS}
    assert len({c.code for c in codes.CODES}) == len(codes.CODES)
    assert all(301 <= int(c.code[2:]) <= 349 for c in codes.CODES)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("- {name: A, when: [overdue, created], then: complete}", ["A"]),
        ("- {name: A, when: [oops, created], then: complete}", []),
        ("- {name: A, when: created, if: 'tag:(', then: complete}", []),
        (
            "- {name: A, when: created, then: complete}\n- {name: A, when: created, then: reopen}",
            ["A"],
        ),
        (
            "- {name: A, when: oops, then: complete}\n- {name: B, when: created, then: reopen}",
            ["B"],
        ),
        ("- {name: A, when: {moved: Nowhere}, then: complete}", ["A"]),
        ("# nothing yet\n", []),
    ],
)
def test_a_rule_with_an_error_is_not_in_force_and_the_others_are(
    text: str, names: list[str]
) -> None:
    assert [r.name for r in load(rules=text).config.rules["sales"]] == names


def test_what_follows_wait_and_stop_is_left_out() -> None:
    text = "- {name: A, when: created, then: [complete, {stop: 'is:done'}, reopen, {oops: 1}]}"
    (found,) = load(rules=text).config.rules["sales"]
    assert [a.word for a in found.then] == ["complete"]


def test_a_folder_makes_an_undeclared_list_no_problem() -> None:
    files = {p: t.encode() for p, t in BASE.items()}
    files["sales/automations.yaml"] = b"- {name: A, when: {moved: Attic}, then: complete}"
    assert [p.code for p in load_config(files).problems] == [codes.NO_LIST]
    assert load_config(files, folders=["sales", "sales/Attic"]).problems == ()
    assert [p.code for p in load_config(files, folders=["sales/a/Attic"]).problems] == [
        codes.NO_LIST
    ]


def test_a_value_a_rule_sets_is_read_by_its_kind() -> None:
    loaded = load(**rule(then="[{set: {deal_value: lots, due: +7d}}]"))
    problem = one(loaded)
    assert (problem.line, problem.column, problem.end) == (4, 29, 33)
    assert problem.code.code.startswith("BF2")


MANY_FAULTS = """\
- name: "K
  when: created
  then: [complete]
- name: B
  when: complted
  then:
    - set: {noet: x}
    - move: Nowhere
- name: C
  when: {moved: Opne}
  then:
    - assign: anna
    - mvoe: Won
- name: C
  when: created
  if: sourc:Web
  then: []
- name: Sound
  when: created
  then: [complete]
"""


def test_a_broken_file_of_rules_names_the_faults_of_all_others_and_none_is_in_force() -> None:
    loaded = load(rules=MANY_FAULTS)
    assert [(p.line, p.column, p.code.code) for p in loaded.problems] == [
        (1, 9, "BF115"), (5, 9, "BF321"), (7, 13, "BF327"), (8, 13, "BF325"), (10, 17, "BF325"),
        (12, 15, "BF309"), (13, 7, "BF322"), (14, 9, "BF320"), (16, 7, "BF353"), (17, 3, "BF320"),
    ]  # fmt: skip
    assert loaded.broken == {"sales/automations.yaml"}
    assert loaded.config.rules == {}
    whole = load(rules=MANY_FAULTS.replace('"K', "K"))
    assert [p for p in loaded.problems if p.line > 1] == list(whole.problems)
    assert [rule.name for rule in whole.config.rules["sales"]] == ["K", "Sound"]


def test_what_is_lost_of_a_rule_is_no_fault_of_its_own() -> None:
    rules = "- name: A\n  when: [created\n  then: [complete]\n- name: B\n  when: created\n  then:\n    - @x\n"
    assert [(p.line, p.code.code) for p in load(rules=rules).problems] == [
        (2, "BF117"),
        (7, "BF113"),
    ]


def test_a_second_rule_of_a_name_counts_where_the_first_cannot() -> None:
    rule = "- name: A\n  when: {when}\n  then: [complete]\n"
    loaded = load(rules=rule.replace("{when}", "creatd") + rule.replace("{when}", "created"))
    assert [p.line for p in loaded.problems] == [2, 4]
    assert [one.line for one in loaded.config.rules["sales"]] == [4]
