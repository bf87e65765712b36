"""The kind ``date``, also behind the built-in keys ``start`` and ``due``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Plainly, Setting
from bluefs.core.fields.bounds import Bounds, parse_bounds
from bluefs.core.fields.faults import brief, fault, one_text
from bluefs.core.fields.options import Reader
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Span, Value
from bluefs.core.nodes import Node, Plain, Scalar, Writable
from bluefs.core.patterns import pattern
from bluefs.core.when import (
    PATTERN,
    When,
    first_instant,
    in_order,
    iso_when,
    last_instant,
    near_when,
    parse_span,
    parse_when,
    render_when,
    show_when,
    typed_bound,
    typed_range,
    typed_when,
)
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: ``27/11``: some write the day first, some the month.
_SLASHED = pattern(r"\s*\d{1,2}/\d{1,2}(?:/\d{2,4})?\b")
_BETWEEN = pattern(r"\s*(?:/|\.\.|(?<=\s)(?:-|–|—|to|until|au|à)(?=\s))\s*")
#: A day with or without a time, in digits, whether or not there is such a day and time.
_SHAPED = pattern(r"(?P<day>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:[Tt ]\s*[0-9].*)?")


class Date(Kind):
    """A day (``2026-12-01``), a moment (``2026-12-01T15:00``, in the workspace's zone or with
    its own offset) or a range of either (``2026-12-01/2026-12-05``, both included).

    Options: ``range: true`` takes two dates (one alone is a range of one day); ``time: true``
    wants a time with each, ``time: false`` refuses it, without the option both will do;
    ``calendar: true`` puts the field on the calendar.
    """

    word = "date"
    takes = ("time", "range", "calendar")
    ordered = True

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        for option in self.takes:
            reader.yes_no(option)
        return reader.result()

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        text = one_text(field, node)
        if not isinstance(text, str):
            return text
        zone = setting.config.workspace.zone
        value = parse_when(text, zone) or (parse_span(text, zone) if "/" in text else None)
        if value is None:
            return _unread(field, node, text, zone)
        return _fit(field, node, value)

    def plainly(self, field: FieldDef) -> Plainly:
        return "" if field.options.get("range") else "day"

    def sure(self, field: FieldDef) -> str | None:
        wanted = field.options.get("time")
        clock = "[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
        tail = clock if wanted is True else "" if wanted is False else f"(?:{clock})?"
        return f"[12][0-9]{{3}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]){tail}"

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        node, zone = Scalar(text), setting.config.workspace.zone
        value: When | Span | None = _typed(text, setting)
        if value is None and field.options.get("range"):
            ends = [_typed(end, setting) for end in _BETWEEN.split(text.strip())]
            if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
                if not in_order(ends[0], ends[1], zone):
                    return _wrong_order(node, ends[0], ends[1], zone)
                value = Span(ends[0], ends[1])
        if value is not None:
            return _fit(field, node, value)
        found = _unread(field, node, text, zone)
        if found.mend or near_when(text, zone) or found.code is not codes.DATE:
            return found
        if _SHAPED.fullmatch(text.strip()):
            return found  # 30 February: not how it is written is wrong
        hint = say("values.date.slash" if _SLASHED.match(text) else "values.date.typed")
        return fault(codes.DATE, node, "values.date", text=brief(text), hint=hint)

    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        return Plain(self.csv(field, value, setting))

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        known = _when(value)
        return "" if known is None else render_when(known, setting.config.workspace.zone)

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        known = _when(value)
        return None if known is None else iso_when(known, setting.config.workspace.zone)

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        known = _when(value)
        if known is None:
            return ""
        if setting.now is None:
            return render_when(known, setting.config.workspace.zone)
        return show_when(known, setting.now, setting.language)

    def schema(self, field: FieldDef) -> dict[str, object]:
        pattern = f"{PATTERN}(/{PATTERN})?" if field.options.get("range") else PATTERN
        return {"type": ["string", "null"], "pattern": f"^{pattern}$"}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        """A day as a bound counts with its whole day; a range holds if part of it lies within.
        ``<x`` and ``>x`` are wholly before and after it."""
        bounds: Bounds[When | Span] | None = parse_bounds(
            operand, lambda text: _bound(text, setting)
        )
        if bounds is None:
            hint = _no_such_day(operand) or say(_of_bounds(operand), key=field.key, text=operand)
            node = Scalar(operand)
            return fault(codes.DATE, node, "values.date", text=brief(operand), hint=hint)
        known, zone = _when(value), setting.config.workspace.zone
        if known is None:
            return False
        low, high = bounds.low, bounds.high
        if bounds.open_low and low is not None:
            return first_instant(known, zone) > last_instant(low, zone)
        if bounds.open_high and high is not None:
            return last_instant(known, zone) < first_instant(high, zone)
        if low is not None and last_instant(known, zone) < first_instant(low, zone):
            return False
        return high is None or first_instant(known, zone) <= last_instant(high, zone)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        """Days, moments and spans: a day counts whole, a span matches if a part of it does."""
        from bluefs.core.fields.questions import Dates, Never

        found = None if setting.now is None else typed_range(asked.text, setting.now)
        if found is None:
            return Never()
        low, high = found
        if not asked.is_apart:
            return Dates(low, high)
        return Dates(low, None, True) if asked.operator == "<" else Dates(None, high, True)

    def is_backwards(self, field: FieldDef, low: str, high: str, setting: Setting) -> bool:
        return setting.now is not None and typed_range(f"{low}..{high}", setting.now) is None


def _of_bounds(operand: str) -> str:
    """Of ``due:next week`` a shell leaves ``next``."""
    from bluefs.core.when.names import begins_phrase

    return "values.date.phrase" if begins_phrase(operand) else "values.date.bounds"


def _no_such_day(operand: str) -> str | None:
    """What to say of 30 February."""
    days = _DAY.findall(operand)
    wrong = next((day for day in days if parse_when(day, UTC) is None), None)
    return None if wrong is None else say("values.date.none", day=wrong)


def _when(value: Value) -> When | Span | None:
    return value if isinstance(value, date | Span) else None


def _typed(text: str, setting: Setting) -> When | None:
    zone = setting.config.workspace.zone
    if setting.now is None:
        return parse_when(text, zone)
    return typed_when(text, setting.now.astimezone(zone))


def _bound(text: str, setting: Setting) -> When | Span | None:
    """As `_typed`; also a period, which is all of its days."""
    if setting.now is None:
        return _typed(text, setting)
    return typed_bound(text, setting.now.astimezone(setting.config.workspace.zone))


def _fit(field: FieldDef, node: Node, value: When | Span) -> Value | Fault:
    """The value in the shape that the field's options ask for."""
    is_range = bool(field.options.get("range"))
    if isinstance(value, Span) and not is_range:
        return fault(codes.DATE_SHAPE, node, "values.one_date", field=field.key)
    ends = (value.start, value.end) if isinstance(value, Span) else (value,)
    wanted = field.options.get("time")
    for end in ends:
        if wanted is True and not isinstance(end, datetime):
            day = end.isoformat()
            return fault(codes.DATE_SHAPE, node, "values.moment_wanted", field=field.key, day=day)
        if wanted is False and isinstance(end, datetime):
            hint = say("values.write", text=end.date().isoformat())
            return fault(codes.DATE_SHAPE, node, "values.day_wanted", field=field.key, hint=hint)
    return Span(value, value) if is_range and not isinstance(value, Span) else value


def _unread(field: FieldDef, node: Node, text: str, zone: tzinfo) -> Fault:
    """What is wrong with a text that is no date, and what it most likely means."""
    ends = _BETWEEN.split(text.strip())
    pair = [parse_when(end, zone) for end in ends]
    if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
        return _wrong_range(field, node, text, pair[0], pair[1], zone)
    meant = near_when(text, zone)
    if len(meant) == 1:
        return _almost(node, text, mend=render_when(meant[0], zone))
    if len(meant) == 2:
        one, other = (render_when(when, zone) for when in meant)
        return _almost(node, text, hint=say("values.write_either", one=one, other=other))
    return _almost(node, text, hint=_hint(field, text, zone))


def _almost(node: Node, text: str, *, hint: str | None = None, mend: str | None = None) -> Fault:
    return fault(codes.DATE, node, "values.date", text=brief(text), hint=hint, mend=mend)


def _hint(field: FieldDef, text: str, zone: tzinfo) -> str:
    shaped = _SHAPED.fullmatch(text.strip())
    if shaped is not None:
        day = near_when(shaped["day"], zone) or parse_when(shaped["day"], zone)
        said = "values.date.none" if not day else "values.date.no_time"
        return say(said, day=shaped["day"])
    some_day = datetime(2026, 11, 24, 9, 0, tzinfo=zone)
    if typed_when(text, some_day) is not None:
        return say("values.date.relative")
    return say("values.range" if field.options.get("range") else "values.date.hint")


def _wrong_range(
    field: FieldDef, node: Node, text: str, start: When, end: When, zone: tzinfo
) -> Fault:
    if not field.options.get("range"):
        return fault(codes.DATE_SHAPE, node, "values.one_date", field=field.key)
    if not in_order(start, end, zone):
        return _wrong_order(node, start, end, zone)
    return _almost(node, text, mend=f"{render_when(start, zone)}/{render_when(end, zone)}")


def _wrong_order(node: Node, start: When, end: When, zone: tzinfo) -> Fault:
    low, high = render_when(end, zone), render_when(start, zone)
    return fault(codes.DATE_ORDER, node, "values.order", low=low, high=high)


KIND = Date()
