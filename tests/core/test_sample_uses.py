"""Each use that the sample shows has what somebody with that use in mind would try, whatever
day of the week they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bluefs.app.start import SAMPLE_DAY, brought_to
from bluefs.cli.init import TEMPLATES
from bluefs.core.matching import finder, loose
from bluefs.core.model import Context, Record
from bluefs.core.query import parse_query
from bluefs.core.rules.template import merge_fields
from bluefs.core.short import Short
from tests.core.sample import CONFIG, FILES, PROJECTS, READINGS, RECORDS, RULES, read_all

PARIS = ZoneInfo("Europe/Paris")
MORNING = datetime(2026, 11, 24, 9, 12, tzinfo=PARIS)


def of(project: str) -> list[Record]:
    return [record for record in RECORDS.values() if record.project == project]


def asked(query: str, records: list[Record], now: datetime = MORNING) -> list[Record]:
    context = Context(CONFIG, now, find=finder(records))
    return [r for r in records if parse_query(query).matches(r, context)]


def has_emoji(text: str) -> bool:
    return any(ord(c) > 0x1F000 or c in "☕⛴" for c in text)


def has_accent(text: str) -> bool:
    return any(c.isalpha() and not c.isascii() for c in text)


def words(project: str) -> str:
    """The project's titles, lists, items and comments."""
    texts = [*CONFIG.projects[project].lists]
    for record in of(project):
        texts += [record.title, record.body, *(item.text for item in record.items)]
    return " ".join(texts)


def files_of(project: str) -> list[str]:
    return [path for path in FILES if path.startswith(f"{project}/_files/")]


#: what -> how many of it each use has at least, counted by project.
WANTED: dict[str, tuple[int, Callable[[str], int]]] = {
    "records": (14, lambda p: len(of(p))),
    "lists": (4, lambda p: len(CONFIG.projects[p].lists)),
    "views": (2, lambda p: len(CONFIG.projects[p].views)),
    "rules in force": (5, lambda p: sum(rule.enabled for rule in CONFIG.rules[p])),
    "rules that write": (3, lambda p: sum(rule.outward for rule in CONFIG.rules[p])),
    "open": (8, lambda p: len(asked("is:open", of(p)))),
    "done": (3, lambda p: len(asked("is:done", of(p)))),
    "overdue": (1, lambda p: len(asked("is:overdue", of(p)))),
    "due today": (1, lambda p: len(asked("is:today", of(p)))),
    "due within a week": (1, lambda p: len(asked("is:open due:today..+7d", of(p)))),
    "blocked": (1, lambda p: len(asked("is:blocked", of(p)))),
    "of nobody": (1, lambda p: len(asked("is:open assignee:nobody", of(p)))),
    "with a start": (1, lambda p: len(asked("has:start", of(p)))),
    "coloured": (2, lambda p: len(asked("has:color", of(p)))),
    "with forty items": (1, lambda p: sum(len(r.items) >= 40 for r in of(p))),
    "with three comments": (1, lambda p: sum(len(r.comments) >= 3 for r in of(p))),
    "answered from outside": (
        1, lambda p: sum(any(c.author not in CONFIG.workspace.people for c in r.comments)
                         for r in of(p)),
    ),
    "long titles": (1, lambda p: sum(len(r.title) > 80 for r in of(p))),
    "emoji": (1, lambda p: sum(map(has_emoji, words(p)))),
    "accents": (1, lambda p: sum(map(has_accent, words(p)))),
    "attachments": (2, lambda p: len(files_of(p))),
    "templates": (2, lambda p: sum(t.startswith(f"{p}/_templates/") for t in CONFIG.templates)),
}  # fmt: skip


@pytest.mark.parametrize("what", WANTED)
@pytest.mark.parametrize("project", PROJECTS)
def test_a_use_has_what_one_would_try(project: str, what: str) -> None:
    least, count = WANTED[what]
    assert count(project) >= least


def test_there_are_about_eighty_records_and_more_than_twelve_rules() -> None:
    assert 75 <= len(RECORDS) <= 90
    assert sum(rule.enabled for rule in RULES) >= 12


def test_the_templates_of_init_are_the_projects_and_the_empty_one() -> None:
    assert sorted(TEMPLATES) == sorted([*PROJECTS, "empty"])
    assert set(CONFIG.projects) == set(PROJECTS)


def test_a_picture_and_a_pdf_are_there_and_small() -> None:
    magic = {".pdf": b"%PDF-1.", ".png": b"\x89PNG\r\n\x1a\n"}
    paths = [path for project in PROJECTS for path in files_of(project)]
    for ending, start in magic.items():
        found = [path for path in paths if path.endswith(ending)]
        assert len(found) >= 4
        assert all(FILES[path].startswith(start) for path in found)
    assert all(0 < len(FILES[path]) < 10_000 for path in paths)


def test_content_is_coloured_by_urgency_and_works_towards_a_launch() -> None:
    colours = {"High": "red", "Normal": "amber", "Low": "green"}
    open_ones = asked("is:open has:urgency", of("content"))
    assert {r.values["urgency"] for r in open_ones} == set(colours)
    for record in open_ones:
        assert record.values["color"] == colours[str(record.values["urgency"])], record.title
    launches = {record.values["launch"] for record in asked("has:launch", of("content"))}
    (launch,) = asked("kind:Launch", of("content"))
    assert launches == {launch.values["launch"]}
    assert len(launch.tuple_of("blocked_by")) >= 3


@pytest.mark.parametrize("project", ["tasks", "recruiting", "content"])
def test_something_is_due_on_every_working_day_of_the_week(project: str) -> None:
    """``init`` sets the sample's Tuesday at most six days back."""
    for ahead in (0, 1, 2, 3, 6):
        assert asked("is:open is:today", of(project), MORNING + timedelta(days=ahead)), ahead


def test_nothing_has_happened_in_the_future() -> None:
    for record in RECORDS.values():
        for comment in record.comments:
            when = comment.at
            assert (when.date() if isinstance(when, datetime) else when) <= SAMPLE_DAY


@pytest.mark.parametrize("project", PROJECTS)
def test_the_id_that_a_list_shows_means_one_record(project: str) -> None:
    """``bluefs show page`` must not be in doubt because another title has "page" in it."""
    records = of(project)
    short = Short(record.name for record in records)
    for record in records:
        begin = loose(short.of(record.name))
        assert [o.title for o in records if o is not record and begin in loose(o.title)] == []


def test_invented_people_have_invented_addresses() -> None:
    """Every address in the sample is below .example (RFC 2606)."""
    for path, data in FILES.items():
        if path.endswith((".md", ".yaml", ".csv")):
            for word in data.decode().split():
                assert "@" not in word[1:] or ".example" in word, (path, word)
                assert "://" not in word or ".example" in word, (path, word)


def test_subjects_in_rules_and_templates_agree() -> None:
    """The rule's subject wins; the template's would mislead whoever edits it."""
    import yaml

    for path in FILES:
        if not path.endswith("/automations.yaml"):
            continue
        for rule in yaml.safe_load(FILES[path]):
            for step in rule["then"]:
                mail = step.get("send_email", {}) if isinstance(step, dict) else {}
                if "template" not in mail or mail["subject"].startswith("Once more"):
                    continue
                text = CONFIG.templates[path.replace("automations.yaml", f"_templates/{mail['template']}")]  # fmt: skip
                assert f'subject: "{mail["subject"]}"' in text
                assert list(merge_fields(text))


# --- brought to the present --------------------------------------------------------------


def days_in(record: Record) -> list[date | datetime]:
    """Every date of a record: of its keys, its items and its comments."""
    found = [v for v in record.values.values() if isinstance(v, (date, datetime))]
    found += [item.due for item in record.items if item.due is not None]
    return [*found, *(comment.at for comment in record.comments)]


@pytest.mark.parametrize(
    ("today", "weeks"),
    [
        (date(2026, 11, 24), 0), (date(2026, 11, 30), 0), (date(2026, 12, 1), 1),
        (date(2026, 11, 23), -1), (date(2027, 6, 3), 27), (date(2031, 2, 28), 222),
    ],
)  # fmt: skip
def test_all_dates_move_by_whole_weeks_and_nothing_else(today: date, weeks: int) -> None:
    files = brought_to(FILES, today)
    move = timedelta(weeks=weeks)
    assert SAMPLE_DAY + move <= today < SAMPLE_DAY + move + timedelta(weeks=1)
    assert {path for path in FILES if files[path] != FILES[path]} <= set(READINGS)
    _, readings = read_all(files)
    for path, reading in readings.items():
        old, new = RECORDS[path], reading.record
        assert new is not None and not reading.problems
        for was, now in zip(days_in(old), days_in(new), strict=True):
            assert has_moved(was, now, move)
        assert len(files[path]) == len(FILES[path])
        differ = [k for k, v in old.values.items() if new.values[k] != v]
        assert all(isinstance(old.values[k], (date, datetime)) for k in differ)
        assert [i.text for i in new.items] == [i.text for i in old.items]
        assert list(new.values) == list(old.values)
    assert brought_to(files, SAMPLE_DAY - move) == FILES


def has_moved(was: date | datetime, now: date | datetime, by: timedelta) -> bool:
    """By the clock on the wall, which summer time does not move; of a moment that was typed
    with its offset, as that was typed."""
    if not isinstance(was, datetime) or not isinstance(now, datetime):
        return was + by == now
    wall = now.replace(tzinfo=None) - was.replace(tzinfo=None)
    return by in (wall, now.astimezone(UTC) - was.astimezone(UTC))
