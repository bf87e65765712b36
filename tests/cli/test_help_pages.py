"""``help`` in another language says of everything what it says in English."""

from __future__ import annotations

import re
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest

from bluefs.core.fields import BUILT_IN, kind_named, kind_of, known_kinds
from bluefs.core.rules.actions import ACTIONS
from bluefs.core.rules.email import SendEmail
from bluefs.core.rules.triggers import TRIGGERS
from bluefs.core.words import LANGUAGES
from tests.cli.conftest import Run

DOCS = Path(__file__).parents[2] / "docs"
OTHERS = [language for language in LANGUAGES if language != "en"]
_CODE = re.compile(r"``(.+?)``|`(.+?)`", re.DOTALL)
#: Keys whose kind's text tells options that a built-in key does not have.
SHORTER = {"start", "due"}

ENGLISH = {
    "fields": {w: type(kind_named(w)).__doc__ for w in known_kinds()}
    | {key: type(kind_of(field)).__doc__ for key, field in BUILT_IN.items()},
    "rules": {one.word: one.__doc__ for registry in (TRIGGERS, ACTIONS) for one in registry},
}


def code(text: str) -> set[str]:
    """What stands in code, which no language translates."""
    return {" ".join((one or other).split()) for one, other in _CODE.findall(text)}


def sections(language: str, page: str) -> dict[str, str]:
    text = (DOCS / language / f"{page}.md").read_text(encoding="utf-8")
    return {p.partition("\n")[0]: p.partition("\n")[2] for p in text.split("\n## ")[1:]}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", sorted(ENGLISH))
def test_every_word_has_its_section(language: str, page: str) -> None:
    assert sections(language, page).keys() == ENGLISH[page].keys()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(("page", "word"), [(p, w) for p in ENGLISH for w in ENGLISH[p]])
def test_a_section_has_the_same_code(language: str, page: str, word: str) -> None:
    """A kind that learns an option has it in every language, or this fails."""
    found, wanted = code(sections(language, page)[word]), code(cleandoc(ENGLISH[page][word] or ""))
    assert found == wanted or (word in SHORTER and not found)


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_of_queries_has_the_same_code(language: str) -> None:
    english = (DOCS / "queries.md").read_text(encoding="utf-8").partition("## When a query")[0]
    other = (DOCS / language / "queries.md").read_text(encoding="utf-8")
    fence = re.compile(r"```(?:console|yaml)\n.*?```", re.DOTALL)
    fences = fence.findall(english)
    assert code(fence.sub("", english)) <= code(fence.sub("", other))
    assert len(fences) == 2 and all(fence in other for fence in fences)


@pytest.mark.parametrize("page", ["query", "fields", "rules", "dates"])
def test_a_french_workspace_reads_french(page: str, workspace: Path, run: Run) -> None:
    english = run("help", page).out
    settings = workspace / "bluefs.yaml"
    settings.write_text(settings.read_text() + "language: fr\n")
    french = run("help", page).out
    assert len(french) > 0.8 * len(english)
    words = set(re.findall(r"[a-zé]+", french.lower()))
    assert {"une", "dans"} <= words and not {"which", "with", "stands"} & words


def test_help_of_rules_knows_every_action(workspace: Path) -> None:
    """In a process of its own: who sends mail registers itself only when it is imported."""
    said = subprocess.run(
        [sys.executable, "-m", "bluefs", "help", "rules"], cwd=workspace, capture_output=True,
        text=True, check=True,
    ).stdout  # fmt: skip
    assert SendEmail.word in ENGLISH["rules"]
    assert [word for word in ENGLISH["rules"] if f"## {word}\n" not in said] == []
