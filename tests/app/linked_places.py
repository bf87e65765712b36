"""A small workspace whose records rest on each other, and what happens to it: deals refer to
firms and firms to sectors, by id, by title, by path and wrongly."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bluefs.adapters.memory import MemoryState
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.memory_git import MemoryGit
from bluefs.app.workspace import Library, Snapshot
from bluefs.core.ports import Index
from bluefs.core.query import parse_query

NOW = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)

SECTORS = "lists: {All: }\nfields:\n  size: number\n  open: checkbox\n"
FIRMS = """\
lists: {Active: , Former: }
tags: [Client, Prospect]
fields:
  kind: {type: select, options: {Retail: blue, Sea: teal, Health: green}}
  since: date
  staff: number
  sector: {type: reference, project: sectors}
  size: {type: lookup, through: sector, get: size}
"""
DEALS = """\
lists: {Open: , Won: {done: true}}
fields:
  amount: {type: currency, currency: EUR}
  firm: {type: reference, project: firms, filter: "tag:Client"}
  others: {type: reference, project: firms, many: true}
  before: {type: reference, project: deals}
  kind: {type: lookup, through: firm, get: kind}
  called: {type: lookup, through: firm, get: title}
  since: {type: lookup, through: firm, get: since}
  where: {type: lookup, through: firm, get: list}
  marks: {type: lookup, through: firm, get: tags}
  size: {type: lookup, through: firm, get: size}
  staffs: {type: lookup, through: others, get: staff}
  kinds: {type: lookup, through: others, get: kind}
  sizes: {type: lookup, through: others, get: size}
  all_since: {type: lookup, through: others, get: since}
  all_marks: {type: lookup, through: others, get: tags}
  whose: {type: lookup, through: before, get: firm}
  further: {type: lookup, through: before, get: sizes}
"""
SETTINGS = {
    "bluefs.yaml": "bluefs: 1\ntimezone: Europe/Paris\npeople:\n  ana: {name: Ana, email: a@b.example}\n",
    "sectors/project.yaml": SECTORS,
    "firms/project.yaml": FIRMS,
    "deals/project.yaml": DEALS,
}

IDS = st.sampled_from(["aaa111bbb2", "ccc333ddd4", "eee555fff6", "ggg777hhh8"])
NAMES = st.sampled_from(["Acme", "Globex", "Été", "Sea Ltd", "Trade"])
MEANT = st.one_of(
    IDS, NAMES, NAMES.map(lambda n: f'"[[{n}]]"'),
    st.sampled_from(["Active/Acme", "firms/Former/Globex.md", "acme", "Nobody", "100%_"]),
)  # fmt: skip
PLACES = {
    "sectors": ("sectors/All",), "firms": ("firms/Active", "firms/Former"),
    "deals": ("deals/Open", "deals/Won"),
}  # fmt: skip
PATHS = st.sampled_from([
    f"{folder}/{name}.md" for folders in PLACES.values() for folder in folders
    for name in ("Acme", "Globex", "Été")
])  # fmt: skip


def _lines(**lines: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    some = st.fixed_dictionaries({}, optional=dict(lines))
    return some.map(lambda chosen: [f"{key}: {value}" for key, value in chosen.items()])


_COMMON = {"id": IDS, "title": NAMES}
_OWN = {
    "sectors": _lines(**_COMMON, size=st.integers(1, 12).map(str), open=st.sampled_from(["yes", "no"])),
    "firms": _lines(
        **_COMMON, tags=st.sampled_from(["Client", "[Client, Prospect]", "Prospect"]), sector=MEANT,
        kind=st.sampled_from(["Retail", "Sea", "Health", "nothing"]),
        since=st.sampled_from(["2020-01-01", "2026-11-24T09:00", "2026-11-24"]),
        staff=st.sampled_from(["9", "100", "12", "12.0", "-1"]),
    ),
    "deals": _lines(
        **_COMMON, amount=st.integers(1, 99).map(str), firm=MEANT, before=MEANT,
        others=st.lists(MEANT, max_size=3).map(lambda m: f"[{', '.join(m)}]"),
    ),
}  # fmt: skip


def texts(path: str) -> st.SearchStrategy[str]:
    lines = _OWN[path.partition("/")[0]]
    whole = lines.map(lambda own: "\n".join(["---", *own, "---", "Some text", ""]))
    return st.one_of(whole, whole, whole, st.sampled_from(["", "---\nid: [broken\n---\n"]))


WRITES = PATHS.flatmap(lambda path: st.tuples(st.just("write"), st.just(path), texts(path)))
CONFIGS = st.sampled_from([
    ("deals/project.yaml", DEALS.replace("get: kind", "get: staff")),
    ("deals/project.yaml", "lists: {Open: }\nfields: {amount: number}\n"),
    ("firms/project.yaml", FIRMS.replace("staff: number", "staff: text").replace("get: size", "get: open")),
    ("firms/project.yaml", FIRMS.replace("  sector: {type: reference, project: sectors}\n", "")),
    ("sectors/project.yaml", "lists: {All: }\nfields: {size: date}\n"),
    *SETTINGS.items(),
])  # fmt: skip
CHANGES = st.one_of(
    WRITES, WRITES, WRITES,
    st.tuples(st.just("move"), PATHS, PATHS), st.tuples(st.just("remove"), PATHS, st.just("")),
    CONFIGS.map(lambda pair: ("write", *pair)),
)  # fmt: skip

QUERIES = [
    "kind:Retail", "kind:sea or kind:health", "size:..5", "size:>3", "sizes:3..8", "-sizes:..4",
    "staffs:12", "staffs:<10", "since:2020-01-01", "all_since:2026-11-24..", "has:kind", "has:sizes",
    "kinds:none", "-has:called", "called:acm", "called=Acme", "where:form", "marks:client",
    "all_marks:prospect", "firm:acme", "firm=Acme", "firm:aaa111", "firm:ac*", "others:été",
    "-others:globex", "firm:firms/Active", "firm:none", "before:acme", "whose:acme", "further:5..",
    "sector:trade", "sort:kind", "sort:-size", "sort:sizes", "sort:-staffs", "sort:firm",
    "sort:-others", "sort:all_since", "sort:whose,-called", "has:whose sort:-further",
]  # fmt: skip


class Place:
    """The workspace over files in memory."""

    def __init__(self, files: dict[str, str] | None = None) -> None:
        every = {**SETTINGS, **(files or {})}
        self.files = MemoryFiles({path: text.encode() for path, text in every.items()})
        self.git = MemoryGit(self.files)
        self.state = MemoryState()

    def change(self, what: str, path: str, more: str) -> None:
        if what == "write":
            self.files.put(path, more.encode())
        elif self.files.read(path) is not None:
            if what == "remove":
                self.files.remove(path)
            elif self.files.read(more) is None:
                self.files.move_tree(path, more)

    def snapshot(self, index: Index | None = None) -> Snapshot:
        return Library(self.files, self.git, self.state, index).snapshot()


def everything(snapshot: Snapshot) -> object:
    """All that rests on other records, and all that others rest on."""
    records = snapshot.records
    asked = {
        text: [r.path for r in snapshot.select(parse_query(text), NOW, "ana", project)]
        for text in QUERIES for project in ("deals", None)
    }  # fmt: skip
    referring = {
        r.path: sorted((other.path, field.key) for other, field in snapshot.referring(r))
        for r in records
    }
    return records, dict(snapshot.readings), asked, referring
