"""The plans of ``rename``: settings, rules, views, mail texts and records in one step.

A list is a folder: it moves whole, so the engine sees one renamed list and no record move; what
names its records by their paths follows. Names of rules stay, and so does what comments say. A file that cannot be read is left as it is and
named; a settings file that cannot be read refuses the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bluefs.app.commands.bulky import MoveFolder
from bluefs.app.commands.plan import Scene, Step, Work
from bluefs.app.commands.renamed import Found
from bluefs.app.refs import everything
from bluefs.core.codec.record import read_whole
from bluefs.core.codec.text import YAML_LIMIT, Decoded, decode
from bluefs.core.config import load_config, project_file
from bluefs.core.diff import diff
from bluefs.core.edit import EditRefused
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass, replace
from bluefs.core.linking import texts_of
from bluefs.core.model import Config, Context, Event, Record, Rule
from bluefs.core.nodes import Node
from bluefs.core.renaming import Naming
from bluefs.core.renaming.records import in_record, in_template
from bluefs.core.renaming.rules import RuleFile
from bluefs.core.renaming.settings import ProjectFile, in_workspace
from bluefs.core.renaming.swaps import Swap, parsed, swapped

Read = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Renaming:
    """``settings`` and ``records`` are the files that change, ``folder`` the list's; ``left``
    are files that nobody can read; ``rules`` would see records change and fire."""

    naming: Naming
    settings: tuple[Step, ...]
    records: tuple[Step, ...]
    folder: MoveFolder | None
    left: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def steps(self) -> tuple[Work, ...]:
        moved = (self.folder,) if self.folder is not None else ()
        return (*self.settings, *self.records, *moved)


def plan_rename(scene: Scene, found: Found, read: Read) -> Renaming:
    """``read`` gives the bytes of a settings file. Raises Refused, EditRefused."""
    naming, config = found.naming, scene.snapshot.config
    settings = tuple(_settings(naming, config, read))
    left: list[str] = []
    records = tuple(_records(scene, naming, left))
    files = {p: data for p in _paths(config) if (data := read(p)) is not None}
    files |= {step.path: step.after for step in settings if step.after is not None}
    after = load_config(files, scene.snapshot.folders).config
    records = tuple(_reread(step, after) for step in records)
    rules = tuple(dict.fromkeys(_firing(scene, records, after)))
    return Renaming(naming, settings, records, found.folder, tuple(left), rules)


def _paths(config: Config) -> Iterator[str]:
    """Every settings file."""
    yield "bluefs.yaml"
    for key in config.projects:
        yield project_file(key)
        yield _rules_file(key)
    yield from config.templates


def _rules_file(key: str) -> str:
    return f"{key}/automations.yaml" if key else "automations.yaml"


def _settings(naming: Naming, config: Config, read: Read) -> Iterator[Step]:
    yield from _yaml("bluefs.yaml", read, lambda node: in_workspace(node, naming))
    for key, project in config.projects.items():
        yield from _yaml(project_file(key), read, ProjectFile(naming, project, config).swaps)
        yield from _yaml(_rules_file(key), read, RuleFile(naming, project, config).swaps)
    for path in config.templates:
        home = config.project_of(path)
        if home is not None and naming.concerns(home.key):
            yield from _step(path, read(path), lambda data: in_template(data, naming))


def _yaml(path: str, read: Read, find: Callable[[Node | None], Iterable[Swap]]) -> Iterator[Step]:
    yield from _step(path, read(path), lambda data: _swapped(data, find))


def _swapped(data: bytes, find: Callable[[Node | None], Iterable[Swap]]) -> bytes:
    decoded = decode(data, YAML_LIMIT)
    if not isinstance(decoded, Decoded):
        raise EditRefused(
            "errors.edit.unreadable",
            line=decoded.line, column=decoded.column, message=decoded.message, hint=decoded.hint,
        )  # fmt: skip
    out = swapped(decoded.text, find(parsed(decoded.text)))
    if out == decoded.text:
        return data
    return (b"\xef\xbb\xbf" if decoded.bom else b"") + out.encode()


def _step(path: str, data: bytes | None, change: Callable[[bytes], bytes]) -> Iterator[Step]:
    if data is None:
        return
    try:
        out = change(data)
    except EditRefused as error:
        raise Refused("renaming.file", path=path, why=error) from error
    if out != data:
        yield Step(path, data, path, out)


def _records(scene: Scene, naming: Naming, left: list[str]) -> Iterator[Step]:
    for record in sorted(everything(scene.snapshot), key=lambda r: r.path):
        referring = scene.project(record).references
        if not _concerned(naming, record, referring):
            continue
        data = scene.snapshot.data.get(record.path)
        if data is None or record.path in scene.snapshot.held:
            left.append(record.path)
            continue
        try:
            out = in_record(data, naming, referring)
        except EditRefused:
            left.append(record.path)
            continue
        if out != data:
            yield Step(record.path, data, record.path, out, record, record)


def _concerned(naming: Naming, record: Record, referring: Iterable[str]) -> bool:
    """Whether its file may name it: a list is named by paths only, in every project.
    ``referring`` are the fields that name records."""
    if naming.kind == "list":
        keys = ("blocked_by", *referring)
        return any("/" in text for key in keys for text in texts_of(record, key))
    return naming.concerns(record.project)


def _reread(step: Step, config: Config) -> Step:
    """The step with the record as it reads under the new settings."""
    assert step.after is not None and step.was is not None
    seen = read_whole(step.path, step.after, config).record
    now = replace(seen, id=seen.id or step.was.id) if seen is not None else step.was
    return replace(step, now=now)


def _firing(scene: Scene, steps: Iterable[Step], config: Config) -> Iterator[str]:
    """Names of rules that take these changes for something that happened. The engine reads the
    old bytes under the new settings, to which the old name means nothing: of *ana, li* only *li*
    is left, or not even her, and then *li* is assigned as well."""
    context = Context(config, scene.now, me=scene.me, actor=scene.me)
    for step in steps:
        if step.was is None or step.now is None or step.before is None:
            continue
        project = config.projects.get(step.now.project)
        seen = read_whole(step.path, step.before, config).record
        old = replace(seen, id=seen.id or step.was.id) if seen is not None else step.was
        events = (*diff(step.was, step.now, project), *diff(old, step.now, project))
        for rule in config.rules.get(step.now.project, ()):
            if rule.enabled and _fires(rule, step.now, events, context):
                yield rule.identity


def _fires(rule: Rule, record: Record, events: Sequence[Event], context: Context) -> bool:
    fits = any(trigger.matches(e, record, context) for e in events for trigger in rule.when)
    return fits and (rule.condition is None or rule.condition.matches(record, context))
