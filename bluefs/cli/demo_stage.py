"""The demo's stage: a workspace made of the packaged sample, and an engine in a process of its
own that watches it.

Owns what makes the demo independent of the machine: the workspace's own identity and hooks, a
spool instead of a mail server, trust for this workspace alone. Refuses a folder with anything
in it, and to leave the engine running when the demo ends, however it ends.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass, field

if TYPE_CHECKING:
    from bluefs.adapters.files import Files
    from bluefs.adapters.git import Git
    from bluefs.app.start import Beginning
    from bluefs.bootstrap import Home
    from bluefs.core.model import Person

#: Seconds without a save before rules look; commits take edits after five times that.
QUIET = 0.2
#: Whose day it is, by the sample's handle.
PLAYER = "ana"
#: Seconds for which anything is waited for.
LIMIT = 10.0
#: Seconds between two looks at what is waited for.
_PAUSE = 0.02
#: Variables that would send mail for real, stop the clock, or make commits somebody else's.
_AUTHORSHIP = ("GIT_AUTHOR_", "GIT_COMMITTER_")
_FOREIGN = ("BLUEFS_", *_AUTHORSHIP)
#: The demo's repository neither signs nor runs the user's own hooks: it is nobody's work.
_SETTINGS = {"commit.gpgSign": "false", "core.hooksPath": ".git/hooks"}
_LINE = re.compile(r"\d\d:\d\d:\d\d {2}(?P<word>\S+) +(?P<text>.*)")


def environment() -> dict[str, str]:
    """What the day's processes see of the caller's environment: UTF-8, no mail server."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
    return {**kept, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}


def make(folder: Path) -> Home:
    """A workspace with the sample's files in one commit, trusted on this machine. Raises
    Refused where the folder holds anything or lies in a repository, Unwritable, Blocked."""
    from bluefs import bootstrap
    from bluefs.app.start import make_workspace
    from bluefs.core.words import say

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("demo.not_empty", path=str(folder))
    for name in [name for name in os.environ if name.startswith(_AUTHORSHIP)]:
        del os.environ[name]  # they would outweigh the workspace's own identity
    start = _beginning()
    person = _player(start.content)
    with _repository(folder) as (files, git, _):
        for key, value in {**_SETTINGS, **_identity(person)}.items():
            git.runner.run("config", key, value)
        make_workspace(start, files, git, say("demo.commit"), _now())
    home = bootstrap.find(str(folder))
    _trust(home, start.content, person)
    return home


@contextmanager
def _repository(folder: Path) -> Iterator[tuple[Files, Git, bool]]:
    """``bootstrap.repository``, whose remedies are about ``init``."""
    from bluefs import bootstrap

    try:
        with bootstrap.repository(str(folder)) as made:
            yield made
    except Refused as refusal:
        if refusal.key != "cli.init.inside":
            raise
        raise Refused("demo.inside", **refusal.fields) from refusal


def _beginning() -> Beginning:
    from bluefs import bootstrap
    from bluefs.app.start import SETTINGS, beginning

    sample = bootstrap.data_folder("sample-workspace")
    files = bootstrap.template([path.parent.name for path in sample.glob("*/project.yaml")])
    return beginning(files, _hasten(files.pop(SETTINGS)), bootstrap.schemas())


def _hasten(data: bytes) -> bytes:
    """The workspace's settings with a short ``quiet``, in the language that is spoken."""
    from bluefs.core.words import spoken

    data = _with(data, b"language", spoken())
    return _with(data, b"quiet", f"{QUIET}        # seconds; short, for the demo")


def _with(data: bytes, key: bytes, value: str) -> bytes:
    line = key + b": " + value.encode()
    found, count = re.subn(rb"(?m)^" + key + rb":[^\r\n]*", line, data)
    return found if count else data.rstrip(b"\n") + b"\n" + line + b"\n"


def _player(files: Mapping[str, bytes]) -> Person:
    from bluefs.core.config import load_config

    person = load_config(_settings(files)).config.workspace.people.get(PLAYER)
    if person is None or not person.emails:
        raise Refused("demo.no_person", handle=PLAYER)
    return person


def _identity(person: Person) -> dict[str, str]:
    return {"user.name": person.name, "user.email": person.emails[0]}


def _trust(home: Home, files: Mapping[str, bytes], person: Person) -> None:
    """Agree to the rules as they are."""
    from bluefs.app.trust import Trust, rules_hash, save_trust

    agreed = frozenset({rules_hash(_settings(files))})
    save_trust(home.trust, Trust(agreed, _now().isoformat(), person.handle))


def _settings(files: Mapping[str, bytes]) -> dict[str, bytes]:
    from bluefs.core.config import is_config

    return {path: data for path, data in files.items() if is_config(path)}


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(slots=True)
class Engine:
    """``bluefs watch`` in a process of its own, and what it has said, line by line."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def said(self, word: str, since: int = 0) -> list[str]:
        """What it told with this first word, from line ``since`` on."""
        found = (_LINE.fullmatch(line) for line in self.lines[since:])
        return [m["text"] for m in found if m is not None and m["word"] == word]

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


@contextmanager
def engine(root: str) -> Iterator[Engine]:
    """The engine over this workspace; stopped, and gone, when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bluefs", "-C", root, "watch"],
        cwd=root, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    running = Engine(process)
    listener = threading.Thread(target=running.listen, daemon=True)
    listener.start()
    try:
        yield running
    finally:
        _stop(process)
        listener.join(LIMIT)


def _stop(process: subprocess.Popen[str]) -> None:
    """SIGTERM, and wait; an engine that does not come to its end within the limit is killed
    (nothing is lost: the next one would take up what waits)."""
    process.terminate()
    try:
        process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool], running: Engine) -> bool:
    """Whether it came to hold within the limit, with the engine alive."""
    deadline = time.monotonic() + LIMIT
    while not holds():
        if time.monotonic() >= deadline or not running.alive:
            return holds()
        time.sleep(_PAUSE)
    return True
