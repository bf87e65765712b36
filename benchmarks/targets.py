"""What was promised, beside what was measured. A target holds for one size; at another it is
told what the figure would have been held to, and no verdict is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from benchmarks.measuring import Outcome, unit
from benchmarks.rows import BARE

Verdict = Literal["met", "missed", "not measured", "another size"]


@dataclass(frozen=True, slots=True)
class Target:
    """``value`` of an Outcome must be at most ``limit`` at ``records`` records, None: at any."""

    key: str
    title: str
    records: int | None
    limit: float
    measure: str
    value: Callable[[Outcome], float | None]

    def verdict(self, outcome: Outcome) -> tuple[Verdict, float | None]:
        value = self.value(outcome)
        if value is None:
            return "not measured", None
        if self.records is not None and outcome.spec.records != self.records:
            return "another size", value
        return ("met" if value <= self.limit else "missed"), value


def _a_record(outcome: Outcome) -> float | None:
    figure = outcome.figure("cold")
    return None if figure is None else figure.median / outcome.spec.records * 1e6


def _times_bare(key: str) -> Callable[[Outcome], float | None]:
    def value(outcome: Outcome) -> float | None:
        figure = outcome.figure(key)
        return None if figure is None else figure.times(unit(outcome, BARE))

    return value


TARGETS = (
    Target("start", "bluefs version", None, 3, "× bare Python", _times_bare("start")),
    Target("cold", "cold index", 100_000, 80, "µs a record", _a_record),
    Target("list", "warm list with a filter", 10_000, 10, "× bare Python", _times_bare("list")),
)
