"""Where the files of a record lie, and under which name one more would.

``<project>/_files/<id>/NAME``. Names are made legal for every disk and are never those of a file
that is there: ``report (2).pdf``. Refuses to look at a disk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import count

from bluefs.core.layout import FORBIDDEN, NAME_BYTES, fold, nfc, place
from bluefs.core.model import Config, Record


def folder_of(project: str, id: str) -> str:
    """The folder of a record's attachments; ``project`` is its key, "" at the root."""
    return f"{project}/_files/{id}" if project else f"_files/{id}"


def attached(record: Record, paths: Iterable[str], config: Config) -> list[str]:
    """The paths of its attachments among those of the workspace, sorted."""
    if record.id is None:
        return []
    start = f"{folder_of(record.project, record.id)}/"
    found = (path for path in paths if path.startswith(start))
    return sorted(path for path in found if place(path, config).kind == "attachment")


def attachment_name(name: str, taken: Collection[str] = ()) -> str:
    """A legal name for a file called ``name``, none of ``taken`` (compared as disks do)."""
    used = {fold(one) for one in taken}
    return next(one for one in names_for(name) if fold(one) not in used)


def names_for(name: str) -> Iterator[str]:
    """Legal names for a file called ``name``, the best first: ``report.pdf``, ``report (2).pdf``."""
    stem, suffix = _parts(_legal(nfc(name)))
    yield _cut(stem, suffix)
    for number in count(2):
        yield _cut(stem, f" ({number}){suffix}")


def _legal(name: str) -> str:
    """A leading dot would hide it, and Windows drops dots and spaces at the end."""
    spaced = "".join(" " if c in FORBIDDEN or ord(c) < 32 else c for c in name)
    return " ".join(spaced.split()).lstrip(".").rstrip(". ") or "file"


def _parts(name: str) -> tuple[str, str]:
    """Name and suffix; two suffixes where the last is a compression's (``.tar.gz``)."""
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        return name, ""
    if stem.lower().endswith(".tar"):
        return stem[:-4], f"{stem[-4:]}.{suffix}"
    return stem, dot + suffix


def _cut(stem: str, suffix: str) -> str:
    room = NAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + suffix
