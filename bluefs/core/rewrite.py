"""From a wanted state of a record to the bytes of its file, changing only what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bluefs.core.codec.text import Decoded, decode, split
from bluefs.core.edit import EditRefused, apply_changes
from bluefs.core.fields import field_of, kind_of
from bluefs.core.fields.base import Setting
from bluefs.core.layout import file_name
from bluefs.core.matching import nfc
from bluefs.core.model import Config, Project, Record, Value
from bluefs.core.nodes import Writable


def rewrite(
    data: bytes,
    current: Record,
    target: Record,
    config: Config,
    also: Mapping[str, Writable] | None = None,
) -> bytes:
    """``data``, the file of ``current``, changed to say ``target``. Keys that are ``bad`` in
    the file stay as they are: what nobody can read, only a person may change. ``also`` are
    further keys to write (an id). Raises EditRefused."""
    project = config.projects.get(target.project) or Project(target.project, target.project)
    setting = Setting(config, project)
    changes: dict[str, Writable | None] = {}
    for key in {**current.values, **target.values}:
        value = target.values.get(key)
        if key in project.lookups:
            continue  # in no file
        if key not in current.bad and current.values.get(key) != value:
            changes[key] = _written(key, value, setting)
    for key in {**current.unknown, **target.unknown}:
        if current.unknown.get(key) != target.unknown.get(key):
            text = target.unknown.get(key)
            changes[key] = text if isinstance(text, (str, tuple)) else None
    if target.title != current.title and current.title_key:
        changes["title"] = target.title
    changes.update(also or {})
    out = apply_changes(data, changes) if changes else data
    return out if target.body == current.body else with_body(out, target.body)


def _written(key: str, value: Value, setting: Setting) -> Writable | None:
    if value is None:
        return None
    field = field_of(key, setting.project)
    if field is None:
        return value if isinstance(value, (str, tuple)) else str(value)
    return kind_of(field).render(field, value, setting)


def with_body(data: bytes, body: str) -> bytes:
    """The file with another body; ``body`` has newlines as ``\\n`` and gets the file's own.
    Raises EditRefused for a file that cannot be read."""
    decoded = decode(data)
    if not isinstance(decoded, Decoded):
        raise EditRefused(
            "errors.edit.unreadable",
            line=decoded.line, column=decoded.column, message=decoded.message, hint=decoded.hint,
        )  # fmt: skip
    parts = split(decoded.text)
    front = decoded.text[: len(decoded.text) - len(parts.body)]
    text = front + body.replace("\n", decoded.newline)
    return (b"\xef\xbb\xbf" if decoded.bom else b"") + text.encode()


def target_path(current: Record, target: Record, folders: Iterable[str] = ()) -> str:
    """Where the file of ``target`` belongs: its list's folder, under the name it has now, or
    under one made of its title where the title is the file's name and has changed.
    ``folders`` are those that exist: a decomposed name on disk is the same folder."""
    name = current.path.rpartition("/")[2]
    if target.title != current.title and not current.title_key:
        name, _ = file_name(target.title, ())
    folder = "/".join(part for part in (target.project, target.list) if part)
    if (target.project, target.list) == (current.project, current.list):
        folder = current.path.rpartition("/")[0]
    else:
        folder = next((f for f in folders if nfc(f) == folder), folder)
    return f"{folder}/{name}" if folder else name
