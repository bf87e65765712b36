"""Checks of a change: two moments of a workspace held against each other.

Owns `Comparison` and one ``check_*`` for each fault of a change that no rights excuse. What a
person may do is ``core.checks.roles``. Places are those of the files as they are now; of what is
gone, its last path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bluefs.core.codec.record import where, where_member
from bluefs.core.codes import changes as codes
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.fields.faults import brief
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Config, Project, Record
from bluefs.core.problems import Code, Problem
from bluefs.core.words import fill, has

Place = tuple[int, int, int]
TOP: Place = (1, 1, 1)


@dataclass(frozen=True, slots=True)
class Change:
    """One record at both moments; None where it did not exist, or could not be read."""

    before: Record | None
    after: Record | None

    @property
    def path(self) -> str:
        """Where it is, or was last."""
        record = self.after or self.before
        return record.path if record is not None else ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``changes`` are of all records whose files differ. ``renamed`` are folders of lists, old
    path -> new path: their records have not moved. ``data`` are the bytes now, by path; ``find``
    gives the record, as it is now, that an entry of ``blocked_by`` means. ``key_place`` is the
    place of an entry of a project.yaml, by its path and the keys that lead there."""

    before: Config
    after: Config
    changes: tuple[Change, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    find: Callable[[str], Record | None] = lambda _: None
    key_place: Callable[[str, tuple[str, ...]], Place] = lambda _path, _keys: TOP

    def place(self, record: Record, key: str) -> Place:
        data = self.data.get(record.path)
        return where(data, key) if data is not None else TOP


def problem(code: Code, path: str, key: str, place: Place = TOP, /, **fields: object) -> Problem:
    """Worded by ``changes.<key>``, with ``changes.<key>.hint`` where there is one."""
    name = f"changes.{key}"
    hint = fill(f"{name}.hint", fields) if has(f"{name}.hint") else None
    return Problem(code, path, *place, fill(name, fields), hint)


def check_changes(comparison: Comparison) -> list[Problem]:
    """What every check finds, in no order of places."""
    return [found for check in CHECKS for found in check(comparison)]


def check_ids(comparison: Comparison) -> Iterator[Problem]:
    """Records whose id became another, or went."""
    for change in comparison.changes:
        before, after = change.before, change.after
        if before is None or after is None or before.id is None or "id" in after.bad:
            continue
        if after.id != before.id:
            key = "id_gone" if after.id is None else "id"
            place = comparison.place(after, "id")
            fields = {"old": before.id, "new": after.id}
            yield problem(codes.ID_CHANGED, after.path, key, place, **fields)


def check_locked(comparison: Comparison) -> Iterator[Problem]:
    """Records that came into a locked list, or left one, or are gone from it."""
    for change in comparison.changes:
        old = _home(change.before, comparison)
        new = _home(change.after, None)
        if old == new:
            continue
        if new is not None and _is_locked(new, comparison):
            key = "new_locked" if change.before is None else "into_locked"
            yield problem(codes.INTO_LOCKED, change.path, key, list=new[1], folder=_folder(change))
        if old is not None and _is_locked(old, comparison):
            key = "gone_locked" if change.after is None else "out_of_locked"
            yield problem(
                codes.OUT_OF_LOCKED, change.path, key, list=old[1], folder=_folder(change)
            )


def _folder(change: Change) -> str:
    """Where the record was."""
    return change.before.path.rpartition("/")[0] if change.before is not None else ""


def _home(record: Record | None, comparison: Comparison | None) -> tuple[str, str] | None:
    """(project, list); by the list's present name, where it was renamed."""
    if record is None or record.list is None:
        return None
    if comparison is not None:
        new = comparison.renamed.get(record.path.rpartition("/")[0])
        if new is not None:
            project, _, name = new.rpartition("/")
            return project, name
    return record.project, record.list


def _is_locked(home: tuple[str, str], comparison: Comparison) -> bool:
    """Whether it was locked and is not unlocked now: of a list that project.yaml has lost, the
    lock stays."""
    key, name = home
    old, new = comparison.before.projects.get(key), comparison.after.projects.get(key)
    renamed = {to: frm for frm, to in comparison.renamed.items()}
    former = renamed.get(f"{key}/{name}" if key else name, name).rpartition("/")[2]
    if old is None or not old.list_of(former).locked:
        return False
    now = new.lists.get(name) if new is not None else None
    return now is None or now.locked


def check_locked_names(comparison: Comparison) -> Iterator[Problem]:
    """Lists that were renamed, or taken out of project.yaml, while they were locked."""
    for key, project in comparison.before.projects.items():
        now = comparison.after.projects.get(key)
        for name, one in project.lists.items():
            if not one.locked or now is None:
                continue
            folder = f"{key}/{name}" if key else name
            new = comparison.renamed.get(folder, "").rpartition("/")[2]
            if new or name not in now.lists:
                yield _lost_name(comparison, key, name, new)


def _lost_name(comparison: Comparison, key: str, name: str, new: str) -> Problem:
    path = f"{key}/project.yaml" if key else "project.yaml"
    if new:
        place = comparison.key_place(path, ("lists", new))
        return problem(codes.LOCKED_RENAMED, path, "locked_renamed", place, list=name, new=new)
    place = comparison.key_place(path, ("lists",))
    return problem(codes.LOCKED_RENAMED, path, "locked_dropped", place, list=name)


def check_emptied(comparison: Comparison) -> Iterator[Problem]:
    """Required fields that had a value and have none."""
    for change in comparison.changes:
        before, after = change.before, change.after
        if before is None or after is None or after.list is None:
            continue
        project = comparison.after.projects.get(after.project) or Project(after.project, "")
        for one in project.fields.values():
            wanted = one.required or after.list in one.required_in
            lost = before.values.get(one.key) is not None and after.values.get(one.key) is None
            if wanted and lost and one.key not in after.bad and kind_of(one).settable:
                place = comparison.place(after, one.key)
                setting = Setting(comparison.before, project)
                old = brief(kind_of(one).show(one, before.values[one.key], setting))
                yield problem(codes.EMPTIED, after.path, "emptied", place, key=one.key, old=old)


def check_blocked(comparison: Comparison) -> Iterator[Problem]:
    """Records that were completed though something they wait for is open."""
    for change in comparison.changes:
        before, after = change.before, change.after
        if before is None or after is None or before.done or not after.done:
            continue
        for text in after.tuple_of("blocked_by"):
            other = comparison.find(text)
            if other is None or other.done or other.path == after.path:
                continue
            data = comparison.data.get(after.path)
            place = where_member(data, "blocked_by", text) if data is not None else TOP
            title = other.title
            yield problem(codes.BLOCKED_DONE, after.path, "blocked_done", place, title=title)
            break


CHECKS = (check_ids, check_locked, check_locked_names, check_emptied, check_blocked)
