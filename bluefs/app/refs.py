"""Which record, list, person, tag, key or project somebody meant by what they typed.

Every reading is gathered; the only one is the answer. Several are listed and none names what
is nearest, both as Refused: this module never chooses among equals and never guesses. It is
pure over a Snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bluefs.app.workspace import Snapshot
from bluefs.core.errors import Refused
from bluefs.core.fields.assignees import EVERYONE
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass, replace
from bluefs.core.identity import is_id
from bluefs.core.layout import is_markdown, place, stem
from bluefs.core.matching import (
    begun,
    fold,
    loose,
    match_key,
    match_list,
    match_person,
    match_project,
    match_tag,
    nearest,
    nfc,
)
from bluefs.core.model import (
    BUILTIN_KEYS,
    FOREIGN_KEYS,
    RESERVED_KEYS,
    Config,
    ListDef,
    Project,
    Record,
)
from bluefs.core.show import spot
from bluefs.core.synonyms import key_for

#: Characters of an id that are enough to look one up.
PREFIX = 3
#: Built-in keys that a person sets, as a mistake lists them.
_SETTABLE = tuple(key for key in BUILTIN_KEYS if key not in ("id", "position"))
#: Who types: the word, and how a French keyboard says it. No person has ``me`` for a handle.
ME = ("me", "moi")
#: Candidates listed at most: a person reads them.
SHOWN = 10

Inside = Callable[[str], "str | None"]


def outside(_: str) -> str | None:
    """For callers without a folder: a path is then workspace-relative."""
    return None


def find(snapshot: Snapshot, text: str, inside: Inside = outside) -> Record:
    """The record meant by a path, an id or its beginning, a title or part of one. ``inside``
    turns a path as typed into a workspace-relative one (None: it lies outside). Raises
    Refused, listing the candidates or the nearest title."""
    found = candidates(snapshot, text, inside)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(
            "cli.ref.several", text=text, count=len(found), records=listing(found, snapshot)
        )
    _check_held(snapshot, text, inside)
    near = nearest(text, (r.title for r in everything(snapshot)))
    key = "cli.ref.none" if near is None else "cli.ref.none.near"
    raise Refused(key, text=text, near=near)


def _check_held(snapshot: Snapshot, text: str, inside: Inside) -> None:
    """Raises Refused where ``text`` is the path or name of a file that was never readable, so
    that no last good state stands in for it."""
    wanted, paths = fold(text.strip()), _paths(text, inside)
    for path, reading in sorted(snapshot.readings.items()):
        if reading.record is None and (nfc(path) in paths or fold(stem(path)) == wanted):
            why = min(reading.problems, key=lambda p: (p.level != "error", p.line, p.column))
            raise Refused(
                "cli.ref.held", path=path, line=why.line, column=why.column, message=why.message
            )


def everything(snapshot: Snapshot) -> tuple[Record, ...]:
    """What a REF may mean: the records, and documents that were records."""
    return (*snapshot.records, *snapshot.unfiled)


def candidates(
    snapshot: Snapshot, text: str, inside: Inside = outside,
    among: Callable[[Record], bool] = lambda _: True,
) -> list[Record]:  # fmt: skip
    """Every record that ``text`` may mean, of those ``among`` which it is sought, in the
    workspace's order."""
    wanted = nfc(text.strip())
    if not wanted:
        return []
    paths = _paths(text, inside)
    records = [one for one in snapshot.likely(wanted, paths) if among(one)]
    certain = [r for r in records if nfc(r.path) in paths or r.id == wanted.lower()]
    if certain:
        return certain
    meant = {r.path for r in (*_by_id(records, wanted), *_by_title(records, wanted))}
    return [r for r in records if r.path in meant]


def listing(records: Sequence[Record], snapshot: Snapshot) -> str:
    """Records as lines for a person to choose from."""
    short = snapshot.short(records[:SHOWN])
    lines = [f"  {short.of(r.name)}  {r.title}  ({spot(r)})" for r in records[:SHOWN]]
    return "\n".join([*lines, "  …"] if len(records) > SHOWN else lines)


def _paths(text: str, inside: Inside) -> set[str]:
    """The paths that may be meant: as typed where the command runs, and from the top; the
    ``.md`` may be left out."""
    typed = {nfc(text), *(nfc(p) for p in (inside(text),) if p is not None)}
    return typed | {f"{p}.md" for p in typed if not is_markdown(p) and "/" in p}


def _by_id(records: Iterable[Record], text: str) -> list[Record]:
    beginning = text.lower()
    if len(text) < PREFIX or is_id(beginning):
        return []
    return [r for r in records if r.id is not None and r.id.startswith(beginning)]


def _by_title(records: Sequence[Record], text: str) -> list[Record]:
    """By the best way of reading that finds any: exactly, in any case, without accents, and
    at last as a part of the title."""
    for shape in (nfc, fold, loose):
        aim = shape(text)
        found = [r for r in records if shape(r.title) == aim]
        if found and aim:
            return found
    aim = loose(text)
    return [r for r in records if aim and aim in loose(r.title)]


def project_of(snapshot: Snapshot, text: str) -> Project:
    """The project meant by its key, its folder or its name. Raises Refused."""
    config = snapshot.config
    found = match_project(text, config)
    if len(found) == 1:
        return found[0]
    names = [p.key or p.name for p in config.projects.values()]
    raise mistaken("cli.project", text, [p.key for p in found], names)


def all_lists(project: Project, snapshot: Snapshot) -> Project:
    """The project with the lists that are folders but not declared, after the declared."""
    lists = dict(project.lists)
    for folder in sorted(snapshot.folders):
        spotted = place(f"{folder}/x.md", snapshot.config)
        if spotted.kind == "record" and spotted.project == project.key and spotted.list:
            lists.setdefault(spotted.list, project.list_of(spotted.list))
    return replace(project, lists=lists)


def with_used_lists(projects: Sequence[Project], snapshot: Snapshot) -> list[Project]:
    """The projects with the lists in which a record is, declared or not: what a query may name."""
    used: dict[str, dict[str, ListDef]] = {one.key: dict(one.lists) for one in projects}
    for record in snapshot.records:
        if record.list is not None and record.project in used:
            one = snapshot.project(record).list_of(record.list)
            used[record.project].setdefault(record.list, one)
    return [replace(one, lists=used[one.key]) for one in projects]


@dataclass(frozen=True, slots=True)
class Target:
    """A list of a project."""

    project: Project
    list: ListDef


def list_of(snapshot: Snapshot, text: str, project: Project) -> Target:
    """The list of ``project`` meant, or ``PROJECT/LIST`` of another one. Raises Refused
    naming the nearest."""
    full = all_lists(project, snapshot)
    found = match_list(text, full)
    if not found and "/" in text.strip("/"):
        owner, _, name = text.strip("/").rpartition("/")
        matched = match_project(owner, snapshot.config)
        if len(matched) == 1:
            full = all_lists(matched[0], snapshot)
            text, found = name, match_list(name, full)
    if len(found) == 1:
        return Target(full, found[0])
    names = [one.key for one in full.lists.values()]
    raise mistaken(
        "cli.list", text, [one.key for one in found], names, project=full.key or full.name
    )


def key_of(record: Record | None, text: str, project: Project) -> str:
    """The key of a record meant: built-in, the project's field, one that stands in the file
    already, or another tool's. Raises Refused naming the nearest."""
    name = nfc(text.strip())
    own = set(record.unknown) if record is not None else set()
    if name in own or (name in FOREIGN_KEYS and name != "description"):
        return name
    found = match_key(name, project)
    if len(found) == 1:
        return found[0]
    known = [*match_key_names(project), *own]
    raise _stranger(name, found, known, project)


def _stranger(name: str, found: Sequence[str], known: Sequence[str], project: Project) -> Refused:
    """What to say to a key that nobody knows."""
    meant = None if found else key_for(name)
    if meant in ("list", "text", "comments"):
        return Refused(f"cli.key.{meant}")
    if name.casefold() in RESERVED_KEYS and name.casefold() not in BUILTIN_KEYS:
        return Refused("cli.key.reserved", text=name)
    return mistaken(
        "cli.key", name, found, known, shown=[*project.fields, *_SETTABLE], near=meant,
        project=project.key or project.name,
    )  # fmt: skip


def match_key_names(project: Project) -> list[str]:
    fields = [name for f in project.fields.values() for name in (f.key, f.name)]
    return [*(k for k in BUILTIN_KEYS if k != "id"), *dict.fromkeys(fields)]


def people_of(
    text: str, config: Config, me: str | None, held: Sequence[str] = ()
) -> tuple[str, ...]:
    """The handles meant: ``me``, a person, a group, everyone, a stranger whom the record
    (``held``) names already. A workspace that names nobody takes any handle. Raises Refused
    naming the nearest."""
    workspace = config.workspace
    wanted = text.strip().removeprefix("@")
    if wanted in held and wanted not in workspace.groups:
        return (wanted,)
    if fold(wanted) in ME and not match_person(wanted, workspace):
        if me is None:
            raise Refused("cli.me")
        return (me,)
    groups = {fold(name): handles for name, handles in workspace.groups.items()}
    groups.setdefault(EVERYONE, tuple(workspace.people))
    found = match_person(wanted, workspace)
    if len(found) != 1 and fold(wanted) in groups:
        return groups[fold(wanted)]
    if len(found) == 1:
        return (found[0].handle,)
    if not workspace.people and not workspace.groups and wanted:
        return (wanted,)
    names = [n for p in workspace.people.values() for n in (p.handle, p.name)]
    shown = [*workspace.people, *workspace.groups]
    several = [p.handle for p in found]
    raise mistaken("cli.person", wanted, several, [*names, *workspace.groups], shown=shown)


def tag_of(text: str, project: Project, held: Sequence[str] = ()) -> str:
    """The tag meant, in the spelling the record (``held``) or the project has; a new one
    where the project is not strict. Raises Refused."""
    wanted = nfc(text.strip()).removeprefix("#").strip()
    here = next((tag for tag in held if fold_tag(tag) == fold_tag(wanted)), None)
    if here is not None:
        return here
    found = match_tag(wanted, project)
    if len(found) == 1:
        return found[0]
    if not found and not project.strict and fold_tag(wanted):
        return wanted
    raise mistaken("cli.tag", text, found, list(project.tags), project=project.key or project.name)


def mistaken(
    area: str, text: str, found: Sequence[str], names: Sequence[str],
    shown: Sequence[str] | None = None, near: str | None = None, **fields: str,
) -> Refused:  # fmt: skip
    """``area.several`` where ``found`` are in doubt, ``area.none.near`` or ``area.none``.
    ``near`` is what was meant where that is known; else it is the nearest of ``names``."""
    known = ", ".join(shown if shown is not None else names) or "–"
    said: Mapping[str, object] = {"text": text, "names": known, **fields}
    if found:
        return Refused(f"{area}.several", **{**said, "names": ", ".join(found)})
    near = near or begun(text, names) or nearest(text, names) or _holding(text, names)
    if near is None:
        return Refused(f"{area}.none", **said)
    return Refused(f"{area}.none.near", **said, near=near)


def _holding(text: str, names: Sequence[str]) -> str | None:
    """The only name with this in one of its words: ``won`` for *Closed won*."""
    wanted = loose(text)
    found = [name for name in names if wanted and wanted in loose(name)]
    return found[0] if len(found) == 1 else None
