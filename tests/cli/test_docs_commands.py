"""docs/commands.md is true: it names every command, and each of its examples runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bluefs.cli.main import ALIASES, COMMANDS
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
EXAMPLES = [
    line.removeprefix("$ bluefs ")
    for block in re.findall(r"^```console\n(.*?)^```$", TEXT, re.M | re.S)
    for line in block.splitlines()
    if line.startswith("$ bluefs ")
]


def test_every_command_and_alias_is_in_the_table() -> None:
    table = TEXT.partition("## What all")[0]
    named = set(re.findall(r"`([a-z]+)`", table))
    assert COMMANDS.keys() | ALIASES.keys() <= named
    assert len(EXAMPLES) > 15


def test_its_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert [t for t in targets if not (ROOT / "docs" / t).exists()] == []


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_runs(
    line: str, workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("contract.pdf", "photo.jpg"):
        (workspace / name).write_bytes(b"x")
    project = workspace / "sales/project.yaml"
    project.write_text(project.read_text() + "views: {Hot: {filter: 'is:open', sort: -due}}\n")
    script = workspace.parent / "editor.sh"
    script.write_text('#!/bin/sh\necho Hello > "$1"\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    result = run(*shlex.split(line, comments=True), input="text")
    assert result.code == 0, result.err
