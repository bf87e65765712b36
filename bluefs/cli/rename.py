"""``bluefs rename``: a list, tag, field or person, wherever it is named."""

from __future__ import annotations

from collections.abc import Sequence

import click

from bluefs.app import refs
from bluefs.app.commands import Scene, Step
from bluefs.app.commands.kept import check_kept
from bluefs.app.commands.rename import Renaming, plan_rename
from bluefs.app.commands.renamed import find_renamed
from bluefs.cli.agreeing import agree
from bluefs.cli.base import App
from bluefs.cli.writing import MANY, run_plan, talk
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Refused
from bluefs.core.jsontext import render_json
from bluefs.core.matching import loose
from bluefs.core.renaming import Kind
from bluefs.core.words import fill, plural, say

KINDS: tuple[Kind, ...] = ("list", "tag", "field", "person")
#: Records whose lines are shown; the rest is counted.
_SHOWN = 5


@click.command()
@click.argument("kind", metavar="list|tag|field|person")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("-p", "--project", "name", metavar="PROJECT")
@click.option("-n", "--dry-run", is_flag=True)
@click.option("-y", "--yes", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(
    app: App, kind: str, old: str, new: str, name: str | None, dry_run: bool, yes: bool,
    as_json: bool,
) -> None:  # fmt: skip
    # With rules and mail texts, which the other commands need not read.
    scene = Scene(app.snapshot, app.now, app.me, app.inside)
    project = refs.project_of(app.snapshot, name) if name is not None else None
    found = find_renamed(scene, _kind(kind), old, new, project)
    try:
        plan = plan_rename(scene, found, app.home.files.read)
    except Refused as error:
        raise _worded(error) from error
    if plan.folder is not None:
        check_kept([f"{plan.folder.to}/.gitkeep"], app.config, app.home.git)
    if not as_json:
        _show(app, plan)
    if not dry_run:
        _agree(app, plan, yes=yes)
        run_plan(app, plan.steps, f"rename {kind}")
    if as_json:
        _show_json(app, plan, dry_run=dry_run)
    elif dry_run:
        talk(say("cli.dry_run"))
    else:
        talk(_done(plan))


def _kind(text: str) -> Kind:
    """Raises Refused, naming the nearest."""
    word = text.casefold().removesuffix("s")
    for kind in KINDS:
        if word == kind:
            return kind
    own = {loose(say(f"renaming.kind.{kind}")): kind for kind in KINDS}
    raise refs.mistaken("renaming.kinds", text, [], KINDS, near=own.get(loose(word)))


def _worded(error: Refused) -> Refused:
    """The settings file that cannot be read, with what its editor says."""
    why = error.fields.get("why")
    if not isinstance(why, EditRefused):
        return error
    return Refused(error.key, path=error.fields["path"], why=fill(why.key, why.fields))


def _agree(app: App, plan: Renaming, *, yes: bool) -> None:
    """Raises Refused where nobody can be asked and it is not plain, Abort for a no."""
    if yes:
        return
    what, naming = say(f"renaming.kind.{plan.naming.kind}"), plan.naming
    if app.asks():
        agree(say("renaming.ask", what=what, old=naming.old, new=naming.new))
    elif plan.rules:
        raise Refused("renaming.loud", names=", ".join(plan.rules))
    elif len(plan.records) > MANY:
        raise Refused("renaming.piped", count=len(plan.records))


def _show(app: App, plan: Renaming) -> None:
    screen = app.screen
    for step in (*plan.settings, *plan.records[:_SHOWN]):
        _diff(app, step)
    rest = len(plan.records) - _SHOWN
    if rest > 0:
        screen.line(plural("renaming.more", rest))
    if plan.folder is not None:
        screen.line(
            say("renaming.folder", before=f"{plan.folder.path}/", after=f"{plan.folder.to}/")
        )
    for path in plan.left:
        talk(say("renaming.left", path=path))
    if plan.rules:
        talk(say("renaming.rules", names=", ".join(plan.rules)))


def _diff(app: App, step: Step) -> None:
    screen = app.screen
    screen.line(step.path)
    for sign, line in step.lines():
        screen.line("  " + screen.paint(f"{sign} {line}", "red" if sign == "-" else "green"))


def _done(plan: Renaming) -> str:
    naming = plan.naming
    settings = plural("renaming.settings", len(plan.settings))
    records = plural("renaming.records", len(plan.records))
    if naming.kind == "list" and not plan.records:
        return say("renaming.done.list", old=naming.old, new=naming.new, settings=settings)
    what = say(f"renaming.kind.{naming.kind}")
    return say(
        "renaming.done", what=what, old=naming.old, new=naming.new, settings=settings,
        records=records,
    )  # fmt: skip


def _show_json(app: App, plan: Renaming, *, dry_run: bool) -> None:
    naming = plan.naming

    def paths(steps: Sequence[Step]) -> list[str]:
        return [step.path for step in steps]

    found = {
        "kind": naming.kind, "old": naming.old, "new": naming.new,
        "projects": sorted(naming.projects), "settings": paths(plan.settings),
        "records": paths(plan.records),
        "folder": {"from": plan.folder.path, "to": plan.folder.to} if plan.folder else None,
        "left": list(plan.left), "rules": list(plan.rules), "dry_run": dry_run,
    }  # fmt: skip
    app.screen.line(render_json(found, ascii_only=not app.screen.unicode))
