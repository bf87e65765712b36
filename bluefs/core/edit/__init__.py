"""Edits that keep bytes: a file in, the same file with only what was asked changed, out.

``apply_changes``, ``put_noted``, ``add_items`` and ``remove_items`` edit front matter, ``append_comment``
adds to the body, ``quote`` writes a text so that every YAML reader reads that text. All are
pure; what cannot be edited safely raises EditRefused and nothing is written.
"""

from bluefs.core.edit.body import append_comment
from bluefs.core.edit.changes import add_items, apply_changes, put_noted, remove_items
from bluefs.core.edit.refused import EditRefused
from bluefs.core.quoting import quote

__all__ = [
    "EditRefused", "add_items", "append_comment", "apply_changes", "put_noted", "quote",
    "remove_items",
]  # fmt: skip
