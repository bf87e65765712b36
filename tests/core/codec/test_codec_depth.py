"""Hostile nesting never ends the process. Each text is read in a process of its own: a
segmentation fault there is a failure here, not the end of the tests."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bluefs.core.codec.events import Broken, _events, _shield
from bluefs.core.codec.text import DEPTH_LIMIT

HOSTILE = {
    "dashes": "'- ' * 30000",
    "brackets": "'[' * 10000",
    "braces": "'{' * 10000",
    "questions": "'? ' * 30000",
    "maps": "'{a: ' * 10000",
    "pairs": "'[a: ' * 10000",
    "mixed": "'- ? ' * 15000",
    "steps": "''.join(' ' * n + 'a:\\n' for n in range(300))",
    "listed brackets": "'tags: ' + '[' * 20000",
    "wide": "'a: [' + 'x,' * 30000 + ']'",
    "unclosed": "'[[],' * 15000",
    "tags": "'!!str ' * 9000",
    "anchors": "'&a ' * 20000",
    "quotes": "'\"' * 60000",
    "apostrophes": "'a: \\'\\n' * 12000",
    "blocks": "'>\\n' * 30000",
    "hashes": "'a: b' + ' #c' * 20000",
    "colons": "'a: ' * 20000",
    "keys": "''.join(f'k{n}: @\\n' for n in range(6000))",
    "indented quote": "'a: \"\\n' + ' x\\n' * 20000",
    "tabs": "'\\t' * 60000 + 'x'",
}  # fmt: skip

SCRIPT = """
import sys, time
from bluefs.core.codec.record import read_record
from bluefs.core.model import Config
read_record("a/b/c.md", b"---\\ntitle: [x]\\nq: 'y'\\n---\\n", Config())
text = "---\\n" + eval(sys.argv[1])[:65000] + "\\n---\\nbody\\n"
start = time.process_time()
reading = read_record("a/b/c.md", text.encode(), Config())
spent = time.process_time() - start
assert reading.record is not None or reading.problems
print(int(spent * 1000))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, HOSTILE[name]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (name, done.returncode, done.stderr[-500:])
    assert int(done.stdout) < 1000, f"{name}: {done.stdout.strip()} ms"


@pytest.mark.parametrize("fast", [True, False], ids=["yaml-rs", "PyYAML"])
def test_deep_but_allowed(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from bluefs.core.codec import bulk
    from bluefs.core.codec.compose import examine

    if not fast:
        monkeypatch.setattr(bulk, "_loader", lambda: None)
    text = "a: " + "[" * 19 + "]" * 19
    assert examine(text).problems == ()
    assert [p.code.code for p in examine(f"b: [{text[3:]}]").problems] == ["BF105"]


def test_bound_on_depth_is_a_bound() -> None:
    """Whatever is nested more than 20 deep is called suspicious before any tree is built."""
    from bluefs.core.codec.bulk import may_be_deep

    for unit in ("- ", "? ", "[", "{", "[a: ", "- ? ", "- [", "? - {"):
        for count in range(1, 40):
            text = unit * count
            if too_deep(text) is not None:
                assert may_be_deep(text), text
    steps = "".join(" " * n + "a:\n" for n in range(25))
    assert too_deep(steps) is not None
    assert may_be_deep(steps)
    assert not may_be_deep("tags: [a, b]\nassignees: [c]\nblocked_by:\n  - x\nremind: [d]\n")


def too_deep(text: str) -> tuple[int, int] | None:
    """Where (line and column from 1) a text is nested deeper than 20 levels; None where it
    is not, or cannot be parsed that far."""
    depth = 0
    try:
        for name, event in _events(_shield(text)[0]):
            if name in ("SequenceStartEvent", "MappingStartEvent"):
                depth += 1
                if depth > DEPTH_LIMIT:
                    return event.start_mark.line + 1, event.start_mark.column + 1
            elif name in ("SequenceEndEvent", "MappingEndEvent"):
                depth -= 1
    except Broken:
        return None
    return None
