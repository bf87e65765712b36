"""Laws of `check`: it never raises, whatever the bytes; its places exist; mending is sound."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters.memory import MemoryIds
from bluefs.app.checking import admitting, examine, files_of, is_mendable
from bluefs.app.mending import plan_mending
from bluefs.core.codec.text import Decoded, Lines, decode
from bluefs.core.problems import Problem
from tests.core.checks.check_help import sources

PIECES = [
    b"---\n", b"---\r\n", b"\n", b"\r", b"id: a000000001\n", b"id: ", b"id: [x]\n", b"title: ",
    b"Fix #12", b"Re: x", b"\xef\xbb\xbf", b"\xff", b"\x00", b"due: 12/01/2026\n", b"value: 12,000\n",
    b"tags: a, b\n", b"blocked_by: ", b"[A, B]\n", b"[[B]]\n", b"- A\n", b"  - ", b"'", b'"', b"{", b"}",
    b"[", b"]", b"&x ", b"*x", b"!y ", b"\t", b"position: 50\n", b"start: 2026-12-02\n",
    "é\u0301☕東".encode(), b"\xe2\x80\xa8", b"name: Sales\n", b"lists:\n", b"  Open:\n", b"fields: ",
    b"{v: {type: currency}}\n", b"- name: R\n  when: created\n  then: [complete]\n", b"bluefs: 1\n",
]  # fmt: skip
KEYS = st.sampled_from(
    [
        "id: a000000001", "id: b000000002", "blocked_by: [A, B]", "blocked_by: b000000002",
        "blocked_by: a000000001", "blocked_by: [[Café]]", "blocked_by:\n  - A  # x\n  - B",
        "title: B", "title: Fix #12 x", "value: 12,000", "value:", "due: 2026-12-01",
        "due: 12/13/2026", "start: 2026-12-02", "position: 50", "Due: 2026-12-01", "tags: a, b",
        "assignees: [bob]", "nonsense: 1",
    ]
)  # fmt: skip
CONTENT = st.one_of(
    st.lists(KEYS, max_size=4).map(lambda ks: "\n".join(["---", *ks, "---", "text"]).encode()),
    st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
    st.binary(max_size=60),
)
PATHS = st.sampled_from(
    [
        "bluefs.yaml", "sales/project.yaml", "sales/automations.yaml", "project.yaml",
        "sales/_templates/a.md", "sales/Open/A.md", "sales/Open/a.md", "sales/Open/B.md",
        "sales/Won/A.md", "sales/New/Cafe\u0301.md", "sales/A.md", "sales/Open/sub/A.md",
        "sales/Open/con.md", "other/A.md", "sales/_files/a000000001/x", "sales/Open/\udcff.md",
    ]
)  # fmt: skip
WORKSPACES = st.dictionaries(PATHS, CONTENT, max_size=7)


def _text(data: bytes) -> str:
    decoded = decode(data)
    return decoded.text if isinstance(decoded, Decoded) else ""


@settings(max_examples=150, deadline=None)
@given(WORKSPACES)
def test_nothing_in_files_makes_check_raise(files: dict[str, bytes]) -> None:
    there = sources(files)
    problems = examine(there).problems
    assert list(problems) == sorted(problems, key=lambda p: (p.path, p.line, p.column))
    for problem in problems:
        _check_place(problem, there.bytes_of(problem.path))
    assert set(files_of(there, problems, admitting([]))) >= {p.path for p in problems}


def _check_place(problem: Problem, data: bytes | None) -> None:
    """The place is in the file: at most one line and one column behind its end."""
    assert problem.line >= 1 and 1 <= problem.column <= problem.end
    assert problem.message and "{" + "}" not in problem.message
    if data is None or not (text := _text(data)):
        return
    lines = Lines(text)
    assert problem.line <= len(lines.starts)
    assert problem.column <= len(lines.line(problem.line)) + 1


@settings(max_examples=100, deadline=None)
@given(WORKSPACES)
def test_mending_ends_and_leaves_nothing_to_mend_but_what_it_cannot(
    files: dict[str, bytes],
) -> None:
    """A second plan changes nothing; only files with a mendable Problem are touched."""
    there = sources(files)
    before = examine(there).problems
    mending = plan_mending(there, MemoryIds(1), admitting([]))
    again = plan_mending(mending.after, MemoryIds(2), admitting([]))
    assert not again
    mendable = {p.path for p in before if is_mendable(p)}
    assert mending.writes.keys() <= mendable | _shown_later(before)
    for path, (old, _) in mending.writes.items():
        assert there.bytes_of(path) == old


def _shown_later(problems: tuple[Problem, ...]) -> set[str]:
    """A settings file that is mended may show further Problems anywhere."""
    if any(p.path.endswith(".yaml") and p.fix is not None for p in problems):
        return {f"{p.path}" for p in problems} | {
            "sales/Open/A.md", "sales/Open/a.md", "sales/Open/B.md", "sales/Won/A.md",
            "sales/New/Cafe\u0301.md", "sales/Open/con.md", "sales/A.md", "other/A.md",
            "bluefs.yaml", "sales/project.yaml", "sales/automations.yaml", "project.yaml",
            "sales/Open/\udcff.md",
        }  # fmt: skip
    return set()


@settings(max_examples=60, deadline=None)
@given(WORKSPACES, st.sampled_from(["sales/Open", "sales/Open/A.md", "bluefs.yaml"]))
def test_mending_stays_within_the_paths_that_were_named(
    files: dict[str, bytes], named: str
) -> None:
    mending = plan_mending(sources(files), MemoryIds(1), admitting([named]))
    touched = [*mending.writes, *(move.old for move in mending.renames)]
    assert all(path == named or path.startswith(f"{named}/") for path in touched)
