"""``bluefs outbox``: the mail that rules want sent, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bluefs.cli.base import App
from bluefs.cli.screen import Cell
from bluefs.cli.trust import wake
from bluefs.cli.writing import talk
from bluefs.core.effects import decode_effect
from bluefs.core.errors import BluefsError, Refused
from bluefs.core.model import Outward
from bluefs.core.ports import Letter
from bluefs.core.words import plural, say, spoken

#: What needs no more looking at.
_OVER = ("sent", "dropped")
_STYLES = {"held": "yellow", "unknown": "red", "dead": "red", "sent": "green"}
_COLUMNS = ("state", "at", "subject", "to", "rule", "note")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, every=False, as_json=as_json)
    elif as_json:
        raise Refused("refusals.option.behind", option="--json", command=ctx.invoked_subcommand)


@command.command("list")
@click.option("--all", "every", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_command(app: App, every: bool, as_json: bool) -> None:
    _list(app, every=every, as_json=as_json)


@command.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def release(app: App, as_json: bool) -> None:
    app.library.settings()  # refuses a newer format
    box = app.home.outbox
    held = box.letters("held")
    for letter in held:
        box.set(letter.key, "pending")
    if as_json:
        _show_json(app, [one for letter in held if (one := box.get(letter.key)) is not None])
    elif held:
        app.screen.line(plural("cli.outbox.released", len(held)))
    else:
        app.screen.line(say("cli.outbox.none_held"))
    if held and app.home.lock.holder() is not None:
        wake(app)
        talk(say("cli.outbox.engine"))
    elif held:
        talk(say("cli.outbox.run"))


def _list(app: App, *, every: bool, as_json: bool) -> None:
    app.library.settings()  # refuses a newer format
    letters = [one for one in app.home.outbox.letters() if every or one.state not in _OVER]
    if as_json:
        _show_json(app, letters)
    elif letters:
        header = [say(f"cli.outbox.column.{name}") for name in _COLUMNS]
        app.screen.table(header, [_row(app, letter) for letter in letters], flexible=2)
    else:
        app.screen.line(say("cli.outbox.empty"))


def _effect(letter: Letter) -> Outward | None:
    try:
        return decode_effect(letter.effect)
    except BluefsError:
        return None


def _row(app: App, letter: Letter) -> list[Cell]:
    from bluefs.core.when import show_when

    effect = _effect(letter)
    at = datetime.fromtimestamp(letter.at, UTC).astimezone(app.now.tzinfo)
    subject = effect.subject if effect is not None else say("cli.outbox.unreadable")
    return [
        Cell(say(f"cli.outbox.state.{letter.state}"), _STYLES.get(letter.state)),
        Cell(show_when(at, app.now, spoken()), "dim"),
        Cell(subject, "bold"),
        Cell(", ".join(effect.to) if effect is not None else ""),
        Cell(letter.rule),
        Cell(letter.error or letter.place or ""),
    ]


def _show_json(app: App, letters: Sequence[Letter]) -> None:
    from bluefs.core.jsontext import render_array

    objects = map(_object, letters)
    app.screen.line(render_array(objects, ascii_only=not app.screen.unicode))


def _object(letter: Letter) -> dict[str, object]:
    effect = _effect(letter)
    return {
        "key": letter.key, "state": letter.state, "at": datetime.fromtimestamp(letter.at, UTC),
        "subject": effect.subject if effect else None, "to": effect.to if effect else (),
        "cc": effect.cc if effect else (), "bcc": effect.bcc if effect else (),
        "rule": letter.rule, "record": letter.record, "title": letter.title,
        "commit": letter.commit, "message_id": letter.message_id, "tries": letter.tries,
        "error": letter.error, "place": letter.place,
    }  # fmt: skip
