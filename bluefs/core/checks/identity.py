"""Checks of ids and of a file's text as a whole.

Owns doubles, missing and odd ids, files that have lost their text or cannot be opened. What
can be no id at all is the reader's business (BF133).
"""

from __future__ import annotations

from collections.abc import Iterator

from bluefs.core.checks.survey import Survey, problem
from bluefs.core.codec.record import where
from bluefs.core.codes import format as format_codes
from bluefs.core.codes import workspace as codes
from bluefs.core.patterns import pattern
from bluefs.core.problems import Problem
from bluefs.core.words import say

#: Ten lower-case letters and digits, the first a letter (`core.identity` has the exact form).
_FORM = pattern(r"[a-z][0-9a-z]{9}")


def holders(survey: Survey) -> dict[str, list[str]]:
    """id -> the paths whose files hold it, the one that keeps it first: one that Git has,
    else the smaller path."""
    found: dict[str, list[str]] = {}
    for record in survey.written():
        if record.id is not None:
            found.setdefault(record.id, []).append(record.path)
    for paths in found.values():
        paths.sort(key=lambda path: (path not in survey.settled, path))
    return found


def check_double_ids(survey: Survey) -> Iterator[Problem]:
    """Every file but the first that holds an id, at that file's id."""
    for id, (keeper, *others) in holders(survey).items():
        for path in others:
            place = where(survey.data[path], "id")
            yield problem(codes.DUPLICATE_ID, path, "double_id", place, id=id, other=keeper)


def check_missing_ids(survey: Survey) -> Iterator[Problem]:
    """Records that are in a list and hold no id."""
    for record in survey.filed():
        if record.id is None:
            yield problem(codes.MISSING_ID, record.path, "no_id")


def check_odd_ids(survey: Survey) -> Iterator[Problem]:
    """Ids that bluefs would not write. The four letters that it avoids (i, l, o, u) are let
    pass: an id made up by hand is as good."""
    for record in survey.written():
        if record.id is not None and _FORM.fullmatch(record.id) is None:
            place = where(survey.data[record.path], "id")
            yield problem(codes.ODD_ID, record.path, "odd_id", place, id=record.id)


def check_empty(survey: Survey) -> Iterator[Problem]:
    """Files whose text is gone though they had some: their last good state holds."""
    for path, reading in survey.readings.items():
        if reading.empty and path in survey.good:
            message, hint = say("problems.empty"), say("problems.empty.hint")
            yield Problem(format_codes.EMPTY, path, 1, 1, 1, message, hint)


def check_openable(survey: Survey) -> Iterator[Problem]:
    for path, detail in survey.unreadable.items():
        yield problem(codes.UNREADABLE, path, "unreadable", detail=detail)
