"""The one place messages come from, and the language they are said in.

``say("query.expected", what="a value", column=5)`` looks the key up in the catalogue of the
language that is spoken and fills the ``{fields}``. Each area of the code has a file of its own
below each language, holding ``MESSAGES: dict[str, str]``; keys are ``area.what``. A plural
message has one key for each form that CLDR gives the language: ``key.one`` and ``key.other`` in
English, ``key.many`` besides in French.

The language is set once, at the edge: ``cli.main`` says ``with speaking(code):`` around the
whole command, and whatever words a message below it speaks that language. Only words depend on
it, never what is decided. Values of a record are worded in the language of its project, which
their code passes by name (``language=setting.language``). Decision 8 says what is translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module

from bluefs.core.words.plurals import category

AREAS = (
    "problems", "reading", "values", "computed", "dates", "config", "query", "rules", "checks", "errors", "engine",
    "git", "cli", "screens", "live", "demo", "index", "help", "click", "init", "refusals",
    "writing", "renaming", "looking", "manual", "reports", "changes", "codes",
)  # fmt: skip
#: Those with a catalogue, the one that stands in for all others first.
LANGUAGES = ("en", "fr")

_spoken: ContextVar[str] = ContextVar("bluefs_language", default=LANGUAGES[0])


@cache
def known(code: str) -> str | None:
    """The catalogue for a language code (``fr``, ``fr_CA``, ``fr-FR.UTF-8``), None without
    one."""
    short = code.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return short if short in LANGUAGES else None


def spoken() -> str:
    """The language of ``LANGUAGES`` that messages are said in now."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Messages are said in this language inside the block; English where we have no catalogue
    for it. A thread begins in English, whatever is spoken around it."""
    token = _spoken.set(known(code) or LANGUAGES[0])
    try:
        yield
    finally:
        _spoken.reset(token)


def _catalogue(language: str | None) -> str:
    return _spoken.get() if language is None else known(language) or LANGUAGES[0]


@cache
def _area(area: str, language: str) -> dict[str, str]:
    try:
        module = import_module(f"bluefs.core.words.{language}.{area}")
    except ModuleNotFoundError:
        return {}
    messages: dict[str, str] = module.MESSAGES
    return messages


def raw(key: str, /, *, language: str | None = None) -> str:
    """The message as it stands in the catalogue, its fields not filled in. Raises KeyError for
    an unknown key (a bug: a test looks every key up)."""
    return _area(key.partition(".")[0], _catalogue(language))[key]


def say(key: str, /, *, language: str | None = None, **fields: object) -> str:
    """The message of this key, its fields filled in, in ``language`` or in the one spoken.
    Raises KeyError for an unknown key."""
    return raw(key, language=language).format(**fields)


def fill(key: str, fields: Mapping[str, object], language: str | None = None) -> str:
    """``say`` with the fields in a map, as errors carry them."""
    return raw(key, language=language).format(**fields)


def has(key: str, /, *, language: str | None = None) -> bool:
    return key in _area(key.partition(".")[0], _catalogue(language))


def plural(key: str, count: int, /, *, language: str | None = None, **fields: object) -> str:
    """``key.one``, ``key.other``, … by CLDR's rule for the language. ``{count}`` is the number
    as the language groups it (``1,204``)."""
    text = plural_raw(key, count, language=language)
    return text.format(count=grouped(count, language), **fields)


def plural_raw(key: str, count: int, /, *, language: str | None = None) -> str:
    """``plural`` with no field filled in."""
    catalogue = _catalogue(language)
    return raw(f"{key}.{category(count, catalogue)}", language=catalogue)


#: What stands between thousands: a comma, a narrow no-break space.
GROUP = {"en": ",", "fr": "\u202f"}


def grouped(count: int, language: str | None = None) -> str:
    """A whole number with its thousands apart, as the language does it."""
    return f"{count:,}".replace(",", GROUP[_catalogue(language)])
