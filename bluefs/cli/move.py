"""``bluefs move``: records to another list."""

from __future__ import annotations

import shlex

import click

from bluefs.app.commands import Step, plan_move
from bluefs.app.commands.copying import attachments_along, foreign
from bluefs.app.refs import all_lists, candidates, list_of
from bluefs.cli.base import App
from bluefs.cli.copy import tell_left
from bluefs.cli.done import warn_blocked
from bluefs.cli.writing import (
    carried_out,
    chosen,
    concluded,
    planned,
    scene_of,
    show_json,
    show_steps,
    tell_missing,
    writing_options,
)
from bluefs.core.errors import Refused
from bluefs.core.matching import match_list
from bluefs.core.model import Record
from bluefs.core.show import spot
from bluefs.core.words import say


@click.command()
@click.argument("words", nargs=-1, metavar="REF... LIST")
@writing_options
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], where: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    *names, wanted = words or ("",)
    scene = scene_of(app)
    if not names and where is None:
        _check_list(app, wanted)
    if not words or (not names and where is None and not app.asks()):
        raise Refused("cli.move.words")

    def plan(record: Record) -> Step:
        return plan_move(scene, record, list_of(app.snapshot, wanted, scene.project(record)))

    records = chosen(app, names, where)
    steps = planned(records, plan)
    along = attachments_along(app.snapshot, steps)
    wrote = carried_out(app, "move", steps, dry_run=dry_run, yes=yes, then=along)
    if as_json:
        show_json(app, [step.record for step in steps])
    else:
        show_steps(app, steps, _words)
    for record, step in zip(records, steps):
        target = scene.project(step.record)
        tell_left("move", step.record, foreign(scene, record, target))
    tell_missing(app, steps)
    warn_blocked(app, [s for s in steps if s.was and s.now and s.now.done and not s.was.done])
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def _check_list(app: App, word: str) -> None:
    """``bluefs move coffee`` names a record and no list: asking which record would mislead.
    Raises Refused."""
    snapshot = app.snapshot
    projects = [all_lists(project, snapshot) for project in app.config.projects.values()]
    if "/" in word or any(match_list(word, project) for project in projects):
        return
    meant = candidates(snapshot, word, app.inside)
    if meant:
        project = all_lists(snapshot.project(meant[0]), snapshot)
        text = shlex.quote(word) if word.split() != [word] else word
        raise Refused("cli.move.where", text=text, names=", ".join(project.lists))


def _words(step: Step) -> str:
    was, now = step.was, step.now
    assert was is not None and now is not None
    if not step.changed:
        return say("cli.there", list=now.list)
    if was.project != now.project:
        return say("cli.moved", before=spot(was), after=spot(now))
    return say("cli.moved", before=was.list or "–", after=now.list)
