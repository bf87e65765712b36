"""``bluefs tags``: the tags of a project, or of all, and where they are used."""

from __future__ import annotations

import click

from bluefs.app import refs
from bluefs.app.inventory import TagCount, tag_counts
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
    chosen = refs.project_of(app.snapshot, name) if name is not None else None
    projects = [chosen] if chosen is not None else list(app.config.projects.values())
    found = tag_counts(app.snapshot, projects)
    screen = app.screen
    if as_json:
        screen.line(render_array(map(_json, found), ascii_only=not screen.unicode))
    elif found:
        _table(app, found)
    else:
        talk(say("looking.tags.none"))


def _json(one: TagCount) -> dict[str, object]:
    return {
        "tag": one.name, "color": one.color, "declared": one.declared,
        "projects": list(one.projects), "records": one.records, "open": one.open,
    }  # fmt: skip


def _table(app: App, found: list[TagCount]) -> None:
    rows = [
        [
            Cell(one.name, one.color or "bold"),
            Cell(one.color or "", "dim"),
            Cell(str(one.open)),
            Cell(str(one.records)),
            Cell(", ".join(one.projects), "dim"),
            _note(one),
        ]
        for one in found
    ]
    header = [say(f"looking.tags.{k}") for k in ("tag", "color", "open", "records", "projects")]
    app.screen.table([*header, ""], rows, frozenset({2, 3}), 0)


def _note(one: TagCount) -> Cell:
    if one.forbidden:
        return Cell(say("looking.tags.forbidden"), "red")
    return Cell("" if one.declared else say("looking.tags.undeclared"), "yellow")
