"""When two texts are the same to a person: case, accents and runs of spaces do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bluefs.core.patterns import pattern

_GAPS = pattern(r"\s+")


@lru_cache(maxsize=8192)
def fold_text(text: str) -> str:
    """The text without case, accents, compatibility forms and doubled spaces (Unicode's
    NFKD and case folding)."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return _GAPS.sub(" ", unicodedata.normalize("NFKC", bare).casefold()).strip()


@lru_cache(maxsize=512)
def _glob(operand: str) -> re.Pattern[str]:
    parts = (re.escape(fold_text(part)) for part in operand.split("*"))
    return re.compile(".*".join(parts), re.DOTALL)


def is_like(text: str, operand: str) -> bool:
    """Whether a query's operand means this text: the same after folding, ``*`` standing for
    anything (``*offer*`` is *contains*)."""
    if "*" not in operand:
        return fold_text(text) == fold_text(operand)
    return _glob(operand).fullmatch(fold_text(text)) is not None
