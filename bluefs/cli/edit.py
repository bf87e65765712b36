"""``bluefs edit``: a record in the person's editor, then what changed and what is wrong."""

from __future__ import annotations

from pathlib import Path

import click

from bluefs.app.checking import examined, is_mendable
from bluefs.app.commands import Scene, Step
from bluefs.app.commands.editing import merged, outcome
from bluefs.cli import editor
from bluefs.cli.base import App
from bluefs.cli.problems import show_problems
from bluefs.cli.writing import chosen, concluded, one_line, run_plan, scene_of, talk
from bluefs.core.errors import Changed, Refused
from bluefs.core.jsontext import render_json
from bluefs.core.model import Record
from bluefs.core.phrases import Speaker
from bluefs.core.problems import Problem
from bluefs.core.reporting import Finding
from bluefs.core.reporting.array import member
from bluefs.core.words import say


@click.command()
@click.argument("names", nargs=-1, metavar="REF")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, names: tuple[str, ...], as_json: bool) -> None:
    if len(names) > 1:
        raise Refused("writing.edit.one")
    (record,) = chosen(app, names, None)
    scene = scene_of(app)
    path = record.path
    data = app.snapshot.data.get(path)
    if data is None:
        raise Refused("cli.held", path=path)
    with editor.draft(path.rpartition("/")[2], data) as file:
        after = editor.edit(file)
        if after == data:
            talk(say("writing.edit.nothing"))
            return
        step = _saved(app, scene, Step(path, data, path, after, record, None), file)
    _tell(app, scene, step, record, as_json=as_json)


def _saved(app: App, scene: Scene, step: Step, file: Path) -> Step:
    """The step carried out. Where somebody else saved meanwhile, both changes if they go
    together. Raises Refused, the person's text kept elsewhere."""
    files = app.home.files
    try:
        run_plan(app, [step], "edit")
        return step
    except Changed:
        now = files.read(step.path)
        both = merged(scene, step, now) if now is not None else None
        if both is None:
            kept = editor.keep(file)
            key = "writing.edit.gone" if now is None else "writing.edit.meanwhile"
            raise Refused(key, path=step.path, kept=kept) from None
    run_plan(app, [both], "edit")
    talk(say("writing.edit.merged", path=step.path))
    return both


def _tell(app: App, scene: Scene, step: Step, record: Record, *, as_json: bool) -> None:
    found = outcome(scene, step, record)
    speaker = Speaker.of(found.record or record, app.config, app.now)
    words = [speaker.event(event) for event in found.events]
    held = found.record is None
    sources, examination = examined(app.library, now=app.now)
    problems = [p for p in examination.problems if p.path == step.path]
    if as_json:
        _show_json(app, step, words, problems, held=held)
        return
    screen = app.screen
    if words:
        title = screen.paint(one_line(record.title), "bold")
        screen.line(f"{title}: {', '.join(words)}")
    elif not held:
        for sign, line in step.lines():
            screen.line("  " + screen.paint(f"{sign} {line}", "red" if sign == "-" else "green"))
    show_problems(screen, problems, sources)
    if held:
        talk(say("writing.edit.held", path=step.path))
    concluded(app, [step], wrote=True, dry_run=False)


def _show_json(
    app: App, step: Step, words: list[str], problems: list[Problem], *, held: bool
) -> None:
    found = {
        "path": step.path, "held": held, "changes": words,
        "problems": [member(Finding(p, fixable=is_mendable(p))) for p in problems],
    }  # fmt: skip
    app.screen.line(render_json(found, ascii_only=not app.screen.unicode))
