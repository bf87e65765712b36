"""``views:`` of project.yaml: what to show of which records, and how.

A view is kept as a map of its options: ``show``, ``filter``, ``sort``, ``group`` as text,
``columns`` and ``card`` as tuples of keys. A filter that cannot be read is left out of the
view, with its Problem.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import config as codes
from bluefs.core.config.inside import place_in
from bluefs.core.config.reader import Reader, did_you_mean, listing
from bluefs.core.matching import nfc
from bluefs.core.model import BUILTIN_KEYS, Config, Project
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.query import Query, QueryError, parse_query
from bluefs.core.words import say

KEYS = ("show", "filter", "columns", "sort", "group", "card")
SHOW = ("table", "board", "list", "calendar", "timeline", "map")
#: A key in a list of several, with the minus of a descending order before it.
_KEY = pattern(r"(?<![^\s,-])[^\s,-][^\s,]*")
#: What a column may be besides the keys of records.
_PLACES = ("list", "project", "path", "description", "checklist", "comments")


def parse_views(
    reader: Reader, node: Node | None, queries: bool = True
) -> dict[str, Mapping[str, object]]:
    """The views by name, in file order. ``queries`` False: filters are not read as queries."""
    return {
        key.text: _view(reader, key.text, value, queries)
        for key, value in reader.entries(node, "views")
    }


def _view(reader: Reader, name: str, node: Node, queries: bool) -> Mapping[str, object]:
    entry = reader.read_map(node, say("config.view", name=name))
    if entry is None:
        return {}
    reader.check_keys(entry, KEYS, say("config.view", name=name))
    view: dict[str, object] = {
        "show": reader.read_choice(entry.get("show"), "show", SHOW),
        "filter": reader.read_text(entry.get("filter"), "filter"),
        "sort": reader.read_text(entry.get("sort"), "sort"),
        "group": reader.read_text(entry.get("group"), "group"),
        "columns": _keys(reader, entry.get("columns"), "columns"),
        "card": _keys(reader, entry.get("card"), "card"),
    }
    read = queries and isinstance(view["filter"], str)
    if read and parse_filter(reader, entry.get("filter")) is None:
        del view["filter"]
    return {key: value for key, value in view.items() if value not in (None, ())}


def _keys(reader: Reader, node: Node | None, what: str) -> tuple[str, ...]:
    return tuple(item.text for item in reader.read_texts(node, what))


def check_views(reader: Reader, node: Node | None, project: Project, config: Config) -> None:
    """Report keys and names in views that do not exist in the project."""
    for _, view in node.entries if isinstance(node, Map) else ():
        if not isinstance(view, Map):
            continue
        for option in ("columns", "card", "sort", "group"):
            for key in _scalars(view.get(option)):
                _check_column(reader, key, project)
        found = view.get("filter")
        query = _parsed(found)
        if isinstance(query, Query) and isinstance(found, Scalar):
            check_filter(reader, found, query, project, config)


def _check_column(reader: Reader, node: Scalar, project: Project) -> None:
    known = (*BUILTIN_KEYS, *_PLACES, *project.fields)
    for found in _KEY.finditer(node.text):
        key = nfc(found.group())
        if key not in known:
            if reader.passes():
                return
            hint = did_you_mean(key, known) or say("config.fields_are", words=listing(known))
            line, column = place_in(reader, node, found.start())
            end = column + len(found.group())
            message = say("config.no_field", key=key[:60])
            reader.report_at(codes.VIEW, line, column, end, message, hint)


def parse_filter(reader: Reader, node: Node | None, what: str = "filter") -> Query | None:
    """The query of an ``if:`` or ``filter:``, None after reporting why there is none."""
    if not isinstance(node, Scalar) or node.is_null:
        if node is not None and not isinstance(node, Scalar):
            reader.read_text(node, what)
        return None
    found = _parsed(node)
    if isinstance(found, QueryError):
        line, column = place_in(reader, node, found.column - 1)
        reader.report_at(found.code, line, column, column + 1, found.message, found.hint)
        return None
    return found


def check_filter(
    reader: Reader, node: Scalar, query: Query, project: Project, config: Config
) -> None:
    """Report what a query names that its project does not have."""
    if reader.passes():
        return
    for fault in query.check(config, project):
        line, column = place_in(reader, node, fault.column - 1)
        last_line, last = place_in(reader, node, max(fault.end - 2, fault.column - 1))
        end = last + 1 if last_line == line else column + 1
        reader.report_at(fault.code, line, column, end, fault.message, fault.hint)


def _parsed(node: Node | None) -> Query | QueryError | None:
    if not isinstance(node, Scalar) or node.is_null:
        return None
    try:
        return parse_query(node.text, words=False)
    except QueryError as error:
        return error


def _scalars(node: Node | None) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Seq) else (node,)
    return tuple(item for item in items if isinstance(item, Scalar) and not item.is_null)
