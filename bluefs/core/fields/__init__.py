"""Field kinds: what the source text of a value means, one file for each.

Owns finding them, and the fields that every record has. A module here that holds a ``KIND`` is a
kind; it is imported when a field of it is first met, and all of them only for who lists them.
Kinds that format.md promises for later read as `Unknown`: their text is kept.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef

if TYPE_CHECKING:
    from bluefs.core.fields.base import Kind
    from bluefs.core.model import Project

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
def _kind(word: str) -> Kind | None:
    """The kind in the module of this name, None where there is none: what stands behind
    ``type:`` may be any text."""
    name = f"{__name__}.{word}"
    if not (word.isascii() and word.isidentifier()):
        return None
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None
    found: Kind | None = getattr(module, "KIND", None)
    return found


@cache
def _unknown() -> Kind:
    from bluefs.core.fields.unknown import KIND

    return KIND


def kind_of(field: FieldDef) -> Kind:
    """The kind of this field, as its options make it; `Unknown` for a word that is no kind
    (yet)."""
    return (_kind(field.kind) or _unknown()).of(field)


def kind_named(word: str) -> Kind | None:
    """The kind behind `type:` in project.yaml, None if there is none of that name (yet)."""
    found = _kind(word)
    return None if found is None or found.built_in else found


@cache
def known_kinds() -> tuple[str, ...]:
    """Every word that `type:` takes, in the order of the alphabet. Imports them all."""
    from pkgutil import iter_modules

    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(name for name in names if kind_named(name) is not None)


def field_of(key: str, project: Project) -> FieldDef | None:
    """The field behind a key of a record: built-in (without `list`, `title`, `id`, `project`)
    or the project's own; None if the project declares none."""
    return BUILT_IN.get(key) or project.fields.get(key)
