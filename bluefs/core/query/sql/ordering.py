"""The order of records in SQL, as ``sorting`` has it in memory.

Owns the terms of ORDER BY: what the query's words find best, or what ``sort:`` asks for, then the
records' own order. A value's cell already has the value's order; here stands what the settings
say: lists, projects and options come as they are declared.
"""

from __future__ import annotations

from collections.abc import Sequence

from bluefs.core.model import Config, Project
from bluefs.core.query.names import Subject, subject_of
from bluefs.core.query.ranking import WORD
from bluefs.core.query.sorting import is_short_first, places
from bluefs.core.query.sql.answering import BLANK, column_of, escaped, form_of
from bluefs.core.query.sql.cells import ORDER, text_cell
from bluefs.core.query.sql.clauses import NULL, Clause, choice, clause, ranked
from bluefs.core.query.tree import SortKey

Scope = Sequence[tuple[str, Project]]  # the cell of a project's key, and the project

#: Keys whose texts are compared by their search forms alone.
_FORMS = {
    "body": "(CASE WHEN r.words THEN '5' || t.body END)",
    "id": "('5' || bluefs_form(nullif(r.id, '')) || char(2) || nullif(r.id, ''))",
    "text": f"'4' || char(1) || {form_of('r.title')} || char(1) || t.body || ifnull(t.comments, char(1))",
    "comments": "'4' || t.comments",
    "checklist": "'4' || t.items",
    "path": "'5' || bluefs_form(r.path) || char(2) || CAST(r.path AS TEXT)",
    "position": "nullif('5' || r.position, '5')",
    "done": "'1' || r.done",
}


def by_key(key: SortKey, scope: Scope, config: Config) -> list[Clause]:
    """The terms of one ``sort:`` key. Records without it come last either way."""
    own = Project("", "")
    subjects = [(cell, subject_of(key.key, project), project) for cell, project in scope]
    bare = choice(
        "r.project", [(cell, _value(s, p)) for cell, s, p in subjects],
        _value(subject_of(key.key, own), own),
    )  # fmt: skip
    if bare == NULL:
        return []
    value = choice(
        "r.project", [(cell, _placed(s, p, config)) for cell, s, p in subjects],
        _placed(subject_of(key.key, own), own, config),
    )  # fmt: skip
    down = " DESC" if key.descending else ""
    return [clause("{} IS NULL", bare), clause(f"{{}}{down}", value)]


def _placed(subject: Subject | None, project: Project, config: Config) -> Clause:
    """What settings put in order comes first, by its number: to SQLite numbers come before
    texts."""
    value = _value(subject, project)
    names = [] if subject is None else list(places(subject, project, config))
    if subject is None or not any(names):
        return value
    cells = [text_cell(name) for name in names if name]
    return clause("ifnull({}, {})", ranked(column_of(subject, project).cell, cells), value)


def _value(subject: Subject | None, project: Project) -> Clause:
    """NULL exactly where there is none."""
    if subject is None:
        return NULL
    column = column_of(subject, project)
    if not column.cell:
        return Clause(_FORMS[subject.key])
    cell = column.cell
    if is_short_first(subject):
        longer = f"printf('5%04d', length({cell}) - 2) || substr({cell}, 2)"
        return Clause(f"(CASE WHEN {cell} = ? THEN NULL ELSE {longer} END)", (BLANK,))
    return Clause(
        f"(CASE WHEN {cell} = ? THEN NULL WHEN {cell} >= '3' AND {cell} < '4' "
        f"THEN substr({cell}, {ORDER[0]}, {ORDER[1]}) ELSE {cell} END)", (BLANK,)
    )  # fmt: skip


def own(scope: Scope, config: Config) -> list[Clause]:
    """Projects and lists as on screen, in a list by position, then by name."""
    order = {key: n for n, key in enumerate(config.projects)}
    projects = [(cell, clause("{}", order[p.key])) for cell, p in scope]
    lists = [
        (cell, choice("r.place", [(text_cell(name), clause("{}", n)) for n, name in enumerate(p.lists)],
                      clause("{}", len(p.lists))))
        for cell, p in scope
    ]  # fmt: skip
    return [
        choice("r.project", projects, clause("{}", len(order))),
        Clause("r.project"),
        choice("r.project", lists, clause("{}", 0)),
        Clause("ifnull(r.place, ?)", (BLANK,)),
        Clause("r.position IS NULL"),
        Clause("ifnull(r.position, ifnull(r.name, r.title))"),
        Clause("ifnull(r.id, '')"),
        Clause("r.path"),
    ]


def by_rank(needles: Sequence[str]) -> list[Clause]:
    """As ``ranking.rank`` has it."""
    if not needles:
        return []
    return [clause(" + ".join(["{}"] * len(needles)), *map(_rank, needles))]


#: Where a word is found, from best to worst.
_PLACES = (
    form_of("r.title"),
    "CASE typeof(t.prose) WHEN 'null' THEN t.body "
    "WHEN 'integer' THEN substr(t.body, 1, t.prose) ELSE t.prose END",
    "(t.body || ifnull(t.comments, ''))",
)


def _rank(needle: str) -> Clause:
    whens = [_level(column, n, needle) for n, column in enumerate(_PLACES)]
    return clause("(CASE {} {} {} ELSE 6 END)", *whens)


def _level(column: str, level: int, needle: str) -> Clause:
    word = f"*[^{WORD}]{escaped(needle)}[^{WORD}]*"
    return clause(
        f"WHEN instr({column}, {{}}) > 0 THEN "
        f"{2 * level} + (' ' || {column} || ' ' NOT GLOB {{}})", needle, word,
    )  # fmt: skip
