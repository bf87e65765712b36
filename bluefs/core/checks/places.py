"""Checks of names and places: what is where, and whether every disk can hold its name.

Owns files, folders and lists. Which path means what is `core.layout`'s; this only says what is
wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import is_normalized

from bluefs.core.checks.survey import Survey, problem
from bluefs.core.codec.record import where
from bluefs.core.codes import workspace as codes
from bluefs.core.layout import check_name, collisions, in_doubt, nearest, nfc, place
from bluefs.core.model import Project
from bluefs.core.problems import Problem
from bluefs.core.words import fill, say


def list_folders(survey: Survey) -> list[tuple[str, Project]]:
    """Every list's folder with its project, sorted: those that hold records, and empty ones."""
    found: dict[str, Project] = {}
    for folder in survey.folders:
        at = place(f"{folder}/x.md", survey.config)
        if at.kind == "record" and at.project is not None:
            found[folder] = survey.config.projects[at.project]
    return sorted(found.items())


def check_names(survey: Survey) -> Iterator[Problem]:
    """Names of list folders and of records' files that not every disk can hold, and those in one
    folder that differ only in case or in the form of an accent."""
    paths = [*(folder for folder, _ in list_folders(survey)), *survey.files()]
    for parent, names in sorted(_by_parent(paths).items()):
        prefix = f"{parent}/" if parent else ""
        for name in in_doubt(names):
            fault = check_name(name)
            if fault is not None:
                message = fill(fault.key, fault.fields)
                yield Problem(codes.ODD_NAME, prefix + name, 1, 1, 1, message)
        for first, *others in collisions(names):
            for name in others:
                message = fill("checks.name.same", {"name": name, "other": first})
                yield Problem(codes.SAME_NAME, prefix + name, 1, 1, 1, message)


def _by_parent(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        parent, _, name = path.rpartition("/")
        found.setdefault(parent, []).append(name)
    return found


def check_name_forms(survey: Survey) -> Iterator[Problem]:
    """Decomposed names. Where the composed one is taken, the two collide and only a person
    can tell."""
    for old, new in renames(survey):
        yield problem(codes.NAME_FORM, old, "name_form", name=new.rpartition("/")[2])


def renames(survey: Survey) -> list[tuple[str, str]]:
    """(path, path with its last name composed) of decomposed files and list folders, the
    deepest first, where nothing has the composed name yet."""
    found: list[tuple[str, str]] = []
    paths = [*survey.files(), *(folder for folder, _ in list_folders(survey))]
    if is_normalized("NFC", "/".join(paths)):
        return found
    taken = survey.paths | survey.folders
    for path in paths:
        if is_normalized("NFC", path):
            continue
        parent, slash, name = path.rpartition("/")
        composed = f"{parent}{slash}{nfc(name)}"
        if composed != path and composed not in taken:
            found.append((path, composed))
    return found


def check_lists(survey: Survey) -> Iterator[Problem]:
    """Folders that project.yaml does not declare. Said once, at the folder."""
    for folder, project in list_folders(survey):
        key = nfc(folder.rpartition("/")[2])
        declared = project.lists.get(key)
        if declared is not None and declared.declared:
            continue
        names = [one.key for one in project.lists.values() if one.declared]
        near = nearest(key, names)
        yield problem(
            codes.UNDECLARED_LIST, folder, "list" if near is None else "list_near",
            severity="warning" if project.strict else None, name=key, near=near,
            project=project.name or project.key,
        )  # fmt: skip


def check_kept(survey: Survey) -> Iterator[Problem]:
    """Folders of lists with nothing in them, which no clone would have."""
    full = {path.rpartition("/")[0] for path in survey.paths}
    full |= {folder.rpartition("/")[0] for folder in survey.folders}
    for folder, _ in list_folders(survey):
        if folder not in full:
            yield problem(codes.UNKEPT, folder, "unkept")


def check_unfiled(survey: Survey) -> Iterator[Problem]:
    """Records in a project's root: documents that hold an id."""
    for record in survey.written():
        if record.list is None and record.id is not None:
            at = where(survey.data[record.path], "id")
            yield problem(codes.UNFILED, record.path, "unfiled", at)


def check_depth(survey: Survey) -> Iterator[Problem]:
    """``*.md`` files below a list."""
    for path in sorted(survey.paths - survey.sound.keys()):
        if path[-3:].lower() == ".md" and place(path, survey.config).kind == "too_deep":
            yield problem(codes.TOO_DEEP, path, "too_deep", list=_list_above(path, survey))


def check_links(survey: Survey) -> Iterator[Problem]:
    """Symbolic links where a record, a document, a list's folder or settings would stand."""
    for path in sorted(survey.links):
        kind = place(path, survey.config).kind
        named = kind in ("record", "document", "workspace", "project", "automations")
        if named or place(f"{path}/x.md", survey.config).kind == "record":
            message, hint = say("reading.link"), say("reading.link.hint")
            yield Problem(codes.LINK, path, 1, 1, 1, message, hint)


def _list_above(path: str, survey: Survey) -> str:
    at = place(path, survey.config)
    prefix = f"{at.project}/" if at.project else ""
    return prefix + path.removeprefix(prefix).split("/")[0]


def check_attachments(survey: Survey) -> Iterator[Problem]:
    """Folders below ``_files`` that no record's id names."""
    folders = sorted(folder for folder in survey.folders if "_files" in folder)
    owned = survey.owners() if folders else set()
    for folder in folders:
        at = place(f"{folder}/x", survey.config)
        parent, _, name = folder.rpartition("/")
        home = f"{at.project}/_files" if at.project else "_files"
        if at.kind == "attachment" and parent == home and (at.project, name) not in owned:
            yield problem(codes.ORPHAN_FILES, folder, "orphan", name=name)
