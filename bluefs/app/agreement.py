"""What the rules may do on this machine, and agreeing to it.

Owns the summary a person is asked about (who may get mail, how much, who changed the rules
last), what has waited for an answer, and the answer itself. Refuses to send: that is the
engine's work, once it finds the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bluefs.app.carry import SharedLane
from bluefs.app.trust import Trust, load_trust, rules_hash, save_trust
from bluefs.app.workspace import Library
from bluefs.app.world import World
from bluefs.core.config import is_config
from bluefs.core.frozen import dataclass
from bluefs.core.model import Config, Rule
from bluefs.core.ports import Commit, Git, Letter
from bluefs.core.rules.email import SendEmail
from bluefs.core.rules.people import WORDS, bare_word

#: Commits looked at for the last change of the rules: one process each.
_DEPTH = 300


@dataclass(frozen=True, slots=True)
class Permission:
    """What is asked for. ``fields`` are keys of records, ``words`` among assignees, actor,
    creator, everyone; ``people`` handles and groups; ``rules`` those that send, also the ones
    that are off."""

    fields: tuple[str, ...]
    words: tuple[str, ...]
    people: tuple[str, ...]
    addresses: tuple[str, ...]
    per_hour: int
    rules: tuple[Rule, ...]


def permission_of(config: Config) -> Permission:
    """Who the rules that are on would write to."""
    senders = [r for rules in config.rules.values() for r in rules if r.outward]
    found: dict[str, dict[str, None]] = {"field": {}, "word": {}, "person": {}, "address": {}}
    for rule in senders:
        if not rule.enabled:
            continue
        for action in rule.then:
            if isinstance(action, SendEmail):
                for word in map(bare_word, (*action.to, *action.cc, *action.bcc)):
                    found[_sort(word, rule, config)][word] = None
    return Permission(
        tuple(found["field"]), tuple(found["word"]), tuple(found["person"]),
        tuple(found["address"]), config.workspace.mail_per_hour, tuple(senders),
    )  # fmt: skip


def _sort(word: str, rule: Rule, config: Config) -> str:
    """How ``recipients`` reads it: a word of ours, a field, a person, else an address."""
    project = config.projects.get(rule.project)
    if word in WORDS:
        return "word"
    if project is not None and word in project.fields:
        return "field"
    known = word in config.workspace.people or word in config.workspace.groups
    return "person" if known else "address"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules as they stand in the worktree: their hash, whether this machine's owner has
    agreed to them, the commit that changed them last (None: not found), and whether they
    differ from what is committed."""

    hash: str
    trust: Trust
    changed: Commit | None
    unsaved: bool

    @property
    def agreed(self) -> bool:
        return self.trust.covers(self.hash)

    @property
    def first(self) -> bool:
        """Nobody has ever agreed to anything here."""
        return not self.trust.hashes


def rules_of(library: Library, trust: Trust) -> Rules:
    """The rules on disk, and their last change."""
    git, files = library.git, library.files
    here = {p: d for p in files.scan() if is_config(p) and (d := files.read(p)) is not None}
    found = rules_hash(here)
    head = git.head()
    committed = _hash_at(git, head) if head is not None else None
    changed = last_change(git, head) if head is not None else None
    return Rules(found, trust, changed, found != committed)


def _hash_at(git: Git, commit: str) -> str:
    blobs = {p: b for p, b in git.tree(commit).items() if is_config(p)}
    data = git.blobs(set(blobs.values()))
    return rules_hash({p: data[b] for p, b in blobs.items()})


def last_change(git: Git, tip: str, depth: int = _DEPTH) -> Commit | None:
    """The newest commit, by first parent, that changed what the hash is made of; None where
    it is further back than ``depth``."""
    now = _hash_at(git, tip)
    line = list(git.first_parent_log(tip, depth + 1))
    for commit, parent in zip(line, [*line[1:], None]):
        if parent is None:
            return commit if len(line) <= depth else None
        touched = git.diff(parent.hex, commit.hex)
        if any(map(is_config, touched)) and _hash_at(git, parent.hex) != now:
            return commit
    return None


def waiting(world: World) -> tuple[Letter, ...]:
    """The letters that the answer decides on."""
    return SharedLane(world).waiting()


def agree(world: World, rules: Rules, by: str | None, at: datetime, *, drop: bool) -> None:
    """Remember the agreement. ``drop``: what happened up to now sends nothing. The first
    agreement always drops, and sets the mark where there is none yet."""
    old = load_trust(world.trust)
    until = old.drop_until
    if rules.first:
        SharedLane(world).ensure_mark()
    if drop or rules.first:
        until = world.git.head() or until
    hashes = old.hashes | {rules.hash}
    save_trust(world.trust, Trust(hashes, at.isoformat(timespec="seconds"), by, until))


def as_json(permission: Permission, rules: Rules, letters: tuple[Letter, ...]) -> dict[str, object]:
    """For ``--json``."""
    mail: Mapping[str, object] = {
        "fields": permission.fields, "words": permission.words, "people": permission.people,
        "addresses": permission.addresses, "per_hour": permission.per_hour,
    }  # fmt: skip
    last = rules.changed
    return {
        "agreed": rules.agreed,
        "mail": mail,
        "rules": [{"rule": r.identity, "enabled": r.enabled} for r in permission.rules],
        "changed": None if last is None else {
            "author": last.author.name, "email": last.author.email, "at": last.at,
            "commit": last.hex,
        },
        "unsaved": rules.unsaved,
        "waiting": [letter.key for letter in letters],
    }  # fmt: skip
