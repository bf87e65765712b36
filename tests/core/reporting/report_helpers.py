"""Problems of every sort, with hostile text in them, as strategies."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bluefs.core.codes.catalogue import all_codes
from bluefs.core.problems import Fix, Problem
from bluefs.core.reporting import Finding, Report

AT = datetime(2026, 11, 24, 8, 12, tzinfo=UTC)
#: What some format or other takes for more than text.
NASTY = (
    "\n", "\r\n", "\r", "%", "%0A", "::", "::error::", "]]>", "<![CDATA[", "&amp;", "<x>", '"', "'",
    ",", "|", "`", "\\", "\x00", "\x1b[31m", "\x07", "\x7f", "\x85", "\u2028", "\u202e", "\ufffe",
    "😀", "e\u0301", "\ud83d", "\udcff", "\t", "@ana", "#12", "東京", "\U0001fffe", "$schema", "\ufeff",
)  # fmt: skip


def texts(least: int = 0) -> st.SearchStrategy[str]:
    every = st.characters(codec=None, exclude_categories=())
    parts = st.lists(
        st.sampled_from(NASTY) | st.text(every, max_size=5), min_size=least, max_size=6
    )
    return parts.map("".join)


@st.composite
def findings(draw: st.DrawFn, path: st.SearchStrategy[str] | None = None) -> Finding:
    line = draw(st.integers(1, 50))
    column = draw(st.integers(1, 30))
    fix = Fix(line, column, line, column + 1, draw(texts())) if draw(st.booleans()) else None
    problem = Problem(
        draw(st.sampled_from(list(all_codes().values()))),
        draw(texts(1).filter(bool) if path is None else path),
        line,
        column,
        column + draw(st.integers(0, 20)),
        draw(texts()),
        draw(st.none() | texts()),
        fix,
        draw(st.sampled_from([None, "error", "warning", "info"])),
    )
    return Finding(problem, draw(st.none() | texts()), fix is not None)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    found = tuple(draw(st.lists(findings(), max_size=5)))
    files = (*dict.fromkeys(f.problem.path for f in found), "a/sound.md")
    return Report(found, files, draw(texts()), AT, "0.1.0", draw(st.booleans()))
