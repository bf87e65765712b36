"""Real workspaces for the end-to-end tests: a repository of its own, a HOME of its own, and
``bluefs`` as another process whose lines can be waited for."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Self

#: Seconds within which another process must have done what a test waits for. Long, because a
#: loaded machine is no fault of the product.
PATIENCE = 30.0

#: Variables that would tie a child to the surroundings of whoever runs the tests.
_LEAKS = re.compile(r"GIT_|BLUEFS_|LC_|LANG|XDG_|VIM|EMACS|EDITOR|NANO|MAIL|EMAIL|TMP|TEMP")


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's variables without those that change what Git, an editor or bluefs do."""
    kept = {k: v for k, v in os.environ.items() if not _LEAKS.match(k)}
    return kept | {
        "HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "xterm", "PYTHONUNBUFFERED": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more,
    }  # fmt: skip


def command() -> list[str]:
    """``bluefs`` of the interpreter that runs the tests."""
    return [sys.executable, "-m", "bluefs"]


class Place:
    """A repository at ``root``, with ``home`` as the HOME of all that works in it."""

    def __init__(self, root: Path, home: Path, files: Mapping[str, str], **more: str) -> None:
        self.root, self.home = root, home
        self.env = environment(home, **more)
        home.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            self.put(path, text)
        self.git("init", "-q", "-b", "main")
        for name, value in SETTINGS.items():
            self.git("config", name, value)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "start")

    def path(self, path: str) -> Path:
        return self.root / path

    def put(self, path: str, text: str) -> None:
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def git(self, *args: str, check: bool = True) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=self.env, capture_output=True, check=False
        )
        assert not check or done.returncode == 0, (args, done.stdout, done.stderr)
        return done.stdout.decode("utf-8", "surrogateescape")

    def bluefs(self, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command(), *args], cwd=self.root, env=self.env | more, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    def run(self, **more: str) -> str:
        """``bluefs run``, which must succeed. Returns what it printed."""
        done = self.bluefs("run", **more)
        assert done.returncode == 0, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    @contextmanager
    def watching(self) -> Iterator[Watching]:
        """``bluefs watch`` from its greeting on; ended by SIGTERM, with exit code 0."""
        watching = Watching(self)
        try:
            watching.greeted()
            yield watching
        finally:
            code = watching.stop()
        assert code == 0, watching.told()

    # -- what it left behind -------------------------------------------------------------

    def trust(self) -> None:
        """Agree to the rules as they stand; what has waited so far is dropped."""
        done = self.bluefs("trust", "--yes")
        assert done.returncode == 0, (done.stdout, done.stderr)

    def tracked(self) -> list[str]:
        return [p for p in self.git("ls-files", "-z").split("\0") if p]

    def mails(self) -> list[EmailMessage]:
        return spooled(self.root)

    def letters(self) -> list[tuple[str, str, str]]:
        """(state, subject's effect as JSON, Message-ID) of every letter, in order."""
        file = self.root / ".git/bluefs/outbox.sqlite"
        if not file.exists():
            return []
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            sql = "SELECT state, effect, message_id FROM letters ORDER BY number"
            return list(connection.execute(sql))
        finally:
            connection.close()

    def log(self) -> list[str]:
        """Subjects of the first-parent history, newest first."""
        return self.git("log", "--first-parent", "--format=%s").splitlines()


SETTINGS = {
    "user.name": "Ana Ruiz",
    "user.email": "ana@acme.example",
    "commit.gpgsign": "false",
    "gc.auto": "0",
}


def spooled(root: Path) -> list[EmailMessage]:
    """The letters in the workspace's spool, in the order in which they were sent."""
    files = (root / ".bluefs/spool").glob("*.eml")
    found = []
    for file in sorted(files, key=lambda f: int(f.stem)):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


class Watching:
    """A running ``bluefs watch``: its lines so far, and waiting for one."""

    def __init__(self, place: Place) -> None:
        self.process = subprocess.Popen(
            [*command(), "watch"], cwd=place.root, env=place.env, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self._lines.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def lines(self) -> list[str]:
        with self._news:
            return list(self._lines)

    def told(self) -> str:
        return "\n".join(self.lines)

    def words(self) -> list[tuple[str, str]]:
        """(first word, rest) of every line with a time before it."""
        found = (re.match(r"\d\d:\d\d:\d\d +(\S+) +(.*)", line) for line in self.lines)
        return [(m[1], m[2]) for m in found if m]

    def greeted(self) -> Self:
        self.until(lambda: any(x.startswith("Watching ") for x in self._lines), "its greeting")
        return self

    def until(self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until ``holds`` (looked at whenever a line comes)."""
        with self._news:
            self._news.wait_for(lambda: holds() or self._ended, seconds)
            assert holds(), f"waited for {what}; it said:\n" + "\n".join(self._lines)

    def tells(self, word: str, text: str) -> None:
        """Wait for a line of this first word that holds ``text``."""
        pattern = re.compile(rf"\d\d:\d\d:\d\d +{word} +.*{re.escape(text)}")
        self.until(lambda: any(map(pattern.match, self._lines)), f"{word} … {text}")

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.kill()
        self._gone()

    def stop(self) -> int:
        """SIGTERM. Returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._gone()

    def _gone(self) -> int:
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def outside_tmp(name: str) -> Path:
    """A new folder that no editor takes for a temporary one: vim skips its backup dance below
    /tmp, $TMPDIR, $TMP and $TEMP. Whoever asks for it removes it."""
    checkout = Path(__file__).resolve().parents[2]
    wanted = (checkout / ".test-workspaces", Path.home() / ".cache/bluefs-tests", Path("/var/tmp"))
    temporary = {Path(p).resolve() for p in ("/tmp", *map(str, _temporary_folders()))}
    for folder in wanted:
        real = folder.resolve()
        if any(real.is_relative_to(t) for t in temporary):
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if folder.name == ".test-workspaces":
                (folder / ".gitignore").write_text("*\n")
            return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
        except OSError:
            continue
    raise AssertionError(f"no folder outside of {sorted(map(str, temporary))} can be written")


def _temporary_folders() -> Sequence[str]:
    return [v for name in ("TMPDIR", "TMP", "TEMP") if (v := os.environ.get(name))]


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def wait_for(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until ``holds``, where nothing tells of the change."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.01)
