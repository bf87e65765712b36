"""Which fields of a record want a number, and the numbers of many at once.

Owns the choice: above every number that is known, and never one of those. Refuses to know where
numbers are kept; `app.numbers` gives them before a commit, `app.numbering` for `check --fix`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import count, islice

from bluefs.core.fields import kind_of
from bluefs.core.fields.unique_id import MOST, is_sequential, next_number, nth, random_one
from bluefs.core.model import FieldDef, Project, Record


def wanted(record: Record, project: Project) -> list[FieldDef]:
    """The fields of a record that want a number."""
    return [
        field
        for field in project.fields.values()
        if kind_of(field).unique
        and record.values.get(field.key) is None
        and field.key not in record.bad
    ]


def is_numbered(project: Project) -> bool:
    return any(kind_of(field).unique for field in project.fields.values())


def fresh_numbers(
    field: FieldDef, held: Collection[str], many: int, new_id: Callable[[], str]
) -> tuple[list[str], int | None]:
    """So many numbers that no record has, and the last of them where they are sequential. Fewer
    where a number would have more digits than one may have."""
    if not is_sequential(field):
        return list(islice(_random(field, held, new_id), many)), None
    first = next_number(field, held)
    numbers = range(first, min(first + many, 10**MOST))
    return [nth(field, number) for number in numbers], numbers[-1] if numbers else None


def _random(field: FieldDef, held: Collection[str], new_id: Callable[[], str]) -> Iterator[str]:
    """Without end; longer than asked once most of that length are taken."""
    taken = set(held)
    while True:
        tries = (random_one(field, new_id, longer=n // 100) for n in count())
        fresh = next(one for one in tries if one not in taken)
        taken.add(fresh)
        yield fresh
