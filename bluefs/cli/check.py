"""``bluefs check``: its options."""

from __future__ import annotations

import click

from bluefs.cli.base import App
from bluefs.cli.checking import show_check
from bluefs.core.reporting import FORMATS


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(("text", *FORMATS)), default="text")
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
def command(
    app: App, paths: tuple[str, ...], form: str, as_array: bool, output: str | None,
    select: tuple[str, ...], ignore: tuple[str, ...], exit_zero: bool, since: str | None,
    staged: bool, at: str | None, fix: bool, dry_run: bool,
) -> int:  # fmt: skip
    return show_check(
        app,
        paths,
        form,
        as_array,
        output,
        select,
        ignore,
        exit_zero,
        since,
        staged,
        at,
        fix,
        dry_run,
    )
