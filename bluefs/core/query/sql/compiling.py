"""A query as one SELECT.

Owns the walk over the tree. What a key means depends on the record's project, so the condition is
made for each project; where all agree, as with built-in keys, it stands once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from bluefs.core.fields.questions import Blocker, Part
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import Context, Project
from bluefs.core.query.asking import Scene, question
from bluefs.core.query.evaluation import leaf_cost
from bluefs.core.query.folding import needle
from bluefs.core.query.names import Subject, subject_of
from bluefs.core.query.ranking import needles_of
from bluefs.core.query.sql import ordering
from bluefs.core.query.sql.answering import Uncompilable, answer, column_of, is_set
from bluefs.core.query.sql.cells import instant, text_cell
from bluefs.core.query.sql.clauses import NO, Clause, Parameter, choice, clause, every, some
from bluefs.core.query.sql.waiting import BLOCKED, LINKS, waits_for
from bluefs.core.query.tree import And, Compare, Has, Is, Leaf, Not, Or, Search, Tree, leaves

if TYPE_CHECKING:
    from bluefs.core.query import Query


@dataclass(frozen=True, slots=True)
class Compiled:
    """A SELECT of (rec, path): the caller's number and the path's bytes."""

    sql: str
    parameters: tuple[Parameter, ...]


def compile_sql(
    query: Query, context: Context, *, project: str | None = None, limit: int | None = None
) -> Compiled | None:
    """The records that answer the query, in its order: of one project only (its key), no more
    than ``limit``. None where only the records in memory can tell (a kind of field that SQL
    does not know). ``context.now`` is in the workspace's zone; ``context.find`` is not asked."""
    scope = [
        (text_cell(key), one) for key, one in context.config.projects.items()
        if project is None or key == project
    ]  # fmt: skip
    try:
        where = _where(query.tree, scope, context)
    except Uncompilable:
        return None
    if project is not None:
        where = clause("(r.project = {})", text_cell(project)) & where
    terms = [
        *(term for key in query.sort for term in ordering.by_key(key, scope, context.config)),
        *(ordering.by_rank(needles_of(query.tree)) if not query.sort else ()),
        *ordering.own(scope, context.config),
    ]
    return _select(where, clause(", ".join(["{}"] * len(terms)), *terms), limit)


def _select(where: Clause, order: Clause, limit: int | None) -> Compiled:
    looks = where.text + order.text
    links = f"WITH {LINKS}\n" if "q_link" in looks else ""
    texts = " JOIN q_text t ON t.rec = r.rec" if " t." in f" {looks}".replace("(", " ") else ""
    most = clause(" LIMIT {}", limit) if limit is not None else Clause("")
    whole = clause(
        f"{links}SELECT r.rec, r.path FROM q_record r{texts} WHERE {{}} ORDER BY {{}}{{}}",
        where, order, most,
    )  # fmt: skip
    return Compiled(whole.text, whole.parameters)


def _where(tree: Tree, scope: ordering.Scope, context: Context) -> Clause:
    cases = [(cell, _tree(tree, Scene(project, context))) for cell, project in scope]
    return choice("r.project", cases, _tree(tree, Scene(Project("", ""), context)))


def _tree(tree: Tree, scene: Scene) -> Clause:
    if isinstance(tree, And):
        return every([_tree(part, scene) for part in sorted(tree.parts, key=_cost)])
    if isinstance(tree, Or):
        return some([_tree(part, scene) for part in sorted(tree.parts, key=_cost)])
    if isinstance(tree, Not):
        return ~_tree(tree.part, scene)
    return _leaf(tree, scene)


def _cost(tree: Tree) -> int:
    return max((leaf_cost(leaf) for leaf in leaves(tree)), default=0)


def _leaf(leaf: Leaf, scene: Scene) -> Clause:
    zone = scene.context.now.tzinfo or UTC
    if isinstance(leaf, Is):
        return _STATES[leaf.word](scene.context)
    if isinstance(leaf, Search):
        return answer(Part(needle(leaf.text)), column_of(Subject("text"), scene.project), zone)
    subject = subject_of(leaf.key, scene.project)
    if subject is None:
        return NO
    column = column_of(subject, scene.project)
    if isinstance(leaf, Has):
        return is_set(column)
    assert isinstance(leaf, Compare)
    asked = question(leaf, subject, scene)
    return waits_for(asked) if isinstance(asked, Blocker) else answer(asked, column, zone)


def _is_overdue(context: Context) -> Clause:
    return clause(
        "(NOT r.done AND ifnull(r.due >= '3' AND r.due < '4' AND CASE substr(r.due, 12, 1) "
        "WHEN '1' THEN substr(r.due, 31, 18) < {} ELSE substr(r.due, 2, 10) < {} END, 0))",
        instant(context.now), context.today.isoformat(),
    )  # fmt: skip


def _is_today(context: Context) -> Clause:
    day = context.today.isoformat()
    return clause("ifnull(r.due >= '3' AND r.due < '4' AND substr(r.due, 2, 10) = {}, 0)", day)


_STATES: dict[str, Callable[[Context], Clause]] = {
    "open": lambda context: Clause("(NOT r.done)"),
    "done": lambda context: Clause("r.done"),
    "overdue": _is_overdue,
    "today": _is_today,
    "blocked": lambda context: BLOCKED,
    "unblocked": lambda context: ~BLOCKED,
}
