"""The JSON Schema (2020-12) of a project's records: the keys that every record has, and the
project's own fields as their kinds describe them.

It says of a front matter what can be said of it alone. That a field is required in one list only,
who the people are, and what other files hold, `check` knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bluefs.core.fields import kind_of
from bluefs.core.hints import Any
from bluefs.core.model import FOREIGN_KEYS, FieldDef, Project


def record_schema(project: Project, base: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` is the published schema of what every record has (schema/record.json)."""
    own = {key: _property(field) for key, field in project.fields.items()}
    keys = {**base["properties"], **own}
    if project.tags:
        keys["tags"] = {**keys["tags"], "examples": [list(project.tags)[:1], list(project.tags)]}
    if project.strict:
        keys |= {key: {} for key in sorted(FOREIGN_KEYS) if key not in keys}
    required = [key for key, field in project.fields.items() if field.required]
    title = project.name or project.key
    schema = {
        **base,
        "$id": f"{base['$id'].removesuffix('.json')}/{project.key or 'project'}.json",
        "title": title,
        "properties": keys,
        "additionalProperties": not project.strict,
    }
    schema.pop("examples", None)
    return {**schema, "required": required} if required else schema


def _property(field: FieldDef) -> dict[str, Any]:
    found: dict[str, Any] = {"title": field.name or field.key}
    if field.description:
        found["description"] = field.description
    return {**found, **{key: _plain(value) for key, value in kind_of(field).schema(field).items()}}


def _plain(value: Any) -> Any:
    """Exact numbers as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
