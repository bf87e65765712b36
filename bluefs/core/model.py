"""The nouns: workspace, project, list, field, person, record, event, effect.

Everything here is a frozen value. A record carries its place (project, list, path) as
fields like any other, so one diff and one merge serve edits and moves alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.hints import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bluefs.core.query import Query
    from bluefs.core.rules.base import Action, Mention, Trigger

EMPTY: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days or moments, both ends included: ``2026-12-01/2026-12-05``."""

    start: date | datetime
    end: date | datetime


#: A day is a ``date``, a moment an aware ``datetime``; text is ``str``; every number, amount,
#: percentage and rating is an exact ``Decimal``; several of something is a tuple of ``str``
#: in file order without repeats. *Not set* is None, and an unset key is absent from maps.
Value = None | bool | str | Decimal | date | datetime | Span | tuple[str, ...]

#: Keys with a meaning in every record (format.md §1). ``title`` and ``id`` are attributes
#: of Record, the others stand in ``Record.values``.
BUILTIN_KEYS = (
    "id", "title", "tags", "color", "start", "due", "assignees", "done", "blocked_by",
    "position", "repeat", "remind",
)  # fmt: skip
SET_KEYS = frozenset({"tags", "assignees", "blocked_by", "remind"})
#: Other tools' keys: kept, never Problems, never field keys.
FOREIGN_KEYS = frozenset(
    {"aliases", "cssclasses", "publish", "permalink", "description", "image", "cover"}
)
#: Not allowed as field keys (format.md §4).
RESERVED_KEYS = frozenset(
    [
        "id",
        "title",
        "description",
        "tags",
        "color",
        "start",
        "due",
        "assignees",
        "done",
        "blocked_by",
        "position",
        "repeat",
        "remind",
        "created",
        "updated",
        "completed",
        "completed_by",
        "list",
        "project",
        "path",
        "body",
        "comments",
        "checklist",
        "attachments",
        "is",
        "has",
        "not",
        "or",
        "and",
        "sort",
        "view",
        "text",
    ]
)
#: Not allowed as handles (format.md §4).
RESERVED_HANDLES = frozenset(["me", "all", "everyone", "others", "actor", "creator", "assignees"])
COLORS = (
    "red", "orange", "amber", "yellow", "lime", "green", "teal", "cyan", "blue", "indigo",
    "purple", "pink", "brown", "grey", "black", "white",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    handle: str
    name: str
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListDef:
    """A list of a project: key is its folder's name in NFC."""

    key: str
    name: str
    color: str | None = None
    done: bool = False
    locked: bool = False
    declared: bool = True


@dataclass(frozen=True, slots=True)
class FieldDef:
    """A custom field. ``options`` holds what its kind's options parser made of the YAML
    (``bluefs.core.fields``); a field of an unknown kind has kind ``unknown``."""

    key: str
    kind: str
    name: str
    description: str | None = None
    required: bool = False
    required_in: tuple[str, ...] = ()
    default: Value = None
    options: Mapping[str, object] = field(default_factory=lambda: EMPTY)
    line: int = 0


RoleKind = Literal["admin", "member", "client", "comment-only", "view-only", "custom"]


@dataclass(frozen=True, slots=True)
class Role:
    """Who may change what in a project (docs/roles.md). ``members`` are handles and groups, as
    written. The rest is for custom roles: ``lists`` and ``tags`` say which records (None: any),
    ``fields`` which keys may be changed, ``others`` whether those it does not name may."""

    name: str
    kind: RoleKind
    members: tuple[str, ...] = ()
    lists: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    fields: Mapping[str, bool] = field(default_factory=lambda: EMPTY)  # type: ignore[arg-type, return-value]
    others: bool = True
    only_assigned: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a ``project.yaml``. ``key`` is its path, "" for one at the root.
    Maps are in file order, which is the order on screen."""

    key: str
    name: str
    lists: Mapping[str, ListDef] = field(default_factory=dict)
    tags: Mapping[str, str | None] = field(default_factory=dict)  # name -> colour
    fields: Mapping[str, FieldDef] = field(default_factory=dict)
    strict: bool = False
    language: str | None = None
    views: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    #: Fields that refer to records -> the key of the project these are of; fields that show
    #: something of such records (``core.linking``).
    references: Mapping[str, str] = field(default_factory=dict)
    lookups: tuple[str, ...] = ()
    #: The dates of its records that only their history knows and somebody asks for
    #: (``core.past``).
    dated: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)

    def list_of(self, key: str) -> ListDef:
        """The declared list of this folder name, or an undeclared one of that name."""
        found = self.lists.get(key)
        return found if found is not None else ListDef(key, key, declared=False)


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    from bluefs.core.when import zone

    return zone(name)


@dataclass(frozen=True, slots=True)
class Workspace:
    """``bluefs.yaml``. ``quiet`` in seconds."""

    name: str = ""
    format: int = 1
    timezone: str = "UTC"
    language: str = "en"
    day_start: str = "09:00"
    people: Mapping[str, Person] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sync: Literal["manual", "commit", "auto"] = "manual"
    quiet: float = 2.0
    runner: str = "any"
    mail_from: str | None = None
    mail_per_hour: int = 60
    ignore: tuple[str, ...] = ()

    @property
    def zone(self) -> tzinfo:
        return _zone(self.timezone)

    def person_by_email(self, email: str) -> Person | None:
        wanted = email.casefold()
        for person in self.people.values():
            if any(e.casefold() == wanted for e in person.emails):
                return person
        return None


@dataclass(frozen=True, slots=True)
class Comment:
    """``### who · date time`` and the text below it. ``ordinal`` tells apart comments of
    the same author and stamp (0, 1, ...)."""

    author: str
    at: datetime | date | None
    text: str
    ordinal: int = 0
    line: int = 0  # 1-based, in the file


@dataclass(frozen=True, slots=True)
class Item:
    """A task item. ``list`` is the nearest heading above it ("" without one)."""

    list: str
    text: str
    done: bool
    assignees: tuple[str, ...] = ()
    due: date | datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One state of a record.

    ``values`` holds every key that is set, built-in and custom, except ``id`` and
    ``title``. ``bad`` are keys whose value could not be read: what they were before stays
    in force. ``unknown`` are keys that no field declares, as source text. ``title_key`` is
    True where ``title:`` stands in the file, else the title is the file's name.
    """

    path: str
    project: str
    list: str | None
    id: str | None
    title: str
    values: Mapping[str, Value] = field(default_factory=dict)
    body: str = ""
    bad: frozenset[str] = frozenset()
    unknown: Mapping[str, object] = field(default_factory=dict)
    title_key: bool = False
    list_done: bool = False  # the list's `done`, in force where the record has none
    comments: tuple[Comment, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def done(self) -> bool:
        own = self.values.get("done")
        return self.list_done if own is None else bool(own)

    @property
    def name(self) -> str:
        """Its id, or its path while it has none."""
        return self.id or self.path

    def tuple_of(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        return value if isinstance(value, tuple) else ()

    def with_values(self, changes: Mapping[str, Value]) -> Record:
        """This record with keys set, or removed where the new value is None or ``()``."""
        values = {k: v for k, v in self.values.items() if k not in changes}
        values.update({k: v for k, v in changes.items() if v is not None and v != ()})
        return replace(self, values=values)


EventKind = Literal[
    "created", "deleted", "moved", "arrived", "completed", "reopened", "tagged", "untagged",
    "assigned", "unassigned", "changed", "cleared", "commented", "checklist_done",
    "checklist_undone", "pressed", "attached",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One difference between two states of a record.

    ``key`` is the field of changed, cleared and pressed (also ``title``, ``description``,
    ``color``, ``due``, ``start`` ...). ``before`` and ``after`` are the values (lists for
    created, moved and deleted; the tag or handle for tagged, assigned ...). ``by`` is the
    author of a comment. ``chain`` are the rules, outermost first, that caused it: empty
    for what a person did.
    """

    kind: EventKind
    key: str | None = None
    before: Value = None
    after: Value = None
    by: str | None = None
    chain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outward:
    """An effect that leaves the machine. Fully rendered: equal Outwards are equal mails."""

    kind: Literal["email"]
    rule: str  # the rule's identity "project/name"
    to: tuple[str, ...]
    subject: str
    body: str
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    from_name: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One automation. ``identity`` is "project/name"; ``line`` its place in the file."""

    project: str
    name: str
    when: tuple[Trigger, ...]
    then: tuple[Action, ...]
    condition: Query | None = None
    enabled: bool = True
    path: str = "automations.yaml"
    line: int = 0
    mentions: tuple[Mention, ...] = field(default=(), compare=False, repr=False)

    @property
    def identity(self) -> str:
        return f"{self.project}/{self.name}" if self.project else self.name

    @property
    def outward(self) -> bool:
        return any(action.outward for action in self.then)


@dataclass(frozen=True, slots=True)
class Config:
    """All of a workspace's settings at one moment (of the worktree, or of one commit)."""

    workspace: Workspace = field(default_factory=Workspace)
    projects: Mapping[str, Project] = field(default_factory=dict)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)  # by project key
    templates: Mapping[str, str] = field(default_factory=dict)  # path -> text

    @property
    def asks_history(self) -> bool:
        """Whether any project declares what rests on dates that only the history knows."""
        return any(project.dated for project in self.projects.values())

    def project_of(self, path: str) -> Project | None:
        """The project whose folder holds ``path``, None outside of every project."""
        parts = path.split("/")
        for n in range(len(parts) - 1, -1, -1):
            found = self.projects.get("/".join(parts[:n]))
            if found is not None:
                return found
        return None


def _nobody(_: str) -> Record | None:
    return None


def _nothing(_text: str, _project: str) -> Record | None:
    return None


def _nowhere(_: Record) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What queries, actions and templates may know besides the record itself.

    ``now`` is the moment of the event (aware, in the workspace's zone), never the wall
    clock's reading in the middle of a computation. ``actor`` is the handle (or the email
    address of a stranger) who made the change; ``creator`` who brought the record. ``find``
    gives another record by id (for ``is:blocked``), ``refer`` the one that a text means in a
    field that refers to records of a project (its key). ``first_position`` gives the smallest
    position that another record of this one's list has (for ``move: {top: true}``).
    """

    config: Config
    now: datetime
    me: str | None = None
    actor: str | None = None
    creator: str | None = None
    find: Callable[[str], Record | None] = _nobody
    refer: Callable[[str, str], Record | None] = _nothing
    first_position: Callable[[Record], str | None] = _nowhere

    @property
    def today(self) -> date:
        return self.now.date()


DAY = timedelta(days=1)
