"""The form of a sound front matter, as one regular expression over the whole of it.

Owns that expression: any order of a project's keys, each once, of which some have a plain value
that their kind vouches for (``Kind.sure``) and the others any text, to be looked up among those
that have been read before. It costs some milliseconds to compile, so it is for who has hundreds of
files. Refuses to judge: what does not match may be sound all the same (`codec.sure`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from bluefs.core.frozen import dataclass
from bluefs.core.plain import TAIL, WORDS

#: Ten characters as bluefs writes them (`core.identity`).
ID = "[a-z][0-9a-z]{9}"
#: Lines that say nothing.
_GAP = rf"#{WORDS}\n|\n"
GAP = f"(?:{_GAP})*"
#: Behind a value: hardly ever more than the end of its line.
_END = rf"(?:\n|{TAIL}\n)"
#: Whatever goes on behind a first line: up to a line that begins with a letter, or the end.
_MORE = r"[^\n]*(?:\n(?![A-Za-z_]|---\n)[^\n]*)*"


@dataclass(frozen=True, slots=True)
class Form:
    """``pattern`` matches behind the opening marker, up to the closing one where all is sure: it
    does not ask for that, or it would try every other way there. Its group ``id`` is the id.
    ``marks`` are the groups that are set where a key is there, in the order of ``keys``;
    ``texts`` those of what stands behind the ``starts`` (``key:``) of entries that have to be
    known."""

    pattern: re.Pattern[str]
    keys: tuple[str, ...]
    marks: tuple[int, ...]
    starts: tuple[str, ...]
    texts: tuple[int, ...]
    id: int


def form_of(sure: Mapping[str, str | None]) -> Form:
    """``sure`` are the expressions of plain values by key, None where each is looked up. Keys
    with the same values share them: to compile one twice is dear."""
    known, plain = [_GAP], []
    keys: list[str] = []
    marks, texts = [], []
    id = group = 0
    for (value, is_id), alike in groupby(sorted(sure.items(), key=_class), key=_class):
        starts = []
        for key, _ in alike:
            # An empty group marks that the key is there; once it is set, the branch is closed.
            # (Each branch begins with letters, by which most are passed over.)
            keys.append(key)
            marks.append(group := group + 1)
            starts.append(rf"{key}:(?({group})(?!))()")
            if not value:
                texts.append(group := group + 1)
                known.append(rf"{starts[-1]}({_MORE})\n")
            elif is_id:
                id = group = group + 1
        if value:
            start = starts[0] if len(starts) == 1 else f"(?:{'|'.join(starts)})"
            plain.append(rf"{start} +({value})" if is_id else rf"{start} +(?:{value})")
    known.append(rf"(?:{'|'.join(plain)}){_END}")
    return Form(
        re.compile(rf"(?:{'|'.join(known)})+"), tuple(keys), tuple(marks),
        tuple(f"{key}:" for key in keys if sure[key] is None), tuple(texts), id,
    )  # fmt: skip


def _class(item: tuple[str, str | None]) -> tuple[str, bool]:
    return item[1] or "", item[0] == "id"
