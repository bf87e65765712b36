"""Folders that would be lists, were they not Git's to ignore.

Owns which folders an examination leaves out: undeclared ones without any record in force, where
Git would ignore a new one. Git is asked only where there are such.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.layout import place
from bluefs.core.model import Config

if TYPE_CHECKING:
    from bluefs.core.ports import Git


def without_ignored(
    folders: frozenset[str], records: Iterable[str], config: Config, git: Git
) -> frozenset[str]:
    """The folders but for those; ``records`` are the paths of all that were read."""
    odd = {f"{folder}/x.md": folder for folder in folders if _undeclared(folder, config)}
    if not odd:
        return folders
    held = {path.rpartition("/")[0] for path in records}
    asked = [path for path, folder in odd.items() if folder not in held]
    hidden = git.ignored(asked) if asked else frozenset()
    return folders - {odd[path] for path in hidden}


def _undeclared(folder: str, config: Config) -> bool:
    at = place(f"{folder}/x.md", config)
    if at.kind != "record" or at.project is None or at.list is None:
        return False
    one = config.projects[at.project].lists.get(at.list)
    return one is None or not one.declared
