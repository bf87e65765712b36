"""What is understood without click, click would understand in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from inspect import Parameter, signature
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
     "--yes", "-n", "--dry-run", "--where", "k=v", "-C", "é", "--at", "--since", "--output", "--fix",
     "--staged", "--exit-zero", "--select", "--format", "github", "-nfix")
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


def function_of(name: str) -> Mapping[str, Parameter]:
    module, function, *_ = PLAIN[name]
    return signature(getattr(import_module(f"bluefs.cli.{module}"), function)).parameters


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
    defaults = function_of(name)
    for key, value in whole.items():
        assert (
            key in found or value == defaults[key].default or not (value or defaults[key].default)
        )


@pytest.mark.parametrize("name", PLAIN)
def test_the_options_are_those_of_the_command(name: str) -> None:
    """Each is one, spelled in all its ways, and the function takes what the command takes."""
    _, _, words, valued, flags = PLAIN[name]
    params = {param.name: param for param in command_of(name).params}
    taken = function_of(name)
    assert {"app", *params} == set(taken)
    known = {words, *valued.values(), *flags.values()}
    for key, param in params.items():
        if key not in known:
            assert not param.required and taken[key].default is not Parameter.empty
        elif isinstance(param, click.Option):
            assert set(param.opts) <= {*valued, *flags}
            assert (param.is_flag, param.multiple) == (param.opts[0] in flags, False)
            assert type(param.type) is type(click.STRING) or param.is_flag


@pytest.mark.parametrize(
    ("args", "known"),
    [
        (["is:open"], True), (["-p", "work", "--json"], True), ([], True), (["--help"], False),
        (["-tag:x"], False), (["-p"], False), (["-p", "-x"], False), (["--", "a"], False),
    ],
)  # fmt: skip
def test_what_is_plain(args: list[str], known: bool) -> None:
    assert (understood("list", args) is not None) == known
