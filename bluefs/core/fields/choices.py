"""What select and multi_select share: the options of project.yaml, and finding one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault
from bluefs.core.fields.color import read_color
from bluefs.core.fields.decimals import parse_decimal
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.options import truth
from bluefs.core.fields.sets import quote_flow
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.matching import slip_of
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Question

Options = Mapping[str, str | None]  # name -> colour, in the order on screen


def parse_choices(kind: str, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
    """The option ``options``: a list of names or a map from name to colour."""
    node = entries.get("options")
    if node is None or (isinstance(node, Scalar) and node.is_null):
        missing = Map(()) if node is None else node
        key = "values.opt.options.missing"
        return {"options": {}}, [fault(codes.FIELD_OPTION, missing, key, kind=kind)]
    if isinstance(node, Scalar):
        return {"options": {}}, [fault(codes.FIELD_OPTION, node, "values.opt.options")]
    found: dict[str, str | None] = {}
    faults: list[Fault] = []
    folded: dict[str, str] = {}
    for name, color in _pairs(node):
        problem = _add(found, folded, name, color)
        if problem is not None:
            faults.append(problem)
    return {"options": found}, faults


def _pairs(node: Map | Seq) -> Iterable[tuple[Node, Node | None]]:
    return node.entries if isinstance(node, Map) else ((item, None) for item in node.items)


def _add(
    found: dict[str, str | None], folded: dict[str, str], name: Node, color: Node | None
) -> Fault | None:
    if not isinstance(name, Scalar) or not name.text.strip():
        return fault(codes.FIELD_OPTION, name, "values.opt.options")
    key, text = fold_text(name.text), name.text.strip()
    if key in folded:
        message = "values.opt.options.twice"
        return fault(codes.FIELD_OPTION, name, message, text=text, other=folded[key])
    folded[key] = text
    found[text] = None
    if color is None or (isinstance(color, Scalar) and color.is_null):
        return None
    value = read_color(color) if isinstance(color, Scalar) else None
    if value is None:
        shown = color.text if isinstance(color, Scalar) else ""
        return fault(codes.FIELD_OPTION, color, "values.opt.colour", text=brief(shown))
    found[text] = value
    return None


def options_of(field: FieldDef) -> Options:
    found = field.options.get("options")
    return found if isinstance(found, Mapping) else {}


@lru_cache(maxsize=64)
def _folded(all_names: tuple[str, ...]) -> dict[str, str]:
    return {fold_text(name): name for name in reversed(all_names)}


def spelled(field: FieldDef, text: str) -> str | None:
    """The option that this text means, whatever its case and accents."""
    options = options_of(field)
    if text in options:
        return text
    return _folded(tuple(options)).get(fold_text(text))


def typed_choice(field: FieldDef, text: str) -> str | None:
    """The option that a person types, in a command or a query: also the only one that begins
    so, or that has a word which does."""
    exact = spelled(field, text)
    if exact is not None:
        return exact
    begun = _begun(text, tuple(options_of(field)))
    return begun[0] if len(begun) == 1 else None


@lru_cache(maxsize=1024)
def _begun(text: str, all_names: tuple[str, ...]) -> tuple[str, ...]:
    """The options that begin with the text; where none does, those with a word that does."""
    wanted, folded = fold_text(text).strip(), _folded(all_names)
    if not wanted:
        return ()
    pairs = list(reversed(folded.items()))  # as they are declared
    begun = tuple(name for folds, name in pairs if folds.startswith(wanted))
    return begun or tuple(name for folds, name in pairs if _has_word(folds, wanted))


def _has_word(text: str, beginning: str) -> bool:
    """Whether it stands in the text where a word begins."""
    at = text.find(beginning)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(beginning, at + 1)
    return at >= 0


def not_an_option(field: FieldDef, node: Node, text: str) -> Fault:
    """A text that is none of the options as they are spelled; mended where only the spelling
    is another."""
    options = options_of(field)
    right = spelled(field, text)
    meant = right or _slip(text, tuple(options))
    mend = None if meant is None else quote_flow(meant)
    hint = say("values.option.hint", options=names(options)) if options else None
    begun = () if right else _begun(text, tuple(options))
    close = begun[0] if begun else None if right else _close(text, tuple(options))
    if len(begun) > 1:
        hint = say("values.option.several", options=names(begun))
    elif close is not None:
        hint = say("values.option.close", close=close, options=names(options))
    if right is not None:
        hint = None
    return fault(
        codes.OPTION, node, "values.option",
        text=brief(text), field=field.key, hint=hint, mend=mend, options=names(options),
    )  # fmt: skip


#: Names that a mistyped one is held against: each costs a tenth of a millisecond.
_COMPARED = 60


@lru_cache(maxsize=1024)
def _slip(text: str, all_names: tuple[str, ...]) -> str | None:
    return slip_of(text, all_names) if len(all_names) <= _COMPARED else None


@lru_cache(maxsize=1024)
def _close(text: str, all_names: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches

    folded, wanted = _folded(all_names), fold_text(text)[:80]
    found = get_close_matches(wanted, _alike(wanted, folded), 1, 0.75)
    return folded[found[0]] if found else None


def _alike(wanted: str, folded: Mapping[str, str]) -> list[str]:
    """Of many names, those that begin or end like the text and are about as long."""
    if len(folded) <= _COMPARED:
        return list(folded)
    size, begin, end = len(wanted), wanted[:2], wanted[-3:]
    near = [n for n in folded if n.startswith(begin) or n.endswith(end)]
    near.sort(key=lambda name: (abs(len(name) - size) > 2, not name.endswith(end)))
    return near[:_COMPARED]


def ask_choice(field: FieldDef, text: str) -> Question:
    """What a query asks of the options: the one that is meant, or a pattern."""
    from bluefs.core.fields.questions import Exactly, Like, Never

    if "*" in text:
        return Like(text)
    found = typed_choice(field, text)
    return Never() if found is None else Exactly(found)


def color_of(field: FieldDef, value: Value) -> str | None:
    """The colour of an option, of several that of the first."""
    first = value[0] if isinstance(value, tuple) and value else value
    return options_of(field).get(first) if isinstance(first, str) else None


def schema_names(options: Options) -> list[object]:
    """The names as JSON Schema's enum: also as what an editor's YAML reader takes a plain
    ``2024`` or ``true`` for."""
    found: list[object] = []
    for name in options:
        found.append(name)
        number = parse_decimal(name)
        if name in ("true", "false"):
            found.append(truth(name))
        elif number is not None:
            found.append(int(number) if number == int(number) else number)
    return found
