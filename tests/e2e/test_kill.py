"""kill -9 of the engine at fifty random moments while a person is busy in the workspace.

The person is a thread that edits, moves, creates and deletes files without a thought for the
engine. Afterwards Git tells what was to be mailed: for each record, by its history, one letter
for its creation, for its move to Proposal and for each value of its note that a commit holds.
A kill between the sending of a letter and the note of it leaves that letter ``unknown``: it may
be there or not, but never twice; and a kill does so to one letter at most, since they are claimed
one by one.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from bluefs.core.codec.record import read_record
from bluefs.core.config import load_config
from tests.e2e.workspaces import PATIENCE, Place, Watching

pytestmark = pytest.mark.xdist_group("kill")

KILLS = 50
#: One in so many is killed while it starts: at random moments, one in each tenth of so many
#: seconds, which is well after its scan.
EARLY, STARTING = 5, 0.8
#: Seconds the others live after their greeting, at random.
LONGEST = 0.9
#: Seconds between two deeds of the person, on average.
PACE = 0.1
#: Deleted records that HEAD still has: fewer than the brake takes for a mistake.
UNTOLD = 10

FILES = {
    "bluefs.yaml": """\
bluefs: 1
name: Acme
timezone: Europe/Paris
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
sync: auto
quiet: 0.05
mail: {from: "Acme <hello@acme.example>", per_hour: 100000}
""",
    "sales/project.yaml": """\
name: Sales
lists:
  Open deals:
  Talks:
  Proposal:
tags: {Contacted: teal}
fields:
  note: text
  probability: percent
""",
    "sales/automations.yaml": """\
- name: New
  when: created
  then:
    - send_email: {to: ana, subject: "new ${title}", body: b}
- name: Offer
  when:
    moved: Proposal
  then:
    - set: {probability: 50}
    - add_tags: [Contacted]
    - send_email: {to: ana, subject: "offer ${title}", body: b}
- name: Noted
  when:
    changed: note
  then:
    - send_email: {to: ana, subject: "note ${title} ${note}", body: b}
""",
    "sales/Open deals/.gitkeep": "",
    "sales/Talks/.gitkeep": "",
    "sales/Proposal/.gitkeep": "",
    **{
        f"sales/Open deals/Deal {n}.md": f"---\nid: d{n:09d}\nnote: n0  # mine\n---\nText {n}\n"
        for n in range(8)
    },
}
NOTE = re.compile(r"^note: (\S+)", re.MULTILINE)


class Busy(threading.Thread):
    """A person at work until told to stop. ``notes`` holds what they wrote last in each file
    by its title, ``offered`` the titles they moved to Proposal, ``gone`` what they deleted."""

    def __init__(self, place: Place, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.place, self.chance = place, chance
        self.where = {f"Deal {n}": "Open deals" for n in range(8)}
        self.notes = dict.fromkeys(self.where, "n0")
        self.offered: set[str] = set()
        self.gone: set[str] = set()
        self.bag: list[Callable[[], bool]] = []
        self.deeds: Counter[str] = Counter()
        self.count = 0
        self.failure: BaseException | None = None
        self._enough = threading.Event()

    def run(self) -> None:
        try:
            while not self._enough.wait(self.chance.uniform(0, 2 * PACE)):
                self.act()
        except BaseException as failure:  # noqa: BLE001 - told by `stop`, in the test's thread
            self.failure = failure

    def stop(self) -> None:
        self._enough.set()
        self.join(PATIENCE)
        assert not self.is_alive()
        if self.failure is not None:
            raise self.failure

    def act(self) -> None:
        """Deeds are drawn from a bag, so that no kind is left out by chance; more are created than
        offered and deleted, or soon nothing would be left to delete."""
        if not self.bag:
            deeds = [self.edit, self.shift, self.offer, self.create, self.delete]
            self.bag = self.chance.sample(deeds, k=20, counts=[10, 3, 2, 4, 1])
        deed = self.bag.pop()
        if deed():
            self.deeds[deed.__name__] += 1

    def edit(self) -> bool:
        title = self.chance.choice(sorted(self.where))
        self.count += 1
        note = f"n{self.count}"
        while self.note_of(title) != note:  # an engine may write in the same instant
            path = self.path(title)
            self.save(path, NOTE.sub(f"note: {note}", path.read_text(), count=1))
        self.notes[title] = note
        return True

    def shift(self) -> bool:
        """To and fro between two lists that no rule minds."""
        there = {"Open deals": "Talks", "Talks": "Open deals"}
        titles = sorted(t for t, folder in self.where.items() if folder in there)
        if not titles:
            return False
        title = self.chance.choice(titles)
        self.move(title, there[self.where[title]])
        return True

    def offer(self) -> bool:
        """Of what a commit holds already: else it would be created in Proposal."""
        titles = sorted((self.where.keys() & self.committed()) - self.offered)
        if not titles:
            return False
        title = self.chance.choice(titles)
        self.move(title, "Proposal")
        self.offered.add(title)
        return True

    def committed(self) -> set[str]:
        listing = self.place.git("ls-tree", "-rz", "--name-only", "HEAD")
        return {Path(p).stem for p in listing.split("\0")}

    def create(self) -> bool:
        """With an id or without: then the engine writes one."""
        self.count += 1
        title = f"New {self.count}"
        named = f"id: n{self.count:09d}\n" if self.count % 2 else ""
        self.where[title], self.notes[title] = "Open deals", "n0"
        self.save(self.path(title), f"---\n{named}note: n0\n---\nText of {title}\n")
        return True

    def delete(self) -> bool:
        """Not more than the brake allows: on a slow machine no engine may live long enough to
        tell them one by one."""
        titles = sorted(self.where.keys() - self.offered)
        if len(titles) < 6 or len(self.gone & self.committed()) >= UNTOLD:
            return False
        title = self.chance.choice(titles)
        self.path(title).unlink()
        self.gone.add(title)
        del self.where[title], self.notes[title]
        return True

    def move(self, title: str, folder: str) -> None:
        old = self.path(title)
        self.where[title] = folder
        old.rename(self.path(title))

    def note_of(self, title: str) -> str | None:
        found = NOTE.search(self.path(title).read_text())
        return found[1] if found else None

    def path(self, title: str) -> Path:
        return self.place.path(f"sales/{self.where[title]}/{title}.md")

    def save(self, path: Path, text: str) -> None:
        """In place, or as a new file that takes the old one's name."""
        if self.chance.random() < 0.5 and path.exists():
            path.write_text(text)
        else:
            beside = path.with_name(f".{path.name}.swp")
            beside.write_text(text)
            beside.replace(path)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "acme", tmp_path / "home", FILES)
    place.trust()
    place.run()
    yield place


def test_kill_9_at_fifty_moments(place: Place) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    busy = Busy(place, random.Random(chance.random()))
    busy.start()
    began = time.monotonic()
    starts = [STARTING * (n + chance.random()) * EARLY / KILLS for n in range(KILLS // EARLY)]
    limits = chance.sample([*starts, *[None] * (KILLS - len(starts))], k=KILLS)
    lives = []
    for limit in limits:
        before = cut_off(place)
        lives.append(live(place, limit, chance))
        assert len(cut_off(place) - before) <= 1, "one kill cut off several letters"
    busy.stop()
    took = time.monotonic() - began
    print(f"{took:.0f} s, {dict(busy.deeds)}, {sum(lives)} of {KILLS} killed after the greeting")
    assert KILLS // 2 < sum(lives) < KILLS, "not killed at all kinds of moments"
    assert all(busy.deeds[deed] for deed in ("edit", "shift", "offer", "create", "delete"))
    leave_behind(place)
    place.run()
    release(place)
    place.run()
    check_repository(place)
    check_files(place, busy)
    check_mails(place, busy)


def live(place: Place, limit: float | None, chance: random.Random) -> bool:
    """One engine's life, ended after ``limit`` seconds or at a random moment after its greeting.
    Whether it had greeted by then."""
    watching = Watching(place)
    if limit is None:
        watching.greeted()
        limit = chance.uniform(0, LONGEST)
    with suppress(subprocess.TimeoutExpired):
        watching.process.wait(limit)
        raise AssertionError(f"it ended by itself: {watching.told()}")
    watching.kill()
    assert "Traceback" not in watching.told(), watching.told()
    return any(line.startswith("Watching ") for line in watching.lines)


def cut_off(place: Place) -> set[str]:
    """Message-IDs of the letters of which nobody knows whether they went."""
    return {name for state, _, name in place.letters() if state in ("sending", "unknown")}


def leave_behind(place: Place) -> None:
    """What a kill in the middle of a save leaves is hidden, and goes once it is surely
    nobody's; here an hour has passed. One is put there, since chance may have left none."""
    place.put("sales/Proposal/.bluefs-0123456789ab.tmp", "---\nid: h")
    past = time.time() - 2 * 3600
    for file in leftovers(place):
        os.utime(file, (past, past))


def leftovers(place: Place) -> list[Path]:
    return list(place.root.rglob(".bluefs-*.tmp"))


def release(place: Place) -> None:
    """More than twenty letters of one commit wait for a person. On a slow machine that much
    piles up while an engine starts."""
    if any(state == "held" for state, *_ in place.letters()):
        done = place.bluefs("outbox", "release")
        assert done.returncode == 0, (done.stdout, done.stderr)


def check_repository(place: Place) -> None:
    found = place.git("fsck", "--full", "--strict", "--no-dangling", "--no-progress")
    assert found.strip() == ""
    assert place.git("status", "--porcelain").strip() == ""
    git = place.root / ".git"  # bluefs/index.lock stays: flock holds it, not its being there
    locks = [str(p) for p in git.rglob("*.lock") if p.parent != git / "bluefs"]
    assert not locks, locks


def check_files(place: Place, busy: Busy) -> None:
    """What the person wrote last stands where they put it, whole, and in HEAD."""
    assert not leftovers(place)
    left = {
        str(p.relative_to(place.root))
        for p in place.path("sales").rglob("*")
        if p.is_file() and p.name not in ("project.yaml", "automations.yaml", ".gitkeep")
    }
    wanted = {f"sales/{folder}/{title}.md" for title, folder in busy.where.items()}
    assert left == wanted
    assert {p for p in place.tracked() if p.endswith(".md")} == wanted
    config = load_config({p: t.encode() for p, t in FILES.items() if p.endswith(".yaml")}).config
    for title in busy.where:
        path = busy.path(title)
        reading = read_record(f"sales/{busy.where[title]}/{title}.md", path.read_bytes(), config)
        assert reading.record is not None and not reading.problems, (path, reading.problems)
        assert reading.record.id is not None, path
        assert reading.record.values["note"] == busy.notes[title]
        assert reading.record.body.strip().startswith("Text")
        if title in busy.offered:
            assert str(reading.record.values["probability"]) == "50", path.read_text()


def check_mails(place: Place, busy: Busy) -> None:
    wanted = wanted_mails(place)
    subjects = [subject for subject in wanted if subject.startswith("offer ")]
    assert set(subjects) == {f"offer {title}" for title in busy.offered}
    sent = Counter(str(message["Subject"]) for message in place.mails())
    states: dict[str, list[str]] = {}
    for state, effect, _ in place.letters():
        states.setdefault(json.loads(effect)["subject"], []).append(state)
    assert not {s: n for s, n in sent.items() if n > 1}, "a mail went twice"
    assert sent.keys() <= wanted.keys(), f"invented: {sent.keys() - wanted.keys()}"
    assert set(wanted.values()) == {1}
    for subject in wanted:
        assert states.get(subject) in (["sent"], ["unknown"]), (subject, states.get(subject))
        if states[subject] == ["sent"]:
            assert sent[subject] == 1, f"said to be sent and not there: {subject}"
    assert states.keys() == wanted.keys()
    print(f"{len(wanted)} mails, unknown: {[s for s in states if states[s] == ['unknown']]}")


def wanted_mails(place: Place) -> Counter[str]:
    """Told from the history alone, with ids instead of paths for who is who."""
    mails: Counter[str] = Counter()
    before: Mapping[str, tuple[str, str, str]] = {}
    commits = place.git("rev-list", "--first-parent", "--reverse", "HEAD").split()
    for number, commit in enumerate(commits):
        after = records(place, commit)
        for name, (folder, title, note) in after.items() if number else ():
            was = before.get(name)
            if was is None:
                mails[f"new {title}"] += 1
                continue
            if was[0] != folder == "Proposal":
                mails[f"offer {title}"] += 1
            if was[2] != note:
                mails[f"note {title} {note}"] += 1
        before = after
    return mails


def records(place: Place, commit: str) -> Mapping[str, tuple[str, str, str]]:
    """id -> (list, title, note) of a commit."""
    found = {}
    listing = place.git("ls-tree", "-r", "-z", "--name-only", commit).split("\0")
    paths = [p for p in listing if p.endswith(".md")]
    for path, text in zip(paths, contents(place, commit, paths), strict=True):
        folder, title = path.split("/")[1:]
        name, note = re.search(r"^id: (\S+)", text, re.MULTILINE), NOTE.search(text)
        assert name and note, (commit, path, text)
        assert name[1] not in found, f"{commit} holds {name[1]} twice"
        found[name[1]] = (folder, title.removesuffix(".md"), note[1])
    return found


def contents(place: Place, commit: str, paths: list[str]) -> Iterator[str]:
    names = "".join(f"{commit}:{path}\n" for path in paths)
    done = subprocess.run(
        ["git", "cat-file", "--batch"], cwd=place.root, env=place.env, input=names.encode(),
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    at = 0
    for _ in paths:
        end = done.index(b"\n", at)
        size = int(done[at:end].rsplit(b" ", 1)[1])
        yield done[end + 1 : end + 1 + size].decode()
        at = end + size + 2
