"""What a command moves without reading it: attachments, and whole folders.

Each is a ``plan.Work``: checked, told to the journal, carried out, taken back. The journal
knows a folder by the word ``FOLDER`` in the place of a hash.
"""

from __future__ import annotations

from collections.abc import Callable

from bluefs.app.commands.plan import Touched
from bluefs.core.errors import Changed
from bluefs.core.frozen import dataclass
from bluefs.core.matching import fold
from bluefs.core.ports import Files

FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Bring:
    """A copy of ``source`` (absolute, or a path of the workspace) of ``size`` bytes and hash
    ``sha`` at ``path``, where nothing is yet."""

    source: str
    path: str
    size: int
    sha: str

    @property
    def changed(self) -> bool:
        return True

    def check(self, files: Files) -> None:
        if files.stat(self.path) is not None:
            raise Changed("errors.changed.exists", path=self.path)

    def touched(self) -> Touched:
        return Touched(self.path, self.path, None, None, self.sha)

    def carry_out(self, files: Files, undo: list[Callable[[], None]]) -> None:
        files.bring(self.source, self.path, self.sha)
        undo.append(lambda: files.drop(self.path, self.sha))


@dataclass(frozen=True, slots=True)
class Drop:
    """A file of hash ``sha`` gone: the way back of a Bring."""

    path: str
    sha: str

    @property
    def changed(self) -> bool:
        return True

    def check(self, files: Files) -> None:
        if files.stat(self.path) is None:
            raise Changed("errors.changed.gone", path=self.path)
        if files.digest(self.path)[1] != self.sha:
            raise Changed("errors.changed.bytes", path=self.path)

    def touched(self) -> Touched:
        return Touched(self.path, None, None, None)

    def carry_out(self, files: Files, undo: list[Callable[[], None]]) -> None:
        """Last of its plan: nobody holds the bytes to take it back with."""
        files.drop(self.path, self.sha)
        folder = self.path.rpartition("/")[0]
        if "/_files/" in f"/{folder}":  # made for it; a list's folder may be meant to stay
            files.remove_folder(folder)


@dataclass(frozen=True, slots=True)
class MoveFolder:
    """A folder under another name, with all it holds."""

    path: str
    to: str

    @property
    def changed(self) -> bool:
        return self.path != self.to

    def check(self, files: Files) -> None:
        folders = files.folders()
        if self.path not in folders:
            raise Changed("errors.changed.gone", path=self.path)
        if self.to in folders and fold(self.to) != fold(self.path):
            raise Changed("errors.changed.exists", path=self.to)

    def touched(self) -> Touched:
        return Touched(self.path, self.to, None, None, FOLDER, moves=True)

    def carry_out(self, files: Files, undo: list[Callable[[], None]]) -> None:
        files.move_folder(self.path, self.to)
        undo.append(lambda: files.move_folder(self.to, self.path))
