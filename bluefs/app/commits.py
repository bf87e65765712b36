"""What the engine commits, and the message it gives it. Exactly the handled bytes of exactly
the paths that are finished; the message is made of the events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bluefs.app.world import World
from bluefs.core.layout import place
from bluefs.core.model import Config, Event, Record
from bluefs.core.phrases import Speaker, harmless, subject
from bluefs.core.ports import Author
from bluefs.core.words import plural, say

#: Above so many trailers a rule is named once, without its records (design: 500).
MANY_TRAILERS = 500
#: git's habit: a subject of 72 characters fits every log.
_SUBJECT = 72
#: Characters of a title that tell which record is meant.
_TITLE = 24

Changed = tuple[Record | None, Record | None, tuple[Event, ...]]
#: record -> (rule identity, keys it wrote)
Writers = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]


def describe(
    changes: Sequence[Changed], writers: Writers, config: Config, also: Sequence[str] = (),
    steps: Sequence[str] = (), *, deleted: bool = False,
) -> tuple[str, str]:  # fmt: skip
    """(subject, body) of a commit of these records; ``also`` are paths of other files, which
    are ``deleted`` or saved. ``steps`` say what it does as a whole, and come first."""
    spoken = [*((step, "") for step in steps), *(_worded(change, config) for change in changes)]
    if not spoken:
        kind = "removed" if deleted else "files"
        first = also[0]
        if not deleted and all(place(path, config).kind == "attachment" for path in also):
            kind, first = "attached", first.rpartition("/")[2]
        spoken = [(plural(f"engine.commit.{kind}", len(also), first=first), "")]
        also = also if len(also) > 1 or kind == "attached" else ()
    lines = [harmless(line) for line, _ in spoken]
    if len(lines) == 1:
        head, rest = lines[0], [harmless(spoken[0][1])] if spoken[0][1] else []
    elif steps:
        head, *rest = [_with(line, more) for line, more in spoken]
    else:
        record = changes[0][1] or changes[0][0]
        title = harmless(record.title) if record is not None else ""
        head = say(f"engine.commit.records{_done_to(changes)}", count=len(lines), first=title)
        rest = [_with(line, more) for line, more in spoken]
    rest += [harmless(path) for path in also]
    if len(head) > _SUBJECT and len(changes) == 1 and not steps:
        short = _with_short_title(head, changes[0])
        head, rest = (short, [head, *rest]) if short is not None else (head, rest)
    if len(head) > _SUBJECT:
        head, rest = head[: _SUBJECT - 2].rstrip(" ,:") + " …", [head, *rest]
    blocks = ["\n".join(rest), "\n".join(trailers(writers))]
    return head, "\n\n".join(block for block in blocks if block)


def _done_to(changes: Sequence[Changed]) -> str:
    """What was done to all of them alike, as the end of a key: ``.deleted``, ``.created``."""
    if all(after is None for _, after, _ in changes):
        return ".deleted"
    return ".created" if all(before is None for before, _, _ in changes) else ""


def _with_short_title(head: str, change: Changed) -> str | None:
    """The subject with its record's title cut, so that what was done stays in it; None where
    there is too much else."""
    record = change[1] or change[0]
    title = harmless(record.title) if record is not None else ""
    room = len(title) - (len(head) - _SUBJECT)
    if room < _TITLE or title not in head:
        return None
    return head.replace(title, title[: room - 1].rstrip(" ,:") + "…", 1)


def _with(line: str, more: str) -> str:
    return harmless(say("engine.commit.changed", title=line, rest=more) if more else line)


def _no_time(config: Config) -> datetime:
    """A commit's message is read on any day: no date in it is near to any other."""
    return datetime.min.replace(tzinfo=config.workspace.zone)


def _worded(change: Changed, config: Config) -> tuple[str, str]:
    before, after, events = change
    record = after or before
    if record is None:
        return "", ""
    return subject(before, after, events, Speaker.of(record, config, _no_time(config)))


def trailers(writers: Writers) -> Iterable[str]:
    """``Bluefs-Rule: ID KEY,KEY project/rule name`` for each record and rule."""
    pairs = [(record, rule, keys) for record, rules in writers.items() for rule, keys in rules]
    if len(pairs) > MANY_TRAILERS:
        return sorted({f"Bluefs-Rule: {rule}" for _, rule, _ in pairs})
    return [f"Bluefs-Rule: {record} {','.join(keys)} {rule}" for record, rule, keys in pairs]


def write_commit(
    world: World, changes: Mapping[str, bytes | None], subject: str, body: str,
    author: Author, parent: str | None,
) -> str:  # fmt: skip
    """One commit on HEAD. Returns its hex. Raises Blocked."""
    message = f"{subject}\n\n{body}\n" if body else f"{subject}\n"
    return world.git.commit(changes, message, author, parent)
