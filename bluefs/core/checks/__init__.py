"""The checks of a whole workspace: what no file can know by itself.

Owns the list of them. Each ``check_*`` is a function from a `Survey` to Problems at exact
places; a new one is written beside its like and named here. Problems of settings and of single
files come from their readers and are not repeated. Refuses to mend: a Problem may carry a Fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bluefs.core.checks.fields import check_files, check_numbered, check_numbers
from bluefs.core.checks.identity import (
    check_double_ids,
    check_empty,
    check_missing_ids,
    check_odd_ids,
    check_openable,
)
from bluefs.core.checks.linked import check_linked
from bluefs.core.checks.places import (
    check_attachments,
    check_depth,
    check_kept,
    check_links,
    check_lists,
    check_name_forms,
    check_names,
    check_unfiled,
)
from bluefs.core.checks.references import check_circles, check_references
from bluefs.core.checks.survey import Survey
from bluefs.core.checks.values import check_dates, check_positions, check_required
from bluefs.core.problems import Problem

__all__ = ["CHECKS", "Survey", "check_workspace"]

Check = Callable[[Survey], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    check_openable, check_empty, check_double_ids, check_missing_ids, check_odd_ids,
    check_names, check_name_forms, check_lists, check_unfiled, check_depth,
    check_links, check_kept, check_attachments, check_references, check_circles, check_required, check_dates,
    check_positions, check_files, check_numbers, check_numbered, check_linked,
)  # fmt: skip


def check_workspace(survey: Survey) -> list[Problem]:
    """What every check finds, in no order of places."""
    return [problem for check in CHECKS for problem in check(survey)]
