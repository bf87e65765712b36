"""Identity: derived ids, pairing, renamed lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.identity import (
    ALPHABET,
    LETTERS,
    Card,
    Pairing,
    derived_id,
    is_id,
    pair,
    renamed_lists,
    renamed_projects,
)

A, B, C = "aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"


def cards(*rows: tuple[str, str | None, str]) -> dict[str, Card]:
    return {path: Card(path, id, sha) for path, id, sha in rows}


PATHS = st.sampled_from([f"p/{lst}/{name}.md" for lst in "xyz" for name in "abcd"])
STATES = st.dictionaries(
    PATHS, st.tuples(st.sampled_from([None, None, A, B, C]), st.sampled_from("123")), max_size=9
).map(lambda d: cards(*((path, id, f"{sha}{id}") for path, (id, sha) in d.items())))


@given(STATES, STATES)
@settings(max_examples=300)
def test_pairing_is_a_bijection(before: dict[str, Card], after: dict[str, Card]) -> None:
    found = pair(before, after)
    assert sorted(a for a, _ in found.pairs if a is not None) == sorted(before)
    assert sorted(b for _, b in found.pairs if b is not None) == sorted(after)
    assert (None, None) not in found.pairs


@given(STATES, STATES)
def test_order_of_the_maps_does_not_matter(before: dict[str, Card], after: dict[str, Card]) -> None:
    turned = pair(dict(reversed(before.items())), dict(reversed(after.items())))
    assert turned == pair(before, after)


@given(STATES)
def test_what_did_not_change_is_itself(state: dict[str, Card]) -> None:
    assert pair(state, state).kept == tuple((p, p) for p in sorted(state))


@given(STATES, STATES)
def test_pairs_never_join_two_different_ids(
    before: dict[str, Card], after: dict[str, Card]
) -> None:
    found = pair(before, after)
    for old, new in found.kept:
        if new not in found.copies:  # an id in a copy is another's
            ids = {before[old].id, after[new].id} - {None}
            assert len(ids) <= 1
    # and an id that stands on both sides is never given up
    for id in (A, B, C):
        if {c.id for c in before.values()} & {c.id for c in after.values()} & {id}:
            assert any(before[o].id == id == after[n].id for o, n in found.kept)


@given(STATES, STATES)
def test_unchanged_files_beside_change_nothing(
    before: dict[str, Card], after: dict[str, Card]
) -> None:
    same = cards(("p/w/same.md", "dddddddddd", "own"))
    found = pair({**before, **same}, {**after, **same})
    assert set(found.pairs) == {*pair(before, after).pairs, ("p/w/same.md", "p/w/same.md")}


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        pytest.param(
            cards(("p/x/a.md", A, "1")), cards(("p/y/b.md", A, "2")), [("p/x/a.md", "p/y/b.md")],
            id="moved, renamed and edited",
        ),
        pytest.param(
            cards(("p/x/b.md", A, "1")), cards(("p/x/b.md", A, "1"), ("p/x/a.md", A, "1")),
            [("p/x/b.md", "p/x/b.md")], id="copied: the old path keeps the id",
        ),
        pytest.param(
            cards(("p/x/c.md", A, "1")), cards(("p/x/b.md", A, "1"), ("p/x/a.md", A, "1")),
            [("p/x/c.md", "p/x/a.md")], id="copied twice and removed: the smaller path",
        ),
        pytest.param(
            cards(("p/x/a.md", A, "1")), cards(("p/x/a.md", None, "2")),
            [("p/x/a.md", "p/x/a.md")], id="the id line deleted",
        ),
        pytest.param(
            cards(("p/x/a.md", None, "1")), cards(("p/x/a.md", A, "2")),
            [("p/x/a.md", "p/x/a.md")], id="the id line written",
        ),
        pytest.param(
            cards(("p/x/a.md", A, "1")), cards(("p/x/a.md", B, "2")), [],
            id="another record written over it",
        ),
        pytest.param(
            cards(("p/x/a.md", A, "1"), ("p/x/b.md", B, "2")),
            cards(("p/x/a.md", B, "2"), ("p/x/b.md", A, "1")),
            [("p/x/b.md", "p/x/a.md"), ("p/x/a.md", "p/x/b.md")], id="names swapped",
        ),
        pytest.param(
            cards(("p/x/a.md", None, "1"), ("p/x/b.md", B, "2")), cards(("p/x/a.md", B, "3")),
            [("p/x/b.md", "p/x/a.md")], id="moved over an id-less file",
        ),
        pytest.param(
            cards(("p/x/a.md", None, "1")), cards(("p/y/a.md", None, "1")),
            [("p/x/a.md", "p/y/a.md")], id="id-less, equal bytes",
        ),
        pytest.param(
            cards(("p/x/a.md", None, "1")), cards(("p/y/a.md", None, "2")), [],
            id="id-less, moved and edited: new",
        ),
        pytest.param(
            cards(("p/x/a.md", None, "0"), ("p/x/b.md", None, "0")),
            cards(("p/y/b.md", None, "0"), ("p/z/a.md", None, "0")),
            [("p/x/b.md", "p/y/b.md"), ("p/x/a.md", "p/z/a.md")], id="two empty files, by name",
        ),
        pytest.param(
            cards(("p/x/a.md", A, "1"), ("p/x/b.md", None, "2")),
            cards(("p/x/a.md", A, "1"), ("p/x/b.md", A, "1")),
            [("p/x/a.md", "p/x/a.md"), ("p/x/b.md", "p/x/b.md")],
            id="a copied over an id-less file: that one stays itself",
        ),
        pytest.param(
            cards(("p/x/a.md", A, "1"), ("p/x/b.md", B, "2")),
            cards(("p/x/a.md", A, "1"), ("p/x/b.md", A, "1")),
            [("p/x/a.md", "p/x/a.md"), ("p/x/b.md", "p/x/b.md")],
            id="a copied over b: b stays itself",
        ),
        pytest.param(
            cards(("p/x/b.md", A, "1")),
            cards(("p/y/a.md", A, "2"), ("p/y/b.md", A, "3")),
            [("p/x/b.md", "p/y/b.md")], id="moved and copied there: the file name tells",
        ),
    ],
)  # fmt: skip
def test_table(
    before: dict[str, Card], after: dict[str, Card], kept: list[tuple[str, str]]
) -> None:
    assert list(pair(before, after).kept) == kept


def test_a_copy_is_named_so_that_its_id_does_not_count() -> None:
    found = pair(cards(("p/x/a.md", A, "1")), cards(("p/x/a.md", A, "1"), ("p/x/z.md", A, "1")))
    assert found.created == ("p/x/z.md",)
    assert found.copies == {"p/x/z.md"}


def test_an_id_in_an_unchanged_file_is_spoken_for() -> None:
    found = pair({}, cards(("p/x/z.md", A, "1")), held=[A])
    assert found == Pairing(((None, "p/x/z.md"),), frozenset({"p/x/z.md"}))
    assert pair({}, cards(("p/x/z.md", A, "1"))).copies == frozenset()


def test_a_held_file_is_not_deleted_and_keeps_its_id() -> None:
    before = cards(("p/x/a.md", A, "1"))
    assert pair(before, {}, held=["p/x/a.md"]).pairs == ()
    found = pair(before, cards(("p/y/b.md", A, "1")), held=["p/x/a.md"])
    assert found.created == ("p/y/b.md",)
    assert found.copies == {"p/y/b.md"}


#: Computed apart from the code, with printf, sha256sum and bc.
VECTORS = {
    ("0" * 40, "sales/Open deals/A.md"): "bvq3a9hx4f",
    ("4b825dc642cb6eb9a060e54bf8d69288fbee4904", "work/Backlog/Login.md"): "zjcrd18nyd",
    ("4b825dc642cb6eb9a060e54bf8d69288fbee4904", "a/É/é – ü.md"): "y89hd8tgvm",
}


def test_derived_ids_are_fixed_for_ever() -> None:
    assert {key: derived_id(*key) for key in VECTORS} == VECTORS


@given(st.text(alphabet="0123456789abcdef", min_size=40, max_size=40), st.text(min_size=1))
def test_derived_ids_are_ids(commit: str, path: str) -> None:
    assert is_id(derived_id(commit, path))


def test_a_decomposed_path_derives_the_same_id() -> None:
    assert derived_id("0" * 40, "p/x/caf\u00e9.md") == derived_id("0" * 40, "p/x/cafe\u0301.md")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("k7h3kq0m2x", True), ("m4xq7c2p0d", True), ("7kh3kq0m2x", False), ("K7H3KQ0M2X", False),
        ("k7h3kq0m2", False), ("k7h3kq0m2xx", False), ("k7h3kq0m2o", False),
        ("k7h3kq0m2u", False), ("i7h3kq0m2x", False), ("", False), ("k7h3kq0m2é", False),
    ],
)  # fmt: skip
def test_is_id(text: str, valid: bool) -> None:
    assert is_id(text) is valid


def test_alphabet() -> None:
    assert len(ALPHABET) == 32 and len(LETTERS) == 22
    assert not set("ilou") & set(ALPHABET)


def moves(*rows: tuple[str | None, str | None]) -> Pairing:
    return Pairing(rows)


@pytest.mark.parametrize(
    ("pairs", "before", "after", "lists"),
    [
        pytest.param(
            moves(("s/Old/a.md", "s/New/a.md"), ("s/Old/b.md", "s/New/c.md"), ("s/Old/d.md", None)),
            {"s", "s/Old"}, {"s", "s/New"}, {"s/Old": "s/New"}, id="renamed, one deleted",
        ),
        pytest.param(
            moves(("s/Old/a.md", "s/New/a.md")), {"s", "s/Old"}, {"s", "s/Old", "s/New"}, {},
            id="the old folder is still there: moved",
        ),
        pytest.param(
            moves(("s/Old/a.md", "s/New/a.md")), {"s", "s/Old", "s/New"}, {"s", "s/New"}, {},
            id="the new folder was there: moved",
        ),
        pytest.param(
            moves(("s/Old/a.md", "s/N1/a.md"), ("s/Old/b.md", "s/N2/b.md")),
            {"s", "s/Old"}, {"s", "s/N1", "s/N2"}, {}, id="spread over two: moved",
        ),
        pytest.param(
            moves(("s/Old/a.md", "s/New/a.md"), ("s/Old/b.md", "s/New/b.md"), ("s/Old/c.md", "s/B/c.md")),
            {"s", "s/Old", "s/B"}, {"s", "s/New", "s/B"}, {"s/Old": "s/New"},
            id="renamed, one dragged out",
        ),
        pytest.param(
            moves(("s/Old/a.md", "s/New/a.md"), ("s/Old/b.md", "s/B/b.md"), ("s/Old/c.md", "s/B/c.md")),
            {"s", "s/Old", "s/B"}, {"s", "s/New", "s/B"}, {}, id="most of it dragged elsewhere: moved",
        ),
        pytest.param(
            moves(("s/Old/a.md", None), (None, "s/New/b.md")), {"s", "s/Old"}, {"s", "s/New"}, {},
            id="no survivor",
        ),
        pytest.param(
            moves(("s/Old/a.md", "c/New/a.md")), {"s", "s/Old", "c"}, {"s", "c", "c/New"}, {},
            id="into another project: arrived",
        ),
        pytest.param(
            moves(("s/A/a.md", "t/A/a.md"), ("s/B/b.md", "t/B/b.md")),
            {"s", "s/A", "s/B"}, {"t", "t/A", "t/B"}, {"s/A": "t/A", "s/B": "t/B"},
            id="the project renamed",
        ),
        pytest.param(
            moves(("A/a.md", "B/a.md")), {"A"}, {"B"}, {"A": "B"}, id="a project at the root",
        ),
        pytest.param(
            moves(("s/Old/a.md", "s/New/a.md"), (None, "s/New/z.md")),
            {"s", "s/Old"}, {"s", "s/New"}, {"s/Old": "s/New"}, id="renamed, one added",
        ),
    ],
)  # fmt: skip
def test_renamed_lists(
    pairs: Pairing, before: set[str], after: set[str], lists: dict[str, str]
) -> None:
    assert renamed_lists(pairs, before, after) == lists


def test_renamed_projects() -> None:
    pairs = moves(("s/A/a.md", "t/A/a.md"), ("s/B/b.md", "t/C/b.md"))
    before, after = {"s", "s/A", "s/B"}, {"t", "t/A", "t/C"}
    assert renamed_projects(pairs, before, after) == {"s": "t"}
    assert renamed_lists(pairs, before, after) == {"s/A": "t/A", "s/B": "t/C"}


def test_a_file_without_an_id_follows_its_renamed_folder_though_it_was_edited() -> None:
    pairs = moves(
        ("s/Old/a.md", "s/New/a.md"),
        ("s/Old/b.md", None),
        (None, "s/New/b.md"),
        ("s/Old/c.md", None),
    )
    assert pairs.following({"s/Old": "s/New"}).pairs == (
        ("s/Old/a.md", "s/New/a.md"), ("s/Old/b.md", "s/New/b.md"), ("s/Old/c.md", None)
    )  # fmt: skip
    assert Pairing(pairs.pairs, frozenset({"s/New/b.md"})).following({"s/Old": "s/New"}).created


def test_where_the_history_has_a_record_it_is_that_one() -> None:
    before = {"s/B/a.md": Card("s/B/a.md", "a1", "new")}
    after = {p: Card(p, "a1", sha) for p, sha in (("s/A/a.md", "old"), ("s/B/a.md", "newer"))}
    assert pair(before, after).kept == (("s/B/a.md", "s/B/a.md"),)
    at_home = pair(before, after, homes={"s/A/a.md"})
    assert at_home.kept == (("s/B/a.md", "s/A/a.md"),)
    assert at_home.copies == {"s/B/a.md"}


def test_of_two_files_with_one_id_the_one_of_the_same_name_is_meant() -> None:
    before = cards(("p/x/a.md", A, "1"), ("p/x/b.md", A, "2"))
    assert pair(before, cards(("p/y/b.md", A, "3"))).kept == (("p/x/b.md", "p/y/b.md"),)
