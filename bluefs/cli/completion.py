"""``bluefs completion``: the script that teaches a shell to complete our words."""

from __future__ import annotations

import click

from bluefs.cli.base import App
from bluefs.cli.completing import SHELLS


@click.command(
    help="Print the completion script of a shell. In ~/.bashrc: "
    'eval "$(bluefs completion bash)"; in ~/.zshrc: eval "$(bluefs completion zsh)"; for fish: '
    "bluefs completion fish > ~/.config/fish/completions/bluefs.fish"
)
@click.argument("shell", type=click.Choice(sorted(SHELLS)))
@click.pass_obj
def command(app: App, shell: str) -> None:
    app.screen.out.write(SHELLS[shell])
