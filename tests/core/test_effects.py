"""Outward effects as text, and the states of a letter."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.effects import (
    MAY_HAVE_LEFT,
    TRANSITIONS,
    check_transition,
    decode_effect,
    encode_effect,
    tries_after,
)
from bluefs.core.errors import BluefsError, IllegalTransition
from bluefs.core.model import Outward
from bluefs.core.ports import OutboxState

STATES: tuple[OutboxState, ...] = get_args(OutboxState)
TEXT = st.text(max_size=12)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
OUTWARDS = st.builds(
    Outward,
    kind=st.just("email"),
    rule=TEXT,
    to=TEXTS,
    subject=TEXT,
    body=TEXT,
    cc=TEXTS,
    bcc=TEXTS,
    from_name=st.none() | TEXT,
    reply_to=st.none() | TEXT,
)


@given(OUTWARDS)
def test_decode_is_the_inverse_of_encode(outward: Outward) -> None:
    text = encode_effect(outward)
    assert decode_effect(text) == outward
    assert "\n" not in text


@given(OUTWARDS, OUTWARDS)
def test_equal_effects_and_only_they_have_equal_text(a: Outward, b: Outward) -> None:
    assert (encode_effect(a) == encode_effect(b)) == (a == b)


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "3", "{}", '{"kind": "email"}',
     json.dumps({"kind": "fax", "rule": "r", "to": [], "subject": "", "body": ""}),
     json.dumps({"kind": "email", "rule": "r", "to": 3, "subject": "", "body": ""})],
)  # fmt: skip
def test_what_is_no_effect_is_refused(text: str) -> None:
    with pytest.raises(BluefsError):
        decode_effect(text)


def test_every_state_has_its_row_and_leads_to_states() -> None:
    assert set(TRANSITIONS) == set(STATES)
    assert all(row <= set(STATES) for row in TRANSITIONS.values())


def test_every_state_can_be_reached_from_planned() -> None:
    reached: set[OutboxState] = {"planned"}
    for _ in STATES:
        reached |= {new for old in reached for new in TRANSITIONS[old]}
    assert reached == set(STATES)


def test_only_sending_leads_to_what_may_have_left() -> None:
    """So that nothing counts as gone that no mailer was asked to send."""
    for old, row in TRANSITIONS.items():
        assert not row & {"sent", "unknown", "dead"} or old == "sending"
    assert {old for old, row in TRANSITIONS.items() if "sending" in row} == {"pending"}
    assert set(MAY_HAVE_LEFT) == {"sending", "sent", "unknown"}


@pytest.mark.parametrize("old", STATES)
@pytest.mark.parametrize("new", STATES)
def test_check_transition_says_no_to_the_rest(old: OutboxState, new: OutboxState) -> None:
    if new in TRANSITIONS[old]:
        check_transition("k", old, new)
        return
    with pytest.raises(IllegalTransition) as caught:
        check_transition("k", old, new)
    assert caught.value.fields == {"letter": "k", "old": old, "new": new}


@pytest.mark.parametrize(
    ("old", "new", "tries"),
    [("sending", "pending", 3), ("dead", "pending", 0), ("unknown", "pending", 0),
     ("pending", "sending", 2), ("sending", "dead", 2), ("sending", "sent", 2)],
)  # fmt: skip
def test_tries(old: OutboxState, new: OutboxState, tries: int) -> None:
    assert tries_after(2, old, new) == tries
