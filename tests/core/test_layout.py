"""Places, names, and the forgiving of names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core import layout
from bluefs.core.layout import (
    NAME_BYTES,
    NameFault,
    Place,
    check_name,
    collisions,
    file_name,
    fold,
    match_key,
    match_list,
    match_person,
    match_project,
    match_tag,
    nearest,
    place,
    stem,
)
from bluefs.core.model import Config, FieldDef, ListDef, Person, Project, Workspace
from bluefs.core.words import has, say

SALES = Project(
    "sales", "Sales",
    lists={k: ListDef(k, k) for k in ("Open deals", "Closed won", "Closed lost", "Échec")},
    tags={"Urgent": "red", "Key account": None, "Kein": None},
    fields={
        "deal_value": FieldDef("deal_value", "currency", "Deal value"),
        "score": FieldDef("score", "rating", "Lead score"),
    },
)  # fmt: skip
CONFIG = Config(projects={"sales": SALES, "org/work": Project("org/work", "Work")})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("bluefs.yaml", Place("workspace")),
        ("sales/project.yaml", Place("project", "sales")),
        ("sales/automations.yaml", Place("automations", "sales")),
        ("new/project.yaml", Place("project", "new")),
        ("sales/Open deals/Acme.md", Place("record", "sales", "Open deals")),
        ("sales/Open deals/Acme.MD", Place("record", "sales", "Open deals")),
        ("sales/Undeclared/Acme.md", Place("record", "sales", "Undeclared")),
        ("sales/E\u0301chec/a.md", Place("record", "sales", "\u00c9chec")),
        ("org/work/Backlog/a.md", Place("record", "org/work", "Backlog")),
        ("org/notes/a.md", Place("outside")),
        ("sales/README.md", Place("document", "sales")),
        ("sales/Open deals/old/a.md", Place("too_deep", "sales")),
        ("sales/Open deals/a.png", Place("outside", "sales")),
        ("sales/Open deals/md", Place("outside", "sales")),
        ("sales/Open deals/project.yaml", Place("outside", "sales")),
        ("sales/bluefs.yaml", Place("outside", "sales")),
        ("docs/a.md", Place("outside")),
        ("README.md", Place("outside")),
        ("sales/_templates/offer.md", Place("template", "sales")),
        ("sales/_templates/mail/_part.md", Place("template", "sales")),
        ("sales/_templates/.DS_Store", Place("hidden")),
        ("sales/_files/k7h3kq0m2x/_MG_1.jpg", Place("attachment", "sales")),
        ("sales/_files/k7h3kq0m2x/a/b.pdf", Place("attachment", "sales")),
        ("sales/_files/k7h3kq0m2x/.DS_Store", Place("hidden")),
        ("sales/_files/a.pdf", Place("hidden")),
        ("sales/Open deals/_templates/a.md", Place("hidden")),
        ("_templates/a.md", Place("hidden")),
        ("sales/_archive/Won/a.md", Place("hidden")),
        ("sales/Open deals/_draft.md", Place("hidden")),
        ("sales/Open deals/.a.md.swp", Place("hidden")),
        ("sales/.obsidian/a.md", Place("hidden")),
        (".git/config", Place("hidden")),
        (".gitignore", Place("hidden")),
        ("sales/Open deals/.gitkeep", Place("keep", "sales", "Open deals")),
        ("sales/.gitkeep", Place("keep", "sales")),
        (".gitkeep", Place("keep")),
        ("sales/_old/.gitkeep", Place("hidden")),
    ],
)
def test_place(path: str, expected: Place) -> None:
    assert place(path, CONFIG) == expected


def test_a_project_inside_a_project_does_not_exist() -> None:
    config = Config(projects={"a": Project("a", "A"), "a/b": Project("a/b", "B")})
    assert place("a/b/x.md", config) == Place("record", "a", "b")
    assert place("a/b/List/x.md", config) == Place("too_deep", "a")


def test_a_project_at_the_root() -> None:
    config = Config(projects={"": Project("", "All")})
    assert place("List/a.md", config) == Place("record", "", "List")
    assert place("a.md", config) == Place("document", "")
    assert place("project.yaml", config) == Place("project", "")
    assert place("bluefs.yaml", config) == Place("workspace")
    assert place("_files/k7/a.pdf", config) == Place("attachment", "")


def test_a_project_in_a_hidden_folder_is_never_data() -> None:
    config = Config(projects={"_old/p": Project("_old/p", "P")})
    assert place("_old/p/List/a.md", config) == Place("hidden")


def test_a_decomposed_folder_is_the_composed_project() -> None:
    config = Config(projects={"caf\u00e9": Project("caf\u00e9", "C")})
    assert place("cafe\u0301/List/a.md", config) == Place("record", "caf\u00e9", "List")


# Names


@given(st.text(max_size=300), st.lists(st.text(max_size=5).map(lambda t: f"{t}.md"), max_size=5))
def test_a_name_made_of_any_title_is_legal_and_free(title: str, taken: list[str]) -> None:
    name, keep = file_name(title, taken)
    assert check_name(name) is None
    assert check_name(name[:-3]) is None or name[:-3].endswith(".")
    assert fold(name) not in {fold(t) for t in taken}
    assert len(name.encode()) <= NAME_BYTES + 8
    assert keep or stem(name) == unicodedata.normalize("NFC", title)


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize(
    ("title", "expected", "keep"),
    [
        ("Call Bretagne Fret", "Call Bretagne Fret.md", False),
        ("Renewal – Acme", "Renewal – Acme.md", False),
        ("Fix #12: login on Safari", "Fix 12 login on Safari.md", True),
        ("and/or", "and or.md", True),
        ('Say "hi" <now>?', "Say hi now.md", True),
        ("[urgent] ^call", "urgent call.md", True),
        ("a\tb\nc\x00d", "a b c d.md", True),
        (".hidden", "hidden.md", True),
        ("_draft", "draft.md", True),
        ("Wait...", "Wait.md", True),
        ("  spaced  ", "spaced.md", True),
        ("two  spaces", "two  spaces.md", False),
        ("CON", "CON_.md", True),
        ("com1.txt", "com1_.txt.md", True),
        ("Console", "Console.md", False),
        ("notes.md", "notes.md.md", False),
        ("", "Untitled.md", True),
        ("???", "Untitled.md", True),
        ("\u200b", "Untitled.md", True),
        ("🎉", "🎉.md", False),
        ("👩‍👩‍👧", "👩‍👩‍👧.md", False),
        ("e\u0301t\u00e9", "\u00e9t\u00e9.md", False),
        ("\ud800x", "x.md", True),
        ("é" * 150, "é" * 100 + ".md", True),
        ("a" * 193 + "👩‍👩‍👧", "a" * 193 + ".md", True),
        ("a" * 198 + "n\u0303\u0303\u0303", "a" * 198 + ".md", True),
    ],
)
def test_file_name(title: str, expected: str, keep: bool) -> None:
    assert file_name(title) == (expected, keep)


def test_a_taken_name_gets_a_number_and_keeps_its_title() -> None:
    assert file_name("Call", ["call.MD"]) == ("Call 2.md", True)
    assert file_name("Call", ["Call.md", "call 2.md", "Call 4.md"]) == ("Call 3.md", True)
    assert file_name("caf\u00e9", ["CAFE\u0301.md"]) == ("caf\u00e9 2.md", True)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Open deals", None), ("Fix #12.md", None), ("Wait....md", None), ("a.b.md", None),
        ("é.md", None), ("console.md", None), ("[x].md", None),
        ("", "empty"), ("  ", "empty"), ("a:b", "characters"), ("a?.md", "characters"),
        ("a\nb.md", "control"), (".a", "leading"), ("_a.md", "leading"), ("a.", "trailing"),
        ("a ", "trailing"), ("nul.md", "device"), ("COM¹.txt.md", "device"), ("aux .md", "device"),
        ("é" * 140, "long"),
    ],
)  # fmt: skip
def test_check_name(name: str, key: str | None) -> None:
    fault = check_name(name)
    assert (fault.key if fault else None) == (f"checks.name.{key}" if key else None)
    if fault:
        assert has(fault.key)
        assert "{" not in say(fault.key, **fault.fields)  # type: ignore[arg-type]


def test_a_fault_shows_what_is_wrong() -> None:
    assert check_name("a:b?:") == NameFault(
        "checks.name.characters", {"name": "a:b?:", "characters": ": ?"}
    )
    fault = check_name("a\x07b")
    assert fault is not None and fault.fields == {"name": "a\\u0007b"}


def test_collisions() -> None:
    names = [
        "a.md",
        "A.md",
        "b.md",
        "caf\u00e9.md",
        "CAFE\u0301.md",
        "stra\u00dfe.md",
        "STRASSE.md",
    ]
    assert collisions(names) == (
        ("A.md", "a.md"), ("CAFE\u0301.md", "caf\u00e9.md"), ("STRASSE.md", "stra\u00dfe.md"),
    )  # fmt: skip


# Forgiveness


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Open deals", ["Open deals"]), ("open DEALS", ["Open deals"]), ("open-deals", ["Open deals"]),
        ("open", ["Open deals"]), ("closed", ["Closed won", "Closed lost"]),
        ("closed w", ["Closed won"]), ("echec", ["Échec"]), ("E\u0301chec", ["Échec"]),
        ("deals", []), ("", []), ("nothing", []),
    ],
)  # fmt: skip
def test_match_list(text: str, expected: list[str]) -> None:
    assert [found.key for found in match_list(text, SALES)] == expected


def test_the_exact_reading_comes_before_the_forgiving_ones() -> None:
    lists = {k: ListDef(k, k) for k in ("open", "Open", "Opened")}
    project = Project("p", "P", lists=lists)
    assert [x.key for x in match_list("Open", project)] == ["Open"]
    assert [x.key for x in match_list("OPEN", project)] == ["open", "Open"]


def test_match_tag_takes_a_beginning_only_where_the_project_is_strict() -> None:
    assert match_tag("key_ACCOUNT", SALES) == ["Key account"]
    assert match_tag("urg", SALES) == []
    strict = Project("sales", "Sales", tags=SALES.tags, strict=True)
    assert match_tag("urg", strict) == ["Urgent"]
    assert match_tag("ke", strict) == ["Key account", "Kein"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("due", ["due"]), ("DUE", ["due"]), ("Deal value", ["deal_value"]), ("deal-value", ["deal_value"]),
        ("lead", ["score"]), ("assign", ["assignees"]), ("d", ["due", "done", "deal_value"]),
        ("nope", []),
    ],
)  # fmt: skip
def test_match_key(text: str, expected: list[str]) -> None:
    assert match_key(text, SALES) == expected


def test_match_person() -> None:
    people = {
        "ana": Person("ana", "Ana Ruiz", ("ana@acme.example",)),
        "li": Person("li", "Li Wei", ("li@acme.example",)),
        "lian": Person("lian", "Lian Óg", ()),
    }
    workspace = Workspace(people=people)
    for text, expected in (
        ("ana", ["ana"]), ("@ANA", ["ana"]), ("Ana Ruiz", ["ana"]), ("li", ["li"]), ("lia", ["lian"]),
        ("ruiz", ["ana"]), ("og", ["lian"]), ("LI@acme.example", ["li"]), ("l", ["li", "lian"]),
        ("", []), ("zoe", []),
    ):  # fmt: skip
        assert [p.handle for p in match_person(text, workspace)] == expected, text


def test_match_project() -> None:
    assert [p.key for p in match_project("work", CONFIG)] == ["org/work"]
    assert [p.key for p in match_project("org/work/", CONFIG)] == ["org/work"]
    assert [p.key for p in match_project("SALES", CONFIG)] == ["sales"]


def test_nearest() -> None:
    assert nearest("Closed wno", SALES.lists) == "Closed won"
    assert nearest("ECHECK", SALES.lists) == "Échec"
    assert nearest("zzz", SALES.lists) is None


@given(st.from_regex(layout._PLAIN_NAME.pattern, fullmatch=True))
def test_a_plain_name_is_told_at_a_glance(name: str) -> None:
    assert check_name(name) == layout._check_name(name)


@given(st.lists(st.from_regex(layout._PLAIN_NAME.pattern, fullmatch=True) | st.text(max_size=9)))
def test_names_are_told_together(names: list[str]) -> None:
    """A slash is in no name."""
    names = [name.replace("/", "") for name in names]
    doubted = {*layout.in_doubt(names)}
    assert not any(layout._check_name(name) for name in names if name not in doubted)
    plain = [name for name in names if layout._PLAIN_NAME.fullmatch(name)]
    assert not [*layout.in_doubt(plain)]
