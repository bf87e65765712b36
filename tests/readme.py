"""The README's screens, as a test finds and rewrites them.

``BLUEFS_UPDATE=1`` puts in what was printed; read the diff before you commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

FILE = Path(__file__).parents[1] / "README.md"


def screens() -> list[str]:
    """The text of each block without a language, in the README's order."""
    text = FILE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    return [block for language, block in blocks if not language]


def the_screen(beginning: str) -> str:
    """The only block whose first line begins so."""
    found = [block for block in screens() if block.startswith(beginning)]
    assert len(found) == 1, beginning
    return found[0]


def agree(shown: str, printed: str) -> None:
    """Compare a block with what was printed, or put it in its place."""
    if os.environ.get("BLUEFS_UPDATE") and shown != printed:
        text = FILE.read_text(encoding="utf-8")
        assert text.count(shown) == 1
        FILE.write_text(text.replace(shown, printed), encoding="utf-8")
        return
    assert printed == shown


#: What differs between two plays: hashes, times, and dates counted from the day.
_VARIES = (
    (r"\b[0-9a-f]{7}\b(?= )", "COMMIT"),
    (r"(?m)^\d\d:\d\d:\d\d(?= )", "TIME"),
    (r"due (?:[^→,\n]*) → [^,\n]*", "due DAY → DAY"),
    (r"\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?\b", "DAY"),
    (r"(?m)^( *Date: ).*$", r"\1DATE"),
    (r"<[0-9a-f]{32}@", "<ID@"),
    (r"(?<= in )\S*(?=\.bluefs/)", ""),
)


def shape(text: str) -> str:
    """The text without what differs between two plays."""
    for pattern, word in _VARIES:
        text = re.sub(pattern, word, text)
    return text
