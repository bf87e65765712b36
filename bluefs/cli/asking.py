"""Queries typed on a command line.

Owns how a shell's words become a query although some begin with a dash, and how an error in
one is shown: the query with a caret below the place. Refuses a query that names what does not
exist: exit 2, nothing is read for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import click

from bluefs.cli.screen import columns
from bluefs.core.errors import Refused
from bluefs.core.matching import nearest
from bluefs.core.model import Config, Project
from bluefs.core.query import Query, QueryError, join_words, parse_query
from bluefs.core.words import say

#: ``-tag:Silent`` and ``-"free text"``: a query, never an option. A key has two letters at
#: least, so ``-p=sales`` stays an option.
_NEGATED = re.compile(r"-(?:[^\W\d_]\w+(?:<=|>=|!=|[:=<>]).*|[^-].*\s.*)", re.DOTALL)
#: What can only be meant as an option: no query begins so.
_OPTION = re.compile(r"(--[^\W\d_][\w-]*)(?:=.*)?", re.DOTALL)
#: Hides such a word from click, which would take ``-priority:high`` for ``-p riority:high``.
_SHIELD = "\x1f"


class QueryCommand(click.Command):
    """A command whose arguments are a query's words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        self._check_options(ctx, args)
        shielded = [_SHIELD + word if _NEGATED.fullmatch(word) else word for word in args]
        return super().parse_args(ctx, shielded)

    def _check_options(self, ctx: click.Context, args: list[str]) -> None:
        """Raises UsageError for ``--jsn``, which click would let pass as a word."""
        known = [o for p in self.get_params(ctx) for o in p.opts if o.startswith("--")]
        options = args[: args.index("--")] if "--" in args else args
        for found in filter(None, map(_OPTION.fullmatch, options)):
            option = found[1]
            if option in known:
                continue
            near = nearest(option, known)
            if near is None:
                raise click.UsageError(say("refusals.option", option=option), ctx)
            raise click.UsageError(say("refusals.option.near", option=option, near=near), ctx)


#: For ``click.command(context_settings=…)``: a dash before a bare word (``-urgent``) is ours.
SETTINGS = {"ignore_unknown_options": True}


def read_query(words: Sequence[str], config: Config, projects: Iterable[Project]) -> Query:
    """The query these words make, for these projects. Raises Refused."""
    text = join_words([word.removeprefix(_SHIELD) for word in words])
    try:
        query = parse_query(text)
    except QueryError as error:
        raise _refused([_shown(text, error.column, error.message, error.hint)]) from error
    faults = query.check(config, list(projects))
    if faults:
        raise _refused([_shown(text, f.column, f.message, f.hint, f.end) for f in faults])
    return query


def _refused(parts: list[str]) -> Refused:
    return Refused("screens.query", faults="\n".join(parts))


def _shown(text: str, column: int, message: str, hint: str | None, end: int = 0) -> str:
    """The message with its column, the query, a caret, the hint."""
    before, fault = text[: column - 1], text[column - 1 : max(end, column + 1) - 1]
    line = text.replace("\n", " ").replace("\t", " ")
    carets = " " * columns(before) + "^" * max(1, columns(fault))
    rows = [say("query.error", message=message, column=column), f"  {line}", f"  {carets}"]
    return "\n".join([*rows, hint] if hint else rows)
