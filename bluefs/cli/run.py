"""``bluefs run``: the engine once, for cron and CI: it finishes what is there and ends."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from bluefs.app.reports import Report
from bluefs.cli.base import App
from bluefs.cli.engine import Driver, holder
from bluefs.cli.live import Live, local, show
from bluefs.core.errors import Refused
from bluefs.core.words import fill, say

#: Seconds a running engine has to finish: the longest quiet period and a slow mail server.
_PATIENCE = 600.0


@click.command()
@click.pass_obj
def command(app: App) -> int:
    held = app.home.lock.acquire()
    if held is None:
        return _ask(app)
    with held:
        return _run(app)


def _ask(app: App) -> int:
    """Another process watches: it does the work, we wait."""
    who = holder(app.home)
    sys.stderr.write(fill("live.run.asking", who) + "\n")
    sys.stderr.flush()
    answer = app.home.asks.ask("finish", _PATIENCE)
    if answer is None:
        raise Refused("live.run.gone")
    app.screen.line(say("live.run.asked", pid=who["pid"], host=who["host"]))
    return 0 if answer.get("ok") else 1


def _run(app: App) -> int:
    world = app.home.world()
    config = app.library.settings().config
    live = Live(world, config)
    told = 0

    def tell(reports: Iterable[Report]) -> None:
        nonlocal told
        lines = list(live.lines(reports))
        told += len(lines)
        show(app.screen, lines, local(world, config))

    driver = Driver(app.home, world, tell)
    watch = driver.open()
    try:
        done = driver.finish(watch)
    finally:
        watch.stop()
    if not told:
        sys.stderr.write(say("live.run.nothing") + "\n")
    return 0 if done else 1
