"""The settings as commands read them: parsed when their files changed, else out of the index.

Owns the decision which settings may be kept: only those without a fault, for what is wrong with
settings is told in words, and a last good state in force rests on more than the files.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pickle import PickleError
from typing import TYPE_CHECKING

from bluefs.core.config import Loaded
from bluefs.core.config.keep import keep, kept, key_of
from bluefs.core.errors import IndexLost, Refused
from bluefs.core.seen import IndexChange

if TYPE_CHECKING:
    from bluefs.app.goods import Goods
    from bluefs.core.model import Config
    from bluefs.core.ports import Index

_NOTE = "settings"


class Keeping:
    """The settings of these files (path -> bytes) in a workspace of these folders."""

    def __init__(
        self,
        index: Index | None,
        files: Mapping[str, bytes],
        folders: frozenset[str],
        goods: Goods,
    ) -> None:
        self._index, self._files, self._folders, self._goods = index, files, folders, goods

    def loaded(self) -> Loaded:
        """Raises Refused for a newer format."""
        known = self._kept()
        if known is not None:
            return Loaded(known)
        loaded = self._parse()
        if loaded.too_new is not None:
            raise Refused("errors.too_new", format=loaded.too_new)
        self._keep(loaded)
        return loaded

    @cached_property
    def _key(self) -> bytes:
        return key_of(self._files, self._folders)

    def _parse(self) -> Loaded:
        from bluefs.app.settings import load_last_good

        return load_last_good(self._files, self._goods.last_good, self._folders)

    def _kept(self) -> Config | None:
        view = self._index.view() if self._index is not None else None
        if view is None:
            return None
        try:
            note = view.note(_NOTE)
            if note is None:
                return None
            return kept(b64decode(note), self._key, lambda: self._parse().config)
        except (IndexLost, ValueError):
            return None
        finally:
            view.close()

    def _keep(self, loaded: Loaded) -> None:
        if self._index is None or loaded.problems or loaded.broken:
            return
        try:
            data = keep(loaded.config, self._key)
        except (TypeError, AttributeError, PickleError):
            return
        with suppress(IndexLost):
            self._index.apply(IndexChange(notes={_NOTE: b64encode(data).decode()}))
