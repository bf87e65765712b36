"""`bluefs check --format`, `--output`, `--select`, `--ignore`, `--exit-zero`: on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

BROKEN = "---\nid: br0ken0001\ntitle: Re: x\ntags: a, b\n---\n"


@pytest.fixture
def broken(workspace: Path) -> Path:
    (workspace / "work/Backlog/Re.md").write_text(BROKEN)
    return workspace


def test_a_report_goes_to_a_file_and_the_screen_stays(broken: Path, run: Run) -> None:
    screen = run("check")
    told = run("check", "--format", "sarif", "--output", "r.sarif")
    assert (told.code, told.out, told.err) == (screen.code, screen.out, screen.err)
    log = json.loads((broken / "r.sarif").read_bytes())
    assert len(log["runs"][0]["results"]) == screen.out.count("BF")


def test_a_file_that_cannot_be_written_is_refused(broken: Path, run: Run) -> None:
    told = run("check", "--format", "junit", "--output", "no/such/folder")
    assert told.code == 2
    assert told.err.startswith(f"{broken}/no/such/folder cannot be written: No such file")


def test_github_appends_to_the_summary_of_the_job(
    broken: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = broken.parent / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    told = run("check", "--format", "github")
    assert "\n::error file=work/Backlog/Re.md,line=3,col=10,endLine=3," in told.out
    text = file.read_text(encoding="utf-8")
    assert text.startswith("before\n### bluefs check\n")
    assert "work/Backlog/Re.md&#58;3&#58;10 | BF111 |" in text
    run("check")
    assert file.read_text(encoding="utf-8") == text


def _codes(told: str) -> set[str]:
    return {problem["code"] for problem in json.loads(told)}


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (("--select", "BF111"), {"BF111"}),
        (("--select", "bf1,211"), {"BF111", "BF211"}),
        (("--select", "BF1", "--select", "BF402"), {"BF111", "BF402"}),
        (("--ignore", "BF402"), {"BF111", "BF211"}),
        (("--select", "BF", "--ignore", "4"), None),
        (("--select", "BF1", "--ignore", "BF111"), set()),
        (("--select", "BF3"), set()),
    ],
)
def test_codes_are_chosen_by_their_beginning(
    broken: Path, run: Run, options: tuple[str, ...], codes: set[str] | None
) -> None:
    told = run("check", "--json", *options)
    if codes is None:
        assert told.code == 2 and told.err.startswith('There is no code "BF".')
        return
    assert _codes(told.out) == codes
    assert told.code == int(bool(codes))


def test_an_unknown_code_is_refused_with_the_nearest(broken: Path, run: Run) -> None:
    told = run("check", "--ignore", "BF11,BF436")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith('There is no code "BF436"; near it: BF433 (')


def test_exit_zero(broken: Path, run: Run) -> None:
    told = run("check", "--exit-zero")
    assert told.code == 0
    assert told.out == run("check").out
    assert run("check", "--exit-zero", "--select", "nix").code == 2


def test_fix_mends_only_what_is_selected(broken: Path, run: Run) -> None:
    run("check", "--fix", "--select", "BF211")
    text = (broken / "work/Backlog/Re.md").read_text()
    assert text == BROKEN.replace("a, b", "[a, b]")
    run("check", "--fix", "--ignore", "BF402")
    assert (broken / "work/Backlog/Re.md").read_text().splitlines()[2] == 'title: "Re: x"'
    assert (broken / "work/Backlog/Plain note.md").read_text() == "Only text, no front matter.\n"


def test_several_paths(broken: Path, run: Run) -> None:
    told = run("check", "--json", "sales", "work/Backlog/Re.md")
    assert {p["path"] for p in json.loads(told.out)} == {"work/Backlog/Re.md"}
    told = run("check", "sales", "../elsewhere")
    assert (told.code, told.err.splitlines()[0]) == (
        2,
        "../elsewhere lies outside of the workspace.",
    )


def test_messages_speak_french_and_data_does_not(
    broken: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = json.loads(run("check", "--format", "gitlab").out)
    monkeypatch.setenv("BLUEFS_LANGUAGE", "fr")
    french = json.loads(run("check", "--format", "gitlab").out)
    same = ("check_name", "severity", "location")
    assert [[e[k] for k in same] for e in english] == [[f[k] for k in same] for f in french]
    assert all(e["description"] != f["description"] for e, f in zip(english, french, strict=True))
