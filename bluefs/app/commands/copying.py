"""The plan of ``copy``: a record once more, here or in another project.

Comments, checklists and attachments go along, and the fields that the other project has under
the same key and of the same kind. What does not fit there is left out and named, never
squeezed in. ``foreign`` says the same of a record that only moves: there nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bluefs.app.commands.assign import Draft, check_title, names_in, reread
from bluefs.app.commands.attach import fresh_id
from bluefs.app.commands.bulky import Bring, MoveFolder
from bluefs.app.commands.plan import Scene, Step
from bluefs.app.commands.records import check_unlocked, folder_of
from bluefs.app.refs import Target
from bluefs.app.workspace import Snapshot
from bluefs.core import attachments
from bluefs.core.codec.record import locate, read_record
from bluefs.core.edit import apply_changes, remove_items
from bluefs.core.fields import kind_of
from bluefs.core.fields.tags import declared_tag
from bluefs.core.frozen import dataclass, replace
from bluefs.core.layout import file_name
from bluefs.core.matching import nfc
from bluefs.core.model import BUILTIN_KEYS, FOREIGN_KEYS, Project, Record
from bluefs.core.nodes import Map, Writable
from bluefs.core.position import after_last, is_position

#: (bytes, SHA-256) of a file of the workspace.
Digest = Callable[[str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Copying:
    """``left`` are the keys (and tags, as ``tag:NAME``) that the other project has no place
    for."""

    step: Step
    files: tuple[Bring, ...]
    left: tuple[str, ...]


def plan_copy(
    scene: Scene, record: Record, target: Target, digest: Digest, new_id: Callable[[], str],
    title: str | None = None,
) -> Copying:  # fmt: skip
    """A new record with a new id at the end of the list, called ``title`` or as the first one
    is. Raises Refused for a locked list or what can be no title, EditRefused."""
    if title is not None:
        check_title(title)
    title = record.title if title is None else title.strip()
    check_unlocked(target.project, target.list)
    data = scene.data(record)
    id = fresh_id(scene, new_id)
    folder = folder_of(target, scene)
    name, keep = file_name(title, names_in(folder, scene))
    left = foreign(scene, record, target.project)
    changes: dict[str, Writable | None] = {key: None for key in left if not key.startswith("tag:")}
    changes |= dict.fromkeys(_unique(record, scene))  # its numbers are its own
    changes |= {"id": id, "position": end_of(scene, target)}
    if keep or record.title_key:
        changes["title"] = title if keep else None
    tags = [one.removeprefix("tag:") for one in left if one.startswith("tag:")]
    out = apply_changes(remove_items(data, "tags", tags) if tags else data, changes)
    path = f"{folder}/{name}"
    draft = reread(Draft(path, out, record), scene)
    step = Step(path, None, path, out, None, draft.record)
    return Copying(step, _files(scene, record, target.project, id, digest), left)


def _unique(record: Record, scene: Scene) -> list[str]:
    """Keys whose values no other record may have."""
    fields = scene.project(record).fields.values()
    return [field.key for field in fields if kind_of(field).unique]


def foreign(scene: Scene, record: Record, project: Project) -> tuple[str, ...]:
    """What of the record has no place in ``project``: fields it lacks, has of another kind or
    cannot read, and tags it is too strict for. Nothing within one project."""
    if record.project == project.key:
        return ()
    here = scene.project(record)
    tree = locate(scene.data(record))
    keys = [nfc(key.text) for key, _ in tree.entries] if isinstance(tree, Map) else []
    folder = f"{project.key}/x" if project.key else "x"
    seen = read_record(f"{folder}/x.md", scene.data(record), scene.snapshot.config).record
    bad = seen.bad if seen is not None else frozenset()
    found = [key for key in keys if not _fits(key, here, project, bad)]
    if project.strict:
        strange = (t for t in record.tuple_of("tags") if declared_tag(t, project) is None)
        found += [f"tag:{tag}" for tag in strange]
    return tuple(found)


def _fits(key: str, here: Project, there: Project, bad: frozenset[str]) -> bool:
    if key in BUILTIN_KEYS:
        return True
    old, new = here.fields.get(key), there.fields.get(key)
    if old is None:
        return key in FOREIGN_KEYS or (not there.strict if new is None else key not in bad)
    same = new is not None and new.kind == old.kind and kind_of(new).settable
    return same and key not in bad


def with_record(scene: Scene, record: Record) -> Scene:
    """The scene as it is once this record is there: the next copy comes after it."""
    return replace(scene, also=(*scene.also, record))


def end_of(scene: Scene, target: Target) -> str | None:
    """A position after every other of the list; None where no record there has one, for then
    names decide and a position would come before them all."""
    spot = (target.project.key, target.list.key)
    there = (*scene.snapshot.records, *scene.also)
    held = (r.values.get("position") for r in there if (r.project, r.list) == spot)
    known = [p for p in held if isinstance(p, str) and is_position(p)]
    return after_last(known) if known else None


def _files(
    scene: Scene, record: Record, project: Project, id: str, digest: Digest
) -> tuple[Bring, ...]:
    folder = attachments.folder_of(project.key, id)
    old = attachments.folder_of(record.project, record.id or "")
    found = attachments.attached(record, scene.snapshot.paths, scene.snapshot.config)
    return tuple(Bring(path, folder + path[len(old) :], *digest(path)) for path in found)


def attachments_along(snapshot: Snapshot, steps: Iterable[Step]) -> list[MoveFolder]:
    """The folders of attachments that go with records to another project. One that is there
    already is a leftover: its files stay apart, and ``apply`` refuses."""
    found = []
    for step in steps:
        was, now = step.was, step.now
        if was is None or now is None or was.project == now.project or was.id is None:
            continue
        if attachments.attached(was, snapshot.paths, snapshot.config):
            old = attachments.folder_of(was.project, was.id)
            found.append(MoveFolder(old, attachments.folder_of(now.project, was.id)))
    return found
