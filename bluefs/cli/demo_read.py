"""What came of an act, read back: commits and their events from Git, mails from the spool, a
held file from disk.

Owns the reading; every value here stands in the workspace. Refuses to know what should be
there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from bluefs.app.docs import Doc, is_record, pair_docs
from bluefs.core.codec.record import read_record
from bluefs.core.diff import diff
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Config, Event, Record
from bluefs.core.ports import Commit

if TYPE_CHECKING:
    from bluefs.bootstrap import Home

#: Lines around a change.
_CONTEXT = 1
_TRAILER = "Bluefs-Rule"
#: The headers of a mail that are shown.
HEADERS = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "X-Bluefs-Rule")
#: event -> the key that a rule's trailer names it by, where it is not the event's own
_KEYS = {
    "moved": "list", "arrived": "list", "completed": "list", "reopened": "list",
    "tagged": "tags", "untagged": "tags", "assigned": "assignees", "unassigned": "assignees",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One record in one commit. ``rules`` are (rule's name, the events of the keys it wrote);
    ``events`` are the rest: what the person did. ``diff`` is unified."""

    before: Record | None
    after: Record | None
    events: tuple[Event, ...]
    rules: tuple[tuple[str, tuple[Event, ...]], ...]
    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One commit and what it changed."""

    commit: Commit
    changes: tuple[Change, ...] = field(default=())


def kept_since(home: Home, config: Config, old: str | None) -> list[Kept]:
    """The commits since ``old``, oldest first."""
    commits: list[Commit] = []
    head = home.git.head()
    for commit in home.git.first_parent_log(head) if head is not None else ():
        if commit.hex == old:
            break
        commits.append(commit)
    return [Kept(c, tuple(_changes(home, config, c))) for c in reversed(commits)]


def rules_of(kept: Sequence[Kept]) -> set[str]:
    """The rules that wrote, as the commits' trailers name them."""
    trailers = (t for k in kept for t in k.commit.trailers)
    return {value.split(" ", 2)[-1] for key, value in trailers if key == _TRAILER}


def _changes(home: Home, config: Config, commit: Commit) -> Iterator[Change]:
    parent = next(iter(home.git.parents(commit.hex)), None)
    changed = {
        path: blobs
        for path, blobs in home.git.diff(parent, commit.hex).items()
        if is_record(path, config)
    }
    data = home.git.blobs({b for pair in changed.values() for b in pair if b is not None})
    sides: list[dict[str, Doc]] = []
    for side in (0, 1):
        blobs = {path: both[side] for path, both in changed.items()}
        sides.append({p: _doc(p, data[b], config) for p, b in blobs.items() if b is not None})
    for old, new in pair_docs(sides[0], sides[1]).pairs:
        yield _change(sides[0].get(old or ""), sides[1].get(new or ""), config, commit)


def _doc(path: str, data: bytes, config: Config) -> Doc:
    return Doc(path, data, read_record(path, data, config).record)


def _change(old: Doc | None, new: Doc | None, config: Config, commit: Commit) -> Change:
    before, after = old.record if old else None, new.record if new else None
    record = after or before
    project = config.projects.get(record.project) if record is not None else None
    events = diff(before, after, project)
    rules: list[tuple[str, tuple[Event, ...]]] = []
    for rule, keys in _writers(commit, record):
        rules.append((rule, _wrote(before, after, events, keys)))
    by_rules = {id(event) for _, some in rules for event in some}
    rest = tuple(e for e in events if id(e) not in by_rules)
    return Change(before, after, rest, tuple(rules), _unified(old, new))


def _writers(commit: Commit, record: Record | None) -> Iterator[tuple[str, frozenset[str]]]:
    for key, value in commit.trailers:
        parts = value.split(" ", 2)
        if key == _TRAILER and len(parts) == 3 and record is not None and parts[0] == record.name:
            yield parts[2].partition("/")[2], frozenset(parts[1].split(","))


def _wrote(
    before: Record | None, after: Record | None, events: Sequence[Event], keys: frozenset[str]
) -> tuple[Event, ...]:
    """The events of these keys; of a new record, which has none, the values they hold."""
    if before is None and after is not None:
        return tuple(
            Event("changed", key, after=after.values[key])
            for key in sorted(keys & after.values.keys())
        )
    return tuple(e for e in events if _KEYS.get(e.kind, e.key) in keys)


def _unified(old: Doc | None, new: Doc | None) -> tuple[str, ...]:
    names = (f"a/{old.path}" if old else "/dev/null", f"b/{new.path}" if new else "/dev/null")
    was, now = (d.data.decode("utf-8", "replace").splitlines() if d else [] for d in (old, new))
    return tuple(unified_diff(was, now, *names, n=_CONTEXT, lineterm=""))


def spooled(root: str) -> dict[str, Path]:
    """Every mail in the spool, by its place in the workspace, in the order it went."""
    folder = Path(root) / ".bluefs" / "spool"
    found = sorted(folder.glob("*.eml"), key=lambda path: int(path.stem))
    return {path.relative_to(root).as_posix(): path for path in found}


def read_mail(path: Path) -> EmailMessage:
    from email.parser import BytesParser
    from email.policy import default

    message = BytesParser(policy=default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return message


@dataclass(frozen=True, slots=True)
class HeldFile:
    """``excerpt`` is the line at fault with a caret below; ``record`` the last good state,
    which is in force."""

    excerpt: tuple[str, ...]
    record: Record | None


def held_file(home: Home, config: Config, told: str) -> HeldFile | None:
    """The file that an engine's line ``PATH:LINE:COLUMN message`` speaks of, as it is now;
    None where it can be read (again)."""

    path = told.partition(".md:")[0] + ".md"
    library = home.library()
    snapshot = library.snapshot()
    if path not in snapshot.held:
        return None
    record = next((r for r in snapshot.records if r.path == path), None)
    problems = snapshot.readings[path].problems
    if not problems:
        return HeldFile((), record)
    first = problems[0]
    lines = snapshot.data[path].decode("utf-8", "replace").splitlines()
    gutter = f"{first.line} | "
    caret = " " * (len(gutter) + first.column - 1) + "^" * max(1, first.end - first.column)
    return HeldFile((f"{gutter}{lines[first.line - 1]}", caret), record)
