"""Rules that look at what only the history says, which rules do not see.

Owns which fields rest on such a date, by however long a way: a lookup of it, a conversion at it, and
what is worked out of these. Both lanes must tell the same story, and a change is settled before
the commit is there whose date it would be: so such a field has no value in a rule, and whoever
writes one is told.
"""

from __future__ import annotations

from bluefs.core.codes import config as codes
from bluefs.core.config.inside import place_in
from bluefs.core.config.reader import Reader
from bluefs.core.fields import kind_of
from bluefs.core.fields.computed import OF_HISTORY
from bluefs.core.fields.derived import Derived
from bluefs.core.model import Config, FieldDef, Project
from bluefs.core.nodes import Scalar
from bluefs.core.query import Query
from bluefs.core.query.names import subject_of
from bluefs.core.query.tree import Compare, Has, leaves
from bluefs.core.words import say


def check_history(
    reader: Reader, node: Scalar, query: Query, project: Project, config: Config
) -> None:
    """Report what a rule's condition asks and no rule knows."""
    if not config.asks_history:
        return
    here = config.projects.get(project.key, project)
    for leaf in leaves(query.tree):
        found = subject_of(leaf.key, here) if isinstance(leaf, (Compare, Has)) else None
        if found is not None and found.field is not None and rests(found.key, here, config):
            line, column = place_in(reader, node, max(leaf.column - 1, 0))
            message, hint = say("config.unseen", key=found.key), say("config.unseen.hint")
            end = column + len(found.key)
            reader.report_at(codes.LATER, line, column, end, message, hint)


def rests(key: str, project: Project, config: Config) -> bool:
    """Whether this field of the project has its value from the history."""
    ways, seen = [(project, key)], set[tuple[str, str]]()
    while ways:
        here, name = ways.pop()
        field = here.fields.get(name)
        if field is None or (here.key, name) in seen:
            continue
        seen.add((here.key, name))
        kind, shown = kind_of(field), field.options.get("shows")
        if kind.dates(field):
            return True
        if isinstance(kind, Derived):
            ways += [(here, one) for one in kind.made_of(field)]
        if isinstance(shown, FieldDef):
            if shown.key in OF_HISTORY:
                return True
            target = config.projects.get(str(field.options.get("of")))
            ways += [(target, shown.key)] if target is not None else []
    return False
