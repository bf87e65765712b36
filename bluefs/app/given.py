"""What the engine writes into a record's file just before a commit: its id, its numbers.

Both are given to what is new and small in number: where many files come at once (a folder
copied in), nobody's files are changed without being asked. A file in which a person is writing
at that moment waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bluefs.app.docs import MANY_IDS, is_record
from bluefs.app.numbers import Numbers, project_file
from bluefs.app.world import World
from bluefs.app.write import sha256
from bluefs.core.codec.record import read_record
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Changed, Unwritable
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.model import Config, Record
from bluefs.core.nodes import Writable
from bluefs.core.numbering import is_numbered, wanted
from bluefs.core.ports import Handled, StateChange
from bluefs.core.rewrite import rewrite


@dataclass(slots=True)
class Gifts:
    """What was written: ``late`` are files that have to wait, ``along`` settings that go into
    the same commit."""

    late: set[str] = field(default_factory=set)
    along: set[str] = field(default_factory=set)


class Given:
    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = Numbers(world)
        self._looked: dict[str, str] = {}  # path -> hash, under ``sync: manual``

    def before_commit(self, config: Config, due: Collection[str]) -> Gifts:
        """Complete the files that are due."""
        gifts = Gifts()
        unnamed = self._unnamed(config, due)
        plans: dict[str, dict[str, Writable]] = {p: {"id": self._world.ids.new()} for p in unnamed}
        for path, numbers in self._number(config, due, gifts).items():
            plans.setdefault(path, {}).update(numbers)
        self._write(config, plans, gifts)
        return gifts

    def uncommitted(self, config: Config, paths: Collection[str]) -> None:
        """Under ``sync: manual``: numbers for what was handled, each state looked at once."""
        if not any(map(is_numbered, config.projects.values())):
            return
        rows = self._world.state.all()
        fresh = [p for p in paths if p in rows and self._looked.get(p) != rows[p].sha]
        gifts = Gifts()
        self._write(config, self._number(config, fresh, gifts), gifts)
        for path in fresh:
            self._looked[path] = self._world.state.all()[path].sha

    def _unnamed(self, config: Config, due: Collection[str]) -> list[str]:
        rows = self._world.state.all()
        found = [
            p
            for p in sorted(due)
            if p in rows and rows[p].record is None and rows[p].origin is None and is_record(p, config)
            and "/" in p
        ]  # fmt: skip
        return found if len(found) <= MANY_IDS else []

    def _number(
        self, config: Config, due: Collection[str], gifts: Gifts
    ) -> dict[str, dict[str, str]]:
        """Numbers by path and key. The last ones given are in project.yaml before any is in a record:
        killed in between, a number is lost and none is given twice."""
        records = self._numbered(config, due)
        if not records:
            return {}
        known = dict(self._numbers.last)
        fresh = [p for p, r in records.items() if wanted(r, config.projects[r.project])]
        given = {} if len(fresh) > MANY_IDS else {
            path: self._numbers.give(records[path], config) for path in fresh
        }  # fmt: skip
        after = [r.with_values({**given.get(p, {})}) for p, r in records.items()]
        if self._settings(config, after, gifts):
            return given
        self._numbers.last = known
        return {}

    def _numbered(self, config: Config, due: Collection[str]) -> dict[str, Record]:
        """The records of projects with numbers, first saved first."""
        rows = self._world.state.all()
        found: dict[str, Record] = {}
        for path in sorted((p for p in due if p in rows), key=lambda p: (rows[p].handled_at, p)):
            project = config.project_of(path)
            if project is None or not is_numbered(project) or not is_record(path, config):
                continue
            row = self._world.state.get(path)
            record = read_record(path, row.data, config).record if row is not None else None
            if row is not None and record is not None and sha256(row.data) == row.sha:
                found[path] = record
        return found

    def _settings(self, config: Config, records: Sequence[Record], gifts: Gifts) -> bool:
        """Write the last numbers into project.yaml. False where that cannot be now."""
        paths = dict.fromkeys(project_file(record.project) for record in records)
        texts = {p: text for p in paths if (text := self._world.files.read(p)) is not None}
        try:
            changed = self._numbers.settings(texts, records, config)
            for path, text in changed.items():
                self._world.files.write(path, text, texts[path])
                self._settled(path, texts[path], text, gifts)
        except (EditRefused, Changed, Unwritable):
            return False
        return True

    def _settled(self, path: str, before: bytes, after: bytes, gifts: Gifts) -> None:
        """The file is handled as it is now, unless a person's edit of it was not yet."""
        row = self._world.state.get(path)
        if row is None or row.sha != sha256(before):
            return
        fresh = replace(row, data=after, sha=sha256(after), stat=None, committed=False)
        self._world.state.apply(StateChange(put=[fresh]))
        if row.committed:
            gifts.along.add(path)

    def _write(
        self, config: Config, plans: Mapping[str, Mapping[str, Writable]], gifts: Gifts
    ) -> None:
        for path, changes in plans.items():
            row = self._world.state.get(path)
            if row is not None and not self._completed(config, row, changes):
                gifts.late.add(path)

    def _completed(self, config: Config, row: Handled, changes: Mapping[str, Writable]) -> bool:
        """Write these keys into a record's file. False where a person is writing in it: then it
        waits."""
        record = read_record(row.path, row.data, config).record
        if record is None or sha256(row.data) != row.sha:
            return True
        try:
            data = rewrite(row.data, record, record, config, changes)
            self._world.commands.follow(row.path, row.path, row.data, data)
            self._world.files.write(row.path, data, row.data)
        except EditRefused:
            return True
        except Changed:
            return False
        name = changes.get("id", row.record)
        fresh = replace(
            row, data=data, sha=sha256(data), stat=None, record=None if name is None else str(name)
        )
        self._world.state.apply(StateChange(put=[fresh]))
        return True
