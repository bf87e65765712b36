"""An Outcome as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.measuring import Figure, Outcome, units
from benchmarks.memory import Memory
from benchmarks.targets import TARGETS

_HEADER = ("", "median", "× bare", "× read", "µs/record", "cpu", "from", "to")


def show_machine(machine: Mapping[str, str], repeat: int) -> str:
    width = max(map(len, machine))
    lines = [f"{name:<{width}}  {value}" for name, value in machine.items()]
    return "\n".join([*lines, f"{'figures':<{width}}  {_medians(repeat)}", ""])


def _medians(repeat: int) -> str:
    text = f"medians of {repeat}, ratios within each round"
    return text if repeat >= 5 else f"{text} (too few to be quoted: five at least)"


def show(outcome: Outcome) -> str:
    """The rows, then the engine, then the targets."""
    spec, made = outcome.spec, outcome.made
    title = (
        f"{spec.records:,} records of {made.size / max(1, made.count):,.0f} bytes, "
        f"{made.odd:,} of them odd · seed {spec.seed} · layout {spec.layout}"
    )
    table = [_HEADER, *(_row(figure, outcome) for figure in outcome.figures)]
    parts = [title, *_aligned(table), *_engine(outcome.memory), "", *_targets(outcome), ""]
    return "\n".join(parts)


def _row(figure: Figure, outcome: Outcome) -> Sequence[str]:
    if figure.reason is not None:
        return (figure.row.title, f"– {figure.reason}")
    bare, read = units(outcome)
    return (
        figure.row.title,
        _time(figure.median),
        _ratio(figure.times(bare)),
        _ratio(figure.times(read)),
        f"{figure.median / outcome.spec.records * 1e6:,.1f}" if figure.row.bulk else "–",
        _time(figure.cpu) if figure.cpu is not None else "–",
        _time(min(figure.seconds)),
        _time(max(figure.seconds)),
    )


def _time(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """The first column to the left, figures to the right; a reason runs on to the end."""
    whole = [row for row in table if len(row) == len(_HEADER)]
    widths = [max(len(row[n]) for row in whole) for n in range(len(_HEADER))]
    widths[0] = max(len(row[0]) for row in table)
    lines = []
    for row in table:
        cells = [f"{row[0]:<{widths[0]}}"]
        if len(row) == len(_HEADER):
            cells += [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:])]
        else:
            cells += row[1:]
        lines.append("  ".join(cells).rstrip())
    return lines


def _engine(found: Memory | str | None) -> list[str]:
    if found is None:
        return []
    if isinstance(found, str):
        return [f"engine: not measured: {found}"]
    return [
        f"engine, measured once: watching after {_time(found.started)}, "
        f"{found.before:,.1f} MB at rest, {found.after:,.1f} MB after {found.changes:,} edits"
    ]


def _targets(outcome: Outcome) -> list[str]:
    lines = []
    for target in TARGETS:
        verdict, value = target.verdict(outcome)
        at = f" at {target.records:,} records" if target.records is not None else ""
        limit = f"{target.title}{at}: at most {target.limit:g} {target.measure}"
        if verdict == "another size":
            verdict_text = f"not this size ({value:,.1f} at {outcome.spec.records:,})"
        elif value is None:
            verdict_text = verdict
        else:
            verdict_text = f"{verdict} ({value:,.1f})"
        lines.append(f"target  {limit}: {verdict_text}")
    return lines


def as_json(outcome: Outcome) -> dict[str, object]:
    """Seconds, bytes, MB (10⁶ bytes); what was not measured is null, with a reason."""
    bare, read = units(outcome)
    spec, made = outcome.spec, outcome.made
    return {
        "records": spec.records,
        "seed": spec.seed,
        "layout": spec.layout,
        "odd": made.odd,
        "bytes": made.size,
        "query": made.query,
        "word": made.word,
        "rows": [
            {
                "key": figure.row.key,
                "title": figure.row.title,
                "seconds": figure.seconds,
                "cpu": [taken.cpu for taken in figure.taken],
                "median": figure.median if figure.seconds and not figure.reason else None,
                "times_bare": figure.times(bare),
                "times_read": figure.times(read),
                "reason": figure.reason,
            }
            for figure in outcome.figures
        ],
        "engine": _engine_json(outcome.memory),
        "targets": [
            {
                "key": target.key, "records": target.records, "limit": target.limit,
                "measure": target.measure, "verdict": verdict, "value": value,
            }
            for target in TARGETS
            for verdict, value in [target.verdict(outcome)]
        ],
    }  # fmt: skip


def _engine_json(found: Memory | str | None) -> dict[str, object] | None:
    if found is None:
        return None
    if isinstance(found, str):
        return {"reason": found}
    return {
        "seconds_to_watching": found.started, "megabytes": found.before,
        "edits": found.changes, "megabytes_after": found.after,
    }  # fmt: skip
