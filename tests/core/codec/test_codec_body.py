"""Comments and task items of a body."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.codec.body import description, may_tell, parse_body, uncommented
from bluefs.core.codec.unmarked import values_line
from bluefs.core.model import BUILTIN_KEYS

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 24, 9, 12, tzinfo=PARIS)

STAMPS = [
    ("### ana · 2026-11-24 09:12", "ana", AT),
    ("### ana - 2026-11-24 09:12", "ana", AT),
    ("### ana – 2026-11-24 09:12", "ana", AT),
    ("### ana, 2026-11-24 09:12", "ana", AT),
    ("### ana 2026-11-24 09:12", "ana", AT),
    ("### ana · 2026-11-24T09:12", "ana", AT),
    ("### ana · 2026-11-24, 9:12", "ana", AT),
    ("### @ana · 2026-11-24 09:12:00", "ana", AT),
    ("### ana · 2026-11-24 08:12Z", "ana", AT),
    ("### ana · 2026-11-24 09:12 +01:00", "ana", AT),
    ("### ana · 2026-11-24 09:12 ###", "ana", AT),
    ("### ana · 2026-11-24 09:12 · edited", "ana", AT),
    ("### Ana Ruiz · 2026-11-24 09:12", "Ana Ruiz", AT),
    ("### zoé · 2026-11-24 09:12", "zoé", AT),
    ("### a-b_c · 2026-11-24 09:12", "a-b_c", AT),
    ("### ana@acme.example · 2026-11-24 09:12", "ana@acme.example", AT),
    ("### ana · 2026-11-24", "ana", date(2026, 11, 24)),
]


@pytest.mark.parametrize(("heading", "author", "at"), STAMPS)
def test_comment_headings(heading: str, author: str, at: date) -> None:
    body = parse_body(f"Text\n\n## Comments\n\n{heading}\nHello\n\n", PARIS, 5)
    (comment,) = body.comments
    assert (comment.author, comment.text, comment.line) == (author, "Hello", 9)
    if isinstance(at, datetime):
        assert isinstance(comment.at, datetime)
        assert comment.at.astimezone(UTC) == at.astimezone(UTC)
    else:
        assert comment.at == at


@pytest.mark.parametrize(
    "word", ["Comments", "Commentaires", "Kommentare", "Comentarios", "COMMENTI", "Opmerkingen:"]
)
@pytest.mark.parametrize("level", [1, 2, 3, 5])
def test_heading_words_and_levels(word: str, level: int) -> None:
    marks = "#" * level
    text = f"{marks} {word}\n\n{marks}# ana · 2026-11-24 09:12\nx\n\n{marks} Other\n- [ ] y\n"
    body = parse_body(text, PARIS, 1)
    assert [c.text for c in body.comments] == ["x"]
    assert [(i.list, i.text) for i in body.items] == [("Other", "y")]


def test_what_is_no_comment() -> None:
    for text in (
        "### ana · 2026-11-24 09:12\nx",
        "## Notes\n### ana · 2026-11-24 09:12\nx",
        "## Comments\n### ana\nx",
        "## Comments\n### ana · 2026-13-45 09:12\nx",
        "## Comments\n#### ana · 2026-11-24 09:12\nx",
        "```\n## Comments\n### ana · 2026-11-24 09:12\nx\n```",
    ):
        assert parse_body(text, PARIS, 1).comments == ()


def test_comment_text_and_ordinals() -> None:
    head = "### ana · 2026-11-24 09:12"
    text = (
        f"## Comments\n{head}\nOne\n\n#### Part\n- [ ] not an item\n\n"
        f"```\n## Fenced\n{head}\n```\n{head}\nTwo\n### li · 2026-11-24 09:12\nThree\n"
    )
    body = parse_body(text, PARIS, 1)
    assert [(c.author, c.ordinal) for c in body.comments] == [("ana", 0), ("ana", 1), ("li", 0)]
    assert body.comments[0].text == (
        f"One\n\n#### Part\n- [ ] not an item\n\n```\n## Fenced\n{head}\n```"
    )
    assert [c.text for c in body.comments[1:]] == ["Two", "Three"]
    assert body.items == ()


D28 = date(2026, 11, 28)
ITEMS = [
    ("- [ ] Send", "Send", False, (), None),
    ("- [x] Send", "Send", True, (), None),
    ("* [X] Send", "Send", True, (), None),
    ("+ [ ] Send", "Send", False, (), None),
    ("1. [ ] Send", "Send", False, (), None),
    ("  2) [x] Send", "Send", True, (), None),
    ("- [ ]", "", False, (), None),
    ("- [ ] Send the offer @li due:2026-11-28", "Send the offer", False, ("li",), D28),
    ("- [ ] Send 📅 2026-11-28 now", "Send now", False, (), D28),
    ("- [ ] Send [due:: 2026-11-28]", "Send", False, (), D28),
    ("- [ ] @li @ana: Send", "Send", False, ("li", "ana"), None),
    ("- [ ] mail a@b.example", "mail a@b.example", False, (), None),
    ("- [ ] mail @b.example", "mail @b.example", False, (), None),
    ("- [ ] overdue:2026-11-28", "overdue:2026-11-28", False, (), None),
    ("- [ ] x due:2026-02-30", "x due:2026-02-30", False, (), None),
    (
        "- [ ] x due:2026-11-28T15:00", "x", False, (),
        datetime(2026, 11, 28, 15, 0, tzinfo=PARIS),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "text", "done", "people", "due"), ITEMS)
def test_items(line: str, text: str, done: bool, people: tuple[str, ...], due: date) -> None:
    (item,) = parse_body(f"## List\n{line}\n", PARIS, 3).items
    assert item.text.lstrip(": ") == text
    assert (item.list, item.done, item.assignees, item.due) == ("List", done, people, due)
    assert item.line == 4


def test_no_items_in_code() -> None:
    text = "~~~md\n- [ ] a\n~~~\n```\n~~~\n- [ ] b\n```\n- [ ] c\n- [y] d\n- [ ]e\n-[ ] f\n"
    assert [(i.list, i.text) for i in parse_body(text, PARIS, 1).items] == [("", "c")]


@given(st.text("#-* [x]`~\n@·:2026-1due📅\r\t", max_size=80))
def test_any_body(text: str) -> None:
    body = parse_body(text, PARIS, 1)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in (*body.comments, *body.items):
        assert 1 <= one.line <= len(lines)
    for item in body.items:
        assert "[" in lines[item.line - 1]


LINES = st.sampled_from([
    "Text", "", "  ", "- [ ] one @ana", "  - [x] two", "1. [ ] three", "- [y] none", "## Comments",
    "# Comments", "### ana · 2026-11-24 09:12", "#### deeper", "## Other", "```", "```py", "~~~",
    "    ```", "~~~~", "#no", "\t- [ ] four", "### Comments ##",
])  # fmt: skip


class _Slowly:
    """A body read line by line: what each line is."""

    def __init__(self) -> None:
        self.level = 0  # of the heading "Comments" it is below
        self.fence = ""

    def kind(self, line: str) -> str:
        fence = re.match(r" {0,3}(`{3,}|~{3,})(.*)", line)
        if self.fence:
            if fence and fence[1].startswith(self.fence) and not fence[2].strip():
                self.fence = ""
            return "comments" if self.level else "text"
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            self.fence = fence[1]
        heading = re.match(r" {0,3}(#{1,6})[ \t]+(.*)", line)
        if heading and (not self.level or len(heading[1]) <= self.level):
            about = heading[2].strip(" #") == "Comments"
            self.level = len(heading[1]) if about else 0
        if self.level:
            return "comments"
        return (
            "item" if re.match(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[[ xX]\]([ \t]|$)", line) else "text"
        )


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_body_is_cut_as_line_by_line(lines: list[str], newline: str) -> None:
    whole, reader = newline.join(lines), _Slowly()
    kinds = [(reader.kind(line), line) for line in lines]
    if not may_tell(whole):
        assert description(whole) == uncommented(whole) == whole
        return
    assert description(whole) == "\n".join(line for kind, line in kinds if kind == "text")
    assert uncommented(whole) == "\n".join(line for kind, line in kinds if kind != "comments")
    found = parse_body(whole, PARIS, 1)
    items = [n for n, (kind, _) in enumerate(kinds, 1) if kind == "item"]
    assert [item.line for item in found.items] == items


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("--\nid: r3n3w0c4tz\ndue: today\n--\n", True),
        ("id: r3n3w0c4tz\n\nText", True),
        ("—\ntags: [a]\ndue: 2026-12-01\n—\nText", True),
        ("\n\n{id: r3n3w0c4tz, tags: [a]}\n\nText", True),
        ("***\ndue: x\nassignees: ana\n***", True),
        ("due: Friday\n\nWe meet.", False),
        ("id: yes\nor no: it depends", False),
        ("Text\nid: r3n3w0c4tz\n", False),
        ("note: a\nother: b\n", False),
        ("# due: x\n## tags: y\n", False),
        ("", False),
        ("--\n--\n", False),
    ],
)
def test_values_that_lost_their_marks(text: str, found: bool) -> None:
    assert (values_line(text, {"id", *BUILTIN_KEYS}) is not None) is found


@given(st.text(max_size=60))
def test_any_text_may_be_looked_at(text: str) -> None:
    values_line(text, BUILTIN_KEYS)
    assert values_line(f"A note\n{text}", BUILTIN_KEYS) is None
