"""What is shown of a record that holds the words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluefs.core.model import Comment
from bluefs.core.query import parse_query
from bluefs.core.query.folding import contains, needle, search_form, slow_form
from bluefs.core.query.ranking import needles_of, rank
from bluefs.core.query.snippets import found_in, snippet
from tests.core.query.query_help import NOW, record

LAW = settings(max_examples=300, deadline=None)
PIECES = st.sampled_from(
    ["a", "É", "e\u0301", "ﬁ", "œ", "Straße", " ", "\n\n", "\u00a0", "😀", "l’été", "x", "\u0308", "İ", "한",
     "\u1112\u1161", "ｶﾞ", "½", "\u200b", "\x00", "…", "\u00a8", "Ω", "Σς"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=12))


@given(TEXTS, TEXTS)
@LAW
@example("de\u0301but", "debut")
def test_what_is_marked_folds_to_what_was_asked(text: str, asked: str) -> None:
    wanted = needle(asked)
    spans = found_in(text, [wanted]) if wanted else ()
    assert bool(spans) == (bool(wanted) and contains(text, wanted))
    for start, end in spans:
        assert wanted in needle(text[start:end])
    assert all(a[1] < b[0] for a, b in pairwise(spans))


@given(TEXTS, st.data())
@LAW
def test_a_part_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, len(text)))
    wanted = needle(text[low:high])
    if wanted and contains(text, wanted):
        assert found_in(text, [wanted])


@given(TEXTS, st.text(max_size=300), st.text(max_size=300), st.integers(8, 90))
@LAW
def test_a_snippet_fits_its_width(word: str, before: str, after: str, width: int) -> None:
    wanted = needle(word)
    one = record({}, body=f"{before} {word} {after}")
    found = snippet(one, [wanted], width)
    if not wanted:
        assert found is None
        return
    assert found is not None and len(found.text) <= width
    assert "\n" not in found.text
    assert all(0 <= a < b <= len(found.text) for a, b in found.spans)
    if len(word) < width // 2:
        assert found.spans


def test_the_passage_around_the_first_hit() -> None:
    text = "Premier point : " + "bla bla " * 10 + "le DE\u0301BUT du contrat " + "et la suite " * 10
    found = snippet(record({}, body=text), ["debut"], 40)
    assert found is not None
    assert found.text == "…bla le DE\u0301BUT du contrat et la suite…"
    assert [found.text[a:b] for a, b in found.spans] == ["DE\u0301BUT"]


def test_a_short_text_is_shown_whole() -> None:
    found = snippet(record({}, body="Pay\n  net 60."), ["net", "pay"])
    assert found is not None and (found.text, found.spans) == ("Pay net 60.", ((0, 3), (4, 7)))


def test_the_body_then_a_comment_then_the_title() -> None:
    said = (Comment("ana", NOW, "They asked for net 60."),)
    one = record({}, title="Net 60", body="nothing", comments=said)
    found = snippet(one, ["net"])
    assert found is not None and (found.place, found.text) == ("comments", "They asked for net 60.")
    found = snippet(record({}, title="Net 60"), ["net"])
    assert found is not None and (found.place, found.spans) == ("title", ((0, 3),))
    assert snippet(one, ["absent"]) is None
    assert snippet(one, []) is None


@pytest.mark.parametrize(
    ("title", "body", "comment", "expected"),
    [
        ("Renewal", "", "", 0),
        ("The renewal, again", "", "", 0),
        ("Renewals", "renewal", "", 1),
        ("", "a renewal.", "", 2),
        ("", "renewals", "renewal", 3),
        ("", "", "on RENEWAL", 4),
        ("", "", "renewed renewals", 5),
        ("", "", "", 6),
    ],
)
def test_rank(title: str, body: str, comment: str, expected: int) -> None:
    comments = (Comment("ana", NOW, comment),) if comment else ()
    one = record({}, title=title, body=body, comments=comments)
    assert rank(one, ("renewal",)) == expected


@given(st.one_of(TEXTS, st.text(st.characters(codec="cp1252"), max_size=20)))
@LAW
def test_the_table_says_what_unicode_says(text: str) -> None:
    assert search_form(text) == slow_form(text)
    assert needle(text) == " ".join(slow_form(text).split())
    assert needle(needle(text)) == needle(text)


def test_what_must_not_be_there_is_not_looked_for() -> None:
    tree = parse_query('Début -draft (a or "b  c") tag:x not (e or f)').tree
    assert needles_of(tree) == ("debut", "a", "b c")
    assert search_form("x\x00y") == "xy"
