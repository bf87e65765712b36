"""The shape of a trigger or an action, as data: reader, schema and manual agree by it.

The shape law (docs/format.md): a bare word has no options; a scalar or a list gives the main
option; a map gives all of them. A Part is a frozen dataclass with one attribute for each
option, named like it (with ``_`` behind a word of Python's own: ``from_``). So reading one,
and listing the names it refers to, is written once, here.
"""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from types import MappingProxyType

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import ClassVar, Literal, Self

#: What an option holds. ``list``, ``tag``, ``person`` and ``template`` name things; the
#: field-like ones name keys, each for its own purpose; ``recipient`` is whoever gets a mail;
#: ``text`` may hold merge fields; ``operand`` is what a query has behind a key.
Sort = Literal[
    "list", "tag", "person", "template", "project",
    "changed", "cleared", "pressed", "set", "clear",
    "recipient", "text", "operand", "value", "flag",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """``many``: a scalar or a list, any of them or all of them. ``later``: in the format, not
    carried out by this version."""

    sort: Sort
    many: bool = False
    required: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """``bare``: the word alone means something. ``open``: a map of keys to values (``set``)."""

    bare: bool = False
    main: str | None = None
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    open: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """One ``KEY: VALUE``. No texts: not set. ``many`` where a YAML list stood."""

    key: str
    texts: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Args:
    """What stood behind a trigger's or an action's word: texts by option, or assignments."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    pairs: tuple[Assignment, ...] = ()


class Part:
    """What triggers and actions have in common."""

    word: ClassVar[str]
    shape: ClassVar[Shape]

    @classmethod
    def of(cls, args: Args) -> Self:
        """The part with these options. The reader has checked them against the shape."""
        if cls.shape.open:
            return cls(args.pairs)  # type: ignore[call-arg]
        given = {
            attribute(name): _value(cls.shape.options[name], texts)
            for name, texts in args.texts.items()
        }
        return cls(**given)

    def names(self) -> tuple[tuple[str, str], ...]:
        """What it refers to, as (sort, name): ("list", "Won"), ("tag", "Urgent"),
        ("set", "deal_value"), ("person", "ana"), ("template", "offer.md")."""
        found: list[tuple[str, str]] = []
        for name, option in self.shape.options.items():
            held = getattr(self, attribute(name), None)
            texts = held if isinstance(held, tuple) else (held,)
            found.extend((option.sort, text) for text in texts if isinstance(text, str))
        return tuple(found)


def attribute(option: str) -> str:
    """The Python name of an option: ``from_`` for ``from``."""
    return f"{option}_" if iskeyword(option) else option


def _value(option: Option, texts: tuple[str, ...]) -> object:
    if option.many:
        return texts
    if option.sort == "flag":
        return texts == ("true",)
    return texts[0] if texts else None
