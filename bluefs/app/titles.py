"""Titles of records by path, for an entry of ``blocked_by`` or a reference that is no id.

Owns when a file need not be read for its title: no ``title:`` in its front matter, or bytes that
were read before. Refuses to say which record is meant: ``core.matching`` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bluefs.core.codec.record import read_record
from bluefs.core.layout import place
from bluefs.core.model import Config


def has_title(data: bytes) -> bool:
    """Whether the front matter may hold a ``title:``."""
    return data.find(b"title", 0, max(0, data.find(b"\n---", 3))) >= 0


class Titles:
    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def of(
        self, files: Iterable[tuple[str, str]], read: Callable[[str], bytes], config: Config
    ) -> Iterator[tuple[str, str]]:
        """(path, title) of the records among ``files``, (path, hash of the bytes) each; ``read``
        gives the bytes at a path."""
        for key in files:
            title = self._known.get(key)
            if title is None:
                title = self._known[key] = _title(key[0], read(key[0]), config)
            yield key[0], title


def in_project(
    files: Iterable[tuple[str, str]], project: str, config: Config
) -> Iterator[tuple[str, str]]:
    """Those of the files, (path, hash of the bytes) each, that are records of a project."""
    for path, sha in files:
        found = place(path, config)
        if found.kind == "record" and found.project == project:
            yield path, sha


def _title(path: str, data: bytes, config: Config) -> str:
    record = read_record(path, data, config).record if has_title(data) else None
    return record.title if record is not None else path.rpartition("/")[2].removesuffix(".md")
