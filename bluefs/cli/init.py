"""``bluefs init``: a workspace."""

from __future__ import annotations

import os
import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bluefs.cli.base import App
from bluefs.cli.writing import talk
from bluefs.core.words import plural, say, spoken

if TYPE_CHECKING:
    from bluefs.app.start import Beginning, Made
    from bluefs.core.ports import Author

#: A workspace without records, and the projects of the packaged sample.
TEMPLATES = ("empty", "tasks", "sales", "support", "recruiting", "content")


class _Template(click.Choice[str]):
    """A template's name, in any case; of another one it says which is nearest."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from bluefs.core.errors import Refused
        from bluefs.core.matching import nearest

        name = value.strip().lower()
        if name in TEMPLATES:
            return name
        near = nearest(name, TEMPLATES)
        key = "init.template.none" if near is None else "init.template.none.near"
        raise Refused(key, text=value, near=near, names=", ".join(TEMPLATES))


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path())
@click.option("--template", type=_Template(TEMPLATES), default="empty", show_default=True)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, folder: str, template: str, as_json: bool) -> None:
    from bluefs import bootstrap
    from bluefs.app.start import make_workspace

    path = Path(app.here, folder)
    name = path.resolve().name or "Workspace"
    with bootstrap.repository(str(path)) as (files, git, fresh):
        person = git.identity()
        start = _beginning(template, name[:1].upper() + name[1:], person)
        message = say("cli.init.commit", name=name)
        made = make_workspace(start, files, git, message, datetime.now(UTC))
    if as_json:
        _show_json(app, path, start, made)
    else:
        _show(app, folder, start, made, fresh=fresh, nameless=person is None)


def _beginning(template: str, name: str, person: Author | None) -> Beginning:
    from bluefs import bootstrap
    from bluefs.app.start import BARE, EMPTY, SETTINGS, beginning, brought_to, settings_of

    zone = bootstrap.local_zone()
    if template == "empty":
        files = dict(EMPTY)
    else:
        files = brought_to(bootstrap.template([template]), _today(zone))
    base = files.pop(SETTINGS, BARE)
    settings = settings_of(base, name, zone, spoken(), person)
    return beginning(files, settings, bootstrap.schemas())


def _today(zone: str) -> date:
    """The day it is where this machine stands; ``BLUEFS_NOW`` sets it, as for every command."""
    from zoneinfo import ZoneInfo

    fixed = os.environ.get("BLUEFS_NOW")
    moment = datetime.fromisoformat(fixed) if fixed else datetime.now(UTC)
    return (moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment).date()


def _counts(start: Beginning) -> tuple[str, int, int, bool]:
    """The project, its lists and records, and whether a rule sends anything."""
    from bluefs.app.trust import needs_trust
    from bluefs.core.config import load_config
    from bluefs.core.layout import place

    config = load_config(start.content).config
    records = sum(place(path, config).kind == "record" for path in start.content)
    lists = sum(len(project.lists) for project in config.projects.values())
    return ", ".join(config.projects), lists, records, needs_trust(config)


def _show(
    app: App, folder: str, start: Beginning, made: Made, *, fresh: bool, nameless: bool
) -> None:
    project, lists, records, sends = _counts(start)
    app.screen.line(
        say(
            "cli.init.made" if fresh else "cli.init.added",
            name=Path(app.here, folder).resolve().name if folder == "." else folder,
            projects=say("cli.init.project", name=project),
            lists=plural("cli.init.lists", lists),
            records=plural("cli.init.records", records),
        )
    )
    for path in made.kept:
        talk(say("cli.init.kept", path=path))
    first = ("bluefs list", "list") if records else (say("cli.init.first"), "new")
    go = "" if folder == "." else f"cd {shlex.quote(folder)} && "
    steps = [(go + first[0], first[1]), ("bluefs watch", "watch")]
    steps += [("bluefs trust", "trust")] if sends else []
    width = max(28, *(len(words) + 2 for words, _ in steps))
    lead = say("cli.init.next")
    for words, key in steps:
        app.screen.line(f"{lead}{words.ljust(width)} {say(f'cli.init.{key}')}")
        lead = " " * len(lead)
    if nameless:
        talk(say("cli.init.nameless"))


def _show_json(app: App, path: Path, start: Beginning, made: Made) -> None:
    from bluefs.core.jsontext import render_json

    project, lists, records, _ = _counts(start)
    found = {
        "path": str(path.resolve()), "project": project, "lists": lists, "records": records,
        "commit": made.commit, "kept": list(made.kept),
    }  # fmt: skip
    app.screen.line(render_json(found, ascii_only=not app.screen.unicode))
