"""``junit``: test results in XML, for systems that show nothing else.

There is no one standard; this is the part that the schemas of Jenkins and of Ant's task have in
common. Each examined file is a test that passes, and each Problem one that fails: its *class* is
the path, its name the code and the place. What need not be mended (info) fails nothing and stands
in ``system-out``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from bluefs.core.problems import Problem
from bluefs.core.reporting.report import Report, shown


def render(report: Report) -> str:
    problems = [finding.problem for finding in report.findings]
    failing = [problem for problem in problems if problem.level != "info"]
    hurt = {problem.path for problem in failing}
    sound = [path for path in report.files if path not in hurt]
    total = f'tests="{len(sound) + len(failing)}" failures="{len(failing)}" errors="0" time="0"'
    at = report.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = f'name="bluefs check" package="bluefs" id="0" timestamp="{at}" hostname="localhost"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites>\n<testsuite {suite} {total}>",
        f'<properties><property name="version" value={_quoted(report.version)}/></properties>',
        *(f'<testcase classname={_quoted(path)} name="check" time="0"/>' for path in sound),
        *(line for problem in failing for line in _failed(problem)),
        f"<system-out>{_text(_notes(report))}</system-out>",
        "<system-err/>\n</testsuite>\n</testsuites>",
    ]
    text = "\n".join(lines)
    return text.encode("ascii", "xmlcharrefreplace").decode() if report.ascii_only else text


def _failed(problem: Problem) -> Iterator[str]:
    name = _quoted(f"{problem.code.code} {problem.line}:{problem.column}")
    yield f'<testcase classname={_quoted(problem.path)} name={name} time="0">'
    kind, message = f"{problem.code.code} {problem.level}", _quoted(problem.message)
    yield f'<failure type="{kind}" message={message}>{_text(_said(problem))}</failure>'
    yield "</testcase>"


def _said(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}:{problem.column}"
    lines = [f"{place} {problem.code.code} {problem.message}", problem.hint or ""]
    return "\n".join(line for line in lines if line)


def _notes(report: Report) -> str:
    infos = [f.problem for f in report.findings if f.problem.level == "info"]
    return "\n".join([*map(_said, infos), report.summary])


def _text(text: str) -> str:
    """Character data. XML 1.0 has no form for most control characters and for halves of
    characters, so these are shown; of ``]]>`` the last character is escaped."""
    return _marked(shown(text, "\n\r")).replace("\r", "&#13;")


def _quoted(text: str) -> str:
    """An attribute's value. A parser would make spaces of newlines and tabs."""
    whole = _marked(shown(text, "\n\r")).replace('"', "&quot;")
    for char in "\t\n\r":
        whole = whole.replace(char, f"&#{ord(char)};")
    return f'"{whole}"'


def _marked(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
