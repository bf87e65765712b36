"""Problems on the screen.

Owns ``path:line:col CODE message`` with the source line and its caret. Refuses to sort, count
or judge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from bluefs.app.checking import Sources, is_mendable
from bluefs.cli.screen import Screen, columns
from bluefs.core.codec.text import Decoded, Lines, decode
from bluefs.core.problems import Problem
from bluefs.core.words import say

_COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}
#: Columns of a source line shown at most; of a longer one, the part around the caret.
_WIDEST = 100
#: Lines that are written together.
_TOGETHER = 200


def show_problems(screen: Screen, problems: Iterable[Problem], sources: Sources) -> None:
    """Each Problem with its source line, the place at fault underlined, and its hint."""
    line_of = line_reader(sources)
    shown: list[str] = []
    for problem in problems:
        place = f"{problem.path}:{problem.line}:{problem.column}"
        code = screen.paint(problem.code.code, _COLOURS[problem.level])
        lines = [f"{_safe(place)} {code} {_safe(problem.message)}"]
        source = line_of(problem) if problem.end > problem.column else None
        if source is not None:
            lines += _excerpt(screen, problem, source)
        hint = _hint(problem)
        if hint:
            lines.append(screen.paint(f"    = {_safe(hint)}", "dim"))
        shown += lines
        if len(shown) > _TOGETHER:  # to write each alone costs more than to find it
            screen.line("\n".join(shown))
            shown.clear()
    if shown:
        screen.line("\n".join(shown))


def _hint(problem: Problem) -> str | None:
    """The hint, saying that ``--fix`` can where it can (some readers' hints say so)."""
    can = say("screens.check.can")
    if not is_mendable(problem) or (problem.hint and can in problem.hint):
        return problem.hint
    return f"{problem.hint} {can}" if problem.hint else say("screens.check.can_alone")


def line_reader(sources: Sources) -> Callable[[Problem], str | None]:
    """Gives the source line of a Problem, None where there is none; each file is decoded once."""
    known: dict[str, list[str]] = {}

    def read(problem: Problem) -> str | None:
        if problem.path not in known:
            data = sources.bytes_of(problem.path)
            decoded = decode(data) if data is not None else None
            known[problem.path] = Lines(decoded.text).all() if isinstance(decoded, Decoded) else []
        lines = known[problem.path]
        return lines[problem.line - 1] if 1 <= problem.line <= len(lines) else None

    return read


def _excerpt(screen: Screen, problem: Problem, source: str) -> tuple[str, str]:
    start, end = problem.column - 1, problem.end - 1
    source, start, end = _window(source, start, end)
    before, fault = _safe(source[:start]), _safe(source[start:end])
    gutter = f"  {problem.line} | "
    shown = screen.paint(gutter, "dim") + before + fault + _safe(source[end:])
    bar = " " * (len(gutter) - 2) + "| "
    carets = "^" * max(1, columns(fault))
    colour = _COLOURS[problem.level]
    return shown, screen.paint(bar, "dim") + " " * columns(before) + screen.paint(carets, colour)


def _window(source: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line around the fault, with the fault's place in it."""
    if columns(source) <= _WIDEST:
        return source, start, end
    first = max(0, start - _WIDEST // 2)
    last = first + _WIDEST
    head, tail = "…" if first else "", "…" if last < len(source) else ""
    shift = len(head) - first
    part = head + source[first:last] + tail
    return part, start + shift, min(end + shift, len(part) - len(tail))


def _safe(text: str) -> str:
    """Text that moves no cursor and fills one line: a tab is a space, what does not print is
    a question mark (a file may hold escape sequences)."""
    if text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def _visible(char: str) -> str:
    if char in "\t\n":
        return " "
    joins = unicodedata.category(char) in ("Zs", "Cf") and char not in "\u202a\u202b\u202d\u202e"
    return char if char.isprintable() or joins else "?"
