"""A new workspace: which files it has at first, and writing them as one commit.

Owns the settings file made of a template's, the present into which a template's dates are
brought, the files that keep bytes as they are, the empty lists' ``.gitkeep`` and the handle a
newcomer gets. Refuses to overwrite anything: what is there
already stays, and a template's file that is in the way stops everything before the first write.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, datetime

from bluefs.app.schemas import local_copies
from bluefs.core.codec.compose import compose
from bluefs.core.config import load_config
from bluefs.core.edit import quote
from bluefs.core.errors import BluefsError, Refused
from bluefs.core.fields.sets import quote_flow
from bluefs.core.frozen import dataclass, replace
from bluefs.core.layout import place
from bluefs.core.matching import loose
from bluefs.core.model import RESERVED_HANDLES, Workspace
from bluefs.core.nodes import Map
from bluefs.core.ports import Author, Files, Git
from bluefs.core.when.shifting import shift_days

SETTINGS = "bluefs.yaml"
#: Whatever core.autocrlf says: bytes in Git are the bytes on disk, or every file would look
#: changed. Attachments are never merged or converted.
ATTRIBUTES = b"*.md -text\n*.yaml -text\n.gitkeep -text\n**/_files/** -text -merge\n"
#: What editors and file managers drop beside the files. bluefs' own folder ignores itself.
IGNORE = b".bluefs-*.tmp\n.DS_Store\nThumbs.db\n*~\n.*.sw[a-p]\n4913\n.\\#*\n\\#*\\#\n"
#: Written only where there is none: a repository may have its own.
_POLITE = frozenset({".gitattributes", ".gitignore"})
#: The Tuesday on which the packaged sample is set: what it tells of the past lies before this
#: day, what is due "today" is due on it.
SAMPLE_DAY = date(2026, 11, 24)
_WEEK = 7

BARE = b"""# yaml-language-server: $schema=.bluefs/schema/workspace.json
bluefs: 1
name: Workspace
timezone: UTC
language: en
sync: auto        # the engine commits; manual: you do
quiet: 2          # seconds without a save before rules look
"""
EMPTY: Mapping[str, bytes] = {
    "work/project.yaml": b"""# yaml-language-server: $schema=../.bluefs/schema/project.json
name: Work
lists:
  Backlog:
  In progress:
  Done:
    done: true
tags:
  Urgent: red
""",
    "work/automations.yaml": b"""# yaml-language-server: $schema=../.bluefs/schema/automations.json
# Rules, read from top to bottom. For example:
#
# - name: Started
#   when:
#     moved:
#       to: In progress
#   then:
#     - set:
#         start: today
""",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new workspace starts with: ``content`` is committed, ``local`` is not."""

    content: Mapping[str, bytes]
    local: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it. ``kept`` are files of the beginning that were there already."""

    commit: str
    kept: tuple[str, ...] = ()


def beginning(
    template: Mapping[str, bytes], settings: bytes, schemas: Mapping[str, bytes]
) -> Beginning:
    """All files of a workspace with these projects' files, settings and JSON Schemas (by
    file name)."""
    content = {SETTINGS: settings, ".gitattributes": ATTRIBUTES, ".gitignore": IGNORE, **template}
    content |= dict.fromkeys(_empty_lists(content), b"")
    return Beginning(content, local_copies(schemas))


def brought_to(template: Mapping[str, bytes], today: date) -> dict[str, bytes]:
    """The sample's files with the days in its records moved by whole weeks, so that weekdays
    stay and the sample's day is at most six days ago: nothing has happened in the future."""
    days = (today - SAMPLE_DAY).days // _WEEK * _WEEK
    config = load_config(template).config
    return {
        path: shift_days(data.decode(), days).encode()
        if days and place(path, config).kind == "record"
        else data
        for path, data in template.items()
    }


def _empty_lists(content: Mapping[str, bytes]) -> list[str]:
    config = load_config(content).config
    filled = {(s.project, s.list) for s in (place(p, config) for p in content)}
    return [
        "/".join(part for part in (project.key, one, ".gitkeep") if part)
        for project in config.projects.values()
        for one in project.lists
        if (project.key, one) not in filled
    ]


def settings_of(base: bytes, name: str, zone: str, language: str, person: Author | None) -> bytes:
    """``bluefs.yaml`` made of a template's: its own name, zone and language, ``sync: auto``,
    and whoever Git says is at work among the people."""
    text = base.decode()
    for key, value in (
        ("name", quote(name)), ("timezone", zone), ("language", language), ("sync", "auto"),
    ):  # fmt: skip
        text = _with_line(text, key, value)
    workspace = load_config({SETTINGS: text.encode()}).config.workspace
    if person is None or workspace.person_by_email(person.email) is not None:
        return text.encode()
    handle = handle_for(person, workspace)
    entry = f"  {handle}: {{name: {quote_flow(person.name)}, email: {quote_flow(person.email)}}}"
    return _with_person(text, entry).encode()


def _with_line(text: str, key: str, value: str) -> str:
    """The top-level line of ``key`` with another value (its comment stays), or a new last
    line."""
    line = re.compile(rf"^{key}:[^\n#]*?(?=[ \t]*(?:#[^\n]*)?$)", re.MULTILINE)
    changed, count = line.subn(lambda _: f"{key}: {value}", text, count=1)
    return changed if count else f"{text.rstrip()}\n{key}: {value}\n"


def _with_person(text: str, entry: str) -> str:
    """``people:`` with one more at its end."""
    tree = compose(text)
    people = tree.get("people") if isinstance(tree, Map) else None
    if not isinstance(people, Map) or people.flow or not people.entries:
        return f"{text.rstrip()}\npeople:\n{entry}\n"
    lines = text.splitlines(keepends=True)
    _, last = people.entries[-1]
    end = last.end_line if last.end_column > 1 else last.end_line - 1
    indent = " " * (people.entries[0][0].column - 1)
    return "".join([*lines[:end], f"{indent}{entry.strip()}\n", *lines[end:]])


def handle_for(person: Author, workspace: Workspace) -> str:
    """A free handle: the first name, the whole name, the address, or the first name with a
    number."""
    words = re.findall(r"[a-z0-9]+", loose(person.name)) or ["user"]
    address = "".join(re.findall(r"[a-z0-9]+", loose(person.email.partition("@")[0])))
    taken: Collection[str] = {*workspace.people, *workspace.groups, *RESERVED_HANDLES}
    wishes = [words[0], "_".join(words), address, *(f"{words[0]}{n}" for n in range(2, 1000))]
    free: str = next(wish for wish in wishes if wish and wish not in taken)
    return free


def make_workspace(
    start: Beginning, files: Files, git: Git, message: str, moment: datetime
) -> Made:
    """Write the files and commit them. Raises Refused, Unwritable, Blocked with nothing left
    behind."""
    kept = tuple(p for p in start.content if p in _POLITE and files.stat(p) is not None)
    content = {p: d for p, d in start.content.items() if p not in kept}
    taken = next((p for p in content if files.stat(p) is not None), None)
    if taken is not None:
        raise Refused("cli.init.taken", path=taken)
    before = files.folders()
    written: list[tuple[str, bytes, bytes | None]] = []
    try:
        for path, data in {**start.local, **content}.items():
            old = files.read(path)
            if old != data:
                files.write(path, data, old)
                written.append((path, data, old))
        commit = git.commit(content, f"{message}\n", _author(git, moment), git.head())
    except BaseException:
        _take_back(written, before, files)
        raise
    return Made(commit, kept)


def _author(git: Git, moment: datetime) -> Author:
    identity = git.identity()
    if identity is None:
        return Author("bluefs", "bluefs@localhost", moment)
    return replace(identity, at=moment)


def _take_back(
    written: list[tuple[str, bytes, bytes | None]], before: Collection[str], files: Files
) -> None:
    for path, data, old in reversed(written):
        with suppress(BluefsError):
            if old is None:
                files.delete(path, data)
            else:
                files.write(path, old, data)
    for folder in sorted({*files.folders()} - {*before}, reverse=True):
        files.remove_folder(folder)
