"""What a field kind is: one file here for each, its docstring the manual page.

A kind gives meaning to source text. It never raises on user data: a value it cannot read is
a Fault, which the reader turns into a Problem at the node's place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING, ClassVar, Literal
from bluefs.core.model import Config, FieldDef, Project, Record, Value
from bluefs.core.nodes import Node, Writable
from bluefs.core.problems import Code, Severity
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a node's value. ``mend`` is the source text that would be right in
    its place (the reader makes a Fix of it), None where only a person can tell. ``span`` is the
    part of a scalar's text that is at fault ([start, end) in characters), None for all of it."""

    code: Code
    node: Node
    message: str
    hint: str | None = None
    mend: str | None = None
    severity: Severity | None = None  # where it is not the code's own (a strict project)
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a value is read or shown: the settings, and ``now`` for what a person types.
    ``files`` are the names of the record's attachments where somebody looked, else None.
    ``refer`` finds the record that a text means in a field that refers to records, where the
    records are at hand (``core.linking``). ``lost`` are the projects by whose settings nothing
    can be judged."""

    config: Config
    project: Project
    now: datetime | None = None
    files: tuple[str, ...] | None = None
    refer: Callable[[str, str], Record | None] | None = None
    lost: frozenset[str] = frozenset()

    @property
    def language(self) -> str:
        return self.project.language or self.config.workspace.language


Plainly = Literal["", "text", "number", "day"]


class Kind(ABC):
    """``word`` is what stands behind ``type:``. ``many`` kinds hold a set: their Value is a
    tuple of str, and ``+=``/``-=`` work on them.

    The flags say what other rooms must know of a kind, so that none of them asks for its name:
    a new kind is a new file here, and nothing else."""

    word: ClassVar[str]
    many: ClassVar[bool] = False
    takes: ClassVar[tuple[str, ...]] = ()  # names of its own options in project.yaml
    built_in: ClassVar[bool] = False  # of built-in keys only, nothing for `type:`
    ordered: ClassVar[bool] = False  # `<`, `>` and ranges mean something
    figure: ClassVar[bool] = False  # a number (a Decimal): it stands to the right in a table
    summed: ClassVar[bool] = False  # a number whose sum says something
    #: Holds what somebody sets and what stays: it may be required, have a default, be set by a
    #: rule and be copied.
    settable: ClassVar[bool] = True
    pressed: ClassVar[bool] = False  # setting it is an event that passes
    computed: ClassVar[bool] = False  # worked out of other things, never written
    pending: ClassVar[bool] = False  # computed, but not by this version
    short_first: ClassVar[bool] = False  # texts that end in a number: DEAL-9 before DEAL-10
    unique: ClassVar[bool] = False  # no two records of a project hold the same
    #: A value that ``sure`` does not vouch for may be at fault though ``parse`` reads it.
    doubted: ClassVar[bool] = False
    alone: ClassVar[bool] = True  # its values can be judged without the rest of the workspace
    attached: ClassVar[bool] = False  # names of the record's attachments
    refers: ClassVar[bool] = False  # names records of the project in its option ``project``
    looks: ClassVar[bool] = False  # shows something of the records that another field names

    def of(self, field: FieldDef) -> Kind:
        """The kind that this field's options make of it: ``many: true`` makes a set."""
        return self

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        """Its own options from project.yaml (the general ones are already taken out)."""
        return {}, []

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        """What its options name that the project does not have. ``lists`` are those declared
        and those that have a folder; asked once the whole project is read."""
        return []

    def dates(self, field: FieldDef) -> tuple[str, ...]:
        """The dates of its own record that only the history knows and it looks at."""
        return ()

    def queries(self, field: FieldDef, setting: Setting) -> Mapping[str, Project]:
        """Its options that hold a query, and the project which that asks."""
        return {}

    def meant(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        """The value with every record in it by its id, where that is known."""
        return value

    def ranked(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        """What the value is put in order by, where it is something else: the titles of the
        records that it names."""
        return value

    @abstractmethod
    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        """The value of a node that is set. Its source text decides, never YAML's reading."""

    def faults(self, field: FieldDef, node: Node, setting: Setting, first: Fault) -> list[Fault]:
        """All that is wrong with a value of which `parse` has said the first."""
        return [first]

    def notes(self, field: FieldDef, node: Node, setting: Setting) -> list[Fault]:
        """What there is to say about a value that `parse` could read: it stands all the same."""
        return []

    def sure(self, field: FieldDef) -> str | None:
        """A regular expression of plain values on one line that ``parse`` reads, with nothing
        to say of them, and that are not *not set* (``codec.sure``). None: each is read."""
        return None

    def plainly(self, field: FieldDef) -> Plainly:
        """What a plain value that ``sure`` vouches for is read as, so that it need not be: that
        very ``text``, the ``number`` that it writes out, the ``day`` that it is if it has ten
        characters. "": only ``parse`` knows."""
        return ""

    @abstractmethod
    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        """What a person types on a command line or in a rule: more forgiving than a file
        (``fri``, ``12,000``). For a ``many`` kind, one member or several with commas."""

    @abstractmethod
    def render(self, field: FieldDef, value: Value, setting: Setting) -> Writable:
        """How a file says it: ``parse`` of it gives the same value."""

    @abstractmethod
    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        """How a person reads it, in the setting's language."""

    def absent(self, setting: Setting) -> str:
        """What stands on a record's page where the field has no value; "" leaves it out."""
        return say("values.pending", language=setting.language) if self.pending else ""

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        """For ``--json``: str, bool, None, list, or Decimal for an exact number."""
        return value if not isinstance(value, tuple) else list(value)

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        """For a CSV cell: ``typed`` of it gives the same value."""
        return "" if value is None else str(value)

    @abstractmethod
    def schema(self, field: FieldDef) -> dict[str, object]:
        """JSON Schema 2020-12 of what may stand in a record's front matter."""

    @abstractmethod
    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        """Whether ``key:operand`` holds for the value (None: not set), or what is wrong with the
        operand: for rules (``to: "50000.."``) and for who checks a query. The operand may be a
        range ``a..b``, ``a..``, ``..b`` where the kind has an order."""

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        """What a query's comparison asks of a value, for memory and SQL alike. A kind that only
        ``test`` can judge is asked record by record."""
        from bluefs.core.fields.questions import OfKind

        return OfKind(field, asked.text)

    def is_backwards(self, field: FieldDef, low: str, high: str, setting: Setting) -> bool:
        """Whether the ends of a query's range are in the wrong order."""
        return False

    def order(self, field: FieldDef) -> tuple[str, ...]:
        """Values in the order of the screen, where it is not their own."""
        return ()

    def color(self, field: FieldDef, value: Value) -> str | None:
        """The colour of a value, where project.yaml gives it one."""
        return None
