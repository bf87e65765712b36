"""Who is meant: handles for the words of rules, and addresses for a mail's recipients.

A word is, in this order, one of ``assignees actor creator everyone``, a field's key (for
mail), a handle, a group, an address. Each value gives exactly one address or none: text with
two addresses or a line break in it gives none and a note, because it would send a mail to
somebody whom no one chose, or write a header of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Context, Person, Record, Value
from bluefs.core.rules.addresses import parse_address
from bluefs.core.rules.base import Occasion
from bluefs.core.words import say

#: Words with a meaning of their own; ``others`` and ``all`` only where a shape allows them.
WORDS = ("assignees", "actor", "creator", "everyone")


def person_of(text: str | None, context: Context) -> Person | None:
    """The person behind a handle, an address, or a name as comments are signed; None for a
    stranger."""
    if not text:
        return None
    workspace = context.config.workspace
    exact = workspace.people.get(text)
    if exact is not None:
        return exact
    wanted = text.strip().removeprefix("@").casefold()
    for person in workspace.people.values():
        if wanted in (person.handle.casefold(), person.name.casefold()):
            return person
    return workspace.person_by_email(text.strip())


def handles_of(word: str, record: Record, context: Context) -> tuple[str, ...] | None:
    """The handles a word stands for, None if it is nobody's. A stranger who acted has no
    handle: the tuple is empty."""
    workspace = context.config.workspace
    if word == "assignees":
        return record.tuple_of("assignees")
    if word == "everyone":
        return tuple(workspace.people)
    if word in ("actor", "creator"):
        person = person_of(context.actor if word == "actor" else context.creator, context)
        return (person.handle,) if person else ()
    if word in workspace.people:
        return (word,)
    return workspace.groups.get(word)


def expand(
    words: Iterable[str], record: Record, context: Context
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(handles without repeats, notes about words that are nobody's)."""
    found: dict[str, None] = {}
    notes: list[str] = []
    for word in words:
        handles = handles_of(word, record, context)
        if handles is None:
            notes.append(say("rules.nobody", name=word))
        elif not handles and word in ("actor", "creator"):
            notes.append(say("rules.stranger", word=word))
        found.update(dict.fromkeys(handles or ()))
    return tuple(found), tuple(notes)


@dataclass(slots=True)
class _Found:
    """Addresses by their case-folded form, in order, and what could not be one."""

    addresses: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, text: str, source: str) -> None:
        address = parse_address(text)
        if address is None:
            self.notes.append(say("rules.not_one_address", source=source))
        else:
            self.addresses.setdefault(address.spec.casefold(), address.render())


def recipients(words: Iterable[str], occasion: Occasion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(addresses without repeats, notes). ``${key}`` is read as ``key``."""
    found = _Found()
    for word in words:
        _add(bare_word(word), occasion, found)
    return tuple(found.addresses.values()), tuple(found.notes)


def bare_word(text: str) -> str:
    """``${assignees.email}`` names in a recipient what ``assignees`` does."""
    word = text.strip()
    if word.startswith("${") and word.endswith("}") and word.count("$") == 1:
        word = word[2:-1].strip().removesuffix(".email")
    return word


def _add(word: str, occasion: Occasion, found: _Found) -> None:
    record, config = occasion.record, occasion.context.config
    project = config.projects.get(record.project)
    if word not in WORDS and project is not None and word in project.fields:
        _add_field(word, record.values.get(word), found)
        return
    handles = handles_of(word, record, occasion.context)
    if word in ("actor", "creator") and not handles:
        _add_stranger(word, occasion.context, found)
    elif handles is not None:
        for handle in handles:
            _add_person(handle, occasion.context, found)
    elif "@" in word:
        found.add(word, word)
    else:
        found.notes.append(say("rules.nobody", name=word))


def _add_field(key: str, value: Value, found: _Found) -> None:
    if isinstance(value, str):
        found.add(value, key)
    elif isinstance(value, tuple):
        for one in value:
            found.add(one, key)
    else:
        found.notes.append(say("rules.field_empty", key=key))


def _add_stranger(word: str, context: Context, found: _Found) -> None:
    """Whoever acted without being one of the people is known by their Git address."""
    stranger = context.actor if word == "actor" else context.creator
    if stranger and "@" in stranger:
        found.add(stranger, word)
    else:
        found.notes.append(say("rules.stranger", word=word))


def _add_person(handle: str, context: Context, found: _Found) -> None:
    person = person_of(handle, context)
    if person is None:
        found.notes.append(say("rules.nobody", name=handle))
    elif not person.emails:
        found.notes.append(say("rules.no_address", name=handle))
    else:
        found.add(person.emails[0], handle)
