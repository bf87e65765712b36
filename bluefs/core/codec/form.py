"""The form of a sound front matter, as one regular expression that finds its entries.

Owns that expression: a project's keys, of which some have a plain value that their kind vouches for
(``Kind.sure``) and the others any text, to be looked up among those that have been read before. It
costs some milliseconds to compile, so it is for who has hundreds of files. Refuses to judge: what
does not fit may be sound all the same (`codec.sure`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bluefs.core.plain import TAIL, WORDS

#: Ten characters as bluefs writes them (`core.identity`).
ID = "[a-z][0-9a-z]{9}"
#: A line that says nothing.
_GAP = f"#{WORDS}"
GAP = rf"(?:{_GAP}\n|\n)*"
#: Behind a value: hardly ever more than the end of its line.
_END = rf"(?:\n|{TAIL}\n)"
#: Whatever goes on behind a first line: up to a line that begins with a letter, or the end.
_MORE = r"[^\n]*(?:\n(?=[^A-Za-z_])[^\n]*)*"
_OTHER = rf"(?!id:)[A-Za-z_][^:\n]*:[^\n]{_MORE}"


def form_of(sure: Mapping[str, str | None]) -> re.Pattern[str]:
    """``findall`` of it, from the opening marker up to the closing one, gives for every line that
    begins something: ``key:`` of an entry whose value is sure, all of any other entry with a value,
    nothing of a line that says nothing, and one character of whatever else there is.

    ``sure`` are the expressions of plain values by key, None where each is looked up. (One match to
    an entry with one group is half as dear as one match of the whole with a group to each key: the
    engine keeps all groups aside at every step.)
    """
    kinds: dict[str, list[str]] = {}
    for key, value in sure.items():
        if key != "id":
            kinds.setdefault(value or "", []).append(key)
    lookups = "|".join(f"{key}:{_MORE}" for key in kinds.pop("", ["(?!)"]))
    plain = "|".join(rf"(?:{'|'.join(keys)}): +(?:{value})" for value, keys in kinds.items())
    # (The end of a line is dear to compile: it stands here twice and not with each kind.)
    entry = rf"{lookups}|id: +{ID}(?={_END})|(?=(?:{plain}){_END})[^:]*:|{_OTHER}|[^\n]"
    return re.compile(rf"(?:{_GAP}|({entry})[^\n]*|)\n")
