"""What is made straight of a text is what reading, packing and rows make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bluefs.core.codec.pack import pack
from bluefs.core.codec.record import read_whole
from bluefs.core.model import Config, FieldDef, ListDef, Person, Project, Workspace
from bluefs.core.query.folding import needle, needles
from bluefs.core.query.sql import rows_of
from bluefs.core.query.sql.straight import Straight
from bluefs.core.query.sql.straight import straight as straight_all
from bluefs.core.query.sql.tables import SLOTS

FIELDS = {
    "note": FieldDef("note", "text", "note"),
    "amount": FieldDef("amount", "currency", "amount", options={"currency": "EUR"}),
    "rate": FieldDef("rate", "number", "rate", options={"decimals": 12}),
    "nda": FieldDef("nda", "checkbox", "nda"),
    "mail": FieldDef("mail", "email", "mail"),
    "site": FieldDef("site", "url", "site"),
    "closing": FieldDef("closing", "date", "closing", options={"range": True}),
    "at": FieldDef("at", "date", "at"),
}
PROJECT = Project(
    "p", "P", lists={"l": ListDef("l", "l", done=True)}, tags={"Urgent": None}, fields=FIELDS
)
MANY = {f"x{n}": FieldDef(f"x{n}", "text", f"x{n}") for n in range(SLOTS)}
WIDE = replace(PROJECT, key="wide", fields={**MANY, **FIELDS})
PEOPLE = {"ana": Person("ana", "Ana"), "li": Person("li", "Li")}
CONFIG = Config(Workspace(people=PEOPLE, timezone="Europe/Paris"), {"p": PROJECT, "wide": WIDE})

KEYS = st.sampled_from(
    ["id", "title", "tags", "start", "due", "assignees", "done", "blocked_by", "position", "color",
     "repeat", "remind", *FIELDS, "x3", "aliases", "zzz"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["a", "Urgent", "urgent", "ana", "[ana, li]", "[Urgent]", "2026-12-01", "2026-12-01T15:00",
     "2026-03-29 02:30", "2026-10-25T02:30", "12000", "1.10", "-5", "0", "-0", "0.0000001", "007",
     "1e3", "9999999999999", "true", "yes", "null", "~", "", "k7h3kq0m2x", "1ab", "a0V", "a0",
     "https://x.example/?a=1&b=2", "ana@acme.example", "  two  words ", "É ﬁne “œ”", "x   # note",
     "x #note", "a: b", '"2026-12-01"', "'a # b'", "\n  - ana\n  - li", "\n- Urgent\n- urgent",
     "every week", "red", "[[Other]]", "'[[Other]]'", "1 day before", "a\tb", "a\\b", 'say "x"']
)  # fmt: skip
ENTRIES = st.tuples(KEYS, st.sampled_from([": ", ":  ", ":"]), VALUES).map("".join)
LINES = st.sampled_from([
    "Text", "", "  ", "Début  œuvre", "- [ ] one @ana due:2026-12-01", "  - [x] Two", "- [ ]",
    "## Comments", "### ana · 2026-11-24 09:12", "### ana · 2026-11-24 09:12", "### li · 2026-11-24",
    "### ana · 2026-02-30", "#### deep", "## Other", "# Comments", "```", "  lead", "日本 İ ß",
    "a\x04b", "\u0301x", "<<<<<<<", "\x01", "\x00",
])  # fmt: skip
TEXTS = st.builds(
    lambda head, entries, body, newline: newline.join(
        [head, *(line for entry in entries for line in entry.split("\n")), "---", *body]
    ),
    st.sampled_from(["---", "--- ", "\ufeff---", ""]) | st.just("---"),
    st.lists(ENTRIES, max_size=7),
    st.lists(LINES, max_size=9),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]),
)
PATHS = st.sampled_from(
    [
        "p/l/One two.md",
        "p/l/E\u0301te\u0301.md",
        "p/One.md",
        "wide/l/Two.md",
        "wide/new/x.md",
        "q.md",
    ]
)


def straight(path: str, data: bytes, config: Config) -> Straight | None:
    (found,) = straight_all([(path, data)], config)
    return found


def slowly(path: str, data: bytes, config: Config) -> object:
    """The long way; None where there is something to say about the file."""
    found = read_whole(path, data, config)
    record = found.record
    if record is None or found.problems or found.empty:
        return None
    project = config.projects.get(record.project) or Project(record.project, record.project)
    rows = rows_of(record, project, config) if record.list is not None else None
    return record.id, pack(record), None if rows is None else tuple(rows)[:4]


@given(PATHS, TEXTS)
@example("p/l/a.md", "---\nid: abc\n---\n")
@example("p/l/a.md", "---\nnote: a\nnote: b\n---\n")
@example(
    "p/l/a.md", "---\nid: null\nnote: NULL \n---\n## Comments\n### li · 2026-11-24\nx\n## Y\nz"
)
def test_what_is_made_straight_is_what_is_made_slowly(path: str, text: str) -> None:
    data = text.encode()
    for _ in range(2):  # read, and remembered
        found = straight(path, data, CONFIG)
        assert found is None or found == slowly(path, data, CONFIG)


@given(st.lists(st.tuples(PATHS, TEXTS.map(str.encode)), max_size=4))
def test_many_files_at_once_are_as_each_alone(files: list[tuple[str, bytes]]) -> None:
    assert straight_all(files, CONFIG) == [straight(*one, CONFIG) for one in files]


@given(st.lists(st.text() | LINES))
def test_many_texts_are_folded_as_each_alone(texts: list[str]) -> None:
    assert needles(texts) == [needle(text) for text in texts]


SOUND = (
    "---\nid: k7h3kq0m2x\ntags: [Urgent]\ndue: 2026-12-01\nassignees: [ana]\nposition: a0V\n"
    "amount: 12.50\nnote: Été # so\n---\nText\n\n- [ ] one\n\n## Comments\n### li · 2026-11-24\nx\n"
)


@pytest.mark.parametrize("text", [SOUND, SOUND.replace("\n", "\r\n")], ids=["LF", "CRLF"])
def test_an_ordinary_file_goes_straight(text: str) -> None:
    assert straight("p/l/a.md", text.encode(), CONFIG) is not None


@pytest.mark.parametrize(
    "other",
    [
        replace(PROJECT, references={"note": "p"}),
        replace(PROJECT, lookups=("note",)),
        replace(PROJECT, fields={**FIELDS, "sum": FieldDef("sum", "formula", "sum")}),
    ],
)
def test_what_a_file_alone_does_not_tell_is_left_to_the_reader(other: Project) -> None:
    config = replace(CONFIG, projects={"p": other})
    assert straight("p/l/a.md", SOUND.encode(), config) is None
