"""JSON as scripts get it: exact decimal numbers, dates as text, one line for each object.

Owns the text form of what ``--json`` prints. The standard encoder would turn a Decimal into a
binary float (12000.10 into 12000.1), so numbers are written here; strings are left to it.
Refuses what JSON has no form for, with a TypeError: that is a bug of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

#: Digits after which a number is written with an exponent (1E+40): still exact JSON.
_LONGEST = 30


def render_json(value: object, *, ascii_only: bool = False) -> str:
    """One line of JSON (RFC 8259). ``ascii_only`` escapes everything else, for a stream that
    cannot hold it. Raises TypeError."""
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=ascii_only or not _encodes(value))
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, (date, datetime)):
        return json.dumps(value.isoformat())
    if isinstance(value, Mapping):
        pairs = (
            f"{render_json(str(k), ascii_only=ascii_only)}:{render_json(v, ascii_only=ascii_only)}"
            for k, v in value.items()
        )
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, (Sequence, frozenset, set)) and not isinstance(value, bytes):
        return "[" + ",".join(render_json(v, ascii_only=ascii_only) for v in value) + "]"
    raise TypeError(f"no JSON for {type(value).__name__}")


def render_array(values: Iterable[object], *, ascii_only: bool = False) -> str:
    """A JSON array with one member on each line, which line tools can take apart."""
    lines = [render_json(value, ascii_only=ascii_only) for value in values]
    return "[" + ",\n ".join(lines) + "]"


def _encodes(text: str) -> bool:
    """False for a lone surrogate: a name on disk that is not UTF-8. Escaped, it survives."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(value: Decimal) -> str:
    """12000 and 12000.50 as they stand; never -0, which some readers choke on."""
    if not value.is_finite():
        raise TypeError(f"no JSON for {value}")
    if value == 0:
        value = abs(value)
    if abs(value.adjusted()) > _LONGEST:
        return str(value)
    return format(value, "f")
