"""Plans for one key with one value: set it, clear it, add it to the front matter."""

from __future__ import annotations

from bluefs.core.edit.flow import FlowText
from bluefs.core.edit.render import Member, render_literal, render_scalar, text_of
from bluefs.core.edit.source import Entry, Source
from bluefs.core.edit.splice import Splice
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.quoting import quote

Plan = tuple[Splice, ...]


def reads_as(node: Node, value: Member) -> bool:
    """Whether a node already says ``value``. Quotes do not matter, except that a plain
    ``null`` is no word."""
    if not isinstance(node, Scalar) or node.text != text_of(value):
        return False
    return node.is_null == (not isinstance(value, str) and Scalar(value.text).is_null)


def plan_put(source: Source, entry: Entry, value: Member) -> Plan:
    """Set an entry that is there to one scalar."""
    if reads_as(entry.value, value):
        return ()
    source.check_entry(entry)
    style = source.style(entry.value)
    if style == "|" and isinstance(value, str) and "\n" in value:
        literal = _plan_literal(source, entry, value)
        if literal:
            return literal
    quotes = style if style in ("'", '"') and isinstance(entry.value, Scalar) else None
    return plan_source(source, entry, render_scalar(value, quotes, flow=entry.flow))


def plan_noted(source: Source, entry: Entry, value: str, note: str, old: str) -> Plan:
    """Set an entry to one scalar, and put ``note`` (a comment, "" for none) behind it where its
    line has none, or has ``old``."""
    plan, node = plan_put(source, entry, value), entry.value
    block = isinstance(node, Scalar) and source.style(node) in ("|", ">")
    on_line = not block if isinstance(node, Scalar) else node.flow  # ``[[Name]]``
    if not plan or not note or entry.flow or node.end_line != entry.key.line or not on_line:
        return plan
    start, end = source.end(node), source.line_end(node.end_line)
    rest = source.text[start:end].strip(" \t")
    if start == source.start(node):  # there was no value: one splice fills the line
        return plan if rest else (Splice(plan[0].start, plan[0].end, f"{plan[0].text}  {note}"),)
    if not rest:
        return (*plan, Splice(start, end, f"  {note}"))
    if rest != old:
        return plan
    return (*plan, Splice(source.text.index("#", start), end, note))


def plan_source(source: Source, entry: Entry, written: str) -> Plan:
    """Put ``written`` (one line of YAML) in the place of an entry's value."""
    value = entry.value
    start, end = source.start(value), source.end(value)
    if isinstance(value, Scalar):
        if not value.plain and source.style(value) in ("|", ">"):
            return (Splice(start, source.header_end(value), written), *_lines_below(source, entry))
        if start == end:
            return (_fill(source, entry, written),)
        return (Splice(start, end, written),)
    if value.flow:
        return (Splice(start, end, written),)
    return (_fill(source, entry, written), *_lines_below(source, entry))


def plan_clear(source: Source, entry: Entry) -> Plan:
    """Take out an entry with all its lines. Comment lines above it stay."""
    source.check_entry(entry)
    if entry.flow:
        flow = flow_of(source)
        flow.remove(list(source.entries.values()).index(entry))
        return (_rewrite(source, flow),)
    last = source.block_end(source.last_line(entry.value), entry.key.column)
    before = _before(source, entry)
    if before is not None and source.keeps(before.value):
        last = _blank_lines(source, last)
    return (Splice(source.line_start(entry.key.line), source.line_start(last + 1), ""),)


def plan_insert(source: Source, key: str, written: str) -> Plan:
    """Add ``key: written`` as the last entry; ``written`` may go on over several lines."""
    line = quote(key) + (":" if written[:1] in ("\r", "\n") else ": ") + written
    tree = source.tree
    if tree is not None and tree.flow:
        flow = flow_of(source)
        flow.insert(line)
        return (_rewrite(source, flow),)
    end = len(source.text)
    return (Splice(end, end, indent_of(source) + line + source.break_of(source.last)),)


def indent_of(source: Source) -> str:
    """What stands before the keys of the front matter: nothing, or a few spaces."""
    tree = source.tree
    if tree is None or tree.flow:
        return ""
    start = source.start(tree)
    return source.text[source.line_start(tree.line) : start]


def flow_of(source: Source) -> FlowText:
    """The front matter as one pair of braces."""
    tree = source.tree
    assert tree is not None
    base = source.start(tree)
    spans = [
        (source.start(k) - base, max(source.end(k), source.end(v)) - base) for k, v in tree.entries
    ]
    return FlowText(source.of(tree), spans, source.newline)


def _rewrite(source: Source, flow: FlowText) -> Splice:
    tree = source.tree
    assert isinstance(tree, Map)
    return Splice(source.start(tree), source.end(tree), flow.text)


def _fill(source: Source, entry: Entry, written: str) -> Splice:
    """Put a value behind a colon with nothing on its line but blanks and a comment."""
    at = source.after_colon(entry)
    rest = source.text[at : source.line_end(entry.key.line)]
    if entry.flow or rest.strip(" \t"):
        return Splice(at, at, f" {written}")
    return Splice(at, at + len(rest), (rest or " ") + written)


def _lines_below(source: Source, entry: Entry) -> Plan:
    """Take out the lines of a block value below the line of its key."""
    value = entry.value
    top = value.line if isinstance(value, Scalar) else entry.key.line
    column = entry.key.column
    last = source.last_line(value)
    if not isinstance(value, Scalar):
        last = source.block_end(last, column)
    return (
        (Splice(source.line_start(top + 1), source.line_start(last + 1), ""),) if last > top else ()
    )


def _plan_literal(source: Source, entry: Entry, value: str) -> Plan:
    node = entry.value
    assert isinstance(node, Scalar)
    first = source.lines.line(node.line + 1) if node.line < source.last_line(node) else ""
    outer = entry.key.column - 1
    depth = len(first) - len(first.lstrip(" ")) - outer if first.strip() else 0
    indicator = source.text[source.start(node) : source.header_end(node)].strip("|+-")
    depth = int(indicator) if indicator else depth if 1 <= depth <= 9 else 2
    newline = source.break_of(node.line)
    made = render_literal(value, " " * (outer + depth), depth, newline)
    if made is None:
        return ()
    header, lines = made
    at = source.line_start(node.line + 1)
    end = source.line_start(source.last_line(node) + 1)
    return (
        Splice(source.start(node), source.header_end(node), header),
        Splice(at, max(at, end), lines),
    )


def _before(source: Source, entry: Entry) -> Entry | None:
    entries = list(source.entries.values())
    index = entries.index(entry)
    return entries[index - 1] if index else None


def _blank_lines(source: Source, line: int) -> int:
    while line < source.last and not source.lines.line(line + 1).strip():
        line += 1
    return line
