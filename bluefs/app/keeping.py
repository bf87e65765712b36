"""The settings as commands read them: parsed when their files changed, else out of the index.

Owns the decision which settings may be kept: only those without a fault, for what is wrong with
settings is told in words, and a last good state in force rests on more than the files.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from bluefs.core.config import Loaded
from bluefs.core.config.keep import PickleError, keep, kept, key_of
from bluefs.core.errors import IndexLost, Refused
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.seen import IndexChange

if TYPE_CHECKING:
    from bluefs.app.goods import Goods
    from bluefs.core.model import Config
    from bluefs.core.ports import Index

#: Read with the rules, and without: then nothing is known of faults in them.
_NOTE, _BARE_NOTE = "settings", "settings without rules"


class Keeping:
    """The settings of these files (path -> bytes) in a workspace of these folders. Without
    ``rules``, nobody looks at those."""

    def __init__(
        self,
        index: Index | None,
        files: Mapping[str, bytes],
        folders: frozenset[str],
        goods: Goods,
        *,
        rules: bool = True,
    ) -> None:
        self._rules = rules
        self._index, self._files, self._folders, self._goods = index, files, folders, goods

    def loaded(self) -> Loaded:
        """Raises Refused for a newer format."""
        known = self._kept()
        if known is not None:
            return Loaded(known)
        loaded = self._parse(rules=self._rules)
        if loaded.too_new is not None:
            raise Refused("errors.too_new", format=loaded.too_new)
        self._keep(loaded)
        return loaded

    @cached_property
    def _key(self) -> bytes:
        return key_of(self._files, self._folders)

    def _parse(self, *, rules: bool) -> Loaded:
        from bluefs.app.settings import load_last_good

        return load_last_good(self._files, self._goods.last_good, self._folders, rules=rules)

    def _whole(self) -> Config:
        return self._parse(rules=True).config

    def _kept(self) -> Config | None:
        view = self._index.view() if self._index is not None else None
        if view is None:
            return None
        try:
            for name in (_NOTE,) if self._rules else (_NOTE, _BARE_NOTE):
                note = view.note(name)
                found = None if note is None else kept(a2b_base64(note), self._key, self._whole)
                if found is not None:
                    return found
            return None
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
        name = _NOTE if self._rules else _BARE_NOTE
        with suppress(IndexLost):
            self._index.apply(IndexChange(notes={name: b2a_base64(data, newline=False).decode()}))
