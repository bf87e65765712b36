"""Every list, tag, field and person of the sample can be renamed: no new Problem comes of it, and
the way back leads to the same settings, rules and records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bluefs.app.commands import Scene
from bluefs.app.commands.rename import plan_rename
from bluefs.app.commands.renamed import find_renamed
from bluefs.app.workspace import Snapshot
from bluefs.core.codec.record import read_record
from bluefs.core.config import is_config, load_config
from bluefs.core.layout import place
from bluefs.core.model import Config, Record
from bluefs.core.renaming import Kind
from tests.core.sample import CONFIG, FILES

NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
Files = dict[str, bytes]


def folders(files: Files) -> frozenset[str]:
    return frozenset(p[:n] for p in files for n, c in enumerate(p) if c == "/")


def scene(files: Files) -> Scene:
    loaded = load_config({p: d for p, d in files.items() if is_config(p)}, folders(files))
    records = {p: d for p, d in files.items() if place(p, loaded.config).kind == "record"}
    readings = {p: read_record(p, d, loaded.config) for p, d in records.items()}
    found = tuple(r.record for r in readings.values() if r.record is not None)
    snapshot = Snapshot(
        loaded, found, readings, records, paths=frozenset(files), folders=folders(files)
    )
    return Scene(snapshot, NOW, None)


def renamed(files: Files, kind: Kind, old: str, new: str, project: str | None) -> Files:
    here = scene(files)
    home = here.snapshot.config.projects[project] if project is not None else None
    plan = plan_rename(here, find_renamed(here, kind, old, new, home), files.get)
    assert plan.left == ()
    out = dict(files)
    for step in (*plan.settings, *plan.records):
        assert step.after is not None and out[step.path] == step.before
        out[step.path] = step.after
    if plan.folder is not None:
        start = f"{plan.folder.path}/"
        out = {
            p.replace(start, f"{plan.folder.to}/", 1) if p.startswith(start) else p: d
            for p, d in out.items()
        }
    return out


def problems(files: Files) -> list[tuple[str, str]]:
    snapshot = scene(files).snapshot
    return sorted((p.code.code, p.path.partition("/")[0]) for p in snapshot.problems)


def meaning(files: Files) -> tuple[Config, list[Record]]:
    snapshot = scene(files).snapshot
    return snapshot.config, sorted(snapshot.records, key=lambda r: r.path)


def cases() -> Iterator[tuple[Kind, str, str | None]]:
    for key, project in CONFIG.projects.items():
        yield from (("list", name, key) for name, one in project.lists.items() if not one.locked)
        yield from (("tag", tag, key) for tag in project.tags)
        yield from (("field", name, key) for name in project.fields)
    yield from (("person", handle, None) for handle in CONFIG.workspace.people)


@pytest.mark.parametrize(("kind", "old", "project"), list(cases()))
def test_there_and_back(kind: Kind, old: str, project: str | None) -> None:
    files = dict(FILES)
    new = {
        "list": "Brand new – list",
        "tag": "On fire: now",
        "field": "new_key",
        "person": "new-one",
    }[kind]
    there = renamed(files, kind, old, new, project)
    assert there != files
    assert problems(there) == problems(files)
    names = {path for path, data in there.items() if files.get(path) != data}
    assert names, "something has changed"
    back = renamed(there, kind, new, old, project)
    assert back.keys() == files.keys()
    was, now = meaning(files), meaning(back)
    assert now[1] == was[1]
    assert now[0].projects == was[0].projects and now[0].workspace == was[0].workspace
    assert {k: [(r.name, r.when, r.then) for r in v] for k, v in now[0].rules.items()} == {
        k: [(r.name, r.when, r.then) for r in v] for k, v in was[0].rules.items()
    }
