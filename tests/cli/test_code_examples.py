"""Every code has an example that shows it, at its place and in its words, and the same
workspace mended, in which `check` finds nothing (tests/examples/negative)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluefs.core import phones
from bluefs.core.codes.catalogue import all_codes
from tests.cli.conftest import Run
from tests.code_examples import SIDES, Example, examples, make

UPDATE = os.environ.get("BLUEFS_UPDATE") == "1"
EXAMPLES = examples()
SHOWN = [one for one in EXAMPLES.values() if "instead" not in one.says]
_KEYS = ("path", "line", "column", "message")


def test_every_code_has_an_example_and_no_example_is_of_no_code() -> None:
    assert EXAMPLES.keys() == all_codes().keys()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty repository, which is also the current folder."""
    root = tmp_path / "acme"
    root.mkdir()
    _git(root, "init", "-q", "-b", "main")
    monkeypatch.chdir(root)
    yield root
    monkeypatch.undo()
    phones.is_full.cache_clear()  # another package is there now than a moment ago


def _git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@acme.example"]
    subprocess.run(["git", *who, *words], cwd=root, check=True)


def _lay(example: Example, side: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "before" in example.says:
        make(example.says["before"], root)
        _git(root, "add", "-A")
        _git(root, "commit", "-q", "-m", "Before")
    if "without" in example.says:
        monkeypatch.setitem(sys.modules, example.says["without"], None)
        phones.is_full.cache_clear()
    example.lay(side, root)


@pytest.mark.parametrize("example", SHOWN, ids=lambda one: one.code)
def test_the_faulty_workspace_shows_it(
    example: Example, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(example, "bad", place, monkeypatch)
    result = run("check", "--json")
    if "refused" in example.says:
        if UPDATE:
            _write(example, {"refused": result.err})
        assert (result.code, result.err) == (2, example.says["refused"])
        return
    told = json.loads(result.out)
    assert {one["code"] for one in told} == {example.code, *example.says.get("also", ())}
    mine = [{k: one[k] for k in _KEYS} for one in told if one["code"] == example.code]
    if UPDATE:
        _write(example, {"problems": mine})
    else:
        assert mine == example.problems
    severe = any(one["severity"] != "info" for one in told)
    assert result.code == int(severe)


@pytest.mark.parametrize("example", SHOWN, ids=lambda one: one.code)
def test_its_neighbour_has_no_problem(
    example: Example, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(example, "good", place, monkeypatch)
    result = run("check", "--json")
    assert (json.loads(result.out), result.code) == ([], 0)


@pytest.mark.parametrize("example", SHOWN, ids=lambda one: one.code)
def test_the_two_differ_in_little(example: Example) -> None:
    sides = [set(example.files(side)) for side in SIDES]
    assert len(sides[0] ^ sides[1]) <= 2 and sides[0] | sides[1]


def _write(example: Example, told: dict[str, Any]) -> None:
    text = yaml.safe_dump(
        {**told, **{k: v for k, v in example.says.items() if k not in told}},
        sort_keys=False,
        allow_unicode=True,
        width=1000,
    )
    (example.folder / "expected.yaml").write_text(text, encoding="utf-8")
