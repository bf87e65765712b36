"""Every key that the code names is in the catalogue, and gets every field its words fill in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

import bluefs
from bluefs.core import errors
from bluefs.core.words import AREAS, has, say

ROOT = Path(bluefs.__file__).parent
ERRORS = {
    name for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.BluefsError)
} | {"EditRefused"}  # fmt: skip
SPEAKERS = {"say", "fill", "has", "plural"}
#: Fields that errors get at the edge, not where they are raised.
LENT = frozenset({"language"})


@dataclass(frozen=True)
class Use:
    """A call that names a key: a literal, or a pattern of an f-string."""

    place: str
    speaker: str
    key: str
    literal: bool
    fields: frozenset[str] | None  # None: some come by ``**``


def _uses() -> Iterator[Use]:
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                yield from _use(node, f"{file.relative_to(ROOT)}:{node.lineno}")


def _use(node: ast.Call, place: str) -> Iterator[Use]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in SPEAKERS | ERRORS | {"Stopped"}:
        return
    fields = frozenset(k.arg for k in node.keywords if k.arg is not None) | LENT
    known: frozenset[str] | None = fields
    if any(k.arg is None for k in node.keywords) or name in ("fill", "Stopped", "has"):
        known = None
    for branch in _branches(node.args[0]):
        if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
            yield Use(place, name, branch.value, True, known)
        elif isinstance(branch, ast.JoinedStr):
            parts = (
                re.escape(str(v.value)) if isinstance(v, ast.Constant) else ".+"
                for v in branch.values
            )
            yield Use(place, name, "".join(parts), False, known)


def _branches(node: ast.expr) -> list[ast.expr]:
    """Both ends of ``a if x else b``."""
    if isinstance(node, ast.IfExp):
        return [*_branches(node.body), *_branches(node.orelse)]
    return [node]


USES = list(_uses())
KEYS = sorted({(u.key, u.speaker, u.place) for u in USES if u.literal})


def _messages() -> dict[str, str]:
    found: dict[str, str] = {}
    for area in AREAS:
        try:
            found |= import_module(f"bluefs.core.words.en.{area}").MESSAGES
        except ModuleNotFoundError:
            continue
    return found


MESSAGES = _messages()


def test_the_code_was_read() -> None:
    assert len(KEYS) > 200
    assert {"Refused", "Blocked", "Stopped", "say", "plural"} <= {u.speaker for u in USES}


def _exist(use: Use) -> list[str]:
    """The messages of a literal key."""
    if use.speaker == "plural":
        return [f"{use.key}.one", f"{use.key}.other"]
    return [use.key]


@pytest.mark.parametrize("speaker", sorted({u.speaker for u in USES} - {"has"}))
def test_every_literal_key_is_in_the_catalogue(speaker: str) -> None:
    missing = [
        f"{use.place} {key}"
        for use in USES
        if use.literal and use.speaker == speaker
        for key in _exist(use)
        if key not in MESSAGES
    ]
    assert missing == []


def test_every_pattern_of_a_key_meets_something() -> None:
    missing = [
        f"{use.place} {use.key}"
        for use in USES
        if not use.literal and not any(re.fullmatch(_widened(use), key) for key in MESSAGES)
    ]
    assert missing == []


def _widened(use: Use) -> str:
    return rf"{use.key}\.(one|other)" if use.speaker == "plural" else use.key


def test_every_field_is_given() -> None:
    lacking = [
        f"{use.place} {key} needs {sorted(wanted)}"
        for use in USES
        if use.literal and use.fields is not None
        for key in [*_exist(use), *([f"{use.key}.remedy"] if use.speaker in ERRORS else [])]
        if (wanted := _fields(key) - use.fields - _own(use))
    ]
    assert lacking == []


def _own(use: Use) -> frozenset[str]:
    """What the speaker fills in by itself."""
    return frozenset({"count"}) if use.speaker == "plural" else frozenset()


def _fields(key: str) -> frozenset[str]:
    text = MESSAGES.get(key, "")
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def test_every_key_stands_in_its_own_area() -> None:
    for area in AREAS:
        try:
            messages = import_module(f"bluefs.core.words.en.{area}").MESSAGES
        except ModuleNotFoundError:
            continue
        assert [key for key in messages if key.partition(".")[0] != area] == []


def test_a_remedy_has_its_message() -> None:
    remedies = {key.removesuffix(".remedy") for key in MESSAGES if key.endswith(".remedy")}
    assert remedies <= MESSAGES.keys()


def test_an_unknown_key_is_a_bug() -> None:
    assert not has("cli.no_such_thing")
    with pytest.raises(KeyError):
        say("cli.no_such_thing")
