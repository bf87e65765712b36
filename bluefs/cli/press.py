"""``bluefs press``: a button of one record or of several.

A button may send mail to a stranger, so it may ask first (``confirm: soft``) or want its name
typed (``confirm: typed``); where nobody can be asked, the name comes with ``--confirm``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from bluefs.app.commands import Scene, Step
from bluefs.app.commands.press import button_of, buttons, foreseen, plan_press
from bluefs.cli.agreeing import agree, asked
from bluefs.cli.base import App
from bluefs.cli.writing import (
    carried_out,
    chosen,
    concluded,
    one_line,
    planned,
    scene_of,
    show_json,
    show_steps,
    talk,
    writing_options,
)
from bluefs.core.errors import Refused
from bluefs.core.matching import loose
from bluefs.core.model import FieldDef, Record
from bluefs.core.words import plural, say


@click.command()
@click.argument("words", nargs=-1, metavar="REF... BUTTON")
@click.option("--confirm", metavar="NAME")
@writing_options
@click.pass_obj
def command(
    app: App, words: tuple[str, ...], confirm: str | None, where: str | None, dry_run: bool,
    yes: bool, as_json: bool,
) -> None:  # fmt: skip
    *names, wanted = words or ("",)
    if not wanted or (not names and where is None and not app.asks()):
        raise _without_a_button(app, words)
    # With its rules, which other commands do without.
    scene = Scene(app.snapshot, app.now, app.me, app.inside)
    records = chosen(app, names, where)
    meant = {r.path: button_of(wanted, scene.project(r)) for r in records}
    steps = planned(records, lambda record: plan_press(scene, record, meant[record.path]))
    pressed = _by_button([(meant[s.path], s.record) for s in steps if s.changed])
    if not dry_run:
        for button, found in pressed:
            _agree(app, button, found, confirm, yes)
    wrote = carried_out(app, "press", steps, dry_run=dry_run, yes=yes)
    if as_json:
        show_json(app, [step.record for step in steps])
    else:
        show_steps(app, steps, lambda step: _words(step, meant[step.path]))
    for button, found in pressed:
        _tell(app, scene, button, found)
    concluded(app, steps, wrote=wrote, dry_run=dry_run)


def _tell(app: App, scene: Scene, button: FieldDef, records: Sequence[Record]) -> None:
    """Which rules take the press."""
    every = [foreseen(scene, record, button) for record in records]
    rules = list(dict.fromkeys(name for one in every for name in one.rules))
    barred = list(dict.fromkeys(name for one in every for name in one.barred))
    if rules:
        at_work = app.home.lock.holder() is not None
        key = "cli.press.carried" if at_work else "cli.press.follows"
        talk(say(key, names=", ".join(rules)))
    elif barred:
        talk(say("cli.press.barred", name=button.name, names=", ".join(barred)))
    else:
        talk(say("cli.press.idle", name=button.name, key=button.key))


def _without_a_button(app: App, words: Sequence[str]) -> Refused:
    """Somebody who names a record only is told which buttons it has."""
    if words:
        record = chosen(app, words, None)[0]
        known = buttons(scene_of(app).project(record))
        if known:
            return Refused("cli.press.which", title=record.title, names=_named(known))
    return Refused("cli.press.words")


def _named(known: Iterable[FieldDef]) -> str:
    return " | ".join(field.key for field in known)


def _by_button(pressed: Iterable[tuple[FieldDef, Record]]) -> list[tuple[FieldDef, list[Record]]]:
    """Two projects may each have a button of one key."""
    found: dict[tuple[str, str], tuple[FieldDef, list[Record]]] = {}
    for button, record in pressed:
        found.setdefault((record.project, button.key), (button, []))[1].append(record)
    return list(found.values())


def _agree(
    app: App, button: FieldDef, records: Sequence[Record], confirm: str | None, yes: bool
) -> None:
    """Ask what the button wants asked, once for all its records. Raises Refused, Abort."""
    how = button.options.get("confirm")
    one = one_line(records[0].title)
    what = one if len(records) == 1 else plural("cli.press.records", len(records))
    if how == "typed":
        _typed(app, button, what, confirm)
    elif how == "soft" and not yes and not _is_name(confirm, button):
        if not app.asks():
            raise Refused("cli.press.soft", name=button.name, what=what)
        agree(say("cli.press.ask", name=button.name, what=what))


def _typed(app: App, button: FieldDef, what: str, confirm: str | None) -> None:
    if confirm is None and app.asks():
        question = say("cli.press.type", name=button.name, what=what)
        confirm = asked(question)
        if not confirm:
            raise click.Abort
    if confirm is None:
        raise Refused("cli.press.typed", name=button.name, what=what)
    if not _is_name(confirm, button):
        raise Refused("cli.press.other", text=confirm, name=button.name)


def _is_name(text: str | None, button: FieldDef) -> bool:
    return text is not None and loose(text) in (loose(button.name), loose(button.key))


def _words(step: Step, button: FieldDef) -> str:
    return say("cli.press" if step.changed else "cli.press.already", name=button.name)
