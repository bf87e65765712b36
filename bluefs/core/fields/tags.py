"""The built-in key ``tags``."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import islice

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.setlike import SetLike
from bluefs.core.fields.sets import members
from bluefs.core.model import FieldDef, Project, Value
from bluefs.core.nodes import Node, Scalar
from bluefs.core.patterns import pattern
from bluefs.core.words import say

#: A set of more undeclared tags has no need of a word on each.
_MOST_NOTES = 100
_GAPS = pattern(r"[\s_-]+")


@lru_cache(maxsize=8192)
def fold_tag(text: str) -> str:
    """What two spellings of a tag have in common: case does not count, and a space, a hyphen
    and an underscore are the same (Obsidian allows no spaces in tags)."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return _GAPS.sub(" ", unicodedata.normalize("NFC", composed)).strip()


def declared_tag(text: str, project: Project) -> str | None:
    """The project's own spelling of this tag, None if it declares none such."""
    if text in project.tags:
        return text
    wanted = fold_tag(text)
    return next((name for name in project.tags if fold_tag(name) == wanted), None)


class Tags(SetLike):
    """A set of tags. Each stands for the tag that the project declares under ``tags``, in
    whichever spelling; one that it does not declare is a warning, in a ``strict`` project an
    error."""

    word = "tags"
    built_in = True

    def same(self, text: str) -> str:
        return fold_tag(text)

    def member(
        self, field: FieldDef, node: Node, text: str, setting: Setting
    ) -> tuple[str, ...] | Fault:
        tag = unicodedata.normalize("NFC", text.strip())
        return (declared_tag(tag, setting.project) or tag,) if fold_tag(tag) else ()

    def is_several(self, field: FieldDef, text: str, setting: Setting) -> bool:
        known = declared_tag(text.strip(), setting.project)
        return known is None and super().is_several(field, text, setting)

    def notes(self, field: FieldDef, node: Node, setting: Setting) -> list[Fault]:
        found = members(field, node)
        project = setting.project
        if isinstance(found, Fault) or not (project.strict or project.tags):
            return []
        new = (
            each
            for each in found
            if fold_tag(each.text) and declared_tag(each.text.strip(), project) is None
        )
        return [_undeclared(each, project) for each in islice(new, _MOST_NOTES)]

    def typed_member(self, field: FieldDef, text: str, setting: Setting) -> tuple[str, ...] | Fault:
        bare = text.strip().removeprefix("#")
        project = setting.project
        if not project.strict or declared_tag(bare, project) is not None:
            return self.member(field, Scalar(bare), bare, setting)
        return _by_prefix(text, bare, project)

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        if setting.project.strict and declared_tag(operand, setting.project) is None:
            return _undeclared(Scalar(operand), setting.project)
        wanted = fold_tag(operand.removeprefix("#"))
        return isinstance(value, tuple) and any(fold_tag(tag) == wanted for tag in value)


def _by_prefix(text: str, bare: str, project: Project) -> tuple[str, ...] | Fault:
    """In a strict project there are no new tags, so the beginning of one is enough."""
    wanted = fold_tag(bare)
    begun = [name for name in project.tags if wanted and fold_tag(name).startswith(wanted)]
    if len(begun) == 1:
        return (begun[0],)
    if not begun:
        return _undeclared(Scalar(text), project)
    hint = say("values.tag.longer")
    several = "values.tag.several"
    return fault(codes.TAG, Scalar(text), several, text=brief(text), tags=names(begun), hint=hint)


def _undeclared(node: Scalar, project: Project) -> Fault:
    listed = names(project.tags)
    hint = say("values.tag.hint", tags=listed) if listed else say("values.tag.declare")
    found = fault(codes.TAG, node, "values.tag", text=brief(node.text), hint=hint)
    if not project.strict:
        return found
    return Fault(found.code, found.node, found.message, found.hint, found.mend, "error")


KIND = Tags()
