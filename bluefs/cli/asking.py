"""Queries typed on a command line.

Owns how an error in one is shown: the query with a caret below the place. Refuses a query that names what does not
exist: exit 2, nothing is read for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.cli.screen import columns
from bluefs.core.errors import Refused
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import Config, Project
from bluefs.core.query import Query, QueryError, join_words, parse_query
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.app.workspace import Snapshot

#: Before a word that is no option although it begins with a dash: hides it from click, which
#: would take ``-priority:high`` for ``-p riority:high``.
SHIELD = "\x1f"


def read_query(
    words: Sequence[str], config: Config, projects: Iterable[Project], snapshot: Snapshot
) -> Query:
    """The query these words make, for these projects. Raises Refused."""
    text = join_words([word.removeprefix(SHIELD) for word in words])
    try:
        query = parse_query(text)
    except QueryError as error:
        raise _refused([_shown(text, error.column, error.message, error.hint)]) from error
    named = list(projects)
    faults = query.check(config, named)
    if faults:  # a folder that is not declared may be a list all the same
        from bluefs.app.refs import with_used_lists

        faults = query.check(config, with_used_lists(named, snapshot))
    if faults:
        raise _refused([_shown(text, f.column, f.message, f.hint, f.end) for f in faults])
    return query


def _refused(parts: list[str]) -> Refused:
    return Refused("screens.query", faults="\n".join(parts))


def _shown(text: str, column: int, message: str, hint: str | None, end: int = 0) -> str:
    """The message with its column, the query, a caret, the hint."""
    before, fault = text[: column - 1], text[column - 1 : max(end, column + 1) - 1]
    line = text.replace("\n", " ").replace("\t", " ")
    carets = " " * columns(before) + "^" * max(1, columns(fault))
    rows = [say("query.error", message=message, column=column), f"  {line}", f"  {carets}"]
    return "\n".join([*rows, hint] if hint else rows)
