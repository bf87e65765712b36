"""How many Problems of one settings file are told.

Owns what stays where there are too many. The reader stops by itself (`Reader.passes`); the names
in rules, and what the parser says, come on top.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bluefs.core.codec.text import PROBLEM_LIMIT
from bluefs.core.codes.format import MORE_PROBLEMS
from bluefs.core.problems import Problem
from bluefs.core.words import say


def limited(problems: Iterable[Problem], passed: Collection[str]) -> Iterator[Problem]:
    """At most `PROBLEM_LIMIT` of each file, the errors first to stay, and that there are more;
    ``passed`` are files of which some have not been told."""
    ranks = {"error": 0, "warning": 1}
    files: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda p: (ranks.get(p.level, 2), p.line, p.column)):
        files.setdefault(problem.path, []).append(problem)
    for path, found in files.items():
        yield from found[:PROBLEM_LIMIT]
        if len(found) > PROBLEM_LIMIT or path in passed:
            last = max(found[:PROBLEM_LIMIT], key=lambda p: (p.line, p.column))
            message, hint = say("problems.more"), say("problems.more.hint")
            place = last.line, last.column, last.end
            yield Problem(MORE_PROBLEMS, path, *place, message, hint)
