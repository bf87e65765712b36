"""The mending half of ``bluefs check``: shown as a diff, asked for, written."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator

import click

from bluefs.adapters.ids import SystemIds
from bluefs.app.checking import Admits, Sources, Wants
from bluefs.app.goods import Goods
from bluefs.app.mending import Mending, apply_mending, plan_mending
from bluefs.cli.base import App
from bluefs.cli.screen import Screen
from bluefs.core.codec.text import Decoded, decode, unify
from bluefs.core.words import plural, say


def mended(
    app: App, sources: Sources, admits: Admits, wants: Wants, *, spoken: bool, dry_run: bool
) -> Sources | None:
    """What was read as it is now, the very same where nothing was written. None where a dry run
    has said all there is to say."""
    mending = plan_mending(
        sources, SystemIds(), admits, wants, lambda: Goods(app.home.git, None).ages
    )
    _show_diff(app.screen, mending, spoken)
    if dry_run and mending and spoken:
        _talk(say("screens.check.unwritten"))
        return None
    return mending.after if not dry_run and _written(app, mending, spoken) else sources


def _talk(text: str) -> None:
    sys.stderr.write(text + "\n")


def _show_diff(screen: Screen, mending: Mending, spoken: bool) -> None:
    if spoken:
        for line in diff_lines(mending):
            screen.line(_coloured(screen, line))


def _written(app: App, mending: Mending, spoken: bool) -> bool:
    """Ask on a terminal, then write."""
    if not mending:
        return False
    if spoken and not _agreed(app):
        _talk(say("screens.check.unwritten"))
        return False
    count = apply_mending(app.home.files, app.home.log, mending, app.clock())
    _talk(plural("screens.check.mended", count))
    return True


def _agreed(app: App) -> bool:
    """Piped, the change is plain and applies at once."""
    return not app.asks() or click.confirm(say("screens.check.ask"), default=True, err=True)


def diff_lines(mending: Mending) -> Iterator[str]:
    """A unified diff of every file, and a line for each rename."""
    for path, (before, after) in mending.writes.items():
        old, new = _lines(before), _lines(after)
        yield from difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1, lineterm="")
    for move in mending.renames:
        yield say("screens.check.rename", old=move.old, new=move.new)
    for path in mending.made:
        yield say("screens.check.create", path=path)


def _lines(data: bytes) -> list[str]:
    decoded = decode(data)
    text = decoded.text if isinstance(decoded, Decoded) else data.decode("utf-8", "replace")
    return unify(text).removesuffix("\n").split("\n")


def _coloured(screen: Screen, line: str) -> str:
    style = {"+": "green", "-": "red", "@": "dim"}.get(line[:1])
    return screen.paint(line, "bold" if line.startswith(("+++", "---")) else style)
