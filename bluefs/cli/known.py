"""The names that completion offers, out of as little reading as a key press allows.

Lists, tags, people, fields and views come from project.yaml and bluefs.yaml, titles from file
names. It opens no record and asks no Git. Raises LookupError outside of a workspace.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bluefs.core.model import Config, Project

#: A word to offer and what it is.
Offer = tuple[str, str]
#: Titles offered at most: more is no help.
_MOST = 10_000


class Known:
    """What the workspace around a folder has, read when it is first asked for."""

    def __init__(self, folder: str) -> None:
        self.root = _root(folder)
        self._config: Config | None = None

    @property
    def config(self) -> Config:
        """The settings without rules and mail texts."""
        if self._config is None:
            from bluefs.core.config import load_config

            self._config = load_config(self._settings()).config
        return self._config

    def _settings(self) -> dict[str, bytes]:
        wanted = ("bluefs.yaml", "project.yaml")
        return {
            path: (self.root / path).read_bytes()
            for path in self._walk()
            if path.rpartition("/")[2] in wanted
        }

    def _walk(self) -> Iterator[str]:
        """Files as deep as records are."""
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith((".", "_"))]
            inside = os.path.relpath(folder, self.root).replace(os.sep, "/")
            for name in files:
                yield name if inside == "." else f"{inside}/{name}"

    def _projects(self, name: str | None = None) -> list[Project]:
        from bluefs.core.matching import match_project

        if name is None:
            return list(self.config.projects.values())
        return match_project(name, self.config)

    def projects(self) -> Iterator[Offer]:
        return ((p.key, p.name) for p in self._projects() if p.key)

    def lists(self, project: str | None) -> Iterator[Offer]:
        """Of every project, with folders that are not declared."""
        for one in self._projects(project):
            folder = self.root / one.key
            names = (
                [p.name for p in sorted(folder.iterdir()) if p.is_dir()] if folder.is_dir() else []
            )
            hidden = (name for name in names if not name.startswith((".", "_")))
            for name in dict.fromkeys([*one.lists, *hidden]):
                yield name, one.name

    def tags(self) -> Iterator[Offer]:
        return ((tag, p.name) for p in self._projects() for tag in p.tags)

    def people(self) -> Iterator[Offer]:
        workspace = self.config.workspace
        yield from ((p.handle, p.name) for p in workspace.people.values())
        yield from ((name, ", ".join(who)) for name, who in workspace.groups.items())

    def fields(self) -> Iterator[Offer]:
        return ((f.key, f.name) for p in self._projects() for f in p.fields.values())

    def buttons(self) -> Iterator[Offer]:
        from bluefs.core.fields import kind_of

        every = (f for p in self._projects() for f in p.fields.values())
        return ((f.key, f.name) for f in every if kind_of(f).pressed)

    def settable(self) -> Iterator[Offer]:
        """Keys that somebody may write."""
        from bluefs.core.fields import kind_of

        fields = (f for p in self._projects() for f in p.fields.values())
        written = {f.key for f in fields if not kind_of(f).computed}
        yield from self._built_in()
        yield from (offer for offer in self.fields() if offer[0] in written)

    def keys(self) -> Iterator[Offer]:
        """Those that a record may have."""
        yield from self._built_in()
        yield from self.fields()

    def _built_in(self) -> Iterator[Offer]:
        from bluefs.core.model import BUILTIN_KEYS

        yield from ((key, "") for key in BUILTIN_KEYS if key != "id")

    def views(self) -> Iterator[Offer]:
        return ((view, p.name) for p in self._projects() for view in p.views)

    def query_keys(self) -> Iterator[Offer]:
        keys = ("tag", "list", "assignee", "due", "start", "is", "has", "project", "color", "sort",
                "title", "text", "body", "comments", "checklist", "id", "path", "done")  # fmt: skip
        yield from ((f"{key}:", "") for key in keys)
        yield from ((f"{key}:", what) for key, what in self.fields())

    def values(self, key: str) -> Iterator[Offer]:
        """What may stand behind a key, of a query or an assignment."""
        from bluefs.core.model import COLORS

        word = key.casefold()
        if word in ("tag", "tags"):
            yield from self.tags()
        elif word == "list":
            yield from self.lists(None)
        elif word in ("assignee", "assignees"):
            yield "me", ""
            yield from self.people()
        elif word == "project":
            yield from self.projects()
        elif word in ("has", "sort"):
            yield from self.keys()
        elif word == "is":
            states = ("open", "done", "overdue", "today", "blocked", "unblocked")
            yield from ((state, "") for state in states)
        elif word in ("color", "colour"):
            yield from ((color, "") for color in COLORS)
        elif word in ("due", "start"):
            yield from ((day, "") for day in ("today", "tomorrow", "fri", "+7d", "..+7d", "none"))
        else:
            yield from self._options(key)

    def _options(self, key: str) -> Iterator[Offer]:
        for project in self._projects():
            field = project.fields.get(key)
            if key in project.references:
                yield from self._titles(project.references[key])
            options = field.options.get("options") if field is not None else None
            if isinstance(options, dict):
                yield from ((str(name), field.name if field else "") for name in options)

    def titles(self) -> Iterator[Offer]:
        """Titles as file names say them: reading every record would make a key press wait."""
        return self._titles("")

    def _titles(self, project: str) -> Iterator[Offer]:
        """Of one project, of all for ""."""
        count = 0
        start = f"{project}/" if project else ""
        for path in self._walk():
            folder, _, name = path.rpartition("/")
            if not path.startswith(start):
                continue
            if folder and name.endswith(".md") and not name.startswith((".", "_")):
                yield name.removesuffix(".md"), folder
                count += 1
            if count >= _MOST:
                return


def _root(folder: str) -> Path:
    """The workspace that a folder lies in. Raises LookupError outside of one."""
    here = Path(folder).absolute()
    for one in (here, *here.parents):
        if (one / "bluefs.yaml").is_file():
            return one
    raise LookupError(folder)
