"""A workspace of any size out of a seed: settings, records, and what the rows ask of it.

The same `Spec` gives the same bytes. A record has 12 keys and about 1 KB: a description, some
task items, some comments. A share of the files is odd (`odd`). The parts of the record, not the
whole, come from small pools, so a hundred thousand are made in seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks import odd
from benchmarks.layouts import LAYOUTS, MIXED, Entry
from benchmarks.words import Words

PEOPLE = ("ana", "li", "bo", "zoe", "kim", "ravi", "noor", "sam", "ute", "ivo")
TAGS = ("Urgent", "Key account", "Contacted", "Silent", "Public sector", "Renewal", "Legal")
LISTS = ("Open deals", "Proposal", "Closed won", "Closed lost")
SOURCES = ("Web", "Referral", "Fair", "Cold call")
PRODUCTS = ("Planning", "Time sheets", "Training")
#: Records to a project.
PROJECT_SIZE = 5000
#: What the rule of every project writes into a record moved to `LISTS[1]`; no record has it.
EFFECT = "probability: 55"
#: The age of the files in seconds: nobody saved them just now.
_AGE = 30 * 86400

_WORKSPACE = """\
bluefs: 1
name: Benchmark
timezone: Europe/Paris
sync: commit
people:
"""
_PROJECT = """\
name: {name}
lists:
  Open deals: {{color: blue}}
  Proposal:
  Closed won: {{done: true}}
  Closed lost: {{done: true}}
tags: [{tags}]
fields:
  next_step: text
  deal_value: {{type: currency, currency: EUR}}
  probability: percent
  score: {{type: rating, max: 5, step: half}}
  seats: number
  source: {{type: select, options: [{sources}]}}
  products: {{type: multi_select, options: [{products}]}}
  email: email
  website: url
  closing: date
  nda: checkbox
"""
_RULES = """\
- name: Offer
  when: {moved: Proposal}
  then:
    - set: {probability: 55}
- name: Won
  when: {moved: Closed won}
  then:
    - add_tags: [Contacted]
"""


@dataclass(frozen=True, slots=True)
class Spec:
    records: int
    seed: int = 1
    layout: str = "mixed"
    odd: float = 0.05


@dataclass(slots=True)
class Made:
    """A workspace on disk. ``movable`` are good records of the first project's first list, with
    an id; ``edited`` good records anywhere."""

    root: Path
    spec: Spec
    project: str
    word: str
    query: str
    count: int = 0
    odd: int = 0
    size: int = 0
    movable: list[tuple[str, str]] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)

    def note(self, record: _Record, data: bytes) -> None:
        self.count += 1
        self.size += len(data)
        if record.odd:
            self.odd += 1
        elif record.path.startswith(f"{self.project}/{LISTS[0]}/"):
            self.movable.append((record.path, record.id))
        else:
            self.edited.append(record.path)


@dataclass(frozen=True, slots=True)
class _Record:
    path: str
    id: str
    odd: bool


def make(root: Path, spec: Spec) -> Made:
    """Write a workspace below ``root``, which is not there yet."""
    rng = Random(f"query {spec.seed}")
    words = Words.of(spec.seed)
    amount = rng.randint(80, 92) * 1000
    query = f'is:open tag:"{rng.choice(TAGS)}" deal_value:{amount}..'
    made = Made(root, spec, f"{_project_name(words, 0)}", words.rare, query)
    root.mkdir(parents=True)
    for path, text in _settings(spec, words):
        _write(root, path, text.encode(), 0.0)
    rng = Random(f"ages {spec.seed}")
    for record, data in _records(spec, words):
        _write(root, record.path, data, _AGE * (1 + rng.random()))
        made.note(record, data)
    return made


def _write(root: Path, path: str, data: bytes, age: float) -> None:
    full = root / path
    try:
        full.write_bytes(data)
    except FileNotFoundError:
        full.parent.mkdir(parents=True)
        full.write_bytes(data)
    if age:
        then = full.stat().st_mtime - age
        os.utime(full, (then, then))


def _project_name(words: Words, number: int) -> str:
    return f"{words.names[number % len(words.names)].lower()}-{number}"


def _projects(spec: Spec) -> int:
    return max(1, -(-spec.records // PROJECT_SIZE))


def _settings(spec: Spec, words: Words) -> Iterator[tuple[str, str]]:
    people = "".join(
        f"  {who}: {{name: {who.title()} Reed, email: {who}@bench.example}}\n" for who in PEOPLE
    )
    yield "bluefs.yaml", _WORKSPACE + people
    for number in range(_projects(spec)):
        name = _project_name(words, number)
        yield (
            f"{name}/project.yaml",
            _PROJECT.format(
                name=name.title(), tags=", ".join(TAGS), sources=", ".join(SOURCES),
                products=", ".join(PRODUCTS),
            ),
        )  # fmt: skip
        yield f"{name}/automations.yaml", _RULES


def _records(spec: Spec, words: Words) -> Iterator[tuple[_Record, bytes]]:
    rng = Random(f"records {spec.seed}")
    names = [_project_name(words, number) for number in range(_projects(spec))]
    for number in range(spec.records):
        project = names[number % len(names)]
        folder = rng.choices(LISTS, (50, 20, 20, 10))[0] if number else LISTS[0]
        title = f"{rng.choice(words.names)} {rng.choice(words.names)} – {number}"
        entries = _entries(rng, words, number)
        front, body = _front(spec.layout, entries, rng), _body(rng, words)
        strange = number > 0 and rng.random() < spec.odd
        change = rng.choice(odd.ODD) if strange else None
        if change is odd.decomposed:
            title = odd.NAME + title
        data = change(front, body) if change else f"---\n{front}---\n{body}".encode()
        yield _Record(f"{project}/{folder}/{title}.md", str(entries[0][1]), strange), data


def _front(layout: str, entries: list[Entry], rng: Random) -> str:
    if layout == "mixed":
        layout = rng.choices(list(MIXED), list(MIXED.values()))[0]
    return LAYOUTS[layout](entries, rng)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789" + _LETTERS.upper() + _LETTERS


def _entries(rng: Random, words: Words, number: int) -> list[Entry]:
    """Twelve keys, eight of them in every record."""
    day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    mail = rng.choice(words.names).lower().encode("ascii", "replace").decode().replace("?", "x")
    others: list[Entry] = [
        ("score", rng.choice(("1", "2.5", "3", "4.5", "5"))),
        ("repeat", rng.choice(("every 2 weeks", "every monday", "every month"))),
        ("seats", str(rng.randint(1, 400))),
        ("source", rng.choice(SOURCES)),
        ("products", rng.sample(PRODUCTS, rng.randint(1, 3))),
        ("email", f"{mail}@client.example"),
        ("website", f"https://{mail}.example/about"),
        ("closing", f"2027-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"),
        ("nda", rng.choice(("true", "false"))),
    ]
    entries: list[Entry] = [
        ("tags", rng.sample(TAGS, rng.randint(1, 3))),
        ("due", day if rng.random() < 0.7 else f"{day}T{rng.randint(8, 18):02}:30"),
        ("assignees", rng.sample(PEOPLE, rng.randint(1, 2))),
        ("position", f"a{_DIGITS[number // 62 % 62]}{_DIGITS[number % 62]}V"),
        ("deal_value", _amount(rng)),
        ("probability", str(rng.choice((10, 20, 30, 40, 60, 80)))),
        ("next_step", rng.choice(words.sentences)[:40].rstrip(" .")),
        *rng.sample(others, 4),
    ]
    if rng.random() < 0.3:
        rng.shuffle(entries)
    identity = rng.choice(_LETTERS) + "".join(rng.choices("0123456789" + _LETTERS, k=9))
    return [("id", identity), *entries]


def _amount(rng: Random) -> str:
    whole = rng.randint(1, 99) * 1000
    return str(whole) if rng.random() < 0.8 else f"{whole + 90}.{rng.randint(1, 99):02}"


def _body(rng: Random, words: Words) -> str:
    some = rng.choices(words.sentences, k=8)
    parts = [" ".join(some[: rng.randint(3, 8)]) + "\n"]
    if rng.random() < 0.6:
        items = "".join(
            f"- [{rng.choice(' x')}] {text[:50].rstrip('.')} @{rng.choice(PEOPLE)}\n"
            for text in some[4 : 4 + rng.randint(1, 4)]
        )
        parts.append(f"## Before the call\n{items}")
    if rng.random() < 0.5:
        comments = "".join(
            f"\n### {rng.choice(PEOPLE)} · 2026-{rng.randint(1, 12):02}-11 09:{rng.randint(10, 59)}\n{text}\n"
            for text in some[: rng.randint(1, 3)]
        )
        parts.append(f"## Comments\n{comments}")
    return "\n".join(parts)
