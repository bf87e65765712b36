"""What nobody let somebody do, put together and worded.

Owns the gathering: one Problem for each person and record, however many commits it took, at the
place where the change stands in the file as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bluefs.core.checks.changes import TOP, Comparison, Place, problem
from bluefs.core.checks.examine import Sources
from bluefs.core.checks.roles import roles_of
from bluefs.core.checks.touched import CREATED, DELETED, LAYOUT, SAID
from bluefs.core.codec.record import where
from bluefs.core.codec.text import Decoded, decode, split
from bluefs.core.codes import changes as codes
from bluefs.core.config.places import first_difference, place_of_key
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Person, Project, Record, Workspace
from bluefs.core.ports import Commit
from bluefs.core.problems import Problem
from bluefs.core.words import say

#: Parts that are worded, in the order in which they are told; keys of records follow.
_WORDED = (
    CREATED,
    DELETED,
    "list",
    "description",
    "checklist",
    "comments",
    SAID,
    "attachments",
    LAYOUT,
)
#: Those that stand behind the front matter.
_BODY = frozenset(["description", "checklist", "comments", SAID])
#: Digits of a commit's id, as Git's own screens show it at least.
_SHORT = 7


@dataclass(slots=True)
class _Record:
    person: Person
    role: str
    admins: str
    record: Record
    parts: set[str] = field(default_factory=set)
    commits: list[str] = field(default_factory=list)


class Reproach:
    """``comparison`` and ``sources`` are of the workspace as it is now, ``former`` gives the bytes
    that a settings file had before (b"" where there was none)."""

    def __init__(
        self, comparison: Comparison, sources: Sources, former: Callable[[str], bytes]
    ) -> None:
        self._comparison, self._sources, self._former = comparison, sources, former
        self._records: dict[tuple[str, str, str], _Record] = {}
        self._settings: dict[tuple[str, str], tuple[Person, Project, list[str]]] = {}
        self._strangers: dict[str, list[str]] = {}

    def stranger(self, commit: Commit) -> None:
        _add(self._strangers.setdefault(commit.author.email, []), commit)

    def settings(self, commit: Commit, person: Person, path: str, project: Project) -> None:
        _add(self._settings.setdefault((person.handle, path), (person, project, []))[2], commit)

    def record(
        self, commit: Commit, person: Person, record: Record, parts: frozenset[str],
        project: Project, workspace: Workspace,
    ) -> None:  # fmt: skip
        key = person.handle, project.key, record.name
        if key not in self._records:
            roles = ", ".join(role.name for role in roles_of(person.handle, project, workspace))
            self._records[key] = _Record(person, roles, _admins(project), record)
        found = self._records[key]
        found.record = record
        found.parts |= parts
        _add(found.commits, commit)

    def problems(self) -> Iterator[Problem]:
        for email, commits in self._strangers.items():
            place = place_of_key(self._sources.settings.get("bluefs.yaml", b""), ["people"])
            yield problem(
                codes.STRANGER, "bluefs.yaml", "stranger", place,
                email=email, commits=_listed(commits),
            )  # fmt: skip
        for (_, path), (person, project, commits) in self._settings.items():
            now = self._sources.settings.get(path)
            place = first_difference(self._former(path), now) if now is not None else TOP
            yield problem(
                codes.SETTINGS, path, "settings", place, who=person.handle, project=project.name,
                commits=_listed(commits), admins=_admins(project),
            )  # fmt: skip
        for found in self._records.values():
            yield self._worded(found)

    def _worded(self, found: _Record) -> Problem:
        path, place = self._now(found)
        return problem(
            codes.ROLE, path, "role" if found.role else "no_role", place,
            who=found.person.handle, role=found.role, acts=_acts(found.parts),
            commits=_listed(found.commits), admins=found.admins,
        )  # fmt: skip

    def _now(self, found: _Record) -> tuple[str, Place]:
        """The record's file as it is now, and the first key at fault in it."""
        path, data = found.record.path, self._comparison.data
        name = found.record.id
        if name is not None:
            ids = (c.after for c in self._comparison.changes if c.after is not None)
            path = next((record.path for record in ids if record.id == name), path)
        if path not in data:
            return path, TOP
        keys = sorted(found.parts.difference(_WORDED))
        places = [where(data[path], key) for key in keys]
        places += [] if _BODY.isdisjoint(found.parts) else [_body(data[path])]
        return path, min((place for place in places if place != TOP), default=TOP)


def _body(data: bytes) -> Place:
    """Where the text begins."""
    decoded = decode(data)
    parts = split(decoded.text) if isinstance(decoded, Decoded) else None
    return (parts.body_line, 1, 1) if parts is not None and parts.body.strip() else TOP


def _admins(project: Project) -> str:
    found = (m for role in project.roles.values() if role.kind == "admin" for m in role.members)
    return ", ".join(found) or "–"


def _acts(parts: set[str]) -> str:
    """What was not allowed: ``move records, change deal_value``. What a new record is born with
    needs no telling."""
    if CREATED in parts:
        return say("changes.act.created")
    acts = [say(f"changes.act.{part}") for part in _WORDED if part in parts]
    keys = sorted(parts.difference(_WORDED))
    if keys:
        acts.append(say("changes.act.keys", keys=", ".join(keys)))
    return ", ".join(acts)


def _add(commits: list[str], commit: Commit) -> None:
    if commit.hex[:_SHORT] not in commits:
        commits.append(commit.hex[:_SHORT])


def _listed(commits: list[str]) -> str:
    return ", ".join(commits[:3]) + (", …" if len(commits) > 3 else "")
