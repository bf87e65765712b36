"""Telephone numbers: what is one, and how one is shown.

Owns the use of phonenumbers, the extra ``phone``, which is imported when a number is first read
(90 ms). Without it a number is held to its general form alone (ITU-T E.164: ``+``, a country's
code, 15 digits at most), and ``IS_FULL`` says that. Refuses extensions: they are no number.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec

from bluefs.core.frozen import dataclass
from bluefs.core.hints import Any, Literal
from bluefs.core.patterns import pattern

E164 = pattern(r"\+[1-9][0-9]{6,14}")
#: What people put between digits, and ``tel:`` before them.
_DECORATION = pattern(r"(?i)^tel:|[\s\u00a0\u202f.\-–/()]+")
_TRUNK = pattern(r"\(0\)")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is stored. ``standing``: ``valid`` is in use in its country as far as is
    known, ``possible`` has a form that the country allows, ``unknown`` was not looked up."""

    number: str
    standing: Literal["valid", "possible", "unknown"]


@cache
def is_full() -> bool:
    """Whether numbers are checked for their country."""
    return find_spec("phonenumbers") is not None


def _library() -> Any:
    import phonenumbers

    return phonenumbers


@lru_cache(maxsize=65536)
def read_phone(text: str, region: str | None = None) -> Phone | None:
    """The number that a person means: in any spelling, for ``region`` also without its prefix.
    None where it is no number, or of a length that its country does not have."""
    tidy = text.strip()
    if not 3 < len(tidy) <= 60:
        return None
    if not is_full():
        bare = _DECORATION.sub("", _TRUNK.sub("", tidy))
        bare = f"+{bare[2:]}" if bare.startswith("00") else bare
        return Phone(bare, "unknown") if E164.fullmatch(bare) else None
    library = _library()
    try:
        number = library.parse(tidy, region)
    except library.NumberParseException:
        return None
    if number.extension or not library.is_possible_number(number):
        return None
    form = library.format_number(number, library.PhoneNumberFormat.E164)
    if not E164.fullmatch(form):
        return None
    return Phone(form, "valid" if library.is_valid_number(number) else "possible")


@lru_cache(maxsize=4096)
def show_phone(number: str, region: str | None = None) -> str:
    """A stored number as it is dialled: in ``region`` the country's own way, from elsewhere
    with its prefix; as it stands where numbers are not looked up."""
    if not is_full():
        return number
    library = _library()
    try:
        parsed = library.parse(number, None)
    except library.NumberParseException:
        return number
    own = region is not None and library.region_code_for_number(parsed) == region
    form = library.PhoneNumberFormat
    return str(library.format_number(parsed, form.NATIONAL if own else form.INTERNATIONAL))
