"""``bluefs copy``: records once more, here or in another project."""

from __future__ import annotations

import click

from bluefs.app import refs
from bluefs.app.commands import Scene, new_in
from bluefs.app.commands.copying import Copying, plan_copy, with_record
from bluefs.app.refs import Target
from bluefs.cli.base import App
from bluefs.cli.writing import (
    carried_out,
    chosen,
    concluded,
    planned_of,
    scene_of,
    show_steps,
    talk,
    writing_options,
)
from bluefs.core.errors import Refused
from bluefs.core.jsontext import render_array
from bluefs.core.matching import match_list
from bluefs.core.model import Project, Record
from bluefs.core.show import Viewer, spot
from bluefs.core.words import plural, say


@click.command()
@click.argument("words", nargs=-1, metavar="REF [LIST]")
@click.option("-l", "--list", "wanted", metavar="LIST")
@click.option("-p", "--project", "name", metavar="PROJECT")
@click.option("--title", metavar="TITLE")
@writing_options
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], wanted: str | None, name: str | None,
    title: str | None, where: str | None, dry_run: bool, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    if not words and where is None and not app.asks():
        raise Refused("writing.copy.words")
    names = list(words)
    if wanted is None and len(names) > (1 if where is None else 0):
        wanted = names.pop()
    project = refs.project_of(app.snapshot, name) if name is not None else None
    scene = scene_of(app)
    plans: list[Copying] = []
    records = chosen(app, names, where)
    if title is not None and len(records) > 1:
        raise Refused("writing.copy.title", count=len(records))
    for record in records:
        target = _target(scene, record, wanted, project)
        plans.append(_plan(app, scene, record, target, title))
        scene = with_record(scene, plans[-1].step.record)
    steps = [plan.step for plan in plans]
    files = [bring for plan in plans for bring in plan.files]
    wrote = carried_out(app, "copy", steps, dry_run=dry_run, yes=yes, first=files)
    if as_json:
        _show_json(app, plans)
    else:
        show_steps(app, steps, lambda step: _words(next(p for p in plans if p.step is step)))
    for plan in plans:
        tell_left("copy", plan.step.record, plan.left)
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def _plan(app: App, scene: Scene, record: Record, target: Target, title: str | None) -> Copying:
    files, ids = app.home.files, app.home.ids
    return planned_of(
        record.path, lambda: plan_copy(scene, record, target, files.digest, ids.new, title)
    )


def _target(scene: Scene, record: Record, wanted: str | None, project: Project | None) -> Target:
    """The list named; else the record's own, or in another project the list of that name, else
    the first. Raises Refused."""
    home = project or scene.project(record)
    if wanted is not None:
        return refs.list_of(scene.snapshot, wanted, home)
    if record.list is None:
        return new_in(scene, None, home, None)
    full = refs.all_lists(home, scene.snapshot)
    same = match_list(record.list, full)
    return Target(full, same[0]) if len(same) == 1 else new_in(scene, None, home, None)


def _words(plan: Copying) -> str:
    words = say("writing.copy.done", spot=spot(plan.step.record))
    if not plan.files:
        return words
    return f"{words} · {plural('writing.copy.files', len(plan.files))}"


def tell_left(command: str, record: Record, left: tuple[str, ...]) -> None:
    """What the other project has no place for."""
    if not left:
        return
    names = ", ".join(
        say("writing.left.tag", tag=one.removeprefix("tag:")) if one.startswith("tag:") else one
        for one in left
    )
    project = record.project or "."
    if command == "copy":
        talk(say("writing.copy.left", title=record.title, project=project, names=names))
    else:
        talk(say("writing.move.left", title=record.title, project=project, names=names))


def _show_json(app: App, plans: list[Copying]) -> None:
    viewer = Viewer(app.config, app.now)
    objects = [
        {
            **viewer.as_json(plan.step.record),
            "files": [one.path for one in plan.files],
            "left_out": list(plan.left),
        }
        for plan in plans
    ]
    app.screen.line(render_array(objects, ascii_only=not app.screen.unicode))
