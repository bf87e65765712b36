"""``bluefs undo``: what the last command changed, back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from bluefs.app.commands import Step
from bluefs.app.commands.bulky import Drop, MoveFolder
from bluefs.app.commands.undo import Undoing, plan_undo
from bluefs.cli.base import App
from bluefs.cli.writing import run_plan, talk
from bluefs.core.jsontext import render_json
from bluefs.core.when import show_when
from bluefs.core.words import plural, say

#: Lines shown of what was changed back: the first files of a rename, not all of them.
_SHOWN = 24


@click.command()
@click.option("-n", "--dry-run", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, dry_run: bool, as_json: bool) -> None:
    files = app.home.files
    plan = plan_undo(app.home.journal.since(0)[0], files, app.library.settings().config)
    if not dry_run:
        run_plan(app, plan.steps, plan.name)
    if as_json:
        _show_json(app, plan)
    else:
        _show(app, plan, dry_run=dry_run)
    if dry_run:
        talk(say("cli.dry_run"))
    else:
        talk(say("writing.undo.stays"))


def _when(app: App, plan: Undoing) -> str:
    moment = datetime.fromtimestamp(int(plan.at), UTC).astimezone(app.now.tzinfo)
    return show_when(moment, app.now, app.config.workspace.language)


def _show(app: App, plan: Undoing, *, dry_run: bool) -> None:
    key = "writing.undo.would" if dry_run else "writing.undo.what"
    app.screen.line(say(key, command=f"bluefs {plan.command}", when=_when(app, plan)))
    lines = list(_lines(plan))
    for sign, line in lines[:_SHOWN]:
        style = {"-": "red", "+": "green"}.get(sign)
        app.screen.line("  " + app.screen.paint(f"{sign} {line}" if style else line, style))
    more = sum(not sign for sign, _ in lines[_SHOWN:])
    if more:
        app.screen.line("  " + plural("writing.undo.more", more))


def _lines(plan: Undoing) -> Iterator[tuple[str, str]]:
    """("", what became of a file) and its lines."""
    for step in plan.steps:
        if isinstance(step, Drop):
            yield "", say("writing.undo.gone_again", path=step.path)
        elif isinstance(step, MoveFolder):
            yield "", say("writing.undo.moved", before=step.path, after=step.to)
        elif isinstance(step, Step) and step.before is None:
            yield "", say("writing.undo.back", path=step.to)
        elif isinstance(step, Step):
            if step.to != step.path:
                yield "", say("writing.undo.moved", before=step.path, after=step.to)
            else:
                yield "", say("writing.undo.again", path=step.path)
            yield from step.lines()


def _show_json(app: App, plan: Undoing) -> None:
    moment = datetime.fromtimestamp(int(plan.at), UTC).astimezone(app.now.tzinfo)
    files = [{"path": step.touched().path, "to": step.touched().to} for step in plan.steps]
    found = {"command": plan.command, "at": moment.isoformat(timespec="seconds"), "files": files}
    app.screen.line(render_json(found, ascii_only=not app.screen.unicode))
