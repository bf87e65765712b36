"""The kind ``number``."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault
from bluefs.core.fields.faults import fault
from bluefs.core.fields.numeric import Numeric
from bluefs.core.fields.options import Reader, number_of
from bluefs.core.nodes import Node


class Number(Numeric):
    """An exact number: ``12000``, ``-3.5``.

    Options: ``min`` and ``max`` bound it, ``decimals`` is how many digits it may have after
    the point (any number without it) and how many are shown.
    """

    word = "number"
    takes = ("min", "max", "decimals")

    def options(self, entries: Mapping[str, Node]) -> tuple[dict[str, object], list[Fault]]:
        reader = Reader(entries)
        reader.number("min")
        reader.number("max")
        reader.count("decimals", 0, 12)
        low, high = number_of(reader.found, "min"), number_of(reader.found, "max")
        if low is not None and high is not None and low > high:
            reader.faults.append(fault(codes.FIELD_OPTION, entries["min"], "values.opt.min_max"))
        return reader.result()


KIND = Number()
