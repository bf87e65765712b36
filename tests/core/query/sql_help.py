"""A database for the tests of queries as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bluefs.core.matching import finder
from bluefs.core.model import Context, Record
from bluefs.core.query import Query
from bluefs.core.query.names import project_for
from bluefs.core.query.sql import (
    FUNCTIONS,
    SCHEMA,
    Rows,
    compile_sql,
    inserts,
    rows_of,
)


def database(records: Sequence[Record], where: Context) -> sqlite3.Connection:
    """The records in query tables, numbered from 0."""
    connection = sqlite3.connect(":memory:")
    for name, function in FUNCTIONS.items():
        connection.create_function(name, 1, function, deterministic=True)
    for statement in SCHEMA:
        connection.execute(statement)
    numbered = [
        (n, rows_of(one, project_for(one, where.config), where.config))
        for n, one in enumerate(records)
    ]
    _put(connection, numbered)
    return connection


def _put(connection: sqlite3.Connection, numbered: list[tuple[int, Rows]]) -> None:
    for statement, rows in inserts(numbered):
        connection.executemany(statement, rows)


def in_sql(connection: sqlite3.Connection, query: Query, where: Context) -> list[int]:
    found = compile_sql(query, where)
    assert found is not None
    return [number for number, _ in connection.execute(found.sql, found.parameters)]


def in_memory(records: Sequence[Record], query: Query, where: Context) -> list[int]:
    numbers = {one.path: n for n, one in enumerate(records)}
    known = Context(where.config, where.now, where.me, where.actor, find=finder(records))
    return [numbers[one.path] for one in query.select(records, known)]
