"""``bluefs set``: values of records."""

from __future__ import annotations

import shlex

import click

from bluefs.app.commands import Edit, Step, parse_edit, plan_set
from bluefs.cli.base import App
from bluefs.cli.writing import (
    carried_out,
    chosen,
    concluded,
    planned,
    scene_of,
    show_json,
    tell_missing,
    tell_tags,
    writing_options,
)
from bluefs.core.errors import Refused
from bluefs.core.matching import match_key
from bluefs.core.words import say


@click.command()
@click.argument("words", nargs=-1, metavar="REF... KEY=VALUE...")
@writing_options
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], where: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    names, edits = split_words(words)
    if not edits:
        _check_space(app, names)
        raise Refused("cli.edit.none")
    scene = scene_of(app)
    steps = planned(chosen(app, names, where), lambda record: plan_set(scene, record, edits))
    wrote = carried_out(app, "set", steps, dry_run=dry_run, yes=yes)
    if as_json:
        show_json(app, [step.record for step in steps])
    else:
        for step in steps:
            _show(app, step)
    tell_missing(app, steps)
    tell_tags(app, steps)
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def _check_space(app: App, names: list[str]) -> None:
    """``set login priority high``: raises Refused where the last word but one is a key."""
    if len(names) < 3:
        return
    *_, key, value = names
    for project in app.config.projects.values():
        found = match_key(key, project)
        if len(found) == 1:
            raise Refused("cli.edit.space", key=found[0], value=shlex.quote(value))


def split_words(words: tuple[str, ...]) -> tuple[list[str], list[Edit]]:
    """The REFs, and the assignments behind them: the first KEY=VALUE ends the REFs. Raises
    Refused."""
    first = next((n for n, word in enumerate(words) if parse_edit(word)), len(words))
    edits = []
    for word in words[first:]:
        edit = parse_edit(word)
        if edit is None:
            raise Refused("cli.edit.form", text=word)
        edits.append(edit)
    return list(words[:first]), edits


def _show(app: App, step: Step) -> None:
    """The file and its lines, as they were and as they are."""
    if not step.changed:
        return
    screen = app.screen
    path = step.path
    screen.line(path if step.to == path else say("cli.renamed", before=path, after=step.to))
    for sign, line in step.lines():
        screen.line("  " + screen.paint(f"{sign} {line}", "red" if sign == "-" else "green"))
