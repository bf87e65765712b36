"""Questions asked of the query tables.

Owns what each ``Question`` is in SQL, as ``comparing`` owns what it is in memory, and which column
holds what a key asks for. ``r`` is the row of ``q_record``, ``t`` of ``q_text``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from bluefs.core.fields import kind_of, questions
from bluefs.core.fields.questions import Question
from bluefs.core.frozen import dataclass
from bluefs.core.model import Project
from bluefs.core.query.folding import glob_parts
from bluefs.core.query.names import Subject
from bluefs.core.query.sql.cells import (
    FIRST,
    LAST,
    MEMBER,
    RAW,
    bool_cell,
    instant,
    member,
    number_cell,
    plain,
    text_cell,
)
from bluefs.core.query.sql.clauses import NO, YES, Clause, clause, some, sure
from bluefs.core.query.sql.tables import CELLS, SLOTS
from bluefs.core.when import first_instant, last_instant

#: The empty text, which counts as not set.
BLANK = text_cell("")
_NOUGHT = (bool_cell(False), "2b", BLANK)
_SETS = {"tags": "r.tags_set", "assignees": "r.assignees_set"}
#: Keys whose texts stand in ``q_text``: alone, or several between ``MEMBER``.
_FORMS = {"id": "bluefs_form(r.id)", "path": "bluefs_form(r.path)", "body": "t.body"}
_SEVERAL = {"comments": "t.comments", "checklist": "t.items"}


class Uncompilable(Exception):
    """Only Python knows the answer."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a key asks for, in a project."""

    subject: Subject
    cell: str
    declared: tuple[str, ...] = ()  # names of lists or projects
    slot: int = -1  # of a field: its number


def column_of(subject: Subject, project: Project) -> Column:
    """The cell of a field or built-in key ("" where it is no cell)."""
    if subject.field is not None:
        slot = list(project.fields).index(subject.key)
        if slot < SLOTS:
            return Column(subject, f"r.f{slot}", slot=slot)
        more = f"(SELECT m.cell FROM q_more m WHERE m.rec = r.rec AND m.slot = {slot})"
        return Column(subject, more, slot=slot)
    if subject.key in CELLS:
        return Column(subject, f"r.{subject.key}")
    if subject.key == "list":
        return Column(subject, "r.place", tuple(project.lists))
    return Column(subject, {"title": "r.title", "project": "r.project"}.get(subject.key, ""))


def is_set(column: Column) -> Clause:
    """Whether ``has:`` finds a value."""
    if column.cell:
        return Clause(f"ifnull({column.cell} <> ?, 0)", (BLANK,))
    key = column.subject.key
    return Clause({
        "body": "r.words", "done": "(r.own IS NOT NULL)", "position": "ifnull(r.position <> '', 0)",
        "id": "ifnull(r.id <> '', 0)",
        "comments": "(t.comments IS NOT NULL)", "checklist": "(t.items IS NOT NULL)",
    }.get(key, "1"))  # fmt: skip


def answer(asked: Question, column: Column, zone: tzinfo) -> Clause:
    """The question as a condition. Raises Uncompilable."""
    key = column.subject.key if column.subject.field is None else ""
    if isinstance(asked, questions.OfKind):
        raise Uncompilable
    if isinstance(asked, questions.Never):
        return NO
    if isinstance(asked, (questions.Referred, questions.Each)):
        return _resting(asked, column, zone)
    if isinstance(asked, questions.Set):
        # A record is done or not, whatever its own key says.
        found = YES if key == "done" else is_set(column)
        return found if asked.held else ~found
    if isinstance(asked, questions.Truth):
        return (
            clause("(r.done = {})", int(asked.wanted)) if key == "done" else _truth(asked, column)
        )
    if isinstance(asked, questions.Dates):
        return _dates(asked, column.cell, zone)
    if isinstance(asked, questions.Numbers):
        return _numbers(asked, column.cell)
    if isinstance(asked, questions.Places):
        return _places(asked)
    if isinstance(asked, questions.Named):
        return (
            _named(asked, column) if column.cell and key not in _SETS else _held(asked, _SETS[key])
        )
    if key == "text":
        one = one_text(asked)
        return some([one(form_of("r.title")), one("t.body"), _several(asked, "t.comments")])
    if key in _FORMS:
        found = one_text(asked)(_FORMS[key])
        return is_set(column) & found if key == "id" else found
    return _several(asked, _SEVERAL[key]) if key in _SEVERAL else _texts(asked, column.cell)


def _resting(asked: questions.Referred | questions.Each, column: Column, zone: tzinfo) -> Clause:
    """Of a field that rests on other records."""
    from bluefs.core.query.sql.resting import of_each, refers

    if isinstance(asked, questions.Each):
        return of_each(asked, column.cell, column.slot, zone)
    field = column.subject.field
    if field is None or not kind_of(field).refers:  # a lookup of a reference
        raise Uncompilable
    return refers(asked, column.slot)


def _truth(asked: questions.Truth, column: Column) -> Clause:
    found = Clause(f"ifnull({column.cell} NOT IN (?, ?, ?), 0)", _NOUGHT)
    return found if asked.wanted else ~found


def _dates(asked: questions.Dates, cell: str, zone: tzinfo) -> Clause:
    inside = [YES]
    if asked.low is not None:
        low = instant(first_instant(asked.low, zone))
        inside.append(clause(f"substr({cell}, {LAST[0]}, {LAST[1]}) >= {{}}", low))
    if asked.high is not None:
        high = instant(last_instant(asked.high, zone))
        inside.append(clause(f"substr({cell}, {FIRST[0]}, {FIRST[1]}) <= {{}}", high))
    found = clause("(" + " AND ".join(["{}"] * len(inside)) + ")", *inside)
    return sure(Clause(f"({cell} >= '3' AND {cell} < '4')") & (~found if asked.outside else found))


def _numbers(asked: questions.Numbers, cell: str) -> Clause:
    found = YES
    if asked.low is not None:
        found &= clause(f"({cell} >= {{}})", number_cell(asked.low))
    if asked.high is not None:
        found &= clause(f"({cell} <= {{}})", number_cell(asked.high))
    return sure(Clause(f"({cell} >= '2' AND {cell} < '3')") & (~found if asked.outside else found))


def _places(asked: questions.Places) -> Clause:
    found = Clause("(r.position IS NOT NULL)")
    if asked.low is not None:
        found &= clause(f"(r.position >{'' if asked.apart else '='} {{}})", plain(asked.low))
    if asked.high is not None:
        found &= clause(f"(r.position <{'' if asked.apart else '='} {{}})", plain(asked.high))
    return sure(found)


def _named(asked: questions.Named, column: Column) -> Clause:
    """Of a list or project: declared ones are folded here, others in SQLite."""
    cell, declared = column.cell, column.declared
    meant = [clause("{}", text_cell(n)) for n in declared if asked.fold(n) in asked.names]
    other = clause(
        f"(bluefs_fold({raw_of(cell)}) IN ({', '.join(['{}'] * len(asked.names))}))",
        *(plain(name) for name in sorted(asked.names)),
    )
    if declared:
        marks = ", ".join(["{}"] * len(declared))
        other = clause(f"({cell} NOT IN ({marks}))", *map(text_cell, declared)) & other
    same = some([clause(f"({cell} = {{}})", one) for one in meant])
    return sure(same | (Clause(f"({cell} IS NOT NULL)") & other))


def _held(asked: questions.Named, column: str) -> Clause:
    names = [MEMBER + plain(name) + MEMBER for name in sorted(asked.names)]
    return some([sure(clause(f"(instr({column}, {{}}) > 0)", name)) for name in names])


def one_text(asked: Question) -> Callable[[str], Clause]:
    """The question of the search form that an expression gives."""
    if isinstance(asked, questions.Part):
        return lambda form: clause(f"(instr({form}, {{}}) > 0)", asked.needle)
    if isinstance(asked, questions.Whole):
        return lambda form: clause(f"({form} = {{}})", asked.needle)
    if isinstance(asked, questions.Begins):
        return lambda form: clause(f"(instr({form}, {{}}) = 1)", asked.needle)
    if isinstance(asked, questions.Like):
        parts = glob_parts(asked.operand)
        if parts is None:
            return lambda form: NO
        pattern = "*".join(map(escaped, parts))
        return lambda form: clause(f"({form} GLOB {{}})", pattern)
    return lambda form: NO


def escaped(text: str) -> str:
    """As GLOB takes it literally."""
    return "".join(f"[{c}]" if c in "[?*" else c for c in text)


def _several(asked: Question, forms: str) -> Clause:
    """Of one of the forms between ``MEMBER``."""
    if isinstance(asked, questions.Part):
        return sure(clause(f"(instr({forms}, {{}}) > 0)", asked.needle))
    if isinstance(asked, questions.Whole):
        return sure(clause(f"(instr({forms}, {{}}) > 0)", MEMBER + asked.needle + MEMBER))
    return _split(forms, one_text(asked)("one"))


def _texts(asked: Question, cell: str) -> Clause:
    """Of a cell that holds a text, or a set of them."""
    one, several = _text_cell(asked, cell), _set_cell(asked, cell)
    text = Clause(f"({cell} >= '5')") & one
    return sure(text | (Clause(f"({cell} >= '4' AND {cell} < '5')") & several))


def form_of(cell: str, start: int = 2) -> str:
    """The search form in a text's cell (in a member of a set it starts at 1)."""
    return f"substr({cell}, {start}, instr({cell}, char(2)) - {start})"


def raw_of(cell: str) -> str:
    """The text itself in its cell."""
    return f"substr({cell}, instr({cell}, char(2)) + 1)"


def _text_cell(asked: Question, cell: str) -> Clause:
    if isinstance(asked, questions.Exactly):
        return clause(f"({cell} = {{}})", text_cell(asked.text))
    return one_text(asked)(form_of(cell))


def _set_cell(asked: Question, cell: str) -> Clause:
    if isinstance(asked, questions.Exactly):
        return clause(f"(instr({cell}, {{}}) > 0)", member(asked.text))
    if isinstance(asked, questions.Whole):
        return clause(f"(instr({cell}, {{}}) > 0)", MEMBER + asked.needle + RAW)
    return _split(f"substr({cell}, 2)", one_text(asked)(form_of("one", 1)))


def _split(members: str, test: Clause) -> Clause:
    """Whether one of the members passes; ``one`` is its name in the test."""
    return clause(
        "EXISTS (WITH RECURSIVE part(n, one, rest) AS ("
        f"SELECT 0, '', substr({members}, 2) UNION ALL "
        "SELECT n + 1, substr(rest, 1, instr(rest, char(1)) - 1), "
        "substr(rest, instr(rest, char(1)) + 1) FROM part WHERE instr(rest, char(1)) > 0) "
        "SELECT 1 FROM part WHERE n > 0 AND {})",
        test,
    )
