"""The three-way merge of records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.diff3 import Side
from bluefs.core.fields.tags import fold_tag
from bluefs.core.merge import Delta, Loser, Merged, delta, merge_record, rebase
from bluefs.core.model import Record, Value
from tests.core.strategies import PARIS, edits, read, records, versions

SIDES = st.sampled_from(["ours", "theirs"])
OTHER: dict[Side, Side] = {"ours": "theirs", "theirs": "ours"}
Versions = tuple[Record, Record, Record]


def deal(body: str = "", path: str = "sales/Open deals/A.md", **values: Value) -> Record:
    project, folder, name = path.split("/")
    return read(Record(path, project, folder, "aaaaaaaaaa", name[:-3], values, body))


def merged(base: Record, ours: Record, theirs: Record, prefer: Side = "ours") -> Record:
    record = merge_record(base, ours, theirs, prefer).record
    assert record is not None
    return record


# Laws


@given(records(), records(), SIDES)
@settings(max_examples=60, deadline=None)
def test_a_one_sided_change_is_the_result(base: Record, x: Record, prefer: Side) -> None:
    assert merge_record(base, x, x, prefer) == Merged(x)
    assert merge_record(base, base, x, prefer) == Merged(x)
    assert merge_record(base, x, base, prefer) == Merged(x)
    assert merge_record(None, x, None, prefer) == Merged(x)
    assert merge_record(None, x, x, prefer) == Merged(x)


@given(versions(), SIDES)
@settings(max_examples=80, deadline=None)
def test_swapping_sides_and_preference_changes_nothing(three: Versions, prefer: Side) -> None:
    base, ours, theirs = three
    one = merge_record(base, ours, theirs, prefer)
    two = merge_record(base, theirs, ours, OTHER[prefer])
    assert one.record == two.record
    turned = {(x.key, str(x.value), OTHER[x.side]) for x in two.losers}
    assert {(x.key, str(x.value), x.side) for x in one.losers} == turned


@given(versions(), SIDES)
@settings(max_examples=120, deadline=None)
def test_no_change_is_lost_in_silence(three: Versions, prefer: Side) -> None:
    base, ours, theirs = three
    found = merge_record(base, ours, theirs, prefer)
    assert found.record is not None
    for side, record in (("ours", ours), ("theirs", theirs)):
        for key, value in changes(base, record).items():
            lost = [x.value for x in found.losers if x.key == key and x.side == side]
            if key == "list":
                lost = [x if "/" in str(x) else f"{record.project}/{x}" for x in lost]
            assert changes(base, found.record, key).get(key) == value or value in lost, key
        for key in ("tags", "assignees", "products"):
            new = members(record, key) - members(base, key)
            assert new <= members(found.record, key)
        gone = "\n".join(str(x.value) for x in found.losers)
        new_lines = lines(record.body) - lines(base.body)
        assert new_lines <= lines(found.record.body) | lines(gone)


def changes(base: Record, record: Record, only: str = "") -> dict[str, object]:
    """What the record says otherwise than its base, sets and body apart."""
    said: dict[str, object] = {}
    for key in {*base.values, *record.values}:
        one, two = base.values.get(key), record.values.get(key)
        sets = isinstance(one, tuple) or isinstance(two, tuple)
        if not sets and ((one, type(one)) != (two, type(two)) or key == only):
            said[key] = two
    for key in {*base.unknown, *record.unknown}:
        if base.unknown.get(key) != record.unknown.get(key) or key == only:
            said[key] = record.unknown.get(key)
    if base.title != record.title or only == "title":
        said["title"] = record.title
    if (base.project, base.list) != (record.project, record.list) or only == "list":
        said["list"] = f"{record.project}/{record.list}"
    return said


def members(record: Record, key: str) -> set[str]:
    return {fold_tag(m) if key != "products" else m for m in record.tuple_of(key)}


def lines(text: str) -> set[str]:
    """What the lines say, without ticks (a value of their own)."""
    return {re.sub(r"\[.\]", "[]", line.rstrip("\r")) for line in text.split("\n") if line.strip()}


@given(versions(), SIDES)
@settings(max_examples=80, deadline=None)
def test_comments_and_items_are_those_of_the_text(three: Versions, prefer: Side) -> None:
    record = merge_record(*three, prefer).record
    assert record is not None
    again = read(record)
    assert [(c.author, c.at, c.text, c.ordinal) for c in record.comments] == [
        (c.author, c.at, c.text, c.ordinal) for c in again.comments
    ]
    assert [replace(i, line=0) for i in record.items] == [replace(i, line=0) for i in again.items]


@given(versions(), SIDES)
@settings(max_examples=50, deadline=None)
def test_the_winner_of_a_merge_merges_in_without_loss(three: Versions, prefer: Side) -> None:
    """What came of a merge is one-sided against the side it was made for."""
    base, ours, theirs = three
    record = merged(base, ours, theirs, prefer)
    assert merge_record(ours, record, ours, prefer) == Merged(record)


@given(records(), SIDES)
@settings(deadline=None)
def test_gone_on_one_side_and_untouched_on_the_other_is_gone(base: Record, prefer: Side) -> None:
    assert merge_record(base, None, base, prefer) == Merged(None)
    assert merge_record(base, base, None, prefer) == Merged(None)
    assert merge_record(base, None, None, prefer) == Merged(None)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_rebase_of_a_delta_onto_its_base_is_the_target(data: st.DataObject) -> None:
    base = data.draw(records())
    target = data.draw(edits(base))
    assert rebase(base, base, target) == target
    assert rebase(base, target, base) == target


# Values


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "prefer", "expected", "lost"),
    [
        pytest.param({"due": date(2026, 1, 1)}, {"due": date(2026, 1, 2)}, {"due": date(2026, 1, 1)},
                     "theirs", {"due": date(2026, 1, 2)}, (), id="one side changed"),
        pytest.param({"n": Decimal(1)}, {"n": Decimal(2)}, {"n": Decimal(3)}, "ours",
                     {"n": Decimal(2)}, (Loser("n", Decimal(3), "theirs"),), id="both changed"),
        pytest.param({"n": Decimal(1)}, {"n": Decimal(2)}, {"n": Decimal(3)}, "theirs",
                     {"n": Decimal(3)}, (Loser("n", Decimal(2), "ours"),), id="the other stays"),
        pytest.param({"n": Decimal(1)}, {}, {"n": Decimal(3)}, "ours", {},
                     (Loser("n", Decimal(3), "theirs"),), id="cleared against changed"),
        pytest.param({"n": Decimal(1)}, {"n": Decimal(2)}, {}, "ours", {"n": Decimal(2)},
                     (Loser("n", None, "theirs"),), id="changed against cleared"),
        pytest.param({}, {"n": Decimal("1.0")}, {"n": Decimal(1)}, "theirs", {"n": Decimal(1)}, (),
                     id="equal values are no conflict"),
        pytest.param({"n": Decimal(1)}, {"n": True}, {"n": Decimal(1)}, "theirs", {"n": True}, (),
                     id="true is not 1"),
        pytest.param({"due": datetime(2026, 1, 1, 12, tzinfo=UTC)},
                     {"due": datetime(2026, 1, 1, 13, tzinfo=PARIS)}, {}, "ours", {}, (),
                     id="the same moment in another zone is no change"),
        pytest.param({"a": "1"}, {"a": "2", "b": "1"}, {"a": "1", "c": "1"}, "ours",
                     {"a": "2", "b": "1", "c": "1"}, (), id="different keys"),
        pytest.param({"tags": ("a", "b")}, {"tags": ("a", "b", "c")}, {"tags": ("b", "d")}, "ours",
                     {"tags": ("b", "c", "d")}, (), id="sets: added, removed, added"),
        pytest.param({"tags": ("a", "b")}, {"tags": ("d", "b", "a")}, {"tags": ("a", "b", "c")},
                     "ours", {"tags": ("d", "b", "a", "c")}, (), id="sets: the preferred order"),
        pytest.param({"tags": ("a",)}, {}, {"tags": ("a", "b")}, "ours", {"tags": ("b",)}, (),
                     id="sets: all removed against one added"),
        pytest.param({}, {"tags": ("Key account",)}, {"tags": ("key-account", "x")}, "ours",
                     {"tags": ("Key account", "x")}, (), id="sets: tags are folded"),
        pytest.param({}, {"f": ("A",)}, {"f": ("a",)}, "ours", {"f": ("A", "a")}, (),
                     id="sets: other members are not"),
        pytest.param({"f": ("a",)}, {"f": "b"}, {"f": ("a", "c")}, "ours", {"f": "b"},
                     (Loser("f", ("a", "c"), "theirs"),), id="a set against a scalar"),
    ],
)  # fmt: skip
def test_values(
    base: dict[str, Value], ours: dict[str, Value], theirs: dict[str, Value], prefer: Side,
    expected: Mapping[str, Value], lost: tuple[Loser, ...],
) -> None:  # fmt: skip
    found = merge_record(deal(**base), deal(**ours), deal(**theirs), prefer)
    assert found.record is not None
    assert found.record.values == expected
    assert [type(v) for v in found.record.values.values()] == [type(v) for v in expected.values()]
    assert found.losers == lost


def test_two_sides_that_brought_the_same_id_become_one() -> None:
    ours, theirs = deal(tags=("a",), n=Decimal(1)), deal(tags=("b",), n=Decimal(2), m="x")
    found = merge_record(None, ours, theirs, "theirs")
    assert found.record is not None
    assert found.record.values == {"tags": ("b", "a"), "n": Decimal(2), "m": "x"}
    assert found.losers == (Loser("n", Decimal(1), "ours"),)


def test_undeclared_keys_merge_as_scalars() -> None:
    base = replace(deal(), unknown={"extra": "1", "mine": "1"})
    ours = replace(base, unknown={"extra": "2", "mine": "1"})
    theirs = replace(base, unknown={"extra": "3"})
    found = merge_record(base, ours, theirs, "theirs")
    assert found.record is not None
    assert found.record.unknown == {"extra": "3"}
    assert found.losers == (Loser("extra", "2", "ours"),)


def test_what_cannot_be_read_stays_so_and_the_other_side_is_merged_in() -> None:
    base = deal(due=date(2026, 1, 1))
    ours = replace(base.with_values({"due": None}), bad=frozenset({"due"}))
    theirs = base.with_values({"color": "red"})
    record = merged(base, ours, theirs)
    assert record.bad == {"due"} and record.values == {"color": "red"}


# Place and title


def test_a_move_and_an_edit_meet() -> None:
    base = deal()
    ours = replace(base, list="Won", path="sales/Won/A.md", list_done=True)
    theirs = base.with_values({"color": "red"})
    for prefer in ("ours", "theirs"):
        record = merged(base, ours, theirs, prefer)  # type: ignore[arg-type]
        assert (record.path, record.list, record.done) == ("sales/Won/A.md", "Won", True)
        assert record.values == {"color": "red"}


def test_a_move_and_a_renaming_meet() -> None:
    base = deal()
    ours = replace(base, list="Won", path="sales/Won/A.md", list_done=True)
    theirs = replace(base, title="B", path="sales/Open deals/B.md")
    record = merged(base, ours, theirs)
    assert (record.path, record.title, record.list) == ("sales/Won/B.md", "B", "Won")


@pytest.mark.parametrize(
    ("prefer", "path", "lost"),
    [
        ("ours", "sales/Won/A.md", Loser("list", "Lost", "theirs")),
        ("theirs", "sales/Lost/A.md", Loser("list", "Won", "ours")),
    ],
)
def test_two_moves(prefer: Side, path: str, lost: Loser) -> None:
    base = deal()
    ours = replace(base, list="Won", path="sales/Won/A.md")
    theirs = replace(base, list="Lost", path="sales/Lost/A.md")
    found = merge_record(base, ours, theirs, prefer)
    assert found.record is not None
    assert (found.record.path, found.losers) == (path, (lost,))


def test_two_moves_to_different_projects_name_the_folder() -> None:
    base = deal()
    theirs = replace(base, project="work", list="Won", path="work/Won/A.md")
    ours = replace(base, list="Won", path="sales/Won/A.md")
    assert merge_record(base, ours, theirs, "ours").losers == (Loser("list", "work/Won", "theirs"),)


def test_the_name_of_the_file_goes_with_the_title_it_says() -> None:
    base = deal()
    ours = replace(base, title="B", path="sales/Open deals/B.md")
    theirs = replace(base, title="C: c", title_key=True, path="sales/Open deals/C c.md")
    found = merge_record(base, ours, theirs, "ours")
    assert found.record is not None
    assert (found.record.title, found.record.title_key) == ("B", False)
    assert found.record.path == "sales/Open deals/B.md"
    assert found.losers == (Loser("title", "C: c", "theirs"), Loser("path", "C c.md", "theirs"))
    other = merged(base, ours, theirs, "theirs")
    assert (other.title, other.title_key) == ("C: c", True)
    assert other.path == "sales/Open deals/C c.md"


@given(versions(), SIDES)
@settings(max_examples=50, deadline=None)
def test_a_title_without_its_key_is_the_name_of_the_file(three: Versions, prefer: Side) -> None:
    record = merged(*three, prefer)
    name = record.path.rpartition("/")[2]
    assert record.title_key or record.title == name[:-3]


# Gone


def test_gone_against_edited_keeps_the_edited() -> None:
    base = deal()
    edited = base.with_values({"color": "red"})
    for prefer in ("ours", "theirs"):
        found = merge_record(base, None, edited, prefer)  # type: ignore[arg-type]
        assert found == Merged(edited, (Loser("deleted", True, "ours"),))
        found = merge_record(base, edited, None, prefer)  # type: ignore[arg-type]
        assert found == Merged(edited, (Loser("deleted", True, "theirs"),))


def test_gone_against_moved_keeps_it_where_it_was_moved() -> None:
    base = deal()
    moved = replace(base, list="Won", path="sales/Won/A.md")
    assert merge_record(base, None, moved, "ours").record == moved


def test_converted_line_endings_are_no_edit_to_keep_a_deleted_record_for() -> None:
    base = deal("one\ntwo\n")
    assert merge_record(base, None, deal("one\r\ntwo\r\n"), "ours").record is None


# Body

ITEMS = "Text.\n\n## Before\n- [ ] Call @ana\n- [ ] Write\n- [ ] Pay\n"
TALK = "Text.\n\n## Comments\n\n### ana · 2026-11-24 09:12\nFirst.\n\n### li · 2026-11-24 11:00\nThird.\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        pytest.param(ITEMS, ITEMS.replace("[ ] Call", "[x] Call"),
                     ITEMS.replace("[ ] Write", "[x] Write"),
                     ITEMS.replace("[ ] Call", "[x] Call").replace("[ ] Write", "[x] Write"),
                     id="both tick neighbours"),
        pytest.param(ITEMS, ITEMS.replace("[ ] Call", "[x] Call"),
                     ITEMS.replace("@ana", "@li due:2026-12-01"),
                     ITEMS.replace("[ ] Call @ana", "[x] Call @li due:2026-12-01"),
                     id="ticked here, given to another there"),
        pytest.param(ITEMS, ITEMS + "- [ ] Sing\n", ITEMS + "- [ ] Dance\n",
                     ITEMS + "- [ ] Sing\n- [ ] Dance\n", id="both add an item"),
        pytest.param(ITEMS, ITEMS + "- [ ] Sing\n", ITEMS + "- [ ] Sing\n", ITEMS + "- [ ] Sing\n",
                     id="both add the same"),
        pytest.param(ITEMS, ITEMS + "- [ ] Sing\n", ITEMS.replace("[ ] Pay", "[x] Pay"),
                     ITEMS.replace("[ ] Pay", "[x] Pay") + "- [ ] Sing\n", id="added and ticked"),
        pytest.param(ITEMS, ITEMS.replace("- [ ] Write\n", ""), ITEMS + "- [ ] Sing\n",
                     ITEMS.replace("- [ ] Write\n", "") + "- [ ] Sing\n", id="removed and added"),
        pytest.param(ITEMS, ITEMS.replace("- [ ] Pay\n", ""), ITEMS.replace("[ ] Pay", "[x] Pay"),
                     ITEMS.replace("[ ] Pay", "[x] Pay"), id="removed against ticked: stays"),
        pytest.param(ITEMS, ITEMS.replace("- [ ] Pay\n", "").replace("## Before\n", "## Before\n- [ ] Pay\n"),
                     ITEMS.replace("[ ] Pay", "[x] Pay"),
                     ITEMS.replace("- [ ] Pay\n", "").replace("## Before\n", "## Before\n- [x] Pay\n"),
                     id="reordered and ticked"),
        pytest.param(TALK, TALK + "\n### ana · 2026-11-24 12:00\nFourth.\n",
                     TALK + "\n### li · 2026-11-24 11:30\nBetween.\n",
                     TALK + "\n### li · 2026-11-24 11:30\nBetween.\n\n### ana · 2026-11-24 12:00\nFourth.\n",
                     id="both comment: in order of time"),
        pytest.param(TALK, TALK + "\n### ana · 2026-11-24 12:00\nFourth.\n",
                     TALK + "\n### ana · 2026-11-24 12:00\nFourth.\n",
                     TALK + "\n### ana · 2026-11-24 12:00\nFourth.\n", id="the same comment twice"),
        pytest.param(TALK, TALK.replace("First", "1st"), TALK + "\n### ana · 2026-11-24 12:00\nFourth.\n",
                     TALK.replace("First", "1st") + "\n### ana · 2026-11-24 12:00\nFourth.\n",
                     id="an edited and a new comment"),
        pytest.param(TALK, TALK.replace("Third", "3rd"),
                     TALK.replace("### li · 2026-11-24 11:00\nThird.\n", ""),
                     TALK.replace("Third", "3rd"), id="edited against removed: stays"),
        pytest.param("Text.\n", "Text.\n\n## Comments\n\n### ana · 2026-11-24 09:12\nA.\n",
                     "Text.\n\n## Comments\n\n### li · 2026-11-24 09:00\nB.\n",
                     "Text.\n\n## Comments\n\n### li · 2026-11-24 09:00\nB.\n\n### ana · 2026-11-24 09:12\nA.\n",
                     id="both begin to comment"),
        pytest.param("Text.", "Text.\n\n## Comments\n\n### ana · 2026-11-24 09:12\nA.\n", "Texts.",
                     "Texts.\n\n## Comments\n\n### ana · 2026-11-24 09:12\nA.\n",
                     id="a comment below a changed last line"),
        pytest.param(TALK, TALK.replace("Text", "Words"), TALK + "\n### ana · 2026-11-24 12:00\nX.\n",
                     TALK.replace("Text", "Words") + "\n### ana · 2026-11-24 12:00\nX.\n",
                     id="text here, a comment there"),
        pytest.param(TALK.replace("\n", "\r\n"), TALK.replace("\n", "\r\n").replace("Text", "Words"),
                     (TALK + "\n### ana · 2026-11-24 12:00\nX.\n").replace("\n", "\r\n"),
                     (TALK.replace("Text", "Words") + "\n### ana · 2026-11-24 12:00\nX.\n").replace("\n", "\r\n"),
                     id="with CRLF"),
    ],
)  # fmt: skip
def test_body(base: str, ours: str, theirs: str, expected: str) -> None:
    found = merge_record(deal(base), deal(ours), deal(theirs), "ours")
    assert found.record is not None
    assert found.record.body == expected
    assert found.losers == ()
    assert found.record == read(found.record)


def test_new_comments_stay_newest_first_where_they_are_kept_so() -> None:
    base = "## Comments\n\n### li · 2026-11-24 11:00\nB.\n\n### ana · 2026-11-24 09:12\nA.\n"
    head, rest = base[:13], base[13:]
    ours = f"{head}### ana · 2026-11-24 12:00\nD.\n\n{rest}"
    theirs = f"{head}### li · 2026-11-24 11:30\nC.\n\n{rest}"
    record = merged(deal(base), deal(ours), deal(theirs))
    assert [c.text for c in record.comments] == ["D.", "C.", "B.", "A."]


def test_two_comments_of_one_minute_both_stay() -> None:
    one, two = (TALK + f"\n### ana · 2026-11-24 12:00\n{word}.\n" for word in ("Yes", "No"))
    record = merged(deal(TALK), deal(one), deal(two))
    assert [(c.text, c.ordinal) for c in record.comments[2:]] == [("Yes.", 0), ("No.", 1)]


def test_a_comment_in_a_code_block_is_code() -> None:
    code = "```\n## Comments\n### ana · 2026-11-24 12:00\n```\nEnd.\n"
    record = merged(deal(code), deal("Top.\n" + code), deal(code + "More.\n"))
    assert record.body == "Top.\n" + code + "More.\n"


def test_a_conflict_in_the_text_names_the_lost_hunk() -> None:
    found = merge_record(deal("one\n"), deal("two\n"), deal("three\n"), "theirs")
    assert found.record is not None
    assert found.record.body == "three\n"
    assert found.losers == (Loser("body", "two\n", "ours"),)


def test_a_comment_edited_twice_keeps_the_preferred_and_names_the_other() -> None:
    ours, theirs = TALK.replace("First", "1st"), TALK.replace("First", "No. 1")
    found = merge_record(deal(TALK), deal(ours), deal(theirs), "ours")
    assert found.record is not None and found.record.body == ours
    assert found.losers == (Loser("comments", "No. 1.\n", "theirs"),)


def test_lines_of_comments_are_those_of_the_preferred_file() -> None:
    base, ours, theirs = (
        read(deal(body), first_line=6)
        for body in (
            TALK,
            TALK.replace("Text", "Words"),
            TALK + "\n### ana · 2026-11-24 12:00\nX.\n",
        )
    )
    record = merged(base, ours, theirs)
    assert record == read(record, first_line=6)


def test_stamps_keep_the_zone_their_side_knew() -> None:
    theirs = TALK + "\n### ana · 2026-11-24 12:00Z\nX.\n\n### ana · 2026-11-24 12:30\nY.\n"
    record = merged(deal(TALK), deal(TALK.replace("Text", "Words")), deal(theirs))
    assert [c.at for c in record.comments[2:]] == [
        datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 24, 12, 30, tzinfo=PARIS),
    ]  # fmt: skip


# Deltas


def test_delta() -> None:
    before = replace(deal("text", n=Decimal(1), color="red"), unknown={"x": "1"})
    after = replace(
        deal("more", n=Decimal(1), tags=("a",)), title="B", list="Won", path="sales/Won/B.md"
    )
    assert delta(before, after) == Delta(
        {"color": None, "tags": ("a",)}, "B", ("sales", "Won"), "more", {"x": None}
    )
    assert not delta(before, before)
    assert delta(before, after)


def test_rebase_writes_a_rule_beside_what_a_person_typed_meanwhile() -> None:
    base = deal("text\n", n=Decimal(1), tags=("a",))
    target = base.with_values({"n": Decimal(50), "tags": ("a", "rule")})
    disk = replace(base.with_values({"tags": ("a", "me"), "n": Decimal(7)}), body="text\nmore\n")
    record = rebase(base, disk, target)
    assert record.values == {"n": Decimal(7), "tags": ("a", "me", "rule")}
    assert record.body == "text\nmore\n"
