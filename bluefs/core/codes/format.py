"""BF101 to BF199: what can be wrong with a file before its values mean anything.

Owns one permanent `Code` for each defect of encoding, size, YAML and keys. Values that a
field kind refuses are BF2xx, settings BF3xx. A number is never given a second meaning.
"""

from __future__ import annotations

from bluefs.core.problems import Code

NOT_UTF8 = Code("BF101", "error")
RECORD_TOO_LARGE = Code("BF102", "error")
FRONT_TOO_LARGE = Code("BF103", "error")
YAML_TOO_LARGE = Code("BF104", "error")
TOO_DEEP = Code("BF105", "error")
EMPTY = Code("BF106", "error")
UNCLOSED_FRONT = Code("BF107", "error")
CONTROL_CHARACTER = Code("BF108", "error")
CONFLICT_MARKER = Code("BF109", "error")
YAML_SYNTAX = Code("BF110", "error")
STRAY_COLON = Code("BF111", "error")
SWALLOWED = Code("BF112", "error")
RESERVED_START = Code("BF113", "error")
TEXT_AFTER_QUOTE = Code("BF114", "error")
UNCLOSED_QUOTE = Code("BF115", "error")
TEXT_AFTER_BRACKET = Code("BF116", "error")
UNCLOSED_BRACKET = Code("BF117", "error")
NO_SPACE = Code("BF118", "error")
TAB = Code("BF119", "error")
TAG_OR_ANCHOR = Code("BF120", "error")
DUPLICATE_KEY = Code("BF121", "error")
SECOND_DOCUMENT = Code("BF122", "error")
COMPLEX_KEY = Code("BF123", "error")
NOT_A_MAP = Code("BF124", "error")
NOT_A_KEY = Code("BF125", "error")
BAD_ESCAPE = Code("BF126", "error")
TOO_MANY = Code("BF127", "error")
MORE_PROBLEMS = Code("BF128", "info")
LINE_TOO_LONG = Code("BF129", "error")
MISSPELT_KEY = Code("BF130", "error")
UNKNOWN_KEY = Code("BF131", "warning")
BAD_ID = Code("BF133", "error")
BAD_TITLE = Code("BF134", "error")
UNMARKED = Code("BF135", "error")

CODES: dict[str, Code] = {
    code.code: code for code in list(globals().values()) if isinstance(code, Code)
}
