"""The help of commands and options, and click's own words, in the language that is spoken.

Owns where these texts lie in the catalogue: ``help.COMMAND`` (``help.COMMAND.short`` in the list
of commands), ``help.COMMAND.PARAMETER``, or ``help.any.PARAMETER`` where several commands share
an option; ``help.word.LIST`` for what stands in capitals in a usage line. Command modules hold
no texts, so none is imported to list them.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from weakref import WeakKeyDictionary

import click

from bluefs.core.patterns import pattern
from bluefs.core.words import has, plural_raw, raw, say

#: The modules of click that look ``_`` and ``ngettext`` up when they speak.
_SPEAKERS = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_CAPITALS = pattern(r"[A-Z]{2,}|(?<=[ =-])[KV](?==|$)|^K(?==)|(?<==)V$")


def translated(command: click.Command, name: str, parent: click.Context | None) -> click.Command:
    """The same command with its help, and that of its options and subcommands, in the language
    spoken now. ``name`` is its name with a dot before each subcommand (``outbox.list``)."""
    if has(f"help.{name}"):
        command.help = say(f"help.{name}")
        command.short_help = short_help(name)
    _in_capitals(command, *_USAGE)
    for param in command.params:
        _translate(param, name)
    inside = click.Context(command, parent=parent, **command.context_settings)
    option = command.get_help_option(inside)
    if option is not None:
        option.help = say("help.any.help")
    if isinstance(command, click.Group):
        for word, sub in command.commands.items():
            translated(sub, f"{name}.{word}", inside)
    return command


def short_help(name: str) -> str:
    """One line for a list of commands: the help's first sentence where none is written."""
    key = f"help.{name}.short"
    return say(key) if has(key) else say(f"help.{name}").partition(". ")[0].rstrip(".") + "."


def _translate(param: click.Parameter, name: str) -> None:
    if isinstance(param, click.Option):
        for key in (f"help.{name}.{param.name}", f"help.any.{param.name}"):
            if has(key):
                param.help = say(key)
                break
    _in_capitals(param, "metavar")


#: What a usage line has for the options and commands of a command.
_USAGE = ("options_metavar", "subcommand_metavar")
#: The texts of the usage line as the code has them, before any was translated.
_FIRST: WeakKeyDictionary[object, dict[str, str]] = WeakKeyDictionary()


def _in_capitals(about: object, *names: str) -> None:
    """``LIST`` in the language spoken, in these attributes: the words in capitals that the
    catalogue has."""
    first = _FIRST.setdefault(about, {})
    for name in names:
        text = first.setdefault(name, getattr(about, name, None) or "")
        if text:
            setattr(about, name, in_capitals(text))


def in_capitals(text: str) -> str:
    """The words in capitals (``bluefs show REF``) in the language spoken."""
    return _CAPITALS.sub(_capital, text)


def _capital(found: re.Match[str]) -> str:
    key = f"help.word.{found[0]}"
    return say(key) if has(key) else found[0]


@cache
def _keys() -> dict[str, str]:
    """click's English texts -> their keys."""
    from bluefs.core.words.en.click import MESSAGES

    return {text: key for key, text in MESSAGES.items()}


def _said(text: str) -> str:
    """What click says, in our language; its own English where we do not know the text."""
    key = _keys().get(text)
    return text if key is None else raw(key)


def _counted(one: str, other: str, count: int) -> str:
    key = _keys().get(one)
    if key is None:
        return one if count == 1 else other
    return plural_raw(key.removesuffix(".one"), count)


def teach_click() -> None:
    """click words its mistakes through gettext, whose catalogues are files of the system's: the
    two names by which it calls gettext are ours from now on, so that they follow the language
    that is spoken and not the process's locale."""
    for name in _SPEAKERS:
        module = import_module(f"click.{name}")
        for own, ours in (("_", _said), ("ngettext", _counted)):
            if hasattr(module, own):
                setattr(module, own, ours)
