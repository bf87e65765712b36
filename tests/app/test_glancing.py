"""A check that looks at most files finds what one that reads them all finds."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.memory_git import MemoryGit
from bluefs.app.checking import examined, seen
from bluefs.app.glancing import glanced
from bluefs.app.workspace import Library
from bluefs.core.checks.examine import examine
from bluefs.core.ports import Author

SETTINGS = {
    "bluefs.yaml": "bluefs: 1\npeople:\n  ana: {name: Ana, email: ana@acme.example}\n",
    "p/project.yaml": """\
lists: {Open: , Won: {done: true}}
tags: [Urgent, Key account]
strict: true
fields:
  note: text
  amount: {type: currency, currency: EUR, required_in: [Won]}
  number: {type: unique_id, prefix: N-}
  paper: file
  source: {type: select, options: [Web, Fair]}
  score: {type: rating, max: 5}
""",
    "q/project.yaml": "lists: {Open: }\n",
}
NUMBER = b"  number: {type: unique_id, prefix: N-}\n"
ENTRIES = st.sampled_from(
    [
        "note: a word", "note: 'quoted'", "note: null", "note:", "amount: 12000", "amount: 12,000",
        "number: N-1", "number: N-2", "number: 7", "paper: a.pdf", "paper: b.pdf", "source: Web",
        "source: web", "score: 4", "score: 9", "tags: [Urgent]", "tags: Urgnt", "tags: a, b",
        "due: 2026-12-01", "start: 2026-12-05", "due: 2026-12-1", "position: a0", "position: a00",
        "blocked_by: a000000001", "blocked_by: [a000000002, One]", "blocked_by: nobody",
        "assignees: ana", "assignees: bo", "title: Another", "title: One", "done: true", "xyz: 1",
        "done: maybe", "note: a: b", "repeat: every week",
    ]
)  # fmt: skip
IDS = st.sampled_from([*(f"id: a00000000{n}" for n in range(5)), "", "id: odd", "id: A000000001"])
BODIES = st.sampled_from(
    ["Text\n", "", "### ana · 2026-01-01 10:00\nHello\n", "- [ ] x due:2026\n"]
)
NAMES = st.sampled_from(
    ["One", "one", "Two", "Three", "Cafe\u0301", "Café", "CON", "a ", "a:b", "🎉"]
)
PLACES = st.sampled_from(["p/Open", "p/Won", "p/Lost", "p", "q/Open", "p/Open/deep"])


@st.composite
def records(draw: st.DrawFn) -> tuple[str, bytes]:
    path = f"{draw(PLACES)}/{draw(NAMES)}.md"
    entries = draw(st.lists(ENTRIES, max_size=4))
    id = draw(IDS)
    front = "".join(f"{line}\n" for line in ([id] if id else []) + entries)
    text = f"---\n{front}---\n{draw(BODIES)}"
    text = draw(
        st.sampled_from([text, text, text, text, text.replace("\n", "\r\n"), "", "---\nid"])
    )
    return path, text.encode()


@given(
    st.lists(records(), max_size=7).map(dict),
    st.lists(st.sampled_from(["p/_files/a000000001/a.pdf", "p/_files/gone/x.png"]), max_size=2),
    st.sampled_from([1, 500]),
    st.booleans(),
)
@settings(max_examples=600, deadline=None)
def test_it_finds_the_same(
    files: dict[str, bytes], attached: list[str], many: int, numbered: bool
) -> None:
    """Both ways of looking: that of a few files, and that of many; records of a project with
    numbers are read whole."""
    with patch("bluefs.core.codec.sure._MANY", many):
        same(files, attached, numbered)


def same(files: dict[str, bytes], attached: list[str], numbered: bool = True) -> None:
    found = {p: t.encode() for p, t in SETTINGS.items()} | files | dict.fromkeys(attached, b"x")
    if not numbered:
        found["p/project.yaml"] = found["p/project.yaml"].replace(NUMBER, b"")
    disk = MemoryFiles(found)
    library = Library(disk, MemoryGit(disk))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    sources = glanced(library)
    assert sources is not None
    assert sources.sound.keys() | sources.data.keys() >= {p for p in files if p.count("/") == 2}
    assert seen(library, lambda: now)[1].problems == examined(library, now=now)[1].problems


def test_most_records_are_only_looked_at() -> None:
    """Or it would be of no use."""
    text = b"---\nid: a00000000%d\ntags: [Urgent]\namount: 12000\ndue: 2026-12-01\n---\nText\n"
    found = {p: t.encode() for p, t in SETTINGS.items()}
    found["p/project.yaml"] = found["p/project.yaml"].replace(NUMBER, b"")
    found |= {f"p/Open/R{n}.md": text % n for n in range(9)}
    disk = MemoryFiles(found)
    sources = glanced(Library(disk, MemoryGit(disk)))
    assert sources is not None
    assert (len(sources.sound), len(sources.data)) == (9, 0)


def test_what_git_has_just_so_is_not_asked_for() -> None:
    """Broken as it was committed, a file has no better state; and the history is walked for ids
    only where somebody refers to a record."""
    broken = b"---\nid: a000000001\nnote: a: b\n---\n"
    found = {p: t.encode() for p, t in SETTINGS.items()}
    found |= {"p/Open/A.md": broken, "p/Open/B.md": broken, "p/Open/C.md": b"No front matter\n"}
    disk = MemoryFiles(found)
    git = MemoryGit(disk)
    author = Author("Ana", "ana@acme.example", datetime(2026, 11, 24, tzinfo=UTC))
    git.commit({p: d for p, d in found.items() if p != "p/Open/B.md"}, "start", author, None)
    good = b"---\nid: a000000002\nnote: good\n---\n"
    git.commit({"p/Open/B.md": good}, "more", author, git.head())
    library = Library(disk, git)
    with (
        patch.object(git, "blobs", wraps=git.blobs) as blobs,
        patch.object(git, "additions", wraps=git.additions) as additions,
    ):
        sources = glanced(library)
        assert sources is not None
        examine(sources)
        assert [list(call.args[0]) for call in blobs.mock_calls] == [[git.hash_blob(good)]]
        assert additions.mock_calls == []
        assert sources.good["p/Open/B.md"].values == {"note": "good"}
        assert "p/Open/A.md" not in sources.good
        assert list(sources.names) == ["p/Open/C.md"]
        assert len(sources.names["p/Open/C.md"]) == 10
