"""YAML's events made into nodes: the only module that talks to the YAML parser.

The parser (PyYAML's, in C where it was built with libyaml) is asked for one event after the
other and the tree is built here without recursion, so no depth of nesting can exhaust a
stack: 30,000 nested "- " end PyYAML's own composer, and yaml-rs, with a segmentation fault.
Nesting is cut off at level 21, a text after so many nodes, and after its hundredth Problem:
no text of the size we read takes long. Tags, anchors, aliases, second documents, duplicate
keys and keys that are lists or maps become Problems.

YAML 1.1 takes U+0085, U+2028 and U+2029 for line breaks, YAML 1.2 and every editor do not.
They are replaced by private characters on the way in and put back on the way out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bluefs.core.codec.block import read_block
from bluefs.core.codec.text import DEPTH_LIMIT, PROBLEM_LIMIT, YAML_NODES, Lines
from bluefs.core.codes import format as codes
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Any
from bluefs.core.matching import nfc
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Code, Problem
from bluefs.core.words import say

#: Characters that PyYAML treats unlike YAML 1.2.
_ODD = "\x85\u2028\u2029\ufeff"
_PRIVATE = range(0xF0000, 0xFFFFE)
#: Texts of which `Trials` knows what came of them.
_TRIED = 4


class Broken(Exception):
    """The parser gave up. Line and column from 1, in the text it was given; ``begun`` are the
    lines (of the file) of the outermost entries that it saw before."""

    def __init__(self, what: str, line: int, column: int) -> None:
        super().__init__(what, line, column)
        self.what = what
        self.line = line
        self.column = column
        self.begun: tuple[int, ...] = ()

    def moved(self, lines: int) -> Broken:
        """The same of the same text so many lines further down in its file."""
        found = Broken(self.what, self.line, self.column)
        found.begun = tuple(line + lines for line in self.begun)
        return found


@dataclass(frozen=True, slots=True)
class Tree:
    """What a text composes to. ``node`` is None for a text without content. ``begun`` are the
    lines of its outermost entries, those that were dropped included."""

    node: Node | None
    problems: tuple[Problem, ...]
    begun: tuple[int, ...] = ()


@dataclass(slots=True)
class _Frame:
    """A collection that is still open. ``seen`` holds the keys of a map and their lines,
    ``begun`` the lines of all its keys."""

    is_map: bool
    line: int
    column: int
    flow: bool
    items: list[Any] = field(default_factory=list)
    key: Scalar | None = None
    awaits_value: bool = False
    seen: dict[str, int] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)


def build(text: str, first_line: int = 1, limit: int = YAML_NODES) -> Tree:
    """The nodes of a text, its first line being line ``first_line`` of the file; at most
    ``limit`` of them. Raises Broken where the parser cannot go on."""
    read = read_block(text, first_line) if len(text) < limit else None
    return Tree(read[0], (), read[1]) if read is not None else parse(text, first_line, limit)


def parse(text: str, first_line: int = 1, limit: int = YAML_NODES) -> Tree:
    """The same by the parser alone."""
    safe, back = _shield(text)
    builder = _Builder(text, back, first_line, limit)
    try:
        return builder.run(safe)
    except Broken as broken:
        broken.begun = tuple(builder.begun())
        raise


class Trials:
    """Texts that are tried again and again, as they are and mended: the last few are not parsed
    twice. Lines are those of the text, from 1."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.known: dict[str, Tree | Broken] = {}

    def of(self, text: str) -> Tree | Broken:
        found = self.known.get(text)
        if found is None:
            try:
                found = build(text, 1, self.limit)
            except Broken as broken:
                found = broken.with_traceback(None)  # or it would hold on to this very frame
            if len(self.known) >= _TRIED:
                del self.known[next(iter(self.known))]
            self.known[text] = found
        return found


class _Builder:
    def __init__(self, text: str, back: dict[int, str], first_line: int, limit: int) -> None:
        self.text = text
        self.back = back
        self.shift = first_line
        self.limit = limit
        self.count = 0  # of keys, values, lists and maps
        self.lines: Lines | None = None
        self.frames: list[_Frame] = []
        self.root: Node | None = None
        self.documents = 0
        self.problems: list[Problem] = []
        self.outermost: list[int] = []  # `begun` of the collection that is closed

    def run(self, safe: str) -> Tree:
        for name, event in _events(safe):
            if name == "ScalarEvent":
                if event.tag is not None or event.anchor is not None:
                    self._properties(event)
                self._add(self._scalar(event))
            elif name in ("MappingStartEvent", "SequenceStartEvent"):
                self._properties(event)
                if not self._open(event, name == "MappingStartEvent"):
                    break
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self._close(event)
                self.count -= 1
            elif name == "AliasEvent":
                self._report(codes.TAG_OR_ANCHOR, "tag", event, start="*")
                self._add(Scalar("", True, *self._start(event), *self._end(event)))
            elif name == "DocumentStartEvent":
                self.documents += 1
                if self.documents == 2:
                    self._report(codes.SECOND_DOCUMENT, "second_document", event)
                    break
            self.count += 1
            if self.count > self.limit:
                self._report(codes.TOO_MANY, "too_many", event, limit=self.limit)
                break
            if len(self.problems) >= PROBLEM_LIMIT:
                break
        return Tree(self.root, tuple(self.problems), tuple(self.begun()))

    def begun(self) -> list[int]:
        """The lines of the outermost entries so far."""
        if not self.frames:
            return self.outermost
        outer = self.frames[0]
        if outer.is_map:
            return outer.begun
        inner = [self.frames[1].line] if len(self.frames) > 1 else []
        return [*(item.line for item in outer.items), *inner]

    def _start(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return mark.line + self.shift, mark.column + 1

    def _end(self, event: Any) -> tuple[int, int]:
        mark = event.end_mark
        return mark.line + self.shift, mark.column + 1

    def _scalar(self, event: Any) -> Scalar:
        text = event.value
        if self.back:
            text = text.translate(self.back)
        start, end, shift = event.start_mark, event.end_mark, self.shift
        style = event.style
        if style in ("|", ">"):
            line, column = self._block_end(event)
        else:
            line, column = end.line + shift, end.column + 1
        return Scalar(text, not style, start.line + shift, start.column + 1, line, column)

    def _block_end(self, event: Any) -> tuple[int, int]:
        """The parser ends a block scalar where the next token begins; its own end is that of
        its last line with text."""
        if self.lines is None:
            self.lines = Lines(self.text)
        start, stop = event.start_mark.index, event.end_mark.index
        end = start + len(self.text[start:stop].rstrip())
        line, column = self.lines.place(end)
        return line + self.shift - 1, column

    def _open(self, event: Any, is_map: bool) -> bool:
        if len(self.frames) == DEPTH_LIMIT:
            self._report(codes.TOO_DEEP, "too_deep", event)
            return False
        self.frames.append(_Frame(is_map, *self._start(event), bool(event.flow_style)))
        return True

    def _close(self, event: Any) -> None:
        if len(self.frames) == 1:
            self.outermost = self.begun()
        frame = self.frames.pop()
        if frame.flow or not frame.items:
            end = self._end(event)
        else:
            last = frame.items[-1][1] if frame.is_map else frame.items[-1]
            end = last.end_line, last.end_column
        kind: type[Map] | type[Seq] = Map if frame.is_map else Seq
        self._add(kind(tuple(frame.items), frame.line, frame.column, *end, frame.flow))

    def _add(self, node: Node) -> None:
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        if not frame.is_map:
            frame.items.append(node)
        elif frame.awaits_value:
            if frame.key is not None:
                frame.items.append((frame.key, node))
            frame.key, frame.awaits_value = None, False
        else:
            frame.key, frame.awaits_value = self._key(frame, node), True

    def _key(self, frame: _Frame, node: Node) -> Scalar | None:
        """The key in NFC, or None (its value is dropped) for one that is refused."""
        if not isinstance(node, Scalar):
            frame.begun.append(node.line)
            self._report_node(codes.COMPLEX_KEY, "complex_key", node)
            return None
        frame.begun.append(node.line)
        name = nfc(node.text)
        if name in frame.seen:
            first = frame.seen[name]
            self._report_node(codes.DUPLICATE_KEY, "duplicate", node, key=name, first=first)
            return None
        frame.seen[name] = node.line
        if name is node.text or name == node.text:
            return node
        end = node.end_line, node.end_column
        return Scalar(name, node.plain, node.line, node.column, *end)

    def _properties(self, event: Any) -> None:
        if event.tag is not None:
            self._report(codes.TAG_OR_ANCHOR, "tag", event, start="!")
        elif event.anchor is not None:
            self._report(codes.TAG_OR_ANCHOR, "tag", event, start="&")

    def _report(self, code: Code, words: str, event: Any, **fields: Any) -> None:
        self._place(code, words, self._start(event), self._end(event), fields)

    def _report_node(self, code: Code, words: str, node: Node, **fields: Any) -> None:
        end = node.end_line, node.end_column
        self._place(code, words, (node.line, node.column), end, fields)

    def _place(
        self,
        code: Code,
        words: str,
        start: tuple[int, int],
        end: tuple[int, int],
        fields: dict[str, Any],
    ) -> None:
        line, column = start
        stop = end[1] if end[0] == line and end[1] > column else column + 1
        message, hint = say(f"problems.{words}", **fields), say(f"problems.{words}.hint", **fields)
        self.problems.append(Problem(code, "", line, column, stop, message, hint))


def _shield(text: str) -> tuple[str, dict[int, str]]:
    """The text with private characters in the place of odd ones, and the way back."""
    if text.isascii():
        return text, {}
    odd = [c for c in _ODD if c in text]
    if not odd:
        return text, {}
    free = (n for n in _PRIVATE if chr(n) not in text)
    there = {ord(c): n for c, n in zip(odd, free)}
    return text.translate(there), {n: chr(c) for c, n in there.items()}


@cache
def _parser() -> Any:
    import yaml

    if yaml.__with_libyaml__:
        from yaml.cyaml import CSafeLoader

        return CSafeLoader
    return yaml.SafeLoader


def _events(text: str) -> Iterator[tuple[str, Any]]:
    """(class name, event) for each event. Every way in which the parser gives up, a
    ValueError or RecursionError included, is a Broken."""
    try:
        following = _parser()(text).get_event
        while (event := following()) is not None:
            yield event.__class__.__name__, event
    except Exception as error:  # any failure of a foreign parser is the text's
        if isinstance(error, (Broken, MemoryError)):
            raise
        raise _broken(error) from None


#: Errors whose true place is where the construct began, not where the parser noticed.
_FROM_CONTEXT = ("simple key", "quoted scalar", "flow sequence", "flow mapping", "block scalar")


def _broken(error: Exception) -> Broken:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context", None) or ""
    begun = getattr(error, "context_mark", None)
    if begun is not None and any(word in context for word in _FROM_CONTEXT):
        mark = begun
    what = str(getattr(error, "problem", None) or error).strip() or type(error).__name__
    if mark is None:
        return Broken(what.splitlines()[0], 1, 1)
    return Broken(what, mark.line + 1, mark.column + 1)
