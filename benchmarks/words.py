"""The text of made-up records: words, names and sentences out of a seed.

The words are invented, so that no product can be tuned to them: another seed, another language.
They come as often as words do (the n-th most common one n times more rarely than the first), and
some have accents.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_STARTS = (
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
    "v",
    "z",
)
_VOWELS = (*"aeiouaeiouaeiou", "é", "ö", "ou", "ea")
_ENDS = ("", "", "", "n", "r", "s", "t", "l", "m", "rd", "nt", "ck")

_WORDS = 3000
_SENTENCES = 4000


@dataclass(frozen=True, slots=True)
class Words:
    """What the texts of one workspace are made of. ``rare`` is a word that stands in roughly
    one record of a hundred: what the search row looks for."""

    sentences: tuple[str, ...]
    names: tuple[str, ...]
    rare: str

    @classmethod
    def of(cls, seed: int) -> Words:
        rng = Random(f"words {seed}")
        known = list(dict.fromkeys(_word(rng) for _ in range(_WORDS)))
        weights = [1 / (rank + 2) for rank in range(len(known))]
        sentences = [
            " ".join(rng.choices(known, weights, k=rng.randint(5, 13))).capitalize() + "."
            for _ in range(_SENTENCES)
        ]
        rare = _word(rng) + "arquel"
        for at in range(0, _SENTENCES, 400):  # 10 of 4,000 sentences, four to a record
            sentences[at] = f"{sentences[at][:-1]} {rare}."
        names = tuple(word.capitalize() for word in known if len(word) > 4)
        return cls(tuple(sentences), names, rare)


def _word(rng: Random) -> str:
    parts = rng.choice((1, 2, 2, 2, 3, 3, 4))
    syllables = (rng.choice(_STARTS) + rng.choice(_VOWELS) for _ in range(parts))
    return "".join(syllables) + rng.choice(_ENDS)
