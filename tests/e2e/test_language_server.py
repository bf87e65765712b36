"""What an editor with YAML support makes of the schemas: yaml-language-server, driven over its
protocol in a workspace that ``bluefs init`` made. A server that is missing is a failure in CI and a
skip elsewhere (`npm install --prefix FOLDER yaml-language-server@1.18.0`, its `node_modules/.bin` in
PATH)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bluefs.cli.main import main
from bluefs.core.config.fields import all_kinds
from bluefs.core.rules import registries
from tests.e2e.language_server import LanguageServer

TRIGGERS, ACTIONS = registries()
PROJECT = "# yaml-language-server: $schema=../.bluefs/schema/project.json\n"
RULES = "# yaml-language-server: $schema=../.bluefs/schema/automations.json\n"
TOP = "# yaml-language-server: $schema=.bluefs/schema/workspace.json\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("editor") / "acme"
    assert main(["init", str(root), "--template", "empty"]) == 0
    return root


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LanguageServer]:
    command = shutil.which("yaml-language-server")
    if command is None:
        missing: Callable[[str], object] = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("yaml-language-server is not installed")
    assert command is not None
    with LanguageServer(command, folder) as found:
        yield found


def words(sort: str) -> set[str]:
    registry = TRIGGERS if sort == "trigger" else ACTIONS
    return {*registry.words(), *registry.later}


def bare(sort: str) -> set[str]:
    schema = json.loads((Path(__file__).parents[2] / "schema/automations.json").read_text("utf-8"))
    return set(schema["$defs"][sort]["pattern"].strip("^()$").split("|"))


#: Where a map begins, the server wants its first letter; in a list and behind a colon it does not.
@pytest.mark.parametrize("place", ["\n    x|", "\n    - |"], ids=["one", "list"])
def test_every_trigger_is_offered(server: LanguageServer, place: str) -> None:
    text = f"- name: A\n  when:{place}\n  then: complete\n"
    assert words("trigger") <= server.complete("work/automations.yaml", RULES + text)


@pytest.mark.parametrize("place", ["\n    x|", "\n    - |"], ids=["one", "list"])
def test_every_action_is_offered(server: LanguageServer, place: str) -> None:
    text = f"- name: A\n  when: created\n  then:{place}\n"
    assert words("action") <= server.complete("work/automations.yaml", RULES + text)


@pytest.mark.parametrize(("key", "sort"), [("when", "trigger"), ("then", "action")])
def test_every_bare_word_is_offered(server: LanguageServer, key: str, sort: str) -> None:
    found = server.complete("work/automations.yaml", RULES + f"- name: A\n  {key}: |\n")
    assert bare(sort) <= found and "[object Object]" not in found


def test_the_options_of_a_trigger_are_offered(server: LanguageServer) -> None:
    text = "- name: A\n  when:\n    moved:\n      |\n  then: complete\n"
    assert {"to", "from"} <= server.complete("work/automations.yaml", RULES + text)


@pytest.mark.parametrize(
    "text", ["fields:\n  a: |\n", "fields:\n  a:\n    type: |\n"], ids=["short", "long"]
)
def test_every_kind_of_field_is_offered(server: LanguageServer, text: str) -> None:
    found = server.complete("work/project.yaml", PROJECT + text)
    assert set(all_kinds()) <= found and "[object Object]" not in found


TYPOS = (
    ("work/automations.yaml", RULES + "- name: A\n  when: {moevd: Done}\n  then: complete\n", 3, 10, "moevd"),
    ("work/automations.yaml", RULES + "- name: A\n  when:\n    - moevd: Done\n  then: complete\n", 4, 7, "moevd"),
    ("work/automations.yaml", RULES + "- name: A\n  when: created\n  then:\n    - {add_tgas: x}\n", 5, 8, "add_tgas"),
    ("work/automations.yaml", RULES + "- name: A\n  when: {moved: {too: Done}}\n  then: complete\n", 3, 18, "too"),
    ("work/automations.yaml", RULES + "- nmae: A\n  when: created\n  then: complete\n", 2, 3, "nmae"),
    ("work/project.yaml", PROJECT + "name: A\nfeilds: {}\n", 3, 1, "feilds"),
    ("work/project.yaml", PROJECT + "fields: {a: {type: number, mni: 3}}\n", 2, 28, "mni"),
    ("bluefs.yaml", TOP + "bluefs: 1\npepole: {}\n", 3, 1, "pepole"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "text", "line", "column", "word"), TYPOS)
def test_a_typo_is_named_at_its_key(
    server: LanguageServer, path: str, text: str, line: int, column: int, word: str
) -> None:
    found = server.diagnostics(path, text)
    assert (line, column, f"Property {word} is not allowed.") in found, found


def test_what_init_makes_has_no_fault(server: LanguageServer, folder: Path) -> None:
    for path in ("bluefs.yaml", "work/project.yaml", "work/automations.yaml"):
        text = (folder / path).read_text(encoding="utf-8")
        assert text.startswith("# yaml-language-server: $schema=")
        assert server.diagnostics(path, text) == []


def test_a_word_is_explained(server: LanguageServer) -> None:
    text = RULES + "- name: A\n  when:\n    mo|ved: Done\n  then: complete\n"
    assert "went from one list" in server.hover("work/automations.yaml", text)
