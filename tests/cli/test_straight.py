"""What is understood without click, click would understand in the same way."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bluefs.cli.main import COMMANDS
from bluefs.cli.straight import PLAIN, understood

_WORDS = st.sampled_from(
    ("a", "is:open", "", " ", "-", "--", "-p", "-pwork", "-p=x", "--project", "--project=x", "--view",
     "--group", "--json", "--jsn", "-h", "--help", "-x", "-tag:x", "-1", "--json=1", "\x1fa", "-y",
     "--yes", "-n", "--dry-run", "--where", "k=v", "-C", "é")
)  # fmt: skip
_LINES = st.lists(_WORDS | st.text(max_size=4), max_size=6)


def command_of(name: str) -> click.Command:
    found: click.Command = import_module(f"bluefs.cli.{COMMANDS[name]}").command
    return found


def by_click(name: str, args: list[str]) -> dict[str, Any] | None:
    """What click gives to the command; None for help and for a mistake."""
    try:
        return command_of(name).make_context(name, list(args)).params
    except (click.ClickException, click.exceptions.Exit):
        return None


@pytest.mark.parametrize("name", PLAIN)
@given(_LINES)
@example(["-p", "work", "a", "--json", "b"])
@example([])
def test_it_is_understood_as_click_does(name: str, args: list[str]) -> None:
    found = understood(name, args)
    if found is None:
        return
    whole = by_click(name, args)
    assert whole is not None
    assert {name: value for name, value in whole.items() if name in found} == found
    assert not any(value for name, value in whole.items() if name not in found)


@pytest.mark.parametrize("name", PLAIN)
def test_the_options_are_those_of_the_command(name: str) -> None:
    """Each is understood, and the function takes what the command takes."""
    _, _, words, valued, flags = PLAIN[name]
    params = {param.name: param for param in command_of(name).params}
    assert set(params) == {words, *valued.values(), *flags.values()}
    for param in params.values():
        if isinstance(param, click.Option):
            assert set(param.opts) <= {*valued, *flags}


@pytest.mark.parametrize(
    ("args", "known"),
    [
        (["is:open"], True), (["-p", "work", "--json"], True), ([], True), (["--help"], False),
        (["-tag:x"], False), (["-p"], False), (["-p", "-x"], False), (["--", "a"], False),
    ],
)  # fmt: skip
def test_what_is_plain(args: list[str], known: bool) -> None:
    assert (understood("list", args) is not None) == known
