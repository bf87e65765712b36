"""Yes or no, asked on a terminal in the language spoken.

click's own question takes English letters only. A no says that nothing was changed: silence after
it leaves a person wondering.
"""

from __future__ import annotations

import sys

import click

from bluefs.cli.screen import Screen
from bluefs.core.words import say


def agreed(question: str, *, default: bool = False) -> bool:
    """Whether the answer is yes; Enter alone is ``default``. Raises Abort at ^C and ^D."""
    choice = say("cli.answer.default_yes" if default else "cli.answer.default_no")
    while True:
        typed = asked(f"{question} {choice}").casefold()
        if not typed:
            return default
        if typed in say("cli.answer.yes").split():
            return True
        if typed in say("cli.answer.no").split():
            return False


def agree(question: str) -> None:
    """Raises Abort unless the answer is yes."""
    if not agreed(question):
        Screen.of(sys.stderr).line(say("cli.answer.left"))
        raise click.Abort


def asked(question: str) -> str:
    """A line typed behind the question, "" for Enter alone."""
    suffix = say("cli.answer.suffix")
    typed = click.prompt(question, err=True, default="", show_default=False, prompt_suffix=suffix)
    return str(typed).strip()
