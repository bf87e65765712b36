"""`check`: a workspace examined.

Owns the gathering of what an examination reads, and which of its Problems and files somebody asks
for. Refuses to mend: `app.mending` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bluefs.app.docs import is_record
from bluefs.app.hidden import without_ignored
from bluefs.app.workspace import Library, Snapshot
from bluefs.core.checks.examine import Examination, Sources, examine
from bluefs.core.codes import workspace as codes
from bluefs.core.config import is_config
from bluefs.core.errors import Changed, Unreadable
from bluefs.core.model import Record
from bluefs.core.problems import Problem

Admits = Callable[[str], bool]
Wants = Callable[[Problem], bool]

#: What `--fix` mends by more than a splice in the same file.
_PLANNED = frozenset(
    {codes.MISSING_ID, codes.NAME_FORM, codes.BY_NAME, codes.UNKEPT, codes.UNNUMBERED}
)
#: Readings of the workspace before a file that changes under our eyes is told of. Each takes a
#: fraction of a second, and people save no faster.
_READINGS = 5


def is_mendable(problem: Problem) -> bool:
    """Whether `--fix` can mend it."""
    return problem.fixable or problem.code in _PLANNED


def seen(library: Library, now: Callable[[], datetime]) -> tuple[Sources, Examination]:
    """As ``examined``, for who only wants to know: most files are looked at, not read."""
    from bluefs.app.glancing import glanced

    sources = glanced(library)
    if sources is None:
        return examined(library, now=now())
    return sources, examine(sources)


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
        if is_config(path) or (path not in snapshot.data and is_record(path, snapshot.config)):
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
        folders=without_ignored(snapshot.folders, snapshot.readings, snapshot.config, library.git),
        names={r.path: r.id for r in snapshot.records if r.path in bare and r.id is not None},
        good={r.path: r for r in snapshot.records if r.path in snapshot.held},
        settled=_settled(library, [r.id for r in readings.values() if r is not None and r.id]),
        unreadable=unreadable,
        links=library.files.links(),
        fallback=snapshot.config,
        readings=snapshot.readings,
        now=now,
        dated=_dated(snapshot),
    )


def _dated(snapshot: Snapshot) -> Callable[[Record], Record] | None:
    """What puts the dates of the history into records, as the snapshot has them; None where
    nobody asks for any."""
    config = snapshot.config
    if not config.asks_history:
        return None
    from bluefs.core.past import dated_as

    known = {record.path: record for record in snapshot.records}
    return lambda record: dated_as(record, known.get(record.path), config)


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


def _settled(library: Library, ids: Sequence[str]) -> frozenset[str]:
    """Git's paths, asked for only where an id stands twice."""
    if len(set(ids)) == len(ids):
        return frozenset()
    head = library.git.head()
    return frozenset(library.git.tree(head)) if head is not None else frozenset()


def chosen(problems: Iterable[Problem], admits: Admits, wants: Wants) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if admits(problem.path) and wants(problem))


def admitting(paths: Sequence[str]) -> Admits:
    """Lets through these files and whatever is below these folders; everything for none, and
    for the workspace itself (``.``)."""
    if not paths or "." in paths:
        return lambda _: True
    return lambda path: any(path == one or path.startswith(f"{one}/") for one in paths)


def files_of(sources: Sources, problems: Iterable[Problem], admits: Admits) -> frozenset[str]:
    """Paths of what was examined: settings, records, and whatever has a Problem besides."""
    read = {
        *sources.settings,
        *sources.data,
        *sources.sound,
        *(problem.path for problem in problems),
    }
    return frozenset(filter(admits, read))


__all__ = [
    "Admits", "Examination", "Sources", "Wants", "admitting", "chosen", "examine", "examined",
    "files_of", "gather", "is_mendable", "seen",
]  # fmt: skip
