"""The copies of the JSON Schemas below ``.bluefs/``, which the settings name for editors.

Owns that they are those of this version: a newer bluefs knows more words. Where nothing can be
written, editors know less, and nothing else suffers.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from bluefs.core.errors import BluefsError
from bluefs.core.ports import Files

FOLDER = ".bluefs/"


def local_copies(schemas: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path -> bytes of what lies in the folder, by the schemas' file names. It ignores itself."""
    return {
        f"{FOLDER}.gitignore": b"*\n",
        **{f"{FOLDER}schema/{name}": data for name, data in schemas.items()},
    }


def keep_copies(files: Files, schemas: Mapping[str, bytes]) -> int:
    """Write those that are missing or another version's. Returns how many."""
    count = 0
    for path, data in local_copies(schemas).items():
        with suppress(BluefsError):
            old = files.read(path)
            if old != data:
                files.write(path, data, old)
                count += 1
    return count
