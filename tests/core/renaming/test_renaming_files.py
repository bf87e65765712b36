"""Renames in settings, rules and records: every layout of YAML, comments kept, the rest equal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.codec.record import read_record
from bluefs.core.config import load_config
from bluefs.core.edit import EditRefused
from bluefs.core.nodes import Map, Scalar
from bluefs.core.renaming import Kind, Naming
from bluefs.core.renaming.records import in_record, in_template
from bluefs.core.renaming.rules import RuleFile
from bluefs.core.renaming.settings import ProjectFile, in_workspace
from bluefs.core.renaming.swaps import parsed, swapped, whole

PEOPLE = b"bluefs: 1\npeople: {ana: , li: }\ngroups: {us: [ana, li]}\n"
PROJECT = """\
lists:
  Open deals: {color: blue}   # where it starts
  "Done": {done: true}
tags: {Urgent: red, 'Key account': }
fields:
  deal_value: {type: number, required_in: [Open deals]}
  price:
    type: number
views:
  Hot: {filter: 'list:"Open deals" tag:urgent deal_value:5..', columns: [title, deal_value], sort: "-deal_value due"}
  Long:
    filter: >-
      list:done
      or tag:Urgent
roles:
  admin: [ana]
  sales: {members: [ana, li], lists: [Open deals], fields: {deal_value: edit, "*": view}}
dashboards:
  D:
    - stat: {sum: deal_value, filter: "tag:Urgent"}
    - bar: {sum: price, by: deal_value}
"""


def project(text: str, kind: Kind, old: str, new: str) -> str:
    config = load_config({"bluefs.yaml": PEOPLE, "p/project.yaml": text.encode()}).config
    naming = Naming(kind, old, new, frozenset({"p"}))
    found = ProjectFile(naming, config.projects["p"], config).swaps(parsed(text))
    return swapped(text, found)


@pytest.mark.parametrize(("kind", "old", "new", "changes"), [
    ("list", "Open deals", "Leads", {
        "  Open deals: {color": "  Leads: {color", "required_in: [Open deals]": "required_in: [Leads]",
        'list:"Open deals"': "list:Leads", "lists: [Open deals]": "lists: [Leads]",
    }),
    ("list", "Done", "Won", {'"Done":': '"Won":', "list:done": "list:Won"}),
    ("tag", "Urgent", "On fire", {
        "{Urgent: red": "{On fire: red", "tag:urgent": 'tag:"On fire"',
        "or tag:Urgent": 'or tag:"On fire"', 'filter: "tag:Urgent"': 'filter: "tag:\\"On fire\\""',
    }),
    ("field", "deal_value", "amount", {
        "deal_value: {type": "amount: {type", "deal_value:5..": "amount:5..",
        "[title, deal_value]": "[title, amount]", '"-deal_value due"': '"-amount due"',
        "{deal_value: edit": "{amount: edit", "sum: deal_value": "sum: amount",
        "by: deal_value": "by: amount",
    }),
    ("person", "ana", "anna", {"[ana]": "[anna]", "[ana, li]": "[anna, li]"}),
])  # fmt: skip
def test_only_these_places_of_project_yaml(
    kind: Kind, old: str, new: str, changes: dict[str, str]
) -> None:
    wanted = PROJECT
    for before, after in changes.items():
        assert before in wanted
        wanted = wanted.replace(before, after)
    assert project(PROJECT, kind, old, new) == wanted


RULES = """\
- name: Open deals Urgent ana
  when:
    - moved: {to: Open deals, from: [Done]}
    - tagged: Urgent
    - changed: deal_value
    - before: {field: deal_value, offset: 1 day}
    - matches: tag:Urgent
  if: list:"Open deals" assignee:ana
  then:
    - move: Done
    - add_tags: [Urgent, other]
    - assign: ana
    - set: {deal_value: 3, tags: Urgent, title: "${deal_value} Urgent"}
    - clear: [deal_value]
    - copy: {project: q, list: Done}
    - create: {list: Done, set: {tags: [Urgent]}}
    - add_checklist: {title: ana, items: ["Call @ana due:+2d"]}
    - send_email: {to: [ana, deal_value], subject: "${deal_value}", body: deal_value ana}
"""


def rules(kind: Kind, old: str, new: str) -> str:
    config = load_config({"bluefs.yaml": PEOPLE, "p/project.yaml": PROJECT.encode()}).config
    naming = Naming(kind, old, new, frozenset({"p"}))
    return swapped(RULES, RuleFile(naming, config.projects["p"], config).swaps(parsed(RULES)))


@pytest.mark.parametrize(("kind", "old", "new", "changes"), [
    ("list", "Open deals", "L", {"to: Open deals": "to: L", 'list:"Open deals"': "list:L"}),
    ("list", "Done", "Won", {
        "from: [Done]": "from: [Won]", "- move: Done": "- move: Won",
        "create: {list: Done": "create: {list: Won",
    }),
    ("tag", "Urgent", "Hot", {
        "tagged: Urgent": "tagged: Hot", "tag:Urgent": "tag:Hot", "[Urgent, other]": "[Hot, other]",
        "tags: Urgent,": "tags: Hot,", "tags: [Urgent]": "tags: [Hot]",
    }),
    ("field", "deal_value", "amount", {
        "changed: deal_value": "changed: amount", "field: deal_value": "field: amount",
        "{deal_value: 3": "{amount: 3", "${deal_value}": "${amount}",
        "[deal_value]": "[amount]", "[ana, deal_value]": "[ana, amount]",
    }),
    ("person", "ana", "zoé", {
        "assignee:ana": "assignee:zoé", "assign: ana": "assign: zoé", "@ana": "@zoé",
        "[ana, deal_value]": "[zoé, deal_value]",
    }),
])  # fmt: skip
def test_only_these_places_of_rules(
    kind: Kind, old: str, new: str, changes: dict[str, str]
) -> None:
    wanted = RULES
    for before, after in changes.items():
        assert before in wanted
        wanted = wanted.replace(before, after)
    assert rules(kind, old, new) == wanted


def test_a_handle_in_bluefs_yaml() -> None:
    text = PEOPLE.decode()
    found = swapped(text, in_workspace(parsed(text), Naming("person", "ana", "zoé", frozenset())))
    assert found == "bluefs: 1\npeople: {zoé: , li: }\ngroups: {us: [zoé, li]}\n"


@pytest.mark.parametrize(("kind", "old", "new", "before", "after"), [
    ("tag", "Urgent", "On fire", "tags: [a, urgent]  # x", "tags: [a, On fire]  # x"),
    ("tag", "Urgent", "yes", "tags:\n  - 'URGENT'\n  - b", "tags:\n  - 'yes'\n  - b"),
    ("tag", "Urgent", "no", "tags: Urgent", 'tags: "no"'),
    ("field", "a", "b", "a: 1 # c\nother: a", "b: 1 # c\nother: a"),
    ("person", "ana", "li2", "assignees: [ana, us]\nowner: ana", "assignees: [li2, us]\nowner: ana"),
])  # fmt: skip
def test_front_matter(kind: Kind, old: str, new: str, before: str, after: str) -> None:
    naming = Naming(kind, old, new, frozenset({"p"}))
    for bom, line in ((b"", "\n"), (b"\xef\xbb\xbf", "\r\n")):
        data = bom + f"---\n{before}\n---\nUrgent a ana\n".replace("\n", line).encode()
        wanted = bom + f"---\n{after}\n---\nUrgent a ana\n".replace("\n", line).encode()
        assert in_record(data, naming) == wanted


def test_task_items_follow_a_person_and_what_was_said_stays() -> None:
    body = "- [ ] Ask @ana and @anabel, ana@x.example\n```\n- [ ] @ana\n```\n## Comments\n### ana · 2026-01-01 09:00\n@ana?\n- [ ] @ana\n"
    found = in_record(body.encode(), Naming("person", "ana", "li", frozenset({"p"}))).decode()
    assert found == body.replace("Ask @ana and", "Ask @li and")


def test_mail_texts() -> None:
    data = b"---\nsubject: ${deal_value}\n---\n$${deal_value} ${ deal_value } ${other}\n"
    found = in_template(data, Naming("field", "deal_value", "amount", frozenset({"p"})))
    assert found == b"---\nsubject: ${amount}\n---\n$${deal_value} ${amount} ${other}\n"


@pytest.mark.parametrize("text", ["a: [b\n", "a: *x\n"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(EditRefused):
        parsed(text)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=12,
).filter(lambda name: name == name.strip() and name.isprintable())
LAYOUTS = st.sampled_from([
    "a: [{0}, b]  # c\n", "a:\n  - {0}\n  # note\n  - b\n", "a: {0}\nb: 1\n", '"x": {{k: {0}}}\n',
])  # fmt: skip
STYLES = st.sampled_from(["old", "'old'", '"old"'])


@settings(deadline=None)
@given(LAYOUTS, STYLES, NAMES)
def test_any_name_in_any_layout_reads_back(layout: str, style: str, new: str) -> None:
    """The new text says the new name at that place and the same everywhere else, and the way
    back says what was."""
    text = layout.format(style)
    found = [whole(s, new) for s in _scalars(text) if s.text == "old"]
    out = swapped(text, found)
    assert [s.text for s in _scalars(out)] == [
        new if s.text == "old" else s.text for s in _scalars(text)
    ]
    assert out.count("#") >= text.count("#")
    back = swapped(out, [whole(s, "old") for s in _scalars(out) if s.text == new])
    assert [s.text for s in _scalars(back)] == [s.text for s in _scalars(text)] or new in (
        "a",
        "b",
        "x",
        "k",
        "1",
    )


def _scalars(text: str) -> list[Scalar]:
    from bluefs.core.nodes import Node, Seq

    def walk(node: Node | None) -> list[Scalar]:
        if isinstance(node, Scalar):
            return [node]
        if isinstance(node, Seq):
            return [s for item in node.items for s in walk(item)]
        if isinstance(node, Map):
            return [s for pair in node.entries for part in pair for s in walk(part)]
        return []

    return walk(parsed(text))


def test_a_renamed_workspace_has_no_new_problem() -> None:
    """All four kinds, one after the other, through the loader."""
    files = {"bluefs.yaml": PEOPLE, "p/project.yaml": PROJECT.encode(), "p/automations.yaml": RULES.encode(),
             "q/project.yaml": b"lists: {Done: }\n"}  # fmt: skip
    before = load_config(files)
    renames: list[tuple[Kind, str, str]] = [
        ("list", "Open deals", "Leads (new)"), ("tag", "Urgent", "On fire"),
        ("field", "deal_value", "amount"), ("person", "ana", "zoé"),
    ]  # fmt: skip
    for kind, old, new in renames:
        config = load_config(files).config
        naming = Naming(kind, old, new, frozenset({"p"}))
        home = config.projects["p"]
        walks = {
            "bluefs.yaml": lambda node, n=naming: in_workspace(node, n),
            "p/project.yaml": ProjectFile(naming, home, config).swaps,
            "p/automations.yaml": RuleFile(naming, home, config).swaps,
        }
        for path, walk in walks.items():
            text = files[path].decode()
            files[path] = swapped(text, walk(parsed(text))).encode()
    after = load_config(files)

    def codes(loaded: object) -> list[str]:
        return [p.code.code for p in loaded.problems]  # type: ignore[attr-defined]

    assert codes(after) == codes(before)
    assert list(after.config.projects["p"].lists) == ["Leads (new)", "Done"]
    record = read_record(
        "p/Leads (new)/x.md", b"---\namount: 5\ntags: on fire\n---\n", after.config
    ).record
    assert record is not None and record.tuple_of("tags") == ("On fire",)
