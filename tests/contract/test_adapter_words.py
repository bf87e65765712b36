"""Every error an adapter or the effects can raise has its sentence in the catalogue."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import bluefs
from bluefs.core import words

ROOT = Path(bluefs.__file__).parent
MODULES = ["ask", "database", "journal", "local", "lock", "mail", "message", "outbox", "state"]
FILES = [*(ROOT / "adapters" / f"{name}.py" for name in MODULES), ROOT / "core" / "effects.py"]
RAISED = [
    pytest.param(key, frozenset(re.findall(r"(\w+)=", rest)), id=key)
    for file in FILES
    for key, rest in re.findall(r'"(errors\.[\w.]+)"((?:, \w+=[^,()]+(?:\([^()]*\))?)*)', file.read_text())
]  # fmt: skip


def test_there_are_some() -> None:
    assert len(RAISED) > 20


@pytest.mark.parametrize(("key", "fields"), RAISED)
def test_each_has_a_sentence_with_its_fields(key: str, fields: frozenset[str]) -> None:
    for name in (key, f"{key}.remedy"):
        if name == key or words.has(name):
            template = words._area("errors", "en")[name]
            wanted = {field for _, field, _, _ in string.Formatter().parse(template) if field}
            assert wanted <= fields
            assert words.say(name, **dict.fromkeys(fields, "x")).endswith((".", "x"))
