"""What ``rename`` is asked for: which list, tag, field or person is meant, and whether it may be
called so. Refuses a name that is taken, that no file can hold, or that means something already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.app.commands.bulky import MoveFolder
from bluefs.app.commands.plan import Scene
from bluefs.app.commands.records import folder_of
from bluefs.app.refs import Target, all_lists, everything, list_of
from bluefs.core.config.fields import is_field_key
from bluefs.core.config.workspace import is_handle
from bluefs.core.errors import Refused
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.hints import Literal
from bluefs.core.layout import check_name
from bluefs.core.matching import fold, match_key, match_list, match_person, nearest, nfc
from bluefs.core.model import FOREIGN_KEYS, RESERVED_KEYS, Project
from bluefs.core.renaming import Kind, Naming
from bluefs.core.titles import MOST
from bluefs.core.words import fill


@dataclass(frozen=True, slots=True)
class Found:
    """``folder`` is the list's on disk, where it has one."""

    naming: Naming
    folder: MoveFolder | None = None


def find_renamed(scene: Scene, kind: Kind, old: str, new: str, project: Project | None) -> Found:
    """``project`` where one was named. Raises Refused."""
    wanted = nfc(new.strip())
    if not wanted or len(wanted.splitlines()) > 1:
        raise Refused("renaming.empty")
    if kind != "list" and len(wanted) > MOST:  # a list has the limit of its folder
        raise Refused("renaming.long", count=len(wanted), most=MOST)
    ways = {"list": _list, "tag": _tag, "field": _field, "person": _person}
    return ways[kind](scene, old, wanted, project)


def _same(kind: Kind, name: str) -> Refused:
    return Refused("renaming.same", what=_what(kind), name=name)


def _taken(kind: Kind | Literal["group"], name: str, where: str) -> Refused:
    return Refused("renaming.taken", what=_what(kind), name=name, where=where)


def _what(kind: Kind | Literal["group"]) -> str:
    return fill(f"renaming.kind.{kind}", {})


def _list(scene: Scene, old: str, new: str, project: Project | None) -> Found:
    target = _listed(scene, old, project)
    home, key = target.project, target.list.key
    if target.list.locked:
        raise Refused("renaming.locked", name=key, project=home.key or ".")
    if new == key:
        raise _same("list", new)
    fault = check_name(new)
    if fault is not None:
        raise Refused("renaming.name", message=fill(fault.key, fault.fields))
    where = home.key or home.name
    others = (name for one in home.lists.values() if one.key != key for name in (one.key, one.name))
    other = next((name for name in others if fold(name) == fold(new)), None)
    if other is not None:
        raise _taken("list", other, where)
    old_folder = folder_of(target, scene)
    new_folder = f"{home.key}/{new}" if home.key else new
    there = [*scene.snapshot.folders, *scene.snapshot.paths]
    clash = next((p for p in there if fold(p) == fold(new_folder) and p != old_folder), None)
    if clash is not None:
        raise _taken("list", clash, where)
    move = MoveFolder(old_folder, new_folder) if old_folder in scene.snapshot.folders else None
    return Found(Naming("list", key, new, frozenset({home.key})), move)


def _listed(scene: Scene, old: str, project: Project | None) -> Target:
    """The list in the project named, in the only one, or in the only one that has it."""
    projects = scene.snapshot.config.projects
    if project is None and len(projects) == 1:
        project = next(iter(projects.values()))
    if project is not None:
        return list_of(scene.snapshot, old, project)
    fulls = [all_lists(one, scene.snapshot) for one in projects.values()]
    holding = [one for one in fulls if match_list(old, one)]
    if len(holding) == 1:
        return list_of(scene.snapshot, old, holding[0])
    if holding:
        raise _several("list", old, holding)
    if not projects:
        raise Refused("cli.project.empty")
    every = {key: one for full in fulls for key, one in full.lists.items()}
    return list_of(scene.snapshot, old, Project("", "", lists=every))


def _several(kind: Kind, old: str, holding: Sequence[Project]) -> Refused:
    names = ", ".join(one.key or one.name for one in holding)
    return Refused("renaming.which", what=_what(kind), name=old, names=names)


def _none(kind: Kind, text: str, known: Iterable[str]) -> Refused:
    names = list(dict.fromkeys(known))
    near = nearest(text, names)
    what, shown = _what(kind), ", ".join(names) or "–"
    if near is None:
        return Refused("renaming.none", what=what, name=text, names=shown)
    return Refused("renaming.none.near", what=what, name=text, near=near, names=shown)


def _tag(scene: Scene, old: str, new: str, project: Project | None) -> Found:
    config = scene.snapshot.config
    homes = [project] if project is not None else list(config.projects.values())
    keys = frozenset(one.key for one in homes)
    known = [tag for one in homes for tag in one.tags]
    used = (r for r in everything(scene.snapshot) if r.project in keys)
    known += [tag for record in used for tag in record.tuple_of("tags")]
    bare = old.removeprefix("#")
    found = next((tag for tag in known if fold_tag(tag) == fold_tag(bare)), None)
    if found is None:
        raise _none("tag", old, known)
    wanted = new.removeprefix("#").strip()
    if not fold_tag(wanted):
        raise Refused("renaming.empty")
    if wanted == found:
        raise _same("tag", wanted)
    other = next((tag for tag in known if fold_tag(tag) == fold_tag(wanted)), None)
    if other is not None and fold_tag(wanted) != fold_tag(found):
        holding = next((one.key for one in homes if other in one.tags), homes[0].key)
        raise _taken("tag", other, holding or ".")
    return Found(Naming("tag", found, wanted, keys))


def _field(scene: Scene, old: str, new: str, project: Project | None) -> Found:
    homes = [project] if project is not None else list(scene.snapshot.config.projects.values())
    holding = [one for one in homes if _own_keys(old, one)]
    if not holding:
        raise _none("field", old, [key for one in homes for key in one.fields])
    if len(holding) > 1:
        raise _several("field", old, holding)
    home = holding[0]
    where = home.key or home.name
    keys = _own_keys(old, home)
    if len(keys) > 1:
        raise Refused("cli.key.several", text=old, project=where, names=", ".join(keys))
    if new == keys[0]:
        raise _same("field", new)
    if not is_field_key(new):
        raise Refused("renaming.key", name=new)
    if new in RESERVED_KEYS or new in FOREIGN_KEYS:
        raise Refused("renaming.reserved", name=new)
    other = next((k for k in home.fields if k != keys[0] and fold(k) == fold(new)), None)
    if other is not None:
        raise _taken("field", other, where)
    stands = next(
        (r for r in everything(scene.snapshot) if r.project == home.key and new in r.unknown), None
    )
    if stands is not None:
        raise Refused("renaming.stands", name=new, path=stands.path)
    return Found(Naming("field", keys[0], new, frozenset({home.key})))


def _own_keys(text: str, project: Project) -> list[str]:
    """The project's own fields that may be meant."""
    if text in project.fields:
        return [text]
    return [key for key in match_key(text, project) if key in project.fields]


def _person(scene: Scene, old: str, new: str, project: Project | None) -> Found:
    workspace = scene.snapshot.config.workspace
    if project is not None:
        raise Refused("renaming.everywhere")
    found = match_person(old, workspace)
    if len(found) > 1:
        names = ", ".join(person.handle for person in found)
        raise Refused("cli.person.several", text=old, names=names)
    if not found:
        raise _none("person", old, workspace.people)
    handle, wanted = found[0].handle, new.removeprefix("@")
    if wanted == handle:
        raise _same("person", wanted)
    if not is_handle(wanted):
        raise Refused("renaming.handle", name=wanted)
    taken = [*workspace.people, *workspace.groups]
    other = next((n for n in taken if n != handle and fold(n) == fold(wanted)), None)
    if other is not None:
        raise _taken("group" if other in workspace.groups else "person", other, "bluefs.yaml")
    return Found(Naming("person", handle, wanted, frozenset(scene.snapshot.config.projects)))
