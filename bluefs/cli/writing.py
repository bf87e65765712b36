"""What the writing commands share: which records are meant, asking before many change, the
dry run, saying what was done.

Data goes to stdout, talk to stderr. Piped, nothing is asked: a command on more than ten
records exits 2 and names ``--yes``.
"""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import click

from bluefs.app.commands import Scene, Step, apply
from bluefs.app.commands.kept import check_bulk, check_kept
from bluefs.app.commands.plan import Work
from bluefs.cli.asking import read_query
from bluefs.cli.base import App
from bluefs.cli.picking import meant, pick
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Changed, Refused
from bluefs.core.fields.required import missing
from bluefs.core.hints import TypeVar
from bluefs.core.jsontext import render_array
from bluefs.core.matching import nearest
from bluefs.core.model import Record
from bluefs.core.words import fill, has, plural, say

#: More records than this at once are asked for.
MANY = 10
#: How often somebody may save a file between our reading and our writing it.
_TRIES = 5
#: Records whose missing fields are named one by one.
_NAMED = 3

F = TypeVar("F", bound=Callable[..., object])
P = TypeVar("P")


def writing_options(command: F) -> F:
    """``--where``, ``-n``, ``-y`` and ``--json``, the same for every writing command."""
    for option in (
        click.option("--json", "as_json", is_flag=True),
        click.option("-y", "--yes", is_flag=True),
        click.option("-n", "--dry-run", is_flag=True),
        click.option("--where", metavar="QUERY"),
    ):
        command = option(command)
    return command


def scene_of(app: App) -> Scene:
    """What the words typed are read against."""
    return Scene(app.without_rules().snapshot, app.now, app.me, app.inside)


def chosen(app: App, names: Sequence[str], where: str | None) -> list[Record]:
    """The records named by REFs (``-``: one on each line of standard input) or by a query,
    each once. Raises Refused."""
    if where is not None:
        if names:
            raise Refused("cli.ref.both")
        return _answering(app, where)
    texts = [text for name in names for text in (_lines() if name == "-" else [name])]
    if not texts and "-" not in names:
        texts = [pick(app)]
    found = {r.path: r for r in (meant(app, text) for text in texts)}
    return list(found.values())


def _answering(app: App, where: str) -> list[Record]:
    config = app.config
    query = read_query([where], config, list(config.projects.values()), app.snapshot)
    found = list(app.snapshot.select(query, app.now, app.me))
    if not found:
        talk(say("cli.query.empty", query=where))
    return found


def _lines() -> list[str]:
    return [line.strip() for line in sys.stdin if line.strip()]


def planned(records: Iterable[Record], plan: Callable[[Record], Step]) -> list[Step]:
    """The steps of all records. Raises Refused, naming the file that cannot be edited."""
    return [planned_of(record.path, lambda record=record: plan(record)) for record in records]  # type: ignore[misc]


def planned_new(plan: Callable[[], Step]) -> Step:
    """The step of a new record. Raises Refused."""
    return planned_of(None, plan)


def planned_of(path: str | None, plan: Callable[[], P]) -> P:
    """Any plan; where the file cannot be edited it is named. Raises Refused."""
    try:
        return plan()
    except EditRefused as error:
        if path is None:
            raise
        raise _about(path, error) from error


def _about(path: str, error: EditRefused) -> Refused:
    message = fill(error.key, error.fields)
    remedy = f"{error.key}.remedy"
    if not has(remedy):
        return Refused("cli.edit.refused.bare", path=path, message=message)
    return Refused("cli.edit.refused", path=path, message=message, hint=fill(remedy, error.fields))


def carried_out(
    app: App, command: str, steps: list[Step], *, dry_run: bool, yes: bool,
    first: Sequence[Work] = (), then: Sequence[Work] = (),
) -> bool:  # fmt: skip
    """Carry the steps out, unless this is a dry run; asks where they are many. ``first`` and
    ``then`` are what goes before and after them (attachments). Where the engine or a person has
    saved a file since it was read, its step is made once more on what stands there, unless it
    would change what they changed; such a step takes the place of the first. Returns whether
    anything was written. Raises Refused, Changed, Unwritable."""
    count = sum(step.changed for step in steps)
    check_bulk(app.snapshot, steps)
    if dry_run or not count:
        return False
    if count > MANY and not yes:
        if not app.asks():
            raise Refused("cli.many", count=count)
        from bluefs.cli.agreeing import agree

        key = f"cli.many.ask.{command}"
        agree(say(key if has(key) else "cli.many.ask", count=count))
    check_kept(fresh_paths(steps), app.config, app.home.git)
    for _ in range(_TRIES):
        try:
            run_plan(app, [*first, *steps, *then], command)
            return True
        except Changed:
            from bluefs.app.commands.editing import again

            fresh = again(scene_of(app), steps, app.home.files.read, lambda id: _path(app, id))
            if fresh == steps:
                raise
            steps[:] = fresh
    run_plan(app, [*first, *steps, *then], command)
    return True


def _path(app: App, id: str) -> str | None:
    """Where the record is now."""
    found = app.library.snapshot().by_id(id)
    return found.path if found is not None else None


def run_plan(app: App, work: Sequence[Work], command: str) -> None:
    """Carry a plan out; ^C between two files takes it back. Raises Changed, Unwritable."""
    with interrupt_between() as go_on:
        apply(work, command, app.home.files, app.home.log, app.clock(), go_on)


def fresh_paths(steps: Sequence[Step]) -> list[str]:
    """Paths that these steps put something at where it was not."""
    return [s.to for s in steps if s.to is not None and (s.before is None or s.to != s.path)]


@contextmanager
def interrupt_between() -> Iterator[Callable[[], None]]:
    """Inside, ^C waits for a call of what is given: a file is written whole, or not at all,
    and all that is written can be taken back."""
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    def go_on() -> None:
        if asked:
            raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:  # not the main thread: no signal comes here
        yield go_on
        return
    try:
        yield go_on
    finally:
        signal.signal(signal.SIGINT, before)


def concluded(app: App, steps: Sequence[Step], *, wrote: bool, dry_run: bool) -> None:
    """The one line at the end, where there is something to say."""
    if dry_run:
        talk(say("cli.dry_run"))
    elif not any(step.changed for step in steps):
        if steps:
            talk(say("cli.nothing"))
    elif wrote and app.home.lock.holder() is None:
        talk(say("cli.engine_off"))


def tell_missing(app: App, steps: Iterable[Step]) -> None:
    """Fields that are asked for where a record is now, and that were set or not asked for before.
    It is written all the same, and nobody has to wait for ``check`` to hear of it."""
    found = [(step.record, keys) for step in steps if (keys := _missing(app, step))]
    if len(found) > _NAMED:
        names = dict.fromkeys(key for _, keys in found for key in keys)
        talk(plural("writing.missing.many", len(found), names=", ".join(names)))
        return
    short = app.snapshot.short([r for r, _ in found])
    for record, keys in found:
        command = " ".join(["bluefs set", short.of(record.name), *(f"{key}=…" for key in keys)])
        talk(say("writing.missing", names=", ".join(keys), command=command))


def tell_tags(app: App, steps: Sequence[Step]) -> None:
    """Tags that are new in a project and much like one it has: taken, but perhaps mistyped."""
    told: set[str] = set()
    for step in steps:
        known = app.snapshot.project(step.record).tags
        held = step.was.tuple_of("tags") if step.was is not None else ()
        fresh = [t for t in step.record.tuple_of("tags") if t not in held and t not in known]
        for tag in fresh:
            near = None if tag in told else nearest(tag, known)
            told.add(tag)
            if near is not None:
                name = app.snapshot.short([step.record]).of(step.record.name)
                change = shlex.join(["bluefs", "set", name, f"tags-={tag}", f"tags+={near}"])
                talk(say("writing.tag", tag=tag, near=near, command=change))


def _missing(app: App, step: Step) -> tuple[str, ...]:
    was, now = step.was, step.now
    if now is None:
        return ()
    before = {field.key for field in missing(was, app.snapshot.project(was))} if was else set()
    keys = (field.key for field in missing(now, app.snapshot.project(now)))
    return tuple(key for key in keys if key not in before)


def show_json(app: App, records: Iterable[Record]) -> None:
    objects = map(app.viewer.as_json, records)
    app.screen.line(render_array(objects, ascii_only=not app.screen.unicode))


def show_steps(app: App, steps: Sequence[Step], words: Callable[[Step], str]) -> None:
    """One line for each record: id, title, what became of it."""
    short = app.snapshot.short([s.record for s in steps])
    titles = [one_line((s.was or s.record).title) for s in steps]
    width = min(40, max((len(t) for t in titles), default=0))
    paint = app.screen.paint
    for step, title in zip(steps, titles, strict=True):
        name = paint(short.of(step.record.name), "dim")
        app.screen.line(
            f"{name}  {paint(title, 'bold')}{' ' * (width - len(title))}   {words(step)}"
        )


def one_line(text: str) -> str:
    return " ".join(text.split())


def talk(text: str) -> None:
    """To stderr, in what it can show."""
    from bluefs.cli.screen import Screen

    Screen.of(sys.stderr).line(text)
