"""``ignore:`` of bluefs.yaml: gitignore lines, for what Git keeps but bluefs leaves alone.

Follows gitignore(5): ``*`` and ``?`` stay within a name, ``**`` spans folders, a slash at the
beginning or in the middle ties a pattern to the workspace's top, one at the end means folders
only, ``!`` takes back, the last line that matches decides, and nothing below an ignored folder
can be taken back. This module refuses to look at a disk: a path's parents are folders, its
last part is a file.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bluefs.core.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    regex: re.Pattern[str]
    negated: bool
    folders_only: bool


def is_ignored(path: str, lines: tuple[str, ...]) -> bool:
    """Whether these lines leave out the file at ``path``."""
    if not lines:
        return False
    patterns = _patterns(lines)
    parts = path.split("/")
    return any(
        _decides("/".join(parts[:n]), patterns, folder=n < len(parts))
        for n in range(1, len(parts) + 1)
    )


def _decides(path: str, patterns: tuple[Pattern, ...], *, folder: bool) -> bool:
    for pattern in reversed(patterns):
        if (folder or not pattern.folders_only) and pattern.regex.fullmatch(path):
            return not pattern.negated
    return False


@lru_cache(maxsize=64)
def _patterns(lines: tuple[str, ...]) -> tuple[Pattern, ...]:
    return tuple(p for line in lines if (p := _pattern(line)) is not None)


def _pattern(line: str) -> Pattern | None:
    text = re.sub(r"(?<!\\) +$", "", line.rstrip("\r\n"))
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!")
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    tied = "/" in text
    regex = _regex(text.removeprefix("/"))
    if not text or regex is None:
        return None
    return Pattern(re.compile(regex if tied else f"(?:.*/)?{regex}", re.S), negated, folders_only)


def _regex(glob: str) -> str | None:
    """The pattern as a regular expression, None where Git would match nothing (an unclosed
    bracket)."""
    out, n = "", 0
    while n < len(glob):
        if glob.startswith("**/", n) and (n == 0 or glob[n - 1] == "/"):
            out, n = out + "(?:.*/)?", n + 3
        elif glob.startswith("/**", n) and n + 3 == len(glob):
            out, n = out + "/.+", n + 3
        elif glob[n] == "*":
            out, n = out + "[^/]*", n + 1
        elif glob[n] == "?":
            out, n = out + "[^/]", n + 1
        elif glob[n] == "[":
            found = re.compile(r"\[([!^]?)(\]?[^\]]*)\]").match(glob, n)
            if found is None:
                return None
            members = found[2].replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
            out, n = f"{out}(?!/)[{'^' if found[1] else ''}{members}]", found.end()
        else:
            n += glob[n] == "\\" and n + 1 < len(glob)
            out, n = out + re.escape(glob[n]), n + 1
    return _checked(out)


def _checked(regex: str) -> str | None:
    """A bracket such as ``[z-a]`` is no expression: it matches nothing."""
    try:
        re.compile(regex)
    except re.error:
        return None
    return regex
