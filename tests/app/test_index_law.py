"""The law of the index: whatever happens to the files, Git and the index itself, an answer by
way of it is the answer of a fresh reading."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bluefs.adapters.index import SqliteIndex
from bluefs.app.workspace import Library, Snapshot
from bluefs.bootstrap import Home
from bluefs.core.query import Query, parse_query
from bluefs.core.seen import IndexChange
from tests.app.index_hands import SETTINGS, Hands

PATHS = st.sampled_from([
    "sales/Open/A.md", "sales/Open/B.md", "sales/Won/C.md", "work/Todo/A.md", "work/Done/D.md",
    "sales/Read me.md", "sales/Open/Très long.md", "work/New list/E.md", "sales/Open/deep/F.md",
    "sales/_files/G.md", "sales/Open/.gitkeep", "more/H.md",
])  # fmt: skip
FOLDERS = st.sampled_from(
    ["sales/Open", "sales/Won", "work/Todo", "work/New list", "sales", "more"]
)
TEXTS = st.sampled_from([
    "---\nid: aaa111bbb2\namount: 100\n---\nBody\n", "---\nid: aaa111bbb2\namount: 200\n---\nBody\n",
    "---\nid: ccc333ddd4\nnote: one\ndue: 2026-11-24T15:00\ntags: [x]\n---\n", "no front matter\n",
    "---\ntitle: Bare\nassignees: [ana]\n---\n## Comments\n### ana · 2026-11-24 09:12\nHi\n", "",
    "---\nid: [broken\n---\n", "---\nid: eee555fff6\nblocked_by: [aaa111bbb2]\namount: many\n---\n",
    "---\nid: jjj999kkk0\nother: aaa111bbb2\namount: 7\n---\n", "---\nother: ccc333ddd4\n---\n",
    "---\nid: ccc333ddd4\nother: jjj999kkk0\namount: 9\n---\n",
    "  \n", "---\nid: x\n", "---\nid: ggg777hhh8\ndone: true\nother: {a: [b]}\n---\n- [x] it @ana\n",
])  # fmt: skip
CONFIGS = st.sampled_from([
    ("bluefs.yaml", "bluefs: 1\ntimezone: America/New_York\npeople: {}\n"),
    ("bluefs.yaml", "bluefs: 1\ntimezone: Europe/Paris\nignore: ['Won/', 'B.md']\n"),
    ("bluefs.yaml", "bluefs: [\n"),
    ("sales/project.yaml", "name: Sales\nfields: {amount: number, note: checkbox}\n"),
    ("sales/project.yaml", "name: Sales\nlists: {Open: {done: true}}\nfields: {amount: text}\n"),
    ("sales/project.yaml", "name: [\n"),
    ("sales/project.yaml", "fields:\n  amount: number\n  more: {type: formula, formula: amount ^ 2}\n"),
    ("rates.csv", "date,from,to,rate\n2026-01-02,EUR,USD,1.3\n"), ("rates.csv", "date\n"),
    ("sales/rates.csv", "date,from,to,rate\n2026-01-02,USD,EUR,0.5\n"),
    ("more/project.yaml", "name: More\n"),
    ("project.yaml", "name: All\n"),
    (".gitignore", "B.md\n"), (".gitignore", "Todo/\n!A.md\n"), ("sales/.gitignore", "*.md\n"),
    (".git/info/exclude", "C.md\n"), (".git/info/exclude", ""),
])  # fmt: skip
OWN = st.sampled_from(
    ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "index.seal", "index.lock"]
)
GIT = st.sampled_from([
    "add -f -- PATH", "rm -q --cached -- PATH", "checkout -qf HEAD~1", "checkout -qf main",
    "checkout -q HEAD -- PATH", "commit -q --amend -m again --allow-empty", "branch -f other",
    "checkout -qf other", "reset -q --soft HEAD~1", "reset -q --hard HEAD~1", "reset -q HEAD~1",
    "stash -qu", "stash pop -q", "gc -q --prune=now",
])  # fmt: skip
QUERIES = [parse_query(text) for text in (
    "", "is:open sort:-due", "amount:>150", "body", "tag:x", "assignee:me or is:blocked",
    "-has:note list:Open", "title:a sort:amount", "blocked_by:aaa111bbb2",
    "more:>150", "has:usd sort:-more", "since>=2026-01-04", "last:2026-01-03..2026-01-08",
    "has:since sort:-since", "then:>100 sort:then", "sort:-others", "has:last -has:then",
)]  # fmt: skip
PROJECTS = (None, None, "sales", "")
NOW = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
FIRST = ("sales/Open/A.md", "sales/Open/B.md", "work/Todo/A.md", "sales/Read me.md")


class Interrupted(SqliteIndex):
    """Something happens right before its ``at``-th change."""

    def __init__(self, file: str, version: str, at: int, happen: Callable[[], None]) -> None:
        super().__init__(file, version)
        self._left, self._happen = at, happen

    def apply(self, change: IndexChange) -> bool:
        self._left -= 1
        if self._left == 0:
            self._happen()
        return super().apply(change)


class IndexLaw(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="bluefs-law-"))
        self.hands = Hands(self.folder / "w")
        git = str(self.hands.root / ".git")
        self.home = Home(str(self.hands.root), git, git, fsync=False)
        self.version = "1"
        self.open: list[Snapshot] = []
        self.turn = 0

    def teardown(self) -> None:
        self.home.git.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(texts=st.lists(TEXTS, min_size=4, max_size=4), committed=st.booleans())
    def begin(self, texts: list[str], committed: bool) -> None:
        for path, text in zip(FIRST, texts, strict=True):
            self.hands.write(path, text)
        if committed:
            self.hands.git("add", "-A")
            self.hands.git("commit", "-qm", "files")

    @rule(path=PATHS, text=TEXTS)
    def write(self, path: str, text: str) -> None:
        self.hands.write(path, text)

    @rule(path=PATHS, text=st.sampled_from(["", "\n", "---\nid: [broken\n---\n", "plain\n"]))
    def spoil(self, path: str, text: str) -> None:
        if (self.hands.root / path).is_file():
            self.hands.write(path, text)

    @rule(path=PATHS, pair=st.sampled_from([("100", "900"), ("aaa", "zzz"), ("Body", "Text")]))
    def alter_quietly(self, path: str, pair: tuple[str, str]) -> None:
        self.hands.alter_quietly(path, *pair)

    @rule(what=st.sampled_from(["move", "copy", "link"]), old=PATHS, new=PATHS)
    def move(self, what: str, old: str, new: str) -> None:
        getattr(self.hands, what)(old, new)

    @rule(path=PATHS)
    def delete(self, path: str) -> None:
        self.hands.delete(path)

    @rule(old=FOLDERS, new=FOLDERS, link=st.booleans())
    def move_folder(self, old: str, new: str, link: bool) -> None:
        (self.hands.link if link else self.hands.rename_folder)(old, new)

    @rule(config=CONFIGS)
    def configure(self, config: tuple[str, str]) -> None:
        self.hands.write(*config)

    @rule()
    def mend_settings(self) -> None:
        for path, text in SETTINGS.items():
            self.hands.write(path, text)
        for path in ("project.yaml", ".gitignore", "sales/.gitignore"):
            self.hands.delete(path)

    @rule()
    def commit(self) -> None:
        self.hands.git("add", "-A")
        self.hands.git("commit", "-qm", "all")

    @rule(words=GIT, path=PATHS)
    def git(self, words: str, path: str) -> None:
        self.hands.git(*(path if word == "PATH" else word for word in words.split()))

    @rule(
        how=st.sampled_from(["damage", "cut", "remove_own", "folder_instead"]), file=OWN,
        offset=st.integers(0, 200_000), data=st.binary(min_size=1, max_size=64),
    )  # fmt: skip
    def ruin(self, how: str, file: str, offset: int, data: bytes) -> None:
        self.close_logs(file)
        more = {"damage": (offset, data), "cut": (offset // 4,)}.get(how, ())
        getattr(self.hands, how)(file, *more)

    @rule(version=st.sampled_from("12"))
    def another_version(self, version: str) -> None:
        self.version = version

    @rule()
    def keep_open(self) -> None:
        """Another process that reads for long."""
        self.open.append(self.library(indexed=True).snapshot())

    @rule(at=st.integers(1, 3), path=PATHS, text=TEXTS, both=st.booleans())
    def meanwhile(self, at: int, path: str, text: str, both: bool) -> None:
        """A file changes, and another process reads it, while this one is about to write."""

        def happen() -> None:
            self.hands.write(path, text)
            if both:
                self.library(indexed=True).snapshot()

        index = Interrupted(str(self.hands.own / "index.sqlite"), self.version, at, happen)
        state = self.home.state(writer=False)
        Library(self.home.files, self.home.git, state, index).snapshot()

    def close_logs(self, file: str) -> None:
        """SQLite checks its log, and makes its shared memory anew, when it is first opened;
        what is written into them under open connections, nobody survives."""
        if file.endswith(("-wal", "-shm")):
            for snapshot in self.open:
                snapshot.close()
            self.open.clear()

    def library(self, *, indexed: bool) -> Library:
        file = str(self.hands.own / "index.sqlite")
        index = SqliteIndex(file, self.version) if indexed else None
        return Library(self.home.files, self.home.git, self.home.state(writer=False), index)

    @invariant()
    def the_index_says_what_the_files_say(self) -> None:
        self.turn += 1
        asked = QUERIES[self.turn % len(QUERIES)], PROJECTS[self.turn % len(PROJECTS)]
        by_index = answer(self.library(indexed=True), *asked)
        assert by_index == answer(self.library(indexed=False), *asked)


def answer(library: Library, query: Query, project: str | None) -> object:
    """Everything a snapshot says, or how it refused."""
    found = library.snapshot()
    return (
        found.records, found.unfiled, found.held, dict(found.readings), dict(found.data),
        dict(found.blobs), found.problems, found.paths, found.folders, sorted(found.ids),
        found.by_id("aaa111bbb2"),
        found.select(query, NOW, "ana", project),
    )  # fmt: skip


TestIndexLaw = IndexLaw.TestCase
TestIndexLaw.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
