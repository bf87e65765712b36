"""The kind ``lookup``: what the records that another field names say of themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.computed import Computed
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.options import Reader
from bluefs.core.fields.sets import join_members
from bluefs.core.frozen import replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import Config, FieldDef, Project, Value
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

#: What can be had of any record, and the kind that shows it (of some the history: `OF_HISTORY`).
OF_RECORDS = {
    "title": "text", "description": "multiline", "list": "text", "tags": "tags",
    "assignees": "assignees", "start": "date", "due": "date", "created": "date", "updated": "date",
}  # fmt: skip


class Lookup(Computed):
    """What the records say that a ``reference`` field names: a deal's industry is its company's.
    It is shown, sorted, grouped and asked for as what it looks up, and nobody writes it: it is
    right as soon as either side changes. Of several records it is the set of all their values. A
    rule can test it and a mail can say it, but its change is no event of the record.

    Options: ``through`` is the reference field; ``get`` is ``title``, ``description``, ``list``,
    ``tags``, ``assignees``, ``start``, ``due``, ``created``, ``updated``, or any field of the
    other project, another lookup too. ``created`` and ``updated`` come from the history: when the
    other record was first committed, and when a commit last changed or moved it. Rules do not
    see these two.
    """

    word = "lookup"
    takes = ("through", "get")
    looks = True

    def of(self, field: FieldDef) -> Kind:
        from bluefs.core.fields import kind_of

        shown = field.options.get("shows")
        if not isinstance(shown, FieldDef):
            return self
        return _showing(kind_of(shown), bool(field.options.get("several")))

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        for option in self.takes:
            text = reader.text(option)
            if text:
                reader.found[option] = nfc(text)
            elif option in entries and text is not None:
                reader.refuse(option, "values.opt.text")
            elif not reader.faults:
                key = "values.opt.lookup.missing"
                reader.faults.append(fault(codes.FIELD_OPTION, Map(()), key, option=option))
        return reader.result()

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        return list(_judged(field, entries, setting))

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return ""

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        return False

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Never

        return Never()


class _Shown(Lookup):
    """A lookup as the kind of what it looks up has it; ``each``: several values of a kind that
    holds one."""

    def __init__(self, inner: Kind, each: bool) -> None:
        self._inner, self._each = inner, each

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        shown, there = inside(field, setting)
        parts = decoded(field, value, setting) if self._each else (value,)
        return ", ".join(self._inner.show(shown, one, there) for one in parts)

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        shown, there = inside(field, setting)
        if not self._each:
            return self._inner.json(shown, value, there)
        return [self._inner.json(shown, one, there) for one in decoded(field, value, setting)]

    def csv(self, field: FieldDef, value: Value, setting: Setting) -> str:
        shown, there = inside(field, setting)
        if not self._each:
            return self._inner.csv(shown, value, there)
        parts = decoded(field, value, setting)
        return join_members(self._inner.csv(shown, one, there) for one in parts)

    def ranked(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        """Of several ordered values the first: they stand in their order."""
        if not (self._each and self._inner.ordered):
            return value
        return next(decoded(field, value, setting), None)

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        shown, there = inside(field, setting)
        if not self._each:
            return self._inner.test(shown, value, operand, there)
        tried = self._inner.test(shown, None, operand, there)
        if isinstance(tried, Fault) or value is None:
            return tried
        parts = decoded(field, value, setting)
        return any(self._inner.test(shown, one, operand, there) is True for one in parts)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Dates, Each, Numbers, OfKind, Truth

        shown, there = inside(field, setting)
        found = self._inner.ask(shown, asked, there)
        if isinstance(found, OfKind):  # asked of the other project's setting
            return OfKind(field, found.operand)
        if self._each and isinstance(found, (Dates, Numbers, Truth)):
            return Each(field, found)
        return found

    def is_backwards(self, field: FieldDef, low: str, high: str, setting: Setting) -> bool:
        shown, there = inside(field, setting)
        return self._inner.is_backwards(shown, low, high, there)

    def order(self, field: FieldDef) -> tuple[str, ...]:
        shown = field.options.get("shows")
        return self._inner.order(shown) if isinstance(shown, FieldDef) else ()

    def color(self, field: FieldDef, value: Value) -> str | None:
        shown = field.options.get("shows")
        return self._inner.color(shown, value) if isinstance(shown, FieldDef) else None


@lru_cache(maxsize=128)
def _showing(inner: Kind, several: bool) -> Kind:
    """The kind with the flags of what it shows. What is the sum of others' values is no sum."""
    flags = {
        "many": several or inner.many, "ordered": inner.ordered,
        "figure": inner.figure and not several, "pending": inner.pending,
        "__doc__": Lookup.__doc__,
    }  # fmt: skip
    made: type[_Shown] = type("Lookup", (_Shown,), flags)
    return made(inner, several and not inner.many)


def inside(field: FieldDef, setting: Setting) -> tuple[FieldDef, Setting]:
    """The field that a lookup shows in the end, and where that is read and shown."""
    shown = field.options["shows"]
    assert isinstance(shown, FieldDef)
    there = setting.config.projects.get(str(field.options.get("of")))
    return shown, setting if there is None else replace(setting, project=there)


def decoded(field: FieldDef, value: Value, setting: Setting) -> Iterator[Value]:
    """The values in a set of them, of which each is kept as a file would say it."""
    from bluefs.core.fields import kind_of

    shown, there = inside(field, setting)
    kind = kind_of(shown)
    for text in value if isinstance(value, tuple) else ():
        one = kind.parse(shown, Scalar(text), there)
        yield text if one is None or isinstance(one, Fault) else one


def is_each(field: FieldDef) -> bool:
    """Whether it holds several values of a kind that holds one."""
    from bluefs.core.fields import kind_of

    shown = field.options.get("shows")
    is_several = bool(field.options.get("several"))
    return is_several and isinstance(shown, FieldDef) and not kind_of(shown).many


def _judged(field: FieldDef, entries: Mapping[str, Node], setting: Setting) -> Iterator[Fault]:
    """``through`` has to be a reference, ``get`` something of its records, and no circle."""
    project, projects = setting.project, setting.config.projects
    through, get = (str(field.options.get(option, "")) for option in Lookup.takes)
    node = entries.get("through")
    if node is None or not through:
        return
    if through not in project.references:
        key = "values.opt.no_reference" if through in project.fields else "values.opt.no_field"
        yield _unknown(node, key, through, project.references, "values.opt.references_are")
        return
    target = projects.get(project.references[through])
    node = entries.get("get")
    if target is None or target.key in setting.lost or node is None or not get:
        return
    known = gettable(target)
    if get not in known:
        where = target.name or target.key
        yield _unknown(node, "values.opt.no_get", get, known, "values.opt.gets_are", where)
        return
    way = _circle(project.key, field.key, setting.config)
    if way:
        shown = " → ".join(".".join(filter(None, one)) for one in (*way, way[0]))
        yield fault(codes.LOOKUP_CIRCLE, node, "values.opt.circle", way=shown)


def gettable(project: Project) -> tuple[str, ...]:
    """All that a lookup can get of the project's records."""
    from bluefs.core.fields import kind_of

    own = (field.key for field in project.fields.values() if not kind_of(field).pressed)
    return (*OF_RECORDS, *own)


def _unknown(
    node: Node, key: str, name: str, known: Iterable[str], are: str, where: str = ""
) -> Fault:
    every = list(known)
    near = nearest(name[:60], every)
    hint = say("values.opt.near", name=near) if near else None
    if hint is None and every:
        hint = say(are, names=names(every))
    return fault(codes.FIELD_OPTION, node, key, name=brief(name), where=where, hint=hint)


def _circle(project: str, key: str, config: Config) -> list[tuple[str, str]]:
    """The lookups on the way from this one back to itself, none where it leads elsewhere."""
    way = [(project, key)]
    while (on := _next(way[-1], config)) is not None:
        if on == way[0]:
            return way
        if on in way:
            return []
        way.append(on)
    return []


def _next(at: tuple[str, str], config: Config) -> tuple[str, str] | None:
    """The lookup that a lookup gets, if it gets one."""
    project = config.projects[at[0]]
    options = project.fields[at[1]].options
    target = config.projects.get(project.references.get(str(options.get("through")), "\0"))
    get = str(options.get("get"))
    return (target.key, get) if target is not None and get in target.lookups else None


KIND = Lookup()
