"""`check --since`: what changed between two moments, held against what no single state shows.

Owns which two moments: the last commit that REV and HEAD have in common, so that what others did
on REV since is held against nobody, and the workspace as it is looked at now. Who made the
changes, and whether they might, is ``app.authors``. Refuses to guess where the history that it
needs is not here.
"""

from __future__ import annotations

from bluefs.app.authors import Authors
from bluefs.app.docs import declared_folders, folders_of, is_record
from bluefs.app.steps import Settings, Tree, doc, docs, paired
from bluefs.core.checks.changes import Change, Comparison, check_changes
from bluefs.core.checks.examine import Examination, Sources
from bluefs.core.config.places import place_of_key
from bluefs.core.errors import Refused
from bluefs.core.identity import renamed_lists
from bluefs.core.matching import finder
from bluefs.core.model import Config
from bluefs.core.ports import Git
from bluefs.core.problems import Problem


def base_of(git: Git, rev: str, name: str) -> tuple[str, str]:
    """(the last commit in common, HEAD) for the commit ``rev``, which people call ``name``.
    Raises Refused where there is none, or the clone is too shallow to know."""
    head = git.head()
    base = git.merge_base(rev, head) if head is not None else None
    if base is None or head is None:
        raise Refused("changes.no_base", name=name)
    return base, head


def review(
    git: Git, between: tuple[str, str], found: Examination, sources: Sources
) -> list[Problem]:
    """Everything wrong with the changes since the first of two commits, up to the workspace that
    was examined; authors are held to account up to the second. Raises Refused, Blocked."""
    base, head = between
    settings = Settings(git)
    tree = git.tree(base)
    comparison = compare(git, tree, settings.of(tree), found, sources)
    authors = Authors(git, base, settings, comparison, sources)
    return [*check_changes(comparison), *authors.problems(git.between(base, head))]


def compare(
    git: Git, tree: Tree, before: Config, found: Examination, sources: Sources
) -> Comparison:
    """The workspace as ``tree`` had it (path -> blob), and as it was examined now."""
    survey = found.survey
    now = {path: git.hash_blob(data) for path, data in survey.data.items()}
    theirs = docs(git, ((p, b) for p, b in tree.items() if now.get(p) != b), before)
    ours = {
        p: doc(p, survey.data[p], survey.config) for p, b in now.items()
        if tree.get(p) != b and is_record(p, survey.config)
    }  # fmt: skip
    pairing, pairs = paired(theirs, ours)
    folders = folders_of(tree) | declared_folders(before)
    renamed = renamed_lists(pairing, folders, folders_of(survey.paths) | survey.folders)
    changes = (
        Change(old.record if old else None, new.record if new else None)
        for old, new in pairs
        if (new is None or new.usable) and (old is None or old.record is not None)
    )
    return Comparison(
        before,
        survey.config,
        tuple(changes),
        renamed,
        survey.data,
        finder(list(survey.filed())),
        lambda path, keys: place_of_key(sources.settings.get(path, b""), keys),
    )
