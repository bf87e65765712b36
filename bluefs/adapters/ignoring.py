"""Whether what Git ignores may have changed, without asking Git.

Owns a stamp over everything that decides besides the ``.gitignore`` files of the worktree: the
index (a tracked file is never ignored), the exclude files, and the settings that name them. They
are small, so their bytes count and not their times; of the index, its checksum. Where settings
include others or name an exclude file, Git is asked what they come to.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from bluefs.core.sums import blake2b

_LIMIT = 1 << 20
#: Bytes at the end of an index: its checksum, 20 or 32 bytes.
_CHECKSUM = 32


def stamp(git_dir: str, common_dir: str, ask: Callable[..., bytes]) -> str:
    """Hex; equal as long as nothing changed. ``ask`` gives what Git says to some arguments,
    nothing where it fails."""
    texts = [_read(file) for file in _settings(git_dir, common_dir)]
    digest = blake2b(digest_size=16)
    for text in (*texts, _index(git_dir), _read(f"{common_dir}/info/exclude")):
        _add(digest, text)
    if _is_plain(texts):
        _add(digest, _read(f"{_config_home()}/git/ignore"))
    else:
        _add(digest, ask("config", "--list", "-z"))
        asked = ("config", "--type=path", "--get", "-z", "core.excludesFile")
        named = os.fsdecode(ask(*asked)).removesuffix("\0")
        _add(digest, _read(named or f"{_config_home()}/git/ignore"))
    return digest.hexdigest()


def _add(digest: blake2b, text: bytes) -> None:
    digest.update(len(text).to_bytes(8, "little"))
    digest.update(text)


def _is_plain(texts: list[bytes]) -> bool:
    """Whether the settings, as they lie there, neither include others nor name a file."""
    if any(name.startswith("GIT_CONFIG") for name in os.environ):
        return False
    return not any(b"include" in t.lower() or b"excludesfile" in t.lower() for t in texts)


def _settings(git_dir: str, common_dir: str) -> list[str]:
    folders = os.get_exec_path()
    program = next((p for f in folders if os.access(p := f"{f}/git", os.X_OK)), "/usr/bin/git")
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(program)))  # noqa: PTH120
    home = os.path.expanduser("~")  # noqa: PTH111
    return [
        "/etc/gitconfig", f"{prefix}/etc/gitconfig", f"{home}/.gitconfig",
        f"{_config_home()}/git/config", f"{common_dir}/config", f"{git_dir}/config.worktree",
    ]  # fmt: skip


def _config_home() -> str:
    return os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111


def _index(git_dir: str) -> bytes:
    """Its checksum, size and times (the checksum may be switched off)."""
    try:
        with open(f"{git_dir}/index", "rb") as file:
            found = os.fstat(file.fileno())
            file.seek(-min(found.st_size, _CHECKSUM), os.SEEK_END)
            end = file.read()
    except OSError:
        return b""
    return end + repr((found.st_size, found.st_mtime_ns, found.st_ino)).encode()


def _read(file: str) -> bytes:
    """Its bytes; nothing where there is none, or one nobody would write by hand."""
    try:
        with open(file, "rb") as opened:
            return opened.read(_LIMIT)
    except OSError:
        return b""
