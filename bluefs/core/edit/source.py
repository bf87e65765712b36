"""A record's front matter opened for editing: its text, its nodes and where each stands.

Owns the way from a node's (line, column) to an offset, and what belongs to an entry: the
lines from its key to the last line of its value, with that line's own comment, and comment
lines directly below that are indented deeper than the key. Comment lines above an entry are
not part of it: they may head a group, so they outlive it.

Refuses front matter that does not compose, is no mapping, or names a key with ``? ``.
"""

from __future__ import annotations

from bluefs.core.codec.compose import Malformed, check_front_limit, compose
from bluefs.core.codec.text import RECORD_LIMIT, Decoded, Lines, decode, split
from bluefs.core.edit.refused import EditRefused
from bluefs.core.frozen import dataclass
from bluefs.core.matching import nfc
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern

BOM = b"\xef\xbb\xbf"
_HEADER = pattern(r"[|>][-+0-9]*")
_COLON = pattern(r"[ \t]*:")


@dataclass(frozen=True, slots=True)
class Parts:
    """A file cut in three, all as it was typed: ``head`` up to and with the opening marker,
    ``yaml``, and ``tail`` from the closing marker on. ``body`` is the end of ``tail``.
    Without front matter ``head`` and ``yaml`` are empty and ``fenced`` is False."""

    bom: bool
    head: str
    yaml: str
    tail: str
    body: str
    newline: str
    fenced: bool

    @property
    def text(self) -> str:
        return f"{self.head}{self.yaml}{self.tail}"

    def encode(self) -> bytes:
        """The file's bytes. Raises EditRefused where they would be too large to be read."""
        data = self.text.encode()
        if self.bom:
            data = BOM + data
        if len(data) > RECORD_LIMIT:
            raise EditRefused("errors.edit.record_too_large")
        return data


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the front matter and its value. ``flow``: it stands between braces."""

    key: Scalar
    value: Node
    flow: bool


def open_parts(data: bytes) -> Parts:
    """Raises EditRefused for what is not UTF-8 or too large, and for front matter that is
    too large or without an end: what is not read as a record is not edited either."""
    decoded = decode(data, RECORD_LIMIT)
    if not isinstance(decoded, Decoded):
        raise EditRefused(
            "errors.edit.unreadable",
            line=decoded.line,
            column=decoded.column,
            message=decoded.message,
            hint=decoded.hint,
        )
    text = decoded.text
    front = split(text)
    if not front.closed:
        raise EditRefused("errors.edit.unclosed", line=1)
    if check_front_limit(front.yaml):
        raise EditRefused("errors.edit.too_large")
    end = front.start + len(front.yaml)
    return Parts(
        decoded.bom,
        text[: front.start],
        front.yaml,
        text[end:] if front.present else text,
        front.body,
        decoded.newline,
        front.present,
    )


class Source:
    """The YAML between the markers, as text and as nodes. Offsets are in characters from 0."""

    __slots__ = ("entries", "lines", "newline", "text", "tree")

    def __init__(self, text: str, newline: str, first_line: int = 2) -> None:
        self.text = text
        self.newline = newline
        self.lines = Lines(text)
        self.tree = _compose(text, first_line)
        flow = self.tree is not None and self.tree.flow
        pairs = self.tree.entries if self.tree is not None else ()
        self.entries = {k.text: Entry(k, v, flow) for k, v in pairs}  # keys are in NFC

    def get(self, key: str) -> Entry | None:
        return self.entries.get(nfc(key))

    def start(self, node: Node) -> int:
        return self.lines.offset(node.line, node.column)

    def end(self, node: Node) -> int:
        """Behind the node's last character (comments and blank lines excluded)."""
        return self.lines.offset(node.end_line, node.end_column)

    def of(self, node: Node) -> str:
        """The node as it was typed."""
        return self.text[self.start(node) : self.end(node)]

    def style(self, node: Node) -> str:
        """``'``, ``"``, ``|`` or ``>`` for such a scalar, ``[`` or ``{`` for a flow
        collection, else "plain" (a block collection's is its first item's)."""
        first = self.text[self.start(node) :][:1] if self.start(node) < self.end(node) else ""
        if isinstance(node, Scalar):
            return "plain" if node.plain else first
        return first if node.flow else "plain"

    def line_start(self, line: int) -> int:
        """The offset of line ``line`` (from 1); behind the last one, the end of the text."""
        return self.lines.offset(line, 1)

    def line_end(self, line: int) -> int:
        """The offset behind the line's last character, its ending excluded."""
        return self.line_start(line) + len(self.lines.line(line))

    def break_of(self, line: int) -> str:
        """The line's own ending; the file's where it has none."""
        return self.text[self.line_end(line) : self.line_start(line + 1)] or self.newline

    def last_line(self, node: Node) -> int:
        """The last line that is part of the value. The blank lines below ``|+`` and ``>+``
        are text."""
        if not self.keeps(node):
            return node.end_line
        line = node.end_line
        while line < self.last and not self.lines.line(line + 1).strip():
            line += 1
        return line

    @property
    def last(self) -> int:
        """The number of the last line (the empty rest behind a final line ending is none)."""
        count = len(self.lines.starts)
        return count - 1 if self.lines.starts[-1] == len(self.text) else count

    def keeps(self, node: Node) -> bool:
        """Whether the value ends in a block scalar that counts the blank lines below it."""
        while not isinstance(node, Scalar):
            if node.flow or not node_children(node):
                return False
            node = node_children(node)[-1]
        if self.style(node) not in ("|", ">"):
            return False
        header = _HEADER.match(self.text, self.start(node))
        return header is not None and "+" in header.group()

    def header_end(self, node: Scalar) -> int:
        """Behind the ``|2-`` of a block scalar."""
        header = _HEADER.match(self.text, self.start(node))
        return header.end() if header is not None else self.start(node)

    def after_colon(self, entry: Entry) -> int:
        """Behind the colon of an entry. Raises EditRefused where none stands at the key."""
        colon = _COLON.match(self.text, self.end(entry.key))
        if colon is None:
            raise refuse_layout(entry)
        return colon.end()

    def block_end(self, line: int, column: int) -> int:
        """The last line of what begins at ``column`` and has its last content on ``line``:
        comment lines directly below that are indented deeper belong to it."""
        found, at = line, line
        while at < self.last:
            at += 1
            text = self.lines.line(at)
            bare = text.lstrip(" \t")
            if bare and not (bare[0] == "#" and len(text) - len(bare) > column - 1):
                break
            if bare:
                found = at
        return found

    def check_entry(self, entry: Entry) -> None:
        """Refuses a key that is not where it can be edited: behind ``? ``."""
        start = self.start(entry.key)
        before = self.text[self.line_start(entry.key.line) : start]
        if not entry.flow and before.strip(" \t"):
            raise refuse_layout(entry)


def node_children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Seq):
        return node.items
    return tuple(v for _, v in node.entries) if isinstance(node, Map) else ()


def refuse_layout(entry: Entry) -> EditRefused:
    return EditRefused("errors.edit.layout", name=entry.key.text, line=entry.key.line + 1)


def _compose(text: str, first_line: int) -> Map | None:
    """The mapping, its lines counting from 1 in ``text``; None where nothing is set."""
    try:
        node = compose(text)
    except Malformed as broken:
        raise EditRefused(
            "errors.edit.broken",
            line=broken.line + first_line - 1,
            column=broken.column,
            message=broken.message,
        ) from None
    if isinstance(node, Map):
        return node
    if node is None or (isinstance(node, Scalar) and node.is_null and node.text == ""):
        return None
    raise EditRefused("errors.edit.not_keys", line=node.line + first_line - 1)
