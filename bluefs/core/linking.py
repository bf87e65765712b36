"""What rests on other records: which one a reference means, and what a lookup shows of it.

Owns the step behind the kinds ``reference`` and ``lookup``: a pure function from a record and a
*resolver* (the text and the project of a reference -> the record it means) to the values of its
lookups. Whoever has the records gives the resolver: of one moment of the files, of what was
handled, or of a commit. Law: a lookup is a function of the references and of what the records
behind them say in their own files, never of lookups that somebody has kept; so nothing computed
can be stale but what was written down, and `names_of` says whose that may be: a record is
affected by a change of another only if it names one of the names that this had or has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.frozen import replace
from bluefs.core.matching import fold
from bluefs.core.model import Config, Context, FieldDef, Project, Record, Value
from bluefs.core.nodes import Writable

#: (text, key of the project) -> the record that is meant.
Refer = Callable[[str, str], "Record | None"]


def bare_name(text: str) -> str:
    """A reference's text as it is held against names: ``[[Acme]]`` is ``acme``."""
    from bluefs.core.fields.blocked_by import bare_reference

    return fold(bare_reference(text))


def names_of(path: str, title: str) -> frozenset[str]:
    """All that a text in a reference may call a record besides its id: its title and its path,
    of which folders from the left and the ``.md`` may be left out. Folded."""
    parts = fold(path).split("/")
    paths = ["/".join(parts[n:]) for n in range(len(parts))]
    return frozenset([*paths, *(one.removesuffix(".md") for one in paths), fold(title)])


def is_of(record: Record, project: str) -> bool:
    """Whether it is a record in a list of the project, and so may be referred to there."""
    return record.project == project and record.list is not None


def path_named(text: str, titles: Iterable[tuple[str, str]]) -> str | None:
    """The path of the only record that a reference's text may name, its id apart; ``titles``
    are (path, title) of those that it may mean. For whoever has no records at hand."""
    wanted = bare_name(text)
    meant = [path for path, title in titles if wanted in names_of(path, title)]
    return meant[0] if len(meant) == 1 else None


class Book:
    """Finds what references mean among records, in lists or not given at all."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = [one for one in records if one.list is not None]
        self._ids: dict[str, Record] = {}
        for record in self._records:
            if record.id and self._ids.setdefault(record.id, record).path > record.path:
                self._ids[record.id] = record
        self._names: dict[tuple[str, str], list[Record]] = {}

    def refer(self, text: str, project: str) -> Record | None:
        """The record of that id, else the only one of the project with that name. An id in
        another project means nothing here."""
        found = self._ids.get(text)
        if found is not None:
            return found if found.project == project else None
        meant = self.named(text, project)
        return meant[0] if len(meant) == 1 else None

    def titles(self, project: str) -> list[str]:
        return [one.title for one in self._records if one.project == project]

    def by_id(self, text: str) -> Record | None:
        """Of any project."""
        return self._ids.get(text)

    def named(self, text: str, project: str) -> list[Record]:
        """Every record of the project that the text may name, its id apart."""
        if not self._names:
            for record in self._records:
                for name in names_of(record.path, record.title):
                    self._names.setdefault((record.project, name), []).append(record)
        return self._names.get((project, bare_name(text)), [])


def has_links(config: Config) -> bool:
    return any(project.references for project in config.projects.values())


def targets(config: Config) -> frozenset[str]:
    """The keys of the projects whose records others may refer to."""
    return frozenset(k for p in config.projects.values() for k in p.references.values())


class Linker:
    """Computes lookups for one moment of all records. ``refer`` gives records whose own values
    count; their lookups are computed, whatever they hold."""

    def __init__(self, config: Config, refer: Refer) -> None:
        self._config, self._refer = config, refer
        self._known: dict[tuple[str, str], Value] = {}
        self._meant: dict[tuple[str, str], Record | None] = {}

    def link(self, record: Record) -> Record:
        """The record with its lookups as they are now."""
        project = self._config.projects.get(record.project)
        if project is None or not project.lookups:
            return record
        values = {key: self.value(record, project.fields[key]) for key in project.lookups}
        if all(record.values.get(key) == value for key, value in values.items()):
            return record
        return record.with_values(values)

    def value(self, record: Record, field: FieldDef) -> Value:
        project = self._config.projects[record.project]
        target = project.references.get(str(field.options.get("through")))
        if target is None or "shows" not in field.options:
            return None
        get = str(field.options["get"])
        meant = (
            self.refer(text, target) for text in texts_of(record, str(field.options["through"]))
        )
        parts = [self._part(one, get) for one in meant if one is not None]
        if not field.options.get("several"):
            return parts[0] if parts else None
        return self._joined(parts, field, project)

    def refer(self, text: str, project: str) -> Record | None:
        key = text, project
        if key not in self._meant:
            self._meant[key] = self._refer(text, project)
        return self._meant[key]

    def _part(self, record: Record, get: str) -> Value:
        if get == "title":
            return record.title
        if get == "list":
            return record.list
        if get == "description":
            from bluefs.core.codec.body import description

            return description(record.body).strip() or None
        project = self._config.projects[record.project]
        if get not in project.lookups:
            return record.values.get(get)
        key = record.path, get
        if key not in self._known:
            self._known[key] = self.value(record, project.fields[get])
        return self._known[key]

    def _joined(self, parts: Iterable[Value], field: FieldDef, project: Project) -> Value:
        """The set of all: texts as they are, other values as a file says them, in their order."""
        from bluefs.core.fields.lookup import decoded, inside, is_each
        from bluefs.core.query.sql.cells import cell

        setting, zone = Setting(self._config, project), self._config.workspace.zone
        shown, there = inside(field, setting)
        kind, each = kind_of(shown), is_each(field)
        found: dict[str | None, Value] = {None: None}
        for part in parts:
            single = part if isinstance(part, tuple) else (part,)
            for one in decoded(field, part, setting) if each and part is single else single:
                found.setdefault(cell(one, zone), one)
        del found[None]
        order = sorted(found, key=str) if kind.ordered else list(found)
        every = (found[one] for one in order)
        return tuple(
            one if isinstance(one, str) else _written(kind.render(shown, one, there))
            for one in every
        ) or None  # fmt: skip


def _written(value: Writable) -> str:
    return value if isinstance(value, str) else getattr(value, "text", "")


def texts_of(record: Record, key: str) -> tuple[str, ...]:
    """What stands in a reference field."""
    value = record.values.get(key)
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def linked(records: Iterable[Record], config: Config) -> tuple[Record, ...]:
    """All records of a moment with their lookups; as they are where nobody refers to any."""
    every = tuple(records)
    if not has_links(config):
        return every
    return tuple(map(Linker(config, Book(every).refer).link, every))


def seen(record: Record, context: Context) -> Record:
    """The record with the lookups that a condition or a mail may ask for."""
    project = context.config.projects.get(record.project)
    if project is None or not project.lookups:
        return record
    return Linker(context.config, context.refer).link(record)


def bare(record: Record, config: Config) -> Record:
    """The record as its own file has it."""
    project = config.projects.get(record.project)
    if project is None or not any(key in record.values for key in project.lookups):
        return record
    return record.with_values(dict.fromkeys(project.lookups))


def resolved(projects: Mapping[str, Project]) -> dict[str, Project]:
    """The projects with their references and lookups noted, the dates of their records that are
    asked for, and with each lookup what it shows:
    ``shows`` (a field, of this or the last project of a chain of lookups), ``of`` (that
    project's key) and ``several``. A lookup that leads nowhere, or in a circle, shows nothing."""
    noted = _with_dates({key: _noted(project) for key, project in projects.items()})
    return {
        key: project if not project.lookups else replace(
            project, fields={k: _showing(f, project, noted) for k, f in project.fields.items()}
        )
        for key, project in noted.items()
    }  # fmt: skip


def _noted(project: Project) -> Project:
    kinds = {key: kind_of(field) for key, field in project.fields.items()}
    references = {
        key: str(project.fields[key].options["project"])
        for key, kind in kinds.items() if kind.refers and "project" in project.fields[key].options
    }  # fmt: skip
    lookups = tuple(key for key, kind in kinds.items() if kind.looks)
    if not references and not lookups:
        return project
    return replace(project, references=references, lookups=lookups)


def _with_dates(projects: dict[str, Project]) -> dict[str, Project]:
    """Each with the dates of its records that are asked for, by its own fields or by lookups."""
    from bluefs.core.fields.computed import OF_HISTORY

    asked = {key: {*_own_dates(project)} for key, project in projects.items()}
    for project in projects.values():
        for field in map(project.fields.__getitem__, project.lookups):
            target = project.references.get(str(field.options.get("through")), "\0")
            if target in asked:
                asked[target].add(str(field.options.get("get")))
    dated = {key: tuple(one for one in OF_HISTORY if one in asked[key]) for key in projects}
    return {
        key: replace(project, dated=dated[key]) if dated[key] else project
        for key, project in projects.items()
    }


def _own_dates(project: Project) -> Iterable[str]:
    return (date for field in project.fields.values() for date in kind_of(field).dates(field))


def _showing(field: FieldDef, project: Project, projects: Mapping[str, Project]) -> FieldDef:
    if field.key not in project.lookups:
        return field
    found = _shown(field, project, projects, frozenset({(project.key, field.key)}))
    if found is None:
        return field
    shown, of, several = found
    options = {**field.options, "shows": shown, "of": of, "several": several}
    return replace(field, options=options)


def _shown(
    field: FieldDef, project: Project, projects: Mapping[str, Project],
    way: frozenset[tuple[str, str]],
) -> tuple[FieldDef, str, bool] | None:  # fmt: skip
    from bluefs.core.fields.lookup import OF_RECORDS

    through, get = str(field.options.get("through")), str(field.options.get("get"))
    target = projects.get(project.references.get(through, "\0"))
    if target is None:
        return None
    several = kind_of(project.fields[through]).many
    if get in OF_RECORDS:
        # options={}: as it is read back from where settings are kept, for stamps of it
        return FieldDef(get, OF_RECORDS[get], get.capitalize(), options={}), target.key, several
    found = target.fields.get(get)
    if found is None or kind_of(found).pressed or (target.key, get) in way:
        return None
    if get not in target.lookups:
        return found, target.key, several
    further = _shown(found, target, projects, way | {(target.key, get)})
    if further is None:
        return None
    shown, of, more = further
    return shown, of, several or more
