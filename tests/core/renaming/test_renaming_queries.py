"""A rename touches the tokens of a query that mean the thing, and no other character."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.edit.splice import Splice, apply_splices
from bluefs.core.fields.tags import fold_tag
from bluefs.core.query import parse_query
from bluefs.core.query.tree import Compare, Text, leaves
from bluefs.core.renaming import Kind, Naming
from bluefs.core.renaming.queries import in_query

FILES = {
    "bluefs.yaml": b"bluefs: 1\npeople: {ana: {name: Ana Ruiz}, li: }\n",
    "p/project.yaml": b"lists: {Open deals: , Open house: , Done: {done: true}}\n"
    b"tags: [Urgent, Key account]\nfields: {deal_value: number, list_price: number, tag: text}\n",
    "q/project.yaml": b"lists: {Inbox: }\nfields: {deal_value: number}\n",
}
CONFIG = load_config(FILES).config


def renamed(text: str, kind: Kind, old: str, new: str, project: str = "p") -> str:
    naming = Naming(kind, old, new, frozenset({project}))
    tokens = in_query(text, naming, CONFIG.projects[project], CONFIG)
    return apply_splices(text, [Splice(*token) for token in tokens])


@pytest.mark.parametrize(("kind", "old", "new", "before", "after"), [
    ("list", "Open deals", "Leads", 'list:"Open deals" is:open', "list:Leads is:open"),
    ("list", "Open deals", "Leads", 'LIST:"open DEALS"', "LIST:Leads"),
    ("list", "Open deals", "New leads", "list:open-deals or list:done", 'list:"New leads" or list:done'),
    ("list", "Open deals", "Leads", "list:open", "list:open"),  # in doubt: two lists begin so
    ("list", "Done", "Won", "list:don,open-house -list:done", "list:Won,open-house -list:Won"),
    ("list", "Done", "Won", "is:done done:yes text:done", "is:done done:yes text:done"),
    ("list", "Done", "Won", 'title:"list:Done"', 'title:"list:Done"'),
    ("tag", "Urgent", "Hot", "tags:urgent,Later not (tags:URGENT or text:urgent)", "tags:Hot,Later not (tags:Hot or text:urgent)"),
    ("tag", "Key account", "VIP", 'tags:key-account tags:"Key account"', "tags:VIP tags:VIP"),
    ("tag", "Urgent", "Hot", "tag:Urgent", "tag:Urgent"),  # here "tag" is a field of the project
    ("tag", "Urgent", 'so "hot"', "tags:Urgent", 'tags:"so \\"hot\\""'),
    ("field", "deal_value", "amount", "deal_value:1000.. has:deal_value sort:-deal_value,due", "amount:1000.. has:amount sort:-amount,due"),
    ("field", "deal_value", "amount", "Deal_Value<5 list_price>deal_value", "amount<5 list_price>deal_value"),
    ("person", "ana", "anna", 'assignee:ana,li assignee:"Ana Ruiz" @ana', 'assignee:anna,li assignee:"Ana Ruiz" @ana'),
    ("person", "ana", "anna", "text:ana assignee:me", "text:ana assignee:me"),
    ("list", "Done", "Won", "list:done (", "list:done ("),  # not readable: left alone
])  # fmt: skip
def test_tokens(kind: Kind, old: str, new: str, before: str, after: str) -> None:
    assert renamed(before, kind, old, new) == after


def test_a_field_is_one_project_s() -> None:
    naming = Naming("field", "deal_value", "amount", frozenset({"p"}))
    assert not naming.concerns("q") and naming.concerns("p")


NAMES = st.sampled_from(["Urgent", "urgent", "Key account", "key_account", "Later", "a b", "x"])
TERMS = st.one_of(
    st.lists(NAMES, min_size=1, max_size=3).map(lambda n: "tags:" + ",".join(map(_written, n))),
    NAMES.map(lambda n: f"-tags:{_written(n)}"),
    st.sampled_from(["is:open", "text:Urgent", "deal_value:1..5", "due:none", "list:done"]),
)


def _written(name: str) -> str:
    return f'"{name}"' if " " in name else name


@settings(deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=5), st.sampled_from([" ", "  ", " or "]), NAMES)
def test_the_same_question_about_the_new_name(terms: list[str], gap: str, new: str) -> None:
    """Reading it again gives the old tree with the name replaced: no more and no less."""
    before = gap.join(terms)
    after = renamed(before, "tag", "Urgent", new)
    old, now = (list(leaves(parse_query(text).tree)) for text in (before, after))
    assert len(old) == len(now)
    for was, is_ in zip(old, now):
        named = (
            isinstance(was, Compare) and was.key == "tags" and isinstance(was.operand, Text)
            and fold_tag(was.operand.text) == "urgent"
        )  # fmt: skip
        if named:
            assert isinstance(is_, Compare) and is_.operand == Text(new)
        else:
            assert is_ == was
