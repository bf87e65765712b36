"""Which built-in key a misspelt one stands for: the nearest of all, if it is near."""

from __future__ import annotations

from difflib import SequenceMatcher

from hypothesis import example, given
from hypothesis import strategies as st

from bluefs.core.codec.spelling import builtin_meant
from bluefs.core.model import BUILTIN_KEYS


@st.composite
def slips(draw: st.DrawFn) -> str:
    """A built-in key with a letter taken out, put in or put elsewhere, once or twice."""
    key = draw(st.sampled_from(BUILTIN_KEYS))
    for _ in range(draw(st.integers(1, 2))):
        at, end = sorted((draw(st.integers(0, len(key))), draw(st.integers(0, len(key)))))
        key = key[:at] + draw(st.sampled_from(["", "s", "e", "o", "x"])) + key[min(end, at + 1) :]
    return key


@given(slips())
@example("assignes")
@example("possition")
@example("position_")
def test_it_is_the_nearest_of_all(slip: str) -> None:
    bare = slip.replace("_", "")
    ratios = {
        key: SequenceMatcher(None, bare, key.replace("_", "")).ratio() for key in BUILTIN_KEYS
    }
    best = max(ratios, key=lambda key: ratios[key])
    found = builtin_meant(slip)
    if len(bare) >= 5 and builtin_meant(slip, near=False) is None:
        assert found == (best if ratios[best] >= 0.88 else None)


def test_far_ones_mean_nothing() -> None:
    assert [builtin_meant(key) for key in ("colour_of_money", "stat", "titlepage")] == [None] * 3
    assert [builtin_meant(key) for key in ("assignes", "possition", "deadline")] == [
        "assignees", "position", "due",
    ]  # fmt: skip
