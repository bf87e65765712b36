"""Which row is measured when: in rounds, each going through all rows, so that what is compared
was measured within the same seconds and a machine that grows slower does so for all.

A figure is the median over the rounds. A ratio is the median of the ratios within each round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.memory import Memory, memory
from benchmarks.rows import BARE, ENGINE, READ, Absent, Row, chosen
from benchmarks.stand import Failed, Stand, Taken
from benchmarks.workspace import Made, Spec


@dataclass(slots=True)
class Figure:
    """A row's times, one for each round; ``reason`` why there are none."""

    row: Row
    taken: list[Taken] = field(default_factory=list)
    reason: str | None = None

    @property
    def seconds(self) -> list[float]:
        return [taken.seconds for taken in self.taken]

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def cpu(self) -> float | None:
        """The median of the processor time, None where that was not the command's."""
        found = [taken.cpu for taken in self.taken if taken.cpu is not None]
        return median(found) if found else None

    def times(self, unit: Figure) -> float | None:
        """How many times the unit, pair by pair; None where one of them has no figures."""
        pairs = list(zip(self.seconds, unit.seconds))
        if not pairs or self.reason or unit.reason:
            return None
        return median(mine / other for mine, other in pairs)


@dataclass(slots=True)
class Outcome:
    """One workspace, measured."""

    spec: Spec
    made: Made
    figures: list[Figure]
    memory: Memory | str | None = None

    def figure(self, key: str) -> Figure | None:
        """The row's figures, None where it was not measured."""
        found = next((f for f in self.figures if f.row.key == key), None)
        return found if found is not None and found.seconds and not found.reason else None


def measure(stand: Stand, spec: Spec, keys: Sequence[str], repeat: int, changes: int) -> Outcome:
    """Raises Failed where not even the workspace can be made."""
    rows = chosen(keys)
    wants_memory = ENGINE in keys
    stand.prepare(spec, engine=wants_memory or any(row.engine for row in rows))
    figures = [Figure(row) for row in rows]
    for number in range(repeat):
        for figure in figures:
            if figure.reason is None:
                stand.tell(
                    f"{spec.records:,} records, round {number + 1} of {repeat}: {figure.row.title}"
                )
                _add(stand, figure, number)
    outcome = Outcome(spec, stand.made, figures)
    if wants_memory:
        stand.tell(f"{spec.records:,} records: the engine's memory")
        try:
            outcome.memory = memory(stand, changes)
        except (Absent, Failed, TimeoutError, RuntimeError) as error:
            outcome.memory = str(error)
    return outcome


def _add(stand: Stand, figure: Figure, number: int) -> None:
    row = figure.row
    try:
        if row.warm:
            stand.catch_up(stand.watched if row.engine else stand.still)
        if row.engine and stand.watch is not None:
            stand.watch.rest()
        figure.taken.append(row.measure(stand, number))
    except (Absent, Failed, TimeoutError, RuntimeError) as error:
        figure.reason = str(error)


def unit(outcome: Outcome, key: str) -> Figure:
    """The figures of a unit, which are always measured. Raises Failed."""
    found = outcome.figure(key)
    if found is None:
        raise Failed(f"the unit {key} could not be measured")
    return found


def units(outcome: Outcome) -> tuple[Figure, Figure]:
    return unit(outcome, BARE), unit(outcome, READ)
