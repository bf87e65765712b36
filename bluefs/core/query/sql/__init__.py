"""The query language as SQL: the second way to run it, for many records.

Owns the query tables and the translation. ``evaluation``, ``comparing`` and ``sorting`` say what
a query means; here is the same meaning for SQLite, and a property test holds both to be one.
Pure: statements and parameters go out, an adapter runs them. To use it::

    for name, function in FUNCTIONS.items(): create_function(name, 1, function, deterministic=True)
    for statement in SCHEMA: run(statement)                      # once; VERSION names this form
    for statement, rows in inserts([(number, rows_of(record, project, config))]): many(statement, rows)
    for statement in DELETES: run(statement, (number,))          # before a record is put in again
    found = compile_sql(query, context, limit=50)                # None: ask the records in memory
    for number, path in run(found.sql, found.parameters): ...    # in the query's order
"""

from __future__ import annotations

from bluefs.core.query.sql.compiling import Compiled, compile_sql
from bluefs.core.query.sql.tables import DELETES, FUNCTIONS, SCHEMA, VERSION, Rows, inserts, rows_of

__all__ = [
    "DELETES",
    "FUNCTIONS",
    "SCHEMA",
    "VERSION",
    "Compiled",
    "Rows",
    "compile_sql",
    "inserts",
    "rows_of",
]
