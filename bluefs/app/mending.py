"""`check --fix`: what can be mended, planned and written.

The plan is made in memory until nothing is left to mend, so the diff shown is what will be
written. Refuses to touch anything that no Problem names, and to write at all if any file has
changed since it was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bluefs.app.checking import Admits, Wants
from bluefs.app.commands.plan import Log, Step, apply
from bluefs.app.docs import is_record
from bluefs.app.numbering import Ages, numbered
from bluefs.core.checks.examine import Sources, examine
from bluefs.core.checks.places import renames
from bluefs.core.codec.record import read_record
from bluefs.core.codes import workspace as codes
from bluefs.core.config import is_config
from bluefs.core.edit import EditRefused, apply_changes
from bluefs.core.fixes import apply_fixes
from bluefs.core.frozen import dataclass, replace
from bluefs.core.model import Config
from bluefs.core.ports import Files, Ids
from bluefs.core.problems import Fix, Problem

#: A mended line may show a further fault of the same file; each round mends what shows. A file
#: has at most so many faults of the kind that hides others (codec.traps.MOST).
_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str
    folder: bool


@dataclass(frozen=True, slots=True)
class Mending:
    """What `--fix` would do. ``writes`` is path -> (bytes found, bytes to be); the renames
    come after them, in their order, and the empty files ``made``. ``after`` is the workspace as
    it will be."""

    writes: Mapping[str, tuple[bytes, bytes]]
    renames: tuple[Rename, ...]
    after: Sources
    made: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.writes or self.renames or self.made)


def _all(_: Problem) -> bool:
    return True


def plan_mending(
    sources: Sources, ids: Ids, admits: Admits, wants: Wants = _all, ages: Ages = dict
) -> Mending:
    """Every Problem that ``wants`` asks for and that can be mended, in files that ``admits`` lets
    through, and numbers once all else is mended. Pure but for the fresh ids."""
    now = sources
    for _ in range(_ROUNDS):
        mended = _round(now, ids, admits, wants)
        if not mended:
            break
        now = _with(now, mended)
    given = numbered(now, ids, ages, admits, wants)
    now = _with(now, given) if given else now
    writes = {p: (d, n) for p, d, n in _differing(sources, now)}
    moves: list[Rename] = []
    found = examine(now)
    named = {p.path for p in found.problems if p.code is codes.NAME_FORM and wants(p)}
    for old, new in renames(found.survey):
        if admits(old) and old in named:
            move = Rename(old, new, folder=old in now.folders)
            moves.append(move)
            now = _moved(now, move)
    unkept = (p for p in examine(now).problems if p.code is codes.UNKEPT)
    made = tuple(f"{p.path}/.gitkeep" for p in unkept if admits(p.path) and wants(p))
    now = replace(now, paths=now.paths | {*made}) if made else now
    return Mending(writes, tuple(moves), now, made)


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
    record = is_record(path, config)
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
    # settings first: killed in between, a number is lost and none is given twice
    for path in sorted({*mending.writes, *moved}, key=lambda path: (not is_config(path), path)):
        before, after = mending.writes.get(path) or (files.read(path),) * 2
        steps.append(Step(path, before, moved.get(path, path), after))
    made = [Step(path, None, path, b"") for path in mending.made]
    count = apply(steps, "check --fix", files, log, at)
    for move in mending.renames:
        if move.folder:
            files.move_folder(move.old, move.new)
            count += 1
    return count + apply(made, "check --fix", files, log, at) if made else count
