"""Dates and moments: reading, writing, typing and showing them.

``moments`` holds values and ISO text, ``offsets`` distances (+7d), ``typed`` what a person
types (with ``days``, ``clock`` and the tables of ``names``), ``near`` what a wrong date meant,
``show`` what a person reads. Refuses to know the time: ``now`` always comes from the caller.
Each is imported when something of it is asked for: most commands show dates and read none.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    from bluefs.core.when.typed import typed_bound, typed_range, typed_when

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
    "typed_bound",
    "typed_range",
    "typed_when",
    "within",
    "zone",
]

#: name -> the module that has it.
_HOMES = {
    "Offset": "offsets",
    "PATTERN": "moments",
    "When": "moments",
    "apply_offset": "offsets",
    "compare": "moments",
    "first_instant": "moments",
    "in_order": "moments",
    "is_zone": "moments",
    "iso_when": "moments",
    "last_instant": "moments",
    "late": "show",
    "moment": "moments",
    "near_when": "near",
    "on": "moments",
    "parse_offset": "offsets",
    "parse_span": "moments",
    "parse_when": "moments",
    "render_when": "moments",
    "shift": "offsets",
    "show_in_full": "show",
    "show_when": "show",
    "typed_bound": "typed",
    "typed_range": "typed",
    "typed_when": "typed",
    "within": "moments",
    "zone": "moments",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    found: object = getattr(import_module(f"bluefs.core.when.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
