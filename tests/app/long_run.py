"""The model run longer than CI does, by command: every fault is told with the deeds that lead to
it, and the run goes on, so that it says how many sequences of so many end well.

``python -m tests.app.long_run --examples 20000`` in memory, ``--real --examples 300`` over real
files, watchdog and Git; ``--seed`` for the very same sequences again.
"""

from __future__ import annotations

import argparse
import traceback
from typing import Any

import hypothesis
from hypothesis import Phase
from hypothesis import settings as settings_of
from hypothesis.stateful import run_state_machine_as_test

from tests.app.machine import Historian, Person, profile

#: What of a bench changes something.
DEEDS = ("start", "stop", "write", "write_open", "move", "remove", "move_folder", "by_hand", "pause",
         "settle")  # fmt: skip


class Tally:
    """How many sequences have been run, and what went wrong in which."""

    def __init__(self) -> None:
        self.count = 0
        self.faults = 0
        self.deeds: list[str] = []

    def follow(self, bench: Any) -> None:
        """Note each deed of a new sequence, as a line that could be typed again."""
        self.count += 1
        self.deeds = []
        for name in DEEDS:
            setattr(bench, name, self._noting(name, getattr(bench, name)))

    def _noting(self, name: str, act: Any) -> Any:
        def noting(*args: Any) -> Any:
            self.deeds.append(f"{name}({', '.join(map(repr, args))})")
            return act(*args)

        return noting

    def fault(self) -> None:
        self.faults += 1
        print(
            f"\nsequence {self.count}:", *self.deeds, traceback.format_exc(), sep="\n", flush=True
        )


def run(machine: type[Person], examples: int, seed: int) -> Tally:
    """So many sequences, each to its end."""
    tally = Tally()

    class Followed(machine):  # type: ignore[misc, valid-type]
        def make(self) -> Any:
            bench = super().make()
            tally.follow(bench)
            return bench

        def teardown(self) -> None:
            try:
                super().teardown()
            except Exception:  # noqa: BLE001 - it is told, and the next sequence may be sound
                tally.fault()

    hypothesis.seed(seed)(Followed)
    usual = profile(examples, fixed=False)
    run_state_machine_as_test(
        Followed, settings=settings_of(usual, database=None, phases=[Phase.generate])
    )
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the model longer than CI does.")
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", action="store_true", help="real files, watchdog and Git")
    options = parser.parse_args()
    machines: list[type[Person]] = [Person, Historian]
    if options.real:
        from tests.e2e.real_bench import RealHistorian, RealPerson

        machines = [RealPerson, RealHistorian]
    for machine in machines:
        tally = run(machine, options.examples // 2, options.seed)
        print(
            f"{machine.__name__}: {tally.count} sequences, {tally.faults} with a fault", flush=True
        )


if __name__ == "__main__":
    main()
