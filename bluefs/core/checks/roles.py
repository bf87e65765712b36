"""What a person's roles let them change (docs/roles.md).

Owns the meaning of each role. A person may do whatever any one of their roles lets them; whom no
role names may change nothing; a project without roles is open to everybody. Refuses to know who
somebody is: that is `app.since`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bluefs.core.checks.touched import CREATED, DELETED, LAYOUT, SAID, new_comments
from bluefs.core.config.roles import EVERYONE
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.matching import match_person
from bluefs.core.model import Project, Record, Role, Rule, Workspace

#: What a rule's action writes, by its word; `set` and `clear` name their keys.
_WRITES: Mapping[str, tuple[str, ...]] = {
    "add_tags": ("tags",), "remove_tags": ("tags",), "assign": ("assignees",),
    "unassign": ("assignees",), "move": ("list",), "complete": ("done",), "reopen": ("done",),
}  # fmt: skip
_OWN = frozenset(["comments"])


@dataclass(frozen=True, slots=True)
class Act:
    """One record changed by one person: its states and the parts that differ (`touched`)."""

    handle: str
    before: Record | None
    after: Record | None
    parts: frozenset[str]


def roles_of(handle: str, project: Project, workspace: Workspace) -> tuple[Role, ...]:
    """The roles that name this person, in the order of the file."""
    return tuple(
        role for role in project.roles.values()
        if any(_names(member, handle, workspace) for member in role.members)
    )  # fmt: skip


def _names(member: str, handle: str, workspace: Workspace) -> bool:
    bare = member.removeprefix("@")
    return bare in (handle, EVERYONE) or handle in workspace.groups.get(bare, ())


def is_admin(handle: str, project: Project, workspace: Workspace) -> bool:
    """Whether they may change the project's settings: anybody, where it has no roles."""
    if not project.roles:
        return True
    return any(role.kind == "admin" for role in roles_of(handle, project, workspace))


def refused(act: Act, project: Project, workspace: Workspace) -> frozenset[str]:
    """Those parts of a change that none of the person's roles lets them make."""
    if not project.roles:
        return frozenset()
    left = act.parts
    for role in roles_of(act.handle, project, workspace):
        left &= _refused_by(role, act, workspace)
    return left | (act.parts & {CREATED}) if left else left


def _refused_by(role: Role, act: Act, workspace: Workspace) -> frozenset[str]:
    if role.kind in ("admin", "member"):
        return frozenset()
    if role.kind == "client":
        return act.parts & {DELETED}
    if role.kind == "comment-only":
        return act.parts - (_OWN if _signed(act, workspace) else frozenset())
    if role.kind == "view-only" or not _concerns(role, act):
        return act.parts
    return frozenset(part for part in act.parts if not _editable(role, part, act, workspace))


def _editable(role: Role, part: str, act: Act, workspace: Workspace) -> bool:
    if part in _OWN:
        return role.fields.get("comments", True) and _signed(act, workspace)
    if part == SAID:
        return role.fields.get("comments", role.others)
    if part == CREATED:  # its keys are parts of their own
        return True
    if part in (DELETED, LAYOUT):
        return role.others and (part == LAYOUT or all(role.fields.values()))
    return role.fields.get(part, role.others)


def _concerns(role: Role, act: Act) -> bool:
    """Whether the role is about this record, as it was and as it is now."""
    states = [record for record in (act.before, act.after) if record is not None]
    return all(_covers(role, record, act.handle) for record in states)


def _covers(role: Role, record: Record, handle: str) -> bool:
    if role.lists is not None and record.list not in role.lists:
        return False
    if role.tags is not None:
        wanted = {fold_tag(tag) for tag in role.tags}
        if wanted.isdisjoint(fold_tag(tag) for tag in record.tuple_of("tags")):
            return False
    return not role.only_assigned or handle in record.tuple_of("assignees")


def _signed(act: Act, workspace: Workspace) -> bool:
    """Whether every new comment is signed by the person who wrote it."""
    return all(
        any(person.handle == act.handle for person in match_person(comment.author, workspace))
        for comment in new_comments(act.before, act.after)
    )


def written_by_rules(
    trailers: Iterable[tuple[str, str]], rules: Mapping[str, tuple[Rule, ...]]
) -> Mapping[str, frozenset[str]]:
    """record -> parts that rules wrote, by a commit's trailers (``app.commits``); "" stands for
    all records. Only what a rule of the workspace can write counts: anybody can type a trailer."""
    known = {rule.identity: rule for some in rules.values() for rule in some if rule.enabled}
    found: dict[str, frozenset[str]] = {}
    for name, value in trailers:
        if name.lower() != "bluefs-rule":
            continue
        record, keys, identity = _parsed(value, known)
        rule = known.get(identity)
        if rule is not None:
            parts = _writes(rule) & keys if keys else _writes(rule)
            found[record] = found.get(record, frozenset()) | parts
    return found


def _parsed(value: str, known: Mapping[str, Rule]) -> tuple[str, frozenset[str], str]:
    """``ID KEY,KEY project/rule``, or the rule alone where it wrote in very many records."""
    if value in known:
        return "", frozenset(), value
    record, _, rest = value.partition(" ")
    keys, _, identity = rest.partition(" ")
    places = {"list" if key == "position" else key for key in keys.split(",")}
    return record, frozenset(places), identity


def _writes(rule: Rule) -> frozenset[str]:
    found: set[str] = set()
    for action in rule.then:
        found.update(_WRITES.get(action.word, ()))
        if action.word == "set":
            found.update(key for _, key in action.names())
        elif action.word == "clear":
            found.update(getattr(action, "field", ()))
    return frozenset("list" if key == "position" else key for key in found)
