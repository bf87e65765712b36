"""``python -m benchmarks``: the options, and the order of what is measured."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.layouts import LAYOUTS
from benchmarks.machine import machine
from benchmarks.measuring import Outcome, measure
from benchmarks.rows import KEYS, ROWS
from benchmarks.stand import Failed, stand
from benchmarks.table import as_json, show, show_machine
from benchmarks.workspace import Spec, make


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when measured (whatever became of the targets), 1 when it could not be, 2 for unusable
    arguments, 130 after ^C."""
    options = _options().parse_args(arguments)
    specs = [
        Spec(size, seed, options.layout, options.odd)
        for size in options.sizes
        for seed in options.seeds
    ]
    try:
        if options.make is not None:
            return _make(Path(options.make), specs)
        return _measure(specs, options)
    except KeyboardInterrupt:
        _tell("")
        return 130
    except (Failed, OSError, TimeoutError, RuntimeError) as error:
        _tell("")
        sys.stderr.write(f"benchmarks: {error}\n")
        return 1


def _measure(specs: Sequence[Spec], options: argparse.Namespace) -> int:
    if options.folder is not None and not Path(options.folder).is_dir():
        raise Failed(f"there is no folder {options.folder}")
    about = machine(Path(options.folder or tempfile.gettempdir()))
    if not options.json:
        print(show_machine(about, options.repeat), flush=True)
    outcomes: list[Outcome] = []
    for spec in specs:
        with stand(options.folder, _tell) as place:
            outcome = measure(place, spec, options.rows, options.repeat, options.changes)
        _tell("")
        outcomes.append(outcome)
        if not options.json:
            print(show(outcome), flush=True)
    if options.json:
        results = [as_json(outcome) for outcome in outcomes]
        answer = {"machine": about, "repeat": options.repeat, "results": results}
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


def _make(folder: Path, specs: Sequence[Spec]) -> int:
    if len(specs) != 1 or folder.exists():
        sys.stderr.write(
            "benchmarks: --make needs one size, one seed and a folder that is not there\n"
        )
        return 2
    made = make(folder, specs[0])
    print(
        f"{made.count:,} records, {made.odd:,} of them odd; query: {made.query}; word: {made.word}"
    )
    return 0


def _tell(text: str) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="How quick bluefs is on this machine.",
        epilog="Rows: " + "; ".join(f"{row.key} ({row.title})" for row in ROWS) + "; engine (its start and memory).",
    )  # fmt: skip
    add = parser.add_argument
    add(
        "--sizes",
        type=_count,
        nargs="+",
        default=[10_000],
        metavar="N",
        help="records in a workspace (10000)",
    )
    add(
        "--seeds",
        type=int,
        nargs="+",
        default=[1],
        metavar="N",
        help="other words, other records (1)",
    )
    add(
        "--layout",
        choices=["mixed", *LAYOUTS],
        default="mixed",
        help="how the YAML is laid out (mixed)",
    )
    add(
        "--odd",
        type=_share,
        default=0.05,
        metavar="SHARE",
        help="of files that are not as they should be (0.05)",
    )
    add(
        "--rows",
        nargs="+",
        choices=KEYS,
        default=list(KEYS),
        metavar="ROW",
        help="only these (all)",
    )
    add("--repeat", type=_count, default=5, metavar="N", help="rounds (5)")
    add(
        "--changes",
        type=_count,
        default=200,
        metavar="N",
        help="edits before memory is measured again (200)",
    )
    add(
        "--folder",
        metavar="DIR",
        help="where to work, on the file system to be measured (the temporary folder)",
    )
    add("--json", action="store_true", help="every figure as JSON")
    add("--make", metavar="DIR", help="only make the workspace, in DIR, and leave it there")
    return parser


def _count(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal() or int(digits) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return int(digits)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"a number from 0 to 1, not {text!r}")
    return share


if __name__ == "__main__":
    sys.exit(main())
