"""Which of the records that hold the words comes first.

Owns the order of a search: what stands in the title before what stands in the text, and that
before comments; a whole word before a part of one; among equals the records' own order. So the
order tells where the words are, and the same words give the same order tomorrow: nothing here
counts how often or how rare they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bluefs.core.hints import Final
from bluefs.core.model import Record
from bluefs.core.query.folding import needle
from bluefs.core.query.tree import And, Or, Search, Tree

#: Characters that make a word longer, in the brackets of a pattern (SQLite's GLOB reads it too):
#: letters, digits and all that is not ASCII.
WORD: Final = "a-z0-9_\x80-\U0010ffff"
#: Nowhere: the words of another side of an ``or``.
NOWHERE: Final = 6
_LONGEST = 200  # characters: nobody looks for a longer word


def needles_of(tree: Tree) -> tuple[str, ...]:
    """What the query's words look for, in their order, without what must not be there."""
    return tuple(dict.fromkeys(found for found in _searched(tree) if 0 < len(found) <= _LONGEST))


def _searched(tree: Tree) -> list[str]:
    if isinstance(tree, Search):
        return [needle(tree.text)]
    if isinstance(tree, (And, Or)):
        return [found for part in tree.parts for found in _searched(part)]
    return []


@lru_cache(maxsize=256)
def _word(wanted: str) -> re.Pattern[str]:
    return re.compile(f"(?<![{WORD}]){re.escape(wanted)}(?![{WORD}])")


def rank(record: Record, needles: tuple[str, ...]) -> int:
    """The sum, over the needles, of where each is best found: 0 as a word of the title, 1 as a
    part of one, 2 and 3 in the text, 4 and 5 in the comments (who wrote them and when, too), 6
    nowhere."""
    rest = [needle(comment.text) for comment in record.comments]
    places = ([needle(record.title)], [needle(prose(record))], [needle(record.body), *rest])
    return sum(_level(wanted, places) for wanted in needles)


def prose(record: Record) -> str:
    """The body without its comments."""
    if not record.comments:
        return record.body
    from bluefs.core.codec.body import uncommented

    return uncommented(record.body)


def _level(wanted: str, places: tuple[list[str], ...]) -> int:
    for level, forms in enumerate(places):
        if any(wanted in form for form in forms):
            return 2 * level + (not any(_word(wanted).search(form) for form in forms))
    return NOWHERE
