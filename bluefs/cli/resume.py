"""``bluefs resume``: many deletions paused the engine; were they meant?"""

from __future__ import annotations

import click

from bluefs.app import brake
from bluefs.cli.base import App
from bluefs.cli.writing import talk
from bluefs.core.errors import Refused
from bluefs.core.words import plural, say

#: Seconds a running engine has to answer: it may be writing many files back.
_PATIENCE = 120.0


@click.command()
@click.option("--accept", is_flag=True)
@click.option("--restore", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, accept: bool, restore: bool, as_json: bool) -> None:
    if accept and restore:
        raise Refused("cli.resume.both")
    app.library.settings()  # refuses a newer format
    paths = brake.paused_paths(app.home.world(writer=False))
    if not (accept or restore):
        _show(app, paths, as_json)
        if paths:
            raise Refused("cli.resume.which", count=len(paths))
        return
    count = _act(app, "accept" if accept else "restore") if paths else 0
    if as_json:
        app.screen.line(f'{{"count":{count}}}')
    elif not paths:
        app.screen.line(say("cli.resume.nothing"))
    else:
        key = "accepted" if accept else "restored"
        app.screen.line(plural(f"cli.resume.{key}", count))
    if paths and app.home.lock.holder() is None:
        talk(say("cli.engine_off"))


def _show(app: App, paths: tuple[str, ...], as_json: bool) -> None:
    from bluefs.core.jsontext import render_json

    if as_json:
        found = {"paused": paths}
        app.screen.line(render_json(found, ascii_only=not app.screen.unicode))
    else:
        for path in paths:
            app.screen.exact(path)
        if not paths:
            app.screen.line(say("cli.resume.nothing"))


def _act(app: App, kind: str) -> int:
    """By ourselves where no engine runs, else by the one that does: it holds the state."""
    while True:
        held = app.home.lock.acquire()
        if held is not None:
            with held:
                world = app.home.world()
                return brake.accept(world) if kind == "accept" else len(brake.restore(world))
        answer = app.home.asks.ask(kind, _PATIENCE)
        if answer is not None:
            return _count(answer)


def _count(answer: dict[str, object]) -> int:
    if answer.get("ok"):
        return int(str(answer.get("count", 0)))
    fields = answer.get("fields")
    raise Refused(str(answer.get("key")), **(fields if isinstance(fields, dict) else {}))
