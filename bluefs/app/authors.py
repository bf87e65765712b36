"""Who made which change in a line of commits, and whether their roles let them.

Owns the walk: a commit is held against its parent, a merge against what its parents give merged,
so that only what somebody put in by hand is theirs. Roles and people are those in force before a
commit; on a side line that began before the base they are the base's, so nobody gets back what
has been taken from them since. What a commit's trailers say a rule wrote is the rule's. Refuses
to prove who an author is: Git believes what it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bluefs.app.docs import Doc
from bluefs.app.merges import Merges
from bluefs.app.reproach import Reproach
from bluefs.app.steps import Settings, docs, paired, settings_in
from bluefs.core.checks.changes import Comparison
from bluefs.core.checks.examine import Sources
from bluefs.core.checks.roles import Act, is_admin, refused, written_by_rules
from bluefs.core.checks.touched import LAYOUT, touched
from bluefs.core.config import is_config
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.layout import place
from bluefs.core.model import Config, Project, Record
from bluefs.core.ports import Commit, Git
from bluefs.core.problems import Problem

Parts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Deed:
    """What a commit did to one record, or to its attachments."""

    before: Record | None
    after: Record | None
    parts: Parts


class Authors:
    """Judges the commits behind ``base``. ``comparison`` is the whole of the change, for what
    the files say now."""

    def __init__(
        self, git: Git, base: str, settings: Settings, comparison: Comparison, sources: Sources
    ) -> None:
        self._git, self._settings = git, settings
        self._base = settings.of(git.tree(base))
        self._own = {base: settings_in(git.tree(base))}  # commit -> its settings files
        self._standing = {base}
        self._merges = Merges(git)
        self._reproach = Reproach(comparison, sources, self._former(base))

    def problems(self, commits: Sequence[Commit]) -> list[Problem]:
        """Of all of them, oldest first. Raises Refused where the history ends too early."""
        for commit in commits:
            if commit.hex in self._git.shallow:
                raise Refused("changes.no_base", name=commit.hex[:12])
            self._judge(commit, self._git.parents(commit.hex))
        return list(self._reproach.problems())

    def _former(self, base: str) -> Callable[[str], bytes]:
        def former(path: str) -> bytes:
            blob = self._own[base].get(path)
            return self._git.blobs([blob])[blob] if blob is not None else b""

        return former

    def _judge(self, commit: Commit, parents: Sequence[str]) -> None:
        ground = next((p for p in parents if p in self._standing), None)
        if ground is not None:
            self._standing.add(commit.hex)
        rights = self._settings.of(self._own[ground]) if ground is not None else self._base
        steps = [self._git.diff(p, commit.hex) for p in (parents or (None,))]
        self._own[commit.hex] = self._moved_on(parents, steps[0])
        if not any(project.roles for project in rights.projects.values()):
            return
        changed = set.intersection(*(set(step) for step in steps))
        if len(parents) > 1:
            changed = self._merges.by_hand(commit.hex, parents, changed)
        step = {path: steps[0][path] for path in changed}
        for path in sorted(step):
            if is_config(path):
                self._judge_settings(commit, path, rights)
        rules = written_by_rules(commit.trailers, rights.rules)
        for deed in self._deeds(commit, parents, step, rights):
            self._judge_deed(commit, deed, rights, rules)

    def _moved_on(
        self, parents: Sequence[str], step: Mapping[str, tuple[str | None, str | None]]
    ) -> dict[str, str]:
        first = parents[0] if parents else None
        own = self._own.get(first or "")
        if own is None:
            own = settings_in(self._git.tree(first)) if first is not None else {}
        moved = {path: blob for path, (_, blob) in step.items() if is_config(path)}
        return {path: blob for path, blob in {**own, **moved}.items() if blob is not None}

    def _judge_settings(self, commit: Commit, path: str, rights: Config) -> None:
        home = rights.project_of(path)
        homes = [home] if home is not None else list(rights.projects.values())
        if path != "bluefs.yaml" and home is None:
            return  # a project that is new
        ruled = [project for project in homes if project.roles]
        person = rights.workspace.person_by_email(commit.author.email)
        if person is None:
            if ruled:
                self._reproach.stranger(commit)
            return
        for project in ruled:
            if not is_admin(person.handle, project, rights.workspace):
                self._reproach.settings(commit, person, path, project)
                return

    def _deeds(
        self, commit: Commit, parents: Sequence[str],
        step: Mapping[str, tuple[str | None, str | None]], rights: Config,
    ) -> Iterator[Deed]:  # fmt: skip
        before = docs(self._git, ((p, old) for p, (old, _) in step.items()), rights)
        after = docs(self._git, ((p, new) for p, (_, new) in step.items()), rights)
        for old, new in paired(before, after)[1]:
            was, now = (old.record if old else None), (new.record if new else None)
            if new is not None and not new.usable and old is not None:
                now, parts = was, frozenset([LAYOUT, "description"])  # nobody can read it any more
            elif old is not None and was is None:
                parts = frozenset([LAYOUT])  # it can be read again, or is gone
            else:
                parts = self._merges.parts(commit.hex, parents, was, now, rights)
                if not parts and len(parents) < 2 and _rewritten(old, new):
                    parts = frozenset([LAYOUT])
            yield Deed(was, now, parts)
        yield from _attached(step, rights)

    def _judge_deed(
        self, commit: Commit, deed: Deed, rights: Config, rules: Mapping[str, Parts]
    ) -> None:
        record = deed.after or deed.before
        if record is None:
            return
        names = (record.name, record.path, "")
        parts = deed.parts.difference(*(rules.get(name, frozenset()) for name in names))
        for project, one in _homes(Deed(deed.before, deed.after, parts), rights):
            if not project.roles or not one.parts:
                continue
            person = rights.workspace.person_by_email(commit.author.email)
            if person is None:
                self._reproach.stranger(commit)
                continue
            act = Act(person.handle, one.before, one.after, one.parts)
            left = refused(act, project, rights.workspace)
            if left:
                self._reproach.record(commit, person, record, left, project, rights.workspace)


def _rewritten(old: Doc | None, new: Doc | None) -> bool:
    """Whether the bytes differ by more than an id that was given."""
    if old is None or new is None or old.data == new.data:
        return False
    return old.written is not None or new.written is None


def _homes(deed: Deed, rights: Config) -> Iterable[tuple[Project, Deed]]:
    """The projects that a change is one of: a record that moves to another leaves the one and is
    new in the other."""
    keys = [r.project for r in (deed.before, deed.after) if r is not None]
    there = [rights.projects[key] for key in dict.fromkeys(keys) if key in rights.projects]
    if len(set(keys)) < 2 or deed.before is None or deed.after is None:
        return [(project, deed) for project in there]
    left = Deed(deed.before, deed.before, deed.parts & {"list"})
    come = Deed(None, deed.after, deed.parts and touched(None, deed.after))
    both = {deed.before.project: left, deed.after.project: come}
    return [(project, both[project.key]) for project in there]


def _attached(step: Iterable[str], rights: Config) -> Iterator[Deed]:
    """Attachments that came, changed or went: of the record in whose folder they lie."""
    for path in sorted(step):
        found = place(path, rights)
        if found.kind == "attachment" and found.project is not None:
            name = path.partition("_files/")[2].partition("/")[0]
            record = Record(path, found.project, None, name, path.rpartition("/")[2])
            yield Deed(record, record, frozenset(["attachments"]))
