"""Saved views: ``views:`` of project.yaml, on the command line.

A view gives a filter, an order, columns and a grouping; what is typed besides narrows it down
further. Refuses to guess: a name that two projects have is asked for with ``-p``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bluefs.cli.base import App
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.matching import fold, loose, nearest
from bluefs.core.model import Project


@dataclass(frozen=True, slots=True)
class View:
    """One of ``project``. ``columns`` are keys (``columns:``, for a board ``card:``), ``sort``
    and ``group`` as in the file, "" without one."""

    name: str
    project: Project
    show: str
    filter: str
    columns: tuple[str, ...]
    sort: tuple[str, ...]
    group: str


def chosen_view(app: App, name: str, project: Project | None) -> View:
    """The view of this name, in any case or by its beginning. Raises Refused."""
    projects = [project] if project is not None else list(app.config.projects.values())
    pairs = [(one, key) for one in projects for key in one.views]
    found = _meant(name, pairs)
    if len(found) == 1:
        one, key = found[0]
        return _view(one, key, one.views[key])
    names = ", ".join(dict.fromkeys(key for _, key in pairs)) or "–"
    if found:
        where = ", ".join(f"{one.key} ({key})" for one, key in found)
        raise Refused("looking.view.several", name=name, where=where)
    near = nearest(name, [key for _, key in pairs])
    if near is None:
        raise Refused("looking.view.none", name=name, names=names)
    raise Refused("looking.view.none.near", name=name, near=near, names=names)


def _meant(name: str, pairs: Sequence[tuple[Project, str]]) -> list[tuple[Project, str]]:
    for same in (
        lambda key: key == name,
        lambda key: fold(key) == fold(name),
        lambda key: loose(key) == loose(name),
        lambda key: loose(key).startswith(loose(name)) and bool(loose(name)),
    ):
        found = [pair for pair in pairs if same(pair[1])]
        if found:
            return found
    return []


def _view(project: Project, name: str, options: Mapping[str, object]) -> View:
    show = str(options.get("show", "table"))
    columns = options.get("card") if show == "board" else options.get("columns")
    sort = options.get("sort")
    keys = str(sort).replace(",", " ").split() if sort is not None else []
    return View(
        name, project, show, str(options.get("filter", "")),
        tuple(map(str, columns)) if isinstance(columns, (tuple, list)) else (), tuple(keys),
        str(options.get("group", "")),
    )  # fmt: skip


def filtered(view: View, words: Iterable[str]) -> list[str]:
    """The query's words: the view's filter in brackets, then what was typed, then the view's
    order where none was typed."""
    typed = list(words)
    own = [f"({view.filter})"] if _grouped(view.filter) else [view.filter] if view.filter else []
    sorts = any(word.startswith("sort:") for word in typed) or "sort:" in view.filter
    order = [] if sorts or not view.sort else [f"sort:{','.join(view.sort)}"]
    return [*own, *typed, *order]


def _grouped(text: str) -> bool:
    """Whether brackets are needed, and allowed: ``sort:`` cannot stand in them."""
    from bluefs.core.query import QueryError, parse_query
    from bluefs.core.query.tree import Or

    try:
        query = parse_query(text)
    except QueryError:
        return False
    return isinstance(query.tree, Or) and not query.sort
