"""The rows of a record that rest on others: whom its fields name, and the values of its lookups.

Owns what ``q_ref`` and ``q_each`` hold, and the two questions that only they can answer. In
``q_ref`` stands what a text means as well as the text, so whoever changes a record has the rows
of those that name it made again (``app.relinking``); ``ref`` and ``name`` find them.
"""

from __future__ import annotations

from datetime import tzinfo

from bluefs.core.fields import kind_of, questions
from bluefs.core.fields.base import Setting
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.hints import TYPE_CHECKING, Any
from bluefs.core.linking import bare_name, texts_of
from bluefs.core.model import Config, Project, Record, Value
from bluefs.core.query.asking import id_like, title_like
from bluefs.core.query.folding import needle
from bluefs.core.query.sql.cells import cell, plain, text_cell
from bluefs.core.query.sql.clauses import Clause, clause, sure
from bluefs.core.when import zone as zone_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bluefs.core.linking import Refer
    from bluefs.core.model import FieldDef

Rows = tuple[tuple[Any, ...], ...]


def resting(
    record: Record, project: Project, config: Config, refer: Refer | None
) -> tuple[dict[str, Value], Rows, Rows]:
    """(what such fields are put in order by, the rows of ``q_ref``, those of ``q_each``)."""
    setting = Setting(config, project, refer=refer)
    ranked: dict[str, Value] = {}
    refs: list[tuple[Any, ...]] = []
    each: list[tuple[Any, ...]] = []
    for slot, (key, field) in enumerate(project.fields.items()):
        value = record.values.get(key)
        if value is None or not (key in project.references or key in project.lookups):
            continue
        ranked[key] = kind_of(field).ranked(field, value, setting)
        if key in project.references:
            target = project.references[key]
            refs += (
                (slot, n, *_ref(text, target, refer))
                for n, text in enumerate(texts_of(record, key))
            )
        else:
            each += ((slot, n, c) for n, c in enumerate(_each(field, value, setting)))
    return ranked, tuple(refs), tuple(each)


def _ref(text: str, project: str, refer: Refer | None) -> tuple[Any, ...]:
    meant = refer(text, project) if refer is not None else None
    known = plain(text), plain(bare_name(text)), needle(text), needle(bare_reference(text))
    if meant is None:
        return *known, None, None, None
    return *known, needle(meant.id or ""), needle(meant.title), needle(meant.path)


def _each(field: FieldDef, value: Value, setting: Setting) -> Iterator[str | None]:
    from bluefs.core.fields.lookup import decoded, is_each

    if not is_each(field):
        return
    zone = zone_named(setting.config.workspace.timezone)
    for one in decoded(field, value, setting):
        if not isinstance(one, str):
            yield cell(one, zone)


def refers(asked: questions.Referred, slot: int) -> Clause:
    """Whether the field of this number names such a record."""
    from bluefs.core.query.sql.answering import one_text

    wanted, is_like = asked.text, "*" in asked.text
    is_id, is_called = one_text(id_like(wanted)), one_text(title_like(asked))
    known = (Clause("(e.id_form <> '')") & is_id("e.id_form")) | is_called("e.title_form")
    if "/" in wanted and not asked.whole and not is_like:
        known |= one_text(questions.Part(wanted))("e.path_form")
    written = is_called("e.form") if is_like else clause("(e.form = {})", wanted)
    return clause(
        "EXISTS (SELECT 1 FROM q_ref e WHERE e.rec = r.rec AND e.slot = {}"
        " AND CASE WHEN e.title_form IS NULL THEN {} ELSE {} END)",
        slot, written | is_id("e.ref_form"), known,
    )  # fmt: skip


def of_each(asked: questions.Each, column: str, slot: int, zone: tzinfo) -> Clause:
    """Whether one of the values in a set does; ``column`` holds the set, NULL for none."""
    from bluefs.core.query.names import Subject
    from bluefs.core.query.sql.answering import Column, answer

    subject = Subject(asked.field.key, asked.field)
    one = answer(asked.asked, Column(subject, "m.cell"), zone)
    none = answer(asked.asked, Column(subject, "NULL"), zone)
    found = clause(
        "EXISTS (SELECT 1 FROM q_each m WHERE m.rec = r.rec AND m.slot = {} AND {})",
        slot,
        sure(one),
    )
    return found | (Clause(f"({column} IS NULL)") & sure(none))


def named(text: str, project: str) -> tuple[str, tuple[str | int, ...]]:
    """A SELECT, with its parameters, of at least the records of a project that a reference's
    text may name (``core.linking.names_of``)."""
    from bluefs.core.query.sql.answering import raw_of

    name = plain(bare_name(text))
    ends = [f"/{name}", f"/{name}.md"]
    sql = f"""\
SELECT rec, path FROM (
  SELECT r.rec AS rec, r.path AS path, '/' || bluefs_fold(r.path) AS fold,
    bluefs_fold({raw_of("r.title")}) AS title
  FROM q_record r WHERE r.project = ?)
WHERE title = ? OR substr(fold, ?) = ? OR substr(fold, ?) = ?"""
    return sql, (text_cell(project), name, *(p for end in ends for p in (-len(end), end)))
