"""Bringing the index up to what lies on the disk.

Owns the comparison of a survey with what the index knows, the reading of what differs, and the
law that makes an answer from it worth as much as a fresh reading: it is given out only where one
view of it agrees, file by file, with one survey of the disk. Two processes that write at once
can only make each other compare again.

A file's row rests on its Stat and on its *scope*, a stamp of the settings it was read under.
A folder's *seal* stands for all of its files being as the rows say, so an unchanged folder costs
one comparison; it covers the settings that decide what its files are, too. What rests on more (a
last good state, an id out of history, whether Git ignores a file) is kept with what it rests on.
Files that changed a moment ago are *doubtful*: read again next time, and their folder not sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property

from bluefs.app.goods import Goods, is_blank
from bluefs.app.reading import (
    BARE,
    DOUBTFUL,
    EMPTY,
    HELD,
    HIDDEN,
    LOST,
    Outcome,
    Reader,
    Task,
    entry,
    entry_of,
    is_nameless,
    read_record,
)
from bluefs.core.codec.pack import Spot, unpack
from bluefs.core.errors import IndexLost
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.layout import place
from bluefs.core.model import Config, Project, Record
from bluefs.core.seen import Entry, IndexChange, Known, Listing, Row, Stat
from bluefs.core.sums import blake2b

if TYPE_CHECKING:
    from bluefs.core.past import Past
    from bluefs.core.ports import Crew, Files, Git, Index, IndexView

#: Whose record rests on more than the file.
SPECIAL = EMPTY | LOST | BARE

#: The seal of a folder that has none.
OPEN = b""
#: Files read between two commits of the index: what a ^C or a kill loses at most.
BATCH = 2000
#: Files read in one go by one process: what it makes of them fits into a pipe.
PART = 250
#: Comparisons before others' writing is given way to. Each of theirs that makes ours void has
#: brought the index further.
_ROUNDS = 60

Progress = Callable[[int, int], None]


class Scopes:
    """What the settings say of each folder."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._spots: dict[str, Spot] = {}
        self._stamps: dict[str, bytes] = {}

    def spot(self, folder: str) -> Spot:
        """Of records and documents directly in it."""
        known = self._spots.get(folder)
        if known is None:
            found = place(f"{folder}/x.md" if folder else "x.md", self.config)
            project = self._project(folder, found.project)
            done = project.list_of(found.list).done if found.list is not None else False
            known = self._spots[folder] = Spot(project.key, found.list, done)
        return known

    def _project(self, folder: str, key: str | None) -> Project:
        known = self.config.projects.get(key) if key is not None else None
        return known or self.config.project_of(f"{folder}/x.md") or Project("", "")

    def stamp(self, folder: str) -> bytes:
        """Equal while files of this folder read alike."""
        key = self.spot(folder).project
        if key not in self._stamps:
            project = self.config.projects.get(key)
            views = None if project is None else _as_read(project)
            self._stamps[key] = _hash(f"{key!r} {views!r} {self._reading!r}".encode())
        return self._stamps[key]

    def seal(self, folder: str, listing: Listing) -> bytes:
        """Equal while these are the folder's files, read and placed alike."""
        spot = self.spot(folder)
        placed = repr((spot.project, spot.list, self.config.workspace.ignore)).encode()
        return _hash(listing.signature + self.stamp(folder) + placed)

    @cached_property
    def _reading(self) -> tuple[object, ...]:
        """What of the workspace's settings a reader looks at."""
        whole = self.config.workspace
        return whole.timezone, whole.language, whole.day_start, whole.people, whole.groups


def _as_read(project: Project) -> Project:
    """Without what no reader looks at: views, the name, and the last number given, which would
    have every new record make all the others stale."""
    counted = [one for one in project.fields.values() if "last" in one.options]
    fields = dict(project.fields)
    for one in counted:
        options = {name: value for name, value in one.options.items() if name != "last"}
        fields[one.key] = replace(one, options=options)
    return replace(project, views={}, name="", fields=fields)


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=12).digest()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder whose seal does not hold: (path, Stat, whether it may hide an edit) of each
    record or document directly in it, and what is known of it."""

    path: str
    seal: bytes
    candidates: Sequence[tuple[str, Stat, bool]]
    known: Mapping[str, Known]


@dataclass(slots=True)
class Work:
    """What a comparison found to do."""

    tasks: list[Task] = field(default_factory=list)
    change: IndexChange = field(default_factory=IndexChange)
    relink: bool = False  # all that rests on other records or on the history
    redate: bool = False  # what rests on the history that HEAD has and the rows do not know

    def __bool__(self) -> bool:
        return bool(self.tasks) or self.relink or self.redate or self.change != IndexChange()


class Indexer:
    """Compares and reads for one survey of the disk."""

    def __init__(
        self,
        files: Files,
        git: Git,
        goods: Goods,
        index: Index,
        survey: Mapping[str, Listing],
        config: Config,
        progress: Progress = lambda done, total: None,
        crew: Crew = map,
    ) -> None:
        self._crew = crew
        self._files, self._git, self._goods, self._index = files, git, goods, index
        self._survey = survey
        self._scopes = Scopes(config)
        self._config = config
        self._progress = progress
        self._seen: set[str] = set()  # read in this run
        self._gone: set[str] = set()  # in the survey, but no longer there when they were read
        self._ignoring = self._stamp_of_rules()
        self._dates = config.asks_history
        self._links = self._dates or any(p.references for p in config.projects.values())

    def bring_up(self) -> IndexView | None:
        """The index as the survey found the disk; None where it cannot be had."""
        for _ in range(_ROUNDS):
            view = self._index.view()
            if view is None:
                return None
            with suppress(IndexLost):  # somebody else has written: look again
                try:
                    work = self._compare(view)
                    if not work:
                        return view
                except BaseException:
                    view.close()
                    raise
                try:
                    if not self._carry_out(view, work):
                        return None
                finally:
                    view.close()
        return None

    # -- comparing -----------------------------------------------------------------------

    def _compare(self, view: IndexView) -> Work:
        work = Work()
        seals = view.seals()
        ruled = view.note("ignored") == self._ignoring
        if not ruled:
            work.change.notes["ignored"] = self._ignoring
        differing = list(self._differing(view, seals, ruled=ruled))
        hidden = self._hidden(differing, ruled=ruled)
        for folder in differing:
            wanted = self._compare_folder(folder, hidden, work)
            if seals.get(folder.path) != wanted:
                work.change.seals[folder.path] = wanted
        for path in seals.keys() - self._survey.keys():
            work.change.seals[path] = None
            work.change.drop += view.inside(path)
        if not work.tasks:
            self._settle(view, work)
            if self._links and not (work.change.put or work.change.drop):
                work.relink = not self._is_linked(view)
                work.redate = not work.relink and not self._is_dated(view)
        return work

    def _is_linked(self, view: IndexView) -> bool:
        """Whether every row that rests on other records is as it should be, and every one that
        rests on the history as some commit had it."""
        from bluefs.app.relinking import LINKED, NOTE

        linked, _, dated = (view.note(NOTE) or "").partition(" ")
        return linked == LINKED and (bool(dated) or not self._dates)

    def _is_dated(self, view: IndexView) -> bool:
        from bluefs.app.relinking import NOTE

        return not self._dates or view.note(NOTE) == self._linked

    @property
    def _linked(self) -> str:
        """What the note says when all is as it should be."""
        from bluefs.app.relinking import LINKED

        return f"{LINKED} {self._goods.head}" if self._dates else LINKED

    def _known_past(self, view: IndexView) -> Past | None:
        from bluefs.app.relinking import PAST
        from bluefs.core.past import unpack as unpack_past

        return unpack_past(view.note(PAST))

    def _differing(
        self, view: IndexView, seals: Mapping[str, bytes], *, ruled: bool
    ) -> Iterator[Folder]:
        for path, listing in self._survey.items():
            seal = self._scopes.seal(path, listing)
            if not ruled or seals.get(path) != seal:
                candidates = list(self._candidates(path, listing))
                yield Folder(path, seal, candidates, view.inside(path))

    def _compare_folder(self, folder: Folder, hidden: Mapping[str, bool], work: Work) -> bytes:
        """Adds to the work; what is to be the folder's seal."""
        scope = self._scopes.stamp(folder.path)
        known = folder.known
        here = set()
        sure = True
        for path, stat, fresh in folder.candidates:
            if path in self._gone:
                sure = False
                continue
            here.add(path)
            old = known.get(path)
            hide = hidden.get(path, bool(old and old.marks & HIDDEN))
            if not self._is_known(old, stat, scope, fresh=fresh, hide=hide):
                work.tasks.append(Task(path, stat, scope, fresh, hide, old))
            if not hide and (fresh or (old is not None and old.marks & DOUBTFUL)):
                sure = False
        work.change.drop += known.keys() - here
        return folder.seal if sure else OPEN

    def _is_known(
        self, old: Known | None, stat: Stat, scope: bytes, *, fresh: bool, hide: bool
    ) -> bool:
        if old is None or old.stat != stat or old.scope != scope:
            return False
        if bool(old.marks & HIDDEN) != hide:
            return False
        return hide or old.path in self._seen or not (fresh or old.marks & DOUBTFUL)

    def _candidates(self, folder: str, listing: Listing) -> Iterator[tuple[str, Stat, bool]]:
        prefix = f"{folder}/" if folder else ""
        for name, stat in listing.stats().items():
            path = prefix + name
            if place(path, self._config).kind in ("record", "document"):
                yield path, stat, name in listing.fresh

    def _hidden(self, differing: Sequence[Folder], *, ruled: bool) -> dict[str, bool]:
        """Whether Git ignores each file that has to be asked about: while the rules are the
        same, only those nobody knows yet."""
        asked = [
            path
            for folder in differing
            for path, _, _ in folder.candidates
            if not ruled or path not in folder.known
        ]
        ignored = self._git.ignored(asked) if asked else frozenset()
        return {path: path in ignored for path in asked}

    def _stamp_of_rules(self) -> str:
        rules = [(f, listing.rules) for f, listing in self._survey.items() if listing.rules]
        return f"{self._git.ignore_stamp()} {_hash(repr(sorted(rules)).encode()).hex()}"

    # -- reading -------------------------------------------------------------------------

    def _carry_out(self, view: IndexView, work: Work) -> bool:
        """Read what is to be read and remember it, batch by batch."""
        total = len(work.tasks)
        if not self._links:
            view.close()
        try:
            done = self._read_batches(work, total)
            done = done and (not self._links or self._relink(view, work, total))
            done = done and self._index.apply(work.change)
        finally:
            self._progress(total, total)
        if total > BATCH:
            self._index.close()
        return done

    def _relink(self, view: IndexView, work: Work, total: int) -> bool:
        """What rests on the change joins it; or all that rests on others is made again; or what
        rests on the commits since."""
        from bluefs.app.relinking import LINKED, NOTE, Relinker

        known = self._known_past(view) if self._dates else None
        past = self._goods.past(known) if self._dates else None
        relinker = Relinker(view, self._config, self._scopes.spot, past)
        if work.redate and known is not None and view.note(NOTE) == f"{LINKED} {known.head}":
            relinker.redate(known, work.change)
        elif work.relink or work.redate:
            change = IndexChange(notes={NOTE: None})
            for renewed in relinker.everything():
                if len(change.renew) >= BATCH:
                    if not self._index.apply(change):
                        return False
                    change = IndexChange()
                change.renew.append(renewed)
            work.change.renew += change.renew
        elif total <= BATCH and self._is_linked(view):
            relinker.follow(work.change)
        if work.relink or work.redate:
            self._note_all(work.change, past)
        return True

    def _note_all(self, change: IndexChange, past: Past | None) -> None:
        from bluefs.app.relinking import NOTE, PAST

        change.notes[NOTE] = self._linked
        if past is not None:
            from bluefs.core.past import pack as pack_past

            change.notes[PAST] = pack_past(past)

    def _read_batches(self, work: Work, total: int) -> bool:
        """All but the last batch are remembered at once; the last joins the work's change."""
        change = IndexChange()
        if total > BATCH:
            if self._links:  # what is read in parts is linked when all is there
                change.notes["links"] = None
            change.seals = {path: OPEN for path, seal in work.change.seals.items() if seal}
        size = min(PART, BATCH)
        parts = [work.tasks[n : n + size] for n in range(0, total, size)]
        reader = Reader(self._files, self._git.hash_blob, self._config)
        done = waiting = 0
        for tasks, outcomes in zip(parts, self._crew(reader.read, parts)):
            self._note(tasks, outcomes, change)
            done += len(tasks)
            waiting += len(tasks)
            if waiting >= BATCH and done < total:
                if not self._index.apply(change):
                    return False
                change, waiting = IndexChange(), 0
            self._progress(done, total)
        work.change.put += change.put
        work.change.touch += change.touch
        work.change.drop += change.drop
        return True

    def _note(
        self, tasks: Sequence[Task], outcomes: Iterable[Outcome], change: IndexChange
    ) -> None:
        found = iter(outcomes)
        for task in tasks:
            self._seen.add(task.path)
            if task.hidden:
                change.put.append(Entry(Known(task.path, task.stat, "", task.scope, HIDDEN)))
                continue
            outcome = next(found)
            if not outcome:
                self._gone.add(task.path)
                change.drop.append(task.path)
            elif len(outcome) == 1:
                _touch(task, change)
            else:
                new = entry_of(task, outcome)
                if new.known.blob or not _same(task.known, new.known):
                    change.put.append(new)

    # -- what rests on more than the file ------------------------------------------------

    def _settle(self, view: IndexView, work: Work) -> None:
        """Adds to the work the files whose record rests on what has changed since."""
        gone = set(work.change.drop)
        special = (k for k in view.marked(SPECIAL) if k.path not in gone)
        old = {k.path: k for k in special if k.basis != self._basis(k)}
        rows = {row.path: row for row in view.rows(old)} if old else {}
        found = {
            path: self._in_force(known, rows.get(path), None)
            for path, known in old.items()
            if not known.marks & (LOST | EMPTY)
        }
        for path, good in self._goods.last_goods(p for p in old if p not in found):
            found[path] = self._in_force(old[path], rows.get(path), good)
        names = self._goods.derived(p for p, (record, _) in found.items() if is_nameless(record))
        for path, (record, held) in found.items():
            marks = old[path].marks & ~HELD | (HELD if held else 0)
            known = old[path]._replace(marks=marks, basis=self._basis(old[path]))
            name = None if record is None else record.id or names.get(path)
            row = rows.get(path)
            if not known.marks & (LOST | EMPTY) and row is not None and row.id == name:
                work.change.touch.append(known)
            else:
                work.change.put.append(entry(known, record, name, self._config))

    def _basis(self, known: Known) -> str:
        if known.marks & HIDDEN:
            return known.basis
        if known.marks & (LOST | EMPTY):
            return self._goods.basis(known.path)
        return f"{self._goods.head}"

    def _in_force(
        self, known: Known, row: Row | None, good: bytes | None
    ) -> tuple[Record | None, bool]:
        """The record that counts, without a derived id, and whether it is the last good
        state."""
        path = known.path
        if not known.marks & (LOST | EMPTY):
            spot = self._scopes.spot(path.rpartition("/")[0])
            return (
                None if row is None else replace(unpack(row.packed, path, spot), id=None)
            ), False
        if good is not None and not is_blank(good):
            if self._git.hash_blob(good) == known.blob:
                return None, True  # this very file, which gives none
            return read_record(path, good, self._config).record, True
        empty = known.marks & EMPTY
        return (read_record(path, b"", self._config).record if empty else None), False


def _touch(task: Task, change: IndexChange) -> None:
    """Its bytes are those that are known."""
    known = task.known
    if known is not None:
        marks = known.marks & ~DOUBTFUL | (DOUBTFUL if task.doubtful else 0)
        if (marks, task.stat) != (known.marks, known.stat):
            change.touch.append(known._replace(stat=task.stat, marks=marks))


def _same(old: Known | None, new: Known) -> bool:
    """Of a file that cannot be read."""
    return old is not None and (old.stat, old.blob, old.scope, old.marks & ~HELD) == (
        new.stat, new.blob, new.scope, new.marks
    )  # fmt: skip
