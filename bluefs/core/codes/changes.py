"""BF501 to BF549: what is wrong with a change, though each of its two states is sound.

Owns one permanent `Code` for each. They are found with `check --since` alone. A number is never
given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

ID_CHANGED = Code("BF501", "error")
INTO_LOCKED = Code("BF502", "error")
OUT_OF_LOCKED = Code("BF503", "error")
LOCKED_RENAMED = Code("BF504", "error")
EMPTIED = Code("BF505", "error")
BLOCKED_DONE = Code("BF506", "warning")
ROLE = Code("BF510", "error")
SETTINGS = Code("BF511", "error")
STRANGER = Code("BF512", "error")

CODES: tuple[Code, ...] = tuple(value for value in list(globals().values()) if type(value) is Code)
