"""`check --fix`: numbers for the records that have none, oldest first.

A record is as old as the commit that added its file; what no commit has comes last. Owns the
plan: which records, in which order, and the counter (``last`` in project.yaml), which moves along
in the same plan, so that the engine never gives one of these numbers again. Where the counter
cannot be written, nobody gets a number. Refuses to touch a number that stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from bluefs.app.checking import Admits, Wants
from bluefs.core.checks.examine import Sources, examine
from bluefs.core.checks.survey import Survey
from bluefs.core.codes import workspace as codes
from bluefs.core.config import project_file
from bluefs.core.edit import EditRefused
from bluefs.core.edit.options import with_option
from bluefs.core.matching import nfc
from bluefs.core.model import FieldDef, Project, Record
from bluefs.core.numbering import fresh_numbers, wanted
from bluefs.core.ports import Ids
from bluefs.core.rewrite import rewrite

#: Path -> how old: of two commits the one with the smaller number came first. Asked for once,
#: and only where somebody wants a number: it takes a walk through the whole history.
Ages = Callable[[], Mapping[str, int]]


def numbered(
    sources: Sources, ids: Ids, ages: Ages, admits: Admits, wants: Wants
) -> dict[str, bytes]:
    """path -> new bytes of the records that get their numbers, and of settings."""
    found = examine(sources)
    due = {
        problem.path
        for problem in found.problems
        if problem.code is codes.UNNUMBERED and admits(problem.path) and wants(problem)
    }
    if not due:
        return {}
    survey = found.survey
    old = ages()
    records = [record for record in survey.filed() if record.path in due]
    records.sort(key=lambda r: (r.path not in old, old.get(r.path, 0), r.path))
    out: dict[str, bytes] = {}
    for project in survey.config.projects.values():
        mine = [record for record in records if record.project == project.key]
        if mine:
            out |= _of_project(sources, survey, project, mine, ids)
    return out


def _of_project(
    sources: Sources, survey: Survey, project: Project, records: list[Record], ids: Ids
) -> dict[str, bytes]:
    place = project_file(project.key)
    path = next((path for path in sources.settings if nfc(path) == place), None)
    if path is None:
        return {}
    settings = sources.settings[path]
    out: dict[str, bytes] = {}
    for field in project.fields.values():
        open_ = [r for r in records if field in wanted(r, project)]
        texts = {r.path: out.get(r.path, survey.data[r.path]) for r in open_}
        may = [r for r in open_ if _with(r, texts[r.path], field, "1", survey) is not None]
        held = {*_held(survey, project, field)}
        numbers, last = fresh_numbers(field, held, len(may), ids.new)
        if not numbers:
            continue
        if last is not None:
            try:
                settings = with_option(settings, field.key, "last", str(last))
            except EditRefused:
                continue
        for record, number in zip(may, numbers, strict=False):
            data = _with(record, texts[record.path], field, number, survey)
            if data is not None:
                out[record.path] = data
    return {**out, path: settings} if settings != sources.settings[path] else out


def _with(
    record: Record, data: bytes, field: FieldDef, number: str, survey: Survey
) -> bytes | None:
    """The file with this number; None where nothing can be written into it."""
    try:
        return rewrite(data, record, record, survey.config, {field.key: number})
    except EditRefused:
        return None


def _held(survey: Survey, project: Project, field: FieldDef) -> Iterator[str]:
    """The numbers that records have, or had while they could be read, or will have once somebody
    mends their file."""
    for record in _known(survey):
        if record.project == project.key:
            yield str(record.values.get(field.key) or "")
    line = re.compile(rb"^%s[ \t]*:[ \t]*[\"']?([^\s\"']+)" % re.escape(field.key.encode()), re.M)
    for path, reading in survey.readings.items():
        if reading.record is None and survey.config.project_of(path) is project:
            for text in line.findall(survey.data[path]):
                yield text.decode(errors="replace")


def _known(survey: Survey) -> Iterable[Record]:
    yield from survey.written()
    yield from survey.good.values()
