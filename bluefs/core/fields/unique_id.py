"""The kind ``unique_id``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.options import Reader, count_of
from bluefs.core.fields.sets import quote_flow
from bluefs.core.fields.text import ANY_SCALAR, TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.patterns import pattern

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

_STYLES = ("sequential", "random")
_PREFIX = pattern(r"[^\s\x00-\x1f\x7f]{0,20}")
_WORD = pattern(r"[^\s\x00-\x1f\x7f-\x9f]{1,60}")
MOST = 12  # digits
_RANDOM = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
_USUAL = 6  # characters of a random one


class UniqueId(TextLike):
    """A number that no other record of the project has: ``DEAL-001``. The engine gives it with
    the record's next commit, ``check --fix`` to all that have none, and it is kept; ``7`` is enough
    where a person types one.

    Options: ``style`` is ``sequential`` (without it) or ``random``; ``prefix`` stands before
    each; ``digits`` is how long the number is at least (filled up with zeros), or the random
    part; ``start`` is the first number, ``last`` the last one given, so that no number is given
    twice.
    """

    word = "unique_id"
    alone = False
    takes = ("style", "prefix", "digits", "start", "last")
    settable = False
    unique = True
    short_first = True

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.word("style", _STYLES)
        reader.count("digits", 1, MOST)
        reader.count("start", 0, 10**MOST)
        reader.count("last", 0, 10**MOST)
        prefix = reader.text("prefix")
        if prefix is not None:
            if _PREFIX.fullmatch(prefix) and not isinstance(entries["prefix"], Mapping):
                reader.found["prefix"] = prefix
            else:
                reader.refuse("prefix", "values.opt.prefix")
        return reader.result()

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        tidy = text.strip()
        if _WORD.fullmatch(tidy):
            return tidy
        return fault(codes.UNIQUE_ID, node, "values.unique_id", text=brief(text), form=form(field))

    def notes(self, field: FieldDef, node: Node, setting: Setting) -> list[Fault]:
        """A number of another form stands: the prefix may be younger than the record."""
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if not text or is_of_form(field, text):
            return []
        number = number_of(field, text)
        mend = None if number is None else quote_flow(nth(field, number))
        key = "values.unique_id.form"
        return [fault(codes.UNIQUE_FORM, node, key, text=brief(text), form=form(field), mend=mend)]

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        number = number_of(field, text)
        return self.read(
            field, Scalar(text), text if number is None else nth(field, number), setting
        )

    def schema(self, field: FieldDef) -> dict[str, object]:
        return {"type": list(ANY_SCALAR), "pattern": rf"^\s*({_WORD.pattern})?\s*$"}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        number = number_of(field, operand)
        return super().test(
            field, value, operand if number is None else nth(field, number), setting
        )

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        """The number as it stands, or its digits alone."""
        from bluefs.core.fields.questions import Written

        number = number_of(field, asked.text)
        return Written(asked.text if number is None else nth(field, number), whole=True)


def is_sequential(field: FieldDef) -> bool:
    return field.options.get("style") != "random"


def _prefix(field: FieldDef) -> str:
    return str(field.options.get("prefix") or "")


def nth(field: FieldDef, number: int) -> str:
    """``DEAL-007`` for 7."""
    return f"{_prefix(field)}{number:0{count_of(field.options, 'digits') or 1}}"


def number_of(field: FieldDef, text: str) -> int | None:
    """The number in a sequential id, with its prefix or without; None where there is none."""
    prefix, tidy = _prefix(field), text.strip()
    if prefix and tidy.casefold().startswith(prefix.casefold()):
        tidy = tidy[len(prefix) :]
    if not is_sequential(field) or not (tidy.isascii() and tidy.isdigit() and len(tidy) <= MOST):
        return None
    return int(tidy)


def is_of_form(field: FieldDef, text: str) -> bool:
    """Whether it looks as if it had been given."""
    if is_sequential(field):
        number = number_of(field, text)
        return number is not None and nth(field, number) == text
    rest = text.removeprefix(_prefix(field))
    return text.startswith(_prefix(field)) and bool(rest) and all(c in _RANDOM for c in rest)


def form(field: FieldDef) -> str:
    """One of them, for a hint."""
    if is_sequential(field):
        return nth(field, count_of(field.options, "start") or 1)
    return _prefix(field) + "k7h3q2m0x4tw"[: count_of(field.options, "digits") or _USUAL]


def next_number(field: FieldDef, held: Iterable[str]) -> int:
    """The number after all that were ever given: those that records hold, and ``last``."""
    known = [number for text in held if (number := number_of(field, text)) is not None]
    start = count_of(field.options, "start")
    first = 1 if start is None else start
    last = count_of(field.options, "last")
    return max([first - 1, *([] if last is None else [last]), *known]) + 1


def random_one(field: FieldDef, new_id: Callable[[], str], longer: int = 0) -> str:
    """Characters of fresh record ids (``new_id``) behind the prefix."""
    count = (count_of(field.options, "digits") or _USUAL) + longer
    chars = "".join(new_id()[1:] for _ in range(1 + count // 9))  # an id begins with a letter
    return _prefix(field) + chars[:count]


KIND = UniqueId()
