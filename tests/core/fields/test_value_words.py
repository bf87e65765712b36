"""The catalogue of values and dates, and the permanent codes: nothing missing, nothing idle."""

from __future__ import annotations

import re
from pathlib import Path

from bluefs.core.codes.values import CODES
from bluefs.core.words import say
from bluefs.core.words.en import dates as en_dates
from bluefs.core.words.en import values as en_values
from bluefs.core.words.fr import dates as fr_dates
from bluefs.core.words.fr import values as fr_values

CORE = Path(__file__).parents[3] / "bluefs" / "core"
SOURCES = "\n".join(
    path.read_text()
    for part in ("fields/*.py", "when/*.py", "config/rates.py")
    for path in sorted(CORE.glob(part))
)
NAMED = set(re.findall(r'"((?:values|dates)\.[a-z_.]+)"', SOURCES))
MESSAGES = {**en_values.MESSAGES, **en_dates.MESSAGES}


def test_every_message_exists_and_every_message_is_said() -> None:
    spoken = set(MESSAGES)
    for key in NAMED:
        assert key in spoken or f"{key}.one" in spoken, key
    for key in spoken:
        base = re.sub(r"\.(hint|one|other|list|map)$", "", key)
        assert key in NAMED or base in NAMED or f"{base}.list" in NAMED, key


def test_french_says_the_same_with_the_same_fields() -> None:
    for english, french in ((en_values, fr_values), (en_dates, fr_dates)):
        for key, message in english.MESSAGES.items():
            holes = re.findall(r"\{(\w+)\}", message)
            assert sorted(re.findall(r"\{(\w+)\}", french.MESSAGES[key])) == sorted(holes)
    assert say("values.yes", language="fr") == "oui"


def test_codes_are_permanent_and_each_is_used() -> None:
    numbers = [code.code for code in CODES]
    assert numbers == sorted(set(numbers))
    assert all(re.fullmatch(r"BF2[0-9]{2}", number) for number in numbers)
    constants = re.findall(r"codes\.([A-Z_]+)", SOURCES)
    from bluefs.core.codes import values

    assert {getattr(values, name) for name in constants} == set(CODES)
    assert all(code.title and code.doc for code in CODES)
