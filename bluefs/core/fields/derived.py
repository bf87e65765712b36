"""What the kinds share whose value rests on the record itself and the settings alone.

Owns what such a kind must tell, the order in which fields are worked out, circles among them, and
which currencies meet in one. Such a value is a pure function: whoever has a record and the
settings can work it out again (``core.worked``), so nothing ever has to keep it true.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence

from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.computed import Computed
from bluefs.core.fields.currency import Currency
from bluefs.core.fields.numeric import Numeric
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Project, Value

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question
    from bluefs.core.rates import Rates

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


def made_of(key: str, project: Project) -> Sequence[str]:
    """What a field looks at; nothing for one that is not derived."""
    field = project.fields.get(key)
    kind = kind_of(field) if field is not None else None
    if field is None or not isinstance(kind, Derived):
        return ()
    return kind.made_of(field)


def circle_of(key: str, project: Project, start: str | None = None) -> tuple[str, ...]:
    """The way from ``start`` (else from any of what it looks at) back to the field, both ends
    included; () where there is none. A walk without recursion: a thousand fields may stand in a
    row."""
    first = made_of(key, project) if start is None else (start,)
    ways: dict[str, str] = dict.fromkeys(first, key)
    queue = list(ways)
    for one in queue:
        if one == key:
            way = [key]
            while len(way) < 2 or way[-1] != key:
                way.append(ways[way[-1]])
            return tuple(reversed(way))
        for further in made_of(one, project):
            if further not in ways:
                ways[further] = one
                queue.append(further)
    return ()


def in_order(project: Project) -> list[FieldDef]:
    """The derived fields, each behind those it looks at; without those that look at a circle,
    which have no value."""
    derived = {k for k, field in project.fields.items() if isinstance(kind_of(field), Derived)}
    waiting = {k: derived.intersection(made_of(k, project)) for k in project.fields if k in derived}
    found: list[FieldDef] = []
    done: set[str] = set()
    while ready := [key for key, needs in waiting.items() if needs <= done]:
        done.update(ready)
        found += [project.fields[key] for key in ready]
        for key in ready:
            del waiting[key]
    return found
