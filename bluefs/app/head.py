"""What HEAD holds, followed from commit to commit without listing its tree again."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.app.settings import CommitSettings
from bluefs.core.codec.record import read_record
from bluefs.core.model import Config, Record
from bluefs.core.ports import Git


class Head:
    """path -> blob of the present HEAD; records in it, read with the settings given."""

    def __init__(self, git: Git, settings: CommitSettings) -> None:
        self._git = git
        self._settings = settings
        self._commit: str | None = None
        self._tree: dict[str, str] = {}

    @property
    def tree(self) -> Mapping[str, str]:
        now = self._git.head()
        if now != self._commit:
            if now is None:
                self._tree = {}
            elif self._commit is None:
                self._tree = dict(self._git.tree(now))
            else:
                for path, (_, blob) in self._git.diff(self._commit, now).items():
                    if blob is None:
                        self._tree.pop(path, None)
                    else:
                        self._tree[path] = blob
            self._commit = now
        return self._tree

    def data(self, path: str | None) -> bytes | None:
        blob = self.tree.get(path) if path is not None else None
        return self._git.blobs([blob])[blob] if blob is not None else None

    def record(self, path: str | None, config: Config) -> Record | None:
        data = self.data(path)
        if path is None or data is None:
            return None
        return read_record(path, data, config).record

    def config(self) -> Config:
        """The settings HEAD holds."""
        return self._settings.load(self.tree).config
