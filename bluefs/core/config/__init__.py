"""Every settings file of a workspace -> one Config, with all that is wrong in them.

Owns which files are settings and in which order they are read: the workspace, the projects,
then what needs both (defaults, filters, rules). A file that cannot be read costs only itself:
its project stays, with what could be read of it. Nothing here raises on what people typed, and
nothing reads a disk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.layout import RATES
from bluefs.core.model import Config, Project

if TYPE_CHECKING:
    from bluefs.core.config.reader import Reader
    from bluefs.core.nodes import Node
    from bluefs.core.problems import Problem

__all__ = ["Loaded", "check_rules", "is_config", "load_config"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """``broken`` are the paths of settings files that lost definitions: what other files say
    must not be judged by them. ``too_new`` is the format number where this version does not
    know it; then ``config`` is empty and nothing may be written."""

    config: Config
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = frozenset()
    too_new: int | None = None


@dataclass(frozen=True, slots=True)
class _File:
    """One settings file, as far as it could be read."""

    reader: Reader
    node: Node | None
    broken: bool = False


@dataclass(slots=True)
class _Loading:
    files: dict[str, _File] = field(default_factory=dict)

    def is_lost(self, path: str) -> bool:
        """Whether definitions of this file are missing."""
        file = self.files.get(path)
        return file is not None and (file.broken or file.reader.lost)

    def loaded(self, config: Config, more: tuple[Problem, ...], too_new: int | None) -> Loaded:
        known = {p for f in self.files.values() for p in f.reader.problems}
        known |= {*more}
        passed = [path for path, file in self.files.items() if file.reader.passed]
        if known:
            from bluefs.core.config.limiting import limited

            known = {*limited(known, passed)}
        told = sorted(known, key=lambda p: (p.path, p.line, p.column, p.code.code))
        broken = frozenset(path for path in self.files if self.is_lost(path))
        return Loaded(config, tuple(told), broken, too_new)


def is_config(path: str) -> bool:
    """Whether a path is one of the files that ``load_config`` reads."""
    if path[-3:] == ".md" and "_templates/" not in path:
        return False  # nearly all
    if path == "bluefs.yaml":
        return True
    *folders, name = path.split("/")
    if "_templates" in folders:
        at = folders.index("_templates")
        hidden = (p.startswith((".", "_")) for p in folders[:at])
        dotted = (p.startswith(".") for p in (*folders[at:], name))
        return not any(hidden) and not any(dotted)
    if name not in ("project.yaml", "automations.yaml") and not name.endswith(RATES):
        return False
    return not any(part.startswith((".", "_")) for part in folders)


def load_config(
    files: Mapping[str, bytes], folders: Collection[str] = (), *, rules: bool = True
) -> Loaded:
    """The settings of a workspace, from its files by path (others are ignored).

    ``folders`` are the paths of its folders: a list that is not declared but has a folder is
    then no Problem where rules name it. ``rules`` False is for who only reads records: neither
    rules nor the queries of views are read, and no Problem of them is told (a parser of queries
    and the checks of rules take a third of a short command's time). Problems are sorted by
    place. Never raises."""
    from bluefs.core.config.workspace import newer_format, parse_workspace

    loading = _Loading()
    wanted = sorted(p for p in files if is_config(p) and (rules or _is_for_records(p)))
    for path in wanted:
        if "_templates" not in path.split("/") and not path.endswith(RATES):
            loading.files[path] = _read(path, files[path])
            if rules:
                _check_secrets(loading.files[path].reader)
    top = loading.files.get("bluefs.yaml")
    if top is None:
        config = Config()
    else:
        too_new = newer_format(top.reader, top.node)
        if too_new is not None:
            only = _Loading({"bluefs.yaml": top})
            return only.loaded(Config(), (), too_new)
        config = Config(parse_workspace(top.reader, top.node))
    templates = {p: t for p in wanted if (t := _template(p, files[p])) is not None}
    config = replace(config, templates=templates)
    config = _with_projects(config, loading, frozenset(folders), rules, files)
    if not rules:
        return loading.loaded(config, (), None)
    config, read = _with_rules(config, loading)
    return loading.loaded(config, check_rules(_judgeable(read, loading), folders), None)


def _is_for_records(path: str) -> bool:
    return path.rpartition("/")[2] in ("bluefs.yaml", "project.yaml") or path.endswith(RATES)


def check_rules(config: Config, folders: Collection[str] = ()) -> tuple[Problem, ...]:
    """Names in rules that do not exist (``bluefs.core.config.names``)."""
    from bluefs.core.config import names

    return names.check_rules(config, folders)


def _read(path: str, data: bytes) -> _File:
    from bluefs.core.codec.compose import examine
    from bluefs.core.codec.text import YAML_LIMIT, Decoded, Lines, decode
    from bluefs.core.config.reader import Reader
    from bluefs.core.config.sound import sound_part

    decoded = decode(data, YAML_LIMIT)
    if not isinstance(decoded, Decoded):
        return _File(Reader(path, problems=[decoded.at(path)]), None, broken=True)
    found = examine(decoded.text)
    problems = [problem.at(path) for problem in found.problems]
    reader = Reader(path, tuple(Lines(decoded.text).all()), problems)
    return _File(reader, sound_part(found.node, found.lines), found.broken)


def _check_secrets(reader: Reader) -> None:
    from bluefs.core.codes.config import SECRET
    from bluefs.core.config.secrets import find_secrets
    from bluefs.core.words import say

    for found in find_secrets(reader.lines):
        message, hint = say(f"config.secret.{found.what}"), say("config.secret.hint")
        reader.report_at(SECRET, found.line, found.column, found.end, message, hint)


def _template(path: str, data: bytes) -> str | None:
    """The text of a template; None for other files and for what is no text (a picture)."""
    from bluefs.core.codec.text import RECORD_LIMIT, Decoded, decode

    if "_templates" not in path.split("/"):
        return None
    decoded = decode(data, RECORD_LIMIT)
    return decoded.text if isinstance(decoded, Decoded) else None


def _with_projects(
    config: Config,
    loading: _Loading,
    folders: frozenset[str],
    rules: bool,
    files: Mapping[str, bytes],
) -> Config:
    from bluefs.core.config.project import complete_project, parse_project
    from bluefs.core.config.rates import RateFiles

    tables: dict[str, Reader] = {}
    rates = RateFiles({path: files[path] for path in files if is_config(path)}, tables)
    found: dict[str, Project] = {}
    places = _project_files(loading)
    for path, key in places:
        file = loading.files[path]
        found[key] = parse_project(file.reader, file.node, key, rules)
    found = _with_links(found)
    lost = frozenset(key for path, key in places if loading.is_lost(path))
    config = replace(config, projects=dict(sorted(found.items())))
    for path, key in places:
        file = loading.files[path]
        here = _folders_of(key, folders)
        judge = rules and not (loading.is_lost(path) or loading.is_lost("bluefs.yaml"))
        done = complete_project(
            file.reader, file.node, found[key], config, here, judge, lost, rates
        )
        config = replace(config, projects={**config.projects, key: done})
    loading.files.update((path, _File(reader, None)) for path, reader in tables.items())
    return config


def _with_links(projects: dict[str, Project]) -> dict[str, Project]:
    if not any(project.fields for project in projects.values()):
        return projects
    from bluefs.core.linking import resolved

    return resolved(projects)


def _folders_of(key: str, folders: frozenset[str]) -> frozenset[str]:
    from bluefs.core.matching import nfc

    prefix = f"{key}/" if key else ""
    names = (folder.removeprefix(prefix) for folder in folders if folder.startswith(prefix))
    return frozenset(
        nfc(name) for name in names if name and "/" not in name and name[0] not in "._"
    )


def _project_files(loading: _Loading) -> list[tuple[str, str]]:
    """(path, key) of each project, those where none can be reported and left out."""
    from bluefs.core.codes.config import PLACE
    from bluefs.core.matching import nfc
    from bluefs.core.words import say

    paths = [p for p in loading.files if p.rpartition("/")[2] == "project.yaml"]
    keys = {path: nfc(path.rpartition("/")[0]) for path in paths}
    found: list[tuple[str, str]] = []
    for path in sorted(paths, key=lambda p: (keys[p].count("/"), keys[p])):
        key = keys[path]
        above = next((k for _, k in found if k and key.startswith(f"{k}/")), None)
        file = loading.files[path]
        if above is not None:
            message = say("config.nested", key=key, above=above)
            file.reader.report_at(PLACE, 1, 1, 1, message, say("config.nested.hint"))
        elif key == "" and len(paths) > 1:
            file.reader.report_at(PLACE, 1, 1, 1, say("config.root"), say("config.root.hint"))
        else:
            found.append((path, key))
            continue
        file.reader.lost = True
    return found


def _judgeable(config: Config, loading: _Loading) -> Config:
    """The configuration with only those rules whose names can be judged: not where the
    definitions they would be held against were lost."""
    if loading.is_lost("bluefs.yaml"):
        return replace(config, rules={})
    sound = {k: r for k, r in config.rules.items() if not loading.is_lost(project_file(k))}
    return replace(config, rules=sound)


def project_file(key: str) -> str:
    """The path of a project's settings."""
    return f"{key}/project.yaml" if key else "project.yaml"


def _with_rules(config: Config, loading: _Loading) -> tuple[Config, Config]:
    """With the rules in force, and with all that could be read. Of a file that does not parse,
    none is in force, and those that nothing is lost of are judged all the same."""
    from bluefs.core.codes.config import NO_PROJECT
    from bluefs.core.config.automations import parse_rules
    from bluefs.core.matching import nfc
    from bluefs.core.words import say

    rules, read = {}, {}
    for path, file in loading.files.items():
        if path.rpartition("/")[2] != "automations.yaml":
            continue
        project = config.projects.get(nfc(path.rpartition("/")[0]))
        if project is None:
            message = say("config.no_project")
            file.reader.report_at(NO_PROJECT, 1, 1, 1, message, say("config.no_project.hint"))
        else:
            judge = not (
                loading.is_lost(project_file(project.key)) or loading.is_lost("bluefs.yaml")
            )
            force, known = parse_rules(file.reader, file.node, project, config, judge)
            read[project.key] = known
            if not file.broken:
                rules[project.key] = force
    return replace(config, rules=rules), replace(config, rules=read)
