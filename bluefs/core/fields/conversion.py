"""The kind ``conversion``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields import field_of, kind_of
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.computed import OF_HISTORY
from bluefs.core.fields.currency import KIND as CURRENCY
from bluefs.core.fields.date import Date
from bluefs.core.fields.decimals import LONGEST, render_decimal
from bluefs.core.fields.derived import (
    Derived,
    Lookup,
    circle_fault,
    currencies_of,
    lacks_currency,
    order_of,
)
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.options import Reader
from bluefs.core.layout import RATES
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import FieldDef, Project, Span, Value
from bluefs.core.money import CURRENCIES, minor_digits
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.words import say

_WIDE = Context(prec=200)
#: Dates of a record that only its history knows and that are not had from it yet.
_LATER = ("completed",)


class Conversion(Derived):
    """An amount in another currency, worked out by a file of exchange rates; nobody writes it.

    Options: ``of`` is the field with the amount (a currency field, a formula shown as currency,
    another conversion), ``to`` the ISO 4217 code of the currency wanted. ``rates`` is the
    name of a file in the project's folder, else in the workspace's (``rates.csv`` without it). ``at``
    is the key of a date of the record, such as ``due``, or ``created`` or ``updated``, which the
    history says: the newest rate on or before that day
    counts. Without ``at``, it is the newest rate of all; with it, a record without that date
    has no value. The amount is rounded to the smallest coin of the currency, half up.
    """

    word = "conversion"
    takes = ("of", "to", "at", "rates")
    summed = True
    shown = CURRENCY

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        for option in ("of", "at"):
            text = reader.text(option)
            if text:
                reader.found[option] = nfc(text)
            elif text == "":
                reader.refuse(option, "computed.key")
        _read_target(reader)
        _read_rates(reader)
        if reader.text("of") is None:
            at = entries.get("of", Map(()))
            reader.faults.append(fault(codes.FIELD_OPTION, at, "computed.of.missing"))
        return reader.result()

    def made_of(self, field: FieldDef) -> Sequence[str]:
        return [str(field.options[name]) for name in ("of", "at") if name in field.options]

    def dates(self, field: FieldDef) -> tuple[str, ...]:
        at = field.options.get("at")
        return (str(at),) if at in OF_HISTORY else ()

    def completed(self, field: FieldDef, project: Project, lookup: Lookup) -> Mapping[str, object]:
        source, target = _source(field, project), field.options.get("currency")
        if source is None or target is None:
            return {}
        if source == target:
            return {"source": source}
        file = lookup(str(field.options.get("rates", RATES)))
        if file is None:
            return {"source": source}
        if file[1].broken:
            return {"source": source, "told": True}
        found = file[1].series(source, str(target))
        if found is None:
            return {"source": source, "file": file[0]}
        return {"source": source, "file": file[0], "series": found[0], "inverse": found[1]}

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        project = setting.project
        of, at = entries.get("of"), entries.get("at")
        found = list(_judge_amount(field, of, project))
        found += _judge_date(field, at, project)
        return found or list(_judge_rates(field, entries))

    def work_out(self, field: FieldDef, values: Mapping[str, Value], setting: Setting) -> Value:
        options = field.options
        amount = values.get(str(options.get("of")))
        if not isinstance(amount, Decimal) or "source" not in options:
            return None
        target = str(options["currency"])
        if options["source"] == target:
            return _rounded(amount, target)
        day = _day(values.get(str(options["at"])), setting) if "at" in options else None
        series = options.get("series")
        if not isinstance(series, str) or ("at" in options and day is None):
            return None
        from bluefs.core.rates import rate_at

        rate = rate_at(series, day)
        if rate is None:
            return None
        inverse = options.get("inverse")
        return _rounded(
            _WIDE.divide(amount, rate) if inverse else _WIDE.multiply(amount, rate), target
        )

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return CURRENCY.show(field, value, setting)


def _rounded(amount: Decimal, currency: str) -> Decimal | None:
    coin = Decimal(1).scaleb(-minor_digits(currency))
    found = amount.quantize(coin, ROUND_HALF_UP, _WIDE)
    return (found or found.copy_abs()) if len(render_decimal(found)) <= LONGEST else None


def _day(value: Value, setting: Setting) -> date | None:
    """Of a range the first day; of a moment its day in the workspace's zone."""
    when = value.start if isinstance(value, Span) else value
    if isinstance(when, datetime):
        try:
            return when.astimezone(setting.config.workspace.zone).date()
        except OverflowError:  # the last hours that a calendar has
            return when.date()
    return when if isinstance(when, date) else None


def _source(field: FieldDef, project: Project) -> str | None:
    met = currencies_of([str(field.options.get("of"))], project)
    return next(iter(met), None)


def _read_target(reader: Reader) -> None:
    code = reader.text("to")
    if code is None:
        at = reader.entries.get("to", Map(()))
        reader.faults.append(fault(codes.FIELD_OPTION, at, "computed.to.missing"))
    elif code in CURRENCIES:
        reader.found["currency"] = code
    else:
        known = code.upper() if code.upper() in CURRENCIES else None
        wrong = fault(codes.FIELD_OPTION, reader.entries["to"], "computed.to", mend=known)
        reader.faults.append(wrong)


def _read_rates(reader: Reader) -> None:
    text = reader.text("rates")
    if text is None:
        return
    if not text.endswith(RATES) or "/" in text or text.startswith((".", "_")):
        reader.refuse("rates", "computed.rates")
    else:
        reader.found["rates"] = nfc(text)


def _judge_amount(field: FieldDef, node: Node | None, project: Project) -> Iterator[Fault]:
    if not isinstance(node, Scalar) or "of" not in field.options:
        return
    key = str(field.options["of"])
    usable = [one for one in project.fields if currencies_of([one], project) and one != field.key]
    if currencies_of([key], project) and key in usable:
        return
    circle = order_of(project).circles.get((field.key, key))
    if circle is not None:
        yield circle_fault(node, circle)
    elif not lacks_currency([key], project):
        known = project.fields.get(key)
        word = "computed.no_field" if known is None else "computed.no_amount"
        kind = "" if known is None else known.kind
        hint = _near(key, usable, "computed.amounts")
        yield fault(codes.FORMULA_NAME, node, word, hint=hint, name=brief(key), kind=kind)


def _judge_date(field: FieldDef, node: Node | None, project: Project) -> Iterator[Fault]:
    if not isinstance(node, Scalar) or "at" not in field.options:
        return
    key = str(field.options["at"])
    if key in OF_HISTORY:
        return
    known = field_of(key, project)
    if known is not None and isinstance(kind_of(known), Date):
        return
    if key in _LATER:
        yield fault(codes.FORMULA_NAME, node, "computed.of_history", name=key)
        return
    dates = [
        "due",
        "start",
        *OF_HISTORY,
        *(k for k, f in project.fields.items() if isinstance(kind_of(f), Date)),
    ]
    word = "computed.no_field" if known is None else "computed.no_date"
    kind = "" if known is None else known.kind
    hint = _near(key, dates, "computed.dates")
    yield fault(codes.FORMULA_NAME, node, word, hint=hint, name=brief(key), kind=kind)


def _near(text: str, known: Sequence[str], otherwise: str) -> str | None:
    near = nearest(text[:60], known)
    if near is not None:
        return say("computed.near", name=near)
    return say(otherwise, names=names(known)) if known else None


def _judge_rates(field: FieldDef, entries: Mapping[str, Node]) -> Iterator[Fault]:
    options = field.options
    if "source" not in options or options["source"] == options["currency"] or "series" in options:
        return
    if "told" in options or ("rates" in entries and "rates" not in options):
        return  # the file or its name is wrong, which is told
    if "file" not in options:
        at = entries.get("rates") or entries.get("to", Map(()))
        yield fault(codes.NO_RATES, at, "computed.rates.none", name=options.get("rates", RATES))
    else:
        yield fault(
            codes.NO_RATE, entries.get("to", Map(())), "computed.rates.pair",
            source=options["source"], target=options["currency"], file=options["file"],
        )  # fmt: skip


KIND = Conversion()
