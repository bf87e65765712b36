"""Plain YAML read without a parser: keys, dashes and brackets, and nothing that could be doubted.

Settings and front matter are nearly always written so, and to import PyYAML takes a command that
answers at once a sixth of its time. Owns that reading: blocks of ``key: value`` and ``- value``, each
value on its line, plain, in quotes with nothing escaped, or in brackets that close there. Refuses,
by returning None, everything else, and every fault: then the parser is asked (`codec.events`).

Law: what is read here is exactly what `codec.events` builds of it, positions included.
"""

from __future__ import annotations

from bluefs.core.matching import nfc
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern

#: Characters of a line: YAML looks no further than 1,024 for the colon behind a key.
_LONGEST = 1_000
#: Blocks within blocks, brackets within brackets: below any limit on both.
_DEEPEST = 8
#: What a plain text begins with: no mark that YAML knows, or a minus before a number or a word.
_FIRST = r"""(?:[^ \-?:,\[\]{}#&*!|>'"%@`]|-(?=[\w.]))"""
_QUOTED = r"""'[^']*'|"[^"\\]*\""""
_KEY = pattern(rf"({_QUOTED}|{_FIRST}(?:[^:#]*[^:# ])?):(?: +|\Z)")
_PLAIN = pattern(rf"{_FIRST}(?:[^ #:]|:(?! |\Z)|#| +(?![ #]|\Z))*")
_TEXT = pattern(_QUOTED)
#: Within brackets: no mark at all but those of a name, a number, a sum, a day.
_MEMBER = pattern(rf"{_QUOTED}|{_FIRST}(?:[^,:?#\[\]{{}}]*[^,:?#\[\]{{}} ])?")
_BLANKS = pattern(" *")
#: Behind a value: nothing, or a comment.
_END = pattern(r" *(?: #.*)?")
_MARKERS = ("---", "...")


class _Doubt(Exception):
    """Here the parser has to be asked."""


def read_block(text: str, first_line: int = 1) -> tuple[Node, tuple[int, ...]] | None:
    """The nodes of a text whose first line is line ``first_line`` of its file, and the lines of its
    outermost entries; None where that is not sure."""
    if not text.replace("\n", "").isprintable():
        return None
    lines = []
    for number, line in enumerate(text.split("\n"), first_line):
        inner = line.lstrip(" ")
        if inner and inner[0] != "#":
            if len(line) > _LONGEST or line.startswith(_MARKERS):
                return None
            lines.append((number, len(line) - len(inner), inner))
    if not lines:
        return None
    blocks = _Block(lines)
    try:
        node = blocks.block(lines[0][1], 0)
    except _Doubt:
        return None
    if blocks.at < len(lines):
        return None
    if isinstance(node, Map):
        return node, tuple(key.line for key, _ in node.entries)
    return node, tuple(item.line for item in node.items)


class _Block:
    """``lines`` that say something: (number, blanks before, the rest). What is read moves ``at`` on.
    Every method raises _Doubt. A ``column`` counts from 0."""

    def __init__(self, lines: list[tuple[int, int, str]]) -> None:
        self.lines = lines
        self.at = 0

    def block(self, column: int, depth: int) -> Map | Seq:
        if depth > _DEEPEST:
            raise _Doubt
        return (self._seq if _is_item(self.lines[self.at][2]) else self._map)(column, depth)

    def _map(self, column: int, depth: int) -> Map:
        entries: list[tuple[Scalar, Node]] = []
        seen = set()
        while (line := self._here(column)) is not None:
            number, _, text = line
            found = _KEY.match(text)
            if found is None:
                if entries and _is_item(text):
                    break  # whoever is outside knows what to do with it
                raise _Doubt
            key = _scalar(found[1], number, column)
            if key.text in seen or not (key.text.isascii() or nfc(key.text) == key.text):
                raise _Doubt
            seen.add(key.text)
            end = found.end()
            if end == len(text) or text[end] == "#":
                after = column + found.end(1) + 1
                entries.append((key, self._below(number, column, after, depth, in_map=True)))
            else:
                entries.append((key, self._value(text, end, number, column)))
        last = entries[-1][1]
        first = entries[0][0]
        return Map(tuple(entries), first.line, first.column, last.end_line, last.end_column)

    def _seq(self, column: int, depth: int) -> Seq:
        first = self.lines[self.at][0]
        items: list[Node] = []
        while (line := self._here(column)) is not None and _is_item(line[2]):
            number, _, text = line
            inner = text[1:].lstrip(" ")
            if not inner or inner[0] == "#":
                items.append(self._below(number, column, column + 1, depth, in_map=False))
                continue
            start = len(text) - len(inner)
            if _is_item(inner) or _KEY.match(inner) is not None:
                self.lines[self.at] = number, column + start, inner
                items.append(self.block(column + start, depth + 1))
            else:
                items.append(self._value(text, start, number, column))
        last = items[-1]
        return Seq(tuple(items), first, column + 1, last.end_line, last.end_column)

    def _here(self, column: int) -> tuple[int, int, str] | None:
        """The line at hand, None where the block of this column is over."""
        if self.at == len(self.lines) or (line := self.lines[self.at])[1] < column:
            return None
        if line[1] > column:
            raise _Doubt  # the value above goes on
        return line

    def _below(self, number: int, column: int, after: int, depth: int, *, in_map: bool) -> Node:
        """What stands on the lines below a key or a dash; nothing, right ``after`` it, where none
        is further to the right. (The dashes of a key's list may stand right below it.)"""
        self.at += 1
        if self.at < len(self.lines):
            _, inner, text = self.lines[self.at]
            if inner > column or (in_map and inner == column and _is_item(text)):
                if not (_is_item(text) or _KEY.match(text) is not None):
                    raise _Doubt  # a text of its own
                if inner == column:
                    return self._seq(column, depth + 1)
                return self.block(inner, depth + 1)
        return Scalar("", True, number, after + 1, number, after + 1)

    def _value(self, text: str, start: int, number: int, column: int) -> Node:
        """From ``start`` of a line's text, which begins at ``column``, to its end."""
        self.at += 1
        if text[start] in "[{":
            value, end = _flow(text, start, number, column, 0)
        else:
            found = (_TEXT if text[start] in "'\"" else _PLAIN).match(text, start)
            if found is None:
                raise _Doubt
            value, end = _scalar(found[0], number, column + start), found.end()
        if _END.fullmatch(text, end) is None:
            raise _Doubt
        return value


def _is_item(text: str) -> bool:
    return text[0] == "-" and text[1:2] in ("", " ")


def _scalar(source: str, number: int, column: int) -> Scalar:
    """Of a text as it stands there."""
    plain = source[0] not in "'\""
    text = source if plain else source[1:-1]
    return Scalar(text, plain, number, column + 1, number, column + len(source) + 1)


def _flow(text: str, start: int, number: int, column: int, depth: int) -> tuple[Node, int]:
    """The collection whose bracket stands there, and where it ends."""
    if depth > _DEEPEST:
        raise _Doubt
    is_map = text[start] == "{"
    close = "}" if is_map else "]"
    entries: list[tuple[Scalar, Node]] = []
    items: list[Node] = []
    at = _skip(text, start + 1)
    while text[at : at + 1] != close:
        if is_map:
            key, at = _member(text, at, number, column)
            if text[at : at + 2] != ": " or nfc(key.text) != key.text:
                raise _Doubt
            at = _skip(text, at + 1)
        if text[at : at + 1] in ("[", "{"):
            value, at = _flow(text, at, number, column, depth + 1)
        else:
            value, at = _member(text, at, number, column)
        if is_map:
            entries.append((key, value))
        else:
            items.append(value)
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
            if text[at : at + 1] == close:
                raise _Doubt
        elif text[at : at + 1] != close:
            raise _Doubt
    if len({key.text for key, _ in entries}) < len(entries):
        raise _Doubt
    place = number, column + start + 1, number, column + at + 2
    node = Map(tuple(entries), *place, True) if is_map else Seq(tuple(items), *place, True)
    return node, at + 1


def _member(text: str, at: int, number: int, column: int) -> tuple[Scalar, int]:
    found = _MEMBER.match(text, at)
    if found is None:
        raise _Doubt
    return _scalar(found[0], number, column + at), found.end()


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found is not None else at
