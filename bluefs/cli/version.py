"""``bluefs version``: the version, and what it runs on with ``--json``."""

from __future__ import annotations

import json
import platform

import click

from bluefs import __version__


@click.command()
@click.option("--json", "as_json", is_flag=True)
def command(as_json: bool) -> None:
    if as_json:
        found = {"bluefs": __version__, "format": 1, "python": platform.python_version()}
        click.echo(json.dumps(found))
    else:
        click.echo(f"bluefs {__version__}")
