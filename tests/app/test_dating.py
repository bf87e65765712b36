"""What the dates of the history cost, and that the index follows them: over ports in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock, patch

from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.memory_git import MemoryGit
from bluefs.adapters.memory_index import MemoryIndex
from bluefs.app.checking import examined
from bluefs.app.workspace import Library, Snapshot
from bluefs.core.ports import Author
from bluefs.core.seen import IndexChange

FIRMS = "lists: {All: }\nfields: {name: text}\n"
DEALS = """\
lists: {Open: }
fields:
  firm: {type: reference, project: firms}
  since: {type: lookup, through: firm, get: created}
  news: {type: lookup, through: firm, get: updated}
"""
PLAIN = "lists: {Open: }\nfields:\n  firm: {type: reference, project: firms}\n"
FIRM, OTHER, DEAL = "firms/All/A.md", "firms/All/B.md", "deals/Open/1.md"
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
FILES = {
    "bluefs.yaml": "bluefs: 1\n",
    "firms/project.yaml": FIRMS,
    "deals/project.yaml": DEALS,
    FIRM: "---\nid: firm000001\nname: one\n---\n",
    OTHER: "---\nid: firm000002\nname: one\n---\n",
    DEAL: "---\nid: deal000001\nfirm: firm000001\n---\n",
    "deals/Open/2.md": "---\nid: deal000002\nfirm: firm000002\n---\n",
}


class Counted(MemoryIndex):
    """Remembers whose rows were made again."""

    def __init__(self) -> None:
        super().__init__()
        self.renewed: list[str] = []

    def apply(self, change: IndexChange) -> bool:
        done = super().apply(change)
        self.renewed += [row.path for row, _ in change.renew]
        return done


class Place:
    def __init__(self, **more: str) -> None:
        texts = {**FILES, **more}
        self.files = MemoryFiles({path: text.encode() for path, text in texts.items()})
        self.git = MemoryGit(self.files)
        self.index = Counted()
        self.day = 0
        self.commit(*texts)

    def commit(self, *paths: str) -> str:
        """What lies there now, a day after the last commit."""
        self.day += 1
        author = Author("Ana", "ana@acme.example", START + timedelta(days=self.day - 1))
        changes = {path: self.files.read(path) for path in paths}
        return self.git.commit(changes, "m", author, self.git.head())

    def put(self, path: str, text: str) -> None:
        self.files.put(path, text.encode())

    def snapshot(self, *, indexed: bool = True) -> Snapshot:
        return Library(self.files, self.git, None, self.index if indexed else None).snapshot()

    def deal(self, path: str = DEAL) -> tuple[object, object]:
        record = next(r for r in self.snapshot().records if r.path == path)
        assert self.snapshot().records == self.snapshot(indexed=False).records
        return record.values.get("since"), record.values.get("news")

    @contextmanager
    def watched(self) -> Iterator[dict[str, Mock]]:
        names = ("first_parent_steps", "head", "blobs", "tree", "additions")
        made = {name: Mock(wraps=getattr(self.git, name)) for name in names}
        with patch.multiple(self.git, **made):
            yield made


def day(number: int) -> datetime:
    return START + timedelta(days=number - 1)


def test_who_does_not_ask_does_not_pay() -> None:
    place = Place(**{"deals/project.yaml": PLAIN})
    place.snapshot()
    place.commit(FIRM)
    with place.watched() as git:
        deal = place.snapshot().by_id("deal000001")
        assert deal is not None and deal.values == {"firm": "firm000001"}
        assert place.snapshot(indexed=False).by_id("deal000001") == deal
        assert {name: mock.call_count for name, mock in git.items()} == dict.fromkeys(git, 0)
    assert place.index.view().note("past") is None  # type: ignore[union-attr]


def test_only_new_commits_are_walked() -> None:
    place = Place()
    first = place.git.head()
    with place.watched() as git:
        steps = git["first_parent_steps"]
        assert place.snapshot().by_id("deal000001") is not None
        assert [call.args for call in steps.mock_calls] == [(first,)]
        steps.reset_mock()
        place.snapshot()
        assert steps.mock_calls == [], "HEAD is where it was"
        place.put(FIRM, "---\nid: firm000001\nname: two\n---\n")
        place.snapshot()
        assert steps.mock_calls == [], "what is not committed has no date"
        second = place.commit(FIRM)
        git["blobs"].reset_mock()
        place.snapshot()
        assert [call.args for call in steps.mock_calls] == [(second, first)]
        assert len(list(git["blobs"].mock_calls[0].args[0])) == 1
    assert place.deal() == (day(1), day(2))


def test_only_what_rests_on_a_commit_is_made_again() -> None:
    place = Place()
    place.snapshot()
    place.put(FIRM, "---\nid: firm000001\nname: two\n---\n")
    place.snapshot()
    place.index.renewed.clear()
    place.commit(FIRM)
    place.snapshot()
    assert sorted(place.index.renewed) == [DEAL, FIRM]
    assert place.deal("deals/Open/2.md") == (day(1), day(1))


def test_a_history_that_went_another_way_is_walked_anew() -> None:
    place = Place()
    place.snapshot()
    first = place.git.head()
    assert first is not None
    place.put(FIRM, "---\nid: firm000001\nname: two\n---\n")
    place.commit(FIRM)
    assert place.deal() == (day(1), day(2))
    place.git.set_head(first)
    assert place.deal() == (day(1), day(1))
    place.commit(FIRM)
    assert place.deal() == (day(1), day(3))


def test_losing_the_index_loses_nothing() -> None:
    place = Place()
    before = place.snapshot().records
    place.index.discard()
    assert place.snapshot().records == before


def test_what_was_kept_and_is_damaged_is_made_anew() -> None:
    place = Place()
    before = place.snapshot().records
    place.index._store.notes["past"] = "not what it was"
    place.put(OTHER, "---\nid: firm000002\nname: two\n---\n")
    place.commit(OTHER)
    place.snapshot()
    assert place.deal() == (day(1), day(1))
    assert place.deal("deals/Open/2.md") == (day(1), day(2))
    assert len(before) == 4


def test_a_field_that_is_declared_later_has_its_values_at_once() -> None:
    place = Place(**{"deals/project.yaml": PLAIN})
    place.snapshot()
    place.put("deals/project.yaml", DEALS)
    assert place.deal() == (day(1), day(1))
    place.put("deals/project.yaml", PLAIN)
    assert place.deal() == (None, None)
    place.commit(FIRM, "deals/project.yaml")
    place.put("deals/project.yaml", DEALS)
    assert place.deal() == (day(1), day(1))


def test_the_filter_of_a_reference_knows_them() -> None:
    """The firms' own lookups decide which of them may stand there: a check asks as a list does."""
    firms = "lists: {All: }\nfields:\n  parent: {type: reference, project: firms}\n"
    firms += "  older: {type: lookup, through: parent, get: created}\n"
    deals = DEALS.replace("project: firms}", 'project: firms, filter: "has:older"}')
    place = Place(**{
        "firms/project.yaml": firms, "deals/project.yaml": deals,
        FIRM: "---\nid: firm000001\nparent: firm000002\n---\n",
        OTHER: "---\nid: firm000002\n---\n",
    })  # fmt: skip
    library = Library(place.files, place.git, None, place.index)
    told = [(p.code.code, p.path) for p in examined(library, now=START)[1].problems]
    assert told == [("BF427", "deals/Open/2.md")]
    with place.watched() as git:
        examined(library, now=START)
        assert git["first_parent_steps"].mock_calls == [], "the snapshot has them"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "move", "remove", "commit", "reset", "settings"]),
            st.sampled_from([FIRM, OTHER, DEAL, "firms/All/C.md"]),
            st.sampled_from([FIRM, OTHER, "firms/All/C.md", "firms/New/D.md"]),
            st.sampled_from(["firm000001", "firm000002", "firm000003", ""]),
        ),
        max_size=14,
    )
)
def test_the_index_is_a_fresh_reading(steps: list[tuple[str, str, str, str]]) -> None:
    place = Place()
    heads = [place.git.head()]
    for what, path, other, name in steps:
        if what == "put":
            lines = f"id: {name}\n" if name else ""
            place.put(path, f"---\n{lines}firm: firm000001\n---\n")
        elif what == "move" and place.files.read(path) is not None:
            if place.files.read(other) is None:
                place.files.move_tree(path, other)
        elif what == "remove" and place.files.read(path) is not None:
            place.files.remove(path)
        elif what == "commit":
            there = {*place.files.contents, *place.git.tree(str(place.git.head()))}
            heads.append(place.commit(*there))
        elif what == "reset":
            place.git.set_head(str(heads[len(name) % len(heads)]))
        elif what == "settings":
            now = place.files.read("deals/project.yaml")
            place.put("deals/project.yaml", PLAIN if now == DEALS.encode() else DEALS)
        indexed, fresh = place.snapshot(), place.snapshot(indexed=False)
        assert indexed.records == fresh.records
        assert dict(indexed.readings) == dict(fresh.readings)
