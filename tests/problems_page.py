"""docs/problems.md, made of what `explain` says of each code and of the codes' examples."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from bluefs.core.codes.catalogue import all_codes
from bluefs.core.problems import Code
from tests.code_examples import BEFORE, Example, examples

_ROOMS = {
    "BF10": "Text and YAML", "BF20": "Values", "BF30": "Settings and rules",
    "BF35": "Queries", "BF40": "The workspace as a whole",
    "BF50": "Changes",
}  # fmt: skip
_HEAD = """\
# Problems

Every defect that `bluefs check` names, by its code. `bluefs explain CODE` says the same on the
terminal, in your language. A code is permanent: it is never given to another defect. Errors and
warnings make `check` exit 1, an info does not.

Below each code stand a line that shows it, the mended line, and what `check` says of the first,
with its place (path, line, column). Of what only `check --since` finds, the change is shown. The
files are in `tests/examples/negative/CODE`.

This page is made by `BLUEFS_UPDATE=1 pytest tests/core/test_problems_page.py`.
"""
_MOST = 8  # lines of one excerpt
_WIDEST = 100


def render_page() -> str:
    """The whole page."""
    known = examples()
    parts = [_HEAD]
    for code in all_codes().values():
        room = _room(code.code)
        if room is not None:
            parts.append(f"## {room}\n")
        parts.append(f"### {code.code}: {code.title}\n")
        parts.append("\n".join(_entry(code, known.get(code.code))))
    return "\n".join(parts)


def _room(code: str) -> str | None:
    """The heading that begins with a code, None where it stands already."""
    mates = [other for other in all_codes() if _start(other) == _start(code)]
    return _ROOMS[_start(code)] if code == mates[0] else None


def _start(code: str) -> str:
    return max(start for start in _ROOMS if start <= code)


def _entry(code: Code, example: Example | None) -> Iterator[str]:
    yield f"*{code.severity}*. {code.doc}\n"
    if example is None:
        return
    if "instead" in example.says:
        yield f"No file shows it: {example.says['instead']}.\n"
        return
    lines = list(_change(example) if "since" in example.says else _excerpt(example))[:_MOST]
    if example.author("bad") != example.author("good"):
        bad, good = example.author("bad"), example.author("good")
        yield f"A commit by {bad}; by {good} it is right:\n"
    if lines:
        yield "\n".join(["```diff", *lines, "```\n"])
    said = example.says.get("refused") or _said(example)
    yield f"```text\n{said.strip()}\n```\n"


def _said(example: Example) -> str:
    return "\n".join(
        f"{p['path']}:{p['line']}:{p['column']} {example.code} {p['message']}"
        for p in example.problems[:2]
    )


def _excerpt(example: Example) -> Iterator[str]:
    """The lines that make the difference."""
    bad, good = (example.texts(side) for side in ("bad", "good"))
    for path in sorted({*bad, *good}):
        yield from _differing(bad.get(path, ""), good.get(path, ""))


def _change(example: Example) -> Iterator[str]:
    """The lines that the faulty change changes, below the files they are in."""
    before, after = example.texts(BEFORE), example.texts("bad")
    gone = {before[path]: path for path in example.files("bad") if path not in after}
    for path, text in after.items():
        old = gone.get(text)
        if old is not None:
            yield from (f"rename from {old}", f"rename to {path}")
        else:
            yield from (f"--- {path}", f"+++ {path}")
            yield from _differing(before[path], text)


def _differing(old: str, new: str) -> Iterator[str]:
    for line in list(unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm=""))[2:]:
        if not line.startswith("@") and line[1:].strip() and line.isprintable():
            yield line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"
