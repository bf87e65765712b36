"""Each check of a workspace: one row per defect, with its exact place; and what is no defect."""

from __future__ import annotations

import pytest

from bluefs.core.checks.references import circles
from bluefs.core.codes import workspace as codes
from bluefs.core.model import Record
from tests.core.checks.check_help import NUMBERED, brief, found


def record(*lines: str, id: str | None = None, body: str = "") -> str:
    front = [f"id: {id}"] if id else []
    return "\n".join(["---", *front, *lines, "---", body])


A, B, C = "a000000001", "b000000002", "c000000003"

ROWS: list[tuple[str, dict[str, str | bytes], list[str]]] = [
    ("sound", {"sales/Open/A.md": record(id=A)}, []),
    (
        "a double id is said at the second file",
        {"sales/Open/A.md": record(id=A), "sales/Won/B.md": record("value: 1", id=A)},
        ["sales/Won/B.md:2:5-15 BF401"],
    ),
    (
        "three files with one id: two Problems",
        {f"sales/Open/{n}.md": record(id=A) for n in "ABC"},
        ["sales/Open/B.md:2:5-15 BF401", "sales/Open/C.md:2:5-15 BF401"],
    ),
    (
        "ids that bluefs would not write: short, with a digit first, in capitals",
        {
            "sales/Open/A.md": record(id="abc"),
            "sales/Open/B.md": record(id="1234567890"),
            "sales/Open/C.md": record(id="K7H3KQ0M2X"),
            "sales/Open/D.md": record(id="old-notes_17"),
        },
        [
            "sales/Open/A.md:2:5-8 BF403",
            "sales/Open/B.md:2:5-15 BF403",
            "sales/Open/C.md:2:5-15 BF403",
            "sales/Open/D.md:2:5-17 BF403",
        ],
    ),
    (
        "an id made up by hand, with a letter that bluefs avoids, does no harm",
        {"sales/Open/A.md": record(id="billing001")},
        [],
    ),
    (
        "Windows cannot hold a colon",
        {"sales/Open/a:b.md": record(id=A)},
        ["sales/Open/a:b.md:1:1-1 BF405"],
    ),
    (
        "a list's folder with a trailing dot, said once",
        {"sales/Etc./A.md": record(id=A), "sales/Etc./B.md": record(id=B)},
        ["sales/Etc.:1:1-1 BF405", "sales/Etc.:1:1-1 BF410"],
    ),
    (
        "names that differ in case",
        {"sales/Open/A.md": record(id=A), "sales/Open/a.md": record(id=B)},
        ["sales/Open/a.md:1:1-1 BF406"],
    ),
    (
        "the same name in two lists is fine",
        {"sales/Open/A.md": record(id=A), "sales/Won/a.md": record("value: 1", id=B)},
        [],
    ),
    (
        "a decomposed name",
        {"sales/Open/Cafe\u0301.md": record(id=A)},
        ["sales/Open/Cafe\u0301.md:1:1-1 BF407"],
    ),
    (
        "decomposed and composed: they collide, nothing can be renamed",
        {"sales/Open/Cafe\u0301.md": record(id=A), "sales/Open/Caf\u00e9.md": record(id=B)},
        ["sales/Open/Caf\u00e9.md:1:1-1 BF406"],
    ),
    ("an undeclared list", {"sales/New/A.md": record(id=A)}, ["sales/New:1:1-1 BF410"]),
    (
        "an id in the project's root",
        {"sales/A.md": record(id=A)},
        ["sales/A.md:2:5-15 BF411"],
    ),
    ("a document in the project's root", {"sales/README.md": "# Sales\n"}, []),
    (
        "too deep",
        {"sales/Open/sub/A.md": record(id=A)},
        ["sales/Open/sub/A.md:1:1-1 BF412"],
    ),
    ("a hidden folder below a list", {"sales/Open/_old/A.md": record(id=A)}, []),
    (
        "attachments of nobody",
        {"sales/Open/A.md": record(id=A), f"sales/_files/{A}/x": "", f"sales/_files/{B}/x": ""},
        [f"sales/_files/{B}:1:1-1 BF413"],
    ),
    (
        "blocked_by: id, path, title, [[Name]] and nothing",
        {
            "sales/Open/A.md": record(
                f"blocked_by: [{B}, Open/B, '[[B]]', b, nobody]", id=A
            ),
            "sales/Open/B.md": record(id=B),
        },
        [
            "sales/Open/A.md:3:26-32 BF421",
            "sales/Open/A.md:3:34-41 BF421",
            "sales/Open/A.md:3:43-44 BF421",
            "sales/Open/A.md:3:46-52 BF420",
        ],
    ),
    (
        "[[Name]] without quotes is a list to YAML",
        {"sales/Open/A.md": record("blocked_by: [[B]]", id=A), "sales/Open/B.md": record(id=B)},
        ["sales/Open/A.md:3:14-17 BF421"],
    ),
    (
        "a title that two records have",
        {
            "sales/Open/A.md": record("blocked_by: Same", id=A),
            "sales/Open/B.md": record("title: Same", id=B),
            "sales/Open/C.md": record("title: Same", id=C),
        },
        ["sales/Open/A.md:3:13-17 BF422"],
    ),
    (
        "blocked by itself",
        {"sales/Open/A.md": record(f"blocked_by: {A}", id=A)},
        ["sales/Open/A.md:3:13-23 BF423"],
    ),
    (
        "a circle of three, once",
        {
            "sales/Open/A.md": record(f"blocked_by: [{B}]", id=A),
            "sales/Open/B.md": record(f"blocked_by: [{C}]", id=B),
            "sales/Open/C.md": record(f"blocked_by: [{A}]", id=C),
        },
        ["sales/Open/A.md:3:14-24 BF424"],
    ),
    (
        "a position that ends in its own 0",
        {"sales/Open/A.md": record("position: 50", id=A)},
        ["sales/Open/A.md:3:11-13 BF425"],
    ),
    (
        "equal positions are legal",
        {
            "sales/Open/A.md": record("position: a0", id=A),
            "sales/Open/B.md": record("position: a0", id=B),
        },
        [],
    ),
    ("required in a list", {"sales/Won/A.md": record(id=A)}, ["sales/Won/A.md:1:1-1 BF430"]),
    (
        "required and empty: at the key",
        {"sales/Won/A.md": record("value:", id=A)},
        ["sales/Won/A.md:3:1-6 BF430"],
    ),
    (
        "required and unreadable: one Problem, the reader's",
        {"sales/Won/A.md": record("value: lots", id=A)},
        ["sales/Won/A.md:3:8-12 BF201"],
    ),
    (
        "each wrong member of a list",
        {"sales/Open/A.md": record("lands: [FR, Belgium, DE, Frnce]", id=A)},
        ["sales/Open/A.md:3:13-20 BF222", "sales/Open/A.md:3:26-31 BF222"],
    ),
    (
        "two records with one number: the later one",
        {
            "sales/project.yaml": NUMBERED,
            "sales/Open/A.md": record("number: D-1", id=A),
            "sales/Open/B.md": record("value: 1", "number: D-1", id=B),
        },
        ["sales/Open/B.md:4:9-12 BF432"],
    ),
    (
        "records without a number: at the beginning, or at the key",
        {
            "sales/project.yaml": NUMBERED,
            "sales/Open/A.md": record("value: 1", id=A),
            "sales/Open/B.md": record("number:", id=B),
            "sales/Doc.md": record(),
        },
        ["sales/Open/A.md:1:1-1 BF433", "sales/Open/B.md:3:1-7 BF433"],
    ),
    (
        "a reference to a record of another project, and one that the filter does not let in",
        {
            "firms/project.yaml": "lists: {All: }\ntags: [Client]\n",
            "deals/project.yaml": "lists: {All: }\nfields:\n"
            "  firm: {type: reference, project: firms, filter: 'tag:Client'}\n",
            "firms/All/Acme.md": record(id=A),
            "deals/All/One.md": record(f"firm: {A}  # Acme", id=B),
            "deals/All/Two.md": record(f"firm: {B}", id=C),
        },
        ["deals/All/One.md:3:7-17 BF427", "deals/All/Two.md:3:7-17 BF426"],
    ),
    (
        "references to nobody, by name, and to one of two",
        {
            "firms/project.yaml": "lists: {All: , Old: }\n",
            "deals/project.yaml": "lists: {All: }\nfields:\n"
            "  firm: {type: reference, project: firms}\n"
            "  others: {type: reference, project: firms, many: true}\n",
            "firms/All/Acme.md": record(id=A),
            "firms/Old/Acme.md": record(id=B),
            "firms/Old/Globex.md": record(id=C),
            "deals/All/One.md": record("firm: [[Globex]]", "others: [Acmee, Acme, Old/Acme]"),
        },
        [
            "deals/All/One.md:2:7-17 BF421", "deals/All/One.md:3:10-15 BF420",
            "deals/All/One.md:3:17-21 BF422",
            "deals/All/One.md:3:23-31 BF421",
        ],
    ),
    (
        "references that are right, in lists, in any layout",
        {
            "firms/project.yaml": "lists: {All: }\n",
            "deals/project.yaml": "lists: {All: }\nfields:\n"
            "  firm: {type: reference, project: firms, filter: 'list:All'}\n"
            "  others: {type: reference, project: firms, many: true}\n"
            "  seen: {type: lookup, through: others, get: title}\n",
            "firms/All/Acme.md": record(id=A),
            "deals/All/One.md": record(f"firm: {A} # Acme", f"others: {A}", id=B),
            "deals/All/Two.md": record("others:", f"  - {A}  # Acme", id=C),
        },
        [],
    ),
    (
        "two records with two numbers",
        {
            "sales/project.yaml": NUMBERED,
            "sales/Open/A.md": record("number: D-1", id=A),
            "sales/Open/B.md": record("number: D-2", id=B),
        },
        [],
    ),
    (
        "a file that is not among the attachments",
        {"sales/Open/A.md": record("paper: Offer.pdf", id=A)},
        ["sales/Open/A.md:3:8-17 BF228"],
    ),
    (
        "one of several files",
        {
            "sales/Open/A.md": record("papers: [Plan.png, Offr.pdf]", id=A),
            f"sales/_files/{A}/Plan.png": b"x",
            f"sales/_files/{A}/Offer.pdf": b"x",
        },
        ["sales/Open/A.md:3:20-28 BF228"],
    ),
    (
        "files that are there, whichever form their names have on the disk",
        {
            "sales/Open/A.md": record("paper: Été.pdf", id=A),
            f"sales/_files/{A}/E\u0301te\u0301.pdf": b"x",
        },
        [],
    ),
    (
        "start after due",
        {"sales/Open/A.md": record("start: 2026-12-02", "due: 2026-12-01", id=A)},
        ["sales/Open/A.md:3:8-18 BF431"],
    ),
    (
        "start in the course of the day it is due",
        {"sales/Open/A.md": record("start: 2026-12-01T09:00", "due: 2026-12-01", id=A)},
        [],
    ),
    (
        "broken YAML is one Problem, and no missing value follows from it",
        {"sales/Won/A.md": record("title: Re: x", id=A)},
        ["sales/Won/A.md:3:10-11 BF111"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "files", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_each_defect_once_at_its_place(
    name: str, files: dict[str, str | bytes], expected: list[str]
) -> None:
    assert brief(files) == expected


def test_every_code_of_the_workspace_has_a_row() -> None:
    """BF402, BF414, BF415, BF416 and BF106 need more than files: they have tests of their own below."""
    shown = {line.rpartition(" ")[2] for _, _, lines in ROWS for line in lines}
    assert set(codes.CODES) - shown == {"BF402", "BF414", "BF415", "BF416"}


def test_an_odd_id_holds_no_record() -> None:
    files = {
        "sales/Open/A.md": record(id="abc"),
        "sales/Open/B.md": record("blocked_by: abc", id=B),
    }
    (problem,) = found(files)
    assert (problem.code.code, problem.level, problem.fix) == ("BF403", "warning", None)


def test_a_missing_id_is_only_said() -> None:
    (problem,) = found({"sales/Open/A.md": "text"})
    assert (problem.code.code, problem.level, problem.line) == ("BF402", "info", 1)


def test_an_empty_new_file_is_no_problem() -> None:
    assert found({"sales/Open/A.md": ""}) == []


def test_a_file_that_lost_its_text_is() -> None:
    good = Record("sales/Open/A.md", "sales", "Open", A, "A")
    files = {
        "sales/Open/A.md": "",
        "sales/Open/B.md": record(f"blocked_by: {A}", id=B),
    }
    assert brief(files, good={good.path: good}) == ["sales/Open/A.md:1:1-1 BF106"]


def test_a_file_that_cannot_be_opened_is_an_error() -> None:
    (problem,) = found({}, unreadable={"sales/Open/A.md": "permission denied"})
    assert (problem.code.code, problem.level) == ("BF414", "error")


def test_the_file_that_git_holds_keeps_its_id() -> None:
    files = {"sales/Open/A.md": record(id=A), "sales/Open/B.md": record(id=A)}
    assert brief(files, settled=frozenset({"sales/Open/B.md"})) == ["sales/Open/A.md:2:5-15 BF401"]


def test_a_derived_id_is_an_id() -> None:
    files = {
        "sales/Open/A.md": "no id in here",
        "sales/Open/B.md": record(f"blocked_by: {A}", id=B),
        f"sales/_files/{A}/x": "",
    }
    assert brief(files, names={"sales/Open/A.md": A}) == []


def test_strict_projects_warn_of_undeclared_lists() -> None:
    files = {
        "sales/project.yaml": "name: Sales\nstrict: true\nlists: {Open: }\n",
        "sales/Opne/A.md": record(id=A),
    }
    (problem,) = found(files)
    assert (problem.level, problem.hint) == (
        "warning",
        'did you mean "Open"? else declare it under lists',
    )


def test_a_title_in_ones_own_project_goes_first() -> None:
    files = {
        "work/project.yaml": "name: Work\nlists: {Open: }\n",
        "sales/Open/A.md": record("blocked_by: Same", id=A),
        "sales/Open/B.md": record("title: Same", id=B),
        "work/Open/C.md": record("title: Same", id=C),
    }
    (problem,) = found(files)
    assert problem.fix is not None and problem.fix.text.startswith(B)


@pytest.mark.parametrize(
    ("arrows", "expected"),
    [
        ({}, []),
        ({"a": ["b"], "b": []}, []),
        ({"a": ["b"], "b": ["a"]}, [["a", "b"]]),
        ({"b": ["c"], "c": ["b"], "a": ["b"]}, [["b", "c"]]),
        ({"a": ["b", "c"], "b": ["c"], "c": ["a"]}, [["a", "c"]]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [["a", "b"], ["c", "d"]]),
    ],
)
def test_circles(arrows: dict[str, list[str]], expected: list[list[str]]) -> None:
    assert circles(arrows) == expected


def test_a_long_chain_needs_no_recursion() -> None:
    chain = {f"{n:05}": [f"{n + 1:05}"] for n in range(20_000)}
    assert circles(chain) == []
    chain["20000"] = ["00000"]
    assert len(circles(chain)[0]) == 20_001


def test_a_link_is_named_where_it_would_mean_something() -> None:
    links = {
        "sales/Open/A.md", "sales/B.md", "sales/Linked", "other/project.yaml", "bluefs.yaml",
        "sales/Open/picture.png", "sales/_files/a000000001/x.md", "notes", "sales/Open/sub",
    }  # fmt: skip
    told = {p.path for p in found({}, links=frozenset(links)) if p.code.code == "BF415"}
    assert told == {
        "sales/Open/A.md", "sales/B.md", "sales/Linked", "other/project.yaml", "bluefs.yaml",
    }  # fmt: skip
