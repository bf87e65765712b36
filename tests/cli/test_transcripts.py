"""Golden transcripts: what the screen shows, command by command.

A file holds commands (``$ bluefs …``, or another program's) and under each what it prints:
stdout, then stderr with ``! `` before each line, then ``[2]`` where the exit code is not 0.
``BLUEFS_UPDATE=1`` writes them anew; read the diff before you commit it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Result, Run

FOLDER = Path(__file__).parent / "transcripts"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda f: f.stem)
def test_transcript(file: Path, workspace: Path, run: Run) -> None:
    wanted = file.read_text(encoding="utf-8")
    found = "\n".join(_played(wanted, workspace, run)) + "\n"
    if os.environ.get("BLUEFS_UPDATE"):
        file.write_text(found, encoding="utf-8")
    assert found == wanted


def _played(text: str, workspace: Path, run: Run) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            lines += [line, *_shown(_run(line[2:], workspace, run), workspace)]
        elif line.startswith("#") or not line:
            lines.append(line)
    return lines


def _run(words: str, workspace: Path, run: Run) -> Result:
    args = shlex.split(words)
    if args[0] == "bluefs":
        return run(*args[1:])
    done = subprocess.run(words, shell=True, cwd=workspace, capture_output=True, check=False)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def _shown(result: Result, workspace: Path) -> list[str]:
    out = [line.rstrip() or "." for line in result.out.splitlines()]
    err = [f"! {line}".rstrip() for line in result.err.splitlines()]
    code = [f"[{result.code}]"] if result.code else []
    return [line.replace(str(workspace), "/acme") for line in (*out, *err, *code)]
