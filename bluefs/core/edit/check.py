"""The proof behind every edit: the result is parsed again and compared with what was.

All other keys have equal nodes in the same order, the body is the same to the byte, the
changed keys read as asked. Anything else is refused, so a wrong splice can lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codec.compose import check_front_limit
from bluefs.core.codec.text import split
from bluefs.core.edit.entries import reads_as
from bluefs.core.edit.refused import EditRefused
from bluefs.core.edit.render import Member
from bluefs.core.edit.sets import members_of
from bluefs.core.edit.source import Parts, Source
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Map, Node, Scalar, Seq


@dataclass(frozen=True, slots=True)
class Members:
    """A set as asked for: its texts, and how many foreign members stay."""

    texts: frozenset[str]
    foreign: int = 0


#: What a key is to read as afterwards; None for a key that is to be gone.
Wanted = Member | Members | None


def same(a: Node, b: Node) -> bool:
    """Whether two nodes say the same, wherever they stand."""
    if isinstance(a, Scalar):
        return isinstance(b, Scalar) and a.text == b.text and a.is_null == b.is_null
    if isinstance(a, Seq):
        return (
            isinstance(b, Seq)
            and len(a.items) == len(b.items)
            and all(same(x, y) for x, y in zip(a.items, b.items))
        )
    return (
        isinstance(b, Map)
        and len(a.entries) == len(b.entries)
        and all(k.text == m.text and same(v, w) for (k, v), (m, w) in zip(a.entries, b.entries))
    )


def check_edit(old: Source, parts: Parts, new: Parts, wanted: Mapping[str, Wanted]) -> None:
    """Raises EditRefused unless ``new`` differs from ``old`` exactly as ``wanted`` says."""
    if check_front_limit(new.yaml):
        raise EditRefused("errors.edit.too_large")
    again = split(new.text)
    if (again.yaml, again.body, again.start) != (new.yaml, parts.body, len(new.head)):
        raise EditRefused("errors.edit.unsafe", name=", ".join(wanted))
    try:
        source = Source(new.yaml, new.newline)
    except EditRefused:
        raise EditRefused("errors.edit.unsafe", name=", ".join(wanted)) from None
    before = [(k, e.value) for k, e in old.entries.items() if k not in wanted]
    after = [(k, e.value) for k, e in source.entries.items() if k not in wanted]
    kept = len(before) == len(after) and all(
        k == m and same(v, w) for (k, v), (m, w) in zip(before, after)
    )
    for name, value in wanted.items():
        if not kept or not _reads(source, name, value):
            raise EditRefused("errors.edit.unsafe", name=name)


def _reads(source: Source, name: str, value: Wanted) -> bool:
    entry = source.get(name)
    if entry is None or value is None:
        return entry is None and value is None
    if not isinstance(value, Members):
        return reads_as(entry.value, value)
    held = members_of(source, entry.value)
    texts = [h.text for h in held if h.text is not None]
    return frozenset(texts) == value.texts and len(held) - len(texts) == value.foreign
