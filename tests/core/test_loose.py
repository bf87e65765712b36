"""Names of ASCII alone take a shorter way to their loose form, which leads to the same."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bluefs.core.matching import loose


@given(st.text(st.characters(max_codepoint=127)))
@example("Key_account - \x1fA\tb")
def test_the_shorter_way_leads_to_the_same(text: str) -> None:
    assert loose(f"{text} É") == f"{loose(text)} e".strip()
