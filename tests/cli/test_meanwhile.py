"""Somebody saves a file between a command's reading and its writing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bluefs.cli import writing
from tests.cli.conftest import Run

RENEWAL = "sales/Open deals/Renewal – Acme.md"
Meanwhile = Callable[[str, str], None]


@pytest.fixture
def meanwhile(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """What stands in the file is replaced once, after the plan and before it is carried out."""

    def prepare(old: str, new: str) -> None:
        left = [1]

        def save(*_: object) -> None:
            file = workspace / RENEWAL
            if left:
                left.pop()
                text = file.read_text()
                assert old in text
                file.write_text(text.replace(old, new))

        monkeypatch.setattr(writing, "check_kept", save)

    return prepare


def test_set_is_done_on_what_the_engine_wrote(
    workspace: Path, run: Run, meanwhile: Meanwhile
) -> None:
    """A rule has added a tag and set another field: both stay, and the answer shows the file
    as it is."""
    meanwhile("tags: [Key account]", "tags: [Key account, Contacted]\nnext_step: Call")
    result = run("set", "r3n3", "deal_value=14000", "tags+=urgent")
    assert (result.code, result.err.count("\n")) == (0, 1)
    text = (workspace / RENEWAL).read_text()
    assert "tags: [Key account, Contacted, Urgent]\nnext_step: Call\n" in text
    assert "deal_value: 14000" in text
    assert (
        "-   deal_value" not in result.out
        and "+ tags: [Key account, Contacted, Urgent]" in result.out
    )


def test_the_same_value_meanwhile_is_refused(
    workspace: Path, run: Run, meanwhile: Meanwhile
) -> None:
    meanwhile("deal_value: 12000", "deal_value: 13000")
    result = run("set", "r3n3", "deal_value=14000", "tags+=urgent")
    assert result.code == 2 and "has changed since it was read" in result.err
    assert "deal_value: 13000" in (workspace / RENEWAL).read_text()
    assert "Urgent" not in (workspace / RENEWAL).read_text()


@pytest.mark.parametrize("words", [
    ("move", "r3n3", "prop"), ("done", "r3n3"), ("comment", "r3n3", "Hello"),
    ("set", "r3n3", "title=Another"),
])  # fmt: skip
def test_every_command_goes_on(
    words: tuple[str, ...], workspace: Path, run: Run, meanwhile: Meanwhile
) -> None:
    meanwhile("probability: ", "next_step: Call\nprobability: ")
    (found,) = json.loads(run(*words, "--json").out)
    text = (workspace / found["path"]).read_text()
    assert "next_step: Call" in text and found["fields"]["next_step"] == "Call"
    assert run("undo").code == 0
    assert "next_step: Call" in (workspace / RENEWAL).read_text()


def test_what_was_just_changed_is_not_deleted(
    workspace: Path, run: Run, meanwhile: Meanwhile
) -> None:
    meanwhile("probability: ", "next_step: Call\nprobability: ")
    assert run("delete", "r3n3", "--yes").code == 2
    assert "next_step: Call" in (workspace / RENEWAL).read_text()


def test_of_several_records_all_or_none(workspace: Path, run: Run, meanwhile: Meanwhile) -> None:
    meanwhile("deal_value: 12000", "deal_value: 13000")
    before = {p: p.read_bytes() for p in workspace.glob("sales/*/*.md") if p.name not in RENEWAL}
    assert run("set", "p0rt", "r3n3", "deal_value=14000").code == 2
    assert {p: p.read_bytes() for p in before} == before


def test_a_record_that_a_rule_has_moved_is_found(
    workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = workspace / "sales/Proposal/Renewal – Acme.md"
    monkeypatch.setattr(
        writing,
        "check_kept",
        lambda *_: (workspace / RENEWAL).exists() and (workspace / RENEWAL).rename(there),
    )
    result = run("set", "r3n3", "deal_value=14000")
    assert result.code == 0 and result.out.startswith("sales/Proposal/Renewal – Acme.md\n")
    assert "deal_value: 14000" in there.read_text() and not (workspace / RENEWAL).exists()


def test_a_file_that_is_gone_is_named(
    workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "check_kept", lambda *_: (workspace / RENEWAL).unlink())
    result = run("set", "r3n3", "deal_value=14000")
    assert result.code == 2 and "is no longer there" in result.err
