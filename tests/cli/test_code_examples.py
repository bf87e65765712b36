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
from tests.cli.conftest import Result, Run
from tests.code_examples import BEFORE, SIDES, Example, examples

UPDATE = os.environ.get("BLUEFS_UPDATE") == "1"
EXAMPLES = examples()
SHOWN = [one for one in EXAMPLES.values() if "instead" not in one.says]
_KEYS = ("path", "line", "column", "message")
#: Stands for the commit that made the change: its name rests on times and on the base.
_COMMIT = "1f0a3c7"


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


def _git(root: Path, *words: str, who: str = "ana@acme.example") -> str:
    name = who.partition("@")[0]
    command = ["git", "-c", f"user.name={name}", "-c", f"user.email={who}", *words]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(root: Path, who: str) -> None:
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "-m", "Change", who=who)


def _lay(example: Example, side: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if example.has_history:
        example.lay(BEFORE, root)
        _commit(root, "ana@acme.example")
    if "without" in example.says:
        monkeypatch.setitem(sys.modules, example.says["without"], None)
        phones.is_full.cache_clear()
    example.lay(side, root)
    who = example.author(side)
    if who is not None:
        _commit(root, who)


def _check(example: Example, run: Run) -> Result:
    since = ("--since", "HEAD~1") if "since" in example.says else ()
    return run("check", "--json", *since)


def _told(result: Result, place: Path, example: Example) -> list[dict[str, Any]]:
    """The Problems; the commit is named as it is in every example."""
    text = result.out
    if "since" in example.says:
        text = text.replace(_git(place, "rev-parse", "--short=7", "HEAD"), _COMMIT)
    told: list[dict[str, Any]] = json.loads(text)
    return told


def _code(told: list[dict[str, Any]]) -> int:
    """What `check` exits with."""
    return int(any(one["severity"] != "info" for one in told))


@pytest.mark.parametrize("example", SHOWN, ids=lambda one: one.code)
def test_the_faulty_workspace_shows_it(
    example: Example, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(example, "bad", place, monkeypatch)
    result = _check(example, run)
    if "refused" in example.says:
        if UPDATE:
            _write(example, {"refused": result.err})
        assert (result.code, result.err) == (2, example.says["refused"])
        return
    told = _told(result, place, example)
    assert {one["code"] for one in told} == {example.code, *example.also}
    mine = [{k: one[k] for k in _KEYS} for one in told if one["code"] == example.code]
    if UPDATE:
        _write(example, {"problems": mine})
    else:
        assert mine == example.problems
    assert result.code == _code(told)


@pytest.mark.parametrize("example", SHOWN, ids=lambda one: one.code)
def test_its_neighbour_has_no_problem(
    example: Example, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(example, "good", place, monkeypatch)
    result = _check(example, run)
    told, still = json.loads(result.out), example.says.get("still", [])
    assert ([one["code"] for one in told], result.code) == (still, _code(told))


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
