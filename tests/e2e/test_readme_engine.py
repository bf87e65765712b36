"""The window in which the README's engine watches: what its two commands lead to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import readme

#: Seconds until the last line must have come: the commit waits for five quiet periods.
PATIENCE = 60.0


def test_the_watching_window(tmp_path: Path) -> None:
    shown = readme.the_screen("Watching ")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BLUEFS_", "LC_"))}
    env |= {"HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1", "LANG": "C.UTF-8"}
    bluefs = [sys.executable, "-m", "bluefs"]

    def run(*words: str, cwd: Path) -> None:
        subprocess.run([*bluefs, *words], cwd=cwd, env=env, check=True, capture_output=True)

    run("init", "acme", "--template", "sales", cwd=tmp_path)
    root = tmp_path / "acme"
    run("trust", "--yes", cwd=root)
    printed = tmp_path / "printed"
    with printed.open("wb") as out:
        engine = subprocess.Popen([*bluefs, "watch"], cwd=root, env=env, stdout=out)
        try:
            _until(printed, 1)
            run("set", "renewal", "deal_value=14000", "tags+=urgent", cwd=root)
            _until(printed, 2)
            run("move", "renewal", "prop", cwd=root)
            _until(printed, len(shown.splitlines()))
        finally:
            engine.send_signal(signal.SIGINT)
            engine.wait(30)
    lines = printed.read_text(encoding="utf-8").splitlines()
    assert lines.pop() == "Stopped. What waits is taken up by the next engine."
    assert readme.shape("\n".join(lines)) == readme.shape(shown.rstrip("\n"))


def _until(file: Path, lines: int) -> None:
    """Wait for that many lines."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if file.read_bytes().count(b"\n") >= lines:
            return
        time.sleep(0.05)
    raise AssertionError(file.read_text(encoding="utf-8"))
