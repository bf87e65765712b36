"""Which names were renamed between two states of the settings, for whoever has only these.

An editor can do what ``rename`` does, so it is told by what has changed: of a project's tags or
fields, or of the people, one name is gone and one has come. Refuses to guess between several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bluefs.core.frozen import dataclass
from bluefs.core.model import Config, Event
from bluefs.core.renaming import Kind


@dataclass(frozen=True, slots=True)
class Renamed:
    """``projects`` are the keys of those that had the name; none for a person, who is known in
    all of them."""

    kind: Kind
    old: str
    new: str
    projects: tuple[str, ...] = ()

    def concerns(self, events: Iterable[Event]) -> bool:
        """Whether one of a record's events is the old name going or the new one coming."""
        names = {self.old, self.new}
        return any(e.key in names or e.before in names or e.after in names for e in events)


def renamed_between(before: Config, after: Config) -> tuple[Renamed, ...]:
    """Each once, in the order of the projects, people last."""
    found: dict[tuple[Kind, str, str], list[str]] = {}
    for key, project in after.projects.items():
        was = before.projects.get(key)
        if was is None:
            continue
        for old, new in _swap(was.tags, project.tags):
            found.setdefault(("tag", old, new), []).append(key)
        for old, new in _swap(was.fields, project.fields):
            if was.fields[old].kind == project.fields[new].kind:
                found.setdefault(("field", old, new), []).append(key)
    people = before.workspace.people, after.workspace.people
    for old, new in _swap(*people):
        found[("person", old, new)] = []
    return tuple(Renamed(*names, tuple(keys)) for names, keys in found.items())


def _swap(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    if len(gone) == len(come) == 1:
        yield gone[0], come[0]
