"""``bluefs done``: records are done."""

from __future__ import annotations

import click

from bluefs.app.commands import Step, blockers, plan_done
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
from bluefs.core.words import say


@click.command()
@click.argument("names", nargs=-1, metavar="REF...")
@writing_options
@click.pass_obj
def command(
    app: App, names: tuple[str, ...], where: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    complete(app, names, where, done=True, dry_run=dry_run, yes=yes, as_json=as_json)


def complete(
    app: App, names: tuple[str, ...], where: str | None, *,
    done: bool, dry_run: bool, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """done and reopen are one command with two endings."""
    scene = scene_of(app)
    steps = planned(chosen(app, names, where), lambda r: plan_done(scene, r, done))
    wrote = carried_out(app, "done" if done else "reopen", steps, dry_run=dry_run, yes=yes)
    word = "done" if done else "open"

    def words(step: Step) -> str:
        return say(f"cli.{word}" if step.changed else f"cli.{word}.already")

    if as_json:
        show_json(app, [step.record for step in steps])
    else:
        show_steps(app, steps, words)
    if done:
        warn_blocked(app, [step for step in steps if step.changed])
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def warn_blocked(app: App, steps: list[Step]) -> None:
    """A record that is done before what it waits for: it may be, but somebody should know."""
    scene = scene_of(app)
    finished = {step.path for step in steps}
    for step in steps:
        record = step.record
        open_ones = [r for r in blockers(scene, record) if r.path not in finished]
        if open_ones:
            short = app.snapshot.short([record, *open_ones])
            named = ", ".join(f"{short.of(r.name)} {r.title}" for r in open_ones)
            name = short.of(record.name)
            talk(say("cli.blocked", id=name, title=record.title, blockers=named))
