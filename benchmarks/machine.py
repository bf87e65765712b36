"""What a figure was measured on: processor, Python, Git, SQLite, file system."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def machine(folder: Path) -> dict[str, str]:
    """In the order in which it is printed. ``folder`` is where the workspaces will lie."""
    return {
        "processor": f"{_processor()}, {_usable()} usable",
        "system": f"{platform.system()} {platform.release()}",
        "load": _load(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Git": _git(),
        "SQLite": sqlite3.sqlite_version,
        "yaml-rs": _version("yaml-rs"),
        "file system": _file_system(folder),
        "bluefs": _bluefs(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine() or "unknown"


def _usable() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _load() -> str:
    """How busy it was before: others' work makes figures longer, and ratios less so."""
    try:
        return f"{os.getloadavg()[0]:.1f} in the minute before"
    except OSError:
        return "unknown"


def _git() -> str:
    answer = _asked("git", "--version")
    return answer.removeprefix("git version ") if answer else "not found"


def _asked(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _file_system(folder: Path) -> str:
    """The type of the mount that holds ``folder``, from /proc/mounts."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    here = folder.resolve()
    found: dict[str, str] = {line.split()[1]: line.split()[2] for line in mounts}
    place = max((m for m in found if here.is_relative_to(m)), key=len, default=None)
    return found[place] if place is not None else "unknown"


def _bluefs() -> str:
    import bluefs

    root = str(Path(bluefs.__file__).parents[1])
    commit = _asked("git", "-C", root, "describe", "--always", "--dirty", "--exclude=*")
    return f"{bluefs.__version__} at {commit}" if commit else str(bluefs.__version__)
