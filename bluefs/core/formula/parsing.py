"""A formula's text -> its program, or what is wrong with it and where.

Owns the only use of lark for formulas (it is imported when one is parsed, which happens when
project.yaml is read anew) and the words for a parser's stop. Refuses to know fields: whether a
name is one is judged where the project is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from bluefs.core.formula import FUNCTIONS, LONGEST_FORMULA, Program, Step
from bluefs.core.formula.grammar import GRAMMAR
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import TYPE_CHECKING, Any
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import EMPTY
from bluefs.core.patterns import pattern
from bluefs.core.words import say

if TYPE_CHECKING:
    from lark import Lark

#: Characters of a number in a formula: as many as a field may hold.
_LONGEST_NUMBER = 64
#: How like a function a mistyped one is (difflib's ratio): ROUND is not COUNT (0.6).
_SLIP = 0.7
_WORD = pattern(r"\w+|.", re.S)
#: What people type for an operator, and what to write.
_ALIKE = {
    "×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", ":": "/", "−": "-", "–": "-", "—": "-",
}  # fmt: skip
#: Characters for which the catalogue has a hint of their own.
_HINTS = {
    ",": "comma", ";": "semicolon", "=": "equals", "{": "braces", "[": "braces", '"': "text", "'": "text",
    "$": "sign", "€": "sign", "£": "sign", ")": "closing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A field's name at its place in the text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    program: Program
    mentions: tuple[Mention, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Each once, in the order of the text."""
        return tuple(dict.fromkeys(one.name for one in self.mentions))


@dataclass(frozen=True, slots=True)
class FormulaFault:
    """What is wrong, as keys of the catalogue with their fields, since faults are kept and
    languages change: the message, a hint where it has none of its own, and the offsets of the text
    at fault."""

    start: int
    end: int
    key: str
    fields: Mapping[str, Any]
    hint_key: str | None = None
    hint_fields: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def hint(self) -> str | None:
        return None if self.hint_key is None else say(self.hint_key, **self.hint_fields)


@lru_cache(maxsize=256)
def parse_formula(text: str) -> Parsed | FormulaFault:
    """Never raises, whatever the text is."""
    if not text.strip():
        return FormulaFault(0, len(text), "computed.empty", {})
    if len(text) > LONGEST_FORMULA:
        return FormulaFault(0, 1, "computed.long", {"count": LONGEST_FORMULA})
    from lark.exceptions import UnexpectedInput

    try:
        raw: Any = _lark().parse(text)
    except UnexpectedInput as stop:
        token = getattr(stop, "token", None)
        ended = token is not None and token.type == "$END"
        return _stop(text, None if ended else getattr(stop, "pos_in_stream", None))
    return _finish(raw)


@cache
def _lark() -> Lark:
    """Rules are built while the parser reduces, so that nothing recurses."""
    from lark import Lark

    builder: Any = _builder()
    return Lark(
        GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False, transformer=builder
    )


def _builder() -> object:
    """Each rule gives the steps of its part: (word, token or number of operands)."""
    from lark import Transformer

    def joined(sign: str) -> Any:
        def join(_: object, parts: list[list[Any]]) -> list[Any]:
            first, *rest = parts
            for part in rest:
                first.extend(part)
            first.append((sign, len(parts)))
            return first

        return join

    def one(word: str) -> Any:
        return lambda _, parts: [(word, parts[0])]

    def call(_: object, parts: list[Any]) -> list[Any]:
        name, first, *rest = parts
        for part in rest:
            first.extend(part)
        first.append(("call", name, 1 + len(rest)))
        return list(first)

    signs = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "remainder": "%",
             "power": "^", "negate": "negate"}  # fmt: skip
    rules: dict[str, Any] = {rule: joined(sign) for rule, sign in signs.items()}
    rules |= {"number": one("number"), "name": one("name"), "call": call}
    rules["start"] = lambda _, parts: parts[0]
    return type("Builder", (Transformer,), rules)()


def _finish(raw: Sequence[Any]) -> Parsed | FormulaFault:
    """The steps with their meaning; the first fault by its place."""
    steps: list[Step] = []
    mentions: list[Mention] = []
    faults: list[FormulaFault] = []
    for word, what, *more in raw:
        if word == "number":
            if len(what) > _LONGEST_NUMBER:
                fields = {"count": _LONGEST_NUMBER}
                faults.append(_fault(what, "computed.number_long", fields))
            else:
                steps.append(("number", Decimal(str(what))))
        elif word == "name":
            mentions.append(Mention(nfc(str(what)), what.start_pos, what.end_pos))
            steps.append(("field", mentions[-1].name))
        elif word == "call":
            found = _call(what, more[0])
            (faults if isinstance(found, FormulaFault) else steps).append(found)  # type: ignore[arg-type]
        else:
            steps.append((word, what))
    if faults:
        return min(faults, key=lambda one: one.start)
    return Parsed(tuple(steps), tuple(sorted(mentions, key=lambda one: one.start)))


def _call(token: Any, count: int) -> Step | FormulaFault:
    word = str(token).upper()
    least = FUNCTIONS.get(word)
    if least is None:
        near = nearest(str(token)[:60].upper(), FUNCTIONS, _SLIP)
        hint = ("computed.near", {"name": near}) if near else None
        hint = hint or ("computed.functions", {"names": ", ".join(FUNCTIONS)})
        return _fault(token, "computed.no_function", {"name": str(token)[:60]}, *hint)
    if count < least:
        return _fault(token, "computed.arguments", {"name": word, "least": least})
    return word, count


def _fault(
    token: Any,
    key: str,
    fields: Mapping[str, Any],
    hint: str | None = None,
    hint_fields: Mapping[str, Any] = EMPTY,
) -> FormulaFault:
    return FormulaFault(token.start_pos, token.end_pos, key, fields, hint, hint_fields)


def _stop(text: str, offset: int | None) -> FormulaFault:
    """The parser met something that cannot stand at this offset (None: the text ended)."""
    if offset is None or offset >= len(text.rstrip()):
        end = len(text.rstrip())
        hint = "computed.ends.percent" if text.rstrip().endswith("%") else None
        return FormulaFault(end, end + 1, "computed.ends", {}, hint)
    found = _WORD.match(text, offset)
    word = found[0] if found is not None else text[offset]
    before = text[:offset].rstrip()
    shown = word if word.isprintable() else repr(word)[1:-1]
    fields = {"text": shown[:60]}
    return FormulaFault(offset, offset + len(word), "computed.stop", fields, *_hint(word, before))


def _hint(word: str, before: str) -> tuple[str | None, Mapping[str, Any]]:
    if word == "*" and before.endswith("*"):
        return "computed.write", {"text": "^"}
    if word[0] in _ALIKE:
        return "computed.write", {"text": _ALIKE[word[0]]}
    if word[0] in _HINTS:
        return f"computed.hint.{_HINTS[word[0]]}", {}
    if before.endswith("%"):
        return "computed.ends.percent", {}
    joins = word[0].isalnum() or word[0] in "_(."
    if joins and before and (before[-1].isalnum() or before[-1] in "_)"):
        return "computed.hint.between", {}
    return None, {}
