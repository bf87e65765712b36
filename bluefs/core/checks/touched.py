"""Which parts of a record differ between two of its states, by the names that roles know.

Owns that vocabulary: keys of the front matter, ``title``, ``list`` (the place, with ``position``),
``description``, ``checklist``, ``comments`` (new ones, by whoever signs them), ``said`` (comments
that were changed or taken away), ``layout`` (the file, not what it says), ``created`` and
``deleted``. Values are compared, as everywhere; ``id`` is nobody's to change and told apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bluefs.core.codec.body import description
from bluefs.core.fields.tags import fold_tag
from bluefs.core.model import SET_KEYS, Comment, Record, Value

CREATED, DELETED, LAYOUT, SAID = "created", "deleted", "layout", "said"


def touched(before: Record | None, after: Record | None) -> frozenset[str]:
    """Empty for two states that mean the same (``layout`` is the caller's to tell: only bytes
    know). A new record touches every key it is born with."""
    if before is None and after is None:
        return frozenset()
    if after is None:
        return frozenset([DELETED])
    if before is None:
        born = {CREATED, "title", *after.values, *after.unknown} - {"position"}
        return frozenset(born | set(_body(Record("", "", None, None, ""), after)))
    return frozenset(_parts(before, after))


def new_comments(before: Record | None, after: Record | None) -> tuple[Comment, ...]:
    """Those of ``after`` that ``before`` has not, word for word."""
    known = {_said(c) for c in before.comments} if before is not None else set()
    found = after.comments if after is not None else ()
    return tuple(c for c in found if _said(c) not in known)


def _parts(before: Record, after: Record) -> Iterator[str]:
    if (before.project, before.list) != (after.project, after.list):
        yield "list"
    if before.title != after.title:
        yield "title"
    unread = before.bad | after.bad
    for key in {**before.values, **after.values}:
        if key not in unread and not _same(key, before.values.get(key), after.values.get(key)):
            yield "list" if key == "position" else key
    yield from _differing(before.unknown, after.unknown)
    yield from ("list" if key == "position" else key for key in before.bad ^ after.bad)
    yield from _body(before, after)


def _same(key: str, old: Value, new: Value) -> bool:
    if key in SET_KEYS and isinstance(old, tuple | None) and isinstance(new, tuple | None):
        return {fold_tag(m) for m in old or ()} == {fold_tag(m) for m in new or ()}
    return old == new


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    return (key for key in {**old, **new} if old.get(key) != new.get(key))


def _body(before: Record, after: Record) -> Iterator[str]:
    if before.body == after.body:
        return
    if _prose(before.body) != _prose(after.body):
        yield "description"
    if _items(before) != _items(after):
        yield "checklist"
    if new_comments(before, after):
        yield "comments"
    if new_comments(after, before):
        yield SAID


def _prose(body: str) -> list[str]:
    """Blank lines and the heading of comments come and go with the first comment."""
    return [line for line in description(body).split("\n") if line.strip()]


def _items(record: Record) -> list[tuple[object, ...]]:
    return [(i.list, i.text, i.done, i.assignees, i.due) for i in record.items]


def _said(comment: Comment) -> tuple[object, ...]:
    return comment.author, comment.at, comment.text, comment.ordinal
