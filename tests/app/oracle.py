"""The plain model: which mails should have gone, told from the history by other means.

It shares no code with the product's diff, merge or settle: records are dicts read with
PyYAML, rules are the ``if``s below. It walks the mark's chain, so it depends on no timing:
each hop from one entry's commit to the next is either a line of commits or a rewritten one.

The rules it knows are those of ``RULES``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import yaml

RULES = """\
- name: Offer
  when:
    moved: Proposal
  then:
    - set:
        probability: 50
    - add_tags: [Contacted]
    - send_email:
        to: ana
        subject: "offer ${id}"
        body: b
- name: Contact
  when:
    tagged: Contacted
  then:
    - send_email:
        to: ana
        subject: "contact ${id}"
        body: b
- name: Won
  when:
    moved: Won
  then:
    - send_email:
        to: ana
        subject: "won ${id}"
        body: b
    - move: Archive
- name: Urgent
  when:
    tagged: Urgent
  then:
    - set:
        color: red
    - send_email:
        to: ana
        subject: "urgent ${id}"
        body: b
- name: Press
  when:
    pressed: send_offer
  then:
    - send_email:
        to: ana
        subject: "press ${id}"
        body: b
    - complete
- name: New
  when: created
  then:
    - send_email:
        to: ana
        subject: "new ${id}"
        body: b
"""
_ID = re.compile(r"^id: (\w+)", re.MULTILINE)
PERSONAL = ("note", "body")  # keys no rule writes
DONE_LISTS = ("Won", "Archive")


class History(Protocol):
    def tree(self, commit: str) -> Mapping[str, str]: ...
    def blobs(self, ids: Sequence[str]) -> Mapping[str, bytes]: ...
    def line(self, mark: str, tip: str) -> Sequence[str] | None: ...
    def is_ancestor(self, old: str, new: str) -> bool: ...
    def merge_base(self, a: str, b: str) -> str | None: ...
    def added_by(self, path: str, commit: str) -> str | None: ...


@dataclass(frozen=True)
class Card:
    list: str
    tags: frozenset[str] = frozenset()
    probability: str | None = None
    color: str | None = None
    done: bool | None = None
    press: bool = False
    path: str = field(default="", compare=False)
    blob: str = field(default="", compare=False)
    written: str = field(default="", compare=False)  # the id in its text


def derived(commit: str, path: str) -> str:
    """The id of a committed file that holds none (design: Identity)."""
    n = int.from_bytes(hashlib.sha256(f"{commit}\0{path}".encode()).digest(), "big")
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    text = digits[10 + n % 22]
    n //= 22
    for _ in range(9):
        text += digits[n % 32]
        n //= 32
    return text


def read_card(list_: str, data: bytes) -> tuple[str, Card] | None:
    """(id or "", card) of a record's file; None where it cannot be read."""
    text = data.decode()
    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        return None
    try:
        front = yaml.safe_load(text[4 : text.index("\n---\n", 3)]) or {}
    except yaml.YAMLError:
        return None
    if not isinstance(front, dict):
        return None
    tags = front.get("tags") or []
    return front.get("id", ""), Card(
        list_,
        frozenset([tags] if isinstance(tags, str) else tags),
        None if front.get("probability") is None else str(front["probability"]),
        front.get("color"),
        front.get("done"),
        front.get("send_offer") is not None,
        written=front.get("id", ""),
    )


def settle(before: Card | None, after: Card) -> tuple[Card, list[str]]:
    """The six rules, as ifs: (final state, mails)."""
    if before is None:
        mails = ["new"]
        card = replace(after, press=False)
        if after.press:
            mails.append("press")
            card = _complete(card, after.done is not None)
        return card, mails
    mails = []
    card = replace(after, press=False) if after.press and not before.press else after
    moved = before.list != after.list
    changed = {k for k in ("probability", "color") if getattr(before, k) != getattr(after, k)}
    touched = before.tags ^ after.tags
    if moved and after.list == "Won":
        mails.append("won")
        card = replace(card, list="Archive")
    if moved and after.list == "Proposal":
        mails.append("offer")
        if "probability" not in changed:
            card = replace(card, probability="50")
        if "Contacted" not in touched:
            card = replace(card, tags=card.tags | {"Contacted"})
    if "Contacted" in card.tags - before.tags:
        mails.append("contact")
    if "Urgent" in after.tags - before.tags:
        mails.append("urgent")
        if "color" not in changed:
            card = replace(card, color="red")
    if after.press and not before.press:
        mails.append("press")
        was = before.done if before.done is not None else before.list in DONE_LISTS
        now = after.done if after.done is not None else after.list in DONE_LISTS
        card = _complete(card, was != now and before.done != after.done)
    return card, mails


def _complete(card: Card, held: bool) -> Card:
    done = card.done if card.done is not None else card.list in DONE_LISTS
    if done or held:
        return card
    return replace(card, done=None if card.list in DONE_LISTS else True)


def merge(base: Card, ours: Card, theirs: Card) -> Card:
    """Where both changed, theirs; tags as sets."""
    picked = {
        k: getattr(theirs, k) if getattr(theirs, k) != getattr(base, k) else getattr(ours, k)
        for k in ("list", "probability", "color", "done", "press")
    }
    o, a, b = base.tags, ours.tags, theirs.tags
    return Card(
        **picked,
        tags=(o & a & b) | (a - o) | (b - o),
        path=theirs.path,
        blob=theirs.blob,
        written=theirs.written,
    )


@dataclass
class Oracle:
    history: History
    project: str = "sales"
    mails: Counter[str] = field(default_factory=Counter)
    settled: dict[str, Card] = field(default_factory=dict)

    def cards(self, commit: str, last: Mapping[str, Card]) -> dict[str, Card]:
        """id -> card; a file nobody can read counts as its last good state."""
        tree = {
            p: b
            for p, b in self.history.tree(commit).items()
            if p.startswith(f"{self.project}/") and p.endswith(".md") and p.count("/") == 2
        }
        data = self.history.blobs(list(set(tree.values())))
        read = {p: read_card(p.split("/")[1], data[b]) for p, b in sorted(tree.items())}
        cards = {
            p: replace(each[1], path=p, blob=tree[p])
            for p, each in read.items()
            if each is not None
        }
        at = {card.path: name for name, card in last.items()}
        written = {n for b in set(tree.values()) for n in _ID.findall(data[b].decode())}
        left = {_file(p) for p, n in at.items() if p not in tree and n not in written}
        for path, blob in sorted(tree.items()):
            if data[blob].strip() or path in at:
                continue
            was = [c for c in last.values() if c.blob == blob and c.path not in tree]
            if _file(path) in left and not any(_file(c.path) == _file(path) for c in was):
                left.remove(_file(path))  # moved and emptied
            else:  # an empty file is a record where it held nothing before
                cards[path] = Card(path.split("/")[1], path=path, blob=blob)
        names = _own_ids(cards, last)
        for path in cards.keys() - names.keys():  # no id, or another's: by path
            if path in at and at[path] not in names.values():
                names[path] = at[path]
        for named in (True, False):  # by bytes
            for path in sorted(cards.keys() - names.keys()):
                alike = [
                    name for name, card in last.items()
                    if name not in names.values() and card.blob == tree[path]
                    and (not named or _file(card.path) == _file(path))
                ]  # fmt: skip
                if alike:
                    names[path] = min(alike, key=lambda name: last[name].path)
        for path in sorted(cards.keys() - names.keys()):
            name = derived(self.history.added_by(path, commit) or "", path)
            names[path] = derived(commit, path) if name in names.values() else name
        found = {name: cards[path] for path, name in names.items()}
        unread = {p for p, each in read.items() if each is None and p not in cards}
        files = {_file(path) for path in unread}
        still = {n for p in unread for n in _ID.findall(data[tree[p]].decode())}
        for name, card in last.items():  # its last good state
            gone = card.path not in tree
            if card.path in unread or (gone and (_file(card.path) in files or name in still)):
                found.setdefault(name, card)
        return found

    def follow(self, commits: Sequence[str]) -> Counter[str]:
        """The commits the mark stood on, oldest first."""
        at = commits[0]
        base = self.cards(at, {})
        self.settled = dict(base)
        for commit in commits[1:]:
            line = self.history.line(at, commit)
            if line is None:
                base = self.leap(at, base, commit)
            else:
                for step in line:
                    base = self.step(base, step)
            at = commit
        return self.mails

    def step(self, base: dict[str, Card], commit: str) -> dict[str, Card]:
        theirs = self.cards(commit, base)
        base = dict(base)
        self._given_ids(base, theirs)
        renamed = _renamed(base, theirs)
        base = {n: replace(c, list=renamed.get(c.list, c.list)) for n, c in base.items()}
        self.settled = {
            n: replace(c, list=renamed.get(c.list, c.list)) for n, c in self.settled.items()
        }
        fresh: dict[str, Card] = {}
        for name, card in theirs.items():
            was = self.settled.get(name)
            if was is None or name not in base:
                fresh[name] = self._tell(name, None, card)
            else:
                fresh[name] = self._tell(name, was, merge(base[name], was, card))
        self.settled = fresh
        return theirs

    def leap(self, at: str, base: dict[str, Card], tip: str) -> dict[str, Card]:
        theirs = self.cards(tip, base)
        first = self.history.merge_base(at, tip)
        assert first is not None
        ancestor = self.cards(first, base)
        base = dict(base)
        self._given_ids(base, theirs)
        fresh: dict[str, Card] = {}
        for name, card in theirs.items():
            old, meant = base.get(name), self.settled.get(name)
            if old is None or meant is None:
                there = {(c.path, c.written) for c in ancestor.values()}
                known = name in ancestor or (card.path, card.written) in there
                fresh[name] = card if known else self._tell(name, None, card)
                continue
            states = [s for s in (ancestor.get(name), old, meant) if s is not None]
            after = _foreseen(old, meant, card)
            fresh[name] = self._tell(name, _known(states, old, after), after)
        self.settled = fresh
        return theirs

    def _given_ids(self, base: dict[str, Card], theirs: Mapping[str, Card]) -> None:
        """A file without an id of its own that holds one now is the same record."""
        paths = {c.path: n for n, c in base.items() if n not in theirs and c.written != n}
        for name, card in theirs.items():
            old = paths.get(card.path)
            if name not in base and old is not None:
                base[name] = base.pop(old)
                if old in self.settled:
                    self.settled[name] = self.settled.pop(old)

    def _tell(self, name: str, before: Card | None, after: Card) -> Card:
        card, mails = settle(before, after)
        self.mails.update(f"{mail} {name}" for mail in mails)
        return card


def _own_ids(cards: Mapping[str, Card], last: Mapping[str, Card]) -> dict[str, str]:
    """path -> the id written there, for files whose own it is. A file keeps what it was, else
    one of the same name has the id, of the same bytes, the first; others are copies."""
    copies = {c.path: c.written for n, c in last.items() if c.written not in ("", n)}
    rivals: dict[str, list[str]] = {}
    for path, card in cards.items():
        if card.written and copies.get(path) != card.written:
            rivals.setdefault(card.written, []).append(path)
    names = {}
    for name, paths in rivals.items():
        was = last.get(name)
        old, blob = (was.path, was.blob) if was is not None else ("", "")
        owner = min(
            paths,
            key=lambda p: (p != old, _file(p) != _file(old), cards[p].blob != blob, p),
        )
        names[owner] = name
    return names


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _renamed(before: Mapping[str, Card], after: Mapping[str, Card]) -> dict[str, str]:
    """Lists whose folder is gone, at least half of their cards in one new undeclared one, and
    none in another such."""
    old, new = {c.list for c in before.values()}, {c.list for c in after.values()}
    declared = {"Open deals", "Proposal", "Won", "Archive"}
    renamed: dict[str, str] = {}
    for name in old - new:
        now = [after[n].list for n, c in before.items() if c.list == name and n in after]
        fresh = [to for to in now if to not in old | declared]
        if len(set(fresh)) == 1 and len(fresh) >= len(now) - len(fresh):
            renamed[name] = fresh[0]
    return renamed


def _foreseen(old: Card, meant: Card, tip: Card) -> Card:
    keys = ("list", "probability", "color", "done", "press")
    ahead = {
        k: getattr(meant, k)
        for k in keys
        if getattr(meant, k) != getattr(old, k) and getattr(tip, k) == getattr(old, k)
    }
    if meant.tags != old.tags and tip.tags == old.tags:
        ahead["tags"] = meant.tags
    return replace(tip, **ahead)


def _known(states: Sequence[Card], old: Card, after: Card) -> Card:
    picked: dict[str, object] = {}
    for key in ("list", "probability", "color", "done", "press"):
        value = getattr(after, key)
        known = any(getattr(s, key) == value for s in states)
        picked[key] = value if known else getattr(old, key)
    kept = {t for t in after.tags if any(t in s.tags for s in states)}
    lost = {t for s in states for t in s.tags if t not in after.tags}
    lost = {t for t in lost if all(t in s.tags for s in states)}
    return Card(**picked, tags=frozenset(kept | lost))  # type: ignore[arg-type]


Tell = Callable[[str], None]
