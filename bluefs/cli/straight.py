"""Command lines so plain that they are understood without click, whose import costs more than
what is asked for.

Owns which they are: a command of ``PLAIN``, words that do not begin with a dash, and options of
that command written apart from their values. Everything else, help and mistakes above all, is
click's. Law: what is understood here, click would understand in the same way.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

#: command -> (module below bluefs.cli, the function in it, the parameter that gets the words,
#: option -> the parameter that gets its value, flag -> its parameter).
PLAIN: dict[str, tuple[str, str, str, dict[str, str], dict[str, str]]] = {
    "list": (
        "listing", "show_list", "words",
        {"-p": "name", "--project": "name", "--view": "saved", "--group": "group"},
        {"--json": "as_json"},
    ),
    "check": (
        "checking", "show_check", "paths",
        {"--at": "at", "--since": "since", "--output": "output"},
        {"--json": "as_array", "--exit-zero": "exit_zero", "--staged": "staged"},
    ),
}  # fmt: skip
#: Those that survey the worktree whatever they do, and are done before garbage matters.
QUICK = frozenset({"list"})


def understood(command: str, args: Sequence[str]) -> dict[str, Any] | None:
    """What these arguments of a command of ``PLAIN`` give to its function; None where only
    click can tell."""
    _, _, words, valued, flags = PLAIN[command]
    found: dict[str, Any] = {}
    free: list[str] = []
    waiting = iter(args)
    for word in waiting:
        if word in flags:
            found[flags[word]] = True
        elif word in valued:
            value = next(waiting, "-")
            if value.startswith("-"):
                return None
            found[valued[word]] = value
        elif word.startswith("-"):
            return None
        else:
            free.append(word)
    return {**found, words: tuple(free)}


def is_plain(args: Sequence[str], aliases: dict[str, str]) -> bool:
    return _given(args, aliases) is not None


def _given(args: Sequence[str], aliases: dict[str, str]) -> dict[str, Any] | None:
    command = aliases.get(args[0], args[0]) if args else ""
    return understood(command, args[1:]) if command in PLAIN else None


def answer(
    args: Sequence[str], aliases: dict[str, str], *, ahead: bool = False
) -> Callable[[], int | None] | None:
    """What runs this command line and gives its exit code, or None. ``ahead``: this process has no
    threads, and the worktree may be looked at by another while it imports the command. That begins
    at once; should it fail, it fails again, in words, when the command is run."""
    given = _given(args, aliases)
    if given is None:
        return None
    command = aliases.get(args[0], args[0])
    from bluefs.cli.base import App

    app = App()
    if ahead and command in QUICK:
        with suppress(Exception):
            app.home.files.look_ahead()

    def run() -> int | None:
        module, name, *_ = PLAIN[command]
        code: int | None = getattr(import_module(f"bluefs.cli.{module}"), name)(app, **given)
        return code

    return run
