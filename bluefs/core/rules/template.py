"""Merge fields: ``${title}``, ``${deal_value}``, ``${assignees.email}``, ``${event.from}``.

Plain substitution and no code: a merge field is a name, what it stands for is put in its
place, and what was put in is not read again. Not set gives nothing. ``$${`` writes ``${``. A
name that does not exist is reported, and whoever renders refuses to send the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bluefs.core.frozen import dataclass
from bluefs.core.model import BUILTIN_KEYS, Project, Span, Value
from bluefs.core.patterns import pattern
from bluefs.core.rules.base import Occasion
from bluefs.core.rules.people import handles_of, person_of
from bluefs.core.when import show_in_full

_MERGE = pattern(r"\$\$\{|\$\{([^{}\r\n]*)\}")


@dataclass(frozen=True, slots=True)
class MergeField:
    """``start`` and ``end`` are offsets in the text, of the whole ``${name}``."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text file of ``_templates``: ``subject`` from its front matter; the body begins at
    ``body_line`` of the file."""

    body: str
    body_line: int = 1
    subject: str | None = None


def merge_fields(text: str) -> Iterator[MergeField]:
    """Every merge field of a text, in order."""
    for found in _MERGE.finditer(text):
        if found.group(1) is not None:
            yield MergeField(found.group(1).strip(), found.start(), found.end())


def parse_template(text: str) -> Template:
    """A template file's subject and body. Raises Malformed where its front matter is not
    YAML; other keys than ``subject`` are left alone."""
    from bluefs.core.codec.compose import compose
    from bluefs.core.codec.text import split
    from bluefs.core.nodes import Map, Scalar

    front = split(text)
    if not front.present or not front.closed:
        return Template(text)
    node = compose(front.yaml, first_line=front.first_line)
    found = node.get("subject") if isinstance(node, Map) else None
    subject = found.text if isinstance(found, Scalar) and not found.is_null else None
    return Template(front.body, front.body_line, subject)


def render(text: str, occasion: Occasion) -> tuple[str, tuple[str, ...]]:
    """(the text with its merge fields filled in, names that do not exist)."""
    unknown: list[str] = []

    def fill(found: re.Match[str]) -> str:
        if found.group(1) is None:
            return "${"
        name = found.group(1).strip()
        value = merge_value(name, occasion)
        if value is None:
            unknown.append(name)
        return value or ""

    return _MERGE.sub(fill, text), tuple(unknown)


def merge_value(name: str, occasion: Occasion) -> str | None:
    """What a merge field stands for, "" where that is not set, None if there is no such
    field."""
    word = WORDS.get(name)
    if word is not None:
        return word(occasion) or ""
    return shown(name, occasion.record.values.get(name), occasion)


def merge_names(project: Project) -> tuple[str, ...]:
    """Every name that may stand in a merge field of this project."""
    from bluefs.core.fields import kind_of

    keys = [*BUILTIN_KEYS, *(f.key for f in project.fields.values() if not kind_of(f).pressed)]
    return tuple(dict.fromkeys([*WORDS, *keys]))


def shown(key: str, value: Value, occasion: Occasion) -> str | None:
    """A value as a person reads it, in the project's language; None for a key that no record
    of the project has."""
    from bluefs.core.fields import field_of, kind_of
    from bluefs.core.fields.base import Setting

    config = occasion.context.config
    project = config.projects.get(occasion.record.project)
    field = field_of(key, project) if project else None
    if project is None or field is None or kind_of(field).pressed:
        return None
    if value is None:
        return ""
    setting = Setting(config, project, occasion.context.now, refer=occasion.context.refer)
    if isinstance(value, (date, Span)):  # a mail is read later: nothing in it is tomorrow
        return show_in_full(value, config.workspace.zone, setting.language)
    return kind_of(field).show(field, value, setting)


def one_line(text: str) -> str:
    """For headers: every control character and line break becomes a space."""
    bare = "".join(
        " " if ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" else c for c in text
    )
    return " ".join(bare.split())


Word = Callable[[Occasion], str | None]


def _of_people(word: str, part: str) -> Word:
    def value(occasion: Occasion) -> str:
        handles = handles_of(word, occasion.record, occasion.context) or ()
        return ", ".join(filter(None, (_person(h, part, occasion) for h in handles)))

    return value


def _of_person(word: str, part: str) -> Word:
    """The actor or creator; of a stranger only the address is known."""

    def value(occasion: Occasion) -> str | None:
        context = occasion.context
        text = context.actor if word == "actor" else context.creator
        person = person_of(text, context)
        return _person(person.handle, part, occasion) if person else text

    return value


def _person(handle: str, part: str, occasion: Occasion) -> str:
    person = occasion.context.config.workspace.people.get(handle)
    if person is None:
        return "" if part == "email" else handle
    if part == "email":
        return person.emails[0] if person.emails else ""
    return person.name if part == "name" else handle


def _event_value(occasion: Occasion, value: Value) -> str:
    """What an event says of before and after, shown as the value of its key where it has
    one."""
    if value is None:
        return ""
    key = occasion.event.key
    if key is not None and occasion.event.kind in ("changed", "cleared"):
        text = shown(key, value, occasion)
        if text is not None:
            return text
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _list(occasion: Occasion) -> str | None:
    record = occasion.record
    project = occasion.context.config.projects.get(record.project)
    if record.list is None or project is None:
        return record.list
    return project.list_of(record.list).name


def _project(occasion: Occasion) -> str:
    project = occasion.context.config.projects.get(occasion.record.project)
    return project.name if project else occasion.record.project


def _description(occasion: Occasion) -> str:
    from bluefs.core.codec.body import description

    return description(occasion.record.body).strip()


#: Merge fields that are not keys of the record.
WORDS: Mapping[str, Word] = {
    "title": lambda o: o.record.title,
    "id": lambda o: o.record.id,
    "path": lambda o: o.record.path,
    "description": _description,
    "list": _list,
    "project": _project,
    "tags": lambda o: ", ".join(o.record.tuple_of("tags")),
    "assignees": lambda o: ", ".join(o.record.tuple_of("assignees")),
    "assignees.name": _of_people("assignees", "name"),
    "assignees.email": _of_people("assignees", "email"),
    "actor": _of_person("actor", "handle"),
    "actor.name": _of_person("actor", "name"),
    "actor.email": _of_person("actor", "email"),
    "creator": _of_person("creator", "handle"),
    "creator.name": _of_person("creator", "name"),
    "creator.email": _of_person("creator", "email"),
    "event.key": lambda o: o.event.key,
    "event.from": lambda o: _event_value(o, o.event.before),
    "event.to": lambda o: _event_value(o, o.event.after),
    "event.by": lambda o: o.event.by or o.context.actor,
    "workspace.name": lambda o: o.context.config.workspace.name,
}
