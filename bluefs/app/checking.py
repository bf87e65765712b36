"""`check`: a workspace examined, and what can be mended planned and written.

Owns the gathering of what an examination reads, the plan of `--fix` and its carrying out. The
plan is made in memory until nothing is left to mend, so the diff shown is what will be written.
Refuses to touch anything that no Problem names, and to write at all if any file has changed
since it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bluefs.app.commands.plan import Log, Step, apply
from bluefs.app.workspace import Library, Snapshot
from bluefs.core.checks.examine import Examination, Sources, examine
from bluefs.core.checks.places import renames
from bluefs.core.codec.record import read_record
from bluefs.core.codes import workspace as codes
from bluefs.core.config import is_config
from bluefs.core.edit import EditRefused, apply_changes
from bluefs.core.errors import Changed, Unreadable
from bluefs.core.fixes import apply_fixes
from bluefs.core.frozen import dataclass, replace
from bluefs.core.layout import place
from bluefs.core.model import Config
from bluefs.core.ports import Files, Ids
from bluefs.core.problems import Fix, Problem

Admits = Callable[[str], bool]
Wants = Callable[[Problem], bool]

#: What `--fix` mends by more than a splice in the same file.
_PLANNED = frozenset({codes.MISSING_ID, codes.NAME_FORM, codes.BY_NAME})
#: A mended line may show a further fault of the same file; each round mends what shows. A file
#: has at most so many faults of the kind that hides others (codec.traps.MOST).
_ROUNDS = 40
#: Readings of the workspace before a file that changes under our eyes is told of. Each takes a
#: fraction of a second, and people save no faster.
_READINGS = 5


def is_mendable(problem: Problem) -> bool:
    """Whether `--fix` can mend it."""
    return problem.fixable or problem.code in _PLANNED


def gather(
    library: Library, snapshot: Snapshot | None = None, now: datetime | None = None
) -> Sources:
    """What is on disk now, records as ``snapshot`` has read them; ``now`` is the moment that
    filters are asked at. Raises Refused for a newer
    format."""
    snapshot = snapshot or library.snapshot()
    scan = snapshot.paths
    settings = {}
    unreadable = {}
    for path in sorted(scan):
        if is_config(path) or (path not in snapshot.data and _is_record(path, snapshot.config)):
            try:
                data = library.files.read(path)
            except Unreadable as error:
                unreadable[path] = str(error.fields.get("reason", ""))
                continue
            if data is not None and is_config(path):
                settings[path] = data
    readings = {p: r.record for p, r in snapshot.readings.items()}
    bare = {p for p, record in readings.items() if record is None or record.id is None}
    return Sources(
        settings=settings,
        data=snapshot.data,
        paths=scan,
        folders=snapshot.folders,
        names={r.path: r.id for r in snapshot.records if r.path in bare and r.id is not None},
        good={r.path: r for r in snapshot.records if r.path in snapshot.held},
        settled=_settled(library, [r.id for r in readings.values() if r is not None and r.id]),
        unreadable=unreadable,
        links=library.files.links(),
        fallback=snapshot.config,
        readings=snapshot.readings,
        now=now,
    )


def examined(
    library: Library, snapshot: Snapshot | None = None, now: datetime | None = None
) -> tuple[Sources, Examination]:
    """What was gathered, and what it says. Where somebody saves a file meanwhile, all is read
    again. Raises Refused for a newer format, Changed where there is no moment of rest."""
    for _ in range(_READINGS):
        try:
            sources = gather(library, snapshot, now)
            return sources, examine(sources)
        except Changed:
            snapshot = None
    sources = gather(library, now=now)
    return sources, examine(sources)


def _is_record(path: str, config: Config) -> bool:
    return place(path, config).kind in ("record", "document")


def _settled(library: Library, ids: Sequence[str]) -> frozenset[str]:
    """Git's paths, asked for only where an id stands twice."""
    if len(set(ids)) == len(ids):
        return frozenset()
    head = library.git.head()
    return frozenset(library.git.tree(head)) if head is not None else frozenset()


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str
    folder: bool


@dataclass(frozen=True, slots=True)
class Mending:
    """What `--fix` would do. ``writes`` is path -> (bytes found, bytes to be); the renames
    come after them, in their order. ``after`` is the workspace as it will be."""

    writes: Mapping[str, tuple[bytes, bytes]]
    renames: tuple[Rename, ...]
    after: Sources

    def __bool__(self) -> bool:
        return bool(self.writes or self.renames)


def _all(_: Problem) -> bool:
    return True


def plan_mending(sources: Sources, ids: Ids, admits: Admits, wants: Wants = _all) -> Mending:
    """Every Problem that ``wants`` asks for and that can be mended, in files that ``admits`` lets
    through. Pure but for the fresh ids."""
    now = sources
    for _ in range(_ROUNDS):
        mended = _round(now, ids, admits, wants)
        if not mended:
            break
        now = _with(now, mended)
    writes = {p: (d, n) for p, d, n in _differing(sources, now)}
    moves: list[Rename] = []
    found = examine(now)
    named = {p.path for p in found.problems if p.code is codes.NAME_FORM and wants(p)}
    for old, new in renames(found.survey):
        if admits(old) and old in named:
            move = Rename(old, new, folder=old in now.folders)
            moves.append(move)
            now = _moved(now, move)
    return Mending(writes, tuple(moves), now)


def _round(sources: Sources, ids: Ids, admits: Admits, wants: Wants) -> dict[str, bytes]:
    """path -> new bytes of the files that this round mends."""
    found: dict[str, bytes] = {}
    fixes: dict[str, list[Fix]] = {}
    bare = []
    examination = examine(sources)
    config = examination.survey.config
    for problem in examination.problems:
        if not (admits(problem.path) and wants(problem)):
            continue
        if problem.fix is not None:
            fixes.setdefault(problem.path, []).append(problem.fix)
        elif problem.code is codes.MISSING_ID:
            bare.append(problem.path)
    for path, some in fixes.items():
        data = sources.bytes_of(path)
        if data is not None and (new := _spliced(path, data, some, config, wants)) != data:
            found[path] = new
    for path in bare:
        if path not in found and (named := _named(path, sources, ids)) is not None:
            found[path] = named
    return found


def _spliced(path: str, data: bytes, fixes: Sequence[Fix], config: Config, wants: Wants) -> bytes:
    """The file with these Fixes, and with those that a record then still offers by itself:
    behind a tab may stand a stray colon. Ends where nothing changes any more."""
    record = _is_record(path, config)
    for _ in range(_ROUNDS):
        new = apply_fixes(data, fixes)
        if new == data or not record:
            return new
        data = new
        found = read_record(path, data, config).problems
        fixes = [problem.fix for problem in found if problem.fix is not None and wants(problem)]
    return data


def _named(path: str, sources: Sources, ids: Ids) -> bytes | None:
    """The file with its derived id, which every clone would give it, else with a new one."""
    try:
        return apply_changes(sources.data[path], {"id": sources.names.get(path) or ids.new()})
    except EditRefused:
        return None


def _with(sources: Sources, mended: Mapping[str, bytes]) -> Sources:
    """Mended settings may give every record another meaning."""
    same = mended.keys().isdisjoint(sources.settings)
    return replace(
        sources,
        readings={p: r for p, r in sources.readings.items() if same and p not in mended},
        settings={p: mended.get(p, d) for p, d in sources.settings.items()},
        data={p: mended.get(p, d) for p, d in sources.data.items()},
    )


def _differing(before: Sources, after: Sources) -> Iterator[tuple[str, bytes, bytes]]:
    for path in sorted({*before.settings, *before.data}):
        old, new = before.bytes_of(path), after.bytes_of(path)
        if old is not None and new is not None and old != new:
            yield path, old, new


def _moved(sources: Sources, move: Rename) -> Sources:
    def renamed(path: str) -> str:
        if path == move.old:
            return move.new
        under = move.folder and path.startswith(f"{move.old}/")
        return move.new + path.removeprefix(move.old) if under else path

    return replace(
        sources,
        readings={},
        data={renamed(p): d for p, d in sources.data.items()},
        settings={renamed(p): d for p, d in sources.settings.items()},
        paths=frozenset(map(renamed, sources.paths)),
        folders=frozenset(map(renamed, sources.folders)),
        names={renamed(p): i for p, i in sources.names.items()},
        good={renamed(p): replace(r, path=renamed(p)) for p, r in sources.good.items()},
        settled=frozenset(map(renamed, sources.settled)),
        unreadable={renamed(p): t for p, t in sources.unreadable.items()},
    )


def apply_mending(files: Files, log: Log, mending: Mending, at: float) -> int:
    """Write it; ``at`` is the clock's second. Returns how many files and folders changed.
    Raises Changed, Unwritable with no file changed."""
    moved = {move.old: move.new for move in mending.renames if not move.folder}
    steps = []
    for path in sorted({*mending.writes, *moved}):
        before, after = mending.writes.get(path) or (files.read(path),) * 2
        steps.append(Step(path, before, moved.get(path, path), after))
    count = apply(steps, "check --fix", files, log, at)
    for move in mending.renames:
        if move.folder:
            files.move_folder(move.old, move.new)
            count += 1
    return count


def chosen(problems: Iterable[Problem], admits: Admits, wants: Wants) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if admits(problem.path) and wants(problem))


def admitting(paths: Sequence[str]) -> Admits:
    """Lets through these files and whatever is below these folders; everything for none, and
    for the workspace itself (``.``)."""
    if not paths or "." in paths:
        return lambda _: True
    return lambda path: any(path == one or path.startswith(f"{one}/") for one in paths)


def files_of(sources: Sources, problems: Iterable[Problem], admits: Admits) -> tuple[str, ...]:
    """Paths of what was examined: settings, records, and whatever has a Problem besides."""
    read = {*sources.settings, *sources.data, *(problem.path for problem in problems)}
    return tuple(sorted(filter(admits, read)))


__all__ = [
    "Admits", "Examination", "Mending", "Rename", "Sources", "Wants", "admitting",
    "apply_mending", "chosen", "examine", "files_of", "gather", "is_mendable", "plan_mending",
]  # fmt: skip
