"""What the kinds share whose value rests on the record itself and the settings alone.

Owns what such a kind must tell, the order in which fields are worked out, circles among them, and
which currencies meet in one. Such a value is a pure function: whoever has a record and the
settings can work it out again (``core.worked``), so nothing ever has to keep it true.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bluefs.core.codes import values as codes
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.computed import Computed
from bluefs.core.fields.currency import Currency
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.numeric import Numeric
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Project, Value
from bluefs.core.nodes import Node

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question
    from bluefs.core.rates import Rates

_SHOWN = 8  # names of a circle that a message tells

#: (the path of the rates file that a project means by a name, what it holds); None: there is none.
Lookup = Callable[[str], "tuple[str, Rates] | None"]


class Derived(Computed):
    """A number. It is read, shown and asked for as values of ``shown`` are, whose options it has
    under the same names."""

    ordered = True
    figure = True
    shown: Numeric

    @abstractmethod
    def made_of(self, field: FieldDef) -> Sequence[str]:
        """The keys of the record that it looks at."""

    def completed(self, field: FieldDef, project: Project, lookup: Lookup) -> Mapping[str, object]:
        """Options that only all settings together can give. Asked once they are read, after the
        fields that it looks at."""
        return {}

    @abstractmethod
    def work_out(self, field: FieldDef, values: Mapping[str, Value], setting: Setting) -> Value:
        """The value, from those of the record that come before it. Never raises."""

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        return value

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return self.shown.csv(field, value, setting)

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return self.shown.test(field, value, operand, setting)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return self.shown.ask(field, asked, setting)

    def is_backwards(self, field: FieldDef, low: str, high: str, setting: Setting) -> bool:
        return self.shown.is_backwards(field, low, high, setting)


def is_number(field: FieldDef) -> bool:
    """Whether one can reckon with its values."""
    return isinstance(kind_of(field), (Numeric, Derived))


def currencies_of(keys: Iterable[str], project: Project) -> frozenset[str]:
    """The currencies of these fields' amounts; plain numbers have none."""
    found = (project.fields[key] for key in keys if key in project.fields)
    codes = (f.options.get("currency") for f in found if isinstance(_shown(f), Currency))
    return frozenset(code for code in codes if isinstance(code, str))


def lacks_currency(keys: Iterable[str], project: Project) -> bool:
    """Whether one of these holds amounts of which nobody knows the currency."""
    found = (project.fields[key] for key in keys if key in project.fields)
    return any(isinstance(_shown(f), Currency) and "currency" not in f.options for f in found)


def _shown(field: FieldDef) -> Kind:
    kind = kind_of(field)
    return kind.shown if isinstance(kind, Derived) else kind


def circle_fault(node: Node, way: Sequence[str]) -> Fault:
    """Of a long way round, its two ends."""
    keys = [*map(brief, way)]
    shown = keys if len(keys) <= _SHOWN else [*keys[: _SHOWN - 2], "…", *keys[-2:]]
    return fault(codes.CIRCLE, node, "computed.circle", way=" → ".join(shown))


@dataclass(frozen=True, slots=True)
class Order:
    """``fields`` are the derived ones, each behind those it looks at, without those that look at a
    circle: they have no value. ``circles``: the field and the name in it that close a circle ->
    the way round, both ends included."""

    fields: tuple[FieldDef, ...]
    circles: Mapping[tuple[str, str], tuple[str, ...]]


_KEPT = 4
_recent: list[tuple[Project, Order]] = []


def order_of(project: Project) -> Order:
    """Of the last few projects asked about it is known, told apart by identity: they are frozen."""
    for known, order in _recent:
        if known is project:
            return order
    order = _Walk(project).order()
    _recent.insert(0, (project, order))
    del _recent[_KEPT:]
    return order


class _Walk:
    """Through the derived fields to those they look at, without recursion and each once: a
    project may have as many as a file holds."""

    def __init__(self, project: Project) -> None:
        self._fields = project.fields
        self._needs: dict[str, Sequence[str]] = {}
        for key, field in project.fields.items():
            kind = kind_of(field)
            if isinstance(kind, Derived):
                self._needs[key] = kind.made_of(field)
        self._way: dict[str, Iterator[str]] = {}  # from where the walk began, in its order
        self._stuck: dict[str, bool] = {}  # of those done with
        self._circles: dict[tuple[str, str], tuple[str, ...]] = {}

    def order(self) -> Order:
        for key in self._needs:
            if key not in self._stuck:
                self._enter(key)
        keys = [key for key, stuck in self._stuck.items() if not stuck]
        return Order(tuple(self._fields[key] for key in keys), self._circles)

    def _enter(self, first: str) -> None:
        self._way[first] = iter(self._needs[first])
        while self._way:
            key = next(reversed(self._way))
            ahead = next((n for n in self._way[key] if n in self._needs), None)
            if ahead is None:
                del self._way[key]
                self._stuck[key] = self._is_stuck(key)
            elif ahead in self._way:
                way = list(self._way)
                self._circles[key, ahead] = (*way[way.index(ahead) :], ahead)
            elif ahead not in self._stuck:
                self._way[ahead] = iter(self._needs[ahead])

    def _is_stuck(self, key: str) -> bool:
        """Whether it looks at what stands on the way to it, or at what does."""
        needs = self._needs[key]
        return any((key, n) in self._circles or self._stuck.get(n, False) for n in needs)
