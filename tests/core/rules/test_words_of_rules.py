"""Every message that configuration and rules ask for exists, and none is left over."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path

import bluefs.core.words.en.config as config_words
import bluefs.core.words.en.rules as rules_words
from bluefs.core.rules import registries

CORE = Path(config_words.__file__).parents[2]
SOURCES = [*sorted((CORE / "config").glob("*.py")), *sorted((CORE / "rules").glob("*.py"))]
TEXT = "\n".join(path.read_text("utf-8") for path in SOURCES)
MESSAGES = {**config_words.MESSAGES, **rules_words.MESSAGES}
#: In the sources a key is a literal, or an f-string with ``{...}`` for one of its words.
KEYS = set(re.findall(r"f?\"((?:config|rules)\.[a-z_.{}()]+)\"", TEXT))


def test_every_key_in_the_sources_has_a_message() -> None:
    assert len(KEYS) > 80
    for key in KEYS:
        shape = re.compile(re.sub(r"\\\{[^}]*\\\}", "[a-z_]+", re.escape(key)))
        assert any(shape.fullmatch(name) for name in MESSAGES), key


def test_every_message_is_asked_for() -> None:
    shapes = [
        re.compile(re.sub(r"\\\{[^}]*\\\}", "[a-z_]+", re.escape(key)) + r"(_cut|\.hint)?")
        for key in KEYS
    ]
    assert [name for name in MESSAGES if not any(s.fullmatch(name) for s in shapes)] == []


def test_the_users_page_holds_every_manual_page() -> None:
    page = (CORE.parents[1] / "docs" / "rules.md").read_text("utf-8")
    for registry in registries():
        for cls in registry:  # type: ignore[attr-defined]
            assert f"### `{cls.word}`\n\n{cleandoc(cls.__doc__)}\n" in page, cls.word
        assert all(f"`{word}`" in page for word in registry.later)
