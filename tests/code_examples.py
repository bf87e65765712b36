"""The examples of codes: tests/examples/negative/CODE holds a faulty workspace, the same one
mended, and what `check` says of the first.

``expected.yaml`` of a code says:

- ``problems``: each with ``path``, ``line``, ``column`` and ``message``; all that there are;
- ``make``: files that a repository should not hold (too large, NUL bytes, names that some disks
  refuse), by path, in ``bad`` or ``good``: a text, or ``{begin, repeat, times, end}``, or
  ``{link: TARGET}``, or ``{gone: true}`` for one that the side before had (``folder: true``: its folder stays);
- ``since``: where `check --since` finds it: the address of who commits the change, or one for each
  side, ``{bad, good}``;
- ``also``: other codes that the first shows; ``still``: those that both do;
- ``without``: a Python package that is not there meanwhile;
- ``refused``: what `check` says where it cannot begin;
- ``instead``: why `check` cannot show it on every machine, and which test does.

Files that both sides have in common stand in tests/examples/base. Where there is a folder
``before``, the history begins with it, and ``bad`` and ``good`` are what was changed in it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "examples"
SIDES = ("bad", "good")
BEFORE = "before"


@dataclass(frozen=True)
class Example:
    """One folder below ``negative``."""

    code: str
    says: dict[str, Any]

    @property
    def folder(self) -> Path:
        return FOLDER / "negative" / self.code

    @property
    def problems(self) -> list[dict[str, Any]]:
        return list(self.says.get("problems", ()))

    @property
    def also(self) -> list[str]:
        return [*self.says.get("also", ()), *self.says.get("still", ())]

    @property
    def has_history(self) -> bool:
        return (self.folder / BEFORE).is_dir()

    def author(self, side: str) -> str | None:
        """The address of who commits the side, None where nobody does."""
        told = self.says.get("since")
        return told[side] if isinstance(told, dict) else told

    def files(self, side: str) -> list[str]:
        """The paths of one side, besides the base's."""
        folder = self.folder / side
        found = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
        return sorted([*found, *self.says.get("make", {}).get(side, {})])

    def texts(self, side: str) -> dict[str, str]:
        """The text files of one side that stand in the folder, by path."""
        folder = self.folder / side
        return {
            path: (folder / path).read_text(encoding="utf-8", errors="replace")
            for path in self.files(side)
            if (folder / path).is_file()
        }

    def lay(self, side: str, root: Path) -> None:
        """Put the workspace of one side into an existing folder, over what came before it."""
        base = () if self.has_history and side != BEFORE else (FOLDER / "base",)
        for source in (*base, self.folder / side):
            if source.is_dir():
                # of now, not of the source's time: Git believes a file by its time and its size
                shutil.copytree(
                    source, root, dirs_exist_ok=True, symlinks=True, copy_function=shutil.copyfile
                )
        make(self.says.get("make", {}).get(side, {}), root)


def make(files: dict[str, Any], root: Path) -> None:
    """Write files as ``make`` describes them."""
    for path, told in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(told, dict) and told.get("gone"):
            file.unlink()
            keep = told.get("folder")
            if not keep and not any(file.parent.iterdir()):  # Git keeps no empty folder either
                file.parent.rmdir()
        elif isinstance(told, dict) and "link" in told:
            file.symlink_to(told["link"])
        else:
            file.write_bytes(text_of(told).encode("utf-8", "surrogateescape"))


def text_of(told: Any) -> str:
    if isinstance(told, str):
        return told
    return str(told.get("begin", "") + told["repeat"] * told["times"] + told.get("end", ""))


def examples() -> dict[str, Example]:
    """Those there are, by code."""
    found = {}
    for file in sorted((FOLDER / "negative").glob("*/expected.yaml")):
        code = file.parent.name
        found[code] = Example(code, yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    return found
