"""Where a report of ``check`` goes: to the screen, to a file, to the summary of a job.

Owns the writing. The formats are ``bluefs.core.reporting``, the screen's own is
``bluefs.cli.problems``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from bluefs.app.checking import Sources, is_mendable
from bluefs.cli.base import App
from bluefs.cli.problems import line_reader, show_problems
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.problems import Problem

if TYPE_CHECKING:
    from bluefs.core.reporting import Report


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be told: Problems in order, ``files`` that were examined, the last line."""

    problems: Sequence[Problem]
    files: Collection[str]
    sources: Sources
    summary: str


def tell(app: App, found: Found, form: str, output: str | None = None) -> None:
    """Print it. With ``output`` the format goes to that file, and the screen's to the screen.
    Raises Refused where the file cannot be written."""
    if form != "text":
        from bluefs.core.reporting import render

        text = render(form, _report(app, found))
        if output is None:
            app.screen.exact(text)
        else:
            _write(app, output, f"{text}\n", "wb")
        if form == "github":
            _summarise(app, found)
    if form == "text" or output is not None:
        show_problems(app.screen, found.problems, found.sources)
        app.screen.line(found.summary)


def _report(app: App, found: Found) -> Report:
    from datetime import UTC

    from bluefs import __version__
    from bluefs.core.reporting import Finding, Report

    line_of = line_reader(found.sources)
    findings = tuple(Finding(p, line_of(p), is_mendable(p)) for p in found.problems)
    moment = app.moment(UTC)
    bare = not app.screen.unicode
    return Report(findings, tuple(sorted(found.files)), found.summary, moment, __version__, bare)


def _summarise(app: App, found: Found) -> None:
    """Into the summary of the job, where GitHub says which file it is in."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        from bluefs.core.reporting.github import summary

        _write(app, file, f"{summary(_report(app, found))}\n", "ab")


def _write(app: App, name: str, text: str, mode: str) -> None:
    from pathlib import Path

    file = Path(app.here) / name
    try:
        with file.open(mode) as out:
            out.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused("screens.check.output", path=str(file), reason=reason) from error
