"""What a field kind is: one file here for each, its docstring the manual page.

A kind gives meaning to source text. It never raises on user data: a value it cannot read is
a Fault, which the reader turns into a Problem at the node's place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

from bluefs.core.frozen import dataclass
from bluefs.core.hints import ClassVar
from bluefs.core.model import Config, FieldDef, Project, Value
from bluefs.core.nodes import Node, Writable
from bluefs.core.problems import Code, Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a node's value. ``mend`` is the source text that would be right in
    its place (the reader makes a Fix of it), None where only a person can tell."""

    code: Code
    node: Node
    message: str
    hint: str | None = None
    mend: str | None = None
    severity: Severity | None = None  # where it is not the code's own (a strict project)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a value is read or shown: the settings, and ``now`` for what a person types."""

    config: Config
    project: Project
    now: datetime | None = None

    @property
    def language(self) -> str:
        return self.project.language or self.config.workspace.language


class Kind(ABC):
    """``word`` is what stands behind ``type:``. ``many`` kinds hold a set: their Value is a
    tuple of str, and ``+=``/``-=`` work on them."""

    word: ClassVar[str]
    many: ClassVar[bool] = False
    takes: ClassVar[tuple[str, ...]] = ()  # names of its own options in project.yaml

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        """Its own options from project.yaml (the general ones are already taken out)."""
        return {}, []

    @abstractmethod
    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        """The value of a node that is set. Its source text decides, never YAML's reading."""

    def notes(self, field: FieldDef, node: Node, setting: Setting) -> list[Fault]:
        """What there is to say about a value that `parse` could read: it stands all the same."""
        return []

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
        """Whether a query's ``key:operand`` holds for the value (None: not set). The operand
        may be a range ``a..b``, ``a..``, ``..b`` where the kind has an order."""
