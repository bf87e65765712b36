"""Fixes applied to a file's bytes.

Owns the splicing of Fixes, which count in the decoded text. Keeps everything else to the byte:
byte order mark, line endings, what stands around. Refuses Fixes that overlap: of two, the one
that begins first is applied, and a later look at the file finds what is left.
"""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.codec.text import Decoded, Lines, decode
from bluefs.core.problems import Fix

_BOM = b"\xef\xbb\xbf"


def apply_fixes(data: bytes, fixes: Iterable[Fix]) -> bytes:
    """The file with these Fixes applied, in any order given, equal ones once. A file that is
    no text stays as it is."""
    decoded = decode(data)
    if not isinstance(decoded, Decoded):
        return data
    text = _spliced(decoded, fixes).encode()
    return _BOM + text if decoded.bom else text


def _spliced(decoded: Decoded, fixes: Iterable[Fix]) -> str:
    lines = Lines(decoded.text)
    spans = sorted(
        {
            (lines.offset(f.line, f.column), lines.offset(f.end_line, f.end_column), f.text)
            for f in fixes
        }
    )
    parts: list[str] = []
    at = 0
    last = -1
    for start, end, text in spans:
        if start < at or start == last or end < start:
            continue  # overlaps what was applied before it
        parts += [decoded.text[at:start], text.replace("\n", decoded.newline)]
        at, last = end, start
    return "".join(parts) + decoded.text[at:]
