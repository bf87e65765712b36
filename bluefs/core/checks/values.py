"""Checks of values that need more than their own field: required ones, dates against each
other, positions.

Owns nothing that a field's kind can say by itself (BF2xx).
"""

from __future__ import annotations

from collections.abc import Iterator

from bluefs.core.checks.survey import Survey, problem
from bluefs.core.codec.record import where
from bluefs.core.codes import workspace as codes
from bluefs.core.fields import kind_of
from bluefs.core.model import FieldDef, Record
from bluefs.core.position import is_position
from bluefs.core.problems import Problem


def check_required(survey: Survey) -> Iterator[Problem]:
    """Fields that must be set here and are not. One whose value cannot be read has a Problem
    of its own."""
    for record in survey.filed():
        for field in survey.project(record).fields.values():
            if not _is_wanted(field, record) or field.key in record.bad:
                continue
            if record.values.get(field.key) is None:
                place = where(survey.data[record.path], field.key)
                key = "required" if field.required else "required_in"
                yield problem(
                    codes.REQUIRED, record.path, key, place,
                    key=field.key, list=record.list, name=field.name or field.key,
                )  # fmt: skip


def _is_wanted(field: FieldDef, record: Record) -> bool:
    wanted = field.required or record.list in field.required_in
    return wanted and kind_of(field).settable


def check_dates(survey: Survey) -> Iterator[Problem]:
    """`start` after `due`; a day that is due lasts to its end."""
    from datetime import date

    from bluefs.core.when import first_instant, last_instant, render_when

    zone = survey.config.workspace.zone
    for record in survey.filed():
        start, due = record.values.get("start"), record.values.get("due")
        if not isinstance(start, date) or not isinstance(due, date):
            continue
        if first_instant(start, zone) > last_instant(due, zone):
            place = where(survey.data[record.path], "start")
            yield problem(
                codes.START_AFTER_DUE, record.path, "start", place,
                start=render_when(start, zone), due=render_when(due, zone),
            )  # fmt: skip


def check_positions(survey: Survey) -> Iterator[Problem]:
    """Positions that end in a `0` of their own. Equal ones are legal."""
    for record in survey.filed():
        position = record.values.get("position")
        if isinstance(position, str) and not is_position(position):
            place = where(survey.data[record.path], "position")
            yield problem(codes.POSITION, record.path, "position", place, text=position)
