"""BF401 to BF449: what is wrong among the files of a workspace, though each can be read.

Owns one permanent `Code` for each defect of ids, names, places and references between records.
What a file says wrongly by itself is BF1xx and BF2xx. A number is never given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

DUPLICATE_ID = Code("BF401", "error")
MISSING_ID = Code("BF402", "info")
ODD_ID = Code("BF403", "warning")
ODD_NAME = Code("BF405", "warning")
SAME_NAME = Code("BF406", "error")
NAME_FORM = Code("BF407", "info")
UNDECLARED_LIST = Code("BF410", "info")
UNFILED = Code("BF411", "warning")
TOO_DEEP = Code("BF412", "warning")
ORPHAN_FILES = Code("BF413", "info")
UNREADABLE = Code("BF414", "error")
LINK = Code("BF415", "warning")
UNKEPT = Code("BF416", "info")
DANGLING = Code("BF420", "error")
BY_NAME = Code("BF421", "warning")
MANY_NAMED = Code("BF422", "error")
BLOCKS_ITSELF = Code("BF423", "error")
CYCLE = Code("BF424", "error")
POSITION = Code("BF425", "warning")
OTHER_PROJECT = Code("BF426", "error")
FILTERED = Code("BF427", "error")
REQUIRED = Code("BF430", "error")
START_AFTER_DUE = Code("BF431", "warning")
SAME_VALUE = Code("BF432", "error")
UNNUMBERED = Code("BF433", "info")

CODES: dict[str, Code] = {
    code.code: code for code in list(globals().values()) if isinstance(code, Code)
}
