"""``bluefs delete``: records' files go; their history stays in Git."""

from __future__ import annotations

import click

from bluefs.app.commands import Step, plan_delete, waiting_for
from bluefs.cli.base import App
from bluefs.cli.writing import (
    carried_out,
    chosen,
    concluded,
    planned,
    scene_of,
    show_json,
    show_steps,
    talk,
    writing_options,
)
from bluefs.core.show import spot
from bluefs.core.words import plural, say


@click.command()
@click.argument("names", nargs=-1, metavar="REF...")
@writing_options
@click.pass_obj
def command(
    app: App, names: tuple[str, ...], where: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    scene = scene_of(app)
    steps = planned(chosen(app, names, where), lambda record: plan_delete(scene, record))
    wrote = carried_out(app, "delete", steps, dry_run=dry_run, yes=yes)
    if as_json:
        show_json(app, [step.record for step in steps])
    else:
        show_steps(app, steps, lambda step: say("cli.deleted", list=spot(step.record)))
    _warn(app, steps)
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def _warn(app: App, steps: list[Step]) -> None:
    """Others that wait for a deleted record would wait for ever."""
    scene, gone = scene_of(app), {step.path for step in steps}
    for step in steps:
        waiting = [r for r in waiting_for(scene, step.record) if r.path not in gone]
        if waiting:
            titles = ", ".join(r.title for r in waiting)
            title = step.record.title
            talk(plural("cli.blocks", len(waiting), title=title, waiting=titles))
