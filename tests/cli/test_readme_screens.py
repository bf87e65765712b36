"""The commands that the README shows print what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests import readme
from tests.cli.conftest import Run


def test_every_screen_is_played() -> None:
    """No block is shown that no test compares: the demo and the engine have their own."""
    first = [block.split("\n", 1)[0] for block in readme.screens()]
    known = ("$ bluefs ", "Watching ", "3  ")
    assert [line for line in first if not line.startswith(known)] == []


def test_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Each block in its order, in one workspace, on the README's morning."""
    monkeypatch.setenv("BLUEFS_NOW", "2026-11-24T08:50")
    monkeypatch.chdir(tmp_path)
    for block in [b for b in readme.screens() if b.startswith("$ ")]:
        printed = []
        for line in re.findall(r"^\$ (bluefs .*)$", block, re.M):
            result = run(*shlex.split(line)[1:])
            assert result.code == 0, (line, result.err)
            printed.append(f"$ {line}\n{result.out}")
        readme.agree(block, "".join(printed))
        made = tmp_path / "acme"
        if made.is_dir():
            monkeypatch.chdir(made)
