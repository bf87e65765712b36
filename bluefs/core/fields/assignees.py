"""The built-in key ``assignees``, and finding a person by what somebody wrote."""

from __future__ import annotations

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.setlike import SetLike
from bluefs.core.model import FieldDef, Value, Workspace
from bluefs.core.nodes import Node, Scalar
from bluefs.core.words import say

EVERYONE = "everyone"


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
    workspace that names no people takes any handle."""

    word = "assignees"
    built_in = True

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        workspace = setting.config.workspace
        found = members_of(text.strip(), workspace)
        if found is not None and (found or workspace.people):
            return found
        if not workspace.people and not workspace.groups:
            return (text.strip().removeprefix("@"),)
        return _nobody(node, text, workspace)

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        workspace = setting.config.workspace
        found = find_people(text, workspace) if workspace.people or workspace.groups else [text]
        if len(found) == 1:
            return self.member(field, Scalar(found[0]), found[0], setting)
        if not found:
            return _nobody(Scalar(text), text, workspace)
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


def _nobody(node: Node, text: str, workspace: Workspace) -> Fault:
    meant = find_people(text, workspace)
    mend = meant[0] if len(meant) == 1 and _is_surely(text, meant[0], workspace) else None
    hint = None if mend else say("values.person.nobody")
    if mend is None and workspace.people:
        hint = say("values.person.hint", people=names(_names(workspace)))
    return fault(codes.PERSON, node, "values.person", text=brief(text), mend=mend, hint=hint)


def _is_surely(text: str, name: str, workspace: Workspace) -> bool:
    """A beginning may mean somebody who is not there yet; the rest is a spelling."""
    bare = fold_text(text.strip().removeprefix("@"))
    person = workspace.people.get(name)
    own = (person.name, *person.emails) if person else ()
    return bare == fold_text(name) or bare in map(fold_text, own)


KIND = Assignees()
