"""``gitlab``: a Code Quality report.

GitLab reads an array of issues of Code Climate's form (GitLab Docs, *Code Quality report
format*): description, check_name, fingerprint, severity and location are required, fingerprints
must differ and should last.
"""

from __future__ import annotations

from bluefs.core.jsontext import render_array
from bluefs.core.problems import Severity
from bluefs.core.reporting.report import Finding, Report, fingerprints, shown

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    marks = fingerprints(report)
    issues = map(_issue, report.findings, marks)
    return render_array(issues, ascii_only=report.ascii_only)


def _issue(finding: Finding, mark: str) -> dict[str, object]:
    problem = finding.problem
    said = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    return {
        "type": "issue",
        "description": shown(said, ""),  # a description is one line
        "check_name": problem.code.code,
        "content": {"body": problem.code.doc},
        "categories": ["Bug Risk"],
        "fingerprint": mark,
        "severity": _SEVERITIES[problem.level],
        "location": {
            "path": problem.path,
            "lines": {"begin": problem.line, "end": problem.line},
        },
    }
