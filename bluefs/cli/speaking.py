"""Which language a command speaks.

Owns the choice: ``BLUEFS_LANGUAGE``; else the workspace's ``language:``; else, where there is
no workspace, the person's locale. It is made before anything is read or imported for the
command, so it looks at bluefs.yaml by itself and never fails: a file that cannot be read leaves
the choice to the locale.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from bluefs.core.patterns import pattern
from bluefs.core.words import LANGUAGES, known

_LINE = pattern(rb"""^language:[ \t]*["']?([A-Za-z_-]+)["']?[ \t]*(?:#[^\n]*)?\r?$""", re.M)
#: POSIX: the first that is set decides.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(args: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """The language of this command line: one of ``LANGUAGES``."""
    env = os.environ if env is None else env
    forced = known(env.get("BLUEFS_LANGUAGE", ""))
    return forced or _of_workspace(_folder(args)) or of_locale(env)


def of_locale(env: Mapping[str, str] | None = None) -> str:
    """The language of the person's locale, English where we do not speak it."""
    env = os.environ if env is None else env
    code = next((env[name] for name in _LOCALE if env.get(name)), "")
    return known(code) or LANGUAGES[0]


def _folder(args: Sequence[str]) -> str:
    """The folder of ``-C DIR`` or ``-CDIR``, which stands before the command."""
    for at, word in enumerate(args):
        if word == "-C":
            return args[at + 1] if at + 1 < len(args) else "."
        if word.startswith("-C"):
            return word[2:]
        if not word.startswith("-"):
            break
    return "."


def _of_workspace(folder: str) -> str | None:
    """The language that the nearest bluefs.yaml above says; None where there is none."""
    try:
        # as text: pathlib costs as much to import as this whole module
        here = os.path.join(os.getcwd(), folder)  # noqa: PTH109, PTH118
        while not os.path.isfile(file := os.path.join(here, "bluefs.yaml")):  # noqa: PTH113, PTH118
            here, below = os.path.dirname(here), here  # noqa: PTH120
            if here == below:
                return None
        with open(file, "rb") as opened:
            data = opened.read()
    except (OSError, ValueError):
        return None
    return known(_said(data)) or LANGUAGES[0]


def _said(data: bytes) -> str:
    """A line of its own in all but the oddest file; else what the reader of settings finds."""
    line = _LINE.search(data)
    if line is not None or b"language" not in data:
        return line[1].decode() if line is not None else ""
    from bluefs.core.config import load_config

    return load_config({"bluefs.yaml": data}).config.workspace.language
