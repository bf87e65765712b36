"""The worktree on disk: the only module that writes in it.

Owns reading, scanning and guarded saving below one root folder. Refuses to follow symbolic
links, to leave the root, to enter ``.git``, to overwrite bytes nobody has read, and to leave a
half-written or temporary file behind. Knows nothing of records or Git.

A save goes: temporary file beside the target, fsync, compare with the bytes that were read,
rename, fsync of the folder. So a reader sees the old file or the new one, a crash loses
neither, and a watcher sees one *moved in*, which is readable at once.
"""

# Paths are text here: pathlib would normalise them, and is too slow for a scan.
# ruff: noqa: PTH100, PTH102, PTH105, PTH106, PTH108, PTH112, PTH114, PTH116, PTH117, PTH118
# ruff: noqa: PTH120
# ruff: noqa: PTH208

from __future__ import annotations

import errno
import os
import stat as modes
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from bluefs.adapters import large, renames
from bluefs.adapters.paths import check_path, folder_of, is_hidden, is_path, refusal
from bluefs.adapters.survey import glance, walk
from bluefs.core.errors import Changed, Unreadable, Unwritable
from bluefs.core.hints import TYPE_CHECKING, BinaryIO
from bluefs.core.patterns import pattern
from bluefs.core.seen import Listing, Paths, Stat

if TYPE_CHECKING:
    from bluefs.adapters.ahead import Ahead

#: A killed process leaves these; nothing else may be named so.
LEFTOVER = pattern(r"\.bluefs-[0-9a-f]{12}\.tmp\Z")
#: Seconds after which a temporary file cannot belong to a save that is still under way.
LEFTOVER_AGE = 3600.0

_WRITE_BITS = modes.S_IWUSR | modes.S_IWGRP | modes.S_IWOTH
#: Bytes above which a file is not read in passing.
_PLAIN_SIZE = 1 << 22
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


class Files:
    """The port ``Files`` over a folder. ``fsync=False`` is for tests: quicker, and a power
    cut may then lose a save (never mix two)."""

    def __init__(self, root: str | os.PathLike[str], *, fsync: bool = True) -> None:
        self.root = os.path.abspath(os.fspath(root))
        self._fsync = fsync
        self._ahead: Ahead | None = None

    def look_ahead(self) -> None:
        """The next survey begins now, in a process of its own."""
        from bluefs.adapters.ahead import Ahead

        self._ahead = Ahead(self.root)

    def scan(self, under: str = "") -> Mapping[str, Stat]:
        """Raises Unreadable where a folder cannot be listed: left out, its records would
        look deleted."""
        found: dict[str, Stat] = {}
        for prefix, entry in self._walk(under):
            if entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):
                    found[prefix + entry.name] = _stat(entry.stat(follow_symlinks=False))
        return found

    def folders(self) -> frozenset[str]:
        """Raises Unreadable as ``scan`` does."""
        return self.paths().folders

    def survey(self) -> Mapping[str, Listing]:
        """Raises Unreadable as ``scan`` does."""
        ahead, self._ahead = self._ahead, None
        return (ahead.take() if ahead is not None else None) or walk(self.root)

    def links(self) -> frozenset[str]:
        """Raises Unreadable as ``scan`` does."""
        return self.paths().links

    def paths(self) -> Paths:
        """Raises Unreadable as ``scan`` does."""
        return glance(self.root)

    def read(self, path: str) -> bytes | None:
        if not is_path(path):
            return None
        try:
            if self._behind_link(path):
                return None
            handle = os.open(self._full(path), _READ)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG or self.stat(path) is None:
                return None  # no such name can be; a symbolic link, a socket: no file of ours
            raise _unreadable(path, error) from error
        try:
            found = os.fstat(handle)
            return _read_all(handle, found.st_size) if modes.S_ISREG(found.st_mode) else None
        except OSError as error:
            raise _unreadable(path, error) from error
        finally:
            os.close(handle)

    def read_many(self, paths: Iterable[str]) -> Iterator[bytes | Unreadable | None]:
        """By way of an open folder, which spares the kernel the way to each file. Whatever is
        odd about one is left to ``read``."""
        now, handle = "", -1
        try:
            for path in paths:
                folder, _, name = path.rpartition("/")
                if folder != now or handle < 0:
                    if handle >= 0:
                        os.close(handle)
                    now, handle = folder, self._open_folder(path)
                yield (handle >= 0 and _read_in(handle, name)) or self._read_slowly(path)
        finally:
            if handle >= 0:
                os.close(handle)

    def _open_folder(self, path: str) -> int:
        """Of a file's path; -1 where it cannot be had."""
        with suppress(OSError):
            if is_path(path) and not self._behind_link(path):
                return os.open(os.path.dirname(self._full(path)), _FOLDER)
        return -1

    def _read_slowly(self, path: str) -> bytes | Unreadable | None:
        try:
            return self.read(path)
        except Unreadable as error:
            return error

    def stat(self, path: str) -> Stat | None:
        if not is_path(path):
            return None
        try:
            found = os.lstat(self._full(path))
        except OSError:
            return None
        return _stat(found) if modes.S_ISREG(found.st_mode) else None

    def write(self, path: str, data: bytes, expected: bytes | None) -> None:
        with refusal(path), self._folder_of(path, make=expected is None):
            mode = self._check_writable(path) if expected is not None else None
            with self._temporary(path, lambda file: file.write(data), mode) as temporary:
                if expected is None:
                    self._place_new(temporary, path)
                else:
                    self._check_same(path, expected)
                    os.replace(temporary, self._full(path))
            self._sync_folder(path)

    def move(self, old: str, new: str, expected: bytes) -> None:
        """On one file system this is one atomic step. A change of case alone counts as
        another name also where the file system folds case."""
        with refusal(new), self._folder_of(old), self._folder_of(new, make=True):
            self._check_same(old, expected)
            self._place_new(self._full(old), new)
            self._sync_folder(new)
            if os.path.dirname(old) != os.path.dirname(new):
                self._sync_folder(old)

    def delete(self, path: str, expected: bytes) -> None:
        """Raises Changed, Unwritable (also for a file without any write permission)."""
        with refusal(path), self._folder_of(path):
            self._check_same(path, expected)
            self._check_writable(path)
            os.unlink(self._full(path))
            self._sync_folder(path)

    def make_folder(self, path: str) -> None:
        """With its parents; no error where it is there already. Raises Unwritable."""
        check_path(path)
        with refusal(path), self._folder_of(f"{path}/x", make=True):
            pass

    def remove_folder(self, path: str) -> bool:
        """Remove an empty folder; False where it holds anything or is not there."""
        if not self._is_scanned(path):
            return False
        try:
            os.rmdir(self._full(path))
        except OSError:
            return False
        self._sync_folder(path)
        return True

    def move_folder(self, old: str, new: str) -> None:
        """Rename a folder with all it holds, in one atomic step, never onto something that
        is there. Raises Changed, Unwritable."""
        with refusal(new), self._folder_of(old), self._folder_of(new, make=True):
            if not os.path.isdir(self._full(old)) or os.path.islink(self._full(old)):
                raise Changed("errors.changed.gone", path=old)
            self._place_new(self._full(old), new)
            self._sync_folder(new)
            self._sync_folder(old)

    def digest(self, source: str) -> tuple[int, str]:
        return large.digest(self._source(source), source)

    def bring(self, source: str, path: str, sha: str) -> None:
        full = self._source(source)
        with (
            refusal(path),
            self._folder_of(path, make=True),
            self._temporary(path, lambda file: large.copy(full, source, file, sha), None) as made,
        ):
            self._place_new(made, path)
            self._sync_folder(path)

    def drop(self, path: str, sha: str) -> None:
        with refusal(path), self._folder_of(path):
            if self.stat(path) is None:
                raise Changed("errors.changed.gone", path=path)
            if self.digest(path)[1] != sha:
                raise Changed("errors.changed.bytes", path=path)
            self._check_writable(path)
            os.unlink(self._full(path))
            self._sync_folder(path)

    def _source(self, source: str) -> str:
        return source if os.path.isabs(source) else self._full(source)

    def anchor(self) -> str | None:
        try:
            for name in ("bluefs.yaml", ".git"):
                os.stat(os.path.join(self.root, name))
            return str(os.stat(self.root).st_dev)
        except OSError:
            return None

    def clean_leftovers(self, now: float) -> tuple[str, ...]:
        """Remove temporary files that a killed process left over an hour before ``now``
        (seconds since the epoch); returns their paths."""
        removed = []
        for folder in ("", *self.folders()):
            prefix = f"{folder}/" if folder else ""
            with suppress(OSError):
                names = [n for n in os.listdir(self._full(folder)) if LEFTOVER.match(n)]
                removed += [prefix + n for n in names if self._clean(prefix + n, now)]
        return tuple(sorted(removed))

    def _clean(self, path: str, now: float) -> bool:
        full = self._full(path)
        with suppress(OSError):
            if now - os.lstat(full).st_mtime > LEFTOVER_AGE:
                os.unlink(full)
                return True
        return False

    def _full(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root

    def _walk(self, under: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """(folder with its "/", entry) of all that may matter; folders before what they hold."""
        under = under.strip("/")
        if under and not self._is_scanned(under):
            return
        waiting = [under]
        while waiting:
            folder = waiting.pop()
            prefix = f"{folder}/" if folder else ""
            for entry in self._list(folder):
                yield prefix, entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(prefix + entry.name)

    def _is_scanned(self, folder: str) -> bool:
        hidden = any(part.startswith(".") for part in folder.split("/"))
        return is_path(folder) and not hidden and not self._behind_link(f"{folder}/x")

    def _list(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._full(folder)) as entries:
                return [entry for entry in entries if not is_hidden(entry)]
        except (FileNotFoundError, NotADirectoryError) as error:
            if folder:  # it went away meanwhile
                return []
            raise _unreadable(self.root, error) from error
        except OSError as error:
            raise _unreadable(folder or self.root, error) from error

    def _behind_link(self, path: str) -> bool:
        """Whether a folder on the way to ``path`` is a symbolic link."""
        at = path.find("/")
        while at > 0:
            if os.path.islink(self._full(path[:at])):
                return True
            at = path.find("/", at + 1)
        return False

    @contextmanager
    def _folder_of(self, path: str, *, make: bool = False) -> Iterator[None]:
        """Check the way to ``path``, making its folders where asked. Folders made for
        something that then fails are taken away: an empty folder would be a new list."""
        check_path(path)
        if self._behind_link(path):
            raise Unwritable("errors.unwritable.link", path=path)
        made = self._make_parents(path) if make else []
        try:
            self._check_folder(path)
            yield
        except BaseException:
            for folder in reversed(made):
                with suppress(OSError):
                    os.rmdir(folder)
            raise

    def _make_parents(self, path: str) -> list[str]:
        made: list[str] = []
        parts = path.split("/")[:-1]
        for n in range(1, len(parts) + 1):
            folder = "/".join(parts[:n])
            try:
                os.mkdir(self._full(folder))
            except FileExistsError:
                if not os.path.isdir(self._full(folder)):
                    raise Unwritable("errors.unwritable.name", path=path) from None
                continue
            made.append(self._full(folder))
            self._sync_folder(folder)
        return made

    @contextmanager
    def _temporary(
        self, path: str, fill: Callable[[BinaryIO], object], mode: os.stat_result | None
    ) -> Iterator[str]:
        """A complete file beside ``path``, which ``fill`` wrote; gone afterwards, unless it was
        renamed."""
        folder = os.path.dirname(self._full(path))
        temporary = f"{folder}/.bluefs-{os.urandom(6).hex()}.tmp"
        handle = os.open(temporary, _CREATE, 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                fill(file)
                file.flush()
                if mode is not None:
                    _keep_mode(handle, mode)
                if self._fsync:
                    os.fsync(handle)
            yield temporary
        finally:
            with suppress(OSError):
                os.unlink(temporary)

    def _check_writable(self, path: str) -> os.stat_result | None:
        """A rename would replace a read-only file without a word, and root passes every
        access check: so the mode bits decide too."""
        try:
            found = os.lstat(self._full(path))
        except FileNotFoundError:
            raise Changed("errors.changed.gone", path=path) from None
        if not found.st_mode & _WRITE_BITS:
            raise Unwritable("errors.unwritable.readonly", path=path)
        if not os.access(self._full(path), os.W_OK):
            # Opening it lets the system say why: another's file, an immutable one, the disk.
            os.close(os.open(self._full(path), os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
        return found

    def _check_folder(self, path: str) -> None:
        """As for a file: root would write into a folder that nobody may write in."""
        with suppress(FileNotFoundError, NotADirectoryError):
            if not os.stat(os.path.dirname(self._full(path))).st_mode & _WRITE_BITS:
                raise Unwritable("errors.unwritable.denied", path=path, folder=folder_of(path))

    def _check_same(self, path: str, expected: bytes) -> None:
        current = self.read(path)
        if current is None:
            raise Changed("errors.changed.gone", path=path)
        if current != expected:
            raise Changed("errors.changed.bytes", path=path)

    def _place_new(self, source: str, path: str) -> None:
        try:
            renames.rename_new(source, self._full(path))
        except FileExistsError:
            raise Changed("errors.changed.exists", path=path) from None

    def _sync_folder(self, path: str) -> None:
        if not self._fsync:
            return
        with suppress(OSError):  # some network file systems cannot; the data itself is synced
            handle = os.open(os.path.dirname(self._full(path)), os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _stat(found: os.stat_result) -> Stat:
    return Stat(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _read_all(handle: int, size: int) -> bytes:
    """To the end, also of a file that grows meanwhile."""
    parts = [os.read(handle, size + 1)]
    if len(parts[0]) == size:  # one more was asked for: this was the end
        return parts[0]
    while parts[-1]:
        parts.append(os.read(handle, 1 << 16))
    return b"".join(parts)


def _read_in(folder: int, name: str) -> bytes:
    """A plain file of an open folder; nothing where it is empty, or anything else is odd."""
    if not (name.isprintable() and name[:1] not in ("", ".")) and not is_path(name):
        return b""  # (nearly every name is seen to be one without its being taken apart)
    try:
        handle = os.open(name, _READ, dir_fd=folder)
    except OSError:
        return b""
    try:
        # Its end says as much as fstat and costs a fifth: a pipe has none, a device has 0 or, as
        # a folder has, an absurd one.
        size = os.lseek(handle, 0, os.SEEK_END)
        if not 0 < size < _PLAIN_SIZE:
            return b""
        data = os.pread(handle, size + 1, 0)
        return data if len(data) == size else b""
    except OSError:
        return b""
    finally:
        os.close(handle)


def _keep_mode(handle: int, old: os.stat_result) -> None:
    new = os.fstat(handle)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(PermissionError):
            os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, modes.S_IMODE(old.st_mode))


def _unreadable(path: str, error: OSError) -> Unreadable:
    return Unreadable("errors.unreadable", path=path, reason=error.strerror or str(error))
