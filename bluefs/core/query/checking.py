"""Names in a query that do not exist, and values that cannot be compared.

Owns ``check``. A query that is for several projects is right if one of them knows each name:
what the others lack simply does not match there. Refuses to repair anything: it names the
nearest name and leaves the choice to the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from bluefs.core.codes.query import OPERAND, UNKNOWN_KEY, UNKNOWN_NAME
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.hints import Any
from bluefs.core.matching import begun, fold, nearest
from bluefs.core.model import COLORS, Config, FieldDef, Project
from bluefs.core.problems import Code
from bluefs.core.query.comparing import asks_order, is_ordered, operand_text
from bluefs.core.query.errors import QueryFault
from bluefs.core.query.names import (
    Subject,
    keys_of,
    lists_named,
    projects_named,
    subject_of,
    tags_named,
    who,
)
from bluefs.core.query.tree import (
    Compare,
    Has,
    Range,
    Search,
    SortKey,
    Tree,
    Unset,
    leaves,
    render_operand,
)
from bluefs.core.words import has, say

#: Any moment: whether ``+7d`` is a date does not depend on the day.
_SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
_MOST = 12  # names in one hint
_SPECIAL = ("is", "has", "sort")

Where = Sequence[tuple[Project, Subject]]


def check(
    tree: Tree, sort: Iterable[SortKey], config: Config, projects: Sequence[Project]
) -> tuple[QueryFault, ...]:
    """All faults, by column. Without a project, only built-in keys are known."""
    known = projects or (Project("", ""),)
    found: list[QueryFault] = []
    for leaf in leaves(tree):
        if isinstance(leaf, Compare):
            found.extend(_compare(leaf, config, known))
        elif isinstance(leaf, Has):
            found.extend(_key(leaf.key, leaf.column, known))
        elif isinstance(leaf, Search):
            from bluefs.core.query.operators import slip

            fault = slip(
                leaf, lambda key: key.casefold() in _SPECIAL or bool(_subjects(key, known))
            )
            found.extend(() if fault is None else (fault,))
    for key in sort:
        found.extend(_key(key.key, key.column + key.descending, known))
    return tuple(sorted(dict.fromkeys(found), key=lambda fault: fault.column))


def _subjects(key: str, projects: Sequence[Project]) -> Where:
    found = ((project, subject_of(key, project)) for project in projects)
    return [(project, subject) for project, subject in found if subject is not None]


def _key(
    key: str, column: int, projects: Sequence[Project], text: str = ""
) -> Iterator[QueryFault]:
    if _subjects(key, projects):
        return
    from bluefs.core.synonyms import key_for

    names = [name for project in projects for name in keys_of(project)]
    near = key_for(key) or begun(key, names) or nearest(key, names)
    hint = None
    if near is not None:
        hint = say("query.near", near=near)
    elif text:
        hint = say("query.unknown_key.hint", text=text)
    message = say("query.unknown_key", key=key, where=_where(projects))
    yield QueryFault(column, message, hint, UNKNOWN_KEY, column + len(key))


def _where(projects: Sequence[Project]) -> str:
    if len(projects) == 1 and (projects[0].name or projects[0].key):
        return projects[0].name or projects[0].key
    return say("query.where.all")


def _compare(leaf: Compare, config: Config, projects: Sequence[Project]) -> Iterator[QueryFault]:
    where = _subjects(leaf.key, projects)
    typed = f"{leaf.key}{leaf.operator}{render_operand(leaf.operand)}"
    if not where:
        yield from _key(leaf.key, leaf.column, projects, typed)
        return
    if isinstance(leaf.operand, Unset):
        return
    if asks_order(leaf) and not any(is_ordered(subject) for _, subject in where):
        yield _fault(leaf, "no_order", OPERAND, key=leaf.key)
        return
    builtin = [(project, subject) for project, subject in where if subject.field is None]
    faults = [_field(leaf, p, s, config) for p, s in where if s.field is not None]
    if builtin:
        checker = _CHECKS.get(builtin[0][1].key)
        if checker is None:
            return
        faults.append(checker(leaf, config, [project for project, _ in builtin]))
    if all(fault is not None for fault in faults):
        yield next(fault for fault in faults if fault is not None)


def _fault(
    leaf: Compare, key: str, code: Code, hint: str | None = None, /, **fields: Any
) -> QueryFault:
    name = f"query.{key}"
    if hint is None and has(f"{name}.hint"):
        hint = say(f"{name}.hint", **fields)
    column = leaf.operand.column
    return QueryFault(
        column, say(name, **fields), hint, code, column + len(render_operand(leaf.operand))
    )


def _field(leaf: Compare, project: Project, subject: Subject, config: Config) -> QueryFault | None:
    """What the field's kind has against the operand."""
    assert subject.field is not None
    setting = Setting(config, project, _SOME_DAY)
    tried = kind_of(subject.field).test(subject.field, None, operand_text(leaf.operand), setting)
    if not isinstance(tried, Fault):
        return _backwards(leaf, subject.field, setting)
    column = leaf.operand.column
    end = column + len(render_operand(leaf.operand))
    return QueryFault(column, tried.message, tried.hint, OPERAND, end)


def _backwards(leaf: Compare, field: FieldDef, setting: Setting) -> QueryFault | None:
    """A range whose ends are in the wrong order: nothing lies in it."""
    operand = leaf.operand
    if not isinstance(operand, Range) or operand.low is None or operand.high is None:
        return None
    wrong = kind_of(field).is_backwards(field, operand.low, operand.high, setting)
    return _fault(leaf, "backwards", OPERAND) if wrong else None


def _list(leaf: Compare, config: Config, projects: Sequence[Project]) -> QueryFault | None:
    name = operand_text(leaf.operand)
    found = [_lists(name, project) for project in projects]
    every = [one for project in projects for one in project.lists]
    return _chosen(leaf, "unknown_list", name, found, every, projects)


def _lists(name: str, project: Project) -> list[str]:
    """Undeclared ones by their whole name alone, which is how a query finds them."""
    return [
        key
        for key in lists_named(name, project)
        if project.list_of(key).declared or fold(key) == fold(name)
    ]


def _chosen(
    leaf: Compare,
    key: str,
    name: str,
    found: Sequence[Sequence[str]],
    every: Sequence[str],
    projects: Sequence[Project] = (),
) -> QueryFault | None:
    """Nothing where a name is found once somewhere; else the doubt, else that it is unknown."""
    if any(len(names) == 1 for names in found):
        return None
    doubt = next((names for names in found if names), None)
    if doubt is not None:
        return _fault(leaf, "many", UNKNOWN_NAME, name=name, names=_listed(doubt))
    return _fault(leaf, key, UNKNOWN_NAME, _near(name, every), name=name, where=_where(projects))


def _near(name: str, every: Iterable[str]) -> str | None:
    names = list(dict.fromkeys(every))
    begun = {one[: len(name)]: one for one in reversed(names)}
    near = nearest(name, names) or begun.get(nearest(name, begun, 0.75) or "")
    if near is not None:
        return say("query.near", near=near)
    return say("query.choices", names=_listed(names)) if names else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST]) + (" …" if len(names) > _MOST else "")


def _tags(leaf: Compare, config: Config, projects: Sequence[Project]) -> QueryFault | None:
    """A tag can only be missing where no record may bring a new one."""
    name = operand_text(leaf.operand)
    if any(not project.strict or tags_named(name, project) for project in projects):
        return None
    every = [tag for project in projects for tag in project.tags]
    return _chosen(leaf, "unknown_tag", name, [], every, projects)


def _assignees(leaf: Compare, config: Config, projects: Sequence[Project]) -> QueryFault | None:
    name = operand_text(leaf.operand)
    found = who(name, config)
    names = found.names if found is not None else ()
    every = [*config.workspace.people, *config.workspace.groups]
    return _chosen(leaf, "unknown_person", name, [names], every)


def _project(leaf: Compare, config: Config, projects: Sequence[Project]) -> QueryFault | None:
    name = operand_text(leaf.operand)
    found = projects_named(name, config)
    return _chosen(leaf, "unknown_project", name, [found], list(config.projects))


def _by_kind(leaf: Compare, config: Config, projects: Sequence[Project]) -> QueryFault | None:
    from bluefs.core.fields import BUILT_IN

    subject = subject_of(leaf.key, projects[0])
    key = subject.key if subject is not None else leaf.key
    return _field(leaf, projects[0], Subject(key, BUILT_IN[key]), config)


def _color(leaf: Compare, config: Config, projects: Sequence[Project]) -> QueryFault | None:
    name = operand_text(leaf.operand).casefold().replace("gray", "grey")
    if name in COLORS or name.startswith("#"):
        return None
    return _chosen(leaf, "unknown_color", name, [], list(COLORS))


_CHECKS: dict[str, Callable[[Compare, Config, Sequence[Project]], QueryFault | None]] = {
    "list": _list,
    "tags": _tags,
    "assignees": _assignees,
    "project": _project,
    "due": _by_kind,
    "start": _by_kind,
    "done": _by_kind,
    "color": _color,
}
