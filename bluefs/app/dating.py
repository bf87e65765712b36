"""The past of a commit, read from Git: since when each of its records is there.

Owns which commits are walked: those since the commit of which everything is known already, or all
where that one is not on the way (a reset, a rebase, another branch). Refuses to say who is who:
`core.past` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from bluefs.core.past import NOTHING, Past, fold, id_in, may_be_record
from bluefs.core.ports import Git, Step

#: Blobs in memory at once.
_ASKED = 256


def past_of(git: Git, head: str | None, known: Past | None = None) -> Past:
    """Of this commit (None: there is none); ``known`` is what was known of another."""
    if head is None:
        return NOTHING
    if known is not None and known.head == head:
        return known
    since = None if known is None else known.head
    steps = git.first_parent_steps(head, since) if since is not None else None
    if steps is None:
        known, steps = None, git.first_parent_steps(head) or ()
    return fold(known, steps, _ids(git, steps))


def _ids(git: Git, steps: Iterable[Step]) -> dict[str, str | None]:
    """blob -> the id in it, of all that these commits bring."""
    brought = {
        blob: None for step in steps for path, (_, blob) in step.changes.items()
        if blob is not None and may_be_record(path)
    }  # fmt: skip
    found: dict[str, str | None] = {}
    waiting = iter(brought)
    while some := list(islice(waiting, _ASKED)):
        found.update((blob, id_in(data)) for blob, data in git.blobs(some).items())
    return found
