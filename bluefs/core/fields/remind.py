"""The built-in key ``remind``."""

from __future__ import annotations

from bluefs.core.fields.setlike import TextSet


class Remind(TextSet):
    """When to be reminded, as somebody wrote it: ``[1 day before due]``. Kept as text; what it
    means is for the part that reminds."""

    word = "remind"
    built_in = True


KIND = Remind()
