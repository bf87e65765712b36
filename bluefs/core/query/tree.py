"""The syntax tree of a query, and how it is written down again.

Owns the shapes: frozen values without any meaning in them, so that the evaluation in memory
and a later translation to SQL read the same tree. It knows no configuration, no record and no
clock. Trees are canonical: ``both``, ``either`` and ``negate`` flatten and cancel, so that
``parse(render(tree)) == tree`` holds for every tree made by them. Columns count characters
from 1 in the text that was parsed and never make two trees differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Literal
from bluefs.core.patterns import pattern

Operator = Literal[":", "=", "<", ">"]


def _column() -> int:
    return field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """One value as typed, without its quotes: ``Urgent``, ``+7d``, ``Open deals``."""

    text: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Range:
    """``low..high``, both ends included; one of them may be open (None). ``due<=+7d`` is
    ``due:..+7d``."""

    low: str | None
    high: str | None
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Unset:
    """The bare word ``none``: the key has no value."""

    column: int = _column()


Operand = Text | Range | Unset


@dataclass(frozen=True, slots=True)
class Compare:
    """``key:operand``. ``=`` asks for the whole of a text, where ``:`` finds a part; ``<`` and
    ``>`` leave the end itself out. These three have a Text. The key is as typed: what it names is
    known only with a project."""

    key: str
    operand: Operand
    operator: Operator = ":"
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Is:
    """``is:word``; the word is one of ``IS_WORDS``' values (``late`` reads ``overdue``)."""

    word: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Has:
    """``has:key``: the key is set."""

    key: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Search:
    """Words without a key: their text in the title, the body or a comment."""

    text: str
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree
    column: int = _column()


@dataclass(frozen=True, slots=True)
class And:
    """All of several parts. Without parts it holds for every record (the empty query)."""

    parts: tuple[Tree, ...]
    column: int = _column()


@dataclass(frozen=True, slots=True)
class Or:
    """One of at least two parts."""

    parts: tuple[Tree, ...]
    column: int = _column()


Tree = Compare | Is | Has | Search | Not | And | Or
Leaf = Compare | Is | Has | Search

#: What may stand behind ``is:``, and the word of the tree that it means.
IS_WORDS = {
    "open": "open",
    "done": "done",
    "overdue": "overdue",
    "late": "overdue",
    "today": "today",
    "blocked": "blocked",
    "unblocked": "unblocked",
}


@dataclass(frozen=True, slots=True)
class SortKey:
    """``sort:-due``: by this key, the greatest first where ``descending``. Records without
    the key come last either way."""

    key: str
    descending: bool = False
    column: int = _column()

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


def both(parts: Iterable[Tree]) -> Tree:
    """Their conjunction; of one part, the part itself."""
    flat: list[Tree] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else (part,))
    return flat[0] if len(flat) == 1 else And(tuple(flat), flat[0].column if flat else 1)


def either(parts: Iterable[Tree]) -> Tree:
    """Their disjunction; of one part, the part itself. Raises ValueError without parts: no
    query says *never*."""
    flat: list[Tree] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else (part,))
    if not flat:
        raise ValueError("a disjunction needs a part")
    return flat[0] if len(flat) == 1 else Or(tuple(flat), flat[0].column)


def negate(part: Tree, column: int = 1) -> Tree:
    """Its negation; of a negation, what it negates."""
    return part.part if isinstance(part, Not) else Not(part, column)


def leaves(tree: Tree) -> Iterator[Leaf]:
    """The comparisons and words, in the order of the text."""
    if isinstance(tree, (And, Or)):
        for part in tree.parts:
            yield from leaves(part)
    elif isinstance(tree, Not):
        yield from leaves(tree.part)
    else:
        yield tree


# A value or word that reads back as itself without quotes.
_BARE_VALUE = pattern(r'(?:(?!\.\.)[^\s()",])+')
_BARE_WORD = pattern(r'(?!(?:or|and|not|OR|AND|NOT)$)(?![|&]+$)[^\s()":=<>!\-][^\s()":=<>!]*')
#: ``12,000``: a number with a thousands separator, or two values? Nobody can tell.
THOUSANDS = pattern(r"(?<!\w)\d{1,3}(?:,\d{3})+(?!\w)")


def quoted(text: str) -> str:
    """In double quotes, with ``\\`` before a quote and before itself."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def render_value(text: str) -> str:
    """A value behind a key, in quotes where it would not read back otherwise."""
    return text if _BARE_VALUE.fullmatch(text) and text != "none" else quoted(text)


def render_operand(operand: Operand) -> str:
    """The operand as it stands behind ``key:``."""
    if isinstance(operand, Unset):
        return "none"
    if isinstance(operand, Text):
        return render_value(operand.text)
    low, high = (_end(end) for end in (operand.low, operand.high))
    return f"{low}..{high}"


def _end(text: str | None) -> str:
    if text is None:
        return ""
    bare = _BARE_VALUE.fullmatch(text) and not (text.startswith(".") or text.endswith("."))
    return text if bare else quoted(text)


def render(tree: Tree) -> str:
    """The tree as a query. ``parse(render(tree)) == tree`` for canonical trees."""
    if isinstance(tree, And):
        return " ".join(_conjunct(part) for part in tree.parts)
    if isinstance(tree, Or):
        return " or ".join(_grouped(tree))
    if isinstance(tree, Not):
        return _negated(tree.part)
    if isinstance(tree, Compare):
        value = render_operand(tree.operand)
        if tree.operator != ":" and value.startswith(("=", "<", ">", "!", "~", ":")):
            value = quoted(value)  # or it would read as `<=`, or as a slip
        return f"{tree.key}{tree.operator}{value}"
    if isinstance(tree, Is):
        return f"is:{tree.word}"
    if isinstance(tree, Has):
        return f"has:{tree.key}"
    return tree.text if _BARE_WORD.fullmatch(tree.text) else quoted(tree.text)


def _negated(part: Tree) -> str:
    alone = not isinstance(part, (And, Or)) or (isinstance(part, Or) and len(_grouped(part)) == 1)
    return f"-{render(part)}" if alone else f"not ({render(part)})"


def _conjunct(part: Tree) -> str:
    joined = isinstance(part, Or) and len(_grouped(part)) > 1
    return f"({render(part)})" if joined else render(part)


def _grouped(tree: Or) -> list[str]:
    """The sides of a disjunction. Neighbours that ask one key with ``:`` are one side,
    ``tag:a,b``, unless ``1,000`` would come of it, which is refused as a doubt."""
    sides: list[str] = []
    for key, run in groupby(tree.parts, key=_question):
        parts = list(run)
        joined = ",".join(_answer(part) for part in parts)
        if key and not THOUSANDS.search(joined):
            sides.append(f"{key}:{joined}")
        else:
            sides.extend(_conjunct(part) for part in parts)
    return sides


def _question(part: Tree) -> str:
    if isinstance(part, Compare) and part.operator == ":":
        return part.key
    return "is" if isinstance(part, Is) else "has" if isinstance(part, Has) else ""


def _answer(part: Tree) -> str:
    if isinstance(part, Compare):
        return render_operand(part.operand)
    return part.word if isinstance(part, Is) else part.key if isinstance(part, Has) else ""
