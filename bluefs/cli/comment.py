"""``bluefs comment``: a comment on a record."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from bluefs.app.commands import Step
from bluefs.app.commands.comment import plan_comment
from bluefs.cli import editor
from bluefs.cli.base import App
from bluefs.cli.writing import (
    carried_out,
    chosen,
    concluded,
    planned,
    scene_of,
    show_json,
    show_steps,
    writing_options,
)
from bluefs.core.errors import Refused
from bluefs.core.model import Record
from bluefs.core.words import say

#: Everything from this line on is not part of the comment.
_SCISSORS = "<!-- ---"


@click.command()
@click.argument("words", nargs=-1, metavar="REF [TEXT]")
@writing_options
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], where: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    names, text = _split(words, where, app)
    author = _author(app)
    records = chosen(app, names, where)
    said = _said(text, records)
    scene = scene_of(app)
    steps = planned(records, lambda record: plan_comment(scene, record, author, said))
    wrote = carried_out(app, "comment", steps, dry_run=dry_run, yes=yes)
    if as_json:
        show_json(app, [step.record for step in steps])
    else:
        show_steps(app, steps, lambda step: _words(step, author))
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def _split(words: Sequence[str], where: str | None, app: App) -> tuple[list[str], list[str]]:
    """The REF (none with ``--where``, or to be asked for) and the text's words."""
    if where is not None:
        return [], list(words)
    if not words and not app.asks():
        raise Refused("writing.comment.words")
    return list(words[:1]), list(words[1:])


def _author(app: App) -> str:
    """The handle at work, else the name that Git knows. Raises Refused."""
    if app.me is not None:
        return app.me
    identity = app.home.git.identity()
    if identity is None or not identity.name.strip():
        raise Refused("writing.comment.nobody")
    return identity.name


def _said(text: Sequence[str], records: Sequence[Record]) -> str:
    if list(text) == ["-"]:
        return sys.stdin.read()
    if text:
        return " ".join(text)
    title = ", ".join(record.title for record in records[:3])
    hint = say("writing.comment.hint", title=title)
    with editor.draft("COMMENT.md", f"\n{_SCISSORS} {hint} -->\n".encode()) as file:
        found = editor.edit(file).decode("utf-8", "replace")
    return found.partition(f"\n{_SCISSORS}")[0] if f"\n{_SCISSORS}" in found else found


def _words(step: Step, author: str) -> str:
    return say("writing.comment.done", author=author)
