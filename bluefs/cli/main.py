"""The entry point: sets the language, finds the command, words what went wrong, sets the exit
code.

0 clean, 1 problems, 2 usage (and every refusal: nothing was changed), 3 a bug of ours, 130
interrupted. Command modules are imported when they are run, click only for others than
``version``: a prompt may call that one a hundred times a day.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing's own costs a third of ``bluefs version``
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import click

    from bluefs.core.errors import BluefsError

#: name -> module below bluefs.cli, in the order of the help; the command object is ``command``
#: there.
COMMANDS = {
    "init": "init", "demo": "demo",  # to begin
    "list": "list", "show": "show", "board": "board", "lists": "lists", "tags": "tags",  # to look
    "files": "files", "path": "path",
    "new": "new", "set": "set", "move": "move", "done": "done", "reopen": "reopen",  # to work
    "comment": "comment", "attach": "attach", "edit": "edit", "copy": "copy", "press": "press",
    "delete": "delete", "undo": "undo", "rename": "rename",
    "watch": "watch", "run": "run", "status": "status", "trust": "trust",  # the engine
    "outbox": "outbox", "resume": "resume",
    "check": "check", "explain": "explain", "schema": "schema", "help": "help",  # to find out
    "completion": "completion", "version": "version",
}  # fmt: skip
ALIASES = {"add": "new", "mv": "move", "rm": "delete", "ls": "list", "cp": "copy"}
#: Objects made and not let go before the collector looks for circles among them.
_MANY = 20_000


def start() -> int:
    """The program: `main`, and for a plain command line no tidying up: taking apart every module
    at the end costs as much as Python's start. Modules make no garbage while they are imported, so
    the collector begins late; in the fifth of a second of the quickest it would find nothing."""
    import gc

    from bluefs.cli.straight import QUICK, is_plain

    args = sys.argv[1:]
    gc.set_threshold(_MANY)
    if not is_plain(args, ALIASES):
        return main(args)
    if ALIASES.get(args[0], args[0]) in QUICK:
        gc.disable()
    code = main(args, ahead=True)
    if sys.getprofile() is None and sys.gettrace() is None:
        _leave(code)
    return code


def _leave(code: int) -> None:
    """Be gone, unless something still has to be written that cannot be."""
    import os

    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # closed, full, or none at all
        return
    os._exit(code)


def main(argv: Sequence[str] | None = None, *, ahead: bool = False) -> int:
    """Run bluefs with these arguments (sys.argv's); ``ahead`` as `straight.answer` has it.
    Returns the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    if args in (["version"], ["--version"]):
        from bluefs import __version__

        sys.stdout.write(f"bluefs {__version__}\n")
        return 0
    if args[:1] == ["--complete"]:
        from bluefs.cli.completing import ask

        return ask(args[1:])
    from bluefs.cli.straight import answer

    run = answer(args, ALIASES, ahead=ahead)  # first: what it may begin goes on beside us

    from bluefs.cli.speaking import language_of
    from bluefs.core.words import speaking

    with speaking(language_of(args)):
        return _ended(args, run)


def _ended(args: list[str], run: Callable[[], int | None] | None) -> int:
    try:
        code = _by_click(args) if run is None else run()
        sys.stdout.flush()
        return code or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _close_quietly()
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: everything ends as words and a code
        return _failed(error)


def _by_click(args: list[str]) -> int:
    import click

    from bluefs.cli.group import group
    from bluefs.cli.helping import teach_click, translated

    teach_click()
    translated(group, "bluefs", None)
    try:
        code = group.main(args, prog_name="bluefs", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return 130
    except SystemExit:  # click's answer to a pipe whose reader has gone, whatever we pass it
        _close_quietly()
        return 0
    except click.UsageError as usage:
        sys.stderr.write(_usage(usage.format_message(), usage.ctx, args))
        return 2
    except click.ClickException as refused:
        sys.stderr.write(refused.format_message() + "\n")
        return 2
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _usage(message: str, ctx: click.Context | None, args: Sequence[str]) -> str:
    """What was typed wrongly in one line, and which help tells more."""
    from bluefs.core.words import say

    if ctx is None:  # click's parser does not say for which command it speaks
        named = (ALIASES.get(word, word) for word in args)
        words = ["bluefs", *(word for word in named if word in COMMANDS)]
    else:
        words = ctx.command_path.split()
    return f"{message}\n{say('cli.usage', command=' '.join(words[:2]))}\n"


def _failed(error: Exception) -> int:
    from bluefs.core.errors import BluefsError

    if isinstance(error, BluefsError):
        sys.stderr.write(worded(error))
        return 2
    import traceback

    from bluefs.core.words import say

    traceback.print_exc()
    sys.stderr.write(say("cli.bug", error=f"{type(error).__name__}: {error}") + "\n")
    return 3


def worded(error: BluefsError) -> str:
    """The error's line, and its remedy on a second one where there is one."""
    from bluefs.core.words import fill, has

    if not has(error.key):
        fields = ", ".join(f"{k}={v}" for k, v in error.fields.items())
        return f"{error.key}: {fields}\n"
    lines = [fill(error.key, error.fields)]
    if has(f"{error.key}.remedy"):
        lines.append(fill(f"{error.key}.remedy", error.fields))
    return "\n".join(lines) + "\n"


def _close_quietly() -> None:
    """The reader of our pipe has gone (``bluefs list | head``): say nothing at exit."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())


if __name__ == "__main__":
    sys.exit(start())
