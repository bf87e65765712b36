"""A database for the tests of queries as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bluefs.core.matching import finder
from bluefs.core.model import Context, Record
from bluefs.core.query import Query
from bluefs.core.query.names import project_for
from bluefs.core.query.sql import (
    DELETES,
    FUNCTIONS,
    SCHEMA,
    Rows,
    compile_sql,
    grams,
    inserts,
    rows_of,
)


def database(
    records: Sequence[Record], where: Context, *, known: int | None = None, stale: bool = False
) -> sqlite3.Connection:
    """The records in query tables, numbered from 0. The index of texts knows ``known`` of them,
    where ``stale`` by what stood there before."""
    connection = sqlite3.connect(":memory:")
    for name, function in FUNCTIONS.items():
        connection.create_function(name, 1, function, deterministic=True)
    for statement in SCHEMA:
        connection.execute(statement)
    numbered = [
        (n, rows_of(one, project_for(one, where.config), where.config))
        for n, one in enumerate(records)
    ]
    if known is not None:
        for statement in grams.SCHEMA:
            connection.execute(statement)
        if stale and numbered:
            _put(connection, [(n, numbered[0][1]) for n, _ in numbered])
            _fill(connection, known)
            for n, _ in numbered:
                for statement in DELETES:
                    connection.execute(statement, (n,))
    _put(connection, numbered)
    if known is not None:
        _fill(connection, known)
    return connection


def _put(connection: sqlite3.Connection, numbered: list[tuple[int, Rows]]) -> None:
    for statement, rows in inserts(numbered):
        connection.executemany(statement, rows)


def _fill(connection: sqlite3.Connection, most: int) -> None:
    first, *others = grams.FILL
    connection.execute(first, (most,))
    for statement in others:
        connection.execute(statement)


def in_sql(connection: sqlite3.Connection, query: Query, where: Context) -> list[int]:
    found = compile_sql(query, where)
    assert found is not None
    numbers = [number for number, _ in connection.execute(found.sql, found.parameters)]
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'q_gram'").fetchone():
        found = compile_sql(query, where, with_grams=True)
        assert found is not None
        again = [number for number, _ in connection.execute(found.sql, found.parameters)]
        assert again == numbers, "the index of texts makes a difference"
    return numbers


def in_memory(records: Sequence[Record], query: Query, where: Context) -> list[int]:
    numbers = {one.path: n for n, one in enumerate(records)}
    known = Context(where.config, where.now, where.me, where.actor, find=finder(records))
    return [numbers[one.path] for one in query.select(records, known)]
