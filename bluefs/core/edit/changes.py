"""Edits of front matter: what is asked becomes a plan, the plan a text, the text is proved.

Law: changing one key changes only that key's lines. Comments, quotes, order, spacing, line
endings, the byte order mark, unknown keys and the body stay as they are, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bluefs.core.edit.check import Members, Wanted, check_edit
from bluefs.core.edit.entries import Plan, plan_clear, plan_insert, plan_noted, plan_put
from bluefs.core.edit.render import Member, render_comment, render_scalar, text_of
from bluefs.core.edit.sets import Held, members_of, plan_members, plan_new
from bluefs.core.edit.source import Parts, Source, open_parts
from bluefs.core.edit.splice import apply_splices
from bluefs.core.frozen import replace
from bluefs.core.matching import nfc
from bluefs.core.nodes import Writable

#: An edit of one key: from the source to its splices and to what the key is to read as.
Step = Callable[[Source], tuple[Plan, Wanted]]


def apply_changes(data: bytes, changes: Mapping[str, Writable | None]) -> bytes:
    """The file with keys set (a Plain as it stands, a str quoted where needed, a tuple as a
    set in the layout the key has) or cleared (None, or an empty tuple).

    A value that reads the same already changes no byte, so neither does clearing a key that
    is not set. Members of a set keep their order and come last where they are new. A key
    that is absent becomes the last line of the front matter, which is made where there is
    none. Raises EditRefused where that cannot be done safely.
    """
    return _edit(data, {key: _step(key, value) for key, value in changes.items()})


def put_noted(data: bytes, key: str, value: str, comment: str, old: str | None = None) -> bytes:
    """The file with the key set to one value, and the comment behind it: where there is none,
    or it is ``old``. In a front matter on one line there is no room for it. Raises
    EditRefused."""

    def step(source: Source) -> tuple[Plan, Wanted]:
        flow = source.tree is not None and source.tree.flow
        note = "" if flow else render_comment(comment)
        entry = source.get(key)
        if entry is not None:
            return plan_noted(source, entry, value, note, render_comment(old)), value
        written = render_scalar(value, flow=flow)
        return plan_insert(source, key, f"{written}  {note}" if note else written), value

    return _edit(data, {key: step})


def add_items(
    data: bytes, key: str, items: Sequence[Member], comments: Mapping[str, str] | None = None
) -> bytes:
    """The file with these members in the set ``key``; those it holds already stay as they
    are. ``comments`` (member's text to comment) are written behind members that have a line
    to themselves; in a list on one line there is no room for them. Raises EditRefused."""
    notes = comments or {}

    def step(source: Source) -> tuple[Plan, Wanted]:
        held = _held(source, key)
        return _change_set(source, key, held, _missing(items, held), (), notes)

    return _edit(data, {key: step})


def remove_items(data: bytes, key: str, items: Sequence[Member]) -> bytes:
    """The file with these members out of the set ``key``; with the last one goes the key.
    Raises EditRefused."""
    texts = {text_of(item) for item in items}

    def step(source: Source) -> tuple[Plan, Wanted]:
        held = _held(source, key)
        return _change_set(source, key, held, (), [h for h in held if h.text in texts], {})

    return _edit(data, {key: step})


def _step(key: str, value: Writable | None) -> Step:
    if value is None:
        return lambda source: _clear(source, key)
    if isinstance(value, tuple):
        members = value
        return lambda source: _put_set(source, key, members)
    scalar = value
    return lambda source: _put(source, key, scalar)


def _clear(source: Source, key: str) -> tuple[Plan, Wanted]:
    entry = source.get(key)
    if entry is None or not members_of(source, entry.value):
        return (), None
    return plan_clear(source, entry), None


def _put(source: Source, key: str, value: Member) -> tuple[Plan, Wanted]:
    entry = source.get(key)
    if entry is not None:
        return plan_put(source, entry, value), value
    flow = source.tree is not None and source.tree.flow
    return plan_insert(source, key, render_scalar(value, flow=flow)), value


def _put_set(source: Source, key: str, members: Sequence[Member]) -> tuple[Plan, Wanted]:
    held = _held(source, key)
    texts = {text_of(m) for m in members}
    drop = [h for h in held if h.text not in texts]
    return _change_set(source, key, held, _missing(members, held), drop, {})


def _change_set(
    source: Source,
    key: str,
    held: Sequence[Held],
    add: Sequence[Member],
    drop: Sequence[Held],
    comments: Mapping[str, str],
) -> tuple[Plan, Wanted]:
    entry = source.get(key)
    gone = {h.index for h in drop}
    kept = [h for h in held if h.index not in gone]
    texts = {h.text for h in kept if h.text is not None} | {text_of(m) for m in add}
    foreign = sum(h.text is None for h in kept)
    wanted = Members(frozenset(texts), foreign) if texts or foreign else None
    if not add and not drop:
        return (), wanted
    if entry is None:
        return plan_new(source, key, add, comments), wanted
    return plan_members(source, entry, add, drop, comments), wanted


def _held(source: Source, key: str) -> tuple[Held, ...]:
    entry = source.get(key)
    return members_of(source, entry.value) if entry is not None else ()


def _missing(items: Sequence[Member], held: Sequence[Held]) -> list[Member]:
    """Those not yet held, without repeats."""
    there = {h.text for h in held}
    new = {text_of(item): item for item in items}
    return [item for text, item in new.items() if text not in there]


def _edit(data: bytes, steps: Mapping[str, Step]) -> bytes:
    parts = open_parts(data)
    source = Source(parts.yaml, parts.newline)
    if len(steps) > 1 and source.tree is not None and source.tree.flow:
        for key, step in steps.items():
            data = _edit(data, {key: step})
        return data
    plans = {nfc(key): step(source) for key, step in steps.items()}
    # New keys go last: a list that ends the front matter grows at the very same place.
    order = sorted(plans, key=lambda key: source.get(key) is None)
    splices = [splice for key in order for splice in plans[key][0]]
    if not splices:
        return data
    new = _assemble(parts, apply_splices(source.text, splices))
    check_edit(source, parts, new, {key: wanted for key, (plan, wanted) in plans.items() if plan})
    return new.encode()


def _assemble(parts: Parts, yaml: str) -> Parts:
    if parts.fenced:
        return replace(parts, yaml=yaml)
    fence = f"---{parts.newline}"
    return replace(parts, head=fence, yaml=yaml, tail=fence + parts.tail, fenced=True)
