"""Numbers that records are given when the engine commits them (fields of kind ``unique_id``).

Owns which number comes next: above ``last`` of project.yaml, which is written with each number
given, so that the number of a deleted record is never given again. Only where ``last`` is not
there yet are all records of the project read. Refuses to touch a number that stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from bluefs.app.docs import is_record
from bluefs.app.world import World
from bluefs.core.codec.record import read_record
from bluefs.core.edit.options import with_option
from bluefs.core.fields import kind_of
from bluefs.core.fields.options import count_of
from bluefs.core.fields.unique_id import is_sequential, next_number, nth, number_of, random_one
from bluefs.core.model import Config, FieldDef, Project, Record, Value
from bluefs.core.numbering import wanted


class Numbers:
    """The numbers given by one engine. It remembers the last ones: what it has just written into
    project.yaml it reads only with its next turn."""

    def __init__(self, world: World) -> None:
        self._world = world
        #: (project, field) -> the last one given
        self.last: dict[tuple[str, str], int] = {}

    def give(self, record: Record, config: Config) -> dict[str, str]:
        """A number for each field that wants one, by key."""
        project = config.projects.get(record.project)
        if project is None:
            return {}
        return {field.key: self._next(project, field, config) for field in wanted(record, project)}

    def settings(
        self, data: Mapping[str, bytes], records: Iterable[Record], config: Config
    ) -> dict[str, bytes]:
        """Of these project.yaml files (path -> bytes) those that must say another last number
        now that these records hold theirs. Raises EditRefused."""
        out = dict(data)
        for (project, key), number in _highest(records, config).items():
            field = config.projects[project].fields[key]
            path = project_file(project)
            if path in out and number > (count_of(field.options, "last") or -1):
                self.last[project, key] = max(number, self.last.get((project, key), number))
                out[path] = with_option(out[path], key, "last", str(self.last[project, key]))
        return {path: text for path, text in out.items() if text != data[path]}

    def _next(self, project: Project, field: FieldDef, config: Config) -> str:
        if not is_sequential(field):
            return self._random(project, field, config)
        known = (self.last.get((project.key, field.key)), count_of(field.options, "last"))
        given = [number for number in known if number is not None]
        held = () if given else self._held(project, field, config)
        number = max(next_number(field, held), *(n + 1 for n in given), 0)
        self.last[project.key, field.key] = number
        return nth(field, number)

    def _random(self, project: Project, field: FieldDef, config: Config) -> str:
        """Longer than asked once most of that length are taken."""
        held = set(self._held(project, field, config))
        tries = (random_one(field, self._world.ids.new, longer=n // 100) for n in count())
        return next(fresh for fresh in tries if fresh not in held)

    def _held(self, project: Project, field: FieldDef, config: Config) -> Iterator[str]:
        """The numbers that the project's records have. Only files that name the field are
        parsed."""
        named = field.key.encode()
        for path in self._world.state.all():
            if config.project_of(path) is not project or not is_record(path, config):
                continue
            row = self._world.state.get(path)
            if row is not None and named in row.data:
                record = read_record(path, row.data, config).record
                yield str(record.values.get(field.key) or "") if record is not None else ""


def own_numbers(copy: Record, own: Record | None, config: Config) -> dict[str, Value]:
    """What the numbers of a copied file are to be: those of the record ``own`` it is, else
    none, until the next commit."""
    project = config.projects.get(copy.project)
    fields = project.fields.values() if project is not None else ()
    return {
        field.key: own.values.get(field.key) if own is not None else None
        for field in fields
        if kind_of(field).unique
    }


def _highest(records: Iterable[Record], config: Config) -> dict[tuple[str, str], int]:
    """(project, field) -> the highest number among these records."""
    found: dict[tuple[str, str], int] = {}
    for record in records:
        project = config.projects.get(record.project)
        for field in project.fields.values() if project is not None else ():
            if kind_of(field).unique and is_sequential(field):
                number = number_of(field, str(record.values.get(field.key) or ""))
                if number is not None:
                    place = record.project, field.key
                    found[place] = max(number, found.get(place, number))
    return found


def project_file(project: str) -> str:
    return f"{project}/project.yaml" if project else "project.yaml"
