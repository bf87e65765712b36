"""``bluefs attach``: files copied beside a record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from bluefs.app.commands.attach import Attaching, plan_attach
from bluefs.app.commands.kept import check_kept
from bluefs.cli.base import App
from bluefs.cli.sizes import size
from bluefs.cli.writing import chosen, planned_of, run_plan, scene_of, talk
from bluefs.core.errors import Refused
from bluefs.core.jsontext import render_array
from bluefs.core.words import say


@click.command()
@click.argument("words", nargs=-1, metavar="REF FILE...")
@click.option("-n", "--dry-run", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, words: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    if len(words) < 2:
        raise Refused("writing.attach.words")
    sources = [_source(app, name) for name in words[1:]]
    (record,) = chosen(app, words[:1], None)
    files, ids = app.home.files, app.home.ids
    plan = planned_of(
        record.path,
        lambda: plan_attach(scene_of(app), record, sources, files.digest, ids.new),
    )
    check_kept([bring.path for bring in plan.files], app.config, app.home.git)
    if not dry_run and plan.files:
        run_plan(app, [*plan.files, plan.step], "attach")
    _show(app, plan, as_json=as_json)
    if dry_run:
        talk(say("cli.dry_run"))


def _source(app: App, name: str) -> str:
    """The absolute path of a file named on the command line. Raises Refused."""
    path = Path(app.here) / name
    if path.is_dir():
        raise Refused("writing.attach.folder", path=name, name=path.name or "folder")
    if not path.exists():
        raise Refused("writing.attach.missing", path=name)
    if not path.is_file():
        raise Refused("writing.attach.special", path=name)
    return str(path.absolute())


def _show(app: App, plan: Attaching, *, as_json: bool) -> None:
    screen, record = app.screen, plan.step.record
    if as_json:
        objects: Sequence[dict[str, object]] = [
            {"record": record.id, "project": record.project, "path": one.path, "bytes": one.size}
            for one in (*plan.files, *plan.there)
        ]
        screen.line(render_array(objects, ascii_only=not screen.unicode))
        return
    for one in plan.files:
        screen.line(say("writing.attach.done", path=one.path, size=size(one.size)))
    for one in plan.there:
        screen.line(say("writing.attach.there", path=one.path, size=size(one.size)))
