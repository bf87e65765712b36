"""The person's editor: which one, on what, and how it ended.

Owns a folder of its own outside of the workspace, so that a half-written file is never data and
an editor's droppings are never seen by the engine. Refuses to start one where nobody sits.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bluefs.core.errors import Refused

#: Tried where neither VISUAL nor EDITOR is set.
USUAL = ("sensible-editor", "nano", "vi")


def command() -> list[str]:
    """The editor's words. Raises Refused where there is none to be had."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named:
        return shlex.split(named)
    usual = next((name for name in USUAL if shutil.which(name)), None)
    if usual is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused("writing.editor.none")
    return [usual]


@contextmanager
def draft(name: str, data: bytes) -> Iterator[Path]:
    """A file of this name to be edited; it goes away afterwards unless the block moved it."""
    folder = Path(tempfile.mkdtemp(prefix="bluefs-"))
    try:
        file = folder / name
        file.write_bytes(data)
        yield file
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def edit(file: Path) -> bytes:
    """The file's bytes after the editor. Raises Refused where it cannot be started, ends with
    an error, or the file is gone."""
    words = command()
    shown = shlex.join(words)
    try:
        code = subprocess.run([*words, str(file)], check=False).returncode
    except OSError as error:
        raise Refused("writing.editor.missing", command=shown) from error
    if code:
        raise Refused("writing.editor.failed", code=code, command=shown)
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused("writing.editor.failed", code=error.strerror, command=shown) from error


def keep(file: Path) -> str:
    """Put a draft where it outlives us; returns the path."""
    folder = Path(tempfile.mkdtemp(prefix="bluefs-kept-"))
    return shutil.move(str(file), str(folder / file.name))
