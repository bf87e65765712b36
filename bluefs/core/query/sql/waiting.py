"""Which record waits for which: the join behind ``is:blocked`` and ``blocked_by:``.

Owns the SQL twin of ``core.matching.finder``: an entry means the record of that id, else the
only one of that path, file name or title. It is worked out when it is asked, so that a change of
one record makes no other record's rows stale.
"""

from __future__ import annotations

from bluefs.core.fields.questions import Blocker, Part
from bluefs.core.query.asking import id_like
from bluefs.core.query.sql.answering import form_of, one_text
from bluefs.core.query.sql.clauses import Clause, clause

#: ``q_link``: each entry with the number of the record it means, or NULL. Names are gathered
#: only where some entry is no id, and only those that entries have.
LINKS = """\
q_ids AS MATERIALIZED (SELECT id, rec FROM (
  SELECT id, rec, row_number() OVER (PARTITION BY id ORDER BY path) AS n FROM q_record
  WHERE id IN (SELECT ref FROM q_edge) AND id <> '') WHERE n = 1),
q_loose AS MATERIALIZED (SELECT DISTINCT name FROM q_edge WHERE ref NOT IN (SELECT id FROM q_ids)),
q_folds AS MATERIALIZED (
  SELECT rec, bluefs_fold(path) AS path, bluefs_fold(substr(title, instr(title, char(2)) + 1)) AS title
  FROM q_record WHERE EXISTS (SELECT 1 FROM q_loose)),
q_names(name, rec) AS (
  SELECT path, rec FROM q_folds UNION SELECT title, rec FROM q_folds
  UNION SELECT substr(path, 1, length(path) - 3), rec FROM q_folds WHERE substr(path, -3) = '.md'
  UNION SELECT replace(path, rtrim(path, replace(path, '/', '')), ''), rec FROM q_folds),
q_only AS MATERIALIZED (
  SELECT name, min(rec) AS rec FROM q_names GROUP BY name HAVING count(*) = 1),
q_link AS MATERIALIZED (
  SELECT e.rec AS rec, e.ref_form AS ref_form, e.form AS form, ifnull(i.rec, o.rec) AS target
  FROM q_edge e LEFT JOIN q_ids i ON i.id = e.ref LEFT JOIN q_only o ON o.name = e.name)"""

BLOCKED = Clause(
    "(r.rec IN (SELECT l.rec FROM q_link l JOIN q_record b ON b.rec = l.target WHERE NOT b.done))"
)


def waits_for(asked: Blocker) -> Clause:
    """Whether one of the entries is, or means, such a record."""
    wanted = asked.needle
    is_id, part = one_text(id_like(wanted)), one_text(Part(wanted))
    meant = (Clause("(b.id IS NOT NULL)") & is_id("bluefs_form(b.id)")) | part(form_of("b.title"))
    if "/" in wanted:
        meant |= part("bluefs_form(b.path)")
    return clause(
        "(r.rec IN (SELECT l.rec FROM q_link l LEFT JOIN q_record b ON b.rec = l.target"
        " WHERE {} OR (l.target IS NULL AND l.form = {}) OR ifnull({}, 0)))",
        is_id("l.ref_form"), wanted, meant,
    )  # fmt: skip
