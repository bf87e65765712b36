"""What a person does on disk: saves as editors make them, moves, deletions, Git by hand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import IO, Any

from bluefs.adapters.memory import MemoryClock
from tests.e2e.workspaces import SETTINGS


class RealHands:
    """A person in the repository that begins at ``root``. What they write gets the clock's
    time as its modification time."""

    def __init__(self, root: Path, clock: MemoryClock) -> None:
        self.root = root
        self.clock = clock
        self._saves = 0
        self._open: dict[str, IO[bytes]] = {}

    def begin(self) -> None:
        """A repository whose first commit holds all that is there."""
        self._git("init", "-q", "-b", "main")
        for name, value in SETTINGS.items():
            self._git("config", name, value)
        self._git("add", "-A")
        self._git("commit", "-q", "-m", "start")

    def let_go(self) -> None:
        for stream in self._open.values():
            stream.close()

    # -- a person ----------------------------------------------------------------------------

    def write(self, path: str, text: str) -> None:
        """In each of the ways in which editors save, in turn."""
        stream = self._open.pop(path, None)
        self._saves += 1
        if stream is not None:
            self._write_on(stream, text)
            stream.close()
        elif self._saves % 3 == 0:
            self._make_parent(path).write_text(text)
        elif self._saves % 3 == 1:
            self._replace(path, text)
        else:
            self._write_as_vim(path, text)
        self._date(path)

    def _replace(self, path: str, text: str) -> None:
        target = self._make_parent(path)
        beside = target.with_name(f".{self._saves}.tmp")
        beside.write_text(text)
        beside.replace(target)

    def _write_as_vim(self, path: str, text: str) -> None:
        """The old file becomes a backup, a new one is written, the backup goes."""
        target = self._make_parent(path)
        backup = target.with_name(f"{target.name}~")
        if target.exists():
            target.rename(backup)
        target.write_text(text)
        backup.unlink(missing_ok=True)

    def write_open(self, path: str, text: str) -> None:
        """Written, but not closed yet."""
        stream = self._open.pop(path, None) or self.path(path).open("r+b", buffering=0)
        self._write_on(stream, text)
        self._open[path] = stream
        self._date(path)

    @staticmethod
    def _write_on(stream: IO[bytes], text: str) -> None:
        stream.seek(0)
        stream.truncate()
        stream.write(text.encode())

    def _date(self, path: str) -> None:
        os.utime(self.path(path), (self.clock.now(), self.clock.now()))

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, text
        self.write(path, text.replace(old, new))

    def move(self, old: str, new: str) -> None:
        self.path(old).rename(self._make_parent(new))

    def move_folder(self, old: str, new: str) -> None:
        self.path(old).rename(self.path(new))

    def remove(self, path: str) -> None:
        self.path(path).unlink()

    def read(self, path: str) -> str:
        return self.path(path).read_bytes().decode()

    def contents(self) -> dict[str, bytes]:
        """Every file outside of the hidden folders."""
        found = {}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [f for f in folders if not f.startswith(".")]
            for name in names:
                file = Path(folder, name)
                found[str(file.relative_to(self.root))] = file.read_bytes()
        return found

    def tell(self, *paths: str) -> None:
        """The kernel tells."""

    def path(self, path: str) -> Path:
        return self.root / path

    def _make_parent(self, path: str) -> Path:
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    # -- a person's Git ------------------------------------------------------------------------

    def by_hand(self, what: str, back: int = 1) -> bool:
        """A person's Git command; False where Git refuses it."""
        older = f"HEAD~{back}"
        if self._git("rev-parse", "-q", "--verify", older, check=False) is None:
            return False
        match what:
            case "commit":
                return self._commit("-m", "by hand")
            case "amend":
                return self._commit("--amend", "--no-edit", "--allow-empty")
            case "reset":
                return self._git("reset", "-q", "--hard", older, check=False) is not None
            case "stash":
                return self._stash()
            case "squash":
                self._git("reset", "-q", "--soft", older)
                return self._git("commit", "-q", "-m", "squashed", check=False) is not None
        raise ValueError(what)

    def _commit(self, *options: str) -> bool:
        """``commit -a``, new files too; what Git refuses to commit is not left staged."""
        self._git("add", "-A")
        done = self._git("commit", "-q", *options, check=False) is not None
        if not done:
            self._git("reset", "-q")
        return done

    def _stash(self) -> bool:
        if not self._git("status", "--porcelain", "-uno").strip():
            return True  # nothing to put away, which is no refusal
        done = self._git("stash", "push", "-q", check=False) is not None
        if done:
            self._git("stash", "drop", "-q")
        return done

    def _git(self, *args: str, check: bool = True) -> Any:
        """What Git printed, None where it refused (only without ``check``)."""
        done = subprocess.run(["git", *args], cwd=self.root, capture_output=True, check=False)
        assert done.returncode == 0 or not check, (args, done.stdout, done.stderr)
        return done.stdout.decode() if done.returncode == 0 else None
