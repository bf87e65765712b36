"""The tokens of a query that name what is renamed, by the columns its parser gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bluefs.core.model import Config, Project
from bluefs.core.patterns import pattern
from bluefs.core.query import Query, QueryError, parse_query
from bluefs.core.query.names import subject_of
from bluefs.core.query.tree import Compare, Has, Text, leaves, render_value
from bluefs.core.renaming.naming import Naming

#: (start, end, text) in the query's text.
Token = tuple[int, int, str]

_VALUE = pattern(r'"(?:[^"\\]|\\.)*"|(?:(?!\.\.)[^\s()",])+', re.DOTALL)
_KEY = pattern(r'[^\s()":=<>!,]+')
#: What a key's value names.
_KEYS = {"list": "list", "tag": "tags", "person": "assignees"}


def in_query(text: str, naming: Naming, project: Project, config: Config) -> list[Token]:
    """Every token of the query that means it; none where the query cannot be read. ``project``
    is the one that the query asks."""
    try:
        query = parse_query(text)
    except QueryError:
        return []
    found = _keys(query, naming, project) if naming.kind == "field" else (
        _values(query, naming, project, config)
    )  # fmt: skip
    return sorted(set(found))


def _values(query: Query, naming: Naming, project: Project, config: Config) -> Iterator[Token]:
    for leaf in leaves(query.tree):
        if not isinstance(leaf, Compare) or not isinstance(leaf.operand, Text):
            continue
        subject = subject_of(leaf.key, project)
        if subject is None or subject.field is not None or subject.key != _KEYS[naming.kind]:
            continue
        if naming.asked(leaf.operand.text, project, config):
            start = leaf.operand.column - 1
            match = _VALUE.match(query.text, start)
            if match is not None:
                yield start, match.end(), render_value(naming.new)


def _keys(query: Query, naming: Naming, project: Project) -> Iterator[Token]:
    def means(key: str) -> bool:
        subject = subject_of(key, project)
        return subject is not None and subject.field is not None and subject.key == naming.old

    places = [
        (leaf.key, leaf.column) for leaf in leaves(query.tree) if isinstance(leaf, (Compare, Has))
    ]
    places += [(sort.key, sort.column + sort.descending) for sort in query.sort]
    for key, column in places:
        match = _KEY.match(query.text, column - 1)
        if means(key) and match is not None:
            yield column - 1, match.end(), naming.new
