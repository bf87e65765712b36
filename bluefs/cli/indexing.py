"""How far the reading of many files has come, on one line of a terminal.

Owns that line, which comes only where reading takes longer than a moment, and goes again. Refuses
to write anything where nobody looks.
"""

from __future__ import annotations

import sys
import time

from bluefs.core.words import say

#: Seconds before anything is shown.
PATIENCE = 1.0
_CLEAR = "\r\x1b[K"


class Reading:
    """Hears how many files of how many have been read."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if done < total and time.monotonic() - self._begun > PATIENCE:
            sys.stderr.write(_CLEAR + say("index.reading", done=done, total=total))
            self._shown = True
        elif self._shown:
            sys.stderr.write(_CLEAR)
            self._shown = False
        sys.stderr.flush()
