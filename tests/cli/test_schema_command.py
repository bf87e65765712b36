"""`bluefs schema`: true of the sample's records, and right about what is wrong in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bluefs.app.schemas import keep_copies
from bluefs.core.codec.text import Decoded, decode, split, unify
from bluefs.core.config import load_config
from bluefs.core.layout import place
from bluefs.core.record_schema import record_schema
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample-workspace"
BASE = json.loads((ROOT / "schema/record.json").read_text("utf-8"))
FILES = {p.relative_to(SAMPLE).as_posix(): p.read_bytes() for p in SAMPLE.rglob("*") if p.is_file()}
CONFIG = load_config(FILES).config


class _Loader(yaml.SafeLoader):
    """As YAML 1.2 and editors read it: a date is a text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if not tag.endswith(":timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front(data: bytes) -> Any:
    decoded = decode(data)
    assert isinstance(decoded, Decoded)
    return yaml.load(unify(split(decoded.text).yaml), _Loader)


@pytest.mark.parametrize("key", CONFIG.projects)
def test_it_is_a_schema_and_true_of_the_sample(key: str) -> None:
    schema = record_schema(CONFIG.projects[key], BASE)
    Draft202012Validator.check_schema(schema)
    assert set(CONFIG.projects[key].fields) <= set(schema["properties"])
    validator = Draft202012Validator(schema)
    records = [
        p for p in FILES if place(p, CONFIG).kind == "record" and place(p, CONFIG).project == key
    ]
    assert records
    for path in records:
        if path.endswith(".md"):
            assert [e.message for e in validator.iter_errors(front(FILES[path]))] == [], path


def test_it_is_printed_and_refuses_what_is_wrong(workspace: Path, run: Run) -> None:
    result = run("schema", "sales")
    assert (result.code, result.err) == (0, "")
    schema = json.loads(result.out)
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"deal_value": 12000, "source": "Web", "anything": 1})
    assert not validator.is_valid({"source": "Wbe"})
    assert not validator.is_valid({"nda": "perhaps"})
    strict = Draft202012Validator(json.loads(run("schema", "work").out))
    assert strict.is_valid({"aliases": ["x"]}) and not strict.is_valid({"anything": 1})


def test_which_project(workspace: Path, run: Run) -> None:
    assert run("schema").code == 2
    assert "sales" in run("schema").err
    assert json.loads(run("schema", cwd=workspace / "work").out)["title"] == "Work"
    assert run("schema", "slaes").code == 2


def test_the_engine_keeps_the_copies(workspace: Path, run: Run) -> None:
    folder = workspace / ".bluefs/schema"
    assert not folder.exists()
    assert run("run").code == 0
    assert (folder / "record.json").read_bytes() == (ROOT / "schema/record.json").read_bytes()
    (folder / "project.json").write_text("{}")
    assert run("run").code == 0
    assert (folder / "project.json").read_bytes() == (ROOT / "schema/project.json").read_bytes()


def test_what_is_right_is_not_written() -> None:
    from bluefs.adapters.memory_files import MemoryFiles

    files = MemoryFiles()
    assert keep_copies(files, {"a.json": b"{}"}) == 2
    assert keep_copies(files, {"a.json": b"{}"}) == 0
