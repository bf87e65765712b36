"""The index of texts: which records may hold a word, without reading them all.

Owns the table of trigrams (SQLite's FTS5), how it is filled and how it is asked. It only ever
names candidates: whether a text holds the words is told by the text, so an answer is the same
with a full table, a stale one, half a one or none. That is what lets it be filled in quiet
moments, for it costs more than all the rest of a record's rows (docs/decisions/0007). Refuses
words of fewer than three characters, and to be needed.
"""

from __future__ import annotations

from bluefs.core.hints import Final
from bluefs.core.query.sql.answering import form_of
from bluefs.core.query.sql.clauses import YES, Clause

#: Statements that make the tables, after those of ``tables.SCHEMA``. An SQLite without FTS5 or
#: its trigrams (before 3.34) fails at the first: then compile without them.
SCHEMA: Final[tuple[str, ...]] = (
    "CREATE VIRTUAL TABLE q_gram USING fts5(texts, content='', columnsize=0, detail=none, "
    "tokenize='trigram case_sensitive 1')",
    "CREATE TABLE q_upto (rec INTEGER NOT NULL, next INTEGER NOT NULL)",
    "INSERT INTO q_upto VALUES (-1, -1)",
)
#: Statements, in one transaction, that take in the next records; the first takes how many.
#: There are none left where ``LEFT`` gives nothing.
FILL: Final[tuple[str, ...]] = (
    "UPDATE q_upto SET next = ifnull((SELECT max(rec) FROM (SELECT rec FROM q_record "
    "WHERE rec > q_upto.rec ORDER BY rec LIMIT ?)), rec)",
    "INSERT INTO q_gram (rowid, texts) "
    f"SELECT r.rec, {form_of('r.title')} || ' ' || t.body || ifnull(t.comments, '') "
    "FROM q_record r JOIN q_text t ON t.rec = r.rec "
    "WHERE r.rec > (SELECT rec FROM q_upto) AND r.rec <= (SELECT next FROM q_upto)",
    "UPDATE q_upto SET rec = next",
)
LEFT: Final = "SELECT 1 FROM q_record WHERE rec > (SELECT rec FROM q_upto) LIMIT 1"

_MOST = 8  # trigrams of one needle that are asked; more only narrow what is narrow already


def candidates(needle: str) -> Clause:
    """Records that may hold the needle; all of them for a short one."""
    grams = list(dict.fromkeys(needle[n : n + 3] for n in range(len(needle) - 2)))
    if not grams:
        return YES
    step = max(1, len(grams) // _MOST)
    asked = " ".join('"' + gram.replace('"', '""') + '"' for gram in grams[::step])
    return Clause(
        "(r.rec IN (SELECT rowid FROM q_gram WHERE q_gram MATCH ? UNION ALL SELECT rec FROM q_fresh"
        " UNION ALL SELECT rec FROM q_record WHERE rec > (SELECT rec FROM q_upto)))",
        (asked,),
    )
