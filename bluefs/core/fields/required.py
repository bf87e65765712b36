"""Which fields must be set in a record, and are not."""

from __future__ import annotations

from bluefs.core.fields import kind_of
from bluefs.core.model import FieldDef, Project, Record


def missing(record: Record, project: Project) -> list[FieldDef]:
    """In the project's order. A value that cannot be read is there: it has a Problem of its
    own. What nobody sets, such as a button, nobody has to set."""
    return [
        field
        for field in project.fields.values()
        if kind_of(field).settable
        and (field.required or record.list in field.required_in)
        and field.key not in record.bad
        and record.values.get(field.key) is None
    ]
