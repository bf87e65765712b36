"""``bluefs lists``: the lists of a project, or of all."""

from __future__ import annotations

import click

from bluefs.app import refs
from bluefs.app.inventory import ListCount, list_counts
from bluefs.cli.base import App
from bluefs.cli.screen import Cell
from bluefs.cli.writing import talk
from bluefs.core.jsontext import render_array
from bluefs.core.words import say


@click.command()
@click.option("-p", "--project", "name", metavar="PROJECT")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, name: str | None, as_json: bool) -> None:
    snapshot = app.snapshot
    chosen = refs.project_of(snapshot, name) if name is not None else None
    projects = [chosen] if chosen is not None else list(app.config.projects.values())
    found = list_counts(snapshot, projects)
    screen = app.screen
    if as_json:
        screen.line(render_array(map(_json, found), ascii_only=not screen.unicode))
    elif found:
        _table(app, found)
    else:
        talk(say("looking.lists.none"))


def _json(one: ListCount) -> dict[str, object]:
    kept = one.list
    return {
        "project": one.project.key, "list": kept.key, "name": kept.name, "color": kept.color,
        "done": kept.done, "locked": kept.locked, "declared": kept.declared,
        "records": one.records, "open": one.open,
    }  # fmt: skip


def _table(app: App, found: list[ListCount]) -> None:
    rows = [
        [
            Cell(one.project.key or one.project.name, "dim"),
            Cell(one.list.name, one.list.color or "bold"),
            Cell(str(one.open)),
            Cell(str(one.records)),
            Cell(_note(one), "dim"),
        ]
        for one in found
    ]
    header = [say(f"looking.lists.{key}") for key in ("project", "list", "open", "records")]
    app.screen.table([*header, ""], rows, frozenset({2, 3}))


def _note(one: ListCount) -> str:
    kept = one.list
    words = [
        say(f"looking.lists.{word}")
        for word, holds in (
            ("done", kept.done), ("locked", kept.locked), ("undeclared", not kept.declared)
        )
        if holds
    ]  # fmt: skip
    if kept.name != kept.key:
        words.insert(0, say("looking.lists.folder", folder=kept.key))
    return " · ".join(words)
