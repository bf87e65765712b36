"""The kind ``reference``: one record of another project, or several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.fields.blocked_by import BlockedBy, bare_reference, link_of
from bluefs.core.fields.faults import brief, fault, names
from bluefs.core.fields.folding import fold_text
from bluefs.core.fields.options import Reader
from bluefs.core.fields.text import ANY_SCALAR, TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.matching import nearest, nfc
from bluefs.core.model import FieldDef, Project, Value
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question
    from bluefs.core.query import Query

_TAKES = ("project", "filter", "many")


class Reference(TextLike):
    """A record of another project (or of this one): a deal's company. The file holds its id,
    with the title as a comment behind it: ``company: h4xq2m7c0p  # Acme``. A title, a path or
    ``[[Name]]`` is understood as well, and ``bluefs check --fix`` makes it the id.

    Options: ``project`` is the key of the project whose records may stand there; ``filter`` is a
    query that they have to match (``"tag:Client"``); ``many: true`` takes several, as a list. A
    query finds them by id, or by a part of the title: ``company:acme``. ``bluefs show`` of the
    other record says who refers to it.
    """

    word = "reference"
    takes = _TAKES
    refers = True

    def of(self, field: FieldDef) -> Kind:
        return _MANY if field.options.get("many") else self

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.yes_no("many")
        for option in ("project", "filter"):
            text = reader.text(option)
            if text:
                reader.found[option] = nfc(text)
            elif text is not None:
                reader.refuse(option, "values.opt.text")
        if "project" not in entries:
            reader.faults.append(fault(codes.FIELD_OPTION, Map(()), "values.opt.reference.missing"))
        return reader.result()

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        return _judged(field, entries, setting)

    def queries(self, field: FieldDef, setting: Setting) -> Mapping[str, Project]:
        return _queries(field, setting)

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        return super().parse(field, link_of(node), setting)

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        return text.strip()

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        """By its title, where the records are at hand."""
        return ", ".join(titles_of(field, value, setting))

    def meant(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        return _id_of(field, value, setting) if isinstance(value, str) else value

    def ranked(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        return next(iter(titles_of(field, value, setting)), None)

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        return self.meant(field, value, setting)

    def schema(self, field: FieldDef) -> dict[str, object]:
        """``[[Name]]`` without quotes is a list in a list."""
        inner = {"type": "array", "minItems": 1, "items": {"type": ANY_SCALAR}}
        return {"type": [*ANY_SCALAR, "array"], "minItems": 1, "maxItems": 1, "items": inner}

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        wanted = fold_text(bare_reference(operand))
        return isinstance(value, str) and fold_text(bare_reference(value)) == wanted

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return _ask(field, asked)


class References(BlockedBy):
    """Several of them."""

    word = Reference.word
    takes = _TAKES
    built_in = False
    refers = True

    def judge(
        self, field: FieldDef, entries: Mapping[str, Node], setting: Setting, lists: Collection[str]
    ) -> list[Fault]:
        return _judged(field, entries, setting)

    def queries(self, field: FieldDef, setting: Setting) -> Mapping[str, Project]:
        return _queries(field, setting)

    def show(self, field: FieldDef, value: Value, setting: Setting) -> str:
        return ", ".join(titles_of(field, value, setting))

    def meant(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        several = value if isinstance(value, tuple) else ()
        return tuple(dict.fromkeys(_id_of(field, one, setting) for one in several)) or None

    def ranked(self, field: FieldDef, value: Value, setting: Setting) -> Value:
        return titles_of(field, value, setting) or None

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        found = self.meant(field, value, setting)
        return list(found) if isinstance(found, tuple) else []

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        return _ask(field, asked)


def target_of(field: FieldDef) -> str:
    """The key of the project whose records it names."""
    return str(field.options.get("project", ""))


def filter_of(field: FieldDef) -> Query | None:
    """The query that the records it names have to match; None without one that can be read."""
    text = field.options.get("filter")
    return _query(text) if isinstance(text, str) else None


@lru_cache(maxsize=64)
def _query(text: str) -> Query | None:
    from bluefs.core.query import QueryError, parse_query

    try:
        return parse_query(text, words=False)
    except QueryError:
        return None


def titles_of(field: FieldDef, value: Value, setting: Setting) -> tuple[str, ...]:
    """What people call the records it names: as written where no single one is meant."""
    texts = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
    if setting.refer is None:
        return texts
    found = ((text, setting.refer(text, target_of(field))) for text in texts)
    return tuple(text if one is None else one.title for text, one in found)


def _id_of(field: FieldDef, text: str, setting: Setting) -> str:
    found = setting.refer(text, target_of(field)) if setting.refer is not None else None
    return text if found is None or found.id is None else found.id


def _ask(field: FieldDef, asked: Asked) -> Question:
    from bluefs.core.fields.questions import Referred

    return Referred(bare_reference(asked.text), target_of(field), whole=asked.operator == "=")


def _queries(field: FieldDef, setting: Setting) -> Mapping[str, Project]:
    target = setting.config.projects.get(target_of(field))
    if target is None or target.key in setting.lost:
        return {}
    return {"filter": target}


def _judged(field: FieldDef, entries: Mapping[str, Node], setting: Setting) -> list[Fault]:
    """The project it names has to exist."""
    node, projects = entries.get("project"), setting.config.projects
    if not isinstance(node, Scalar) or not target_of(field) or target_of(field) in projects:
        return []
    near = nearest(node.text[:60], projects)
    hint = say("values.opt.near", name=near) if near else None
    if hint is None:
        hint = say("values.opt.projects_are", names=names(projects))
    key = "values.opt.no_project"
    return [fault(codes.FIELD_OPTION, node, key, name=brief(node.text), hint=hint)]


KIND = Reference()
_MANY = References()
