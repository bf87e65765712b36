"""Commands of click's whose arguments are a query: some of its words begin with a dash.

Owns how they are told from options. Refuses an option that does not exist, which click would let
pass as a word.
"""

from __future__ import annotations

import re

import click

from bluefs.cli.asking import SHIELD
from bluefs.core.matching import nearest
from bluefs.core.patterns import pattern
from bluefs.core.words import say

#: ``-tag:Silent`` and ``-"free text"``: a query, never an option. A key has two letters at
#: least, so ``-p=sales`` stays an option.
_NEGATED = pattern(r"-(?:[^\W\d_]\w+(?:<=|>=|!=|[:=<>]).*|[^-].*\s.*)", re.DOTALL)
#: What can only be meant as an option: no query begins so.
_OPTION = pattern(r"(--[^\W\d_][\w-]*)(?:=.*)?", re.DOTALL)


class QueryCommand(click.Command):
    """A command whose arguments are a query's words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        self._check_options(ctx, args)
        shielded = [SHIELD + word if _NEGATED.fullmatch(word) else word for word in args]
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
