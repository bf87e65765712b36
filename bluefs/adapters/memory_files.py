"""The in-memory twin of ``adapters.files``, for tests.

Owns a worktree of plain values that keeps the same contract (tests/contract/test_files.py runs
over both), and the hands of a test: whatever a person does with an editor, ``mv``, ``chmod`` or
``ln -s`` has a method here. Refuses what the real one refuses, with the same errors.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from bluefs.adapters.paths import check_path, folder_of, is_hidden_name
from bluefs.core.errors import Changed, Unreadable, Unwritable
from bluefs.core.frozen import dataclass, replace
from bluefs.core.seen import Listing, Paths, Stat


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    stat: Stat
    mode: int = 0o644


class MemoryFiles:
    """The port ``Files`` over a dict. Time is a counter, so a test is the same each time.

    ``fold_case=True`` behaves like a file system that folds case. ``repository`` and
    ``device`` decide ``anchor()``."""

    def __init__(
        self, files: Mapping[str, bytes] | None = None, *, fold_case: bool = False
    ) -> None:
        self._files: dict[str, _File] = {}
        self._folders: set[str] = set()
        self._links: set[str] = set()
        self._refused: dict[str, str] = {}
        self._unreadable: set[str] = set()
        self._fold_case = fold_case
        self._tick = 0
        self.outside: dict[str, bytes] = {}  # by absolute path: what lies elsewhere on the machine
        self.fresh: set[str] = set()  # paths whose Stat may hide a later edit
        self.repository = True
        self.device = "1"
        for path, data in (files or {}).items():
            self.put(path, data)

    def scan(self, under: str = "") -> Mapping[str, Stat]:
        under = under.strip("/")
        inside = f"{under}/" if under else ""
        self._check_listable(inside)
        return {
            path: file.stat
            for path, file in self._files.items()
            if path.startswith(inside) and _is_visible(path) and not self._behind_link(path)
        }

    def folders(self) -> frozenset[str]:
        self._check_listable("")
        return frozenset(f for f in self._folders if _is_visible(f, folder=True))

    def survey(self) -> Mapping[str, Listing]:
        """Files in ``fresh`` are those a test has put there."""
        scan = self.scan()
        found: dict[str, dict[str, Stat]] = {folder: {} for folder in ("", *self.folders())}
        for path, stat in scan.items():
            folder, _, name = path.rpartition("/")
            found[folder][name] = stat
        return {folder: self._listing(folder, stats) for folder, stats in found.items()}

    def _listing(self, folder: str, stats: Mapping[str, Stat]) -> Listing:
        numbers = tuple(n for column in zip(*stats.values(), strict=True) for n in column)
        prefix = f"{folder}/" if folder else ""
        rules = self._files.get(f"{prefix}.gitignore")
        return Listing(
            tuple(stats), numbers, repr((tuple(stats), numbers)).encode(),
            frozenset(name for name in stats if prefix + name in self.fresh),
            rules.data if rules is not None else None,
        )  # fmt: skip

    def links(self) -> frozenset[str]:
        self._check_listable("")
        return frozenset(p for p in self._links if _is_visible(p) and not self._behind_link(p))

    def paths(self) -> Paths:
        return Paths(self.folders(), [*self.scan()], self.links())

    def read_many(self, paths: Iterable[str]) -> Iterator[bytes | Unreadable | None]:
        for path in paths:
            try:
                yield self.read(path)
            except Unreadable as error:
                yield error

    def read(self, path: str) -> bytes | None:
        name = self._name(path)
        if name in self._unreadable:
            raise Unreadable("errors.unreadable", path=path, reason="Permission denied")
        found = self._files.get(name)
        return found.data if found and not self._behind_link(name) else None

    def stat(self, path: str) -> Stat | None:
        found = self._files.get(self._name(path))
        return found.stat if found else None

    def write(self, path: str, data: bytes, expected: bytes | None) -> None:
        self._check_way(path)
        if expected is None:
            self._check_free(path)
            self._check_refused(path)
            self._make_parents(path)
            self.put(path, data)
            return
        self._check_same(path, expected)
        self._check_writable(path)
        self._check_refused(path)
        name = self._name(path)
        self._files[name] = replace(self._files[name], data=data, stat=self._new_stat(data))

    def move(self, old: str, new: str, expected: bytes) -> None:
        self._check_way(old)
        self._check_way(new)
        self._check_same(old, expected)
        self._check_refused(new)
        if not (self._fold_case and _fold(old) == _fold(new) and old != new):
            self._check_free(new)
        self._make_parents(new)
        self._take(self._name(old), new)

    def delete(self, path: str, expected: bytes) -> None:
        self._check_way(path)
        self._check_same(path, expected)
        self._check_writable(path)
        self._check_refused(path)
        del self._files[self._name(path)]

    def make_folder(self, path: str) -> None:
        check_path(path)
        self._check_way(f"{path}/x")
        self._make_parents(f"{path}/x")

    def remove_folder(self, path: str) -> bool:
        held: Iterable[str] = (*self._files, *self._folders, *self._links)
        if path not in self._folders or any(p.startswith(f"{path}/") for p in held):
            return False
        self._folders.discard(path)
        return True

    def move_folder(self, old: str, new: str) -> None:
        self._check_way(old)
        self._check_way(new)
        if old not in self._folders:
            raise Changed("errors.changed.gone", path=old)
        self._check_free(new)
        self._make_parents(new)
        self.move_tree(old, new)

    def digest(self, source: str) -> tuple[int, str]:
        data = self._source(source)
        return len(data), sha256(data).hexdigest()

    def bring(self, source: str, path: str, sha: str) -> None:
        data = self._source(source)
        self._check_way(path)
        if sha256(data).hexdigest() != sha:
            raise Changed("errors.changed.bytes", path=source)
        self.write(path, data, None)

    def drop(self, path: str, sha: str) -> None:
        data = self.read(path)
        if data is None:
            raise Changed("errors.changed.gone", path=path)
        if sha256(data).hexdigest() != sha:
            raise Changed("errors.changed.bytes", path=path)
        self.delete(path, data)

    def _source(self, source: str) -> bytes:
        data = self.outside.get(source) if source.startswith("/") else self.read(source)
        if data is None:
            raise Unreadable("errors.unreadable", path=source, reason="No such file or directory")
        return data

    def anchor(self) -> str | None:
        return self.device if self.repository and "bluefs.yaml" in self._files else None

    def clean_leftovers(self, now: float) -> tuple[str, ...]:
        return ()

    # The hands of a test: no checks, as a person's tools make none.

    def put(self, path: str, data: bytes) -> None:
        """Save with an editor: another inode, newer times; folders are made."""
        self._folders.update(_parents(path))
        mode = self._files[path].mode if path in self._files else 0o644
        self._files[path] = _File(data, self._new_stat(data), mode)

    def edit_in_place(self, path: str, data: bytes) -> None:
        """Write into the same inode and set the modification time back: only ctime tells."""
        old = self._files[path]
        self._tick += 1
        stat = old.stat._replace(size=len(data), ctime_ns=self._tick)
        self._files[path] = replace(old, data=data, stat=stat)

    def remove(self, path: str) -> None:
        del self._files[path]

    def move_tree(self, old: str, new: str) -> None:
        """``mv`` of a file or a whole folder, onto whatever is there."""
        self._folders.update(_parents(new))
        for folder in [f for f in self._folders if f == old or f.startswith(f"{old}/")]:
            self._folders.discard(folder)
            self._folders.add(new + folder[len(old) :])
        for path in [p for p in self._files if p == old or p.startswith(f"{old}/")]:
            self._take(path, new + path[len(old) :])

    def remove_tree(self, folder: str) -> None:
        self._files = {p: f for p, f in self._files.items() if not p.startswith(f"{folder}/")}
        self._folders = {f for f in self._folders if f != folder and not f.startswith(f"{folder}/")}

    def symlink(self, path: str) -> None:
        self._folders.update(_parents(path))
        self._links.add(path)

    def chmod(self, path: str, mode: int) -> None:
        self._tick += 1
        old = self._files[path]
        self._files[path] = replace(old, mode=mode, stat=old.stat._replace(ctime_ns=self._tick))

    def mode(self, path: str) -> int:
        return self._files[path].mode

    def refuse(self, path: str, why: str | None) -> None:
        """Let every save of ``path`` fail with ``errors.unwritable.<why>``; None ends it."""
        self._refused.pop(path, None)
        if why is not None:
            self._refused[path] = why

    @property
    def contents(self) -> Mapping[str, bytes]:
        """Every file, hidden ones too."""
        return {path: file.data for path, file in self._files.items()}

    def _take(self, old: str, new: str) -> None:
        self._tick += 1
        file = self._files.pop(old)
        self._files[new] = replace(file, stat=file.stat._replace(ctime_ns=self._tick))

    def _new_stat(self, data: bytes) -> Stat:
        self._tick += 1
        return Stat(len(data), self._tick, self._tick, self._tick)

    def _name(self, path: str) -> str:
        """The entry that ``path`` reaches: its own spelling, or where case is folded the
        one that is there."""
        if not self._fold_case or path in self._files:
            return path
        return next((p for p in self._files if _fold(p) == _fold(path)), path)

    def _behind_link(self, path: str) -> bool:
        return any(folder in self._links for folder in _parents(path))

    def _check_way(self, path: str) -> None:
        check_path(path)
        if self._behind_link(path):
            raise Unwritable("errors.unwritable.link", path=path)
        if any(folder in self._files for folder in _parents(path)):
            raise Unwritable("errors.unwritable.name", path=path, reason="Not a directory")
        if any(len(part.encode()) > 255 for part in path.split("/")):
            raise Unwritable("errors.unwritable.name", path=path, reason="File name too long")

    def _check_free(self, path: str) -> None:
        if self._name(path) in self._files or path in self._links or path in self._folders:
            raise Changed("errors.changed.exists", path=path)

    def _check_same(self, path: str, expected: bytes) -> None:
        current = self.read(path)
        if current is None:
            raise Changed("errors.changed.gone", path=path)
        if current != expected:
            raise Changed("errors.changed.bytes", path=path)

    def _check_writable(self, path: str) -> None:
        if not self._files[self._name(path)].mode & 0o222:
            raise Unwritable("errors.unwritable.readonly", path=path)

    def _check_refused(self, path: str) -> None:
        why = self._refused.get(path)
        if why is not None:
            folder = folder_of(path)
            raise Unwritable(f"errors.unwritable.{why}", path=path, folder=folder, reason=why)

    def _check_listable(self, inside: str) -> None:
        for folder in self._unreadable:
            if folder in self._folders and f"{folder}/".startswith(inside):
                raise Unreadable("errors.unreadable", path=folder, reason="Permission denied")

    def _make_parents(self, path: str) -> None:
        self._folders.update(_parents(path))


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(1, len(parts))]


def _is_visible(path: str, *, folder: bool = False) -> bool:
    *parents, last = path.split("/")
    hidden = any(is_hidden_name(part, folder=True) for part in parents)
    return not hidden and not is_hidden_name(last, folder=folder)


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
