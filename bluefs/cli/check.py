"""``bluefs check``: its command line."""

from __future__ import annotations

from typing import Any

import click

from bluefs.cli.base import App
from bluefs.cli.examining import check
from bluefs.cli.reporting import FORMATS


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option("--json", "as_array", is_flag=True)
@click.option("--output", metavar="FILE")
@click.option("--select", multiple=True, metavar="CODES")
@click.option("--ignore", multiple=True, metavar="CODES")
@click.option("--exit-zero", is_flag=True)
@click.option("--since", metavar="REV")
@click.option("--staged", is_flag=True)
@click.option("--at", metavar="REV")
@click.option("--fix", is_flag=True)
@click.option("-n", "--dry-run", is_flag=True)
@click.pass_obj
def command(app: App, /, paths: tuple[str, ...], form: str, **asked: Any) -> int:
    return check(app, paths, form, **asked)
