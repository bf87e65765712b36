"""The order of records: the query's, and their own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from bluefs.core.frozen import replace
from bluefs.core.model import Config, FieldDef, Project, Record
from bluefs.core.query import order, parse_query
from tests.core.query.query_help import PARIS, context, record

DAY = date(2026, 12, 1)
A = record({"position": "a1", "due": DAY, "deal_value": Decimal(10)}, title="A", id="aaa")
B = record({"position": "a0", "deal_value": Decimal(9)}, title="b", id="bbb")
C = record({"due": datetime(2026, 12, 1, 9, tzinfo=PARIS), "tags": ("b",)}, title="Ç", id="ccc")
D = record({"due": date(2026, 11, 30), "position": "a0"}, title="d", id="ddd")
E = record({"done": True}, title="é", id=None)
ALL = [A, B, C, D, E]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "b d A Ç é"),  # (position, id), then by name
        ("sort:title", "A b Ç d é"),
        ("sort:-title", "é d Ç b A"),
        ("sort:due", "d A Ç b é"),  # a day before the moments in it; unset last
        ("sort:-due", "Ç A d b é"),
        ("sort:deal_value", "b A d Ç é"),  # as numbers: 9 before 10
        ("sort:-done,title", "é A b Ç d"),
        ("sort:tag", "Ç b d A é"),
        ("sort:id", "A b Ç d é"),
        ("sort:no_such_key", "b d A Ç é"),
    ],
)
def test_order(text: str, names: str) -> None:
    found = order(reversed(ALL), parse_query(text), context())
    assert " ".join(one.title for one in found) == names


def test_positions_are_compared_as_bytes() -> None:
    several = [record({"position": p}, title=p) for p in ("a0", "aV", "a0V", "Zz")]
    assert [r.title for r in order(several, None, context())] == ["Zz", "a0", "a0V", "aV"]


def test_lists_and_projects_stand_as_on_screen() -> None:
    def at(project: str, name: str) -> Record:
        return record({}, project=project, list=name, title=f"{project}/{name}", id=None)

    places = [("sales", "Open deals"), ("sales", "Proposal"), ("sales", "Closed won"),
              ("sales", "Elsewhere"), ("work", "Backlog"), ("work", "Live")]  # fmt: skip
    records = [at(*place) for place in places]
    for query in (None, parse_query("sort:project,list"), parse_query("sort:project")):
        found = order(sorted(records, key=lambda r: r.title), query, context())
        assert [(one.project, one.list) for one in found] == places


def test_values_of_different_kinds_have_an_order_too() -> None:
    text = record({"deal_value": "about 5"}, project="work", list="Backlog", title="text")
    found = order([text, A, B, E], parse_query("sort:deal_value"), context())
    assert [one.title for one in found] == ["b", "A", "text", "é"]


def test_numbers_with_a_prefix_are_in_their_order() -> None:
    """DEAL-9 comes before DEAL-10, also without leading zeros."""
    field = FieldDef("serial", "unique_id", "Serial", options={"prefix": "DEAL-"})
    config = Config(projects={"sales": Project("sales", "Sales", fields={"serial": field})})
    texts = ["DEAL-10", "DEAL-9", "DEAL-100", "DEAL-2"]
    several = [record({"serial": t}, title=t) for t in texts]
    found = order(several, parse_query("sort:serial"), replace(context(), config=config))
    assert [r.title for r in found] == ["DEAL-2", "DEAL-9", "DEAL-10", "DEAL-100"]
