"""The click group: global options, aliases, near misses; commands are imported when run."""

from __future__ import annotations

from importlib import import_module

import click

from bluefs.cli.base import App
from bluefs.cli.helping import in_capitals, short_help, translated
from bluefs.cli.main import ALIASES, COMMANDS
from bluefs.core.words import say


class LazyGroup(click.Group):
    """Knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        module = COMMANDS.get(name)
        if module is None:
            return None
        command: click.Command = import_module(f"bluefs.cli.{module}").command
        return translated(command, name, ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with one line, none imported."""
        with formatter.section(say("click.commands")):
            formatter.write_dl([(name, short_help(name)) for name in COMMANDS])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(_unknown(args[0]), ctx)
        return super().resolve_command(ctx, args)


def _unknown(word: str) -> str:
    from bluefs.core.matching import nearest
    from bluefs.core.synonyms import command_for

    instead = command_for(word)
    if instead is not None:
        return say("cli.unknown_command.instead", word=word, command=in_capitals(instead))
    near = nearest(word, [*COMMANDS, *ALIASES])
    if near is None:
        return say("cli.unknown_command", word=word)
    return say("cli.unknown_command.near", word=word, near=near)


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-C", "folder", metavar="DIR")
@click.version_option(None, "--version", package_name="bluefs", message="bluefs %(version)s")
@click.pass_context
def group(ctx: click.Context, folder: str | None) -> None:
    ctx.obj = App(folder)
    if ctx.invoked_subcommand is None:
        import_module("bluefs.cli.home").home(ctx.obj)
