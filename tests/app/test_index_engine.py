"""The engine keeps the index current, in a small share of its time."""

from __future__ import annotations

from itertools import pairwise

from bluefs.adapters.memory_index import MemoryIndex
from bluefs.app.current import LEAST
from bluefs.core.errors import Unreadable
from bluefs.core.seen import Listing
from tests.app.bench import Bench

ONE = "sales/Open deals/One.md"


def bench(index: MemoryIndex) -> Bench:
    made = Bench("", {ONE: "---\nid: aaa111bbb2\n---\n"})
    engine = made.start()
    engine.world.index = index
    engine.current.moved()
    made.settle()
    return made


def titles(index: MemoryIndex) -> list[str]:
    view = index.view()
    assert view is not None
    return [row.path for row in view.rows()]


def test_what_people_do_is_in_the_index_before_anybody_asks() -> None:
    index = MemoryIndex()
    b = bench(index)
    assert titles(index) == [ONE]
    b.write("sales/Proposal/Two.md", "---\nid: ccc333ddd4\n---\n")
    b.settle()
    assert titles(index) == [ONE, "sales/Proposal/Two.md"]
    b.remove(ONE)
    b.settle()
    assert titles(index) == ["sales/Proposal/Two.md"]


def test_it_looks_once_for_many_notices_and_then_rests() -> None:
    index = MemoryIndex()
    b = bench(index)
    assert b.engine is not None
    looks = []
    survey = b.files.survey

    def counted() -> dict[str, Listing]:
        looks.append(b.clock.now())
        b.clock.advance(0.5)  # a large workspace
        return dict(survey())

    b.files.survey = counted  # type: ignore[method-assign]
    for n in range(40):
        b.write("sales/Proposal/Two.md", f"---\nid: ccc333ddd4\n---\n{n}\n")
        b.wait(3)
    assert len(looks) >= 2
    assert min(later - one for one, later in pairwise(looks)) >= 10
    b.wait(60)
    assert b.engine.current.due(rests=True) is None
    del b.files.survey
    assert index.view().by_id("ccc333ddd4")  # type: ignore[union-attr]


def test_an_index_that_cannot_be_had_stops_nothing() -> None:
    index = MemoryIndex()
    index.broken = True
    b = bench(index)
    b.write(ONE, "---\nid: aaa111bbb2\ndue: 2026-12-01\n---\n")
    b.settle()
    assert b.events() == ["changed due"]


def test_a_folder_that_cannot_be_listed_is_told_by_others() -> None:
    b = bench(MemoryIndex())
    assert b.engine is not None

    def refuse() -> dict[str, Listing]:
        raise Unreadable("errors.unreadable", path="x", reason="Permission denied")

    b.files.survey = refuse  # type: ignore[method-assign]
    b.engine.current.moved()
    b.clock.advance(LEAST * 100)
    b.step()
