"""What a key of a query asks for, and what the names behind it stand for.

Owns the forgiving reading of names: keys in any case and by their short forms (``tag`` for
``tags``), lists, people and projects in any case and by a unique beginning, tags by
``fold_tag``. It refuses to choose among equals: a beginning that fits two lists names none,
and ``checking`` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.hints import Final
from bluefs.core.matching import fold, loose, match_list, match_person, match_project
from bluefs.core.model import Config, Context, FieldDef, Project, Record, Value

#: Short forms and other spellings. A field of that very name wins over them.
ALIASES: Final[Mapping[str, str]] = {
    "tag": "tags",
    "assignee": "assignees",
    "colour": "color",
    "comment": "comments",
    "description": "body",
    "reminder": "remind",
}
#: Built-in keys: how their value is read from a record. Not set is None, "" or ().
READERS: Final[Mapping[str, Callable[[Record], Value]]] = {
    "id": lambda r: r.id,
    "title": lambda r: r.title,
    "path": lambda r: r.path,
    "project": lambda r: r.project,
    "list": lambda r: r.list,
    "body": lambda r: r.body,
    "text": lambda r: (r.title, r.body, *(c.text for c in r.comments)),
    "comments": lambda r: tuple(c.text for c in r.comments),
    "checklist": lambda r: tuple(i.text for i in r.items),
    "done": lambda r: r.done,
    "tags": lambda r: r.values.get("tags"),
    "assignees": lambda r: r.values.get("assignees"),
    "color": lambda r: r.values.get("color"),
    "due": lambda r: r.values.get("due"),
    "start": lambda r: r.values.get("start"),
    "blocked_by": lambda r: r.values.get("blocked_by"),
    "position": lambda r: r.values.get("position"),
    "repeat": lambda r: r.values.get("repeat"),
    "remind": lambda r: r.values.get("remind"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a key asks for: a built-in key, or a field of the project."""

    key: str
    field: FieldDef | None = None

    def read(self, record: Record) -> Value:
        if self.field is not None:
            return record.values.get(self.key)
        return READERS[self.key](record)

    def is_set(self, record: Record) -> bool:
        if self.key == "done" and self.field is None:
            return record.values.get("done") is not None  # its own, not the list's
        return self.read(record) not in (None, "", ())


def subject_of(key: str, project: Project) -> Subject | None:
    """What this key asks for in this project; None where nothing goes by that name."""
    for shape in (str, fold):
        wanted = shape(key)
        for name, field in project.fields.items():
            if shape(name) == wanted:
                return Subject(name, field)
        name = ALIASES.get(wanted, wanted)
        if name in READERS:
            return Subject(name)
    return None


def keys_of(project: Project) -> list[str]:
    """Every spelling of a key that ``subject_of`` knows, for hints."""
    return [*project.fields, *READERS, *ALIASES]


def project_for(record: Record, config: Config) -> Project:
    """The record's project, an empty one where the configuration has none of that key."""
    found = config.projects.get(record.project)
    return found if found is not None else Project(record.project, record.project)


def lists_named(name: str, project: Project) -> list[str]:
    """Keys of the lists that may be meant; one is an answer."""
    return [one.key for one in match_list(name, project)]


def projects_named(name: str, config: Config) -> list[str]:
    return [one.key for one in match_project(name, config)]


def tags_named(name: str, project: Project) -> list[str]:
    wanted = fold_tag(name)
    return [tag for tag in project.tags if fold_tag(tag) == wanted]


@dataclass(frozen=True, slots=True)
class Who:
    """People that a word stands for. ``names`` is more than one only for a doubt, and then
    ``handles`` is empty. ``anyone`` is the group of all."""

    handles: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    anyone: bool = False
    nobody: bool = False


def who(name: str, config: Config, context: Context | None = None) -> Who | None:
    """The people meant by a handle, name, address, group, ``me``, ``nobody``; None where
    nobody and no group goes by that name. Without a context, ``me`` is nobody known."""
    word = fold(name.strip()).removeprefix("@")
    if word in ("me", "actor", "creator"):
        handle = getattr(context, word, None) if context is not None else None
        return Who(frozenset({handle}) if handle else frozenset(), (word,))
    if word in ("nobody", "everyone"):
        return Who(names=(word,), anyone=word == "everyone", nobody=word == "nobody")
    groups = config.workspace.groups
    exact = [group for group in groups if loose(group) == loose(word)]
    people = [] if exact else [p.handle for p in match_person(name, config.workspace)]
    if not exact and not people and loose(word):
        exact = [group for group in groups if loose(group).startswith(loose(word))]
    names = (*exact, *people)
    if not names:
        return None
    if len(names) > 1:
        return Who(names=names)
    return Who(frozenset(groups[names[0]] if exact else names), names)
