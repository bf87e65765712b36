"""Carrying the shared history out: the four acts of lane two in the order that survives a
kill at any point (see ``bluefs.app.shared``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluefs.app.commits import describe, write_commit
from bluefs.app.docs import BlobIds, is_record, pair_settled
from bluefs.app.people import at_work
from bluefs.app.reports import Committed, Fired, Mailed, Report, Stopped, Untrusted
from bluefs.app.settings import CommitSettings
from bluefs.app.shared import MANY, Story, Told, letters_of
from bluefs.app.trust import Trust, load_trust, rules_hash
from bluefs.app.world import World
from bluefs.app.write import apply_pending
from bluefs.core.codec.record import read_record
from bluefs.core.config import is_config
from bluefs.core.diff import diff
from bluefs.core.errors import Blocked
from bluefs.core.frozen import dataclass, replace
from bluefs.core.model import Config, Record
from bluefs.core.ports import Author, Letter, Mark, Pending, StateChange
from bluefs.core.rewrite import rewrite
from bluefs.core.settle import Firing


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stops the line: the step whose letters nobody has agreed to send yet."""

    letters: tuple[Letter, ...] = ()


#: What rules made of which record.
Firings = Sequence[tuple[Record, Firing]]


class Later(Exception):
    """Somebody is writing in a file that lane two is to write: nothing was carried out."""


class SharedLane:
    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = CommitSettings(world)
        self.ids = BlobIds(world.git)
        self._stuck: frozenset[str] = frozenset()
        #: What rules made of records whose files nobody could write yet.
        self._firings: Firings = ()

    def shared_branch(self) -> str | None:
        """The branch whose history counts, None before the first mark."""
        mark = self.world.git.read_mark()
        return mark.branch if mark is not None else None

    def ensure_mark(self) -> Mark | None:
        """The mark, set at the tip where there is none yet. None on an unborn branch."""
        git = self.world.git
        mark, head, branch = git.read_mark(), git.head(), git.branch()
        if mark is not None or head is None or branch is None:
            return mark
        first = Mark(head, branch, self.world.ids.nonce(), self.world.mover, {})
        return git.write_mark(first, None) or git.read_mark()

    def carry(self) -> list[Report]:
        """Carry out what the shared branch holds beyond the mark. Raises Blocked, Later."""
        git = self.world.git
        mark, tip = self.ensure_mark(), git.head()
        if mark is None or tip is None or tip != self.world.state.note("head"):
            return []  # a HEAD that has just moved is adopted first
        if mark.branch != git.branch():
            return [Stopped("engine.off_branch", {"branch": mark.branch})]
        if git.upstream() is not None:
            return [Stopped("engine.upstream", {"branch": mark.branch})]
        trust = load_trust(self.world.trust)
        walk = self._walk(mark, tip, trust)
        if walk is None:
            return []
        story, told, letters, waiting = walk
        return self._conclude(mark, tip, story, told, letters, waiting)

    def waiting(self) -> tuple[Letter, ...]:
        """The letters that wait for trust, without moving anything."""
        mark, tip = self.world.git.read_mark(), self.world.git.head()
        if mark is None or tip is None or mark.branch != self.world.git.branch():
            return ()
        walk = self._walk(mark, tip, load_trust(self.world.trust))
        return walk[3].letters if walk is not None else ()

    def _walk(
        self, mark: Mark, tip: str, trust: Trust
    ) -> tuple[Story, list[Told], list[Letter], Waiting] | None:
        """From the mark towards the tip, up to the first step that needs trust. None where
        the tip is an ancestor of the mark: silence."""
        git = self.world.git
        line = git.line(mark.commit, tip)
        if line is None and git.is_ancestor(tip, mark.commit):
            return None
        story = Story.open(self.world, self.settings, self.ids, mark)
        nonce = self.world.ids.nonce()
        told: list[Told] = []
        letters: list[Letter] = []
        waiting: list[Letter] = []
        reached: Story | None = None  # where the first step stands that nobody agreed to
        for commit in line if line is not None else [tip]:
            before = replace(story, overlay=dict(story.overlay))
            step = story.step(commit) if line is not None else story.leap(commit)
            wanted = letters_of(step, nonce, story.loaded.config)
            agreed = not wanted or self._dropped(trust, commit)
            if not agreed and not trust.covers(self.rules_hash(story)):
                reached = reached or before
                waiting += wanted
            elif reached is None:
                told.append(step)
                letters += [] if agreed else wanted
        return reached or story, told, letters, Waiting(tuple(waiting))

    def _dropped(self, trust: Trust, commit: str) -> bool:
        until = trust.drop_until
        return until is not None and (until == commit or self.world.git.is_ancestor(commit, until))

    def rules_hash(self, story: Story) -> str:
        """The hash of the rules as the commit reached has them."""
        blobs = {p: b for p, b in story.tree.items() if is_config(p)}
        data = self.world.git.blobs(set(blobs.values()))
        return rules_hash({p: data[b] for p, b in blobs.items()})

    def _conclude(
        self, mark: Mark, tip: str, story: Story, told: Sequence[Told],
        letters: list[Letter], waiting: Waiting,
    ) -> list[Report]:  # fmt: skip
        reports: list[Report] = []
        if story.commit == tip and story.overlay:
            reports += self._write(mark, story, told)
        if story.commit != mark.commit or story.overlay != dict(mark.tree):
            nonce = letters[0].nonce if letters else self.world.ids.nonce()
            self.world.outbox.plan(letters)
            entry = Mark(
                story.commit, mark.branch, nonce, self.world.mover, story.overlay,
                goods=story.goods,
            )  # fmt: skip
            if self.world.git.write_mark(entry, mark) is None:
                self.world.outbox.discard_planned(nonce)
                return reports
            reports += self._release(nonce, letters)
        if waiting.letters:
            reports.append(Untrusted(len(waiting.letters)))
        return reports

    def _release(self, nonce: str, letters: Sequence[Letter]) -> list[Report]:
        counts: dict[str, int] = {}
        for letter in letters:
            counts[letter.commit] = counts.get(letter.commit, 0) + 1
        many = any(n > MANY for n in counts.values())
        released = self.world.outbox.release(nonce, "held" if many else "pending")
        return [Mailed(letter) for letter in released if letter.state == "held"]

    def recover(self) -> None:
        """After a kill: planned letters whose entry landed are released, others wait to be
        planned again."""
        for nonce in {letter.nonce for letter in self.world.outbox.planned()}:
            if self.world.git.has_nonce(nonce):
                self._release(nonce, self.world.outbox.planned())
            else:
                self.world.outbox.discard_planned(nonce)

    def _write(self, mark: Mark, story: Story, told: Sequence[Told]) -> list[Report]:
        """Bring what the settled tree has and the tip lacks into the branch (one commit), or,
        where a person commits, into the worktree."""
        config = story.loaded.config
        ahead = _ahead(story)
        if config.workspace.sync == "manual":
            ahead = [
                p for p in ahead if mark.tree.get(p.target_path) != story.overlay.get(p.target_path)
            ]
        names = _names(story, ahead)
        fresh = [(r, f) for t in told for r, f in t.firings if f.outcome == "fired"]
        firings = [
            (r, f) for r, f in (*self._firings, *fresh) if f.after != f.before and r.name in names
        ]  # fmt: skip
        ahead = self._following(ahead, config)
        reports: list[Report] = []
        if ahead:
            self.world.state.apply(StateChange(pend=ahead))
            if config.workspace.sync != "manual":
                reports += self._commit(story, ahead, firings, config)
        seen = _names(story, [p for p in ahead if apply_pending(self.world, p, config)])
        self._firings = [(r, f) for r, f in firings if r.name not in seen]
        return [*(Fired(f, r, lane=2) for r, f in firings if r.name in seen), *reports]

    def _following(self, ahead: list[Pending], config: Config) -> list[Pending]:
        """Those that the worktree can follow. A file that is just being saved, or broken, or
        whose new place is taken, cannot: a commit that moves it would leave it where it is, to
        be deleted and created. Raises Later the first time; a file still unreadable then stays ahead in the settled
        tree, for the commit in which it can be read again."""
        stuck = frozenset(p.path for p in ahead if not self._can_follow(p, config))
        if not stuck <= self._stuck:
            self._stuck = stuck
            raise Later
        self._stuck = stuck
        return [p for p in ahead if p.path not in stuck]

    def _can_follow(self, pending: Pending, config: Config) -> bool:
        data = self.world.files.read(pending.path)
        moves = pending.target_path != pending.path
        if data is not None and moves and self.world.files.stat(pending.target_path) is not None:
            return False  # a file stands there that no commit has yet
        if data is None or data == pending.base:
            return True
        record = read_record(pending.path, data, config).record
        return record is not None and bool(data.strip())

    def _commit(
        self, story: Story, ahead: Sequence[Pending], firings: Firings, config: Config
    ) -> list[Report]:
        staged = self.world.git.staged()
        if any(p.path in staged or p.target_path in staged for p in ahead):
            theirs = sorted({p.path for p in ahead} | {p.target_path for p in ahead})
            theirs = [path for path in theirs if path in staged]
            raise Blocked("git.staged", path=theirs[0], count=len(theirs))
        changes: dict[str, bytes | None] = {}
        for pending in ahead:
            if pending.target_path != pending.path:
                changes[pending.path] = None
            changes[pending.target_path] = pending.target
        pairs = [_records(story, p) for p in ahead]
        rules = _writers(firings)
        subject, body = describe(
            [(b, a, diff(b, a, config.projects.get(a.project))) for b, a in pairs if a],
            rules,
            config,
        )
        commit = write_commit(
            self.world, changes, subject, body, self._author(config), story.commit
        )
        self.world.state.apply(StateChange(notes={"head": commit}))
        story.tree = dict(self.world.git.tree(commit))
        story.commit = commit
        story.overlay = {p: b for p, b in story.overlay.items() if story.tree.get(p, "") != b}
        return [Committed(commit, subject, tuple(changes))]

    def _author(self, config: Config) -> Author:
        identity = self.world.git.identity()
        now = self.world.clock.moment()
        if identity is None:
            return Author(at_work(self.world, config) or "bluefs", "bluefs@localhost", now)
        return replace(identity, at=now)


def _records(story: Story, pending: Pending) -> tuple[Record | None, Record | None]:
    before = story.doc(pending.path, pending.base).record
    after = story.doc(pending.target_path, pending.target).record
    return before, after


def _names(story: Story, ahead: Iterable[Pending]) -> set[str]:
    return {r.name for p in ahead for r in _records(story, p) if r is not None}


def _writers(firings: Firings) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """record -> (rule, keys) of every rule that wrote, for the trailers."""
    writers: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for record, firing in firings:
        keys = keys_written(firing.before, firing.after)
        if keys:
            writers.setdefault(record.name, []).append((firing.rule.identity, keys))
    return writers


def keys_written(before: Record | None, after: Record | None) -> tuple[str, ...]:
    """The keys a rule changed; ``list`` for the place, ``title`` for the title."""
    if before is None or after is None:
        return ()
    keys = [
        k for k in {**before.values, **after.values} if before.values.get(k) != after.values.get(k)
    ]
    if before.list != after.list or before.project != after.project:
        keys.append("list")
    if before.title != after.title:
        keys.append("title")
    return tuple(sorted(keys))


def _ahead(story: Story) -> list[Pending]:
    """What is to be written for the tip to be the settled tree. A file nobody can read, and a
    value nobody can read, stay as they are: only a person may mend them."""
    config = story.loaded.config
    git = story.world.git
    base = {p: b for p, b in story.tree.items() if p in story.overlay and is_record(p, config)}
    meant = {p: b for p, b in story.overlay.items() if b and is_record(p, config)}
    data = git.blobs({*base.values(), *meant.values()})
    docs = {p: story.doc(p, data[b]) for p, b in base.items()}
    goals = {p: story.doc(p, data[b]) for p, b in meant.items()}
    ahead = []
    for old, new in sorted(pair_settled(docs, goals).items(), key=lambda pair: pair[1]):
        if not docs[old].usable or goals[new].record is None:
            continue
        now, wanted = docs[old].record, goals[new].record
        assert now is not None and wanted is not None
        also = {"id": wanted.id} if wanted.id and wanted.id != now.id else None
        out = rewrite(docs[old].data, now, wanted, config, also)
        if out != docs[old].data or old != new:
            ahead.append(Pending(old, docs[old].data, new, out, "lane two"))
    return ahead
