"""Lane two: the shared history carried out, once for everybody (docs/architecture.md).

``refs/bluefs/mark`` says how far the shared branch has been carried out. ``Story`` walks from
there to the tip, settling each step against the settled tree; ``SharedLane.carry`` then does
four things in an order that a kill at any point survives:

1. what the settled tree has and the tip lacks becomes one commit (in the worktree, a pending
   write stands first, so a restart never takes the old file for a person's edit);
2. outward effects go into the outbox as *planned*, tied to a fresh nonce;
3. the mark moves, compare-and-swap, to an entry with that nonce;
4. only then are letters of that nonce released.

A crash before 3 leaves planned letters whose nonce never lands: they are planned again, under
the same key, by whoever carries next. It refuses to act off the shared branch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bluefs.app.docs import (
    BlobIds,
    Doc,
    as_named,
    cards_of,
    declared_folders,
    disown,
    few_unnamed,
    folders_of,
    free_path,
    id_of,
    is_held,
    is_record,
    last_good,
    pair_docs,
    pair_settled,
    with_unreadable,
)  # fmt: skip
from bluefs.app.people import actor_of
from bluefs.app.settings import CommitSettings
from bluefs.app.titles import in_project
from bluefs.app.tops import first_position
from bluefs.app.world import World
from bluefs.core.codec.record import read_record
from bluefs.core.config import Loaded, is_config
from bluefs.core.effects import encode_effect, message_id
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.identity import Pairing, derived_id, is_id, pair, renamed_lists
from bluefs.core.linking import is_of, path_named
from bluefs.core.matching import path_meant
from bluefs.core.model import Config, Context, Outward, Record
from bluefs.core.ports import Letter, Mark
from bluefs.core.rewrite import rewrite, target_path
from bluefs.core.settle import Firing, Settled, same_state, settle
from bluefs.core.story import less_shown, next_state

#: More outward effects of one step than this wait for ``outbox release`` (design: 20).
MANY = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What one step of the line means."""

    commit: str
    outward: tuple[tuple[Record, Outward], ...]
    firings: tuple[tuple[Record, Firing], ...]


@dataclass(slots=True)
class Story:
    """The walk: the commit reached, its tree, and where the settled tree differs from it.
    ``overlay`` maps a path to its blob in the settled tree, "" where it has no such file;
    ``goods`` a file that the commit has unreadably to the last readable path and blob."""

    world: World
    settings: CommitSettings
    commit: str
    overlay: dict[str, str]
    tree: dict[str, str]
    loaded: Loaded
    ids: BlobIds
    goods: dict[str, tuple[str, str]]

    @classmethod
    def open(cls, world: World, settings: CommitSettings, ids: BlobIds, mark: Mark) -> Story:
        tree = dict(world.git.tree(mark.commit))
        loaded, goods = settings.load(tree), dict(mark.goods)
        return cls(world, settings, mark.commit, dict(mark.tree), tree, loaded, ids, goods)

    def step(self, commit: str) -> Told:
        """Walk on to ``commit``, the next of the line."""
        changed = self.world.git.diff(self.commit, commit)
        tree = _moved_on(self.tree, changed)
        before_config = self.loaded.config
        self._reload(changed, tree)
        paths = set(changed) | set(self.overlay)
        base, theirs = self._docs(self.tree, paths), self._docs(tree, paths)
        settled = self._docs(_overlaid(self.tree, self.overlay), paths)
        last_good(base, settled, self._last_good())
        settled_of = pair_settled(base, settled)
        given = as_named(base, settled, settled_of, theirs)
        pairing = self._pair(base, theirs, tree, given)
        theirs_of = pairing.pairs
        self._forgive_renames(pairing, before_config, tree, (base, settled))
        told = _Telling(self, commit, tree, few_unnamed(theirs, pairing))
        for old, new in theirs_of:
            if old is not None and old == new and old not in changed:
                told.keep(old, settled_of.get(old))
            else:
                told.tell(
                    base.get(old or ""),
                    settled.get(settled_of.get(old or "") or ""),
                    theirs.get(new or ""),
                )
        return self._reach(commit, tree, told)

    def leap(self, tip: str) -> Told:
        """The line was rewritten: common ancestor -> tip, less what the old line showed."""
        git = self.world.git
        ancestor = git.merge_base(self.commit, tip)
        old_tree, tip_tree = self.tree, dict(git.tree(tip))
        first_tree = dict(git.tree(ancestor)) if ancestor else {}
        changed = git.diff(ancestor, tip)
        paths = set(changed) | set(git.diff(ancestor, self.commit)) | set(self.overlay)
        self._reload(git.diff(self.commit, tip), tip_tree)
        first, old = self._docs(first_tree, paths), self._docs(old_tree, paths)
        settled, theirs = (
            self._docs(_overlaid(old_tree, self.overlay), paths),
            self._docs(tip_tree, paths),
        )
        last_good(old, settled, self._last_good())
        settled_of = pair_settled(old, settled)
        given = as_named(old, settled, settled_of, theirs, first)
        self._disown_copies(first, old, old_tree)
        pairing = self._pair(old, theirs, tip_tree, given)
        of_old = {new: was for was, new in pairing.pairs}
        of_first = {new: was for was, new in pair_docs(first, theirs).kept}
        for before, here in pairing.kept:  # moved since the old line named it
            if before in first and not id_of(first[before]) and before not in of_first.values():
                of_first.setdefault(here, before)
        told = _Telling(self, tip, tip_tree, few_unnamed(theirs, pairing))
        for path, doc in theirs.items():
            was = of_old.get(path)
            told.leap(
                first.get(of_first.get(path) or ""),
                old.get(was or ""),
                settled.get(settled_of.get(was or "") or ""),
                doc,
            )
        for was, new in pairing.pairs:
            if new is None and was in first:
                told.leap(first[was], old[was], settled.get(settled_of.get(was) or ""), None)
        return self._reach(tip, tip_tree, told)

    def _reach(self, commit: str, tree: dict[str, str], told: _Telling) -> Told:
        kept = {p: d for p, d in self.goods.items() if self.tree.get(p) == tree.get(p)}
        self.goods = {**kept, **told.goods}
        self.commit, self.tree, self.overlay = commit, tree, told.overlay
        return Told(commit, tuple(told.outward), tuple(told.firings))

    def _reload(self, changed: Iterable[str], tree: Mapping[str, str]) -> None:
        if any(is_config(path) for path in changed):
            self.loaded = self.settings.load(tree)

    def _docs(self, tree: Mapping[str, str], paths: Iterable[str]) -> dict[str, Doc]:
        config = self.loaded.config
        wanted = {p: tree[p] for p in paths if p in tree and is_record(p, config)}
        data = self.world.git.blobs(set(wanted.values()))
        return {p: self.doc(p, data[b]) for p, b in wanted.items()}

    def _last_good(self) -> dict[str, Doc]:
        data = self.world.git.blobs({blob for _, blob in self.goods.values()})
        return {p: self.doc(old, data[blob]) for p, (old, blob) in self.goods.items()}

    def doc(self, path: str, data: bytes) -> Doc:
        record = read_record(path, data, self.loaded.config).record
        return Doc(path, data, record, record.id if record is not None else None)

    def _pair(
        self, base: dict[str, Doc], theirs: dict[str, Doc], tree: Mapping[str, str],
        given: frozenset[str],
    ) -> Pairing:  # fmt: skip
        """Which file is which record, where an id may stand in files that did not change: the
        changed one is then a copy, for which that id does not count, now or before."""
        known = {id_of(doc) for doc in base.values()}
        fresh = {name for doc in theirs.values() if (name := id_of(doc)) and name not in known}
        renamed = {p for p in base.keys() & theirs.keys() if id_of(base[p]) != id_of(theirs[p])}
        doubtful = fresh | {name for p in renamed if (name := id_of(base[p]))}
        held = self.ids.standing(doubtful, {p: b for p, b in tree.items() if p not in theirs})
        held |= given
        for path in renamed:
            if id_of(base[path]) in held:
                disown(base, path)
        pairing = pair(cards_of(base, held), cards_of(theirs, held), held)
        for path in pairing.copies:
            disown(theirs, path)
        return with_unreadable(pairing, theirs)

    def _disown_copies(
        self, first: dict[str, Doc], old: Mapping[str, Doc], tree: Mapping[str, str]
    ) -> None:
        """Where the old line gave a copy an id of its own, it was that record before, too."""
        for path in first.keys() & old.keys():
            was, now = id_of(first[path]), id_of(old[path])
            if was and now and was != now:
                others = {p: b for p, b in tree.items() if p != path}
                if self.ids.standing({was}, others):
                    disown(first, path)

    def _forgive_renames(
        self,
        pairing: Pairing,
        config: Config,
        tree: Mapping[str, str],
        sides: Iterable[dict[str, Doc]],
    ) -> None:
        """A list folder that was renamed is no move: give the earlier states its new name."""
        renamed = renamed_lists(
            pairing, folders_of(self.tree) | declared_folders(config), folders_of(tree)
        )
        for docs in sides:
            for path, doc in docs.items():
                new = renamed.get(path.rpartition("/")[0])
                if new is not None and doc.record is not None:
                    moved = self.doc(f"{new}/{path.rpartition('/')[2]}", doc.data).record
                    docs[path] = replace(doc, record=moved)


@dataclass(slots=True)
class _Telling:
    """Collects what one step means, record by record."""

    story: Story
    commit: str
    tree: Mapping[str, str]  # of this commit
    naming: bool  # whether records get the ids written that they have and their files lack
    overlay: dict[str, str] = field(default_factory=dict)
    goods: dict[str, tuple[str, str]] = field(default_factory=dict)
    outward: list[tuple[Record, Outward]] = field(default_factory=list)
    firings: list[tuple[Record, Firing]] = field(default_factory=list)

    def keep(self, path: str, settled: str | None) -> None:
        """This commit does not touch the record: the settled tree stays ahead of it."""
        ahead = self.story.overlay
        if settled is None or settled == path:
            if path in ahead:
                self.overlay[path] = ahead[path]
            return
        self.overlay[path] = ""
        taken = self.tree.keys() | ahead.keys() if settled in self.tree else ()
        self.overlay[free_path(settled, taken)] = ahead[settled]  # taken since, by another record

    def tell(self, base: Doc | None, settled: Doc | None, theirs: Doc | None) -> None:
        was = settled.record if settled else None
        known = settled is not None or base is not None
        if theirs is not None and is_held(theirs, known):
            self._hold(base, settled, theirs)
            return
        now = theirs.record if theirs else None
        first = base.record if base and base.record else was
        self._settle(was, next_state(first, was, now), theirs, now, was)

    def leap(
        self, first: Doc | None, old: Doc | None, settled: Doc | None, tip: Doc | None
    ) -> None:
        if tip is not None and is_held(tip, settled is not None or old is not None):
            self._hold(old, settled or old, tip)
            return
        states = [d.record if d else None for d in (first, old, settled)]
        now = tip.record if tip else None
        before, after = less_shown(states[0], states[1], states[2], now)
        self._settle(before, after, tip, now, states[2] or states[1])

    def _hold(self, base: Doc | None, settled: Doc | None, theirs: Doc) -> None:
        """Unreadable: the last good state stays in force in the settled tree, in the list it
        had, so that mending a file which was moved as well still is a move."""
        if base is not None:
            known = self.story.goods.get(base.path)
            if known is None and base.usable:
                known = (base.path, self.story.tree[base.path])
            if known is not None:
                self.goods[theirs.path] = known
        if settled is not None and settled.record is not None:
            self._put(theirs.path, settled.record.path, settled.data, theirs.data)

    def _settle(
        self, before: Record | None, after: Record | None, theirs: Doc | None,
        now: Record | None, known: Record | None,
    ) -> None:  # fmt: skip
        config = self.story.loaded.config
        record = after or before
        if record is None:
            return
        rules = config.rules.get(record.project, ())
        if record.id is None and rules:
            name = known.id if known is not None else None
            record = replace(record, id=name or self._name(record))
            after = record if after is not None else None
        project = config.projects.get(record.project)
        result = settle(before, after, rules, self._context(record), project)
        named = result.record or record
        self.outward.extend((named, o) for o in result.outward)
        self.firings.extend((named, f) for f in result.firings)
        if theirs is not None and now is not None and result.record is not None:
            self._ahead(theirs, now, result)

    def _ahead(self, theirs: Doc, now: Record, result: Settled) -> None:
        """Note where the settled tree is now ahead of the commit (or keeps a good value that
        the commit's file no longer says readably)."""
        wanted = result.record
        assert wanted is not None
        path = target_path(now, wanted, folders_of(self.story.tree))
        also = self._also(theirs, now, wanted, path != theirs.path)
        if same_state(wanted, now) and not now.bad and not also:
            return
        data = rewrite(
            theirs.data, replace(now, bad=frozenset()), wanted, self.story.loaded.config, also
        )
        self._put(theirs.path, path, data, theirs.data)

    def _also(self, theirs: Doc, now: Record, wanted: Record, moves: bool) -> dict[str, str] | None:
        """A record's id where its file holds none, or another's: a derived id rests on a commit
        that a person may yet amend away, so it is written down before long."""
        name = wanted.id
        if name is None or name == theirs.written or not is_id(name):
            return None
        if "id" in now.bad or not theirs.usable:
            return None
        return {"id": name} if self.naming or (moves and theirs.written is None) else None

    def _put(self, old: str, new: str, data: bytes, theirs: bytes) -> None:
        if new == old and data == theirs:
            return
        if new != old:
            self.overlay[old] = ""
            new = free_path(new, self.tree.keys() | self.overlay.keys())
        self.overlay[new] = self.story.world.git.write_blob(data)

    def _context(self, record: Record) -> Context:
        story = self.story
        config = story.loaded.config
        author = story.world.git.author(self.commit)
        return Context(
            config,
            author.at.astimezone(config.workspace.zone),
            actor=actor_of(author, config),
            creator=self._creator(record, config),
            find=self._find,
            first_position=self._first_position,
            refer=self._refer,
        )

    def _refer(self, text: str, project: str) -> Record | None:
        """What a reference means, as this commit has it."""
        config = self.story.loaded.config
        path = self.story.ids.path(text, self.tree)
        if path is None:
            records = [(p, b) for p, b in self.tree.items() if is_record(p, config)]
            here = in_project(records, project, config)
            path = path_named(text, self.story.ids.titles.of(here, self._read, config))
        if path is None:
            return None
        found = self.story.doc(path, self._read(path)).record
        return found if found is not None and is_of(found, project) else None

    def _find(self, name: str) -> Record | None:
        """What blocks a record, as this commit has it: lane one asks the same of its files."""
        config = self.story.loaded.config
        path = self.story.ids.path(name, self.tree)
        if path is None and not is_id(name):
            records = [(p, b) for p, b in self.tree.items() if is_record(p, config)]
            path = path_meant(name, self.story.ids.titles.of(records, self._read, config))
        if path is None:
            return None
        return self.story.doc(path, self._read(path)).record

    def _first_position(self, record: Record) -> str | None:
        """In the tree as it is settled so far: of two that go to the top the later is first."""
        tree = _overlaid(self.tree, self.overlay)
        blobs = self.story.world.git.blobs
        return first_position(
            record, tree, lambda p: blobs([tree[p]])[tree[p]], self.story.loaded.config
        )

    def _read(self, path: str) -> bytes:
        blob = self.tree[path]
        return self.story.world.git.blobs([blob])[blob]

    def _creator(self, record: Record, config: Config) -> str | None:
        rules = config.rules.get(record.project, ())
        if not any(("person", "creator") in a.names() for r in rules for a in r.then):
            return None
        git = self.story.world.git
        added = git.added_by(record.path, self.commit)
        return actor_of(git.author(added), config) if added else None

    def _name(self, record: Record) -> str:
        if record.id is not None:
            return record.id
        added = self.story.world.git.added_by(record.path, self.commit)
        name = derived_id(added, record.path) if added else record.path
        if self.naming and self.story.ids.path(name, self.tree) not in (None, record.path):
            # written once, moved, and its file taken back by `git reset`: two by now
            return derived_id(self.commit, record.path)
        return name


def _moved_on(
    tree: Mapping[str, str], changed: Mapping[str, tuple[str | None, str | None]]
) -> dict[str, str]:
    new = dict(tree)
    for path, (_, blob) in changed.items():
        if blob is None:
            new.pop(path, None)
        else:
            new[path] = blob
    return new


def _overlaid(tree: Mapping[str, str], overlay: Mapping[str, str]) -> dict[str, str]:
    merged = {**tree, **overlay}
    return {p: b for p, b in merged.items() if b}


def letters_of(told: Told, nonce: str, config: Config) -> list[Letter]:
    """The step's outward effects as letters. The key is what makes a mail go once: commit,
    rule, record and its number among the rule's mails for that record."""
    counts: dict[tuple[str, str], int] = {}
    letters = []
    for record, effect in told.outward:
        n = counts[(effect.rule, record.name)] = counts.get((effect.rule, record.name), -1) + 1
        key = f"{told.commit}:{effect.rule}:{record.name}:{n}"
        letters.append(
            Letter(
                key,
                nonce,
                told.commit,
                effect.rule,
                record.name,
                record.title,
                encode_effect(effect),
                message_id=message_id(key, config.workspace.mail_from),
            )
        )
    return letters
