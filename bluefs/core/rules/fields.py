"""The fields rules may speak of: those of a project, the built-in ones, and the title."""

from __future__ import annotations

from bluefs.core.model import FieldDef, Project

_TITLE = FieldDef("title", "text", "Title")


def field_here(key: str, project: Project) -> FieldDef | None:
    """The field behind a key of the project's records, the title as text; None for a key
    that no record of it has."""
    from bluefs.core.fields import field_of

    return _TITLE if key == "title" else field_of(key, project)
