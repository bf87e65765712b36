"""Lane two's arithmetic: what a step of the shared history means, given the settled tree.

    base     the record in the previous commit
    settled  the record as it would be had every rule been carried out
    theirs   the record in this commit

``next = three-way(base, settled, theirs; where both changed, theirs)`` and then
``settle(settled, next)``: so what a rule foresaw and a commit then does is no event.

Where the line was rewritten (amend, reset, force-push) the step is common ancestor -> tip,
less what the old line had shown: a value that the ancestor, the old line or the settled tree
already had is no news. Pure; every function takes and returns records.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.diff import with_good
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import replace
from bluefs.core.merge import merge_record
from bluefs.core.model import SET_KEYS, Record, Value


def next_state(base: Record | None, settled: Record | None, theirs: Record | None) -> Record | None:
    """The state this commit leads to. A deletion stands; a new record is what it is."""
    if theirs is None or settled is None:
        return theirs
    if base is None:
        return with_good(settled, theirs)
    merged = merge_record(
        with_good(settled, base), settled, with_good(settled, theirs), "theirs"
    ).record
    return None if merged is None else replace(merged, bad=theirs.bad)


def less_shown(
    ancestor: Record | None, old: Record | None, settled: Record | None, tip: Record | None
) -> tuple[Record | None, Record | None]:
    """(before, after) to settle for one record of a rewritten line; equal where there is no
    news. ``old`` is the record where the mark stands, ``settled`` the settled tree there."""
    if tip is None:
        gone = ancestor is not None and old is not None
        return (settled or old, None) if gone else (None, None)
    if old is None:
        return (None, tip) if ancestor is None else (tip, tip)
    settled = settled or old
    after = _with_foreseen(old, settled, with_good(settled, tip))
    return _known_part((ancestor, old, settled), old, after), after


def _with_foreseen(old: Record, settled: Record, tip: Record) -> Record:
    """The tip, with what rules had foreseen beyond the old line where the tip is as the old
    line was."""
    changes: dict[str, Value] = {}
    for key in {**old.values, **settled.values}:
        was, meant = old.values.get(key), settled.values.get(key)
        if was != meant and tip.values.get(key) == was:
            changes[key] = meant
    after = tip.with_values(changes) if changes else tip
    if settled.list != old.list and tip.list == old.list:
        after = replace(after, list=settled.list, list_done=settled.list_done)
    return after


def _known_part(shown: Iterable[Record | None], old: Record, after: Record) -> Record:
    """``after`` where one of ``shown`` had the same, ``old`` elsewhere: the difference to
    ``after`` is the news."""
    states = [s for s in shown if s is not None]
    before: dict[str, Value] = {}
    for key in {**old.values, **after.values}:
        if key in SET_KEYS:
            before[key] = _known_members(key, states, after)
        elif any(s.values.get(key) == after.values.get(key) for s in states):
            before[key] = after.values.get(key)
        else:
            before[key] = old.values.get(key)
    record = replace(after, values={k: v for k, v in before.items() if v not in (None, ())})
    if not any(s.list == after.list and s.project == after.project for s in states):
        record = replace(record, project=old.project, list=old.list, list_done=old.list_done)
    if not any(s.title == after.title for s in states):
        record = replace(record, title=old.title)
    if not any(s.body == after.body for s in states):
        record = replace(record, body=old.body, comments=old.comments, items=old.items)
    return record


def _known_members(key: str, states: list[Record], after: Record) -> tuple[str, ...]:
    """Members the tip has that somebody had shown, and members it lacks that every earlier
    state had (only those went away on the new line itself)."""
    had = [{fold_tag(m) for m in s.tuple_of(key)} for s in states]
    now = {fold_tag(m) for m in after.tuple_of(key)}
    kept = [m for m in after.tuple_of(key) if any(fold_tag(m) in h for h in had)]
    lost: dict[str, str] = {}
    for state in states:
        for member in state.tuple_of(key):
            folded = fold_tag(member)
            if folded not in now and all(folded in h for h in had):
                lost[folded] = member
    return (*kept, *lost.values())
