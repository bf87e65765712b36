"""``bluefs list``: its options. What it shows is made in `listing`."""

from __future__ import annotations

import click

from bluefs.cli.base import App
from bluefs.cli.listing import show_list
from bluefs.cli.querying import SETTINGS, QueryCommand


@click.command(
    cls=QueryCommand, context_settings=SETTINGS,
)  # fmt: skip
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[QUERY]...")
@click.option("-p", "--project", "name", metavar="PROJECT")
@click.option("--view", "saved", metavar="NAME")
@click.option("--group", metavar="KEY")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], name: str | None, saved: str | None, group: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    show_list(app, words, name, saved, group, as_json)
