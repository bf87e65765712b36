"""The last room: letters that may go leave the outbox, once.

pending → sending is durable before a byte leaves the machine, so a crash in mid-send leaves
``sending``, which the next engine calls ``unknown`` and never sends by itself: a mail goes at
most once. A delay (nothing was handed over) is tried again later; at most ``per_hour`` leave
in an hour.
"""

from __future__ import annotations

from bluefs.app.reports import Mailed, Report
from bluefs.app.world import World
from bluefs.core.errors import BluefsError, MailDelayed, MailRefused, MailUnknown
from bluefs.core.model import Config
from bluefs.core.ports import Letter
from bluefs.core.words import fill

HOUR = 3600.0
#: Seconds before a delayed letter is tried again: doubled with each try up to an hour.
FIRST_DELAY = 30.0
TRIES = 8


def post(world: World, config: Config) -> list[Report]:
    """Send what is pending and due. Returns what became of each."""
    now = world.clock.now()
    budget = config.workspace.mail_per_hour - world.outbox.sent_since(now - HOUR)
    reports: list[Report] = []
    for letter in world.outbox.letters("pending"):
        if budget <= 0:
            break
        if now >= _next_try(letter) and world.outbox.claim(letter.key):
            reports.append(_send(world, config, letter))
            budget -= 1
    return reports


def next_post(world: World) -> float | None:
    """When a delayed letter is due, in seconds."""
    times = [_next_try(letter) for letter in world.outbox.letters("pending")]
    return min(times) if times else None


def _next_try(letter: Letter) -> float:
    if not letter.tries:
        return letter.at
    return letter.at + min(HOUR, FIRST_DELAY * 2.0 ** (letter.tries - 1))


def _send(world: World, config: Config, letter: Letter) -> Report:
    outbox, key = world.outbox, letter.key
    now = world.clock.now()
    try:
        place = world.mailer.send(letter, config.workspace.mail_from, world.clock.moment())
        outbox.set(key, "sent", place=place, at=now)
    except MailDelayed as delay:
        if letter.tries + 1 >= TRIES:
            outbox.set(key, "dead", error=_reason(delay), at=now)
        else:
            outbox.set(
                key,
                "pending",
                error=_reason(delay),
                at=now,
            )
    except MailRefused as refusal:
        outbox.set(key, "dead", error=_reason(refusal), at=now)
    except MailUnknown as doubt:
        outbox.set(key, "unknown", error=_reason(doubt), at=now)
    return Mailed(outbox.get(key) or letter)


def _reason(error: BluefsError) -> str:
    """Why, in words: the message of the catalogue."""
    return fill(error.key, error.fields)
