"""The fast way through front matter: yaml-rs, where it surely reads what was typed.

Owns the decision which texts those are, and the handler under which python-frontmatter (and
whoever uses it) can read our files. Refuses, by returning None, everything doubtful; the
text is then composed (`codec.compose`), which also gives positions. So both ways give equal
values, and without yaml-rs nothing changes but the time it takes.

What yaml-rs resolves to numbers, booleans and dates has lost its source text, and a quoted
string looks like a plain one. Both are accepted only where the line ``key: text`` stands in
the file just so.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from bluefs.core.codec.text import DEPTH_LIMIT, FRONT_NODES, split
from bluefs.core.hints import Any
from bluefs.core.matching import nfc
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern

#: Anchors, aliases, tags, directives; tabs and all control characters; line breaks that
#: only YAML 1.1 knows; a second document; a comment glued to a word.
_UNSURE = pattern("[&*!%\0-\x09\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_GLUED = pattern(r"[ \[{,]#[^ \r\n]")
#: A value that begins with | or >: a block scalar, or what yaml-rs alone takes for text.
_BLOCK = pattern(r"(?:[\[{,:?\n-]|\A)\s*[|>]|<<<<<<<|>>>>>>>")
#: What begins an item between brackets and is read differently by yaml-rs and libyaml.
_FLOW = pattern(r"[\[{,]\s*[:?-]")
_MARKER = pattern(r"(?:\A|\n)(?:---|\.\.\.)")
_LONE_CR = pattern(r"\r(?!\n)")
_LEAD = pattern(r"^[ \-?:]+", re.MULTILINE)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
#: Bits of an integer that is compared with its source text.
_LONGEST = 64


def read_bulk(text: str) -> Map | None:
    """The nodes of a front matter, without positions; None where that is not sure."""
    loads = _loader()
    if loads is None or _is_unsure(text) or may_be_deep(text) or may_be_many(text):
        return None
    try:
        parsed = loads(text, parse_datetime=False)
    except Exception:  # noqa: BLE001 - any failure of a foreign parser: composing says what is wrong
        return None
    if not isinstance(parsed, dict):
        return None
    return _Reading(text).map(parsed)


def _is_unsure(text: str) -> bool:
    return bool(
        _UNSURE.search(text)
        or ("#" in text and _GLUED.search(text))
        or (("|" in text or ">" in text) and _BLOCK.search(text))
        or (("[" in text or "{" in text) and _FLOW.search(text))
        or _MARKER.search(text)
        or ("\r" in text and _LONE_CR.search(text))
    )


def may_be_deep(text: str) -> bool:
    """A bound on nesting, from above, that needs no parser. A flow bracket opens at most two
    levels (``[a: b]``), a column of dashes and blanks before a line's text at most two."""
    brackets = text.count("[") + text.count("{")
    lead = max(map(len, _LEAD.findall(text)), default=0)
    return 2 * (brackets + lead) > DEPTH_LIMIT


def may_be_many(text: str) -> bool:
    """A bound on how many nodes there are: each ends at a comma, a colon, a bracket or the
    end of a line."""
    marks = (text.count(mark) for mark in ",:[{\n\r")
    return 2 * (1 + sum(marks)) > FRONT_NODES


class _Reading:
    def __init__(self, text: str) -> None:
        self.text = "\n" + (text.replace("\r\n", "\n") if "\r" in text else text)
        if not self.text.endswith("\n"):
            self.text += "\n"
        self.quotes = '"' in text or "'" in text

    def map(self, parsed: dict[Any, Any]) -> Map | None:
        entries: list[tuple[Scalar, Node]] = []
        for key, value in parsed.items():
            if type(key) is not str or not (key.isascii() or nfc(key) == key):
                return None
            node = self.value(key, value)
            if node is None:
                return None
            entries.append((_word(key), node))
        return Map(tuple(entries))

    def value(self, key: str, value: Any) -> Node | None:
        kind = type(value)
        if kind is str:
            return self.string(key, value)
        if kind is list:
            return self.sequence(value)
        if value is None:
            return _word("")
        if kind is bool:
            return self.literal(key, "true" if value else "false")
        if kind is int:
            # Longer ones Python may refuse to write out (over 4,300 digits: ValueError).
            return self.literal(key, str(value)) if value.bit_length() <= _LONGEST else None
        return self.literal(key, repr(value)) if kind is float else None

    def string(self, key: str, value: str) -> Scalar | None:
        if not self.quotes:
            return Scalar(value)
        if self.stands(key, value):
            return Scalar(value)
        if self.stands(key, f'"{value}"') or self.stands(key, f"'{value}'"):
            return Scalar(value, plain=False)
        return None

    def literal(self, key: str, source: str) -> Scalar | None:
        return Scalar(source) if self.stands(key, source) else None

    def sequence(self, values: list[Any]) -> Seq | None:
        items: list[Node] = []
        for value in values:
            if type(value) is not str or value in _NULLS:
                return None
            if self.quotes and (f'{value}"' in self.text or f"{value}'" in self.text):
                return None
            items.append(_word(value))
        return Seq(tuple(items))

    def stands(self, key: str, source: str) -> bool:
        """Whether the text has the line ``key: source``, perhaps with a comment."""
        line = f"\n{key}: {source}"
        at = self.text.find(line)
        if at < 0:
            return False
        rest = self.text[at + len(line) : self.text.index("\n", at + len(line))].lstrip(" ")
        return not rest or (rest[0] == "#" and self.text[at + len(line)] == " ")


@lru_cache(maxsize=2048)
def _word(text: str) -> Scalar:
    """A plain scalar. Keys, tags and handles come again and again, and making a frozen value
    takes ten times as long as finding one."""
    return Scalar(text)


@cache
def _loader() -> Any:
    """yaml-rs's ``loads`` by way of the handler, None where it is not installed."""
    made = handler()
    return None if made is None else made.load


@cache
def handler() -> Any:
    """A python-frontmatter handler for our front matter, None without yaml-rs. Its
    ``export`` refuses: a dump of parsed values loses comments, quotes and layout."""
    try:
        import yaml_rs
        from frontmatter.default_handlers import BaseHandler
    except ImportError:
        return None

    class FrontMatterHandler(BaseHandler):
        FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)
        START_DELIMITER = END_DELIMITER = "---"

        def detect(self, text: str) -> bool:
            return split(text).present

        def split(self, text: str) -> tuple[str, str]:
            parts = split(text)
            if not parts.present or not parts.closed:
                raise ValueError("no front matter")
            return parts.yaml, parts.body

        def load(self, fm: str, **options: Any) -> Any:
            return yaml_rs.loads(fm, **{"parse_datetime": False, **options})

        def export(self, metadata: dict[str, object], **options: object) -> str:
            raise NotImplementedError("records are edited in place, never dumped")

    return FrontMatterHandler()
