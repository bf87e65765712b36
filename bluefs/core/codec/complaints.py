"""What the YAML parser's complaint means to a person who never heard of tokens.

Owns the table from the words of libyaml, and of PyYAML's own parser, to messages. What it does
not know gets a sentence that is true of all of them.
"""

from __future__ import annotations

#: (words of the parser, message), the first that fits.
_MEANINGS = (
    ("tab", "reading.tab"),
    ("',' or ']'", "reading.open_list"),
    ("',' or '}'", "reading.open_map"),
    ("escape character", "reading.escape"),
    ("hexdec", "reading.escape"),
    ("hexadec", "reading.escape"),
    ("end of stream", "reading.never_closed"),
    ("document indicator", "reading.never_closed"),
    ("document separator", "reading.never_closed"),
    ("cannot start any token", "reading.begins"),
    ("node content", "reading.no_value"),
    ("mapping values", "reading.colon"),
    ("expected ':'", "reading.no_colon"),
    ("indentation indicator", "reading.block"),
    ("comment or line break", "reading.block"),
    ("chomping", "reading.block"),
    ("directive", "reading.directive"),
    ("incompatible", "reading.directive"),
    ("tag", "reading.sign"),
    ("URI", "reading.sign"),
    ("anchor", "reading.sign"),
    ("alphabetic or numeric", "reading.sign"),
    ("entries are not allowed", "reading.dash"),
    ("'-' indicator", "reading.indent"),
    ("mapping keys", "reading.indent"),
    ("expected key", "reading.indent"),
    ("block end", "reading.indent"),
    ("document start", "reading.indent"),
)


def meaning(what: str) -> str:
    """The catalogue's key for a parser's complaint."""
    return next((key for words, key in _MEANINGS if words in what), "reading.unread")
