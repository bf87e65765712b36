"""Every code there is, for ``bluefs explain`` and the docs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from bluefs.core.problems import Code

_PARTS = ("format", "values", "config", "query", "workspace", "changes")


def all_codes() -> Mapping[str, Code]:
    """code -> Code, by number."""
    found = [
        code
        for part in _PARTS
        for code in vars(import_module(f"bluefs.core.codes.{part}")).values()
        if isinstance(code, Code)
    ]
    return {code.code: code for code in sorted(found, key=lambda code: code.code)}
