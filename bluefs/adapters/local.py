"""Files of bluefs's own that are no part of the workspace: the spool, requests, the probe.

Owns whole-file writes outside of the data (temporary file, fsync, rename) and the
self-ignoring ``.bluefs`` folder. Refuses to touch records: those belong to ``adapters.files``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bluefs.adapters.renames import rename_new

#: What makes ``.bluefs`` invisible to Git without a line in anybody's .gitignore.
IGNORE_ALL = "*\n"


def make_folder(folder: str) -> None:
    """Make it with its parents; a ``.bluefs`` on the way is made self-ignoring."""
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    for part in (path, *path.parents):
        if part.name == ".bluefs":
            _ignore(part)
            return


def _ignore(folder: Path) -> None:
    file = folder / ".gitignore"
    if not file.exists():
        file.write_text(IGNORE_ALL, encoding="utf-8")


def write_new(file: str, data: bytes) -> None:
    """Make a file that must not exist; it appears whole. Raises FileExistsError, OSError."""
    beside = _write_beside(file, data)
    try:
        rename_new(str(beside), file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(str(Path(file).parent))


def replace(file: str, data: bytes) -> None:
    """Make or replace a file; it is the old one or the new one, never half. Raises OSError."""
    beside = _write_beside(file, data)
    try:
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(str(Path(file).parent))


def _write_beside(file: str, data: bytes) -> Path:
    beside = Path(file).with_name(f".{secrets.token_hex(6)}.tmp")
    with beside.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return beside


def sync_folder(folder: str) -> None:
    """Make a rename or a new name in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
