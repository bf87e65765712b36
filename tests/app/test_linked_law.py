"""The law of what rests on other records: whatever happens on either side, an answer by way of
the index is that of a fresh reading, and a change is followed to what rests on it, no further."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters.index import SqliteIndex
from bluefs.adapters.memory_index import MemoryIndex
from bluefs.app import indexing
from bluefs.app.parts import Indexed
from bluefs.core.model import Record
from bluefs.core.seen import IndexChange
from tests.app.linked_places import CHANGES, WRITES, Place, everything


class Counted(SqliteIndex):
    """Remembers whose rows were made again for the sake of others."""

    def __init__(self, file: str) -> None:
        super().__init__(file, "1")
        self.renewed: list[str] = []

    def apply(self, change: IndexChange) -> bool:
        done = super().apply(change)
        self.renewed += [row.path for row, _ in change.renew]
        return done


@settings(max_examples=60, deadline=None)
@given(st.lists(WRITES, max_size=14), st.lists(CHANGES, max_size=12), st.sampled_from([2, 2000]))
def test_the_index_is_a_fresh_reading(
    first: list[tuple[str, str, str]], then: list[tuple[str, str, str]], batch: int
) -> None:
    place = Place()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexing, "BATCH", batch)
        index = SqliteIndex(str(Path(folder) / "index.sqlite"), "1")
        for one in first:
            place.change(*one)
        steps: list[tuple[str, str, str] | None] = [*then, None]
        for n, change in enumerate(steps):
            indexed = place.snapshot(index)
            assert isinstance(indexed._parts, Indexed)
            if n % 3 == 0 or change is None:
                assert everything(indexed) == everything(place.snapshot())
                assert isinstance(indexed._parts, Indexed)  # it was never given up
            indexed.close()
            if change is not None:
                place.change(*change)
        index.close()


@settings(max_examples=25, deadline=None)
@given(st.lists(CHANGES, min_size=6, max_size=20))
def test_and_so_is_one_in_memory(changes: list[tuple[str, str, str]]) -> None:
    place, index = Place(), MemoryIndex()
    for change in changes:
        place.change(*change)
        place.snapshot(index)
    assert everything(place.snapshot(index)) == everything(place.snapshot())


def test_an_id_taken_by_a_record_nobody_can_mean_here() -> None:
    """Of two records with one id the first by path has it, whatever its project."""
    deals = "lists: {All: }\nfields:\n  firm: {type: reference, project: firms}\n"
    deals += "  called: {type: lookup, through: firm, get: title}\n"
    deal = "deals/Open/1.md"
    place, index = Place({
        "deals/project.yaml": deals,
        "firms/Active/Acme.md": "---\nid: aaa111bbb2\n---\n",
        deal: "---\nfirm: aaa111bbb2\n---\n", "deals/Open/2.md": "---\nfirm: aaa111bbb2\n---\n",
    }), MemoryIndex()  # fmt: skip
    for text in ("firm: x", "id: aaa111bbb2", "id: ccc333ddd4"):
        place.snapshot(index)
        place.change("write", deal, f"---\n{text}\n---\n")
        assert place.snapshot(index).records == place.snapshot().records


def many(deals: int) -> Place:
    files = {
        "sectors/All/Trade.md": "---\nid: sector0001\nsize: 3\n---\n",
        "sectors/All/Ports.md": "---\nid: sector0002\nsize: 5\n---\n",
    }
    for n in range(10):
        files[f"firms/Active/{n}.md"] = (
            f"---\nid: firm00000{n}\ntags: Client\nkind: Retail\nsector: sector000{n % 2 + 1}\n---\n"
        )
    for n in range(deals):
        files[f"deals/Open/{n}.md"] = f"---\nid: deal{n:06}\nfirm: firm00000{n % 10}\n---\n"
    return Place(files)


def test_one_change_makes_its_dependents_anew_and_nothing_else(tmp_path: Path) -> None:
    place, index = many(300), Counted(str(tmp_path / "index.sqlite"))
    place.snapshot(index).close()
    mine = sorted(f"deals/Open/{n}.md" for n in range(300) if n % 10 == 3)

    def renewed(path: str, text: str) -> list[str]:
        index.renewed.clear()
        place.change("write", path, text)
        place.snapshot(index).close()
        return sorted(index.renewed)

    firm = "---\nid: firm000003\ntags: Client\nkind: Sea\nsector: sector0002\n---\n"
    assert renewed("firms/Active/3.md", firm) == mine
    assert renewed("firms/Active/3.md", firm + "\n") == mine  # its body may be looked up
    assert renewed("firms/Active/3.md", firm + "\n") == []
    assert renewed("deals/Open/3.md", "---\nid: deal000003\nfirm: firm000004\n---\n") == []
    trade = sorted({
        *(f"firms/Active/{n}.md" for n in range(0, 10, 2)),
        *(f"deals/Open/{n}.md" for n in range(300) if n % 10 % 2 == 0),
    } | {"deals/Open/3.md"})  # fmt: skip
    assert renewed("sectors/All/Trade.md", "---\nid: sector0001\nsize: 4\n---\n") == trade
    assert renewed("sectors/All/New.md", "---\nid: sector0009\nsize: 4\n---\n") == []
    assert everything(place.snapshot(index)) == everything(place.snapshot())


def test_a_chain_ends_where_nothing_changes(tmp_path: Path) -> None:
    """A sector's name is looked up by its firms alone: the deals of these stay as they are."""
    place, index = many(40), Counted(str(tmp_path / "index.sqlite"))
    place.snapshot(index).close()
    index.renewed.clear()
    place.change(
        "write", "sectors/All/Trade.md", "---\nid: sector0001\ntitle: Shops\nsize: 3\n---\n"
    )
    place.snapshot(index).close()
    assert sorted(index.renewed) == [f"firms/Active/{n}.md" for n in range(0, 10, 2)]


def test_who_has_no_references_pays_for_none(tmp_path: Path) -> None:
    plain = {"deals/project.yaml": "lists: {Open: }\n", "firms/project.yaml": "lists: {Active: }\n"}
    place = Place({**plain, **{f"deals/Open/{n}.md": "---\n---\n" for n in range(9)}})
    index = Counted(str(tmp_path / "index.sqlite"))
    found = place.snapshot(index)
    assert len(found.records) == 9
    view = index.view()
    assert view is not None and view.note("links") is None and not index.renewed
    found.close()
    view.close()


def test_a_held_file_shows_the_last_good_state_of_both_sides() -> None:
    place, index = many(10), MemoryIndex()
    place.snapshot(index)
    place.change("write", "firms/Active/3.md", "---\nid: [broken\n---\n")
    assert everything(place.snapshot(index)) == everything(place.snapshot())


def kinds(records: tuple[Record, ...]) -> set[object]:
    return {r.values.get("kind") for r in records if r.project == "deals"}


def test_a_mended_reference_is_seen_at_once() -> None:
    place, index = Place({"deals/Open/A.md": "---\nfirm: Later\n---\n"}), MemoryIndex()
    assert kinds(place.snapshot(index).records) == {None}
    place.change("write", "firms/Active/Later.md", "---\nkind: Sea\n---\n")
    assert kinds(place.snapshot(index).records) == {"Sea"}
    place.change("write", "firms/Former/Later.md", "---\nkind: Retail\n---\n")
    assert kinds(place.snapshot(index).records) == {None}  # two of one name: neither is meant
    place.change("remove", "firms/Active/Later.md", "")
    assert kinds(place.snapshot(index).records) == {"Retail"}
