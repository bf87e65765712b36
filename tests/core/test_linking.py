"""References and lookups as values: what a text means, what a lookup is, what settings say wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.config import Loaded, load_config
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.linking import Book, Linker, bare, bare_name, linked, names_of, path_named
from bluefs.core.model import Record, Value

FIRMS = """\
tags: [Client]
lists: {All: }
fields:
  kind: {type: select, options: {Retail: , Sea: }}
  staff: {type: currency, currency: EUR}
  since: date
  up: {type: reference, project: firms}
  top: {type: lookup, through: up, get: staff}
  go: button
"""


def load(fields: str, firms: str = FIRMS) -> Loaded:
    deals = f"lists: {{All: }}\nfields:\n{fields}"
    files = {"bluefs.yaml": "bluefs: 1\n", "firms/project.yaml": firms, "deals/project.yaml": deals}
    return load_config({path: text.encode() for path, text in files.items()})


def firm(name: str, **values: Value) -> Record:
    return Record(f"firms/All/{name}.md", "firms", "All", f"id-{name}", name, values)


def value(get: str, firms: list[Record], many: bool = True) -> tuple[Value, str, object]:
    """(the lookup, how it is shown, its JSON) of a deal that refers to all the firms."""
    config = load(
        f"  of: {{type: reference, project: firms, many: {str(many).lower()}}}\n"
        f"  it: {{type: lookup, through: of, get: {get}}}\n"
    ).config
    names = tuple(one.title for one in firms)
    deal = Record("deals/All/D.md", "deals", "All", None, "D", {"of": names if many else names[0]})
    found = Linker(config, Book([*firms, deal]).refer).link(deal).values.get("it")
    field, setting = (
        config.projects["deals"].fields["it"],
        Setting(config, config.projects["deals"]),
    )
    shown = kind_of(field).show(field, found, setting) if found is not None else ""
    return found, shown, kind_of(field).json(field, found, setting) if found is not None else None


def test_a_set_holds_each_value_once_in_its_order() -> None:
    firms = [firm("A", staff=Decimal("100")), firm("B", staff=Decimal("9.50")), firm("C"),
             firm("D", staff=Decimal("9.5"))]  # fmt: skip
    assert value("staff", firms) == (
        ("9.50", "100"),
        "€9.50, €100",
        [Decimal("9.50"), Decimal("100")],
    )
    firms = [firm("A", kind="Sea"), firm("B", kind="Retail"), firm("C", kind="Sea")]
    assert value("kind", firms) == (("Sea", "Retail"), "Sea, Retail", ["Sea", "Retail"])
    firms = [firm("A", since=date(2026, 1, 2)), firm("B", since=date(2025, 1, 2))]
    assert value("since", firms)[0] == ("2025-01-02", "2026-01-02")
    firms = [firm("A", tags=("Client", "x")), firm("B", tags=("y", "Client"))]
    assert value("tags", firms) == (("Client", "x", "y"), "Client, x, y", ["Client", "x", "y"])
    assert value("title", firms)[0] == ("A", "B") and value("list", firms)[0] == ("All",)
    assert value("staff", [firm("A")]) == (None, "", None)


def test_of_one_it_is_the_value_itself() -> None:
    assert value("staff", [firm("A", staff=Decimal(3))], many=False)[:2] == (Decimal(3), "€3")
    assert value("tags", [firm("A", tags=("x",))], many=False)[0] == ("x",)
    described = Record("firms/All/A.md", "firms", "All", None, "A", {}, "Text\n\n- [ ] item\n")
    assert value("description", [described], many=False)[0] == "Text"


def test_a_lookup_of_a_lookup_and_of_a_reference() -> None:
    firms = [firm("A", up="B"), firm("B", staff=Decimal(7), up="A")]
    assert value("top", firms[:1] + firms[1:], many=True)[0] == ("7",)
    assert value("up", firms, many=True)[0] == ("B", "A")


def test_what_somebody_kept_in_a_lookup_never_counts() -> None:
    stale = [firm("A", up="B", top=Decimal(1)), firm("B", staff=Decimal(7), top=Decimal(2))]
    config = load("  a: text\n").config
    assert [r.values.get("top") for r in linked(stale, config)] == [Decimal(7), None]
    assert "top" not in bare(stale[0], config).values and bare(stale[0], config).values["up"] == "B"


NAMES = st.sampled_from(["A", "a", "Été", "E\u0301te\u0301", "B 2", "All", "firms", "x/y", "A.md"])


@given(st.lists(st.tuples(NAMES, NAMES), max_size=5), NAMES, st.booleans())
def test_a_text_means_the_only_one_of_that_name(
    pairs: list[tuple[str, str]], text: str, link: bool
) -> None:
    """Both ways to look, over records and over paths with titles, find the same."""
    records = [
        Record(f"firms/{n}/{name.replace('/', '')}.md", "firms", "All", None, title)
        for n, (name, title) in enumerate(pairs)
    ]
    typed = f"[[{text}]]" if link else text
    found = Book(records).refer(typed, "firms")
    mine = [r for r in records if bare_name(typed) in names_of(r.path, r.title)]
    assert found == (mine[0] if len(mine) == 1 else None)
    titles = [(r.path, r.title) for r in records]
    assert path_named(typed, titles) == (found.path if found else None)
    assert Book(records).refer(typed, "deals") is None


def test_paths_may_be_cut_at_folders_only() -> None:
    names = names_of("a/All/Acme Ltd.md", "Acme")
    for text in ("a/All/Acme Ltd.md", "all/acme ltd", "Acme Ltd", "[[Acme Ltd#Part]]", "ACME"):
        assert bare_name(text) in names
    for text in ("Ltd", "l/Acme Ltd", "/Acme Ltd", "All", ""):
        assert bare_name(text) not in names


def test_an_id_of_another_project_means_nothing_and_of_two_the_first_by_path() -> None:
    one, two = firm("A"), Record("firms/Old/B.md", "firms", "Old", "id-A", "B")
    book = Book([two, one])
    assert book.refer("id-A", "firms") == one and book.refer("id-A", "deals") is None
    assert Book([Record("firms/X.md", "firms", None, "x", "X")]).refer("x", "firms") is None


#: A field of deals and its one Problem: code, line, column, end, and what the hint says.
FAULTS = [
    ("  a: {type: reference}", "BF220", 3, 13, 22, ""),
    ("  a: {type: reference, project: firmz}", "BF220", 3, 33, 38, "firms"),
    ("  a: {type: reference, project: nowhere}", "BF220", 3, 33, 40, "deals, firms"),
    ("  a: {type: reference, project: [firms]}", "BF220", 3, 33, 40, ""),
    ("  a: {type: reference, project: firms, many: 3}", "BF220", 3, 46, 47, ""),
    ("  a: {type: reference, project: firms, filtr: x}", "BF318", 3, 40, 45, "filter"),
    ('  a: {type: reference, project: firms, filter: "tag:("}', "BF350", 3, 53, 54, ""),
    ("  a: {type: reference, project: firms, filter: 'is:open kint:Sea'}", "BF353", 3, 57, 61, "kind"),
    ("  a: {type: reference, project: firms, filter: client}", "BF351", 3, 48, 49, ""),
    ("  a: {type: lookup, get: title}", "BF220", 3, 13, 19, ""),
    ("  a: {type: lookup, through: b, get: title}", "BF220", 3, 30, 31, ""),
    ("  b: text\n  a: {type: lookup, through: b, get: title}", "BF220", 4, 30, 31, ""),
    ("  b: {type: reference, project: firms}\n  a: {type: lookup, through: b, get: stuff}",
     "BF220", 4, 38, 43, "staff"),
    ("  b: {type: reference, project: firms}\n  a: {type: lookup, through: b, get: go}",
     "BF220", 4, 38, 40, "title"),
    ("  b: {type: reference, project: deals}\n  a: {type: lookup, through: b, get: a}",
     "BF247", 4, 38, 39, "own"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "line", "column", "end", "hint"), FAULTS)
def test_one_fault_of_a_field_is_one_problem_at_its_place(
    fields: str, code: str, line: int, column: int, end: int, hint: str
) -> None:
    loaded = load(fields + "\n")
    (problem,) = loaded.problems
    assert problem.path == "deals/project.yaml"
    assert (problem.code.code, problem.line, problem.column, problem.end) == (
        code,
        line,
        column,
        end,
    )
    assert hint in (problem.hint or "")


def test_a_circle_over_two_projects_is_said_at_each_of_its_lookups() -> None:
    firms = (
        "fields:\n  d: {type: reference, project: deals}\n  b: {type: lookup, through: d, get: a}\n"
    )
    deals = "  f: {type: reference, project: firms}\n  a: {type: lookup, through: f, get: b}\n"
    loaded = load(deals + "  c: {type: lookup, through: f, get: b}\n", firms)
    assert [(p.path, p.line, p.code.code) for p in loaded.problems] == [
        ("deals/project.yaml", 4, "BF247"), ("firms/project.yaml", 3, "BF247"),
    ]  # fmt: skip
    assert "deals.a → firms.b → deals.a" in loaded.problems[0].message
    deal = Record("deals/All/D.md", "deals", "All", "d", "D", {"f": "F"})
    other = Record("firms/All/F.md", "firms", "All", "f", "F", {"d": "d"})
    assert linked([deal, other], loaded.config) == (deal, other)


def test_a_project_that_cannot_be_read_is_not_held_against_others() -> None:
    fields = "  b: {type: reference, project: firms, filter: 'kind:Sea'}\n"
    fields += "  a: {type: lookup, through: b, get: kind}\n"
    assert not load(fields).problems
    loaded = load(fields, "fields: {kind: [}\n")
    assert {p.path for p in loaded.problems} == {"firms/project.yaml"}
