"""``bluefs completion``: the script that teaches a shell to complete our words."""

from __future__ import annotations

import click

from bluefs.cli.base import App
from bluefs.cli.completing import SHELLS


@click.command()
@click.argument("shell", type=click.Choice(sorted(SHELLS)))
@click.pass_obj
def command(app: App, shell: str) -> None:
    app.screen.out.write(SHELLS[shell])
