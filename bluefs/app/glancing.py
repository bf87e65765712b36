"""What a check reads of a workspace: surely sound records at a glance, the others whole.

Owns that reading. It asks no index: a fresh clone has none, and to build one takes longer than to
look at every file. Gives None where settings are broken (then what counts are the last good ones,
and a snapshot knows them), and where records refer to others. Refuses to judge: `core.checks` does.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from bluefs.app.goods import Goods, is_blank
from bluefs.app.hidden import without_ignored
from bluefs.app.workspace import Library
from bluefs.core.checks.examine import Sources
from bluefs.core.codec.plan import plan_of
from bluefs.core.codec.record import Reading, read_record
from bluefs.core.codec.sure import Sure, glance, sure_of
from bluefs.core.config import Loaded, is_config, load_config
from bluefs.core.errors import Refused, Unreadable
from bluefs.core.fields import kind_of
from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import TypeVar
from bluefs.core.layout import Place, place
from bluefs.core.linking import has_links
from bluefs.core.model import Config, Project, Record
from bluefs.core.numbering import is_numbered
from bluefs.core.seen import Paths

T = TypeVar("T")


def glanced(library: Library) -> Sources | None:
    """Everything an examination reads. None where it takes a snapshot. Raises Refused for a newer
    format."""
    there = library.files.paths()
    settings, closed = _texts(library, (p for p in there.files if is_config(p)))
    loaded = load_config(settings, there.folders)
    if loaded.too_new is not None:
        raise Refused("errors.too_new", format=loaded.too_new)
    if loaded.broken or closed or has_links(loaded.config):
        return None
    look = _Look(library, loaded.config)
    with _collector_off():
        look.read(there.files)
        return look.sources(settings, loaded, there)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Ten thousand files make no garbage in circles, and looking for some takes a tenth."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _texts(library: Library, paths: Iterable[str]) -> tuple[dict[str, bytes], dict[str, str]]:
    """The bytes of files, and why others could not be opened."""
    texts: dict[str, bytes] = {}
    closed: dict[str, str] = {}
    wanted = sorted(paths)
    for path, found in zip(wanted, library.files.read_many(wanted), strict=True):
        if isinstance(found, Unreadable):
            closed[path] = str(found.fields.get("reason", ""))
        elif found is not None:
            texts[path] = found
    return texts, closed


def _by_turns(files: Iterator[T]) -> Iterator[T]:
    """Some read, then those looked at, and so on: a processor that goes from the kernel to an
    expression and back with each file has to fetch both anew, which costs a sixth of all."""
    while some := list(islice(files, _TURN)):
        yield from some


@dataclass(frozen=True, slots=True)
class _Home:
    """What the records of one folder are held against."""

    sure: Sure
    required: frozenset[str]  # keys that must be set here
    shared: frozenset[str]  # keys whose values only the whole workspace can judge
    verdicts: dict[frozenset[str], bool] = field(default_factory=dict)  # on keys that are set

    def passes(self, keys: frozenset[str]) -> bool:
        """Whether nothing but its values could be at fault in a record with these keys."""
        known = self.verdicts.get(keys)
        if known is None:
            known = self.required <= keys and self.shared.isdisjoint(keys) and not keys >= _DATES
            self.verdicts[keys] = known
        return known


@dataclass(slots=True)
class _Look:
    library: Library
    config: Config
    sound: dict[str, str] = field(default_factory=dict)  # path -> id
    texts: dict[str, bytes] = field(default_factory=dict)  # of those that are in doubt
    closed: dict[str, str] = field(default_factory=dict)
    sures: dict[str, Sure] = field(default_factory=dict)  # by project: its lists learn together

    def read(self, paths: Iterable[str]) -> None:
        """Look at every record and document."""
        folders = self._wanted(paths)
        every = [path for some in folders.values() for path in some]
        hidden = self.library.git.ignored(every) if every else frozenset()
        if hidden:
            folders = {f: [p for p in some if p not in hidden] for f, some in folders.items()}
        counts: Counter[str | None] = Counter()
        for some in folders.values():
            counts[place(some[0], self.config).project if some else None] += len(some)
        for some in filter(None, folders.values()):
            self._folder(some, counts)

    def _wanted(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """Records and documents by folder, in order."""
        folders: dict[str, list[str]] = {}
        for path in paths:
            folders.setdefault(path.rpartition("/")[0], []).append(path)
        return {
            folder: self._read_of(folder, sorted(folders[folder])) for folder in sorted(folders)
        }

    def _read_of(self, folder: str, paths: list[str]) -> list[str]:
        """Those of them that are records or documents. Most folders hold nothing else."""
        config = self.config
        begin = len(folder) + 1 if folder else 0
        plain = all(path[-3:] == ".md" and path[begin] not in "._" for path in paths)
        if plain and paths and not config.workspace.ignore:  # then they are all of one kind
            return paths if place(paths[0], config).kind in _READ else []
        return [path for path in paths if place(path, config).kind in _READ]

    def _folder(self, paths: Sequence[str], counts: Mapping[str | None, int]) -> None:
        """The files of one folder, which mean alike; ``counts`` are those of whole projects."""
        home = self._home(place(paths[0], self.config), counts)
        sound, texts = self.sound, self.texts
        for path, found in zip(paths, _by_turns(self.library.files.read_many(paths)), strict=True):
            if isinstance(found, bytes):
                seen = glance(found, home.sure) if home is not None else None
                if home is not None and seen is not None and home.passes(seen[1]):
                    sound[path] = seen[0]
                else:
                    texts[path] = found
            elif found is not None:
                self.closed[path] = str(found.fields.get("reason", ""))

    def _home(self, spot: Place, counts: Mapping[str | None, int]) -> _Home | None:
        """None where every file is in doubt: documents, what is in no project, and records of a
        project with numbers, each of which has one to be compared with the others or lacks it."""
        config = self.config
        project = config.projects.get(spot.project) if spot.project is not None else None
        if spot.kind != "record" or project is None or is_numbered(project):
            return None
        plan = plan_of(config, project)
        if project.key not in self.sures:
            self.sures[project.key] = sure_of(plan, counts[spot.project])
        keys = project.fields
        required = frozenset(key for key in keys if _is_required(key, project, spot.list))
        shared = ["title", *(key for key, (_, kind) in plan.fields.items() if not kind.alone)]
        return _Home(self.sures[project.key], required, frozenset(shared))

    def _readings(self) -> dict[str, Reading]:
        """Of the files in doubt; of records with one id every one is."""
        readings = {p: read_record(p, data, self.config) for p, data in self.texts.items()}
        held = Counter(self.sound.values())
        held.update(record.id for record in _records(readings.values()) if record.id)
        again = [path for path, id in self.sound.items() if held[id] > 1]
        for path, found in zip(again, self.library.files.read_many(again), strict=True):
            del self.sound[path]
            if isinstance(found, bytes):
                self.texts[path] = found
                readings[path] = read_record(path, found, self.config)
        return readings

    def sources(self, settings: Mapping[str, bytes], loaded: Loaded, there: Paths) -> Sources:
        readings = self._readings()
        goods = Goods(self.library.git, self.library.state)
        good = dict(self._good(readings, goods))
        bare = [r.path for r in _records(readings.values()) if r.id is None and r.list is not None]
        folders = without_ignored(
            there.folders, (*readings, *self.sound, *self.closed), self.config, self.library.git
        )
        return Sources(
            settings=settings, data=self.texts, paths=frozenset(there.files), folders=folders,
            names=goods.names(bare), good=good, settled=self._settled(readings, goods),
            unreadable=self.closed, links=there.links, readings=readings,
            sound=self.sound, loaded=loaded,
        )  # fmt: skip

    def _good(self, readings: Mapping[str, Reading], goods: Goods) -> Iterator[tuple[str, Record]]:
        """Last good states of what cannot be read, or opened, now."""
        broken = {p: self.texts[p] for p, r in readings.items() if r.record is None}
        empty = [p for p, r in readings.items() if r.empty]
        for path, data in goods.last_goods([*broken, *empty, *self.closed], broken):
            if data is not None and not is_blank(data):
                record = read_record(path, data, self.config).record
                if record is not None:
                    yield path, record

    def _settled(self, readings: Mapping[str, Reading], goods: Goods) -> frozenset[str]:
        """Git's paths, asked for only where an id stands twice."""
        ids = [r.id for r in _records(readings.values()) if r.id]
        return frozenset() if len({*ids}) == len(ids) else frozenset(goods.tree)


_DATES = frozenset({"start", "due"})
_READ = ("record", "document")
_TURN = 64


def _records(readings: Iterable[Reading]) -> Iterator[Record]:
    return (r.record for r in readings if r.record is not None)


def _is_required(key: str, project: Project, list_key: str | None) -> bool:
    definition = project.fields[key]
    wanted = definition.required or list_key in definition.required_in
    return wanted and kind_of(definition).settable
