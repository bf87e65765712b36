"""The query language: one text for rules, views, filters, dashboards and the command line.

Owns ``parse_query`` and ``Query``. The parts: ``grammar`` and ``parsing`` make the ``tree``,
``evaluation`` asks it of records in memory, ``checking`` finds names that do not exist,
``explaining`` says why, ``sorting`` puts in order, ``joining`` takes a shell's words. What is
heavy is imported when it is used: a command that holds no query never loads lark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import Config, Context, Project, Record
from bluefs.core.query.errors import QueryError, QueryFault
from bluefs.core.query.joining import join_words
from bluefs.core.query.sorting import order
from bluefs.core.query.tree import SortKey, Tree, render

if TYPE_CHECKING:
    from bluefs.core.query.explaining import Term

__all__ = [
    "Query",
    "QueryError",
    "QueryFault",
    "SortKey",
    "Term",
    "Tree",
    "join_words",
    "order",
    "parse_query",
]

Test = Callable[[Record, Context], bool]


def __getattr__(name: str) -> object:
    """``Term`` when it is asked for: few commands explain."""
    if name == "Term":
        from bluefs.core.query.explaining import Term

        return Term
    raise AttributeError(name)


class _Memo:
    """The tests made last, by project, for one set of circumstances. It makes a query no
    different: not compared, shown or pickled."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held: tuple[object, dict[str, Test]] = (None, {})

    def __reduce__(self) -> tuple[type[_Memo], tuple[()]]:
        return _Memo, ()


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read. ``text`` is what was typed, ``tree`` what it asks, ``sort`` the
    order it wants (empty: the records' own)."""

    text: str
    tree: Tree = field(compare=False)
    sort: tuple[SortKey, ...] = field(default=(), compare=False)
    _memo: _Memo = field(default_factory=_Memo, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text

    def render(self) -> str:
        """The query in its plainest form; it reads back as the same tree and order."""
        sort = f"sort:{','.join(str(key) for key in self.sort)}" if self.sort else ""
        return " ".join(part for part in (render(self.tree), sort) if part)

    def matches(self, record: Record, context: Context) -> bool:
        """Whether the record answers it. Never raises on data: a comparison that makes no
        sense, or asks for an unknown key, does not hold."""
        from bluefs.core.query.evaluation import circumstances, compile_for

        now = circumstances(context)
        held, tests = self._memo.held
        if held != now:
            tests = {}
            self._memo.held = (now, tests)
        test = tests.get(record.project)
        if test is None:
            test = tests[record.project] = compile_for(self.tree, record, context)
        return test(record, context)

    def select(self, records: Iterable[Record], context: Context) -> list[Record]:
        """The records that match, in the query's order."""
        return order((r for r in records if self.matches(r, context)), self, context)

    def explain(self, record: Record, context: Context) -> tuple[Term, ...]:
        """Each top-level condition, whether it holds, and the values that decided."""
        from bluefs.core.query.explaining import explain

        return explain(self.tree, record, context)

    def check(
        self, config: Config, projects: Project | Iterable[Project] | None = None
    ) -> tuple[QueryFault, ...]:
        """Keys and names that do not exist, and values that cannot be compared, by column.
        On several projects (all of the workspace's without an argument) it is enough that
        one of them knows the name."""
        from bluefs.core.query.checking import check

        if projects is None:
            projects = config.projects.values()
        several = (projects,) if isinstance(projects, Project) else tuple(projects)
        return check(self.tree, self.sort, config, several)


def parse_query(text: str, *, words: bool = True) -> Query:
    """Read a query. ``words`` allows words without a key, which search the text: on the
    command line, not in files. Raises QueryError and nothing else, for any text."""
    if not text.strip():
        from bluefs.core.query.tree import And

        return Query(text, And(()))
    from bluefs.core.query.parsing import parse

    tree, sort = parse(text, words=words)
    return Query(text, tree, sort)
