"""``json``: one object for each Problem, in an array with one member on each line.

Its schema is schema/output/problems.json. Lines and columns count characters from 1, ``end`` is
the column behind the last character at fault.
"""

from __future__ import annotations

from bluefs.core.jsontext import render_array
from bluefs.core.reporting.report import Finding, Report


def render(report: Report) -> str:
    return render_array(map(member, report.findings), ascii_only=report.ascii_only)


def member(finding: Finding) -> dict[str, object]:
    """One Problem as an object."""
    problem = finding.problem
    return {
        "code": problem.code.code, "severity": problem.level, "path": problem.path,
        "line": problem.line, "column": problem.column, "end": problem.end,
        "message": problem.message, "hint": problem.hint, "fixable": finding.fixable,
    }  # fmt: skip
