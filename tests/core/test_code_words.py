"""What `explain` says: every code has a title and a page in every language, and no page is left
of a code that is gone."""

from __future__ import annotations

import re

import pytest

from bluefs.core.codes.catalogue import all_codes
from bluefs.core.words import LANGUAGES, speaking
from bluefs.core.words.en import codes as english
from bluefs.core.words.fr import codes as french

#: What a reader types or sees in a file; it is the same in both languages.
_QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def test_each_code_has_its_two_messages_in_both() -> None:
    wanted = {f"codes.{code}.{part}" for code in all_codes() for part in ("title", "doc")}
    assert english.MESSAGES.keys() == wanted == french.MESSAGES.keys()


@pytest.mark.parametrize("code", all_codes().values(), ids=lambda code: code.code)
def test_both_speak_of_the_same_keys(code: object) -> None:
    found = []
    for language in LANGUAGES:
        with speaking(language):
            text = f"{code.title}\n{code.doc}"  # type: ignore[attr-defined]
            found.append(({*_QUOTED.findall(text)}, text))
    # Not compared: words that people choose (a key, a day), and the options a page names apart.
    chosen = {"key: value", "clé: valeur", "friday", "vendredi"}
    assert found[0][0] - chosen == found[1][0] - chosen
    assert found[0][1] != found[1][1]
