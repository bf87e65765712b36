"""The kind ``duration``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.bounds import holds, parse_bounds
from bluefs.core.fields.computed import Computed
from bluefs.core.fields.elapsed import FORMS, parse_elapsed, show_elapsed
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.options import Reader
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Map, Node, Scalar, scalars
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

_PICKS = ("first", "last")


class Duration(Computed):
    """The time between two events of a record, from its history. This version keeps the field
    and does not compute it yet.

    Options: ``from`` and ``to`` are events as rules name them: ``created``, ``completed``,
    ``{moved: Closed won}``, ``{changed: due}``, ``{tagged: Urgent}``, ``{assigned: ana}``; with
    ``pick: first`` (without it) or ``last`` of several. ``target`` is how long it should take
    (``30 days``). ``show`` is ``full`` (3 days 4 hours), ``compact`` (3d 4h), ``clock``
    (76:05:00), ``days``, ``hours``, ``minutes`` or ``seconds``.
    """

    word = "duration"
    takes = ("from", "to", "target", "show")
    ordered = True
    figure = True
    pending = True

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.word("show", FORMS)
        for option in ("from", "to"):
            _read_event(reader, option)
        target = reader.text("target")
        if target is not None:
            seconds = parse_elapsed(target)
            if seconds is None:
                wrong = fault(codes.ELAPSED, entries["target"], "values.opt.target")
                reader.faults.append(wrong)
            else:
                reader.found["target"] = seconds
        return reader.result()

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        return [f for option in ("from", "to") for f in _names(entries.get(option), setting, lists)]

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        if not isinstance(value, Decimal):
            return ""
        return show_elapsed(value, str(field.options.get("show", "full")), setting.language)

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        """Whole seconds."""
        return value.to_integral_value() if isinstance(value, Decimal) else None

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        bounds = parse_bounds(operand, parse_elapsed)
        if bounds is None:
            return fault(codes.ELAPSED, Scalar(operand), "values.elapsed", text=brief(operand))
        return isinstance(value, Decimal) and holds(bounds, value)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Never, Numbers

        bounds = parse_bounds(asked.bounds, parse_elapsed)
        return Never() if bounds is None else Numbers(bounds.low, bounds.high, asked.is_apart)

    def is_backwards(self, field: FieldDef, low: str, high: str, setting: Setting) -> bool:
        first, last = parse_elapsed(low), parse_elapsed(high)
        return first is not None and last is not None and first > last


def _read_event(reader: Reader, option: str) -> None:
    """An event of a duration: a trigger's word, or a map of it and perhaps ``pick``. It is
    kept as (word, names, pick)."""
    node = reader.entries.get(option)
    if node is None or (isinstance(node, Scalar) and node.is_null):
        missing: Node = Map(()) if node is None else node
        key = "values.opt.event.missing"
        reader.faults.append(fault(codes.FIELD_OPTION, missing, key, option=option))
        return
    entries = node.entries if isinstance(node, Map) else ((node, None),)
    words = [(k, v) for k, v in entries if isinstance(k, Scalar) and k.text != "pick"]
    pick = node.get("pick") if isinstance(node, Map) else None
    picked = pick.text if isinstance(pick, Scalar) else _PICKS[0] if pick is None else ""
    if len(words) != 1 or picked not in _PICKS:
        at = node if picked in _PICKS or pick is None else pick
        key = "values.opt.event" if picked in _PICKS else "values.opt.pick"
        reader.faults.append(fault(codes.FIELD_OPTION, at, key, option=option))
        return
    word, behind = words[0]
    if not _is_event(word.text, behind is not None):
        reader.faults.append(_no_event(word))
        return
    reader.found[option] = (nfc(word.text), tuple(one.text for one in scalars(behind)), picked)


def _is_event(word: str, has_options: bool) -> bool:
    from bluefs.core.rules.triggers import TRIGGERS

    found = TRIGGERS.get(word)
    return found is not None and (has_options or found.shape.bare)


def _no_event(word: Scalar) -> Fault:
    from bluefs.core.rules.triggers import TRIGGERS

    if TRIGGERS.get(word.text) is not None:
        key = "values.opt.event.bare"
        return fault(codes.FIELD_OPTION, word, key, word=word.text)
    near = nearest(word.text[:60], TRIGGERS.words())
    hint = say("values.opt.event.near", word=near) if near is not None else None
    hint = hint or say("values.opt.event.are", words=names(TRIGGERS.words()))
    return fault(
        codes.FIELD_OPTION, word, "values.opt.event.none", word=brief(word.text), hint=hint
    )


def _names(node: Node | None, setting: Setting, lists: Collection[str]) -> Iterator[Fault]:
    """Lists and fields that the project does not have."""
    for word, behind in node.entries if isinstance(node, Map) else ():
        known: Collection[str] = ()
        if word.text == "moved":
            known, key = lists, "values.opt.no_list"
        elif word.text in ("changed", "cleared", "pressed"):
            from bluefs.core.model import BUILTIN_KEYS

            known = [*setting.project.fields, *BUILTIN_KEYS, "description"]
            key = "values.opt.no_field"
        for one in scalars(behind) if known else ():
            if nfc(one.text) not in known:
                near = nearest(one.text[:60], known)
                hint = say("values.opt.near", name=near) if near else names(known)
                yield fault(codes.FIELD_OPTION, one, key, name=brief(one.text), hint=hint)


KIND = Duration()
