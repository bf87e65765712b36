"""The one way an edit fails: with nothing written and a reason that has fields."""

from __future__ import annotations

from bluefs.core.errors import BluefsError


class EditRefused(BluefsError):
    """The file cannot be edited so that only what was asked changes.

    ``key`` is one of ``errors.edit.*``; ``fields`` hold what its message names (``line`` and
    ``column`` count from 1 in the file, ``name`` is the front matter key concerned).
    """
