"""docs/problems.md says what `explain` and the examples say. ``BLUEFS_UPDATE=1`` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from tests.problems_page import render_page

PAGE = Path(__file__).parents[2] / "docs/problems.md"


def test_the_page_is_up_to_date() -> None:
    page = render_page()
    if os.environ.get("BLUEFS_UPDATE") == "1":
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page
