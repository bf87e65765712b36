"""A workspace in memory with an engine in it, and a person beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bluefs.adapters.memory import (
    MemoryClock,
    MemoryIds,
    MemoryMailer,
    MemoryOutbox,
    MemoryState,
)
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.memory_git import MemoryGit
from bluefs.adapters.memory_hands import HAND, Hands
from bluefs.app.engine import Engine
from bluefs.app.reports import Report, Saw
from bluefs.app.rows import CachedState
from bluefs.app.trust import Trust, rules_hash, save_trust
from bluefs.app.world import World
from bluefs.core.config import is_config
from bluefs.core.effects import decode_effect
from bluefs.core.ports import Notice

START = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)

WORKSPACE = """\
bluefs: 1
name: Acme
timezone: Europe/Paris
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
  li: {name: Li Wei, email: li@acme.example}
sync: auto
quiet: 2
mail: {from: "Acme <hello@acme.example>"}
"""
PROJECT = """\
name: Sales
lists:
  Open deals:
  Proposal:
  Won: {done: true}
  Archive: {done: true}
tags: {Urgent: red, Contacted: teal, Key account: purple}
fields:
  deal_value: {type: currency, currency: EUR}
  probability: percent
  email: email
  send_offer: button
"""


class MemoMemory:
    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def read(self) -> dict[str, object]:
        return dict(self.values)

    def write(self, values: object) -> None:
        self.values = dict(values)  # type: ignore[call-overload]


@dataclass
class NoCommands:
    """Nothing here was written by a command."""

    known: dict[str, str] = field(default_factory=dict)

    def wrote(self, path: str, sha: str) -> bool:
        return self.known.get(path) == sha

    def follow(self, path: str, to: str, before: bytes, after: bytes) -> None:
        pass


class WatchedFiles(MemoryFiles):
    """Tells the engine's own writes too, as inotify does."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def write(self, path: str, data: bytes, expected: bytes | None) -> None:
        super().write(path, data, expected)
        self.told.append(path)

    def move(self, old: str, new: str, expected: bytes) -> None:
        super().move(old, new, expected)
        self.told += [old, new]


class Bench:
    """``rules`` is the text of sales/automations.yaml, ``files`` further files."""

    def __init__(
        self, rules: str = "", files: dict[str, str] | None = None, *,
        workspace: str = WORKSPACE, project: str = PROJECT, trust: bool = True,
    ) -> None:  # fmt: skip
        self.clock = MemoryClock(START.timestamp())
        self.files = WatchedFiles()
        self.git = MemoryGit(self.files)
        self.hands = Hands(self.git, HAND)
        self.outbox = MemoryOutbox(self.clock)
        self.mailer = MemoryMailer()
        self.store = MemoryState()
        self.memo = MemoMemory()
        self.ids = MemoryIds()
        self.commands = NoCommands()
        self.reports: list[Report] = []
        base = {"bluefs.yaml": workspace, "sales/project.yaml": project}
        if rules:
            base["sales/automations.yaml"] = rules
        for path, text in {**base, **(files or {})}.items():
            self.files.put(path, text.encode())
        self.hands.commit("start")
        if trust:
            self.trust()
        self.engine: Engine | None = None
        self.carried: dict[str, str] = {}

    def trust(self) -> None:
        contents = self.files.contents
        rules = rules_hash({p: d for p, d in contents.items() if is_config(p)})
        save_trust(self.memo, Trust(frozenset({rules}), drop_until=None))

    def start(self) -> Engine:
        world = World(
            self.files, self.git, CachedState(self.store), self.outbox, self.mailer,
            self.clock, self.ids, self.memo, self.commands, "ana@laptop",
        )  # fmt: skip
        self.engine = Engine(world)
        note_carried(self.engine, self.carried)
        self.reports += self.engine.start()
        return self.engine

    def stop(self) -> None:
        """As a kill would: nothing is said to the engine."""
        self.engine = None

    # -- a person ------------------------------------------------------------------------

    def write(self, path: str, text: str) -> None:
        self.files.put(path, text.encode())
        self.tell(path)

    def edit(self, path: str, old: str, new: str) -> None:
        text = self.read(path)
        assert old in text, text
        self.write(path, text.replace(old, new))

    def move(self, old: str, new: str) -> None:
        self.files.move_tree(old, new)
        self.tell(old, new)

    def remove(self, path: str) -> None:
        self.files.remove(path)
        self.tell(path)

    def read(self, path: str) -> str:
        data = self.files.read(path)
        assert data is not None, (path, sorted(self.files.contents))
        return data.decode()

    def tell(self, *paths: str) -> None:
        if self.engine is not None:
            self.engine.notice([Notice(p, closed=True) for p in paths])

    def git_moved(self) -> None:
        if self.engine is not None:
            self.engine.notice([Notice(git=True), Notice(overflow=True)])

    # -- for the model -------------------------------------------------------------------

    def contents(self) -> dict[str, bytes]:
        return dict(self.files.contents)

    def write_open(self, path: str, text: str) -> None:
        """Written, but not closed yet."""
        self.files.edit_in_place(path, text.encode())
        if self.engine is not None:
            self.engine.notice([Notice(path)])

    def move_folder(self, old: str, new: str) -> None:
        paths = [p for p in self.files.contents if p.startswith(f"{old}/")]
        self.files.move_tree(old, new)
        self.tell(*paths, *(p.replace(old, new, 1) for p in paths))

    def pause(self, seconds: float) -> None:
        """Time passes, with or without an engine."""
        if self.engine is not None:
            self.wait(seconds)
        else:
            self.clock.advance(seconds)

    def close(self) -> None:
        """Nothing is held."""

    def can_amend(self) -> bool:
        head = self.git.head()
        return head is not None and len(self.git.parents(head)) == 1

    def by_hand(self, what: str, back: int = 0) -> bool:
        """A person's Git command; False where Git refuses it."""
        head = self.git.head()
        assert head is not None
        older = head
        for _ in range(back):
            parents = self.git.parents(older)
            if not parents:
                return False
            older = parents[0]
        try:
            match what:
                case "commit":
                    self.hands.commit()
                case "amend":
                    self.hands.amend()
                case "reset":
                    self.hands.reset_hard(older)
                case "stash":
                    self.hands.stash()
                case "squash":
                    self.hands.squash(older, "squashed")
        except ValueError:
            return False
        self.git_moved()
        return True

    def mark_line(self) -> list[str]:
        """The commits the mark has stood on, oldest first."""
        return mark_line(self.git, self.carried)

    # -- time ----------------------------------------------------------------------------

    def step(self) -> list[Report]:
        assert self.engine is not None
        fresh = self.engine.step()
        while self.files.told:
            told, self.files.told = self.files.told, []
            self.tell(*told)
            fresh += self.engine.step()
        self.reports += fresh
        return fresh

    def wait(self, seconds: float) -> list[Report]:
        """Let time pass, the engine acting whenever something is due."""
        assert self.engine is not None
        until = self.clock.now() + seconds
        fresh = self.step()
        while (due := self.engine.due()) is not None and due <= until:
            self.clock.set(max(due, self.clock.now() + 0.01))
            fresh += self.step()
        self.clock.set(until)
        fresh += self.step()
        return fresh

    def settle(self) -> list[Report]:
        return self.wait(30)

    # -- what came of it -----------------------------------------------------------------

    def events(self, reports: Iterable[Report] | None = None) -> list[str]:
        """ "kind key" of every event handled."""
        return [
            f"{e.kind} {e.key or e.after or e.before}"
            for r in (self.reports if reports is None else reports)
            if isinstance(r, Saw)
            for e in r.events
        ]

    def mails(self) -> list[str]:
        return [decode_effect(mail.letter.effect).subject for mail in self.mailer.sent]

    def log(self) -> list[str]:
        head = self.git.head()
        assert head is not None
        return [c.subject for c in self.git.first_parent_log(head)]


def note_carried(engine: Engine, carried: dict[str, str]) -> None:
    """Remember of each commit that lane two makes which tip it carried out: the mark stands
    on the former, the story was told up to the latter."""
    commit = engine.lane._commit

    def noting(story: Any, *more: Any) -> list[Report]:
        tip = story.commit
        reports = commit(story, *more)
        carried[story.commit] = tip
        return reports

    engine.lane._commit = noting  # type: ignore[method-assign]


def mark_line(git: Any, carried: Mapping[str, str]) -> list[str]:
    """The commits that were carried out, oldest first, from the mark's own commits: each has
    the entry before it (if any) and the commit it stands on as parents."""
    mark = git.read_mark()
    assert mark is not None
    entry: str | None = mark.entry
    commits: list[str] = []
    while entry is not None:
        *before, commit = git.parents(entry)
        commits += [commit, carried[commit]] if commit in carried else [commit]
        entry = before[0] if before else None
    return commits[::-1]
