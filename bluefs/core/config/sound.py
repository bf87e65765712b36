"""What counts of a settings file that could be read in part."""

from __future__ import annotations

from bluefs.core.frozen import replace
from bluefs.core.hints import Any
from bluefs.core.nodes import Node, Scalar, Seq


def sound_part(node: Node | None, hurt: frozenset[int]) -> Node | None:
    """A tree without what stands on hurt lines, where a file could be read in part: what was
    put there to go on reading is nobody's setting, and no fault of its own. A definition (a field,
    a person, a rule) of which something is lost is lost as a whole: what is missing in it is no
    fault of its own either."""
    if node is None or not hurt:
        return node
    return _sound(node, hurt, 1 if isinstance(node, Seq) else 2)


def _sound(node: Node, hurt: frozenset[int], outer: int) -> Node | None:
    """``outer``: how many levels there are above the definitions, this one included."""
    if isinstance(node, Scalar):
        return None if hurt.intersection(range(node.line, node.end_line + 1)) else node
    kept: list[Any] = []
    count = 0
    if isinstance(node, Seq):
        count = len(node.items)
        kept = [one for item in node.items if (one := _sound(item, hurt, outer - 1)) is not None]
    else:
        count = len(node.entries)
        for key, value in node.entries:
            own = _sound(value, hurt, outer - 1) if key.line not in hurt else None
            kept += [] if own is None else [(key, own)]
    if outer <= 0 and len(kept) < count:
        return None
    if isinstance(node, Seq):
        return replace(node, items=tuple(kept))
    return replace(node, entries=tuple(kept))
