"""Field kinds: what the source text of a value means, one file for each.

Owns the table of kinds and the fields that every record has. A kind is imported when it is
first asked for. Kinds that format.md promises for later read as `Unknown`: their text is kept.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef

if TYPE_CHECKING:
    from bluefs.core.fields.base import Kind
    from bluefs.core.model import Project

#: What may stand behind `type:` in project.yaml -> its module here.
_KINDS = (
    "text", "multiline", "number", "currency", "percent", "rating", "checkbox", "select",
    "multi_select", "date", "email", "url", "button",
)  # fmt: skip
#: Kinds of built-in keys only.
_OWN = ("tags", "color", "assignees", "blocked_by", "position", "repeat", "remind")
#: Built-in key -> kind. `list`, `title` and `id` are a record's place and name, no fields.
_BUILT_IN = {
    "tags": "tags", "color": "color", "start": "date", "due": "date", "assignees": "assignees",
    "done": "checkbox", "blocked_by": "blocked_by", "position": "position", "repeat": "repeat",
    "remind": "remind",
}  # fmt: skip

BUILT_IN: dict[str, FieldDef] = {
    key: FieldDef(key, kind, key.replace("_", " ").capitalize()) for key, kind in _BUILT_IN.items()
}


@cache
def _kind(word: str) -> Kind:
    known = word in _KINDS or word in _OWN
    module = import_module(f"bluefs.core.fields.{word if known else 'unknown'}")
    kind: Kind = module.KIND
    return kind


def kind_of(field: FieldDef) -> Kind:
    """The kind of this field; `Unknown` for a word that is no kind (yet)."""
    return _kind(field.kind)


def kind_named(word: str) -> Kind | None:
    """The kind behind `type:` in project.yaml, None if there is none of that name (yet)."""
    return _kind(word) if word in _KINDS else None


def known_kinds() -> tuple[str, ...]:
    """Every word that `type:` takes."""
    return _KINDS


def field_of(key: str, project: Project) -> FieldDef | None:
    """The field behind a key of a record: built-in (without `list`, `title`, `id`, `project`)
    or the project's own; None if the project declares none."""
    return BUILT_IN.get(key) or project.fields.get(key)
