"""The built-in key ``assignees``, and finding a person by what somebody wrote."""

from __future__ import annotations

from itertools import islice

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.setlike import SetLike
from bluefs.core.fields.sets import members
from bluefs.core.frozen import replace
from bluefs.core.model import FieldDef, Value, Workspace
from bluefs.core.nodes import Node, Scalar
from bluefs.core.words import say

EVERYONE = "everyone"
#: A set of more strangers has no need of a word on each.
_MOST_NOTES = 100


def members_of(name: str, workspace: Workspace) -> tuple[str, ...] | None:
    """The handles that a handle, a group or ``everyone`` stands for, spelled exactly."""
    if name in workspace.people:
        return (name,)
    if name in workspace.groups:
        return workspace.groups[name]
    return tuple(workspace.people) if name == EVERYONE else None


def _names(workspace: Workspace) -> tuple[str, ...]:
    return (*workspace.people, *workspace.groups, EVERYONE)


def find_people(text: str, workspace: Workspace) -> list[str]:
    """The handles and groups that a person may mean by this: the handle in any case, with an
    ``@``, a full name, an email address; failing those, all that begin so. More than one: in
    doubt."""
    bare = text.strip().removeprefix("@")
    wanted = fold_text(bare)
    if not wanted:
        return []
    if members_of(bare, workspace) is not None:
        return [bare]
    by_email = workspace.person_by_email(bare)
    if by_email is not None:
        return [by_email.handle]
    exact = [name for name in _names(workspace) if fold_text(name) == wanted]
    exact = exact or [p.handle for p in workspace.people.values() if fold_text(p.name) == wanted]
    return exact or [name for name in _names(workspace) if fold_text(name).startswith(wanted)]


class Assignees(SetLike):
    """The handles of those who do it. A group (and ``everyone``) stands for its members. A
    name, an address or an ``@ana`` that is surely one person's counts for that one, and is to be
    mended. A handle that nobody has stands as it is written, with a warning; in a ``strict``
    project both are errors. A workspace that names no people takes any handle."""

    word = "assignees"
    built_in = True

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        workspace = setting.config.workspace
        found = _exactly(text, workspace)
        if found is not None:
            return found
        if setting.project.strict:
            return _nobody(node, text, setting)
        meant = _surely(text, workspace)
        return (members_of(meant, workspace) if meant else None) or (_bare(text),)

    def notes(self, field: FieldDef, node: Node, setting: Setting) -> list[Fault]:
        found = members(field, node)
        if isinstance(found, Fault):
            return []
        workspace = setting.config.workspace
        unknown = (each for each in found if _exactly(each.text, workspace) is None)
        return [_nobody(each, each.text, setting) for each in islice(unknown, _MOST_NOTES)]

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        workspace = setting.config.workspace
        found = find_people(text, workspace) if workspace.people or workspace.groups else [text]
        if len(found) == 1:
            return self.member(field, Scalar(found[0]), found[0], setting)
        if not found:
            return _nobody(Scalar(text), text, setting)
        hint = say("values.person.longer")
        return fault(
            codes.PERSON, Scalar(text), "values.person.several",
            text=brief(text), people=names(found), hint=hint,
        )  # fmt: skip

    def same(self, text: str) -> str:
        return text.casefold()

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        wanted = self.typed_member(field, operand, setting)
        if isinstance(wanted, Fault):
            return wanted
        return isinstance(value, tuple) and any(handle in wanted for handle in value)


def _bare(text: str) -> str:
    return text.strip().removeprefix("@") or text.strip()


def _exactly(text: str, workspace: Workspace) -> tuple[str, ...] | None:
    """The handles of a member that is written as it should be; None for any other."""
    found = members_of(text.strip(), workspace)
    if found is not None and (found or workspace.people):
        return found
    return None if workspace.people or workspace.groups else (_bare(text),)


def _nobody(node: Node, text: str, setting: Setting) -> Fault:
    workspace = setting.config.workspace
    mend = _surely(text, workspace)
    hint = None if mend else say("values.person.nobody")
    if mend is None and workspace.people:
        hint = say("values.person.hint", people=names(_names(workspace)))
    found = fault(codes.PERSON, node, "values.person", text=brief(text), mend=mend, hint=hint)
    return replace(found, severity="error") if setting.project.strict else found


def _surely(text: str, workspace: Workspace) -> str | None:
    """Who is meant beyond doubt: a beginning may mean somebody who is not there yet; the rest
    is a spelling."""
    meant = find_people(text, workspace)
    if len(meant) != 1:
        return None
    bare = fold_text(_bare(text))
    person = workspace.people.get(meant[0])
    own = (meant[0], person.name, *person.emails) if person else meant
    return meant[0] if bare in map(fold_text, own) else None


KIND = Assignees()
