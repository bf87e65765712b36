"""Which paths the worktree adapters accept, and how a refusal of the disk is named.

Owns the checks that the real adapter and its in-memory twin share. Reads and writes nothing.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bluefs.core.errors import Unwritable

#: The catalogue key of what the operating system said, below ``errors.unwritable`` unless it
#: has an area; anything else is ``other``.
REASONS = {
    errno.EACCES: "denied",
    errno.EPERM: "refusals.immutable",  # mode bits that forbid it give EACCES
    errno.EROFS: "disk",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "refusals.limit",
    errno.ENAMETOOLONG: "name",
    errno.EINVAL: "name",  # FAT and NTFS: a character they cannot hold
    errno.EILSEQ: "name",
    errno.ENOTDIR: "name",
    errno.EISDIR: "name",
    errno.ELOOP: "link",
    errno.ETXTBSY: "busy",
    errno.EBUSY: "busy",
}


def is_path(path: str) -> bool:
    """False for what is not a plain relative path: empty parts, ``.``, ``..``, a NUL, text that
    is not Unicode, or the way into ``.git``."""
    parts = path.split("/")
    bad = "\0" in path or any(part in ("", ".", "..") for part in parts)
    return not bad and is_text(path) and all(part.lower() != ".git" for part in parts)


def check_path(path: str) -> None:
    """Refuse to write where ``is_path`` is False. Raises Unwritable(errors.unwritable.name)."""
    if not is_path(path):
        shown = path.encode("utf-8", "replace").decode()
        raise Unwritable("errors.unwritable.name", path=shown, reason="not a path in here")


def is_text(name: str) -> bool:
    """False for a name whose bytes on disk are not UTF-8 (Python gives it surrogates)."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_hidden(entry: os.DirEntry[str]) -> bool:
    """Whether a scan leaves this entry out."""
    if entry.name[0] != "." and entry.name.isascii():
        return False
    return is_hidden_name(entry.name, entry.is_dir(follow_symlinks=False))


def is_hidden_name(name: str, folder: bool) -> bool:
    if name.startswith("."):
        return folder or name != ".gitkeep"
    return not is_text(name)


@contextmanager
def refusal(path: str) -> Iterator[None]:
    """Turns what the operating system refuses into Unwritable: ``path``, the ``folder`` it is
    in, ``reason``."""
    try:
        yield
    except OSError as error:
        key = REASONS.get(error.errno or 0, "other")
        reason = error.strerror or str(error)
        full = key if "." in key else f"errors.unwritable.{key}"
        raise Unwritable(full, path=path, folder=folder_of(path), reason=reason) from error


def folder_of(path: str) -> str:
    """The folder that a path names a file of; ``.`` for the top."""
    return path.rpartition("/")[0] or "."
