"""The state of a workspace on this machine, gathered for `status` and for `bluefs` alone.

Owns what is asked of whom: nothing here waits for the engine, and nothing is written. Refuses
to word anything.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

from bluefs.app.trust import load_trust, needs_trust, rules_hash
from bluefs.app.workspace import Library, Snapshot
from bluefs.app.world import Memo
from bluefs.core.config import is_config
from bluefs.core.errors import Blocked, BluefsError
from bluefs.core.frozen import dataclass, field
from bluefs.core.layout import place
from bluefs.core.model import Config
from bluefs.core.ports import Git, Outbox
from bluefs.core.problems import Problem

#: A message of the catalogue: its key and its fields.
Said = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Trusted:
    """``state``: none_needed, missing, changed (the rules, since it was given), given."""

    state: str
    at: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """``branch`` is the short name, None where HEAD is detached. ``obstacle`` is the key of
    what keeps the engine from acting (``git.busy.merge``), with its fields; ``damage`` the
    same of an outbox that cannot be read. ``ahead`` and ``behind`` are counted against
    ``upstream``."""

    branch: str | None
    obstacle: Said | None
    uncommitted: tuple[str, ...]
    upstream: str | None
    ahead: int
    behind: int
    outbox: Mapping[str, int]
    trust: Trusted
    held: Mapping[str, Problem | None] = field(default_factory=dict)
    paused: int = 0
    nameless: tuple[str, ...] = ()
    damage: Said | None = None


def overview(library: Library, snapshot: Snapshot, outbox: Outbox | None, trust: Memo) -> Overview:
    """Everything at once. ``outbox`` None: there is none yet."""
    git = library.git
    branch, upstream = git.branch(), git.upstream()
    counts = git.ahead_behind(upstream) if upstream is not None else None
    letters, damage = _letters(outbox)
    return Overview(
        branch=branch.removeprefix("refs/heads/") if branch is not None else None,
        obstacle=_obstacle(git, branch),
        uncommitted=uncommitted(library, snapshot),
        upstream=upstream,
        ahead=counts[0] if counts else 0,
        behind=counts[1] if counts else 0,
        outbox=letters,
        damage=damage,
        trust=_trusted(library, snapshot, trust),
        held=_held(snapshot),
        paused=paused(library),
        nameless=_nameless(snapshot),
    )


def _letters(outbox: Outbox | None) -> tuple[Counter[str], Said | None]:
    """How many letters are in each state; a status must be shown without them too."""
    try:
        letters = outbox.letters() if outbox is not None else ()
    except BluefsError as error:
        return Counter(), (error.key, error.fields)
    return Counter(letter.state for letter in letters), None


def _obstacle(git: Git, branch: str | None) -> Said | None:
    busy = git.busy()
    if busy is not None:
        return f"git.busy.{busy}", {}
    if branch is None:
        return "engine.detached", {}
    try:
        mark = git.read_mark()
    except Blocked as error:
        return error.key, error.fields
    if mark is not None and mark.branch != branch:
        short = mark.branch.removeprefix("refs/heads/")
        return "engine.off_branch", {"branch": short, "short": short}
    return None


def uncommitted(library: Library, snapshot: Snapshot) -> tuple[str, ...]:
    """Records, documents and settings whose bytes are not HEAD's; deleted ones too."""
    git = library.git
    head = git.head()
    tree: Mapping[str, str] = git.tree(head) if head is not None else {}
    blobs = dict(snapshot.blobs)
    for path in snapshot.paths:
        if is_config(path) and (found := library.files.read(path)) is not None:
            blobs[path] = git.hash_blob(found)
    changed = {path for path, blob in blobs.items() if tree.get(path) != blob}
    lost = (path for path in tree if path not in snapshot.paths)
    gone = {path for path in lost if _is_ours(path, snapshot.config)}
    return tuple(sorted(changed | gone))


def _is_ours(path: str, config: Config) -> bool:
    """Not of files that no scan sees, such as ``.draft.md``: they are there all the time."""
    return is_config(path) or place(path, config).kind in ("record", "document")


def _trusted(library: Library, snapshot: Snapshot, memo: Memo) -> Trusted:
    """By the rules that HEAD holds, as the engine judges them."""
    trust = load_trust(memo)
    if not trust.hashes:
        return Trusted("missing" if needs_trust(snapshot.config) else "none_needed")
    head = library.git.head()
    tree = library.git.tree(head) if head is not None else {}
    blobs = {path: blob for path, blob in tree.items() if is_config(path)}
    data = library.git.blobs(set(blobs.values()))
    rules = rules_hash({path: data[blob] for path, blob in blobs.items()})
    return Trusted("given" if trust.covers(rules) else "changed", trust.at, trust.by)


def _held(snapshot: Snapshot) -> dict[str, Problem | None]:
    """Records and settings whose last good state is in force, each with why; None where the
    file is empty."""
    found = {path: _reason(snapshot.readings[path].problems) for path in snapshot.held}
    for path in snapshot.loaded.broken:
        found[path] = _reason(p for p in snapshot.loaded.problems if p.path == path)
    return dict(sorted(found.items()))


def _reason(problems: Iterable[Problem]) -> Problem | None:
    return min(problems, key=lambda p: (p.level != "error", p.line, p.column), default=None)


def paused(library: Library) -> int:
    """How many deletions paused the engine; 0 while it is not paused."""
    note = library.state.note("paused") if library.state is not None else None
    return len(json.loads(note)) if note else 0


def _nameless(snapshot: Snapshot) -> tuple[str, ...]:
    """Records whose file holds no id."""
    bare = (
        r.path for r in snapshot.records
        if (read := snapshot.readings.get(r.path)) is not None
        and read.record is not None and not read.empty and read.record.id is None
    )  # fmt: skip
    return tuple(sorted(bare))
