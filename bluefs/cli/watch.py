"""``bluefs watch``: the engine in the foreground, until ^C."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from bluefs.app.reports import Report
from bluefs.cli.base import App
from bluefs.cli.engine import Driver, hold
from bluefs.cli.live import Live, local, show
from bluefs.core.model import Config
from bluefs.core.words import plural, say

if TYPE_CHECKING:
    from bluefs.adapters.watch import FolderWatch


@click.command()
@click.pass_obj
def command(app: App) -> None:
    with hold(app.home):
        world = app.home.world()
        config = app.library.settings().config
        live = Live(world, config)

        def tell(reports: Iterable[Report]) -> None:
            show(app.screen, live.lines(reports), local(world, config))

        driver = Driver(app.home, world, tell)

        def greet(watch: FolderWatch) -> None:
            if watch.reason is not None:
                app.screen.line(say("live.polling", reason=watch.reason))
            app.screen.line(_greeting(app, config, len(_records(driver))))

        watch = driver.open(greet)
        try:
            driver.run(watch)
        finally:
            watch.stop()
        app.screen.line(say("live.stopped"))


def _records(driver: Driver) -> list[str]:
    rows = driver.world.state.all()
    return [path for path, row in rows.items() if path.endswith(".md") and row.record]


def _greeting(app: App, config: Config, records: int) -> str:
    rules = [r for some in config.rules.values() for r in some if r.enabled]
    branch = (app.home.git.branch() or "?").removeprefix("refs/heads/")
    return say(
        "live.watching", name=config.workspace.name or app.home.root.rpartition("/")[2],
        records=plural("live.records", records), rules=plural("live.rules", len(rules)),
        senders=sum(r.outward for r in rules),
        branch=say("live.on_branch", branch=branch),
    )  # fmt: skip
