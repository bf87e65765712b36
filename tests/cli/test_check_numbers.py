"""`check --fix` gives numbers to the records that were there before the field was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.read_help import Place, make_place

SETTINGS = "work/project.yaml"
HOME = "work/Backlog"


@pytest.fixture
def place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Place:
    """Two commits, the younger with the path that comes first, and a record in none."""
    made = make_place(tmp_path, monkeypatch, capsys)
    made.write(f"{HOME}/Zoe.md", "---\nid: z0e0000001\n---\n")
    _commit(made)
    made.write(f"{HOME}/Abe.md", "---\nid: abe0000001\n---\n")
    made.write(f"{HOME}/Bea.md", "---\nid: bea0000001\n---\n")
    _commit(made)
    made.write(f"{HOME}/Aaa.md", "---\nid: aaa0000001\n---\n")
    text = made.read(SETTINGS).decode()
    assert "fields:" not in text
    made.write(SETTINGS, text + "fields:\n  ticket: {type: unique_id, prefix: T-, last: 7}\n")
    return made


def _commit(place: Place) -> None:
    for words in (("add", "-A"), ("commit", "-q", "-m", "More")):
        subprocess.run(["git", *words], cwd=place.root, check=True, capture_output=True)


def _numbers(place: Place) -> dict[str, str]:
    found = {}
    for file in sorted((place.root / "work").rglob("*.md")):
        lines = file.read_text().splitlines()
        found.update((file.stem, line[8:]) for line in lines if line.startswith("ticket: "))
    return found


def test_oldest_first_and_what_no_commit_has_last(place: Place) -> None:
    told = place.run("check", "--select", "BF433")
    assert told.code == 0
    assert "BF433 this record has no Ticket yet" in told.out
    result = place.run("check", "--fix", "--select", "BF433")
    assert "+ticket: T-12\n" in result.out
    assert "+  ticket: {type: unique_id, prefix: T-, last: 12}\n" in result.out
    assert _numbers(place) == {
        "☕ 東京": "T-8", "Zoe": "T-9", "Abe": "T-10", "Bea": "T-11", "Aaa": "T-12",
    }  # fmt: skip
    again = place.run("check", "--fix")
    assert again.out.startswith("No problems")


def test_a_dry_run_shows_it_and_writes_nothing(place: Place) -> None:
    before = place.read(SETTINGS)
    result = place.run("check", "--fix", "--dry-run")
    assert "+ticket: T-12\n" in result.out
    assert _numbers(place) == {} and place.read(SETTINGS) == before


def test_the_counter_moves_along_where_one_path_is_named(place: Place) -> None:
    place.run("check", "--fix", f"{HOME}/Abe.md")
    assert _numbers(place) == {"Abe": "T-8"}
    assert b"last: 8}" in place.read(SETTINGS)
    place.run("check", "--fix", f"{HOME}/Zoe.md")
    assert _numbers(place) == {"Abe": "T-8", "Zoe": "T-9"}
