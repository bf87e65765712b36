"""How a text is written so that every YAML reader reads that very text.

Owns the choice between plain, 'single' and "double" for one-line scalars. Other tools rewrite
front matter with YAML 1.1 libraries (js-yaml, PyYAML), others read YAML 1.2, so a text stays
plain only where all of them, and their date readers, see a string. Quoting one too many is
harmless, one too few loses data: the patterns below are generous on purpose.

Refuses lone surrogates: UTF-8 cannot hold them.
"""

from __future__ import annotations

import re

from bluefs.core.patterns import pattern

#: Booleans and nulls of YAML 1.1 (yaml.org/type/bool.html, null.html), in any case.
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"])
#: Every number of YAML 1.1 and 1.2: 1_000, 0o17, 0x1F, 0b1, +1, 1e3, .5, 12:30, 1:20:30.5.
_NUMBER = pattern(r"[-+]?(?:\.|_*\d)[0-9a-fA-FxXoO_.,:+\-]*|[-+]?\.?(?:inf|infinity|nan)", re.I)
#: yaml.org/type/timestamp.html, and what date readers make of less.
_DATE = pattern(r"\d{1,4}-\d{1,2}(?:-\d{1,2})?(?:[Tt \t].*)?")
#: A plain scalar cannot begin so. "-", "?" and ":" could before a letter, but readers differ.
_LEADING = frozenset("-?:,[]{}#&*!|>'\"%@`=")
#: " #" begins a comment, ": " and a final ":" make a key; readers differ on ":" before "[".
_INSIDE = pattern(r"\s#|:(?=[\s,\[\]{}]|$)|[^\S ]")
#: Readers of flow lists take such a ":" for a key, PyYAML's scanner any "?", yaml-rs a last "-"
#: for an item.
_FLOW = pattern(r"[,\[\]{}?]|:(?!//|[0-9A-Za-z])|[\"']:|\s-$")
#: What may stand unescaped inside quotes: printable in YAML 1.1 and no line break of either.
_RAW = pattern(r"[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_BARE = pattern(r"[ !#-\[\]-~]*")  # what surely needs no escape
_ESCAPES = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f",
    "\r": "\\r", "\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N",
    "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


def quote(text: str, style: str | None = None, *, flow: bool = True) -> str:
    """The source of a one-line scalar that reads back as ``text``.

    ``style`` is the style wished for: None or ``"plain"``, ``"'"`` or ``'"'``; it is kept where
    the text can stand in it. With ``flow`` the result is also safe between brackets. Raises
    EditRefused for a lone surrogate.
    """
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        from bluefs.core.edit.refused import EditRefused  # with all of editing

        raise EditRefused("errors.edit.surrogate")
    raw = is_raw(text)
    if style == '"' or not raw:
        return _double(text)
    if style == "'":
        return _single(text)
    if is_plain(text, flow=flow):
        return text
    clean = '"' not in text and "\\" not in text
    return _double(text) if clean or "'" in text else _single(text)


def is_raw(text: str) -> bool:
    """Whether all of it may stand unescaped inside quotes (what Python prints is less)."""
    return text.isprintable() or _RAW.fullmatch(text) is not None


def is_plain(text: str, *, flow: bool = True) -> bool:
    """Whether every reader reads ``text`` without quotes as that very string."""
    if not text or text[0] in _LEADING or text != text.strip():
        return False
    if not is_raw(text) or _INSIDE.search(text) is not None:
        return False
    if flow and _FLOW.search(text) is not None:
        return False
    if text.casefold() in _WORDS or _NUMBER.fullmatch(text) is not None:
        return False
    return _DATE.fullmatch(text) is None


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    return '"' + (text if _BARE.fullmatch(text) else "".join(map(_escaped, text))) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if is_raw(char):
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
