"""bluefs in French: transcripts of the main screens in a workspace with ``language: fr``, which
language is spoken where, and words for every command, every option and all that click says."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from bluefs.cli.group import group
from bluefs.cli.main import COMMANDS
from bluefs.cli.speaking import language_of
from bluefs.core.words import LANGUAGES, has, spoken
from bluefs.core.words.en.click import MESSAGES as CLICK
from bluefs.core.words.en.help import MESSAGES as HELP
from tests.cli.conftest import Run
from tests.cli.test_transcripts import _played

FOLDER = Path(__file__).parent / "transcripts_french"


@pytest.fixture
def french(workspace: Path) -> Path:
    """The workspace of the other transcripts, in French and committed so."""
    settings = workspace / "bluefs.yaml"
    settings.write_text(settings.read_text() + "language: fr   # et voilà\n")
    moment = "2026-11-23T16:40:00+01:00"
    env = {**os.environ, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    subprocess.run(["git", "commit", "-qam", "fr"], cwd=workspace, env=env, check=True)
    return workspace


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda f: f.stem)
def test_transcript_in_french(file: Path, french: Path, run: Run) -> None:
    wanted = file.read_text(encoding="utf-8")
    found = "\n".join(_played(wanted, french, run)) + "\n"
    if os.environ.get("BLUEFS_UPDATE"):
        file.write_text(found, encoding="utf-8")
    assert found == wanted


# which language


def test_the_language_does_not_outlive_the_command(french: Path, run: Run) -> None:
    assert "TITRE" in run("list").out
    assert spoken() == "en"
    assert "Lister" in run("list", "--help").out
    assert "List records" in run("list", "--help", cwd=french.parent).out


def test_without_a_workspace_the_locale_speaks(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert "n’est pas dans un espace de travail" in run("list", cwd=tmp_path).err
    monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")
    assert "is not in a workspace" in run("list", cwd=tmp_path).err
    monkeypatch.setenv("LC_ALL", "fr_CA")
    assert "n’est pas dans un espace de travail" in run("list", cwd=tmp_path).err
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "is not in a workspace" in run("list", cwd=tmp_path).err


def test_in_a_workspace_its_own_language_speaks(
    french: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "TITRE" in run("list", cwd=french / "sales/Open deals").out
    assert "TITRE" in run("-C", str(french), "list", cwd=french.parent).out
    monkeypatch.setenv("BLUEFS_LANGUAGE", "en")
    assert "TITLE" in run("list").out
    monkeypatch.setenv("BLUEFS_LANGUAGE", "de")
    assert "TITRE" in run("list").out


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ("bluefs: 1\nlanguage: fr\n", "fr"),
        ('language: "fr"  # français\n', "fr"),
        ("language: fr-CA\r\nname: X\r\n", "fr"),
        ("{bluefs: 1, language: fr}\n", "fr"),
        ("language: de\n", "en"),
        ("name: language\n", "en"),
        ("language:\n  - fr\n", "en"),
        ("language: [", "en"),
        ("\x00\x01", "en"),
        ("", "en"),
    ],
)
def test_settings_of_any_kind_name_a_language(settings: str, language: str, tmp_path: Path) -> None:
    (tmp_path / "bluefs.yaml").write_text(settings, newline="")
    (tmp_path / "deep/er").mkdir(parents=True)
    french = {"LANG": "fr_FR"}
    assert language_of(["-C", str(tmp_path / "deep/er"), "list"], french) == language
    assert language_of([f"-C{tmp_path}"], {}) == language
    assert language_of(["list", "-C", str(tmp_path)], french) == "fr"


@pytest.mark.parametrize("args", [[], ["-C"], ["-C", "/no/such/folder"], ["-C", "\0"], ["--help"]])
def test_no_command_line_is_too_odd_to_choose_a_language(args: list[str], tmp_path: Path) -> None:
    assert language_of(args, {"LANG": "fr_FR"}) in LANGUAGES


def test_init_writes_the_language_it_speaks(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    for name, value in (("NAME", "Ana"), ("EMAIL", "ana@acme.example")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    made = run("init", "chez-nous", cwd=tmp_path)
    assert made.code == 0
    assert made.out.startswith("chez-nous est créé\u00a0: un dépôt Git avec un projet, work")
    assert 'bluefs new "Une première fiche"' in made.out
    assert "language: fr" in (tmp_path / "chez-nous/bluefs.yaml").read_text()
    log = subprocess.run(
        ["git", "log", "-1", "--format=%s"], cwd=tmp_path / "chez-nous", capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert log.stdout == "Créer l’espace de travail chez-nous\n"


def test_what_scripts_read_is_the_same(french: Path, run: Run) -> None:
    shown = json.loads(run("show", "r3n3", "--json").out)
    assert (shown["due"], shown["fields"]["deal_value"]) == ("2026-11-24T15:00:00+01:00", 12000)
    (french / "sales/Proposal/Bad.md").write_text("---\ntitle: Re: hello\n---\n")
    found = json.loads(run("check", "--json").out)
    fault = next(p for p in found if p["path"].endswith("Bad.md"))
    assert (fault["severity"], fault["message"]) == ("error", '": " sans guillemets')


def test_a_locale_without_utf8_loses_accents_only(french: Path) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "bluefs", "status"], cwd=french, env=env, capture_output=True,
        check=True,
    )  # fmt: skip
    text = done.stdout.decode("ascii")
    assert "Moteur       arrete : les regles attendent" in text


# the words of help


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group) and command is not group:
        for word, sub in command.commands.items():
            yield from _commands(sub, f"{name}.{word}")


def every_command() -> dict[str, click.Command]:
    found = dict(_commands(group, "bluefs"))
    for name, module in COMMANDS.items():
        found |= _commands(import_module(f"bluefs.cli.{module}").command, name)
    return found


def test_every_command_and_option_has_words() -> None:
    lacking = [f"help.{name}" for name in every_command() if not has(f"help.{name}")]
    lacking += [
        f"help.{name}.{param.name}"
        for name, command in every_command().items()
        for param in command.params
        if isinstance(param, click.Option) and not param.hidden
        and not has(f"help.{name}.{param.name}") and not has(f"help.any.{param.name}")
    ]  # fmt: skip
    assert lacking == []


def test_no_word_of_help_is_unused() -> None:
    options = {
        f"{name}.{param.name}" for name, command in every_command().items()
        for param in command.params
    }  # fmt: skip
    names = every_command().keys()
    shared = {key.rpartition(".")[2] for key in options} | {"help"}
    idle = []
    for key in HELP:
        _, head, *rest = key.split(".", 2)
        about = key.removeprefix("help.")
        used = (
            about in names or about in options or about.removesuffix(".short") in names
            or (head == "any" and rest[0] in shared) or head == "word"
        )  # fmt: skip
        idle += [] if used else [key]
    assert idle == []


def test_every_word_in_capitals_is_translated() -> None:
    placeholders = " ".join(
        param.metavar or "" for command in every_command().values() for param in command.params
    )
    words = set(re.findall(r"\b[A-Z]{2,}\b", _first_metavars()))
    assert words, placeholders
    assert sorted(word for word in words if not has(f"help.word.{word}")) == []


def _first_metavars() -> str:
    """The metavars as the sources have them."""
    found = []
    for file in Path(import_module("bluefs.cli").__file__ or "").parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "metavar":
                found.append(ast.unparse(node.value))
    return " ".join(found)


def test_a_line_in_the_list_of_commands_is_short() -> None:
    from bluefs.cli.helping import short_help
    from bluefs.core.words import speaking

    for language in LANGUAGES:
        with speaking(language):
            assert [n for n in COMMANDS if len(short_help(n)) > 78] == []


def test_help_lists_commands_without_importing_them() -> None:
    code = (
        "import sys; from bluefs.cli.main import main\n"
        "main(['--help']); print('bluefs.cli.list' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")


def test_click_says_each_of_these_texts() -> None:
    said: set[str] = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                said |= {a.value for a in node.args if isinstance(a, ast.Constant)
                             and isinstance(a.value, str)}  # fmt: skip
    unheard = {key for key, text in CLICK.items() if text not in said}
    assert unheard == {"click.required"}  # click takes that word from its own table


@pytest.mark.skipif(shutil.which("git") is None, reason="needs Git")
def test_the_engine_commits_in_french(french: Path, run: Run) -> None:
    here = french / "sales/Proposal/Port of Brest, seats.md"
    here.rename(french / "sales/Open deals/Port.md")
    done = run("run")
    assert done.code == 0, done.err
    log = subprocess.run(
        ["git", "log", "-1", "--format=%s"], cwd=french, capture_output=True, text=True, check=True
    )
    assert "vers Open deals" in log.stdout or "Enregistrer" in log.stdout
