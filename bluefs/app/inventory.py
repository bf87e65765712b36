"""What a workspace has: its lists and its tags, with how many records each holds.

Undeclared ones count as well: a folder is a list, and a tag on a record is a tag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bluefs.app.refs import all_lists
from bluefs.app.workspace import Snapshot
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.model import ListDef, Project


@dataclass(frozen=True, slots=True)
class ListCount:
    """A list of a project; ``records`` are all of it, ``open`` those not done."""

    project: Project
    list: ListDef
    records: int
    open: int


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag of one or several projects, in the spelling that is declared, else most used.
    ``declared`` where one of these projects declares it; ``forbidden`` where one of them lets no
    other tag in and yet has it."""

    name: str
    color: str | None
    declared: bool
    projects: tuple[str, ...]
    records: int
    open: int
    forbidden: bool = False


def list_counts(snapshot: Snapshot, projects: Sequence[Project]) -> list[ListCount]:
    """Every list in the order of the screen."""
    every: Counter[tuple[str, str | None]] = Counter()
    left: Counter[tuple[str, str | None]] = Counter()
    for record in snapshot.records:
        every[record.project, record.list] += 1
        left[record.project, record.list] += not record.done
    return [
        ListCount(project, one, every[project.key, one.key], left[project.key, one.key])
        for project in projects
        for one in all_lists(project, snapshot).lists.values()
    ]


def tag_counts(snapshot: Snapshot, projects: Sequence[Project]) -> list[TagCount]:
    """Declared ones in their order, then the others by name. One name in several projects is
    one tag."""
    keys = {project.key: project for project in projects}
    spelled: dict[str, Counter[str]] = {}
    every: Counter[str] = Counter()
    left: Counter[str] = Counter()
    homes: dict[str, dict[str, None]] = {}
    for project in projects:
        for tag in project.tags:
            homes.setdefault(fold_tag(tag), {})[project.key] = None
    for record in snapshot.records:
        if record.project not in keys:
            continue
        for name, tag in {fold_tag(t): t for t in record.tuple_of("tags")}.items():
            spelled.setdefault(name, Counter())[tag] += 1
            homes.setdefault(name, {})[record.project] = None
            every[name] += 1
            left[name] += not record.done
    known = list(dict.fromkeys(fold_tag(tag) for p in projects for tag in p.tags))
    others = sorted(spelled.keys() - set(known))
    return [
        _tag(name, [keys[k] for k in homes[name]], spelled.get(name), every[name], left[name])
        for name in (*known, *others)
    ]


def _tag(
    name: str, homes: Sequence[Project], spelled: Counter[str] | None, count: int, left: int
) -> TagCount:
    own = [(p, tag) for p in homes for tag in p.tags if fold_tag(tag) == name]
    shown = own[0][1] if own else spelled.most_common(1)[0][0] if spelled else name
    color = next((c for p, tag in own if (c := p.tags[tag]) is not None), None)
    declaring = {p.key for p, _ in own}
    forbidden = any(p.strict and p.key not in declaring for p in homes)
    return TagCount(shown, color, bool(own), tuple(p.key for p in homes), count, left, forbidden)
