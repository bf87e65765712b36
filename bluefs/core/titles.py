"""What a title may be that a command is given.

Owns the faults of a typed title. A title that stands in a file is data and never refused: this
keeps commands from making what nobody could type, say or see whole afterwards.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from bluefs.core.frozen import dataclass, field
from bluefs.core.model import EMPTY

#: Characters. A title stands in a table, a mail's subject and a commit's, and is the file's
#: name, which holds 255 bytes; what is longer is text for the body.
MOST = 255


@dataclass(frozen=True, slots=True)
class TitleFault:
    """A key of the catalogue (``cli.title.…``, each with a remedy) and its fields."""

    key: str
    fields: Mapping[str, object] = field(default_factory=lambda: EMPTY)


def title_fault(title: str) -> TitleFault | None:
    """What keeps this text from being a title, None where nothing does."""
    text = title.strip()
    if not text:
        return TitleFault("cli.title.empty")
    if len(text.splitlines()) > 1:
        return TitleFault("cli.title.line")
    if len(text) > MOST:
        return TitleFault("cli.title.long", {"count": len(text), "most": MOST})
    if all(map(_is_picture, text)):
        return TitleFault("cli.title.emoji", {"title": text[:40]})
    return None


def _is_picture(character: str) -> bool:
    """Emoji and other symbols that no keyboard has (So), and what colours, joins and encloses
    them: skin tones are Sk, variation selectors Mn, a keycap's frame Me, the joiner Cf, the
    letters of a flag's tag Cf. Unicode, Standard Annex 44, "General Category Values"."""
    category = unicodedata.category(character)
    return category in ("So", "Sk") or category[0] in "CMZ"
