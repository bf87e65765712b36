"""What a title may be that is typed to a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.titles import MOST, title_fault

EMOJI = "🎉🚀👩‍👩‍👧👍🏽❤️☕🏴󠁧󠁢󠁳󠁣󠁴󠁿🇫🇷✅"


def key(title: str) -> str | None:
    fault = title_fault(title)
    return fault.key.removeprefix("cli.title.") if fault is not None else None


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("", "empty"), (" \t ", "empty"), ("two\nlines", "line"), ("a\u2028b", "line"),
        ("x" * MOST, None), ("é" * MOST, None), (" " + "x" * MOST + " ", None),
        ("x" * (MOST + 1), "long"), ("x" * 300, "long"), ("🎉" * 300, "long"),
        ("🎉", "emoji"), ("🎉 🚀", "emoji"), (EMOJI, "emoji"), ("★★★", "emoji"),
        ("🎉 Party", None), ("5️⃣", None), ("Version 5 is here 🚀", None), ("€", None), ("?", None),
        ("→", None), ("木", None), ("C++", None), ("...", None),
    ],
)  # fmt: skip
def test_titles(title: str, fault: str | None) -> None:
    assert key(title) == fault


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20), st.data())
def test_one_letter_digit_or_mark_is_enough(word: str, data: st.DataObject) -> None:
    emoji = data.draw(st.text(EMOJI, max_size=20))
    at = data.draw(st.integers(0, len(emoji)))
    assert key(emoji[:at] + word + emoji[at:]) is None
