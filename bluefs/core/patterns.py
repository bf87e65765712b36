"""Regular expressions that are compiled when they are first used.

Compiling costs from a tenth of a millisecond to two, a module holds three of them, and a command
uses hardly one of ten.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr


class _Late:
    """Stands for a ``re.Pattern``; each method is looked up in it once."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, which a mistake in it reaches only when it is used."""
    return _Late(text, flags)  # type: ignore[return-value]
