"""``bluefs path``: where a record's file is, for editors and scripts."""

from __future__ import annotations

from pathlib import Path

import click

from bluefs.cli.base import App
from bluefs.cli.writing import chosen
from bluefs.core.jsontext import render_array


@click.command()
@click.argument("names", nargs=-1, metavar="REF...")
@click.option("--where", metavar="QUERY")
@click.option("-a", "--absolute", is_flag=True)
@click.option("-0", "--null", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(
    app: App, names: tuple[str, ...], where: str | None, absolute: bool, null: bool, as_json: bool
) -> None:
    records = chosen(app, names, where)
    screen, root = app.screen, Path(app.home.root)
    paths = [str(root / r.path) if absolute else r.path for r in records]
    if as_json:
        objects = [
            {"id": record.id, "title": record.title, "path": path}
            for record, path in zip(records, paths)
        ]
        screen.line(render_array(objects, ascii_only=not screen.unicode))
        return
    for path in paths:
        screen.out.write(path + ("\0" if null else "\n"))
    screen.out.flush()
