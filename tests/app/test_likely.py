"""A reference looked up in the index finds what it finds among all records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bluefs.adapters.index import SqliteIndex
from bluefs.app import refs
from bluefs.app.indexing import entry
from bluefs.app.parts import Indexed, Read
from bluefs.app.workspace import Snapshot
from bluefs.core.config import Loaded
from bluefs.core.matching import loose
from bluefs.core.model import Config, Project, Record
from bluefs.core.seen import IndexChange, Known, Stat

CONFIG = Config(projects={"work": Project("work", "Work")})
_LETTERS = st.sampled_from(
    "aAbBéÉeE\u0301\u0345øßſKİıﬁ –-_·.…’'\"  \t\x01\x02\x03œŒǆⅣ²½かが\u3099б\u0483й€"
)
_TITLES = st.text(_LETTERS, min_size=1, max_size=9) | st.text(min_size=1, max_size=4)


def record(number: int, title: str, name: str | None, project_list: str | None = "Do") -> Record:
    folder = f"work/{project_list}" if project_list else "work"
    return Record(f"{folder}/{number}.md", "work", project_list, name, title)


def snapshots(tmp_path: Path, records: Sequence[Record]) -> tuple[Snapshot, Snapshot]:
    """Out of the index, and with all of them read."""
    index = SqliteIndex(str(tmp_path / "index.sqlite"), "1")
    view = index.view()
    assert view is not None
    view.close()
    known = [Known(r.path, Stat(1, 1, 1, 1), "", b"", 0) for r in records]
    put = [entry(k, r, r.id, CONFIG) for k, r in zip(known, records, strict=True)]
    assert index.apply(IndexChange(put=put))
    view = index.view()
    assert view is not None
    parts = Indexed(view, None, None, CONFIG)  # type: ignore[arg-type]
    paths = [r.path for r in records]
    loaded = Loaded(CONFIG)
    every = Read(tuple(sorted(records, key=lambda r: r.path.encode())))
    return Snapshot(loaded, parts=parts, paths=paths), Snapshot(loaded, parts=every, paths=paths)


@given(titles=st.lists(_TITLES, min_size=1, max_size=5), typed=_TITLES, at=st.integers(0, 9))
@example(titles=["Renewal – Ácme"], typed="acme", at=0)
@example(titles=["İstanbul"], typed="istan", at=0)
@example(titles=["a\u3099b"], typed="ab", at=0)
@example(titles=["a\x01b"], typed="ab", at=0)
def test_a_title(
    titles: list[str], typed: str, at: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also where the text typed is part of a title."""
    records = [record(n, title, f"k{n}zzzzzzzz") for n, title in enumerate(titles)]
    indexed, every = snapshots(tmp_path_factory.mktemp("x"), records)
    for text in (typed, titles[0][at % 3 :], loose(titles[-1])[: at + 1]):
        assert refs.candidates(indexed, text) == refs.candidates(every, text), text
    indexed.close()


def test_an_id_a_path_and_a_document(tmp_path: Path) -> None:
    records = [
        record(1, "One", "aaaabbbbcc"), record(2, "aaaab", "bbbbbbbbbb"), record(3, "Three", None),
        record(4, "Four", "aaaabbbbdd"), record(5, "A document", "dddddddddd", None),
    ]  # fmt: skip
    indexed, every = snapshots(tmp_path, records)
    for text in ("aaaa", "aaaab", "aaaabbbbcc", "AAAABBBBCC", "work/Do/3.md", "work/Do/3", "docu",
                 "dddd", "dddddddddd", "---", "nothing", ""):  # fmt: skip
        found = refs.candidates(indexed, text)
        assert found == refs.candidates(every, text), text
    assert [r.title for r in refs.candidates(indexed, "aaaab")] == ["One", "aaaab", "Four"]
    assert [r.title for r in refs.candidates(indexed, "docu")] == ["A document"]
    indexed.close()


def test_the_rest_is_not_read(tmp_path: Path) -> None:
    """That is what it is for."""
    records = [record(n, f"Récord – {n:04}", f"{n:04}zzzzzz") for n in range(500)]
    indexed, _ = snapshots(tmp_path, records)
    assert len(indexed.likely("récord – 0123", [])) == 1
    assert len(indexed.likely("0123zz", [])) == 1
    assert "records" not in indexed.__dict__
    indexed.close()


def test_what_waits(tmp_path: Path) -> None:
    one, two = record(1, "One", "aaaabbbbcc"), record(2, "Two", "bbbbbbbbbb")
    two = Record(two.path, "work", "Do", two.id, "Two", {"blocked_by": ("aaaabbbbcc",)})
    indexed, every = snapshots(tmp_path, [one, two])
    assert [r.path for r in indexed.waiting] == [two.path]
    assert two in every.waiting
    assert indexed.find("aaaabbbbcc") == one == every.find("aaaabbbbcc")
    assert indexed.find("Two") == two == every.find("Two")
    indexed.close()
