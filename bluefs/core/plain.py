"""Texts that no YAML reader could take for anything else, as regular expressions.

Owns the characters that are sure: letters and digits of any script, ASCII's marks and the common
ones of typography; all of them `str.isprintable`. Each expression has one way through a text and
gives up in a time that grows with its length: none ends in a blank that the next may take too.
"""

from __future__ import annotations

#: In brackets of a regular expression, without blank and without what YAML minds: ``#`` and
#: ``:``, a quotation mark, a backslash.
_MARKS = r"0-9A-Za-z_!$-&(-/;-[\]-~\w‘’“”–—…«»€£°§·•、。「」"
_INK = rf"""{_MARKS}"'\\"""
#: What a plain text may begin with.
_FIRST = r"[\w(+/.]"
#: An unquoted text on one line.
PLAIN_TEXT = (
    rf"(?!(?:null|Null|NULL) *(?:[#\n]|\Z)){_FIRST}(?:[ {_INK}]*[{_INK}])?"
    rf"(?::[{_INK}](?:[ {_INK}]*[{_INK}])?)*"
)
#: One in quotes, with nothing escaped.
_QUOTED = "|".join(
    rf"{quote}{_FIRST}(?:[ {_MARKS}#:{more}]*[{_MARKS}#:{more}])?{quote}"
    for quote, more in (('"', "'"), ("'", r'"\\'))
)
#: A text that is set, on one line: without quotes, or in some.
ANY_TEXT = f"{PLAIN_TEXT}|{_QUOTED}"

#: Whatever a comment may hold.
WORDS = f"[ {_INK}#:]*"
#: Behind a value on its line: nothing, or a comment that nobody could have meant for text.
TAIL = rf" *(?:(?<= )#(?: {WORDS})?)?"
