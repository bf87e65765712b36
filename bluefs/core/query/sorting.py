"""The order of records: what ``sort:`` asks for, and the records' own order below it.

Owns the order in memory; ``sql.ordering`` is its twin.

Law: total and stable. Two records are never left to chance, because the path decides last;
records without a value come after the others, also where the order is descending.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from bluefs.core.hints import TYPE_CHECKING, Any
from bluefs.core.model import Config, Context, FieldDef, Project, Record, Span, Value
from bluefs.core.query.tree import SortKey

if TYPE_CHECKING:
    from bluefs.core.query import Query
    from bluefs.core.query.names import Subject

_START = datetime.min.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)

#: Keys whose texts are not compared as names are.
_FORMS = frozenset({"position", "body", "text", "comments", "checklist"})
#: Something that compares with its like: (sort of value, value).
Rank = tuple[Any, ...]


def order(records: Iterable[Record], query: Query | None, context: Context) -> list[Record]:
    """The records in the query's order; where it asks for none, those first that hold its
    words best (``ranking``). Among equals: projects and lists as on screen, in a list by
    (position, id), then records without a position by their name."""
    found = sorted(records, key=_own_order(context.config))
    if query is None:
        return found
    if not query.sort:
        from bluefs.core.query.ranking import needles_of, rank

        needles = needles_of(query.tree)
        return sorted(found, key=lambda one: rank(one, needles)) if needles else found
    for key in reversed(query.sort):
        found = _by(key, found, context)
    return found


def _own_order(config: Config) -> Callable[[Record], Rank]:
    projects = {key: n for n, key in enumerate(config.projects)}
    lists = {
        (project.key, name): n
        for project in config.projects.values()
        for n, name in enumerate(project.lists)
    }
    last = len(lists)

    def rank(record: Record) -> Rank:
        position = record.values.get("position")
        placed = isinstance(position, str)
        return (
            projects.get(record.project, len(projects)),
            _folded(record.project),
            lists.get((record.project, record.list or ""), last),
            _folded(record.list or ""),
            not placed,
            position if placed else _folded(record.path.rpartition("/")[2].removesuffix(".md")),
            record.id or "",
            record.path,
        )

    return rank


def _by(key: SortKey, records: list[Record], context: Context) -> list[Record]:
    """Sorted by one key; Python's sort is stable, also in reverse."""
    ranks: dict[str, Callable[[Record], Rank | None]] = {}
    ranked: list[tuple[Rank, Record]] = []
    unset: list[Record] = []
    for record in records:
        rank_of = ranks.get(record.project)
        if rank_of is None:
            rank_of = ranks[record.project] = _rank_of(key.key, record, context)
        rank = rank_of(record)
        if rank is None:
            unset.append(record)
        else:
            ranked.append((rank, record))
    ranked.sort(key=lambda pair: pair[0], reverse=key.descending)
    return [record for _, record in ranked] + unset


def _rank_of(key: str, record: Record, context: Context) -> Callable[[Record], Rank | None]:
    from bluefs.core.query.names import project_for, subject_of

    project = project_for(record, context.config)
    subject = subject_of(key, project)
    if subject is None:
        return lambda _: None
    known = subject
    declared = places(known, project, context.config)
    short_first = is_short_first(known)

    def rank(one: Record) -> Rank | None:
        value = rested(known.field, known.read(one), project, context)
        if value is None or value == "" or value == ():
            return None
        place = declared.get(value) if isinstance(value, str) else None
        if place is not None:
            return 0, place
        if known.field is None and known.key in _FORMS:
            return _rank_of_form(known.key, value)
        if short_first and isinstance(value, str):
            folded, text = _folded(value)
            return 5, (f"{len(folded) + len(text):04}{folded}", text)
        return _rank(value, context)

    return rank


def is_short_first(subject: Subject) -> bool:
    if subject.field is None:
        return False
    from bluefs.core.fields import kind_of

    return kind_of(subject.field).short_first


def rested(field: FieldDef | None, value: Value, project: Project, context: Context) -> Value:
    """What a value that names or shows other records is put in order by: their titles, and of a
    set of ordered values the least."""
    if field is None or not (project.references or project.lookups):
        return value
    from bluefs.core.fields import kind_of
    from bluefs.core.fields.base import Setting

    setting = Setting(context.config, project, refer=context.refer)
    return kind_of(field).ranked(field, value, setting)


def places(subject: Subject, project: Project, config: Config) -> dict[str, int]:
    """Where a value stands: names whose order is that of the configuration: lists, projects, options."""
    if subject.field is None:
        names: Iterable[str] = ()
        if subject.key == "list":
            names = project.lists
        elif subject.key == "project":
            names = config.projects
        return {name: n for n, name in enumerate(names)}
    from bluefs.core.fields import kind_of

    kind = kind_of(subject.field)
    return {} if kind.many else {name: n for n, name in enumerate(kind.order(subject.field))}


def _rank_of_form(key: str, value: Value) -> Rank:
    """Of a position as it stands; of long texts by what a search sees of them."""
    from bluefs.core.query.folding import needle

    if isinstance(value, tuple):
        return 4, tuple((needle(part), "") for part in value)
    return 5, (str(value) if key == "position" else needle(str(value)), "")


def _rank(value: Value, context: Context) -> Rank:
    """Comparable across projects, where one key may be of several kinds."""
    if isinstance(value, bool):
        return 1, value
    if isinstance(value, Decimal):
        return 2, value
    if isinstance(value, Span):
        return _rank(value.start, context)
    if isinstance(value, date):
        return 3, *moment_of(value, context.now.tzinfo)
    if isinstance(value, tuple):
        return 4, tuple(_folded(part) for part in value)
    return 5, _folded(str(value))


def moment_of(value: date, zone: tzinfo | None) -> tuple[date, bool, int]:
    """A day before the moments in it, and these to the microsecond."""
    if not isinstance(value, datetime):
        return value, False, 0
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    try:
        day = aware.astimezone(zone).date()
    except OverflowError:  # the first or the last hours of the calendar
        day = value.date()
    return day, True, (aware - _START) // _TICK


def _folded(text: str) -> tuple[str, str]:
    """In a person's order: case and accents last."""
    from bluefs.core.query.folding import needle

    return needle(text), text
