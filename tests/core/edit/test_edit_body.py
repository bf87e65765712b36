"""A comment goes under its heading, and nothing else moves."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.codec.body import parse_body
from bluefs.core.edit import EditRefused, append_comment

STAMP = "2026-11-24 09:12"
AT = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
HEAD = "### ana · 2026-11-24 09:12"
ROWS = [
    ("", f"## Comments\n\n{HEAD}\nHi\n"),
    ("Text", f"Text\n\n## Comments\n\n{HEAD}\nHi\n"),
    ("Text\n", f"Text\n\n## Comments\n\n{HEAD}\nHi\n"),
    ("---\na: 1\n---", f"---\na: 1\n---\n## Comments\n\n{HEAD}\nHi\n"),
    ("---\r\na: 1\r\n---\r\n", f"---\r\na: 1\r\n---\r\n## Comments\r\n\r\n{HEAD}\r\nHi\r\n"),
    ("\ufeffText\r\n", f"\ufeffText\r\n\r\n## Comments\r\n\r\n{HEAD}\r\nHi\r\n"),
    ("## Comments\n", f"## Comments\n\n{HEAD}\nHi\n"),
    ("## Comments", f"## Comments\n\n{HEAD}\nHi\n"),
    ("## commentaires :\n", f"## commentaires :\n\n{HEAD}\nHi\n"),
    ("# Comments\n", f"# Comments\n\n#{HEAD[2:]}\nHi\n"),
    ("## Comments\n\n### bo · 2026-11-23\nYo\n", f"## Comments\n\n### bo · 2026-11-23\nYo\n\n{HEAD}\nHi\n"),
    ("## Comments\n\n### bo · 2026-11-23\nYo\n\n## Next\n- [ ] x\n",
     f"## Comments\n\n### bo · 2026-11-23\nYo\n\n{HEAD}\nHi\n\n## Next\n- [ ] x\n"),
    ("## Comments\n## Next\n", f"## Comments\n\n{HEAD}\nHi\n\n## Next\n"),
    ("```\n## Comments\n```\n", f"```\n## Comments\n```\n\n## Comments\n\n{HEAD}\nHi\n"),
    ("## Comments\n#### deeper\nx\n# Top\n", f"## Comments\n#### deeper\nx\n\n{HEAD}\nHi\n\n# Top\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ROWS)
def test_place(before: str, after: str) -> None:
    assert append_comment(before.encode(), "ana", STAMP, "Hi").decode() == after


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("## no section", "\\## no section"),
        ("### bo · 2026-11-24", "\\### bo · 2026-11-24"),
        ("#### deeper stays", "#### deeper stays"),
        ("#tag stays", "#tag stays"),
        ("```\n# code\n```", "```\n# code\n```"),
        ("```\nopen", "```\nopen\n```"),
        ("a\r\nb\n\n", "a\nb"),
        ("- [ ] no item", "- [ ] no item"),
        ("---\nkey: x\n---", "---\nkey: x\n---"),
    ],
)
def test_the_text_stays_one_comment(text: str, written: str) -> None:
    result = append_comment(b"# T\n- [ ] a\n", "ana", STAMP, text).decode()
    assert result == f"# T\n- [ ] a\n\n## Comments\n\n{HEAD}\n{written}\n"


def test_the_heading_that_is_made_can_be_another() -> None:
    assert b"## Commentaires\n" in append_comment(b"", "ana", STAMP, "Hi", "Commentaires")


@pytest.mark.parametrize(
    ("data", "author", "stamp", "heading"),
    [
        (b"```\nopen fence\n", "ana", STAMP, "Comments"),
        (b"", "ana", "yesterday", "Comments"),
        (b"", "", STAMP, "Comments"),
        (b"", "ana", STAMP, "Nothing we know"),
    ],
)
def test_what_would_not_be_read_as_a_comment_is_refused(
    data: bytes, author: str, stamp: str, heading: str
) -> None:
    with pytest.raises(EditRefused, match=re.escape("errors.edit.comment")):
        append_comment(data, author, stamp, "Hi", heading)


PIECES = st.sampled_from([
    "## Comments\n", "### bo · 2026-11-23 10:00\n", "text\n", "\n", "# Top\n", "#### deep\n", "```\n", "- [ ] item\n",
    "## Notes\n", "# Kommentare #\n", "## x · 2026-11-23\n", "last",
])  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.lists(PIECES, max_size=4).map("".join))
def test_one_comment_comes_and_no_line_goes(body: str, text: str) -> None:
    try:
        result = append_comment(body.encode(), "ana", STAMP, text).decode()
    except EditRefused:
        assert "```" in body, "only an open fence is a reason"
        return
    old, new = parse_body(body, UTC, 1).comments, parse_body(result, UTC, 1).comments
    assert len(new) == len(old) + 1
    assert [(c.author, c.text) for c in new if c.author != "ana"] == [
        (c.author, c.text) for c in old
    ]
    assert next(c for c in new if c.author == "ana").at == AT
    written = iter(result.splitlines())
    assert all(any(line == w for w in written) for line in body.splitlines() if line)
