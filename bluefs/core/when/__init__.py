"""Dates and moments: reading, writing, typing and showing them.

``moments`` holds values and ISO text, ``offsets`` distances (+7d), ``typed`` what a person
types (with ``days``, ``clock`` and the tables of ``names``), ``near`` what a wrong date meant,
``show`` what a person reads. Refuses to know the time: ``now`` always comes from the caller.
"""

from bluefs.core.when.moments import (
    PATTERN,
    When,
    compare,
    first_instant,
    in_order,
    is_zone,
    iso_when,
    last_instant,
    moment,
    on,
    parse_span,
    parse_when,
    render_when,
    within,
    zone,
)
from bluefs.core.when.near import near_when
from bluefs.core.when.offsets import Offset, apply_offset, parse_offset, shift
from bluefs.core.when.show import late, show_in_full, show_when
from bluefs.core.when.typed import typed_range, typed_when

__all__ = [
    "PATTERN",
    "Offset",
    "When",
    "apply_offset",
    "compare",
    "first_instant",
    "in_order",
    "is_zone",
    "iso_when",
    "last_instant",
    "late",
    "moment",
    "near_when",
    "on",
    "parse_offset",
    "parse_span",
    "parse_when",
    "render_when",
    "shift",
    "show_in_full",
    "show_when",
    "typed_range",
    "typed_when",
    "within",
    "zone",
]
