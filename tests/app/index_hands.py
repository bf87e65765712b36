"""What a person, Git and bad luck do to a workspace, for the law of the index."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

ENV = {
    **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
    "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@acme.example",
    "GIT_COMMITTER_NAME": "Ana", "GIT_COMMITTER_EMAIL": "ana@acme.example",
}  # fmt: skip

_FIRST_DAY = 1_767_225_600  # 2026-01-01

SETTINGS = {
    "bluefs.yaml": "bluefs: 1\nname: Acme\ntimezone: Europe/Paris\n"
    "people:\n  ana: {name: Ana, email: ana@acme.example}\n",
    "sales/project.yaml": "name: Sales\nlists:\n  Open:\n  Won: {done: true}\n"
    "fields:\n  amount: {type: currency, currency: EUR}\n  note: text\n"
    "  usd: {type: conversion, of: amount, to: USD}\n"
    "  then: {type: conversion, of: amount, to: USD, at: created}\n"
    "  other: {type: reference, project: sales}\n"
    "  since: {type: lookup, through: other, get: created}\n"
    "  last: {type: lookup, through: other, get: updated}\n"
    "  others: {type: lookup, through: other, get: then}\n"
    "  more: {type: formula, formula: amount + usd / 2}\n",
    "rates.csv": "date,from,to,rate\n2026-01-02,EUR,USD,1.1\n2026-01-04,EUR,USD,1.2\n"
    "2026-01-06,EUR,USD,1.3\n2026-01-08,EUR,USD,1.4\n2026-01-10,EUR,USD,1.5\n",
    "work/project.yaml": "name: Work\nlists: {Todo: , Done: {done: true}}\n",
}


class Hands:
    """Below one folder, with real files and real Git. Every way may find nothing to do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._day = 0
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        for path, text in SETTINGS.items():
            self.write(path, text)
        self.git("add", "-A")
        self.git("commit", "-qm", "begin")

    def git(self, *args: str) -> int:
        """Each on a day of its own, which a commit has as its author date."""
        self._day += 1
        env = ENV | {"GIT_AUTHOR_DATE": f"{_FIRST_DAY + 86_400 * self._day} +0000"}
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=env, capture_output=True, check=False
        )
        return done.returncode

    @property
    def own(self) -> Path:
        return self.root / ".git" / "bluefs"

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        if any(p.is_symlink() or p.is_file() for p in file.parents if p != self.root):
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            return
        file.unlink(missing_ok=True) if file.is_symlink() else None
        file.write_text(text)

    def alter_quietly(self, path: str, old: str, new: str) -> None:
        """An edit of one length that sets the modification time back: only ctime tells."""
        file = self.root / path
        if not file.is_file() or file.is_symlink() or len(old) != len(new):
            return
        before = file.stat()
        file.write_bytes(file.read_bytes().replace(old.encode(), new.encode()))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def move(self, old: str, new: str) -> None:
        source, target = self.root / old, self.root / new
        if source.exists() and not target.is_dir() and target.parent.is_dir():
            with suppress(OSError):
                source.rename(target)

    def copy(self, old: str, new: str) -> None:
        source, target = self.root / old, self.root / new
        if source.is_file() and not os.path.lexists(target) and target.parent.is_dir():
            shutil.copy2(source, target)

    def delete(self, path: str) -> None:
        file = self.root / path
        if file.is_file() or file.is_symlink():
            file.unlink()

    def rename_folder(self, old: str, new: str) -> None:
        source, target = self.root / old, self.root / new
        if source.is_dir() and not source.is_symlink() and not os.path.lexists(target):
            with suppress(OSError):  # into itself, into no folder
                source.rename(target)

    def link(self, path: str, target: str) -> None:
        file = self.root / path
        if not file.exists() and not file.is_symlink() and file.parent.is_dir():
            file.symlink_to(self.root / target)

    def damage(self, file: str, offset: int, data: bytes) -> None:
        """Random bytes into a file of bluefs' own."""
        target = self.own / file
        if target.is_file():
            with target.open("r+b") as opened:
                opened.seek(offset % max(1, target.stat().st_size))
                opened.write(data)

    def cut(self, file: str, size: int) -> None:
        target = self.own / file
        if target.is_file():
            os.truncate(target, min(size, target.stat().st_size))

    def remove_own(self, file: str) -> None:
        target = self.own / file
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)

    def folder_instead(self, file: str) -> None:
        self.remove_own(file)
        (self.own / file / "x").mkdir(parents=True, exist_ok=True)
