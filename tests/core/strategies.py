"""Generated records for the tests of core: small worlds, so that sides often meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bluefs.core.codec.body import parse_body
from bluefs.core.model import Record, Span, Value

PARIS = ZoneInfo("Europe/Paris")

scalars: st.SearchStrategy[Value] = st.sampled_from(
    [
        None, True, False, "red", "Web", "", Decimal("1"), Decimal("1.0"), Decimal("12000"),
        date(2026, 12, 1), datetime(2026, 12, 1, 15, tzinfo=UTC),
        datetime(2026, 12, 1, 16, tzinfo=timezone(timedelta(hours=1))),
        Span(date(2026, 12, 1), date(2026, 12, 5)),
    ]
)  # fmt: skip


def sets(*members: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(members), unique_by=str.casefold, max_size=4).map(tuple)


SETS = {
    "tags": sets("Urgent", "Key account", "Silent", "Contacted", "key-account"),
    "assignees": sets("ana", "li", "bo"),
    "products": sets("Basic", "Pro", "basic"),
}
SCALARS = ("due", "color", "done", "deal_value", "position", "source")

ITEMS = st.builds(
    "- [{}] {}{}".format,
    st.sampled_from([" ", "x"]),
    st.sampled_from(["Call", "Write", "Pay"]),
    st.sampled_from(["", " @li", " due:2026-11-28"]),
)
LINES = st.one_of(
    st.sampled_from(["", "one", "two", "three", "## Before", "## After", "```"]), ITEMS, ITEMS
)
COMMENTS = st.builds(
    "### {} {} {}\n{}\n".format,
    st.sampled_from(["ana", "li"]),
    st.sampled_from(["·", "-"]),
    st.sampled_from(["2026-11-24 09:12", "2026-11-24T10:00", "2026-11-23"]),
    st.sampled_from(["Yes.", "No.", "Perhaps,\nor not."]),
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    lines = draw(st.lists(LINES, max_size=7))
    if draw(st.booleans()):
        lines += ["```"] * (lines.count("```") % 2)
        lines += ["## Comments", "", *draw(st.lists(COMMENTS, max_size=3))]
    newline = draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))
    text = "\n".join(lines) + ("\n" if lines and draw(st.booleans()) else "")
    return text.replace("\n", newline)


def read(record: Record, first_line: int = 1) -> Record:
    """With comments and items as the reader finds them."""
    body = parse_body(record.body, PARIS, first_line)
    return replace(record, comments=body.comments, items=body.items)


@st.composite
def records(draw: st.DrawFn) -> Record:
    project = draw(st.sampled_from(["sales", "work"]))
    folder = draw(st.sampled_from(["Open deals", "Won"]))
    name = draw(st.sampled_from(["A", "B", "C"]))
    title_key = draw(st.booleans())
    values = {k: v for k in SCALARS if (v := draw(scalars)) is not None}
    values |= {k: v for k, some in SETS.items() if (v := draw(some))}
    unknown = draw(st.dictionaries(st.sampled_from(["extra", "aliases"]), st.sampled_from("12")))
    return read(
        Record(
            path=f"{project}/{folder}/{name}.md",
            project=project,
            list=folder,
            id=draw(st.sampled_from([None, "aaaaaaaaaa"])),
            title=draw(st.sampled_from(["A", "X: y", "B"])) if title_key else name,
            values=values,
            body=draw(bodies()),
            bad=draw(st.sets(st.sampled_from(["repeat", "start"]), max_size=1).map(frozenset)),
            unknown=unknown,
            title_key=title_key,
            list_done=folder == "Won",
        )
    )


@st.composite
def edits(draw: st.DrawFn, record: Record) -> Record:
    """The record with some of it taken from another one."""
    other = draw(records())
    keys = draw(st.sets(st.sampled_from([*SCALARS, *SETS, "body", "title", "place", "unknown"])))
    values = {k: other.values.get(k) for k in keys & {*SCALARS, *SETS}}
    edited = record.with_values(values)
    if "body" in keys:
        edited = replace(edited, body=draw(body_edits(record.body)))
    if "unknown" in keys:
        edited = replace(edited, unknown=other.unknown, bad=other.bad)
    if "title" in keys:
        name = other.path.rpartition("/")[2]
        folder = edited.path.rpartition("/")[0]
        edited = replace(
            edited, title=other.title, title_key=other.title_key, path=f"{folder}/{name}"
        )
    if "place" in keys:
        name = edited.path.rpartition("/")[2]
        edited = replace(
            edited,
            project=other.project,
            list=other.list,
            list_done=other.list_done,
            path=f"{other.project}/{other.list}/{name}",
        )
    return read(edited)


@st.composite
def body_edits(draw: st.DrawFn, body: str) -> str:
    """A body with lines put in, taken out and ticked."""
    newline = "\r\n" if "\r\n" in body else "\n"
    lines = body.split(newline)
    for _ in range(draw(st.integers(1, 3))):
        n = draw(st.integers(0, len(lines)))
        what = draw(st.sampled_from(["tick", "insert", "delete", "comment"]))
        if what == "insert":
            lines.insert(n, draw(LINES.filter(lambda line: line != "```")))
        elif what == "comment":
            lines += ["", "## Comments", ""] if "## Comments" not in lines else [""]
            lines += draw(COMMENTS).split("\n")
        elif n < len(lines) and what == "delete":
            del lines[n]
        elif n < len(lines):
            lines[n] = lines[n].replace("[ ]", "[x]")
    return newline.join(lines)


def versions() -> st.SearchStrategy[tuple[Record, Record, Record]]:
    """(base, ours, theirs)."""
    return records().flatmap(lambda base: st.tuples(st.just(base), edits(base), edits(base)))
