"""``bluefs schema``: the JSON Schema of a project's records."""

from __future__ import annotations

import json

import click

from bluefs import bootstrap
from bluefs.app import refs
from bluefs.cli.base import App
from bluefs.core.errors import Refused
from bluefs.core.model import Project
from bluefs.core.record_schema import record_schema


@click.command()
@click.argument("name", required=False, metavar="[PROJECT]")
@click.pass_obj
def command(app: App, name: str | None) -> None:
    base = json.loads(bootstrap.schemas()["record.json"])
    found = record_schema(_project(app, name), base)
    app.screen.line(json.dumps(found, indent=2, ensure_ascii=not app.screen.unicode))


def _project(app: App, name: str | None) -> Project:
    """The one that is named, else that of the current folder, else the only one."""
    if name is not None:
        return refs.project_of(app.snapshot, name)
    projects = app.config.projects
    here = app.inside(".") or "."
    around = app.config.project_of(f"{here}/x.md")
    if around is not None:
        return around
    if len(projects) == 1:
        return next(iter(projects.values()))
    raise Refused("cli.schema.which", names=", ".join(projects) or "–")
