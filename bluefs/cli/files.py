"""``bluefs files``: the attachments of a project's records."""

from __future__ import annotations

from collections.abc import Iterator

import click

from bluefs.app import refs
from bluefs.cli.base import App
from bluefs.cli.screen import Cell
from bluefs.cli.sizes import size
from bluefs.core.attachments import attached, folder_of
from bluefs.core.frozen import dataclass
from bluefs.core.jsontext import render_array
from bluefs.core.model import Record
from bluefs.core.short import Short
from bluefs.core.words import plural, say


@dataclass(frozen=True, slots=True)
class File:
    """``record`` None: the folder is of no record that is there."""

    path: str
    name: str
    project: str
    record: Record | None
    bytes: int


@click.command()
@click.argument("names", nargs=-1, metavar="[REF]...")
@click.option("-p", "--project", "name", metavar="PROJECT")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, names: tuple[str, ...], name: str | None, as_json: bool) -> None:
    project = refs.project_of(app.snapshot, name).key if name is not None else None
    wanted = {refs.find(app.snapshot, text, app.inside).path for text in names}
    found = [
        file for file in _files(app)
        if (project is None or file.project == project)
        and (not names or (file.record is not None and file.record.path in wanted))
    ]  # fmt: skip
    screen = app.screen
    if as_json:
        screen.line(render_array(map(_json, found), ascii_only=not screen.unicode))
    elif found:
        _table(app, found)
    else:
        from bluefs.cli.writing import talk

        talk(say("looking.files.none"))


def _files(app: App) -> Iterator[File]:
    """By the records' paths, then what is left over from deleted ones."""
    snapshot = app.snapshot
    sizes = app.home.files.scan()
    left = {p for p in snapshot.paths if "_files" in p.split("/")}
    for record in sorted(refs.everything(snapshot), key=lambda r: r.path):
        for path in attached(record, left, snapshot.config):
            left.discard(path)
            yield _file(path, record.project, record, sizes[path].size)
    for path in sorted(left):
        home = snapshot.config.project_of(path)
        key = home.key if home is not None else ""
        if home is not None and path.startswith(f"{folder_of(key, '')}"):
            yield _file(path, key, None, sizes[path].size)


def _file(path: str, project: str, record: Record | None, count: int) -> File:
    start = f"{folder_of(project, '')}"
    _, _, name = path.removeprefix(start).partition("/")
    return File(path, name, project, record, count)


def _json(file: File) -> dict[str, object]:
    record = file.record
    return {
        "record": record.id if record is not None else None,
        "title": record.title if record is not None else None,
        "project": file.project, "name": file.name, "path": file.path, "bytes": file.bytes,
    }  # fmt: skip


def _table(app: App, files: list[File]) -> None:
    short = Short(r.name for r in refs.everything(app.snapshot))
    rows = [
        [
            Cell(short.of(f.record.name) if f.record else "–", "dim"),
            Cell(f.name, "bold"),
            Cell(f.record.title if f.record else say("looking.files.orphan"), None if f.record else "yellow"),
            Cell(f.project),
            Cell(size(f.bytes)),
        ]
        for f in files
    ]  # fmt: skip
    header = [say(f"looking.files.{key}") for key in ("id", "name", "record", "project", "size")]
    app.screen.table(header, rows, frozenset({4}), 2)
    total = size(sum(f.bytes for f in files))
    app.screen.line(plural("looking.files.count", len(files), size=total))
