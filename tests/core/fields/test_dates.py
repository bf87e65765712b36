"""Dates: what a person types, what they read, and nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.model import Span
from bluefs.core.when import (
    compare,
    is_zone,
    iso_when,
    late,
    near_when,
    parse_span,
    parse_when,
    render_when,
    shift,
    show_in_full,
    show_when,
    typed_range,
    typed_when,
    within,
    zone,
)

PARIS = zone("Europe/Paris")
NOW = datetime(2026, 11, 24, 9, 12, 34, tzinfo=PARIS)  # a Tuesday
WINTER, SUMMER = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WINTER)


TYPED: list[tuple[str, str]] = [
    ("today", "2026-11-24"), ("Tomorrow", "2026-11-25"), ("yesterday", "2026-11-23"),
    ("day after tomorrow", "2026-11-26"),
    ("fri", "2026-11-27"), ("Friday", "2026-11-27"), ("mon", "2026-11-30"),
    ("tue", "2026-12-01"), ("tuesday", "2026-12-01"),
    ("next week", "2026-11-30"), ("next month", "2026-12-01"), ("next year", "2027-01-01"),
    ("next fri", "2026-12-04"), ("next mon", "2026-11-30"), ("next tue", "2026-12-01"),
    ("last fri", "2026-11-20"), ("last tue", "2026-11-17"), ("this tue", "2026-11-24"),
    ("in 3 days", "2026-11-27"), ("in a week", "2026-12-01"), ("3 days ago", "2026-11-21"),
    ("+3d", "2026-11-27"), ("-1d", "2026-11-23"), ("+2w", "2026-12-08"),
    ("+1m", "2026-12-24"), ("+1y", "2027-11-24"), ("+ 3 days", "2026-11-27"),
    ("+3h", "2026-11-24T12:12"), ("in 90 minutes", "2026-11-24T10:42"),
    ("-30min", "2026-11-24T08:42"), ("now", "2026-11-24T09:12"),
    ("noon", "2026-11-24T12:00"), ("15:00", "2026-11-24T15:00"), ("8:05", "2026-11-24T08:05"),
    ("9am", "2026-11-24T09:00"), ("12am", "2026-11-24T00:00"), ("12 pm", "2026-11-24T12:00"),
    ("eow", "2026-11-29"), ("eom", "2026-11-30"), ("eoy", "2026-12-31"),
    ("end of the month", "2026-11-30"), ("weekend", "2026-11-28"),
    ("fri 15:00", "2026-11-27T15:00"), ("Fri, 15:00", "2026-11-27T15:00"),
    ("tomorrow 9am", "2026-11-25T09:00"), ("tomorrow at 9:30 pm", "2026-11-25T21:30"),
    ("9am tomorrow", "2026-11-25T09:00"), ("+3d 15:00", "2026-11-27T15:00"),
    ("2026-12-01", "2026-12-01"), ("2026-12-01 15:00", "2026-12-01T15:00"),
    ("2026-12-01T15:00", "2026-12-01T15:00"), ("2026-12-01 9am", "2026-12-01T09:00"),
    ("2026-12-01T14:00Z", "2026-12-01T15:00"), ("2026-12-1", "2026-12-01"),
    ("1 dec", "2026-12-01"), ("dec 1", "2026-12-01"), ("1st of December", "2026-12-01"),
    ("Dec 1, 2027", "2027-12-01"), ("1 nov", "2027-11-01"), ("24 nov", "2026-11-24"),
    ("29 feb", "2028-02-29"), ("mar 1", "2027-03-01"), ("1 dec 15:00", "2026-12-01T15:00"),
    ("Fri 27 Nov", "2026-11-27"), ("25/12/2026", "2026-12-25"), ("13/12/2026", "2026-12-13"),
    # French
    ("aujourd'hui", "2026-11-24"), ("Aujourd’hui", "2026-11-24"), ("demain", "2026-11-25"),
    ("après-demain", "2026-11-26"), ("apres demain", "2026-11-26"), ("hier", "2026-11-23"),
    ("avant-hier", "2026-11-22"),
    ("ven", "2026-11-27"), ("ven.", "2026-11-27"), ("vendredi", "2026-11-27"),
    ("mar", "2026-12-01"), ("lundi prochain", "2026-11-30"), ("vendredi prochain", "2026-12-04"),
    ("vendredi dernier", "2026-11-20"), ("ce mardi", "2026-11-24"),
    ("dans 3 jours", "2026-11-27"), ("dans une semaine", "2026-12-01"),
    ("il y a 3 jours", "2026-11-21"), ("dans 2 heures", "2026-11-24T11:12"),
    ("semaine prochaine", "2026-11-30"), ("la semaine prochaine", "2026-11-30"),
    ("le mois prochain", "2026-12-01"), ("fin du mois", "2026-11-30"),
    ("1 déc", "2026-12-01"), ("1 déc.", "2026-12-01"), ("1er décembre", "2026-12-01"),
    ("1er DECEMBRE 2027", "2027-12-01"), ("le 14 février", "2027-02-14"), ("3 août", "2027-08-03"),
    ("+3j", "2026-11-27"), ("+2sem", "2026-12-08"), ("+1 mois", "2026-12-24"),
    ("à 15h", "2026-11-24T15:00"), ("15h30", "2026-11-24T15:30"), ("midi", "2026-11-24T12:00"),
    ("demain à 15h30", "2026-11-25T15:30"), ("ven 9h", "2026-11-27T09:00"),
    ("mar. 1 déc. à 15h", "2026-12-01T15:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), TYPED)
def test_typed(text: str, meant: str) -> None:
    found = typed_when(text, NOW)
    assert found is not None
    assert render_when(found, PARIS) == meant


@pytest.mark.parametrize(
    "text",
    ["", " ", "1/12", "12/01/2026", "01.12.2026", "12-01", "3", "+3", "3d", "at 9", "à 9",
     "13pm", "25:00", "32 dec", "31 feb", "30 fév", "Wed 1 Dec", "next", "prochain", "someday",
     "midnight", "in days", "2026-13-45", "2026-02-29", "+99999y", "-99999y", "in 999999 weeks",
     "fri fri", "fri 15:00 16:00", "in 3 hours 15:00", "x" * 500, "1 dec 0000", "marche"],
)  # fmt: skip
def test_not_typed(text: str) -> None:
    assert typed_when(text, NOW) is None


def test_only_the_languages_asked_for() -> None:
    assert typed_when("demain", NOW, ("en",)) is None
    assert typed_when("tomorrow", NOW, ("fr",)) is None
    assert typed_when("mar", NOW, ("en",)) is None
    assert typed_when("+3j", NOW, ("en",)) is None


@pytest.mark.parametrize(
    ("today", "text", "meant"),
    [
        (date(2026, 11, 27), "fri", date(2026, 12, 4)),  # on a Friday: in seven days
        (date(2026, 11, 27), "this fri", date(2026, 11, 27)),
        (date(2026, 11, 29), "next week", date(2026, 11, 30)),
        (date(2026, 11, 29), "eow", date(2026, 11, 29)),
        (date(2026, 11, 29), "weekend", date(2026, 12, 5)),
        (date(2026, 1, 31), "+1m", date(2026, 2, 28)),
        (date(2024, 2, 29), "+1y", date(2025, 2, 28)),
        (date(2026, 12, 31), "eom", date(2026, 12, 31)),
        (date(2026, 12, 15), "next month", date(2027, 1, 1)),
    ],
)
def test_typed_on_other_days(today: date, text: str, meant: date) -> None:
    now = datetime(today.year, today.month, today.day, 23, 30, tzinfo=PARIS)
    assert typed_when(text, now) == meant


def test_today_is_that_of_the_zone() -> None:
    late_in_utc = datetime(2026, 11, 24, 23, 30, tzinfo=UTC).astimezone(PARIS)
    assert typed_when("today", late_in_utc) == date(2026, 11, 25)


RANGES: list[tuple[str, tuple[str | None, str | None] | None]] = [
    ("..+7d", (None, "2026-12-01")),
    ("fri..", ("2026-11-27", None)),
    ("today..eom", ("2026-11-24", "2026-11-30")),
    ("2026-12-01", ("2026-12-01", "2026-12-01")),
    ("tomorrow 9am..+3d", ("2026-11-25T09:00", "2026-11-27")),
    ("hier .. demain", ("2026-11-23", "2026-11-25")),
    ("this week", ("2026-11-23", "2026-11-29")),
    ("last week", ("2026-11-16", "2026-11-22")),
    ("Next  Week", ("2026-11-30", "2026-12-06")),
    ("this month..", ("2026-11-01", None)),
    ("..this month", (None, "2026-11-30")),
    ("last month..this week", ("2026-10-01", "2026-11-29")),
    ("next month", ("2026-12-01", "2026-12-31")),
    ("last year", ("2025-01-01", "2025-12-31")),
    ("this weekend", ("2026-11-28", "2026-11-29")),
    ("cette semaine", ("2026-11-23", "2026-11-29")),
    ("la semaine passée", ("2026-11-16", "2026-11-22")),
    ("Semaine dernière", ("2026-11-16", "2026-11-22")),
    ("le mois prochain", ("2026-12-01", "2026-12-31")),
    ("ce mois-ci", ("2026-11-01", "2026-11-30")),
    ("l’an dernier", ("2025-01-01", "2025-12-31")),
    ("l’année prochaine", ("2027-01-01", "2027-12-31")),
    ("ce week-end", ("2026-11-28", "2026-11-29")),
    ("next week..this week", None),
    ("..", None),
    ("", None),
    ("fri..x", None),
    ("x..fri", None),
    ("fri..today", None),
    ("1/12..", None),
]


@pytest.mark.parametrize(("text", "bounds"), RANGES)
def test_typed_range(text: str, bounds: tuple[str | None, str | None] | None) -> None:
    found = typed_range(text, NOW)
    shown = found and tuple(end and render_when(end, PARIS) for end in found)
    assert shown == bounds


@given(
    st.dates(date(1, 3, 1), date(9998, 1, 1)),
    st.sampled_from([("week", "semaine"), ("month", "mois"), ("year", "année")]),
)
def test_a_period_holds_its_day_and_touches_the_next(day: date, unit: tuple[str, str]) -> None:
    """This one holds today, and last, this and next follow each other without a gap; both
    languages mean the same."""
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    last, this, following = (
        typed_range(f"{word} {unit[0]}", now) for word in ("last", "this", "next")
    )
    assert last and this and following
    ends = [end for span in (last, this, following) for end in span]
    assert all(isinstance(end, date) for end in ends)
    assert this[0] <= day <= this[1]  # type: ignore[operator]
    assert this[0] - last[1] == following[0] - this[1] == timedelta(days=1)  # type: ignore[operator]
    feminine = unit[1] != "mois"
    french = typed_range(f"{unit[1]} {'prochaine' if feminine else 'prochain'}", now)
    assert french == following
    assert typed_range(f"{'cette' if feminine else 'ce'} {unit[1]}", now) == this


def test_a_command_wants_a_day() -> None:
    """What is set is one day: next week is its Monday, and this week none in particular."""
    assert typed_when("next week", NOW) == date(2026, 11, 30)
    assert typed_when("this week", NOW) is None
    assert typed_when("cette semaine", NOW) is None


def test_a_day_as_a_bound_counts_whole() -> None:
    first = date(2026, 12, 1)
    assert within(at("2026-12-01T23:59:59"), None, first, PARIS)
    assert not within(at("2026-12-02T00:00"), None, first, PARIS)
    assert within(at("2026-12-01T00:00"), first, None, PARIS)
    assert not within(at("2026-11-30T23:59"), first, None, PARIS)
    assert within(Span(date(2026, 11, 20), date(2026, 12, 9)), first, first, PARIS)
    assert not within(Span(date(2026, 11, 20), date(2026, 11, 30)), first, None, PARIS)


SHOWN = [
    (date(2026, 11, 24), "today", "aujourd’hui"),
    (at("2026-11-24T15:00"), "today 15:00", "aujourd’hui 15:00"),
    (date(2026, 11, 27), "Fri 27 Nov", "ven. 27 nov."),
    (date(2026, 12, 1), "Tue 1 Dec", "mar. 1 déc."),
    (date(2026, 12, 2), "2 Dec 2026", "2 déc. 2026"),
    (date(2027, 12, 1), "1 Dec 2027", "1 déc. 2027"),
    (at("2026-11-23T16:40"), "Mon 23 Nov 16:40", "lun. 23 nov. 16:40"),
    (date(2026, 11, 20), "Fri 20 Nov", "ven. 20 nov."),
    (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "Wed 25 Nov 00:30", "mer. 25 nov. 00:30"),
    (
        Span(date(2026, 12, 1), date(2026, 12, 5)),
        "Tue 1 Dec – 5 Dec 2026",
        "mar. 1 déc. – 5 déc. 2026",
    ),
    (Span(date(2026, 11, 27), date(2026, 11, 27)), "Fri 27 Nov", "ven. 27 nov."),
]


@pytest.mark.parametrize(("value", "english", "french"), SHOWN)
def test_show(value: date | datetime | Span, english: str, french: str) -> None:
    assert show_when(value, NOW) == english
    assert show_when(value, NOW, "fr") == show_when(value, NOW, "fr-CA") == french
    assert show_when(value, NOW, "de") == english


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (date(2026, 11, 24), None, None),
        (date(2026, 11, 23), "1 day late", "1 jour de retard"),
        (date(2026, 11, 21), "3 days late", "3 jours de retard"),
        (at("2026-11-24T15:00"), None, None),
        (at("2026-11-24T07:00"), "2 hours late", "2 heures de retard"),
        (at("2026-11-24T09:12"), "1 minute late", "1 minute de retard"),
        (at("2026-11-23T23:59"), "1 day late", "1 jour de retard"),
        (Span(date(2026, 11, 1), date(2026, 11, 24)), None, None),
        (Span(date(2026, 11, 1), date(2026, 11, 22)), "2 days late", "2 jours de retard"),
    ],
)
def test_late(value: date | datetime | Span, english: str | None, french: str | None) -> None:
    assert late(value, NOW) == english
    assert late(value, NOW, "fr") == french


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["en", "fr"]))
def test_what_is_shown_may_be_typed(day: date, language: str) -> None:
    if day != NOW.date() - timedelta(days=7) and abs((day - NOW.date()).days) > 7:
        assert typed_when(show_when(day, NOW, language), NOW) == day


def test_a_time_that_the_clocks_skip_has_the_offset_before_the_gap() -> None:
    skipped = parse_when("2026-03-29T02:30", PARIS)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert skipped is not None and render_when(skipped, PARIS) == "2026-03-29T03:30"


def test_a_time_that_the_clocks_show_twice_is_the_first() -> None:
    first = parse_when("2026-10-25T02:30", PARIS)
    second = parse_when("2026-10-25T02:30+01:00", PARIS)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert first != second and first is not None and second is not None
    assert render_when(first, PARIS) == "2026-10-25T02:30+02:00"
    assert render_when(second, PARIS) == "2026-10-25T02:30+01:00"
    assert compare(first, second, PARIS) == -1


def test_equal_instants_are_equal_and_hash_alike_in_the_night_of_the_change() -> None:
    """With zoneinfo's own tzinfo this fails (PEP 495, "inter-zone comparison")."""
    here = parse_when("2026-10-25T02:30+01:00", PARIS)
    there = parse_when("2026-10-25T01:30Z", zone("America/New_York"))
    assert here == there and hash(here) == hash(there)


def test_days_keep_the_wall_clock_and_hours_are_elapsed() -> None:
    eve = parse_when("2026-10-24T12:00", PARIS)
    assert eve is not None
    day_on, hours_on = shift(eve, "+1d", PARIS), shift(eve, "+24h", PARIS)
    assert day_on is not None and render_when(day_on, PARIS) == "2026-10-25T12:00"
    assert hours_on is not None and render_when(hours_on, PARIS) == "2026-10-25T11:00"


@pytest.mark.parametrize(
    ("value", "offset", "moved"),
    [
        (date(2026, 11, 24), "+7d", date(2026, 12, 1)),
        (date(2026, 11, 24), "7 days", date(2026, 12, 1)),
        (date(2026, 11, 24), "-1 week", date(2026, 11, 17)),
        (date(2026, 11, 24), "1 jour", date(2026, 11, 25)),
        (date(2026, 1, 31), "1 month", date(2026, 2, 28)),
        (date(2026, 11, 24), "+3h", at("2026-11-24T03:00")),
        (at("2026-11-24T15:00"), "2 days", at("2026-11-26T15:00")),
        (at("2026-11-24T15:00"), "-30 min", at("2026-11-24T14:30")),
        (date(2026, 11, 24), "soon", None),
        (date(2026, 11, 24), "+7", None),
        (date(9999, 12, 31), "+1d", None),
        (date(1, 1, 1), "-1m", None),
    ],
)
def test_shift(value: date | datetime, offset: str, moved: date | datetime | None) -> None:
    assert shift(value, offset, PARIS) == moved


def test_zones() -> None:
    assert zone("Europe/Paris") is zone("Europe/Paris")
    for name in ("Mars/Base", "", "../../etc/passwd", "Europe", "/etc/localtime", "a\0b"):
        assert zone(name) is UTC and not is_zone(name)
    assert is_zone("UTC") and is_zone("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12/01/2026", ["2026-12-01", "2026-01-12"]),
        ("12-01-2026 15:00", ["2026-12-01T15:00", "2026-01-12T15:00"]),
        ("25/12/2026", ["2026-12-25"]),
        ("2026.12.1", ["2026-12-01"]),
        ("2026-12/01", []),
        ("2026-12-01", []),
        ("1 dec", []),
        ("99/99/2026", []),
    ],
)
def test_near(text: str, readings: list[str]) -> None:
    assert [render_when(when, PARIS) for when in near_when(text, PARIS)] == readings


_PLACES = st.sampled_from(
    ["UTC", "Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "Africa/Monrovia", "Asia/Beirut"]
).map(zone)
_MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))
_WHENS = st.one_of(st.dates(), _MOMENTS)


@settings(max_examples=400, deadline=None)
@given(_WHENS, _PLACES)
def test_a_file_says_every_moment_of_every_zone(value: date | datetime, place: object) -> None:
    here = zone("UTC") if place is None else place
    text = render_when(value, here)  # type: ignore[arg-type]
    assert parse_when(text, here) == value  # type: ignore[arg-type]
    assert parse_when(iso_when(value, here), here) == value  # type: ignore[arg-type]


_EDGES = st.datetimes(
    timezones=st.sampled_from([-14, 0, 14]).map(lambda h: timezone(timedelta(hours=h)))
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.dates(),
        _EDGES,
        st.sampled_from([datetime.min, datetime.max]).map(lambda d: d.replace(tzinfo=UTC)),
    )
)
def test_every_date_is_shown(value: date | datetime) -> None:
    for place in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        now = NOW.astimezone(zone(place))
        assert show_when(value, now)
        assert late(value, now) is None or "late" in str(late(value, now))


@settings(max_examples=300, deadline=None)
@given(_WHENS, _WHENS, _WHENS)
def test_compare_is_a_total_order(
    a: date | datetime, b: date | datetime, c: date | datetime
) -> None:
    def order(x: date | datetime, y: date | datetime) -> int:
        return compare(x, y, PARIS)

    assert order(a, b) == -order(b, a)
    assert (order(a, b) == 0) == (type(a) is type(b) and a == b)
    if order(a, b) <= 0 and order(b, c) <= 0:
        assert order(a, c) <= 0


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=24), _PLACES)
def test_no_text_raises(text: str, place: object) -> None:
    now = datetime(2026, 11, 24, 9, 12, tzinfo=place)  # type: ignore[arg-type]
    for found in (typed_when(text, now), parse_when(text, PARIS), shift(now, text)):
        assert found is None or isinstance(found, date)
    typed_range(text, now)
    parse_span(text, PARIS)
    near_when(text, PARIS)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_dates_in_full_tell_every_day_from_every_other(one: date, other: date) -> None:
    for language in ("en", "fr", "de"):
        same = show_in_full(one, UTC, language) == show_in_full(other, UTC, language)
        assert same == (one == other)


def test_a_span_in_full() -> None:
    span = Span(date(2026, 12, 1), date(2026, 12, 5))
    assert show_in_full(span, UTC) == "Tue 1 Dec 2026 – Sat 5 Dec 2026"
    assert show_in_full(Span(span.start, span.start), UTC, "fr") == "mar. 1 déc. 2026"
