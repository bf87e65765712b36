"""``bluefs trust``: what the rules may do on this machine, and agreeing to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bluefs.app.trust import load_trust, needs_trust
from bluefs.cli.agreeing import agreed
from bluefs.cli.base import App
from bluefs.cli.screen import columns
from bluefs.cli.writing import talk
from bluefs.core.errors import Refused
from bluefs.core.words import plural, say, spoken

if TYPE_CHECKING:
    from bluefs.app.agreement import Permission, Rules
    from bluefs.core.ports import Commit, Letter


@click.command()
@click.option("-y", "--yes", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, yes: bool, as_json: bool) -> int:
    from bluefs.app import agreement

    config = app.library.settings().config
    rules = agreement.rules_of(app.library, load_trust(app.home.trust))
    permission = agreement.permission_of(config)
    sends, world = needs_trust(config), app.home.world(writer=False)
    letters = agreement.waiting(world)
    if not as_json:
        for line in _screen(app, permission, rules) if sends else [_no_rule(app)]:
            app.screen.line(line)
    if sends and not rules.agreed:
        if letters and rules.first and not yes and not as_json:
            talk(plural("cli.trust.drops", len(letters)))
        if not yes and not _asked(as_json):
            _show_json(app, permission, rules, letters, as_json)
            return 2
        drop = yes or rules.first or not _sends(letters)
        by = app.me or (identity.email if (identity := app.home.git.identity()) else None)
        agreement.agree(world, rules, by, app.now, drop=drop)
        rules = agreement.rules_of(app.library, load_trust(app.home.trust))
        _conclude(app, letters, drop)
    _show_json(app, permission, rules, letters, as_json)
    return 0


def _show_json(
    app: App, permission: Permission, rules: Rules, letters: tuple[Letter, ...], wanted: bool
) -> None:
    from bluefs.app.agreement import as_json
    from bluefs.core.jsontext import render_json

    if wanted:
        found = as_json(permission, rules, letters)
        app.screen.line(render_json(found, ascii_only=not app.screen.unicode))


def _asked(quiet: bool) -> bool:
    """Whether somebody said yes. Nobody can be asked: exit 2, naming the option."""
    if quiet or not App.asks():
        talk(say("cli.trust.piped"))
        talk(say("cli.trust.piped.remedy"))
        return False
    if agreed(say("cli.trust.ask")):
        return True
    talk(say("cli.trust.refused"))
    return False


def _sends(letters: Sequence[Letter]) -> bool:
    """What has waited is asked for by itself: it was planned under rules nobody had agreed
    to."""
    if not letters:
        return False
    talk(plural("cli.trust.waits", len(letters)))
    for letter in letters:
        talk(_letter(letter))
    return agreed(say("cli.trust.send"))


def _conclude(app: App, letters: Sequence[Letter], drop: bool) -> None:
    talk(say("cli.trust.agreed"))
    if letters and drop:
        talk(plural("cli.trust.dropped", len(letters)))
        for letter in letters:
            talk(_letter(letter))
    if app.home.lock.holder() is not None:
        wake(app)
    elif letters and not drop:
        talk(say("cli.trust.kept"))


def wake(app: App) -> None:
    """Make a running engine look at once; it would within a minute."""
    with suppress(Refused):
        app.home.asks.ask("wake", 0.0)


def _letter(letter: Letter) -> str:
    from bluefs.core.effects import decode_effect

    effect = decode_effect(letter.effect)
    to = ", ".join((*effect.to, *effect.cc, *effect.bcc))
    rule, title = letter.rule, letter.title
    return say("cli.trust.letter", subject=effect.subject, to=to, rule=rule, title=title)


def _no_rule(app: App) -> str:
    return say("cli.trust.none", name=_name(app))


def _name(app: App) -> str:
    return app.library.settings().config.workspace.name or app.home.root.rpartition("/")[2]


def _screen(app: App, permission: Permission, rules: Rules) -> Iterator[str]:
    yield say("cli.trust.may", name=_name(app))
    names = [
        r.identity if r.enabled else say("cli.trust.off", name=r.identity) for r in permission.rules
    ]
    labels = [say("cli.trust.mail"), say("cli.trust.rules")]
    width = max(6, *(columns(label) + 1 for label in labels))
    for label, text in zip(labels, (_mail(app, permission), ", ".join(names)), strict=True):
        yield f"  {app.screen.paint(label.ljust(width), 'dim')} {text}"
    if rules.agreed:
        yield say("cli.trust.already", at=_when(app, rules.trust.at))
        return
    told = [_changed(app, rules.changed)] if rules.changed is not None else []
    told += [say("cli.trust.unsaved")] if rules.unsaved else []
    yield " ".join([*told, say("cli.trust.before")])


def _mail(app: App, permission: Permission) -> str:
    workspace = app.library.settings().config.workspace
    parts = [say("cli.trust.each", fields=_listed(permission.fields))] if permission.fields else []
    parts += [say(f"cli.trust.{word}") for word in permission.words]
    for name in permission.people:
        members = workspace.groups.get(name)
        parts.append(f"{name} ({', '.join(members)})" if members else name)
    parts += permission.addresses
    return say("cli.trust.join").join([*parts, say("cli.trust.cap", count=permission.per_hour)])


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return say("cli.trust.and", first=", ".join(names[:-1]), last=names[-1])


def _changed(app: App, commit: Commit) -> str:
    person = app.library.settings().config.workspace.person_by_email(commit.author.email)
    author = person.handle if person is not None else commit.author.name
    at = _when(app, commit.at.isoformat())
    return say("cli.trust.changed", author=author, at=at, commit=commit.hex[:7])


def _when(app: App, at: str | None) -> str:
    from bluefs.core.when import show_when

    if at is None:
        return "?"
    return show_when(datetime.fromisoformat(at), app.now, spoken())
