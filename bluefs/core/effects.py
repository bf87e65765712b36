"""What becomes of an outward effect: its text in the outbox, and the states of its letter.

Owns the JSON form of an ``Outward`` and the table of legal transitions. Refuses to store or
send anything: that is the outbox's and the mailer's work.

    planned ──> pending | held | dropped      (released with the mark, or put before a person)
    held    ──> pending | dropped
    pending ──> sending | dropped             (``sending`` is taken by one process only)
    sending ──> sent | unknown | pending | dead
    unknown ──> pending | dropped             (a person decides: it may have arrived)
    dead    ──> pending | dropped
    sent, dropped: final

The law: no letter leaves ``sending`` for ``pending`` unless the mailer has said that nothing
was handed over, so no mail goes out twice without a person having asked for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from bluefs.core.errors import BluefsError, IllegalTransition
from bluefs.core.model import Outward
from bluefs.core.ports import OutboxState

TRANSITIONS: Mapping[OutboxState, frozenset[OutboxState]] = MappingProxyType(
    {
        "planned": frozenset({"pending", "held", "dropped"}),
        "held": frozenset({"pending", "dropped"}),
        "pending": frozenset({"sending", "dropped"}),
        "sending": frozenset({"sent", "unknown", "pending", "dead"}),
        "unknown": frozenset({"pending", "dropped"}),
        "dead": frozenset({"pending", "dropped"}),
        "sent": frozenset(),
        "dropped": frozenset(),
    }
)
#: States in which the letter has left, may have left or is leaving: what a cap must count.
MAY_HAVE_LEFT: tuple[OutboxState, ...] = ("sending", "sent", "unknown")


def check_transition(key: str, old: OutboxState, new: OutboxState) -> None:
    """Raises IllegalTransition unless a letter in ``old`` may enter ``new``."""
    if new not in TRANSITIONS[old]:
        raise IllegalTransition("errors.outbox.transition", letter=key, old=old, new=new)


def tries_after(tries: int, old: OutboxState, new: OutboxState) -> int:
    """How often sending has failed so far, once the letter goes from ``old`` to ``new``: one
    more after a delay, none again when a person takes it up by hand."""
    if new == "pending":
        return tries + 1 if old == "sending" else 0
    return tries


def encode_effect(outward: Outward) -> str:
    """One line of JSON in ASCII with sorted keys: equal effects have equal text, and half a
    surrogate pair (YAML's ``"\\ud800"``) cannot keep it from being stored."""
    known = {f.name: getattr(outward, f.name) for f in fields(outward)}
    said = {name: value for name, value in known.items() if value not in (None, ())}
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def decode_effect(text: str) -> Outward:
    """The effect that ``encode_effect`` wrote. Raises BluefsError for anything else."""
    try:
        said = json.loads(text)
        if said["kind"] != "email":
            raise ValueError(said["kind"])
        return Outward(
            kind="email",
            rule=str(said["rule"]),
            to=_texts(said.get("to", [])),
            subject=str(said["subject"]),
            body=str(said["body"]),
            cc=_texts(said.get("cc", [])),
            bcc=_texts(said.get("bcc", [])),
            from_name=_text(said.get("from_name")),
            reply_to=_text(said.get("reply_to")),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BluefsError("errors.outbox.effect", detail=repr(error)) from error


def _texts(entries: list[object]) -> tuple[str, ...]:
    return tuple(str(entry) for entry in entries)


def _text(entry: object) -> str | None:
    return None if entry is None else str(entry)


def message_id(key: str, sender: str | None = None) -> str:
    """The Message-ID (RFC 5322, 3.6.4) that a letter of this key has for ever, in the domain
    of the sender's address: every attempt bears the same one, so a mail system that has seen
    it can drop the second."""
    domain = (sender or "").rstrip("> ").rpartition("@")[2] or "bluefs.invalid"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
