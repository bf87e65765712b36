"""Plans for a key that holds a set: members come and go in the layout the key has.

A set is a scalar (a set of one), a flow list or a block list. Members compare by text; what
is no text in it (a map, a list) is *foreign*: kept where members are added or removed,
replaced where the whole set is written. ``[[Name]]``, which YAML reads as a list in a list,
is the text people mean by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bluefs.core.edit.entries import Plan, indent_of, plan_clear, plan_insert, plan_source
from bluefs.core.edit.flow import FlowText
from bluefs.core.edit.render import (
    Member,
    render_comment,
    render_items,
    render_list,
    render_scalar,
    text_of,
)
from bluefs.core.edit.source import Entry, Source
from bluefs.core.edit.splice import Splice
from bluefs.core.frozen import dataclass
from bluefs.core.nodes import Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.quoting import quote

#: Plain text with one of these may mean something else between brackets.
_SPECIAL = pattern(r"[][{},#:?&*!|>'\"%@`]|(?:^|\s)-(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Held:
    """A member as it stands in the file. ``text`` is None for a foreign one."""

    text: str | None
    node: Node
    index: int


def members_of(source: Source, node: Node) -> tuple[Held, ...]:
    """What the set holds; nulls and an empty list hold nothing."""
    if isinstance(node, Seq) and _link(source, node) is None:
        held = [Held(_text(source, n), n, i) for i, n in enumerate(node.items)]
    else:
        held = [Held(_text(source, node), node, 0)]
    return tuple(h for h in held if not (isinstance(h.node, Scalar) and h.node.is_null))


def plan_members(
    source: Source,
    entry: Entry,
    add: Sequence[Member],
    drop: Iterable[Held],
    comments: Mapping[str, str],
) -> Plan:
    """Take out ``drop``, then put in ``add``; a set with nothing left loses its entry."""
    source.check_entry(entry)
    held = members_of(source, entry.value)
    gone = {h.index for h in drop}
    kept = [h for h in held if h.index not in gone]
    if not add and not kept:
        return plan_clear(source, entry)
    node = entry.value
    if not held:
        return _plan_first(source, entry, add, comments)
    if not isinstance(node, Seq) or _link(source, node) is not None:
        return _plan_single(source, entry, kept, add, comments)
    if node.flow:
        return _plan_flow(source, node, add, gone, comments)
    return _plan_block(source, node, add, gone, comments)


def plan_new(source: Source, key: str, add: Sequence[Member], comments: Mapping[str, str]) -> Plan:
    """Add the key with these members: one line, or a block list where there are comments."""
    tree = source.tree
    if not _noted(add, comments) or (tree is not None and tree.flow):
        return plan_insert(source, key, render_list(add))
    newline = source.break_of(source.last)
    lines = newline + render_items(add, indent_of(source) + "  - ", newline, comments)
    return plan_insert(source, key, lines.removesuffix(newline))


def _text(source: Source, node: Node) -> str | None:
    return node.text if isinstance(node, Scalar) else _link(source, node)


def _link(source: Source, node: Node) -> str | None:
    """``[[Name]]`` typed without quotes, as text."""
    if not isinstance(node, Seq) or not node.flow or len(node.items) != 1:
        return None
    inner, text = node.items[0], source.of(node)
    if not isinstance(inner, Seq) or not text.startswith("[[") or not text.endswith("]]"):
        return None
    if "\n" in text or "\r" in text or not all(isinstance(n, Scalar) for n in inner.items):
        return None
    return text if text.count("[") == 2 and inner.items else None


def _noted(add: Sequence[Member], comments: Mapping[str, str]) -> bool:
    return any(render_comment(comments.get(text_of(m))) for m in add)


def _plan_first(
    source: Source, entry: Entry, add: Sequence[Member], comments: Mapping[str, str]
) -> Plan:
    """Fill a key that stands there empty (``tags:``, ``tags: []``, ``tags: ~``)."""
    value = entry.value
    if entry.flow or not _noted(add, comments) or value.end_line != entry.key.line:
        return plan_source(source, entry, render_list(add))
    newline = source.break_of(entry.key.line)
    lines = render_items(add, _dash(entry), newline, comments)
    below = source.line_start(entry.key.line + 1)
    colon = source.after_colon(entry)
    return Splice(colon, max(colon, source.end(value)), ""), Splice(below, below, lines)


def _plan_single(
    source: Source,
    entry: Entry,
    kept: Sequence[Held],
    add: Sequence[Member],
    comments: Mapping[str, str],
) -> Plan:
    """From a set of one: another one, or a list."""
    value = entry.value
    style = source.style(value)
    if not kept and len(add) == 1:
        quotes = style if style in ("'", '"') else None
        return plan_source(source, entry, render_scalar(add[0], quotes, flow=True))
    sources = [_in_flow(source, h) for h in kept]
    noted = _noted(add, comments) and not entry.flow and value.end_line == entry.key.line
    if noted and kept and style not in ("|", ">"):
        newline = source.break_of(value.line)
        lines = render_items(add, _dash(entry), newline, comments)
        below = source.line_start(value.line + 1)
        first = newline + _dash(entry) + sources[0]
        return (
            Splice(source.after_colon(entry), source.end(value), first),
            Splice(below, below, lines),
        )
    written = [*sources, *(render_scalar(m, flow=True) for m in add)]
    return plan_source(source, entry, f"[{', '.join(written)}]")


def _in_flow(source: Source, held: Held) -> str:
    """A member that stood alone, as it may stand between brackets: as typed where it can. A
    plain number or date is read by its text, as it was before, so it stays plain."""
    node, typed = held.node, source.of(held.node)
    if held.text is None:
        return typed
    if isinstance(node, Scalar) and node.line == node.end_line:
        quoted = not node.plain and typed[0] in "'\""
        if quoted or (node.plain and not _SPECIAL.search(typed)):
            return typed
    return quote(held.text)


def _plan_flow(
    source: Source,
    node: Seq,
    add: Sequence[Member],
    gone: set[int],
    comments: Mapping[str, str],
) -> Plan:
    base = source.start(node)
    spans = [(source.start(n) - base, source.end(n) - base) for n in node.items]
    flow = FlowText(source.of(node), spans, source.break_of(node.line))
    style = _common_style(source, node)
    for member in add:
        comment = render_comment(comments.get(text_of(member)))
        flow.insert(render_scalar(member, style, flow=True), comment)
    for index in sorted(gone, reverse=True):
        flow.remove(index)
    return (Splice(base, source.end(node), flow.text),)


def _plan_block(
    source: Source,
    node: Seq,
    add: Sequence[Member],
    gone: set[int],
    comments: Mapping[str, str],
) -> Plan:
    splices = [_drop_item(source, node, index) for index in sorted(gone)]
    if add:
        last = node.items[-1]
        line = source.block_end(source.last_line(last), node.column)
        at = source.line_start(line + 1)
        newline = source.break_of(line)
        dash = _dash_of(source, node)
        style, column = _common_style(source, node), _comment_column(source, last)
        lines = render_items(add, dash, newline, comments, style, column)
        splices.append(Splice(at, at, lines))
    return tuple(splices)


def _drop_item(source: Source, node: Seq, index: int) -> Splice:
    item = node.items[index]
    last = source.block_end(source.last_line(item), node.column)
    if index and source.keeps(node.items[index - 1]):
        while last < source.last and not source.lines.line(last + 1).strip():
            last += 1
    top = _dash_line(source, node, index)
    return Splice(source.line_start(top), source.line_start(last + 1), "")


def _dash_line(source: Source, node: Seq, index: int) -> int:
    """The line on which the item's dash stands: its value may begin further down."""
    line = node.items[index].line
    while line > node.line:
        text = source.lines.line(line)
        if not text[: node.column - 1].strip() and text[node.column - 1 :][:1] == "-":
            break
        line -= 1
    return line


def _dash_of(source: Source, node: Seq) -> str:
    """What stands before the last item's text, as typed: indentation, dash, blanks."""
    last = node.items[-1]
    line = _dash_line(source, node, len(node.items) - 1)
    start = source.line_start(line)
    indent = source.text[start : start + node.column]
    between = source.text[start + node.column : source.start(last)] if last.line == line else ""
    return indent + (between if between and not between.strip(" \t") else " ")


def _comment_column(source: Source, item: Node) -> int:
    """How far in the comment behind an item stands (characters), 0 without one."""
    end = source.end(item)
    rest = source.text[end : source.line_end(item.end_line)]
    blanks = len(rest) - len(rest.lstrip(" "))
    start = source.line_start(item.end_line)
    return end + blanks - start if rest[blanks:].startswith("#") else 0


def _dash(entry: Entry) -> str:
    return " " * (entry.key.column + 1) + "- "


def _common_style(source: Source, node: Seq) -> str | None:
    """The quotes that every member has, if all have the same."""
    styles = {source.style(n) for n in node.items}
    return styles.pop() if styles in ({"'"}, {'"'}) else None
