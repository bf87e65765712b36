"""Finds the workspace and builds the adapters; nothing else. Every import of an adapter is
inside the function that needs it, so a command pays only for what it uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pathlib import Path

    from bluefs.adapters.ask import Asks
    from bluefs.adapters.files import Files
    from bluefs.adapters.git import Git
    from bluefs.adapters.ids import SystemIds
    from bluefs.adapters.journal import Journal
    from bluefs.adapters.lock import FileLock
    from bluefs.adapters.outbox import SqliteOutbox
    from bluefs.adapters.watch import FolderWatch
    from bluefs.app.commands.plan import Touched
    from bluefs.app.indexing import Progress
    from bluefs.app.workspace import Library
    from bluefs.app.world import World
    from bluefs.core.ports import Index, State


@dataclass
class Home:
    """A workspace on this machine. Its adapters are made when first asked for."""

    root: str
    git_dir: str
    common_dir: str
    fsync: bool = True
    algorithm: str | None = None  # of the repository's hashes; None: Git is asked again
    also: tuple[tuple[str, str], ...] = ()  # GIT_* variables that belong to this repository

    @property
    def own(self) -> str:
        """bluefs' folder in the worktree's Git directory."""
        return f"{self.git_dir}/bluefs"

    @property
    def common(self) -> str:
        """bluefs' folder in the common Git directory."""
        return f"{self.common_dir}/bluefs"

    @cached_property
    def files(self) -> Files:
        from bluefs.adapters.files import Files

        return Files(self.root, fsync=self.fsync)

    @cached_property
    def git(self) -> Git:
        from bluefs.adapters.repository import Found, LazyGit

        if self.algorithm is None:
            from bluefs.adapters.git import Git

            return Git(self.root)
        found = Found(self.root, self.git_dir, self.common_dir, self.algorithm, self.also)
        return cast("Git", LazyGit(found))

    @cached_property
    def outbox(self) -> SqliteOutbox:
        from bluefs.adapters.clock import SystemClock
        from bluefs.adapters.outbox import SqliteOutbox

        return SqliteOutbox(f"{self.common}/outbox.sqlite", SystemClock())

    @cached_property
    def journal(self) -> Journal:
        from bluefs.adapters.journal import Journal

        return Journal(f"{self.own}/journal")

    @cached_property
    def ids(self) -> SystemIds:
        from bluefs.adapters.ids import SystemIds

        return SystemIds()

    @cached_property
    def log(self) -> JournalLog:
        return JournalLog(self.journal)

    @cached_property
    def lock(self) -> FileLock:
        from bluefs.adapters.clock import SystemClock
        from bluefs.adapters.lock import FileLock

        return FileLock(f"{self.own}/lock", SystemClock())

    @cached_property
    def asks(self) -> Asks:
        from bluefs.adapters.ask import Asks

        return Asks(f"{self.own}/ask", self.lock)

    @cached_property
    def trust(self) -> JsonMemo:
        return JsonMemo(f"{self.common}/trust.json")

    def state(self, *, writer: bool) -> State:
        """The handled states. Only who holds the engine's lock may be the writer."""
        from bluefs.adapters.late import Late

        def make() -> State:
            from bluefs.adapters.state import SqliteState

            return SqliteState(f"{self.own}/state.sqlite", writer=writer)

        return cast("State", Late(make))

    @cached_property
    def index(self) -> Index | None:
        """What was read of the files; None where ``BLUEFS_INDEX=0`` asks to do without."""
        from bluefs.adapters.late import Late

        if os.environ.get("BLUEFS_INDEX") == "0":
            return None

        def make() -> Index:
            from bluefs.adapters.index import SqliteIndex

            return SqliteIndex(f"{self.own}/index.sqlite", reader_version())

        return cast("Index", Late(make))

    def library(self, progress: Progress = lambda done, total: None) -> Library:
        """The workspace as commands read it."""
        from bluefs.app.workspace import Library

        state = self.state(writer=False)
        return Library(self.files, self.git, state, self.index, progress, _share)

    def still_library(self, commit: str | None) -> Library:
        """The workspace as this commit has it (an id), or, for None, Git's index. Raises Refused
        where it holds no ``bluefs.yaml``, Blocked."""
        from bluefs.app.workspace import Library

        files, git = self.git.still(commit)
        if files.read("bluefs.yaml") is None:
            if commit is None:
                raise Refused("changes.bare_index")
            raise Refused("changes.bare_commit", commit=commit[:12])
        return Library(cast("Any", files), cast("Any", git))

    def watch(self) -> FolderWatch:
        from bluefs.adapters.watch import FolderWatch

        return FolderWatch(self.root, self.git_dir, self.common_dir)

    def world(self, env: Mapping[str, str] | None = None, *, writer: bool = True) -> World:
        """Everything the engine needs. Hold the lock before you let it act; ``writer`` False
        is for commands that only look."""
        import socket

        from bluefs.adapters.clock import SystemClock
        from bluefs.adapters.ids import SystemIds
        from bluefs.adapters.mail import mailer_for
        from bluefs.app.rows import CachedState
        from bluefs.app.world import World

        url = (os.environ if env is None else env).get("BLUEFS_SMTP_URL") or None
        return World(
            self.files, self.git, CachedState(self.state(writer=writer)), self.outbox,
            mailer_for(url, f"{self.root}/.bluefs/spool"), SystemClock(), SystemIds(),
            self.trust, JournalCommands(self.journal), f"{_user()}@{socket.gethostname()}",
            self.index if writer else None,
        )  # fmt: skip


def _share(work: Callable[[Any], Any], parts: Sequence[Any]) -> Iterator[Any]:
    """Work for one is done by one: most commands have little to read, or nothing."""
    if len(parts) < 2:
        return map(work, parts)
    from bluefs.adapters.crew import share

    return share(work, parts)


#: Where the code lies that decides how a file is read and kept.
_READERS = (
    "core", "core/codec", "core/fields", "core/when", "core/config", "core/query",
    "core/query/sql", "adapters",
)  # fmt: skip

#: Packages that may be there, and say more of a value if they are.
_EXTRAS = ("phonenumbers",)


def reader_version() -> str:
    """Names the code that reads files. The version alone would not do: in a checkout the code
    changes without it."""
    from importlib.util import find_spec

    from bluefs import __version__
    from bluefs.core.sums import blake2b

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    times = []
    for folder in _READERS:
        with os.scandir(f"{here}/{folder}") as entries:
            found = [e for e in entries if e.name.endswith(".py")]
        times += [(e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in found]
    for extra in _EXTRAS:
        spec = find_spec(extra)
        if spec is not None and spec.origin is not None:
            found_at = os.stat(spec.origin)  # noqa: PTH116
            times.append((extra, found_at.st_size, found_at.st_mtime_ns))
    digest = blake2b(repr(sorted(times)).encode(), digest_size=8).hexdigest()
    return f"{__version__} {digest}"


class JsonMemo:
    """A small map in one JSON file, replaced whole."""

    def __init__(self, file: str) -> None:
        self._file = file

    def read(self) -> Mapping[str, object]:
        import json
        from pathlib import Path

        try:
            found = json.loads(Path(self._file).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, values: Mapping[str, object]) -> None:
        import json

        from bluefs.adapters import local

        local.make_folder(os.path.dirname(self._file))  # noqa: PTH120
        local.replace(self._file, json.dumps(values, ensure_ascii=False).encode())


class JournalCommands:
    """What commands have written, read on from the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._offset = 0
        self._wrote: dict[str, str] = {}

    def wrote(self, path: str, sha: str) -> bool:
        entries, self._offset = self._journal.since(self._offset)
        for entry in entries:
            if entry.after_sha is not None:
                self._wrote[entry.to or entry.path] = entry.after_sha
        return self._wrote.get(path) == sha

    def follow(self, path: str, to: str, before: bytes, after: bytes) -> None:
        """A line of the journal, where a command wrote the bytes that were there."""
        import time
        from contextlib import suppress

        from bluefs.adapters.journal import Entry
        from bluefs.app.commands.undo import ENGINE

        old, new = _sha(before), _sha(after)
        if old is None or not self.wrote(path, old):
            return
        link = Entry(time.time(), ENGINE, path, to if to != path else None, old, new, before)
        with suppress(OSError):  # the rule's write matters more than its undoing
            self._journal.append([link])


class JournalLog:
    """What a command is about to do, noted in the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def note(self, at: float, command: str, touched: Sequence[Touched]) -> None:
        """Durable when this returns. Raises Unwritable."""
        from bluefs.adapters.journal import Entry
        from bluefs.adapters.paths import refusal

        entries = [
            Entry(
                at, command, t.path, t.to if t.to != t.path else None,
                t.sha if t.moves else _sha(t.before), t.sha or _sha(t.after), t.before,
            )
            for t in touched
        ]  # fmt: skip
        with refusal(self._journal.file):
            self._journal.append(entries)


def _sha(data: bytes | None) -> str | None:
    from hashlib import sha256

    return None if data is None else sha256(data).hexdigest()


def _user() -> str:
    try:
        import getpass

        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def find(start: str | None = None, *, bare: bool = False) -> Home:
    """The workspace that ``start`` (the current folder) lies in. Raises Refused where there
    is none, naming what is missing. ``bare``: the folder may be a repository's Git directory,
    and there need be no worktree: for who asks only for commits."""
    from bluefs.adapters.repository import find as find_repository
    from bluefs.adapters.repository import find_bare

    folder = os.path.join(os.getcwd(), start or "")  # noqa: PTH109, PTH118
    if not os.path.isdir(folder):  # noqa: PTH112
        raise Refused("refusals.no_folder", path=str(start))
    found = (find_bare(folder) if bare else None) or find_repository(folder)
    if found is None:
        from pathlib import Path

        here = Path(folder)
        above = next((p for p in (here, *here.parents) if (p / "bluefs.yaml").is_file()), None)
        if above is not None:
            raise Refused("errors.no_git", path=str(above))
        raise Refused("errors.no_workspace", path=str(here))
    if not bare and not os.path.isfile(f"{found.top}/bluefs.yaml"):  # noqa: PTH113
        raise Refused("errors.no_bluefs_yaml", path=found.top)
    durable = os.environ.get("BLUEFS_FSYNC") != "0"
    return Home(found.top, found.git_dir, found.common_dir, durable, found.algorithm, found.also)


@contextmanager
def repository(folder: str) -> Iterator[tuple[Files, Git, bool]]:
    """The repository whose top is ``folder``, made where there is none (then True). Whatever
    was made for it is taken away again if the block fails. Raises Refused inside another
    repository, Blocked."""
    from pathlib import Path

    from bluefs.adapters.files import Files
    from bluefs.adapters.git import Git, check_version
    from bluefs.adapters.paths import refusal

    path = Path(folder).absolute()
    check_version()
    _check_free(path)
    made = next((p for p in reversed((path, *path.parents)) if not p.exists()), None)
    fresh = made is not None or not (path / ".git").exists()
    local = not (path / ".bluefs").exists()
    try:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Refused("cli.init.failed", path=folder, reason=reason) from error
        with refusal(folder), Git.init(str(path)) if fresh else Git(str(path)) as git:
            yield Files(str(path), fsync=os.environ.get("BLUEFS_FSYNC") != "0"), git, fresh
    except BaseException:
        _take_away([made] if made else [path / ".git"] * fresh + [path / ".bluefs"] * local)
        raise


def _take_away(made: Sequence[Path]) -> None:
    import shutil

    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def _check_free(path: Path) -> None:
    from pathlib import Path

    from bluefs.adapters.git import Git

    above = next(p for p in (path, *path.parents) if p.exists())
    if not above.is_dir():
        raise Refused("cli.init.file", path=str(above))
    if (path / "bluefs.yaml").exists():
        raise Refused("cli.init.exists", path=str(path))
    found = Git.discover(str(above))
    if found is not None and Path(found[0]).resolve() != path.resolve():
        raise Refused("cli.init.inside", path=str(path), top=found[0])


def template(names: Sequence[str]) -> dict[str, bytes]:
    """path -> bytes of these projects of the packaged sample, with its ``bluefs.yaml``.
    Raises Refused where it is not there."""
    source = data_folder("sample-workspace")
    roots = [source / "bluefs.yaml", *(source / name for name in names)]
    missing = next((root.name for root in roots if not root.exists()), None)
    if missing is not None:
        raise Refused("cli.init.templates", name=missing)
    found = [p for root in roots for p in (root, *root.rglob("*")) if p.is_file()]
    return {p.relative_to(source).as_posix(): p.read_bytes() for p in found}


def schemas() -> dict[str, bytes]:
    """file name -> the JSON Schemas for editors."""
    return {p.name: p.read_bytes() for p in sorted(data_folder("schema").glob("*.json"))}


#: Containers say it in many ways; a person reads one.
_UTC = ("Etc/UTC", "Etc/UCT", "Etc/Zulu", "UCT", "Zulu", "Etc/Universal", "Universal")


def local_zone() -> str:
    """This machine's time zone by name; UTC where it does not say."""
    from pathlib import Path
    from zoneinfo import ZoneInfo

    wanted = os.environ.get("TZ", "").removeprefix(":")
    if not wanted:
        _, _, wanted = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    try:
        ZoneInfo(wanted)
    except (ValueError, KeyError, OSError):
        return "UTC"
    return "UTC" if wanted in _UTC else wanted


def data_folder(name: str) -> Path:
    """The packaged ``schema`` or ``sample-workspace``: inside the wheel, or in a checkout."""
    from pathlib import Path

    here = Path(__file__).parent
    packaged = here / "data" / name
    return packaged if packaged.is_dir() else here.parent / name
