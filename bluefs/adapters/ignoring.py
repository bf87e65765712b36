"""Whether what Git ignores may have changed, and whether it ignores any of some paths at all,
without asking Git.

Owns a stamp over everything that decides besides the ``.gitignore`` files of the worktree: the
index (a tracked file is never ignored), the exclude files, and the settings that name them. They
are small, so their bytes count and not their times; of the index, its checksum. Where settings
include others or name an exclude file, Git is asked what they come to.

Matching is Git's: here a pattern is only held against the names that it cannot fit, by what it says
literally at the beginning and the end of its last part. Whatever may fit is left to Git.
"""

from __future__ import annotations

import os
import stat as modes
import sys
from collections.abc import Callable, Iterable, Sequence

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


def surely_none(top: str, git_dir: str, paths: Sequence[str]) -> bool:
    """Whether Git ignores none of these paths, none of which is odd. ``git_dir`` is that of the
    main worktree. False where only Git can tell."""
    texts = [_read(file) for file in _settings(git_dir, git_dir)]
    if sys.platform != "linux" or not _is_plain(texts):  # elsewhere the system's lie anywhere
        return False
    files = _rules(top, paths)
    if files is None or not _is_plain_index(git_dir):
        return False
    files += [f"{git_dir}/info/exclude", f"{_config_home()}/git/ignore"]
    names = os.fsencode(f"/{'/'.join(paths)}/").lower()
    return not any(_may_fit(text, names) for text in map(_read, files) if text)


def _rules(top: str, paths: Iterable[str]) -> list[str] | None:
    """The ``.gitignore`` files on the way to the paths; None where something is odd: a folder that
    is none (what lies behind a symbolic link counts as ignored), a file that is none."""
    folders = {"", *(path.rpartition("/")[0] for path in paths)}
    for folder in list(folders):
        while folder:
            folder = folder.rpartition("/")[0]
            folders.add(folder)
    found: list[str] = []
    try:
        for folder in folders:
            full = f"{top}/{folder}" if folder else top
            if not modes.S_ISDIR(os.lstat(full).st_mode):
                return None
            if os.path.lexists(rules := f"{full}/.gitignore"):
                if not modes.S_ISREG(os.lstat(rules).st_mode):
                    return None
                found.append(rules)
    except OSError:
        return None
    return found


#: Variables with which Git reads less than is looked at here: without the system's settings, or
#: with these files in the place of the system's and the user's.
_NO_SYSTEM = "GIT_CONFIG_NOSYSTEM"
_NAMED = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")

#: The mode of a submodule, as an index has it.
_SUBMODULE = (0o160000).to_bytes(4, "big")


def _is_plain_index(git_dir: str) -> bool:
    """Whether the index holds no submodule, whose files count as ignored, and no ``.gitignore``
    that counts without lying there (a sparse checkout, of which version 2 knows nothing)."""
    try:
        if any(name.startswith("sharedindex.") for name in os.listdir(git_dir)):  # noqa: PTH208
            return False
        with open(f"{git_dir}/index", "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return data.startswith(b"DIRC\0\0\0\2") and _SUBMODULE not in data


def _may_fit(rules: bytes, names: bytes) -> bool:
    """Whether a line of an exclude file may fit one of the names between slashes, which are in
    lower case: Git may have been told not to mind it."""
    if len(rules) == _LIMIT or not rules.isascii():
        return True
    for line in rules.lower().split(b"\n"):
        pattern = line.removesuffix(b"\r")
        if not pattern or pattern.startswith((b"#", b"!")):
            continue
        whole = pattern.rstrip(b"/")
        if pattern[-1:].isspace() or (b"[" in whole and b"/" in whole):  # may be part of a set
            return True
        last = whole.rpartition(b"/")[2]
        start, end = _literal(last)
        if start == last:
            if b"/%b/" % last in names:
                return True
        elif b"/" + start in names and end + b"/" in names:
            return True
    return False


def _literal(pattern: bytes) -> tuple[bytes, bytes]:
    """What a pattern says literally at its beginning and at its end; all of it twice where there
    is no wildcard in it."""
    special = [at for at, sign in enumerate(pattern) if sign in b"*?[]\\"]
    if not special:
        return pattern, pattern
    return pattern[: special[0]], pattern[special[-1] + 1 :]


def _add(digest: blake2b, text: bytes) -> None:
    digest.update(len(text).to_bytes(8, "little"))
    digest.update(text)


def _is_plain(texts: list[bytes]) -> bool:
    """Whether the settings, as they lie there, neither include others nor name a file."""
    for name, value in os.environ.items():
        if not name.startswith("GIT_CONFIG") or name == _NO_SYSTEM:
            continue
        if name not in _NAMED or not os.path.isabs(value):  # noqa: PTH117
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
        *filter(None, map(os.environ.get, _NAMED)),
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
