"""``bluefs reopen``: records are open again."""

from __future__ import annotations

import click

from bluefs.cli.base import App
from bluefs.cli.done import complete
from bluefs.cli.writing import writing_options


@click.command()  # fmt: skip
@click.argument("names", nargs=-1, metavar="REF...")
@writing_options
@click.pass_obj
def command(
    app: App, names: tuple[str, ...], where: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    complete(app, names, where, done=False, dry_run=dry_run, yes=yes, as_json=as_json)
