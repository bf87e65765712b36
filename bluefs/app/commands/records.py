"""The plans of new, set, move, done, reopen and delete, one file's Step each.

They write only what was asked: a move touches no byte of the file unless its name is taken in
the other list, done and reopen write ``done:`` only where the list does not say it already.
A locked list refuses what comes in or goes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bluefs.app.commands.assign import Draft, Edit, check_title, edited, names_in, reread
from bluefs.app.commands.plan import Scene, Step
from bluefs.app.refs import Target, all_lists, candidates, list_of
from bluefs.core.edit import apply_changes
from bluefs.core.errors import Refused
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.frozen import replace
from bluefs.core.layout import file_name, place
from bluefs.core.matching import fold, match_list, nfc
from bluefs.core.model import ListDef, Project, Record
from bluefs.core.nodes import Plain, Writable


def plan_new(
    scene: Scene, target: Target, title: str, edits: Sequence[Edit], new_id: Callable[[], str]
) -> Step:
    """A new record with an id and the project's defaults; ``title:`` only where the file's
    name cannot say it. Raises Refused."""
    check_title(title)
    check_unlocked(target.project, target.list)
    title = title.strip()
    folder = folder_of(target, scene)
    name, keep = file_name(title, names_in(folder, scene))
    fresh = next(i for i in iter(new_id, None) if scene.snapshot.by_id(i) is None)
    front: dict[str, Writable | None] = {"id": fresh}
    if keep:
        front["title"] = title
    path = f"{folder}/{name}"
    record = Record(path, target.project.key, target.list.key, fresh, title)
    own = [e for e in edits if e.key in ("tags", "due", "assignees")]
    draft = reread(Draft(path, apply_changes(b"", front), record), scene)
    draft = edited(draft, own, scene)
    draft = replace(draft, data=apply_changes(draft.data, _defaults(target.project, scene)))
    draft = edited(reread(draft, scene), [e for e in edits if e not in own], scene)
    return Step(draft.path, None, draft.path, draft.data, None, draft.record)


def _defaults(project: Project, scene: Scene) -> dict[str, Writable | None]:
    setting = Setting(scene.snapshot.config, project, scene.now)
    return {
        f.key: kind_of(f).render(f, f.default, setting)
        for f in project.fields.values()
        if f.default is not None
    }


def plan_set(scene: Scene, record: Record, edits: Sequence[Edit]) -> Step:
    """The record's file with these edits. Raises Refused, EditRefused."""
    data = scene.data(record)
    draft = edited(Draft(record.path, data, record), edits, scene)
    return Step(record.path, data, draft.path, draft.data, record, draft.record)


def plan_move(scene: Scene, record: Record, target: Target) -> Step:
    """The record in another list. Raises Refused for a locked one."""
    data = scene.data(record)
    here = record.project == target.project.key and record.list == target.list.key
    if here:
        return Step(record.path, data, record.path, data, record, record)
    if record.list is not None:
        project = scene.project(record)
        check_unlocked(project, project.list_of(record.list))
    check_unlocked(target.project, target.list)
    folder = folder_of(target, scene)
    name = record.path.rpartition("/")[2]
    taken = names_in(folder, scene)
    out = data
    if fold(name) in {fold(other) for other in taken}:
        name, keep = file_name(record.title, taken)
        if keep and not record.title_key:
            out = apply_changes(data, {"title": record.title})
    draft = reread(Draft(f"{folder}/{name}", out, record), scene)
    return Step(record.path, data, draft.path, out, record, draft.record)


def plan_done(scene: Scene, record: Record, done: bool) -> Step:
    """The record done, or open again. Raises EditRefused."""
    data = scene.data(record)
    out = data
    if record.done != done or "done" in record.bad:
        spoken = record.list_done == done and "done" not in record.bad
        out = apply_changes(data, {"done": None if spoken else Plain("true" if done else "false")})
    draft = reread(Draft(record.path, out, record), scene)
    return Step(record.path, data, record.path, out, record, draft.record)


def plan_delete(scene: Scene, record: Record) -> Step:
    """The record's file gone. Raises Refused in a locked list."""
    data = scene.snapshot.data.get(record.path)
    if data is None:
        raise Refused("cli.held", path=record.path)
    if record.list is not None:
        project = scene.project(record)
        check_unlocked(project, project.list_of(record.list))
    return Step(record.path, data, None, None, record, None)


def folder_of(target: Target, scene: Scene) -> str:
    """The list's folder as it stands on disk (a decomposed name is the same folder)."""
    wanted = "/".join(part for part in (target.project.key, target.list.key) if part)
    return next((f for f in sorted(scene.snapshot.folders) if nfc(f) == wanted), wanted)


def check_unlocked(project: Project, one: ListDef) -> None:
    """Raises Refused for a locked list: nothing moves in or out, nothing is made there."""
    if one.locked:
        raise Refused("cli.list.locked", list=one.key, project=project.key or ".")


def new_in(scene: Scene, wanted: str | None, project: Project | None, here: str | None) -> Target:
    """The list for a new record: the one named (in ``project``, else in any), the folder
    ``here`` one is in, else the project's first. Raises Refused."""
    config = scene.snapshot.config
    spot = place(f"{here}/x.md" if here else "x.md", config) if here is not None else None
    home = config.projects.get(spot.project) if spot and spot.project is not None else None
    project = project or home
    if wanted is not None:
        return _named(scene, wanted, project)
    if project is None:
        if len(config.projects) > 1:
            raise Refused("cli.project.missing", names=" | ".join(config.projects))
        project = next(iter(config.projects.values()), None)
    if project is None:
        raise Refused("cli.project.empty")
    full = all_lists(project, scene.snapshot)
    if spot and spot.list and project is home and spot.kind == "record":
        return Target(full, full.list_of(spot.list))
    first = next(iter(full.lists.values()), None)
    if first is None:
        folder = f"{project.key}/Backlog" if project.key else "Backlog"
        raise Refused("cli.list.missing", project=project.name, folder=folder)
    return Target(full, first)


def _named(scene: Scene, wanted: str, project: Project | None) -> Target:
    projects = scene.snapshot.config.projects
    if project is None and len(projects) == 1:
        project = next(iter(projects.values()))
    if project is not None:
        return list_of(scene.snapshot, wanted, project)
    if not projects:
        raise Refused("cli.project.empty")
    fulls = [all_lists(p, scene.snapshot) for p in projects.values()]
    holding = [p for p in fulls if match_list(wanted, p)]
    if len(holding) > 1:
        raise Refused("cli.list.which", text=wanted, names=", ".join(p.key for p in holding))
    if holding:
        return list_of(scene.snapshot, wanted, holding[0])
    every = {key: one for p in fulls for key, one in p.lists.items()}
    name = scene.snapshot.config.workspace.name or "."
    return list_of(scene.snapshot, wanted, Project("", name, lists=every))


def blockers(scene: Scene, record: Record) -> list[Record]:
    """The records it waits for that are not done."""
    found = []
    for text in record.tuple_of("blocked_by"):
        meant = candidates(scene.snapshot, bare_reference(text))
        found += [r for r in meant[:1] if len(meant) == 1 and not r.done]
    return found


def waiting_for(scene: Scene, record: Record) -> list[Record]:
    """The open records that wait for this one, whatever they call it."""
    find = scene.snapshot.find

    def waits(other: Record) -> bool:
        found = map(find, other.tuple_of("blocked_by"))
        return any(one is not None and one.path == record.path for one in found)

    others = (r for r in scene.snapshot.waiting if not r.done and r.path != record.path)
    return [r for r in others if waits(r)]
