"""A record chosen on a terminal: a numbered list, narrowed down by typing.

Needs nothing but lines, so it works over ssh, in a screen reader and in Emacs. Refuses to ask
where nobody sits.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime

import click

from bluefs.app import refs
from bluefs.cli.agreeing import asked
from bluefs.cli.base import App
from bluefs.cli.screen import Screen, columns, cut
from bluefs.core.errors import Refused
from bluefs.core.matching import loose
from bluefs.core.model import Record
from bluefs.core.short import Short
from bluefs.core.show import spot
from bluefs.core.words import plural, say

#: Records offered at once: what fits a small terminal.
SHOWN = 9


def pick(app: App) -> str:
    """The path of the record that a person chooses. Raises Refused where nobody can be asked,
    Abort where they give up."""
    if not app.asks():
        raise Refused("cli.ref.missing")
    every = _ordered(app)
    if not every:
        raise Refused("looking.pick.empty")
    return _among(app, every)


def meant(app: App, text: str) -> Record:
    """The record that ``text`` names; of several, on a terminal, the one a person chooses.
    Raises Refused, Abort."""
    found = refs.candidates(app.snapshot, text, app.inside)
    if len(found) < 2 or not app.asks():
        return refs.find(app.snapshot, text, app.inside)
    paths = {record.path: record for record in found}
    return paths[_among(app, [r for r in _ordered(app) if r.path in paths])]


def _among(app: App, every: Sequence[Record]) -> str:
    screen = Screen.of(sys.stderr)
    found = every
    while True:
        _show(app, screen, found)
        text = asked(say("cli.ref.ask"))
        if not text:
            if found is every:
                raise click.Abort
            found = every
            continue
        if text.isdecimal() and 1 <= int(text) <= min(len(found), SHOWN):
            return found[int(text) - 1].path
        narrowed = _narrowed(app, every, text)
        if len(narrowed) == 1:
            return narrowed[0].path
        if not narrowed:
            screen.line(say("looking.pick.none", text=text))
        found = narrowed or found


def _ordered(app: App) -> list[Record]:
    """One's own open records first, then the next due, then the rest."""

    def rank(record: Record) -> tuple[bool, bool, float, str]:
        due = record.values.get("due")
        mine = app.me is not None and app.me in record.tuple_of("assignees")
        return record.done, not mine, _seconds(due), record.title.casefold()

    return sorted(refs.everything(app.snapshot), key=rank)


def _seconds(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value.toordinal() * 86_400 - 62_135_683_200) if isinstance(value, date) else 1e12


def _narrowed(app: App, every: Sequence[Record], text: str) -> list[Record]:
    """What the text may mean as a REF, else every record that has all its words somewhere in
    title, list, tags or people."""
    exact = refs.candidates(app.snapshot, text, app.inside)
    if exact:
        paths = {record.path for record in exact}
        return [record for record in every if record.path in paths]
    words = loose(text).split()
    return [record for record in every if all(word in _haystack(record) for word in words)]


def _haystack(record: Record) -> str:
    held = (*record.tuple_of("tags"), *record.tuple_of("assignees"))
    return loose(" ".join([record.title, record.project, record.list or "", record.name, *held]))


def _show(app: App, screen: Screen, records: Sequence[Record]) -> None:
    short = Short(r.name for r in refs.everything(app.snapshot))
    shown = records[:SHOWN]
    titles = [cut(" ".join(r.title.split()), 48) for r in shown]
    width = max(map(columns, titles))
    for n, (record, title) in enumerate(zip(shown, titles), 1):
        pad = " " * (width - columns(title))
        name = screen.paint(short.of(record.name), "dim")
        place = screen.paint(spot(record), "dim")
        screen.line(f"{n:>3}  {screen.paint(title, 'bold')}{pad}  {place}  {name}")
    more = len(records) - len(shown)
    if more:
        screen.line("     " + plural("looking.pick.more", more))
