"""What ``bluefs check`` does: it tells what is wrong in the workspace's files, or mends it.

It knows nothing of click, so that a plain command line is answered without it (`straight`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.app.checking import (
    Sources,
    admitting,
    chosen,
    examine,
    examined,
    files_of,
    is_mendable,
    seen,
)
from bluefs.app.workspace import Library
from bluefs.cli.base import App
from bluefs.cli.moments import library_of, span_of
from bluefs.cli.reporting import Found, tell
from bluefs.core.checks.examine import in_order
from bluefs.core.choosing import wanting
from bluefs.core.errors import Refused
from bluefs.core.problems import Problem
from bluefs.core.words import plural, say


def show_check(
    app: App, paths: tuple[str, ...], form: str = "text", as_array: bool = False,
    output: str | None = None, select: tuple[str, ...] = (), ignore: tuple[str, ...] = (),
    exit_zero: bool = False, since: str | None = None, staged: bool = False, at: str | None = None,
    fix: bool = False, dry_run: bool = False,
) -> int:  # fmt: skip
    """Tell it. The exit code: 1 where something is to be mended. Raises Refused, Blocked."""
    wants = wanting(select, ignore)
    library = library_of(app, staged, at, writes=fix or dry_run)
    form = "json" if as_array else form
    spoken = form == "text" or output is not None
    change = span_of(app, library, since) if since is not None else None
    whole_look = fix or dry_run or change is not None
    sources, found = (
        examined(library, now=app.now) if whole_look else seen(library, lambda: app.now)
    )
    admits = admitting([_inside(app, path, sources, library) for path in paths])
    if fix or dry_run:
        from bluefs.cli.mend import mended

        after = mended(app, sources, admits, wants, spoken=spoken, dry_run=dry_run)
        if after is None:
            return _code(chosen(found.problems, admits, wants), exit_zero)
        if after is not sources:
            sources, found = after, examine(after)
    every = found.problems
    if change is not None:
        from bluefs.app.since import review

        every = in_order([*every, *review(library.git, change, found, sources)])
    problems = chosen(every, admits, wants)
    files = files_of(sources, problems, admits)
    tell(app, Found(problems, files, sources, summary(problems, len(files))), form, output)
    return _code(problems, exit_zero)


def _code(problems: Iterable[Problem], exit_zero: bool) -> int:
    """0 where there is nothing, or only what need not be mended."""
    return int(not exit_zero and any(problem.level != "info" for problem in problems))


def _inside(app: App, path: str, sources: Sources, library: Library) -> str:
    """A PATH as the workspace knows it. Raises Refused where nothing is there, and where Git
    ignores it: *no problems* would be no answer."""
    found = app.inside(path)
    if found is None:
        raise Refused("screens.check.outside", path=path)
    if found == "." or found in sources.folders or _read(found, sources):
        return found
    if library.git.ignored((found, f"{found}/x.md")):
        raise Refused("screens.check.ignored", path=found)
    if found not in sources.paths:
        raise Refused("screens.check.no_path", path=path)
    return found


def _read(path: str, sources: Sources) -> bool:
    return any(path in kept for kept in (sources.readings, sources.sound, sources.settings))


def summary(problems: Sequence[Problem], files: int) -> str:
    """The last line: how many in how many files, what can be mended. What need not be mended is no
    problem but a remark, and named apart."""
    wrong = [problem for problem in problems if problem.level != "info"]
    noted = len(problems) - len(wrong)
    remarks = plural("screens.check.remarks", noted) if noted else ""
    if wrong:
        bad = len({problem.path for problem in wrong})
        where = plural("screens.check.where", bad, files=plural("screens.check.files", files))
        text = plural("screens.check.found", len(wrong), where=where, remarks=remarks)
    else:
        text = plural("screens.check.clean", files, remarks=remarks)
    mendable = sum(map(is_mendable, problems))
    return f"{text} {say('screens.check.mendable', count=mendable)}" if mendable else text
