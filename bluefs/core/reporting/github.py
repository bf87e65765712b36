"""``github``: annotations of GitHub Actions, and the summary of a job.

An annotation is a line ``::error file=…,line=…::message`` that a step prints (GitHub Docs,
*Workflow commands for GitHub Actions*). In a message ``%``, CR and LF are escaped, in a property
``:`` and ``,`` besides, as @actions/core does it. `summary` is Markdown for the file that
``GITHUB_STEP_SUMMARY`` names.
"""

from __future__ import annotations

from bluefs.core.problems import Severity
from bluefs.core.reporting.report import Finding, Report, shown
from bluefs.core.words import plural, say

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
#: Rows of a summary. GitHub shows a mebibyte of a step at most, and nobody reads more.
MOST_ROWS = 500
_LONGEST = 400


def render(report: Report) -> str:
    """An annotation for each Problem, then the summary's line for who reads the log."""
    return "\n".join([*map(_annotation, report.findings), _data(report.summary)])


def _annotation(finding: Finding) -> str:
    problem = finding.problem
    place: dict[str, object] = {
        "file": problem.path, "line": problem.line, "col": problem.column,
        "endLine": problem.line,
    }  # fmt: skip
    if problem.end > problem.column:
        place["endColumn"] = problem.end
    place["title"] = f"{problem.code.code} {problem.code.title}"
    said = ",".join(f"{key}={_property(str(value))}" for key, value in place.items())
    message = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    return f"::{_COMMANDS[problem.level]} {said}::{_data(message)}"


def _data(text: str) -> str:
    return shown(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(report: Report) -> str:
    """Markdown: a heading, the summary's line, and a table of the Problems."""
    lines = [f"### {say('reports.heading')}", "", _cell(report.summary), ""]
    if report.findings:
        names = [say(f"reports.{key}") for key in ("place", "code", "message")]
        lines += [f"| {' | '.join(names)} |", "|---|---|---|"]
        lines += map(_row, report.findings[:MOST_ROWS])
        rest = len(report.findings) - MOST_ROWS
        lines += ["", plural("reports.more", rest)] if rest > 0 else []
        lines.append("")
    return "\n".join(lines)


def _row(finding: Finding) -> str:
    problem = finding.problem
    place = _cell(f"{problem.path}:{problem.line}:{problem.column}")
    said = " — ".join(part for part in (problem.message, problem.hint) if part)
    return f"| {place} | {problem.code.code} | {_cell(said)} |"


#: What would be Markdown, HTML, a mention or the end of a cell.
_MARKUP = frozenset("\\`*_[]()<>#|~&@$:")


def _cell(text: str) -> str:
    """Text as it stands, in one line of a table, however much it looks like Markdown."""
    one = shown(text, "").replace("\t", " ")
    one = one if len(one) <= _LONGEST else one[: _LONGEST - 1] + "…"
    return "".join(f"&#{ord(c)};" if c in _MARKUP else c for c in one)
