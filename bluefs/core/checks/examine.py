"""A whole workspace examined, from its files as bytes.

Owns the order: settings, records, then the checks over all of them; Problems are sorted by
place. It never raises on what stands in files, whatever the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bluefs.core.checks import check_workspace
from bluefs.core.checks.survey import Survey
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.config import Loaded, load_config
from bluefs.core.frozen import dataclass, field
from bluefs.core.model import Config, Record
from bluefs.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything an examination reads. ``settings`` and ``data`` are bytes by path, of
    settings files and of records (documents too). ``fallback`` are the last good settings,
    in force where a settings file is broken, ``loaded`` what the settings say, ``readings`` what
    is known of these very bytes already. The rest is as in `Survey`."""

    settings: Mapping[str, bytes] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, Record] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    fallback: Config | None = None
    readings: Mapping[str, Reading] = field(default_factory=dict)
    now: datetime | None = None
    sound: Mapping[str, str] = field(default_factory=dict)
    loaded: Loaded | None = None
    dated: Callable[[Record], Record] | None = None

    def bytes_of(self, path: str) -> bytes | None:
        found = self.data.get(path)
        return found if found is not None else self.settings.get(path)


@dataclass(frozen=True, slots=True)
class Examination:
    problems: tuple[Problem, ...]
    survey: Survey


def examine(sources: Sources) -> Examination:
    """All Problems of a workspace, by path, line, column and code."""
    loaded = sources.loaded or load_config(sources.settings, sources.folders)
    config = loaded.config
    if loaded.broken and sources.fallback is not None:
        config = sources.fallback
    known = sources.readings
    readings = {p: known.get(p) or read_record(p, d, config) for p, d in sources.data.items()}
    survey = Survey(
        config, readings, sources.data, sources.paths, sources.folders, sources.names,
        sources.good, sources.settled, sources.unreadable, sources.links, sources.now,
        sources.sound, sources.dated, loaded.broken,
    )  # fmt: skip
    own = [problem for reading in readings.values() for problem in reading.problems]
    found = {*loaded.problems, *own, *check_workspace(survey)}
    return Examination(in_order(found), survey)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By path, line, column and code."""
    return tuple(sorted(problems, key=_place))


def _place(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.path, problem.line, problem.column, problem.code.code, problem.message
