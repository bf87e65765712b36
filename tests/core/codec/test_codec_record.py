"""read_record: bytes to a record, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bluefs.core.codec import bulk
from bluefs.core.codec.record import Reading, locate, read_record, where
from bluefs.core.model import Config, FieldDef, ListDef, Person, Project, Workspace

SALES = Project(
    "sales",
    "Sales",
    lists={"Open": ListDef("Open", "Open"), "Won": ListDef("Won", "Won", done=True)},
    tags={"Key account": None, "Urgent": "red"},
    fields={
        "deal_value": FieldDef("deal_value", "currency", "Deal", options={"currency": "EUR"}),
        "next_step": FieldDef("next_step", "text", "Next step"),
        "nda": FieldDef("nda", "checkbox", "NDA"),
    },
)
STRICT = Project("strict", "Strict", lists=SALES.lists, tags=SALES.tags, strict=True)
CONFIG = Config(
    Workspace(timezone="Europe/Paris", people={h: Person(h, h) for h in ("ana", "li")}),
    {"sales": SALES, "strict": STRICT},
)


@pytest.fixture(params=["yaml-rs", "PyYAML"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "PyYAML":
        monkeypatch.setattr(bulk, "_loader", lambda: None)


def read(text: str | bytes, path: str = "sales/Open/Call.md") -> Reading:
    data = text if isinstance(text, bytes) else text.encode()
    return read_record(path, data, CONFIG)


def front(yaml: str, path: str = "sales/Open/Call.md") -> Reading:
    return read(f"---\n{yaml}\n---\n", path)


def codes(reading: Reading) -> list[tuple[str, int, int]]:
    return [(p.code.code, p.line, p.column) for p in reading.problems]


def test_a_whole_record() -> None:
    found = read(
        "---\nid: k7h3kq0m2x\ntags: [urgent, key-account]\ndue: 2026-12-01T15:00  # a day\n"
        "assignees: ana\nnda: yes\ndeal_value: 12000\naliases: [x]\n---\nHello\n- [x] Ring @li\n"
        "\n## Comments\n### ana · 2026-11-24 09:12\nYes.\n"
    )
    assert found.problems == ()
    record = found.record
    assert record is not None
    assert (record.id, record.title, record.title_key) == ("k7h3kq0m2x", "Call", False)
    assert (record.project, record.list, record.done) == ("sales", "Open", False)
    values = dict(record.values)
    due = values.pop("due")
    assert isinstance(due, datetime)
    assert due.astimezone(UTC) == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    assert values == {
        "tags": ("Urgent", "Key account"),
        "assignees": ("ana",),
        "nda": True,
        "deal_value": Decimal("12000"),
    }
    assert record.unknown == {"aliases": ("x",)}
    assert [(i.text, i.done, i.line) for i in record.items] == [("Ring", True, 11)]
    assert [(c.author, c.text, c.line) for c in record.comments] == [("ana", "Yes.", 14)]


def test_without_front_matter_all_is_body() -> None:
    for text in ("Hello\n---\nx: y\n---\n", "----\na: b\n----\n", " ---\na: b\n---\n"):
        record = read(text, "sales/Won/E\u0301te\u0301.MD").record
        assert record is not None
        assert (record.body, record.values, record.title) == (text, {}, "Été")
        assert record.done


def test_empty_files() -> None:
    for data in (b"", b" \n\t\r\n", b"\xef\xbb\xbf"):
        found = read(data)
        assert found.empty
        assert found.problems == ()
        assert found.record is not None
        assert (found.record.title, found.record.body) == ("Call", "")
    for text in ("---\n---\n", "---\n# nothing\n---\n", "---\n...\n", "---\n~\n---\nx"):
        found = read(text)
        assert (found.empty, found.problems) == (False, ())
        assert found.record is not None


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_bom(newline: str, bom: bytes) -> None:
    text = "--- \ntitle: Été\ndue: 12/01/2026\n...\nBody\n\nend\n".replace("\n", newline)
    found = read(bom + text.encode())
    assert found.record is not None
    assert found.record.title == "Été"
    assert found.record.body == "Body\n\nend\n"
    assert [(p.line, p.column, p.end) for p in found.problems] == [(3, 6, 16)]
    assert found.record.bad == {"due"}


HELD = [
    (b"---\ntitle: caf\xe9\n---\n", "BF101", 2, 11),
    (b"\xef\xbb\xbfab\xff", "BF101", 1, 3),
    (b"x" * (1024 * 1024 + 1), "BF102", 1, 1),
    (b"---\na: " + b"x" * 65536 + b"\n---\n", "BF103", 2, 1),
    (b"---\ntitle: x\n", "BF107", 1, 1),
    (b"---", "BF107", 1, 1),
    (b"---\ntitle: x\n---\nab\0c", "BF108", 4, 3),
    (b"---\na: 1\n---\n\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> b\n", "BF109", 5, 1),
    (b"---\ntitle: Re: x\n---\n", "BF111", 2, 10),
    (b"---\ntitle:x\n---\n", "BF118", 2, 1),
    (b"---\njust text\n---\n", "BF125", 2, 1),
    (b"---\n- a\n---\n", "BF124", 2, 1),
    (b"---\nid: not an id\n---\n", "BF133", 2, 5),
    (b"---\nid: [a]\n---\n", "BF133", 2, 5),
    (b"---\nid: abc #1\n---\n", "BF112", 2, 9),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code", "line", "column"), HELD)
def test_held(data: bytes, code: str, line: int, column: int) -> None:
    found = read(data)
    assert found.record is None
    assert codes(found) == [(code, line, column)]
    assert found.problems[0].path == "sales/Open/Call.md"


def test_a_heading_of_equal_signs_is_no_conflict() -> None:
    assert read("Title\n=======\n\n> quote\n").problems == ()
    assert read("```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n").problems == ()


NOT_SET = ["", "~", "null", "NULL", "# nothing"]


@pytest.mark.parametrize("text", NOT_SET)
@pytest.mark.parametrize("key", ["due", "tags", "title", "id", "deal_value", "next_step", "done"])
def test_null_is_not_set(key: str, text: str) -> None:
    found = front(f"{key}: {text}")
    assert found.problems == ()
    assert found.record is not None
    assert found.record.values == {}
    assert (found.record.id, found.record.title_key) == (None, False)


def test_quoted_null_is_a_word() -> None:
    record = front("title: 'null'\nnext_step: \"~\"").record
    assert record is not None
    assert (record.title, record.values) == ("null", {"next_step": "~"})
    assert front("tags: []").record.values == {}  # type: ignore[union-attr]


def test_source_text_is_the_value() -> None:
    record = front("title: 0612\nnext_step: +33612345678").record
    assert record is not None
    assert (record.title, record.values["next_step"]) == ("0612", "+33612345678")
    record = front("next_step: 1.10\ndeal_value: 1.10").record
    assert record is not None
    assert record.values["next_step"] == "1.10"
    assert str(record.values["deal_value"]) == "1.10"
    for text in ("1_000", "0x1F", "2026-12-01", "yes", "True", "1e3", ".5", "012", "12:30"):
        record = front(f"next_step: {text}").record
        assert record is not None
        assert record.values == {"next_step": text}


WRONG_KEYS = [
    ("Due", "due"), ("DUE", "due"), ("due_date", "due"), ("due date", "due"), ("échéance", "due"),
    ("e\u0301che\u0301ance", "due"), ("Echeance", "due"), ("date d'échéance", "due"),
    ("deadline", "due"), ("start-date", "start"), ("Début", "start"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "right"), WRONG_KEYS)
def test_wrong_date_keys_are_errors(key: str, right: str) -> None:
    found = front(f"next_step: x\n{key}: 2026-12-01")
    assert codes(found) == [("BF130", 3, 1)]
    problem = found.problems[0]
    assert problem.level == "error"
    assert problem.fix is not None
    assert (problem.fix.line, problem.fix.column, problem.fix.text) == (3, 1, right)
    assert right in (problem.hint or "")
    assert found.record is not None
    assert right in found.record.bad


@pytest.mark.parametrize(
    ("key", "right", "value"),
    [
        ("assignee", "assignees", "ana"), ("Tags", "tags", "[x]"), ("étiquettes", "tags", "[x]"),
        ("labels", "tags", "[x]"), ("couleur", "color", "red"), ("colour", "color", "red"),
        ("Title", "title", "x"), ("ID", "id", "k7h3kq0m2x"), ("Done", "done", "true"),
        ("blocked-by", "blocked_by", "[]"), ("assignes", "assignees", "ana"),
    ],
)  # fmt: skip
def test_wrong_built_in_keys(key: str, right: str, value: str) -> None:
    found = front(f"{key}: {value}")
    assert codes(found) == [("BF130", 2, 1)]
    assert right in found.problems[0].message


def test_a_declared_field_may_have_any_name() -> None:
    project = Project("p", "P", fields={"deadline": FieldDef("deadline", "text", "D")})
    config = Config(Workspace(), {"p": project})
    assert read_record("p/l/r.md", b"---\ndeadline: x\n---\n", config).problems == ()


def test_both_the_wrong_and_the_right_key() -> None:
    found = front("Due: 2026-12-01\ndue: 2026-12-02")
    assert codes(found) == [("BF130", 2, 1)]
    assert not found.problems[0].fixable
    assert found.record is not None
    assert found.record.values == {"due": date(2026, 12, 2)}
    assert found.record.bad == frozenset()


def test_unknown_keys_are_kept() -> None:
    found = front("deal_valeu: 3\ncreated: 2020\nzzz: {a: [b, ~]}")
    assert codes(found) == [("BF131", 2, 1), ("BF131", 3, 1), ("BF131", 4, 1)]
    assert [p.level for p in found.problems] == ["warning"] * 3
    assert "deal_value" in (found.problems[0].hint or "")
    assert found.record is not None
    assert found.record.unknown == {
        "deal_valeu": "3", "created": "2020", "zzz": {"a": ("b", None)},
    }  # fmt: skip
    strict = front("zzz: 1", "strict/Open/x.md")
    assert [p.level for p in strict.problems] == ["error"]
    foreign = "aliases: x\ncssclasses: []\npublish: true\ndescription: d\ncover: c\nimage: i"
    assert front(foreign, "strict/Open/x.md").problems == ()


def test_tags_and_people() -> None:
    found = front("tags: [URGENT, key_account, Urgent]\nassignees: [ana, li]")
    assert found.problems == ()
    assert found.record is not None
    assert found.record.values["tags"] == ("Urgent", "Key account")
    strict = front("tags: [Urgent, Ugent]", "strict/Open/x.md")
    assert [(p.line, p.column, p.end, p.level) for p in strict.problems] == [(2, 16, 21, "error")]
    stranger = front("assignees: [ana, bob]")
    assert [(p.line, p.column, p.end, p.level) for p in stranger.problems] == [
        (2, 18, 21, "warning")
    ]
    assert stranger.record is not None
    assert (stranger.record.values, stranger.record.bad) == ({"assignees": ("ana", "bob")}, set())
    both = front("assignees: [bob, ana, zoé]", "strict/Open/x.md")
    assert [(p.column, p.level) for p in both.problems] == [(13, "error"), (23, "error")]
    assert both.record is not None
    assert (both.record.values, both.record.bad) == ({}, {"assignees"})


def test_comma_is_no_list() -> None:
    found = front("tags: a, b")
    assert len(found.problems) == 1
    problem = found.problems[0]
    assert (problem.line, problem.column) == (2, 7)
    assert problem.fix is not None
    assert problem.fix.text == "[a, b]"
    assert found.record is not None
    assert found.record.bad == {"tags"}


SWALLOWED = [
    # line, value taken, text after --fix
    ("color: #ff0000", None, '"#ff0000"'),
    ("color: red #dark", "red", " "),
    ("deal_value: 12000 #net", Decimal(12000), " "),
    ("next_step: call #3", None, '"call #3"'),
    ("tags: [a, b] #both", ("a", "b"), "# "),
    ('next_step: "call" #3', "call", "# "),
    ("next_step: 'call' #3", "call", "# "),
    ('next_step: "call"#3', "call", " # "),
    ("next_step: |  #why\n  call", "call", "# "),
    ("tags:  #mine\n  - a", ("a",), "# "),
    ('tags: ["a",  #first\n  b]', None, "none"),
    ("color: red # dark #brown", "red", None),
    ("next_step: 'a #b' # c", "a #b", None),
    ("blocked_by: m4xq7c2p0d #Buy a Mac", ("m4xq7c2p0d",), " "),
    ("blocked_by: Plan #2", None, '"Plan #2"'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "value", "text"), SWALLOWED)
def test_what_a_comment_swallowed(line: str, value: object, text: str | None) -> None:
    found = front(line)
    key = line.partition(":")[0]
    assert found.record is not None
    assert found.record.values.get(key) == value
    swallowed = [p for p in found.problems if p.code.code == "BF112"]
    if text is None:
        assert swallowed == []
        return
    assert [p.column for p in swallowed] == [line.partition("\n")[0].rindex("#") + 1]
    if text == "none":
        assert swallowed[0].fix is None
        return
    assert swallowed[0].fix is not None
    assert swallowed[0].fix.text == text
    assert (key in found.record.bad) == (value is None)


def test_a_comment_glued_to_an_id() -> None:
    """The id itself is whole: it is not put in quotes together with the comment."""
    found = front("id: k7h3kq0m2x #7")
    assert found.record is not None
    assert (found.record.id, codes(found)) == ("k7h3kq0m2x", [("BF112", 2, 16)])
    fix = found.problems[0].fix
    assert fix is not None
    assert (fix.column, fix.text) == (17, " ")
    assert front("id: k7h3 #7").record is None


def test_faults_of_values_beside_faults_of_yaml() -> None:
    found = front("title: Re: x\nDue: 2026-12-01\ndeal_value: 12,000")
    assert found.record is None
    assert [(line, column) for _, line, column in codes(found)] == [(2, 10), (3, 1), (4, 13)]
    assert codes(found)[:2] == [("BF111", 2, 10), ("BF130", 3, 1)]


def test_locate() -> None:
    data = b"---\ntitle: x\ndue:\ntags: [a]\n---\n"
    node = locate(data)
    assert node is not None
    assert [key.text for key, _ in node.entries] == ["title", "due", "tags"]
    assert where(data, "tags") == (4, 7, 10)
    assert where(data, "due") == (3, 1, 4)
    assert where(data, "start") == (1, 1, 1)
    assert locate(b"no front matter") is None
    assert locate(b"\xff") is None


def test_documents_and_strangers_are_read_too() -> None:
    document = read("# Notes", "sales/Notes.md").record
    assert document is not None
    assert (document.project, document.list, document.title) == ("sales", None, "Notes")
    outside = read("---\ndue: 2026-12-01\n---\n", "elsewhere/x.md").record
    assert outside is not None
    assert (outside.project, outside.values) == ("", {"due": date(2026, 12, 1)})


@pytest.mark.parametrize("digits", [18, 19, 20, 40, 4_300, 4_301, 5_000, 60_000])
@pytest.mark.parametrize("key", ["deal_value", "next_step", "elsewhere"])
def test_a_number_of_any_length_is_its_source_text(key: str, digits: int) -> None:
    """Python refuses to convert integers over 4,300 digits to text (CVE-2020-10735): one such
    line stopped the reading of the whole workspace."""
    text = "9" * digits
    record = front(f"{key}: {text}").record
    assert record is not None
    if key == "next_step":
        assert record.values[key] == text
    elif key == "elsewhere":
        assert record.unknown == {key: text}
    else:
        assert key in record.bad or record.values[key] == Decimal(text)


@pytest.mark.parametrize(("key", "near"), [
    ("dealvalue", "deal_value"), ("deal_valeu", "deal_value"), ("nexstep", "next_step"),
    ("status", None), ("priority", None), ("phase", None),
])  # fmt: skip
def test_only_a_slip_of_the_pen_is_another_key(key: str, near: str | None) -> None:
    """``status`` is not a mistyped ``start``: to say so would send people the wrong way."""
    (problem,) = front(f"{key}: x").problems
    assert problem.code.code == "BF131"
    assert (near or "declare it") in (problem.hint or "")
    assert ("did you mean" in (problem.hint or "")) == (near is not None)
