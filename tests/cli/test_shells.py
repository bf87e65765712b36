"""The completion scripts in the shells they are for: what a person gets who presses Tab.

Where a shell is missing its tests are skipped, but not in CI, which installs all three.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bluefs.cli.completing import SHELLS

NEEDED = bool(os.environ.get("CI"))


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if NEEDED:
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def path(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``bluefs`` that is this checkout's, before all others; the scripts lie beside it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    root = Path(__file__).resolve().parents[2]
    script = f'#!/bin/sh\nPYTHONPATH={root} exec {sys.executable} -m bluefs "$@"\n'
    (folder / "bluefs").write_text(script)
    (folder / "bluefs").chmod(0o755)
    for name, text in SHELLS.items():
        (folder / f"complete.{name}").write_text(text)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


#: What is typed, and words that must be among the offers.
TYPED = [
    ("bluefs comp", {"completion"}),
    ("bluefs move renew", {"Renewal – Acme"}),
    ("bluefs new X -l cl", {"Closed won", "Closed lost"}),
    ("bluefs list tag:k", {"tag:Key account"}),
    ("bluefs list --gr", {"--group"}),
]


@pytest.mark.parametrize(("line", "wanted"), TYPED, ids=[line for line, _ in TYPED])
def test_fish(line: str, wanted: set[str], path: Path, workspace: Path) -> None:
    done = subprocess.run(
        [program("fish"), "--no-config", "-c", f"source {path}/complete.fish; complete -C '{line}'"],
        cwd=workspace, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert wanted <= {found.partition("\t")[0] for found in done.stdout.splitlines()}


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("bluefs comp\t", "bluefs completion "),
        ("bluefs move renew\t", "bluefs move Renewal\\ –\\ Acme "),
        ("bluefs new X -l prop\t", "bluefs new X -l Proposal "),
        ("bluefs list tag:k\t", "bluefs list tag:Key\\ account"),
        ("bluefs move 'renew\t", "bluefs move 'Renewal – Acme' "),
    ],
)
def test_zsh(keys: str, wanted: str, path: Path, workspace: Path) -> None:
    """In a terminal, since nothing else makes zsh complete: what then stands in the line is
    written to a file by ^X^W."""
    pexpect = pytest.importorskip("pexpect")
    (workspace / ".zshrc").write_text(
        "PS1='ready> '; unsetopt beep; autoload -Uz compinit; compinit -u -D\n"
        f"source {path}/complete.zsh\n"
        "tell() { print -r -- $BUFFER > $HOME/line; print -r done > $HOME/told }\n"
        "zle -N tell; bindkey '^X^W' tell\n"
    )
    env = {**os.environ, "ZDOTDIR": str(workspace), "HOME": str(path), "TERM": "xterm"}
    child = pexpect.spawn(
        program("zsh"), ["-d", "-i"], cwd=str(workspace), env=env, encoding="utf-8", timeout=30,
        dimensions=(40, 200),
    )  # fmt: skip
    child.expect_exact("ready> ")
    child.send(f"{keys}\x18\x17")
    for _ in range(600):
        if (path / "told").exists():
            break
        child.expect([pexpect.TIMEOUT, "\r"], timeout=0.1)
    child.close(force=True)
    assert (path / "line").read_text().rstrip("\n").startswith(wanted.rstrip())
