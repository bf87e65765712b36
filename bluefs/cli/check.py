"""``bluefs check``: what is wrong in the workspace's files, and its mending."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from bluefs.adapters.ids import SystemIds
from bluefs.app.checking import (
    Mending,
    Sources,
    admitting,
    apply_mending,
    chosen,
    examine,
    examined,
    files_of,
    is_mendable,
    plan_mending,
)
from bluefs.cli.base import App
from bluefs.cli.moments import library_of, span_of
from bluefs.cli.reporting import FORMATS, Found, tell
from bluefs.cli.screen import Screen
from bluefs.core.checks.examine import in_order
from bluefs.core.choosing import wanting
from bluefs.core.codec.text import Decoded, decode, unify
from bluefs.core.errors import Refused
from bluefs.core.problems import Problem
from bluefs.core.words import plural, say


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option("--json", "as_array", is_flag=True)
@click.option("--output", metavar="FILE")
@click.option("--select", multiple=True, metavar="CODES")
@click.option("--ignore", multiple=True, metavar="CODES")
@click.option("--exit-zero", is_flag=True)
@click.option("--since", metavar="REV")
@click.option("--staged", is_flag=True)
@click.option("--at", metavar="REV")
@click.option("--fix", is_flag=True)
@click.option("-n", "--dry-run", is_flag=True)
@click.pass_obj
def command(
    app: App, paths: tuple[str, ...], form: str, as_array: bool, output: str | None,
    select: tuple[str, ...], ignore: tuple[str, ...], exit_zero: bool, since: str | None,
    staged: bool, at: str | None, fix: bool, dry_run: bool,
) -> int:  # fmt: skip
    wants = wanting(select, ignore)
    library = library_of(app, staged, at, writes=fix or dry_run)
    form = "json" if as_array else form
    spoken = form == "text" or output is not None
    change = span_of(app, library, since) if since is not None else None
    sources, found = examined(library, now=app.now)
    admits = admitting([_inside(app, path, sources) for path in paths])
    if fix or dry_run:
        mending = plan_mending(sources, SystemIds(), admits, wants)
        _show_diff(app.screen, mending, spoken)
        if dry_run and mending and spoken:
            _talk(say("screens.check.unwritten"))
            return _code(chosen(found.problems, admits, wants), exit_zero)
        if not dry_run and _written(app, mending, spoken):
            sources, found = mending.after, examine(mending.after)
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


def _talk(text: str) -> None:
    sys.stderr.write(text + "\n")


def _inside(app: App, path: str, sources: Sources) -> str:
    """A PATH as the workspace knows it. Raises Refused where nothing is there."""
    found = app.inside(path)
    if found is None:
        raise Refused("screens.check.outside", path=path)
    there = found == "." or found in sources.paths or found in sources.folders
    if not there:
        raise Refused("screens.check.no_path", path=path)
    return found


def _show_diff(screen: Screen, mending: Mending, spoken: bool) -> None:
    if spoken:
        for line in diff_lines(mending):
            screen.line(_coloured(screen, line))


def _written(app: App, mending: Mending, spoken: bool) -> bool:
    """Ask on a terminal, then write."""
    if not mending:
        return False
    if spoken and not _agreed(app):
        _talk(say("screens.check.unwritten"))
        return False
    count = apply_mending(app.home.files, app.home.log, mending, app.clock())
    _talk(plural("screens.check.mended", count))
    return True


def _agreed(app: App) -> bool:
    """Piped, the change is plain and applies at once."""
    return not app.asks() or click.confirm(say("screens.check.ask"), default=True, err=True)


def diff_lines(mending: Mending) -> Iterator[str]:
    """A unified diff of every file, and a line for each rename."""
    for path, (before, after) in mending.writes.items():
        old, new = _lines(before), _lines(after)
        yield from difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1, lineterm="")
    for move in mending.renames:
        yield say("screens.check.rename", old=move.old, new=move.new)


def _lines(data: bytes) -> list[str]:
    decoded = decode(data)
    text = decoded.text if isinstance(decoded, Decoded) else data.decode("utf-8", "replace")
    return unify(text).removesuffix("\n").split("\n")


def _coloured(screen: Screen, line: str) -> str:
    style = {"+": "green", "-": "red", "@": "dim"}.get(line[:1])
    return screen.paint(line, "bold" if line.startswith(("+++", "---")) else style)


def summary(problems: Sequence[Problem], files: int) -> str:
    """The last line: how many in how many files, and what can be mended."""
    if not problems:
        return plural("screens.check.clean", files)
    bad = len({problem.path for problem in problems})
    text = plural("screens.check.found", len(problems), bad=bad, files=files)
    mendable = sum(map(is_mendable, problems))
    return f"{text} {say('screens.check.mendable', count=mendable)}" if mendable else text
