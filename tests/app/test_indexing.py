"""What is read, and when: over files, Git and index in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from bluefs.adapters.memory import MemoryState
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.memory_git import MemoryGit
from bluefs.adapters.memory_hands import Hands
from bluefs.adapters.memory_index import MemoryIndex
from bluefs.app import indexing
from bluefs.app.workspace import Library
from bluefs.core.errors import Changed

SETTINGS = {
    "bluefs.yaml": "bluefs: 1\ntimezone: Europe/Paris\npeople:\n  ana: {name: Ana, email: a@b.example}\n",
    "sales/project.yaml": "name: Sales\nfields: {amount: number}\n",
    "work/project.yaml": "name: Work\n",
}


class Watched(MemoryFiles):
    """Remembers which records were read."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.reads: list[str] = []

    def read(self, path: str) -> bytes | None:
        if path.endswith(".md"):
            self.reads.append(path)
        return super().read(path)


class Place:
    def __init__(self, records: int = 3) -> None:
        texts = {**SETTINGS}
        for n in range(records):
            texts[f"sales/Open/{n}.md"] = f"---\nid: sales{n:05}\namount: {n}\n---\nBody\n"
            texts[f"work/Todo/{n}.md"] = f"---\nid: works{n:05}\n---\n"
        self.files = Watched({path: text.encode() for path, text in texts.items()})
        self.git = MemoryGit(self.files)
        self.index = MemoryIndex()
        self.state = MemoryState()
        self.told: list[tuple[int, int]] = []

    def library(self) -> Library:
        return Library(
            self.files, self.git, self.state, self.index, lambda *far: self.told.append(far)
        )

    def read(self) -> list[str]:
        """The records read to list them all."""
        self.files.reads.clear()
        found = self.library().snapshot().records
        read = sorted(set(self.files.reads))
        assert found == Library(self.files, self.git, self.state).snapshot().records
        return read

    def write(self, path: str, text: str) -> None:
        self.files.put(path, text.encode())


def test_only_what_changed_is_read() -> None:
    place = Place()
    assert len(place.read()) == 6
    assert place.read() == []
    place.write("sales/Open/1.md", "---\nid: sales00001\namount: 7\n---\n")
    assert place.read() == ["sales/Open/1.md"]
    place.files.edit_in_place("work/Todo/2.md", b"---\nid: works99992\n---\n")
    assert place.read() == ["work/Todo/2.md"]
    place.files.remove("work/Todo/2.md")
    place.files.move_tree("work/Todo/1.md", "work/Todo/9.md")
    assert place.read() == ["work/Todo/9.md"]
    assert place.read() == []


@pytest.mark.parametrize(("path", "text", "read"), [
    ("sales/project.yaml", "name: Sales\nfields: {amount: text}\n", "sales"),
    ("sales/project.yaml", "name: Other\nfields: {amount: number}\n", ""),
    ("sales/project.yaml", "name: Sales\nfields: {amount: number}\nviews: {A: {show: table}}\n", ""),
    ("sales/automations.yaml", "- name: A\n  when: created\n  then:\n    - add_tags: [x]\n", ""),
    ("bluefs.yaml", SETTINGS["bluefs.yaml"] + "name: Acme\nquiet: 5\n", ""),
    ("bluefs.yaml", SETTINGS["bluefs.yaml"].replace("Paris", "Rome"), "both"),
    ("bluefs.yaml", SETTINGS["bluefs.yaml"] + "  li: {name: Li, email: l@b.example}\n", "both"),
    ("bluefs.yaml", SETTINGS["bluefs.yaml"] + "ignore: [Todo/]\n", ""),
])  # fmt: skip
def test_settings_make_read_what_depends_on_them(path: str, text: str, read: str) -> None:
    place = Place()
    place.read()
    place.write(path, text)
    projects = {path.partition("/")[0] for path in place.read()}
    assert projects == {"": set(), "both": {"sales", "work"}}.get(read, {read})
    assert place.read() == []


def test_a_file_that_changed_a_moment_ago_is_read_again_until_it_is_sure() -> None:
    place = Place()
    place.files.fresh.add("sales/Open/1.md")
    place.read()
    # The very edit that no Stat tells of.
    old = place.files._files["sales/Open/1.md"]
    place.files.edit_in_place("sales/Open/1.md", b"---\nid: sales00001\namount: 8\n---\nBody\n")
    kept = place.files._files["sales/Open/1.md"]
    object.__setattr__(kept, "stat", old.stat)
    assert place.read() == ["sales/Open/1.md"]
    place.files.fresh.clear()
    assert place.read() == ["sales/Open/1.md"]
    assert place.read() == []


def test_what_was_read_before_an_interruption_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 4)
    place = Place(10)
    library = place.library()

    def interrupt(done: int, total: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    library._progress = interrupt
    with pytest.raises(KeyboardInterrupt):
        library.snapshot()
    assert len(place.read()) == 8
    assert place.told[0] == (4, 8)
    assert place.told[-1] == (8, 8)


@pytest.mark.parametrize("trouble", ["broken", "locked"])
def test_without_an_index_everything_is_read(trouble: str) -> None:
    place = Place()
    setattr(place.index, trouble, True)
    assert len(place.read()) == 6
    assert len(place.read()) == 6
    setattr(place.index, trouble, False)
    assert len(place.read()) == 6
    assert place.read() == []


def test_a_row_that_cannot_be_unpacked_is_read_from_its_file() -> None:
    place = Place()
    place.read()
    entries = place.index._store.entries
    path = "sales/Open/1.md"
    row = entries[path].row
    assert row is not None
    entries[path] = entries[path]._replace(row=row._replace(packed=b"{}"))
    assert len(place.library().snapshot().records) == 6
    assert place.library().snapshot().by_id("sales00001") is not None


def test_bytes_that_changed_since_are_refused() -> None:
    place = Place()
    snapshot = place.library().snapshot()
    assert snapshot.data["sales/Open/1.md"].startswith(b"---")
    place.write("sales/Open/2.md", "else\n")
    with pytest.raises(Changed):
        snapshot.data["sales/Open/2.md"]
    place.files.remove("sales/Open/0.md")
    with pytest.raises(Changed):
        snapshot.data["sales/Open/0.md"]
    assert "sales/Open/none.md" not in snapshot.data


def test_git_is_asked_once_what_it_ignores(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place()
    asked: list[int] = []
    ignored = place.git.ignored

    def count(paths):  # type: ignore[no-untyped-def]
        some = list(paths)
        asked.append(len(some))
        return ignored(some)

    monkeypatch.setattr(place.git, "ignored", count)
    place.library().refresh()
    place.library().refresh()
    assert asked == [6]
    place.write("sales/Open/new.md", "---\nid: n3w0000000\n---\n")
    place.library().refresh()
    assert asked == [6, 1]
    place.write(".gitignore", "new.md\n")
    place.library().refresh()
    assert asked == [6, 1, 7]
    assert len(place.library().snapshot().records) == 6


def test_last_good_states_are_asked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(4)
    Hands(place.git).commit()
    for n in range(3):
        place.write(f"sales/Open/{n}.md", "")
        place.write(f"work/Todo/{n}.md", "---\nid: [\n---\n")
    asked: list[int] = []
    blobs = place.git.blobs

    def counted(ids: Iterable[str]) -> Mapping[str, bytes]:
        wanted = list(ids)
        asked.append(len(wanted))
        return blobs(wanted)

    monkeypatch.setattr(place.git, "blobs", counted)
    found = place.library().snapshot()
    assert asked == [6]
    assert len(found.held) == 6
    assert len(found.records) == 8
    assert found.records == Library(place.files, place.git, place.state).snapshot().records
    assert asked == [6, 6]
