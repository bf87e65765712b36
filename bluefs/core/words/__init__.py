"""The one place messages come from.

``say("query.expected", what="a value", column=5)`` looks the key up in the catalogue of the
language (English so far) and fills the ``{fields}``. Each area of the code has a file of its
own here holding ``MESSAGES: dict[str, str]``; keys are ``area.what``. ``plural`` messages have
``key.one`` and ``key.other``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

AREAS = (
    "problems", "values", "dates", "config", "query", "rules", "checks", "errors", "engine",
    "git", "mail", "cli", "screens", "live", "demo",
    "writing", "renaming", "reading", "manual",
)  # fmt: skip


@cache
def _area(area: str, language: str) -> dict[str, str]:
    try:
        module = import_module(f"bluefs.core.words.{language}.{area}")
    except ModuleNotFoundError:
        return {} if language == "en" else _area(area, "en")
    messages: dict[str, str] = module.MESSAGES
    return messages


def say(key: str, /, *, language: str = "en", **fields: object) -> str:
    """The message of this key, its fields filled in. Raises KeyError for an unknown key (a
    bug: a test looks every key up)."""
    return fill(key, fields, language)


def fill(key: str, fields: Mapping[str, object], language: str = "en") -> str:
    """``say`` with the fields in a map, as errors carry them."""
    return _area(key.partition(".")[0], language)[key].format(**fields)


def has(key: str, /, *, language: str = "en") -> bool:
    return key in _area(key.partition(".")[0], language)


def plural(key: str, count: int, /, *, language: str = "en", **fields: object) -> str:
    """``key.one`` or ``key.other`` by CLDR's rule for the language (English and French)."""
    one = count == 1 if language == "en" else abs(count) < 2
    return say(f"{key}.{'one' if one else 'other'}", language=language, count=count, **fields)
