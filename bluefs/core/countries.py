"""Countries: which exist, what people call them, how one is named in a language.

Owns the codes of ISO 3166-1 and the reading of names. English and French names come from a table
of our own (``country_table``), any other language's by babel, which takes some 50 ms to import.
Refuses what is no country of the standard: regions, unions, former countries.
"""

from __future__ import annotations

from functools import cache, lru_cache

from bluefs.core.country_table import TABLE
from bluefs.core.fields.folding import fold_text

#: What people write for a code that the standard does not have.
_ALSO = {
    "uk": "GB", "great britain": "GB", "england": "GB", "grande-bretagne": "GB", "el": "GR",
    "america": "US", "united states of america": "US", "holland": "NL", "hollande": "NL",
    "turkey": "TR", "czech republic": "CZ", "republique tcheque": "CZ", "ivory coast": "CI",
}  # fmt: skip


@cache
def _rows() -> dict[str, tuple[str, str, str]]:
    """Code -> (code of three letters, English name, French name)."""
    rows = {}
    for line in TABLE.splitlines():
        english, _, french = line[7:].partition("|")
        rows[line[:2]] = (line[3:6], english, french)
    return rows


@cache
def country_codes() -> tuple[str, ...]:
    """Every code of two letters, in order."""
    return tuple(_rows())


def is_country(code: str) -> bool:
    return code in _rows()


@lru_cache(maxsize=1024)
def country_name(code: str, language: str) -> str:
    """The country in the language's words (CLDR); the code itself where it has no name."""
    row = _rows().get(code)
    if row is not None and language in ("en", "fr"):
        return row[1] if language == "en" else row[2]
    from babel.core import Locale, UnknownLocaleError

    otherwise = row[1] if row is not None else code
    try:
        names = Locale.parse(language.replace("_", "-"), sep="-").territories
    except (UnknownLocaleError, ValueError, TypeError):
        return otherwise
    return str(names.get(code) or otherwise)


@cache
def _meanings(language: str) -> dict[str, str]:
    """Folded name or code -> code."""
    found = {fold_text(name): code for name, code in _ALSO.items()}
    for code, (three, english, french) in _rows().items():
        for name in (code, three, english, french, country_name(code, language)):
            found[fold_text(name)] = code
            found.setdefault(fold_text(name.replace("&", "and")), code)
    return found


def country_meant(text: str, language: str = "en") -> str | None:
    """The code of the country that a person means by its code in any case, that of three
    letters, or its name in English, French or ``language``; None for anything else."""
    return _meanings(language).get(fold_text(text))


@lru_cache(maxsize=256)
def country_near(text: str, language: str = "en") -> str | None:
    """The code of the country whose name is most like a mistyped one, None if none is near."""
    from difflib import get_close_matches

    known = _meanings(language)
    names = [name for name in known if len(name) > 3]
    found = get_close_matches(fold_text(text)[:60], names, 1, 0.8)
    return known[found[0]] if found else None
