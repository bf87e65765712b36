"""Codes as people type them: one by its number, or many by their beginning.

``BF203``, ``bf203`` and ``203`` are one; ``BF2`` means every code that begins so. A word that
means none is refused with the nearest codes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bluefs.core.codes.catalogue import all_codes
from bluefs.core.errors import Refused
from bluefs.core.problems import Code, Problem

#: Codes whose numbers are at most so far apart are near to each other.
_NEAR = 10


def one_code(text: str) -> Code:
    """The code of this number. Raises Refused naming the nearest."""
    found = all_codes().get(_spelt(text))
    if found is None:
        raise _refusal(text)
    return found


def wanting(select: Sequence[str], ignore: Sequence[str]) -> Callable[[Problem], bool]:
    """Whether a Problem is among those selected (all, where nothing is), and not ignored. Each
    text may hold several codes or beginnings with commas between them. Raises Refused."""
    if not (select or ignore):
        return lambda _: True
    wanted, unwanted = _codes(select), _codes(ignore)
    if not select:
        wanted = frozenset(all_codes())
    kept = wanted - unwanted
    return lambda problem: problem.code.code in kept


def _codes(texts: Sequence[str]) -> frozenset[str]:
    words = [word for text in texts for word in text.split(",") if word.strip()]
    return frozenset(code for word in words for code in _beginning(word))


def _beginning(word: str) -> list[str]:
    found = [code for code in all_codes() if code.startswith(_spelt(word))]
    if not found or _spelt(word) == "BF":
        raise _refusal(word)
    return found


def _spelt(text: str) -> str:
    word = text.strip().upper()
    return word if word.startswith("BF") else f"BF{word}"


def _refusal(text: str) -> Refused:
    codes = all_codes()
    digits = "".join(c for c in text if c in "0123456789")[:9]
    near = [code for code in codes if digits and _distance(code, digits) <= _NEAR]
    near.sort(key=lambda code: (_distance(code, digits), code))
    if not near:
        return Refused("manual.no_code", text=text.strip())
    names = ", ".join(f"{code} ({codes[code].title})" for code in near[:3])
    return Refused("manual.no_code.near", text=text.strip(), near=names)


def _distance(code: str, digits: str) -> int:
    return abs(int(code.removeprefix("BF")) - int(digits))
