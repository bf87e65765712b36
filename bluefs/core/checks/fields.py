"""Checks of fields that only the workspace can make: names of attachments, numbers given twice,
numbers not given yet.

Owns what a kind's flags ask for (``attached``, ``unique``), whatever the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bluefs.core.attachments import folder_of
from bluefs.core.checks.survey import Survey, problem
from bluefs.core.codec.record import where, where_member
from bluefs.core.codes import values
from bluefs.core.codes import workspace as codes
from bluefs.core.config import project_file
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Kind
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import FieldDef, Record, Value
from bluefs.core.numbering import is_numbered, wanted
from bluefs.core.problems import Problem


def check_files(survey: Survey) -> Iterator[Problem]:
    """Names in file fields that are not among their record's attachments."""
    fields = _fields_of(survey, lambda kind: kind.attached)
    if not any(fields.values()):
        return
    there = _attachments(survey)
    for record in survey.filed():
        for field in fields.get(record.project, ()):
            texts = _texts(record.values.get(field.key))
            id = survey.id_of(record) if texts else None  # it may have to be looked for in Git
            folder = folder_of(record.project, id) if id is not None else ""
            for name in texts:
                if name not in there.get(folder, ()):
                    yield _missing(survey, record, field, name, there.get(folder, []))


def _missing(
    survey: Survey, record: Record, field: FieldDef, name: str, known: list[str]
) -> Problem:
    place = where_member(survey.data[record.path], field.key, name)
    near = nearest(name, known)
    key = "no_file" if near is None else "no_file_near"
    return problem(values.NO_FILE, record.path, key, place, name=name[:60], near=near)


def _attachments(survey: Survey) -> dict[str, list[str]]:
    """Folder of a record's attachments -> the names directly in it."""
    found: dict[str, list[str]] = {}
    for path in survey.paths:
        folder, _, name = path.rpartition("/")
        if "_files/" in folder:
            found.setdefault(nfc(folder), []).append(nfc(name))
    return found


def check_numbers(survey: Survey) -> Iterator[Problem]:
    """Numbers that two records of a project have."""
    fields = _fields_of(survey, lambda kind: kind.unique)
    if not any(fields.values()):
        return
    held: dict[tuple[str, str, str], str] = {}
    for record in survey.filed():
        for field in fields.get(record.project, ()):
            for text in _texts(record.values.get(field.key)):
                first = held.setdefault((record.project, field.key, text), record.path)
                if first != record.path:
                    place = where(survey.data[record.path], field.key)
                    name = field.name or field.key
                    yield problem(
                        codes.SAME_VALUE, record.path, "same_value", place,
                        path=first, text=text, name=name,
                    )  # fmt: skip


def check_numbered(survey: Survey) -> Iterator[Problem]:
    """Records that have no number yet. Not said where project.yaml lost definitions: then nobody
    can give one."""
    lost = {nfc(path) for path in survey.broken}
    projects = {
        key: project
        for key, project in survey.config.projects.items()
        if is_numbered(project) and project_file(key) not in lost
    }
    if not projects:
        return
    for record in survey.filed():
        project = projects.get(record.project)
        for field in wanted(record, project) if project is not None else ():
            place = where(survey.data[record.path], field.key)
            name = field.name or field.key
            yield problem(codes.UNNUMBERED, record.path, "unnumbered", place, name=name)


def _fields_of(survey: Survey, wanted: Callable[[Kind], bool]) -> dict[str, list[FieldDef]]:
    """Project -> those of its fields."""
    return {
        key: [field for field in project.fields.values() if wanted(kind_of(field))]
        for key, project in survey.config.projects.items()
    }


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
