"""``bluefs new``: a record."""

from __future__ import annotations

import click

from bluefs.app import refs
from bluefs.app.commands import Edit, Step, check_title, new_in, parse_edit, plan_new
from bluefs.cli.base import App
from bluefs.cli.writing import (
    carried_out,
    concluded,
    planned_new,
    scene_of,
    tell_missing,
    tell_tags,
)
from bluefs.core.errors import Refused
from bluefs.core.jsontext import render_json
from bluefs.core.show import spot
from bluefs.core.words import say


@click.command()
@click.argument("title", nargs=-1, required=True, metavar="TITLE...")
@click.option("-l", "--list", "wanted", metavar="LIST")  # fmt: skip
@click.option("-p", "--project", metavar="PROJECT")
@click.option("-d", "--due", metavar="DUE")
@click.option("-a", "--assign", multiple=True, metavar="WHO")
@click.option("-t", "--tag", multiple=True, metavar="TAG")
@click.option("--set", "sets", multiple=True, metavar="K=V")
@click.option("-n", "--dry-run", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(
    app: App, title: tuple[str, ...], wanted: str | None, project: str | None, due: str | None,
    assign: tuple[str, ...], tag: tuple[str, ...], sets: tuple[str, ...], dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    check_title(" ".join(title))
    edits = _edits(due, assign, tag, sets)
    scene = scene_of(app)
    home = refs.project_of(app.snapshot, project) if project is not None else None
    target = new_in(scene, wanted, home, app.inside("."))
    ids = app.home.ids
    step = planned_new(lambda: plan_new(scene, target, " ".join(title), edits, ids.new))
    wrote = carried_out(app, "new", [step], dry_run=dry_run, yes=True)
    _show(app, step, dry_run=dry_run, as_json=as_json)
    tell_missing(app, [step])
    tell_tags(app, [step])
    concluded(app, [step], wrote=wrote, dry_run=dry_run)


def _edits(
    due: str | None, assign: tuple[str, ...], tag: tuple[str, ...], sets: tuple[str, ...]
) -> list[Edit]:
    edits = [Edit("tags", "+=", text) for text in tag]
    edits += [Edit("due", "=", due)] if due is not None else []
    edits += [Edit("assignees", "+=", text) for text in assign]
    for text in sets:
        edit = parse_edit(text)
        if edit is None:
            raise Refused("cli.edit.form", text=text)
        edits.append(edit)
    return edits


def _show(app: App, step: Step, *, dry_run: bool, as_json: bool) -> None:
    screen = app.screen
    if as_json:
        screen.line(render_json(app.viewer.as_json(step.record), ascii_only=not screen.unicode))
        return
    if screen.width is None:
        screen.exact(step.path)
    else:
        screen.line(_line(app, step))
    if dry_run and step.after is not None:
        screen.line(step.after.decode().rstrip("\n"))


def _line(app: App, step: Step) -> str:
    """``n8q2  Call Bretagne Fret   sales/Open deals   due Fri 27 Nov · li · Urgent``."""
    record, screen = step.record, app.screen
    short = app.snapshot.short([record])
    due, _ = app.viewer.due(record)
    parts = [say("cli.due", date=due) if due else "", ", ".join(record.tuple_of("assignees"))]
    parts.append(", ".join(record.tuple_of("tags")))
    rest = " · ".join(part for part in parts if part)
    name, title = screen.paint(short.of(record.name), "dim"), screen.paint(record.title, "bold")
    return f"{name}  {title}   {spot(record)}   {rest}".rstrip()
