"""Names of days, months and units, English and French, and how typed words are folded.

Our own small table: babel takes some 50 ms to import, and a list shows hundreds of dates.
The abbreviations are those of CLDR 45.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from bluefs.core.patterns import pattern

#: Monday first, as ``date.weekday()`` counts.
SHORT_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
}
SHORT_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "fr": [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ],
}

_DAYS = {
    "en": (
        "mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday",
        "fri friday", "sat saturday", "sun sunday",
    ),
    "fr": (
        "lun lundi", "mar mardi", "mer mercredi", "jeu jeudi", "ven vendredi", "sam samedi",
        "dim dimanche",
    ),
}  # fmt: skip
_MONTHS = {
    "en": (
        "jan january", "feb february", "mar march", "apr april", "may", "jun june",
        "jul july", "aug august", "sep sept september", "oct october", "nov november",
        "dec december",
    ),
    "fr": (
        "jan janv janvier", "fev fevr fevrier", "mars", "avr avril", "mai", "juin",
        "juil juillet", "aout", "sep sept septembre", "oct octobre", "nov novembre",
        "dec decembre",
    ),
}  # fmt: skip

#: unit word -> (months, days, minutes) of one.
_UNITS: dict[str, dict[str, tuple[int, int, int]]] = {
    "en": {
        **dict.fromkeys(("min", "mins", "minute", "minutes"), (0, 0, 1)),
        **dict.fromkeys(("h", "hour", "hours"), (0, 0, 60)),
        **dict.fromkeys(("d", "day", "days"), (0, 1, 0)),
        **dict.fromkeys(("w", "week", "weeks"), (0, 7, 0)),
        **dict.fromkeys(("m", "month", "months"), (1, 0, 0)),
        **dict.fromkeys(("y", "year", "years"), (12, 0, 0)),
    },
    "fr": {
        **dict.fromkeys(("mn", "min", "minute", "minutes"), (0, 0, 1)),
        **dict.fromkeys(("h", "heure", "heures"), (0, 0, 60)),
        **dict.fromkeys(("j", "jour", "jours"), (0, 1, 0)),
        **dict.fromkeys(("sem", "semaine", "semaines"), (0, 7, 0)),
        "mois": (1, 0, 0),
        **dict.fromkeys(("an", "ans", "annee", "annees"), (12, 0, 0)),
    },
}

#: phrase -> days from today.
_NEAR = {
    "en": {
        "today": 0, "tomorrow": 1, "yesterday": -1,
        "day after tomorrow": 2, "the day after tomorrow": 2,
        "day before yesterday": -2, "the day before yesterday": -2,
    },
    "fr": {
        "aujourd'hui": 0, "aujourdhui": 0, "demain": 1, "hier": -1,
        "apres-demain": 2, "apres demain": 2, "avant-hier": -2, "avant hier": -2,
    },
}  # fmt: skip

#: phrase -> name of a day that the calendar gives (see ``days``).
_CALENDAR = {
    "en": {
        "next week": "week", "next month": "month", "next year": "year",
        "eow": "eow", "end of week": "eow", "end of the week": "eow",
        "eom": "eom", "end of month": "eom", "end of the month": "eom",
        "eoy": "eoy", "end of year": "eoy", "end of the year": "eoy",
        "weekend": "weekend", "this weekend": "weekend",
    },
    "fr": {
        "semaine prochaine": "week", "la semaine prochaine": "week",
        "mois prochain": "month", "le mois prochain": "month",
        "annee prochaine": "year", "l'annee prochaine": "year", "l'an prochain": "year",
        "fin de semaine": "eow", "fin de la semaine": "eow",
        "fin de mois": "eom", "fin du mois": "eom",
        "fin d'annee": "eoy", "fin de l'annee": "eoy",
        "week-end": "weekend", "ce week-end": "weekend", "ce weekend": "weekend",
    },
}  # fmt: skip

#: phrase -> (unit, how many of them from the present one).
_PERIODS = {
    "en": {
        f"{word} {unit}": (unit, away)
        for unit in ("week", "month", "year", "weekend")
        for word, away in (("this", 0), ("last", -1), ("next", 1))
    },
    "fr": {
        **dict.fromkeys(("cette semaine", "cette semaine-ci"), ("week", 0)),
        **dict.fromkeys(("ce mois", "ce mois-ci"), ("month", 0)),
        **dict.fromkeys(("cette annee", "cette annee-ci"), ("year", 0)),
        **dict.fromkeys(("ce week-end", "ce weekend"), ("weekend", 0)),
        **{
            f"{article}{noun} {word}": (unit, away)
            for unit, noun, articles, words in (
                ("week", "semaine", ("", "la "), ("derniere", "passee", "prochaine")),
                ("month", "mois", ("", "le "), ("dernier", "passe", "prochain")),
                ("year", "annee", ("", "l'"), ("derniere", "passee", "prochaine")),
                ("year", "an", ("", "l'"), ("dernier", "passe", "prochain")),
                ("weekend", "week-end", ("", "le "), ("dernier", "passe", "prochain")),
                ("weekend", "weekend", ("", "le "), ("dernier", "passe", "prochain")),
            )
            for article in articles
            for word, away in zip(words, (-1, -1, 1), strict=True)
        },
    },
}

Languages = tuple[str, ...]


def _numbered(table: Mapping[str, tuple[str, ...]], languages: Languages) -> dict[str, int]:
    found: dict[str, int] = {}
    for language in languages:
        for number, words in enumerate(table.get(language, ())):
            for word in words.split():
                found.setdefault(word, number)
    return found


def weekdays(languages: Languages) -> dict[str, int]:
    """Folded name -> 0 (Monday) .. 6."""
    return _numbered(_DAYS, languages)


def months(languages: Languages) -> dict[str, int]:
    """Folded name -> 1 .. 12. ``mar`` is March here and Tuesday among the weekdays: a month
    stands beside a number, a weekday does not."""
    return {word: number + 1 for word, number in _numbered(_MONTHS, languages).items()}


def units(languages: Languages) -> dict[str, tuple[int, int, int]]:
    """Folded unit -> (months, days, minutes)."""
    return {w: u for lang in reversed(languages) for w, u in _UNITS.get(lang, {}).items()}


def near_days(languages: Languages) -> dict[str, int]:
    """Folded phrase -> days from today."""
    return {w: n for lang in reversed(languages) for w, n in _NEAR.get(lang, {}).items()}


def calendar_days(languages: Languages) -> dict[str, str]:
    """Folded phrase -> ``week month year eow eom eoy weekend``."""
    return {w: n for lang in reversed(languages) for w, n in _CALENDAR.get(lang, {}).items()}


def periods(languages: Languages) -> dict[str, tuple[str, int]]:
    """Folded phrase -> (``week month year weekend``, how many from the present one)."""
    return {w: n for lang in reversed(languages) for w, n in _PERIODS.get(lang, {}).items()}


def begins_phrase(text: str) -> bool:
    """Whether it is the first word of what takes several: ``this``, ``next``, ``cette``."""
    word = fold_words(text)
    phrases = (p for table in (_NEAR, _CALENDAR, _PERIODS) for own in table.values() for p in own)
    return bool(word) and any(phrase.startswith(f"{word} ") for phrase in phrases)


_ABBREVIATED = pattern(r"(?<=[^\W\d_])\.(?= |$)")
_GAPS = pattern(r"[\s,]+")


def fold_words(text: str) -> str:
    """Case, accents, typographic apostrophes, the points of abbreviations, commas and double
    spaces do not count in what a person types."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = _GAPS.sub(" ", bare.casefold().replace("\u2019", "'").replace("\u2212", "-"))
    return _ABBREVIATED.sub("", plain.strip())
