"""``python -m benchmarks.checks``: how quick ``bluefs check`` is, on one processor and without an
index, as CI runs it: beside a loop that only reads the same files, beside python-frontmatter with
jsonschema, and with one record in ten at fault.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.odd import ODD, bom, crlf, decomposed
from benchmarks.rows import read_loop
from benchmarks.stand import Stand, stand
from benchmarks.workspace import Spec, make

#: One in ten at fault: some of the odd files are sound.
_SOUND = (crlf, bom, decomposed)
FAULTY = 0.1 * len(ODD) / sum(odd not in _SOUND for odd in ODD)
#: What was promised: title, (numerator, denominator), at most.
TARGETS = (
    ("check, of a loop that only reads", ("check", "read"), 3.0),
    ("check, of python-frontmatter with jsonschema", ("check", "peer"), 1 / 5),
    ("one record in ten at fault, of sound ones", ("faulty", "check"), 2.0),
)

Times = dict[str, list[float]]


def measure(records: int, rounds: int, seed: int, tell: Callable[[str], None]) -> Times:
    """Seconds of processor time of each command, each round in turn."""
    one = next(iter(sorted(os.sched_getaffinity(0))))
    before = os.sched_getaffinity(0)
    with stand(None, tell) as place:
        tell("making the workspaces")
        place.prepare(Spec(records, seed, odd=0.0), engine=False)
        faulty = place.root / "faulty"
        make(faulty, Spec(records, seed, odd=FAULTY))
        place.commit(faulty)
        schema = place.root / "schema.json"
        schema.write_text(place.bluefs("schema", place.made.project).out, encoding="utf-8")
        os.sched_setaffinity(0, {one})
        try:
            return _rounds(place, faulty, schema, rounds, tell)
        finally:
            os.sched_setaffinity(0, before)


def _rounds(
    place: Stand, faulty: Path, schema: Path, rounds: int, tell: Callable[[str], None]
) -> Times:
    def check(folder: Path) -> float:
        shutil.rmtree(folder / ".git/bluefs", ignore_errors=True)
        return _cpu(place.bluefs("check", folder=folder, ok=(0, 1)).taken)

    def peer() -> float:
        command = [sys.executable, "-m", "benchmarks.peer", str(place.still), str(schema)]
        return _cpu(place.run(command, Path(__file__).parents[1]).taken)

    ways: dict[str, Callable[[], float]] = {
        "read": lambda: _cpu(read_loop(place)),
        "check": lambda: check(place.still),
        "faulty": lambda: check(faulty),
        "peer": peer,
    }
    times: Times = {name: [] for name in ways}
    for number in range(rounds + 1):  # the first one warms the disk's cache and is not counted
        tell(f"round {number} of {rounds}")
        for name, way in ways.items():
            taken = way()
            if number:
                times[name].append(taken)
    return times


def _cpu(taken: object) -> float:
    found = getattr(taken, "cpu", None)
    return float(found if found is not None else getattr(taken, "seconds", 0.0))


def ratio(times: Times, above: str, below: str) -> float:
    """The median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(times[above], times[below], strict=True))


def show(times: Times, records: int) -> str:
    names = {
        "read": "open and read every file, nothing else", "check": "bluefs check, sound records",
        "faulty": "bluefs check, one in ten at fault", "peer": "python-frontmatter and jsonschema",
    }  # fmt: skip
    lines = [
        f"{records:,} records, processor time on one processor, medians of {len(times['read'])}"
    ]
    for name, title in names.items():
        middle = statistics.median(times[name])
        lines.append(f"{title:<44}{middle:8.2f} s{middle / records * 1e6:10.1f} µs a record")
    for title, (above, below), limit in TARGETS:
        found = ratio(times, above, below)
        verdict = "met" if found <= limit else "missed"
        lines.append(f"{title:<44}{found:8.2f} ×   at most {limit:.2f}: {verdict}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks", description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tell = _tell if sys.stderr.isatty() else lambda _: None
    print(show(measure(options.records, options.repeat, options.seed, tell), options.records))
    return 0


def _tell(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}")


if __name__ == "__main__":
    sys.exit(main())
