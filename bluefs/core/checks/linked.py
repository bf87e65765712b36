"""Checks of fields that refer to records: what names none, none of the right project, or one that
the field's filter does not let in.

Owns what a text in such a field may mean to a check, which is what ``core.linking`` says of it.
Everything else of `checks.references` holds: ids are right, names are understood and mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bluefs.core.checks.references import by_id, members
from bluefs.core.checks.survey import Survey, problem
from bluefs.core.codec.keys import place_of
from bluefs.core.codes import workspace as codes
from bluefs.core.fields import kind_of
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.reference import filter_of
from bluefs.core.frozen import dataclass, replace
from bluefs.core.linking import Book, linked, texts_of
from bluefs.core.matching import nearest
from bluefs.core.model import Context, FieldDef, Project, Record
from bluefs.core.nodes import Node
from bluefs.core.problems import Problem

_MOST = 4  # candidates named in one hint
#: For who examines without a clock.
_SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def check_linked(survey: Survey) -> Iterator[Problem]:
    """Every entry of every such field that is not the id of a record which may stand there."""
    projects = survey.config.projects
    if not any(project.references for project in projects.values()):
        return
    check = _Check.of(survey)
    for record in survey.filed():
        for key, target in survey.project(record).references.items():
            texts = texts_of(record, key)
            if not texts or target not in projects:
                continue
            field = survey.project(record).fields[key]
            if all(check.is_sound(text, field, target) for text in texts):
                continue  # finding places costs more than reading: most entries are ids
            one = not kind_of(field).many
            for text, node in members(survey.data[record.path], key, one=one):
                yield from check.entry(text, node, record, field, projects[target])


@dataclass(frozen=True, slots=True)
class _Check:
    survey: Survey
    book: Book
    context: Context

    @classmethod
    def of(cls, survey: Survey) -> _Check:
        named: Iterable[Record] = (replace(one, id=survey.id_of(one)) for one in survey.known())
        if survey.dated is not None:
            named = map(survey.dated, named)
        book = Book(linked(named, survey.config))
        zone = survey.config.workspace.zone
        now = (survey.now or _SOME_DAY).astimezone(zone)
        return cls(survey, book, Context(survey.config, now, find=book.by_id, refer=book.refer))

    def is_sound(self, text: str, field: FieldDef, target: str) -> bool:
        found = self.book.by_id(text)
        return found is not None and found.project == target and self._fits(found, field)

    def entry(
        self, text: str, node: Node, record: Record, field: FieldDef, target: Project
    ) -> Iterator[Problem]:
        path, place = record.path, place_of(node)
        found = self.book.by_id(text)
        if found is not None and found.project != target.key:
            yield problem(
                codes.OTHER_PROJECT, path, "other_project", place, title=found.title,
                project=_called(self.survey.project(found)), key=field.key, wanted=_called(target),
            )  # fmt: skip
            return
        meant = [found] if found is not None else self.book.named(text, target.key)
        if not meant:
            titles = self.book.titles(target.key)
            near = nearest(bare_reference(text), titles)
            key = "no_referred" if near is None else "no_referred_near"
            where = _called(target)
            yield problem(codes.DANGLING, path, key, place, text=text, near=near, project=where)
        elif len(meant) > 1:
            names = ", ".join(one.name for one in meant[:_MOST])
            yield problem(codes.MANY_NAMED, path, "many", place, text=text, names=names)
        else:
            yield from self._named(text, node, meant[0], record, field)

    def _named(
        self, text: str, node: Node, meant: Record, record: Record, field: FieldDef
    ) -> Iterator[Problem]:
        path, place = record.path, place_of(node)
        if not self._fits(meant, field):
            yield problem(
                codes.FILTERED, path, "filtered", place,
                title=meant.title, key=field.key, filter=str(filter_of(field)),
            )  # fmt: skip
        if text != meant.id:
            fix = None
            if meant.id is not None:
                fix = by_id(self.survey.data[path], node, meant.id, meant.title)
            own = meant.id or "–"
            yield problem(codes.BY_NAME, path, "by_name", place, fix=fix, text=text, id=own)

    def _fits(self, record: Record, field: FieldDef) -> bool:
        query = filter_of(field)
        return query is None or query.matches(record, self.context)


def _called(project: Project) -> str:
    return project.name or project.key
