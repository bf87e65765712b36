"""What to say below a list that found nothing: what its words may have meant.

A new person types ``bluefs list bug`` or ``bluefs list overdue``: words without a key search the
text, although a tag, a list, a person or a state goes by that name. Imported only when nothing was
found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bluefs.core.fields.tags import fold_tag
from bluefs.core.matching import match_list, match_person, nearest
from bluefs.core.model import Config, Project
from bluefs.core.query import Query
from bluefs.core.query.comparing import operand_text
from bluefs.core.query.names import subject_of
from bluefs.core.query.tree import IS_WORDS, Compare, Search, Text, leaves, render_value
from bluefs.core.synonyms import state_for
from bluefs.core.words import say

#: Characters of a list's or a person's name that remind of it: ``in`` is a word of its own.
_LEAST = 3


def hint(query: Query, config: Config, projects: Sequence[Project]) -> str | None:
    """One line with the query that was perhaps meant, None where no word reminds of one."""
    found = list(leaves(query.tree))
    for leaf in found:
        if isinstance(leaf, Compare) and _asks_tag(leaf, projects):
            near = _near_tag(operand_text(leaf.operand), projects)
            if near is not None:
                return say("screens.list.none.tag", tag=operand_text(leaf.operand), near=near)
    words = [leaf.text for leaf in found if isinstance(leaf, Search)]
    meant = [next(_meanings(word, config, projects), None) for word in words]
    terms = [term for term in meant if term is not None]
    return say("screens.list.none.key", terms=" ".join(terms)) if terms else None


def _asks_tag(leaf: Compare, projects: Sequence[Project]) -> bool:
    if not isinstance(leaf.operand, Text) or "*" in leaf.operand.text:
        return False
    subjects = (subject_of(leaf.key, project) for project in projects)
    return any(s is not None and s.key == "tags" and s.field is None for s in subjects)


def _near_tag(text: str, projects: Sequence[Project]) -> str | None:
    tags = [tag for project in projects for tag in project.tags]
    if any(fold_tag(tag) == fold_tag(text) for tag in tags):
        return None
    return nearest(text, tags)


def _meanings(word: str, config: Config, projects: Sequence[Project]) -> Iterator[str]:
    """``tag:Bug`` for ``bug`` and ``#bug``: what goes by exactly this name."""
    bare = word.strip().lstrip("#@")
    for project in projects:
        for tag in project.tags:
            if fold_tag(tag) == fold_tag(bare):
                yield f"tag:{render_value(tag)}"
    state = IS_WORDS.get(bare.casefold()) or state_for(bare)
    if state is not None:
        yield f"is:{state}"
    if len(bare) < _LEAST:
        return
    for project in projects:
        for one in match_list(bare, project):
            yield f"list:{render_value(one.key)}"
    people = match_person(bare, config.workspace)
    if len(people) == 1:
        yield f"assignee:{people[0].handle}"
