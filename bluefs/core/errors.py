"""What can go wrong that is not user data. Fields here, words at the edges."""

from __future__ import annotations


class BluefsError(Exception):
    """Base of every error bluefs raises on purpose.

    ``key`` names a message of the catalogue (``bluefs.core.words``), ``fields`` fill it;
    only the edges (cli, the engine's loop) turn them into words. A key ``x.y`` may have
    a companion ``x.y.remedy`` in the catalogue: what the person can do about it.
    """

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key, fields)
        self.key = key
        self.fields = fields


class Changed(BluefsError):
    """A guarded save found other bytes on disk than those that were read."""


class Unwritable(BluefsError):
    """The disk refused: read-only, locked, full, or a name it cannot hold."""


class Unreadable(BluefsError):
    """A file exists but could not be read (permissions, I/O error)."""


class Blocked(BluefsError):
    """Git may not be acted on now: a merge is under way, a hook said no, HEAD is detached."""


class Refused(BluefsError):
    """A command declines, with nothing changed: exit code 2."""


class MailRefused(BluefsError):
    """The letter will never be taken as it is: an invalid recipient, a permanent (5xx) answer."""


class MailDelayed(BluefsError):
    """Nothing was handed over (no connection, a 4xx answer): it may be tried again."""


class MailUnknown(BluefsError):
    """It broke off after the text was sent and before the answer: nobody knows."""


class StateLost(BluefsError):
    """The state store was damaged while in use; it is empty now and can be rebuilt."""


class IndexLost(BluefsError):
    """What was remembered of the files cannot be read; the files say it all."""


class OutboxDamaged(BluefsError):
    """The outbox file cannot be read, and is left as it is: making it anew could lose mail
    or send it twice."""


class IllegalTransition(BluefsError):
    """A letter was asked to enter a state that cannot follow the one it is in (a bug)."""
