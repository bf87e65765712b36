"""The schemas of ``--json`` (schema/output): valid, and true of what every command prints."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "schema" / "output"
SCHEMAS = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json"))}
REGISTRY: Any = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)

#: (schema, words): at least one for every command that has ``--json``.
CALLS = [
    ("records", ("list",)),
    ("records", ("list", "--view", "hot")),
    ("records", ("list", "markdown")),
    ("records", ("list", "tag:nobody-has-it")),
    ("groups", ("list", "--group", "list")),
    ("groups", ("list", "--group", "tags")),
    ("groups", ("list", "--group", "due")),
    ("groups", ("list", "--group", "done")),
    ("groups", ("list", "--group", "deal_value")),
    ("record", ("show", "r3n3")),
    ("record", ("show", "plain note")),
    ("record", ("new", "A title", "-l", "open", "-d", "+3d", "-t", "urgent")),
    ("records", ("set", "r3n3", "deal_value=12000.50")),
    ("records", ("move", "r3n3", "prop")),
    ("records", ("move", "r3n3", "work/backlog")),
    ("records", ("done", "r3n3", "k7h3")),
    ("records", ("reopen", "old", "-n")),
    ("records", ("delete", "p0rt")),
    ("records", ("press", "r3n3", "go")),
    ("records", ("comment", "r3n3", "Fine")),
    ("copies", ("copy", "r3n3")),
    ("copies", ("copy", "r3n3", "-p", "work")),
    ("attached", ("attach", "r3n3", "bluefs.yaml")),
    ("files", ("files",)),
    ("edit", ("edit", "r3n3")),
    ("undo", ("undo",)),
    ("rename", ("rename", "list", "open", "Leads")),
    ("rename", ("rename", "tag", "urgent", "Hot", "-n")),
    ("rename", ("rename", "field", "deal_value", "amount")),
    ("rename", ("rename", "person", "ana", "anna")),
    ("paths", ("path", "r3n3", "plain")),
    ("lists", ("lists",)),
    ("tags", ("tags",)),
    ("board", ("board", "sales")),
    ("codes", ("explain",)),
    ("codes", ("explain", "203")),
    ("problems", ("check",)),
    ("status", ("status",)),
    ("outbox", ("outbox", "list", "--all")),
    ("outbox", ("outbox", "release")),
    ("trust", ("trust",)),
    ("resume", ("resume",)),
    ("init", ("init", "fresh-one")),
    ("version", ("version",)),
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"].endswith(f"/output/{name}.json")


@pytest.mark.parametrize(("name", "words"), CALLS, ids=lambda v: " ".join(v) if isinstance(v, tuple) else v)  # fmt: skip
def test_output_is_as_published(
    name: str, words: Sequence[str], workspace: Path, tmp_path: Path, run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = workspace / "sales/project.yaml"
    settings.write_text(
        settings.read_text() + "  go: button\n" + 'views: {Hot: {filter: "is:open", sort: -due}}\n'
    )
    (workspace / "sales/_files/r3n3w0c4tz").mkdir(parents=True)
    (workspace / "sales/_files/r3n3w0c4tz/a.txt").write_text("a")
    (workspace / "sales/_files/n0n0n0n0n0").mkdir()
    (workspace / "sales/_files/n0n0n0n0n0/b.txt").write_text("b")
    assert run("set", "p0rt", "nda=yes").code == 0
    monkeypatch.setenv("EDITOR", "sed -i s/40/41/")
    here = tmp_path if words[0] == "init" else None
    result = run(*words, "--json", cwd=here)
    assert result.code in (0, 1, 2 if words[0] == "trust" else 0), result.err
    found = json.loads(result.out)
    Draft202012Validator(SCHEMAS[name], registry=REGISTRY).validate(found)


def test_every_command_with_json_is_held_against_a_schema() -> None:
    with_json = {
        file.stem for file in (ROOT / "bluefs/cli").glob("*.py")
        if re.search(r'"--json"|@writing_options', file.read_text("utf-8"))
    } - {"straight", "writing"}  # fmt: skip
    assert with_json <= {words[0] for _, words in CALLS}
    assert {name for name, _ in CALLS} == set(SCHEMAS)
