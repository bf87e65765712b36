"""The law of the index with a real engine on real files: ``bluefs list --json`` says what a fresh
reading of the disk says, while the engine runs, is off, or has just been killed.

A person does this and that, by a seed. The fresh reading is made in this process and without any
index, once before the command and once after it: where the two agree, nothing has moved meanwhile
(the engine writes ids and what rules say), and the command has no other right answer.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bluefs.bootstrap import Home
from bluefs.core.jsontext import render_array
from bluefs.core.query import parse_query
from bluefs.core.show import Viewer
from tests.e2e.workspaces import Place, Watching, wait_for

FILES = {
    "bluefs.yaml": "bluefs: 1\nname: Acme\ntimezone: Europe/Paris\nsync: commit\nquiet: 0.05\n"
    "people:\n  ana: {name: Ana Ruiz, email: ana@acme.example}\n",
    "sales/project.yaml": "name: Sales\nlists:\n  Open:\n  Won: {done: true}\n"
    "fields:\n  amount: {type: currency, currency: EUR}\n  note: text\n",
    "sales/automations.yaml": "- name: Won\n  when:\n    moved: Won\n  then:\n"
    "    - set: {note: won}\n",
    **{
        f"sales/Open/Deal {n}.md": f"---\nid: d{n:09d}\namount: {n}\n---\nText {n}\n"
        for n in range(12)
    },
}
#: ``BLUEFS_SEEDS="1 2 3"`` for others.
SEEDS = [int(seed) for seed in os.environ.get("BLUEFS_SEEDS", "7").split()]
#: Comparisons for each seed.
LOOKS = 8
#: Deeds between two of them, at most.
DEEDS = 4
#: Comparisons made void by the engine's own writing, at most, until it must have come to rest.
TRIES = 40


class Person:
    """Deeds of one kind each; what cannot be done is left."""

    def __init__(self, root: Path, place: Place, chance: random.Random) -> None:
        self.root, self.place, self.chance = root, place, chance
        self.done: Counter[str] = Counter()
        self.number = 0

    def act(self) -> None:
        deed = self.chance.choice([
            self.edit, self.edit, self.move, self.copy, self.delete, self.create, self.empty,
            self.spoil, self.swap, self.rename_list, self.settings, self.commit, self.restore,
            self.quietly, self.forget_index,
        ])  # fmt: skip
        with suppress(FileNotFoundError, FileExistsError):
            deed()
            self.done[deed.__name__] += 1

    def one(self) -> Path:
        return self.chance.choice(sorted(self.root.glob("sales/*/*.md")) or [self.root / "none.md"])

    def fresh(self) -> str:
        self.number += 1
        return f"n{self.number}"

    def edit(self) -> None:
        path = self.one()
        path.write_text(path.read_text().replace("amount: ", "amount: 1") + f"{self.fresh()}\n")

    def quietly(self) -> None:
        """Of the same size, and with its time set back."""
        path = self.one()
        before = path.stat()
        path.write_text(path.read_text().replace("Text", "Word"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def move(self) -> None:
        path = self.one()
        path.rename(self.chance.choice(sorted(self.root.glob("sales/*/"))) / path.name)

    def copy(self) -> None:
        path = self.one()
        shutil.copy2(path, path.with_name(f"{self.fresh()}.md"))

    def delete(self) -> None:
        self.one().unlink()

    def create(self) -> None:
        """Without an id."""
        (self.root / "sales/Open" / f"{self.fresh()}.md").write_text("---\nnote: new\n---\nText\n")

    def empty(self) -> None:
        self.one().write_text("")

    def spoil(self) -> None:
        self.one().write_text("---\nid: [broken\n---\n")

    def swap(self) -> None:
        """As vim saves: another file takes the name."""
        path = self.one()
        beside = path.with_name(f".{path.name}.swp")
        beside.write_text(path.read_text() + "swapped\n")
        beside.replace(path)

    def rename_list(self) -> None:
        folder = self.chance.choice(sorted(self.root.glob("sales/*/")))
        if folder.name not in ("Open", "Won"):
            folder.rename(folder.with_name(self.fresh()))
        elif folder.name == "Open":
            shutil.copytree(folder, folder.with_name(self.fresh()))

    def settings(self) -> None:
        path = self.root / "sales/project.yaml"
        kinds = ("text", "multiline", "number")
        text = FILES["sales/project.yaml"]
        path.write_text(text.replace("note: text", f"note: {self.chance.choice(kinds)}"))

    def commit(self) -> None:
        self.place.git("add", "-A", check=False)
        self.place.git("commit", "-qm", "by hand", check=False)

    def restore(self) -> None:
        self.place.git("checkout", "-q", "HEAD", "--", "sales", check=False)

    def forget_index(self) -> None:
        for path in (self.root / ".git/bluefs").glob("index.sqlite*"):
            path.unlink()


def read_fresh(place: Place) -> Any:
    """What `list --json` has to print, out of every file."""
    git = str(place.root / ".git")
    home = Home(str(place.root), git, git, algorithm="sha1")
    try:
        library = home.library()
        library.index = None
        snapshot = library.snapshot()
        now = datetime.now(UTC)
        found = snapshot.select(parse_query(""), now, None)
        viewer = Viewer(snapshot.config, now.astimezone(snapshot.config.workspace.zone))
        return json.loads(render_array((viewer.as_json(r) for r in found), ascii_only=True))
    finally:
        home.git.close()


def compare(place: Place) -> None:
    for _ in range(TRIES):
        before = read_fresh(place)
        done = place.bluefs("list", "--json")
        if before == read_fresh(place):
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout) == before
            return
    raise AssertionError("the workspace does not come to rest")


@pytest.mark.parametrize("seed", SEEDS)
def test_list_is_a_fresh_reading(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    place = Place(tmp_path / "w", tmp_path / "home", FILES)
    person = Person(place.root, place, chance)
    engine: Watching | None = None
    seen: Counter[str] = Counter()
    try:
        for turn in range(LOOKS):
            if engine is None and turn % 2 == 0:
                engine = Watching(place).greeted()
            for _ in range(chance.randint(1, DEEDS)):
                person.act()
            if engine is not None and turn % 4 in (1, 3):
                # Off it goes, in the middle of whatever it was doing: by order, or by kill -9.
                engine.kill() if turn % 4 == 3 else engine.stop()
                engine = None
                seen["killed" if turn % 4 == 3 else "stopped"] += 1
            seen["on" if engine is not None else "off"] += 1
            compare(place)
    finally:
        if engine is not None:
            engine.kill()
    assert min(seen[how] for how in ("on", "off", "killed", "stopped")) > 0
    assert len(person.done) > 5


def test_what_the_engine_indexed_is_what_a_command_finds(tmp_path: Path) -> None:
    """And it does index: the file is there before any command has asked."""
    place = Place(tmp_path / "w", tmp_path / "home", FILES)
    with place.watching():
        wait_for((place.root / ".git/bluefs/index.seal").exists, "the index")
        compare(place)
