"""The writing commands, where a transcript says too little: nothing is changed by a refusal,
several records at once, JSON, the journal, and who is told of the engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bluefs import bootstrap
from bluefs.core.identity import is_id
from tests.cli.conftest import Run

RENEWAL = "sales/Open deals/Renewal – Acme.md"
Git = Callable[..., str]


def test_a_new_record_has_a_random_id_and_is_printed_alone(workspace: Path, run: Run) -> None:
    first, second = run("new", "One", "-p", "work"), run("new", "One", "-p", "work")
    assert (first.code, first.out) == (0, "work/Backlog/One.md\n")
    assert second.out == "work/Backlog/One 2.md\n"
    ids = [
        (workspace / result.out.strip()).read_text().split("id: ")[1].split("\n")[0]
        for result in (first, second)
    ]
    assert is_id(ids[0]) and is_id(ids[1]) and ids[0] != ids[1]


def test_new_json_is_the_record(workspace: Path, run: Run) -> None:
    found = json.loads(run("new", "A", "-l", "open", "-d", "+3d", "--json").out)
    assert (found["title"], found["list"], found["due"]) == ("A", "Open deals", "2026-11-27")
    assert found["fields"] == {"probability": 20}


@pytest.mark.parametrize(
    ("title", "said"),
    [("x" * 300, "this one has 300"), ("🎉🎉", "only emoji"), ("  ", "needs a title"),
     ("a\nb", "one line")],
    ids=["300", "emoji", "empty", "two lines"],
)  # fmt: skip
def test_what_no_title_can_be(title: str, said: str, workspace: Path, run: Run, git: Git) -> None:
    for words in (
        ("new", title, "-l", "open"), ("new", "X", "-l", "open", "--set", f"title={title}"),
        ("set", "r3n3", f"title={title}"), ("set", "r3n3", "p0rt", "nda=yes", f"title={title}"),
    ):  # fmt: skip
        result = run(*words)
        assert (result.code, result.out) == (2, ""), words
        first, remedy = result.err.splitlines()
        assert said in first and remedy
    assert git("status", "--short") == ""


def test_a_title_in_a_file_is_data(workspace: Path, run: Run) -> None:
    """Who typed it in an editor may: it is shown, copied and moved as it is."""
    folder = workspace / "work/Backlog"
    (folder / "🎉.md").write_text("---\nid: party00001\n---\n")
    (folder / "Long.md").write_text(f"---\nid: l0ng000001\ntitle: {'x' * 300}\n---\n")
    for name in ("party", "l0ng"):
        made = run("copy", name)
        assert made.code == 0, made.err
        assert run("move", name, "done").code == 0
    assert (folder / "🎉 2.md").exists()
    found = json.loads(run("list", "list:Backlog", "--json").out)
    assert "x" * 300 in [one["title"] for one in found]


def test_a_name_of_300_characters(workspace: Path, run: Run, git: Git) -> None:
    for kind, old in (
        ("list", "Proposal"), ("tag", "Silent"), ("field", "source"), ("person", "bo"),
    ):  # fmt: skip
        result = run("rename", kind, old, "x" * 300)
        assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 2), kind
        assert "300" in result.err
    assert git("status", "--short") == ""


def test_new_dry_run_writes_nothing(workspace: Path, run: Run, git: Git) -> None:
    result = run("new", "A", "-l", "open", "-n")
    assert result.code == 0 and "probability: 20" in result.out
    assert git("status", "--short") == ""


@pytest.mark.parametrize("name", ["set", "move", "done", "reopen", "delete"])
def test_dry_runs_write_nothing(name: str, workspace: Path, run: Run, git: Git) -> None:
    words = {"set": ["nda=yes"], "move": ["prop"]}.get(name, [])
    result = run(name, "r3n3", *words, "-n")
    assert result.code == 0
    assert git("status", "--short") == ""


def test_set_changes_only_the_bytes_asked_for(workspace: Path, run: Run) -> None:
    file = workspace / RENEWAL
    crlf = file.read_bytes().replace(b"\n", b"\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + crlf)
    assert run("set", "r3n3", "deal_value=14000").code == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + crlf.replace(b"12000", b"14000")


def test_set_json_is_an_array_of_records(workspace: Path, run: Run) -> None:
    found = json.loads(run("set", "r3n3", "p0rt", "deal_value=1", "--json").out)
    assert [(r["id"], r["fields"]["deal_value"]) for r in found] == [
        ("r3n3w0c4tz", 1), ("p0rtbr3st0", 1),
    ]  # fmt: skip


def test_refs_from_standard_input(workspace: Path, run: Run) -> None:
    result = run("move", "-", "prop", input="r3n3\n\nsales/Open deals/Renewal – Acme.md\n")
    assert result.code == 0 and result.out.count("→") == 1
    assert run("done", "-", input="").code == 0


def test_paths_count_from_where_the_command_runs(workspace: Path, run: Run) -> None:
    here = workspace / "work" / "Backlog"
    assert run("done", "Plain note.md", cwd=here).code == 0
    assert "done: true" in (here / "Plain note.md").read_text()
    assert run("-C", "sales", "done", "../work/Backlog/Buy a Mac.md").code == 0


def test_a_command_on_many_records_wants_a_yes(workspace: Path, run: Run, git: Git) -> None:
    for number in range(11):
        (workspace / f"work/Backlog/N{number:02}.md").write_text(f"---\nid: n{number:09}\n---\n")
    git("add", "-A")
    git("commit", "-qm", "Many")
    asked = run("done", "--where", "list:Backlog")
    assert asked.code == 2 and "--yes" in asked.err and asked.out == ""
    assert git("status", "--short") == ""
    agreed = run("done", "--where", "list:Backlog", "--yes")
    assert agreed.code == 0 and len(agreed.out.splitlines()) == 13
    assert len(git("status", "--short").splitlines()) == 13


def test_a_refusal_in_the_middle_changes_nothing(workspace: Path, run: Run, git: Git) -> None:
    (workspace / "sales/Proposal/Port of Brest, seats.md").chmod(0o444)
    result = run("set", "r3n3", "p0rt", "nda=yes")
    assert result.code == 2 and "Port of Brest" in result.err and "chmod" in result.err
    assert git("status", "--short") == ""


@pytest.mark.parametrize("words", [
    ("set", "p0rt", "nda=yes"), ("done", "p0rt"), ("delete", "p0rt"),
])  # fmt: skip
def test_a_read_only_file_is_left_alone(
    words: tuple[str, ...], workspace: Path, run: Run, git: Git
) -> None:
    (workspace / "sales/Proposal/Port of Brest, seats.md").chmod(0o444)
    result = run(*words)
    assert result.code == 2 and "read-only" in result.err
    assert git("diff", "--stat") == ""


def test_a_file_nobody_can_read_is_left_alone(workspace: Path, run: Run) -> None:
    file = workspace / RENEWAL
    file.write_text("---\nid: r3n3w0c4tz\ntitle: Re: hello\n---\n")
    before = file.read_bytes()
    for words in (("set", "r3n3", "nda=yes"), ("done", "r3n3"), ("move", "r3n3", "prop")):
        result = run(*words)
        assert (result.code, result.out) == (2, "")
        assert "bluefs check" in result.err
    assert file.read_bytes() == before


def test_a_bad_value_may_be_set_anew_but_not_added_to(workspace: Path, run: Run) -> None:
    file = workspace / RENEWAL
    file.write_text("---\nid: r3n3w0c4tz\nproducts: {a: b}\nnda: perhaps\n---\n")
    assert run("set", "r3n3", "products+=pro").code == 2
    assert run("set", "r3n3", "products=pro", "nda=yes").code == 0
    assert file.read_text() == "---\nid: r3n3w0c4tz\nproducts: Pro\nnda: true\n---\n"


def test_a_full_disk_changes_nothing(workspace: Path, git: Git) -> None:
    """A file size limit of 0 refuses every write as a full disk does."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        "from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    for words in (("set", "r3n3", "nda=yes"), ("new", "A", "-l", "open"), ("move", "r3n3", "prop")):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=workspace, capture_output=True, check=False
        )
        assert done.returncode == 2, done.stderr.decode()
        assert "was not saved" in done.stderr.decode()
        assert b"Traceback" not in done.stderr
    assert git("status", "--short") == ""


def test_a_newer_format_is_refused(workspace: Path, run: Run, git: Git) -> None:
    (workspace / "bluefs.yaml").write_text("bluefs: 2\n")
    for words in (
        ("set", "r3n3", "nda=yes"), ("new", "A", "-l", "open"), ("move", "r3n3", "prop"),
        ("done", "r3n3"), ("delete", "r3n3"), ("trust", "--yes"), ("outbox", "release"),
    ):  # fmt: skip
        result = run(*words)
        assert (result.code, result.out) == (2, "")
        assert "format 2" in result.err and "newer bluefs" in result.err
    assert git("status", "--short") == " M bluefs.yaml\n"


def test_outside_of_a_workspace(tmp_path: Path, run: Run) -> None:
    for words in (("set", "x", "a=b"), ("new", "x"), ("trust",), ("resume",), ("outbox",)):
        result = run(*words, cwd=tmp_path)
        assert (result.code, result.out) == (2, "")
        assert "bluefs init" in result.err
    (tmp_path / "bluefs.yaml").write_text("bluefs: 1\n")
    assert "git init" in run("new", "x", cwd=tmp_path).err


def test_the_engine_is_missed_only_where_there_is_none(workspace: Path, run: Run) -> None:
    assert "bluefs watch" in run("set", "r3n3", "nda=yes").err
    held = bootstrap.find(str(workspace)).lock.acquire()
    assert held is not None
    with held:
        assert run("set", "r3n3", "nda=no").err == ""


def test_the_journal_knows_the_bytes_before_the_file_changes(workspace: Path, run: Run) -> None:
    before = (workspace / RENEWAL).read_bytes()
    run("move", "r3n3", "prop")
    run("done", "r3n3")
    run("delete", "p0rt")
    home = bootstrap.find(str(workspace))
    moved, done, deleted = home.journal.since(0)[0]
    assert (moved.command, moved.path, moved.to) == (
        "move", RENEWAL, "sales/Proposal/Renewal – Acme.md",
    )  # fmt: skip
    assert moved.before == before and moved.before_sha == moved.after_sha
    assert done.to is None and done.before == before and done.after_sha != done.before_sha
    assert deleted.after_sha is None and deleted.before is not None


def test_a_name_that_is_decomposed_on_disk_is_the_same_list(workspace: Path, run: Run) -> None:
    import unicodedata

    folder = unicodedata.normalize("NFD", "Résolus")
    (workspace / "work" / folder).mkdir()
    assert run("move", "m4xq", "résolus").code == 0
    assert (workspace / "work" / folder / "Buy a Mac.md").exists()
    assert len([p for p in (workspace / "work").iterdir() if "solus" in p.name]) == 1


def test_piped_commands_ask_nothing(workspace: Path, run: Run) -> None:
    result = run("done")
    assert result.code == 2 and "--where" in result.err


def test_on_a_terminal_new_shows_the_record(workspace: Path) -> None:
    shown = screen(workspace, "new", "Call", "-l", "open", "-d", "fri", "-a", "li", "-t", "urgent")
    assert "  Call   sales/Open deals   due Fri 27 Nov · li · Urgent" in shown


def test_on_a_terminal_a_missing_record_is_asked_for(workspace: Path) -> None:
    shown = screen(workspace, "done", answers=[("Which record", "renewal")])
    assert "r3n3  Renewal – Acme   done" in shown


def test_on_a_terminal_many_are_asked_for(workspace: Path, git: Git) -> None:
    for number in range(11):
        (workspace / f"work/Backlog/N{number:02}.md").write_text(f"---\nid: n{number:09}\n---\n")
    screen(workspace, "done", "--where", "list:Backlog", answers=[("Mark 13 records as done", "n")])
    assert "done: true" not in git("diff")
    screen(workspace, "done", "--where", "list:Backlog", answers=[("Mark 13 records as done", "y")])
    assert "done: true" in git("diff")


def screen(
    workspace: Path, *words: str, answers: Sequence[tuple[str, str]] = (), width: int = 100
) -> str:
    """What a terminal shows, typing these answers."""
    pexpect = pytest.importorskip("pexpect")
    code = "import sys; from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    child = pexpect.spawn(
        sys.executable, ["-c", code, *words], cwd=str(workspace), encoding="utf-8",
        dimensions=(24, width), timeout=30, env={**os.environ, "COLUMNS": str(width)},
    )  # fmt: skip
    shown = ""
    for question, answer in answers:
        child.expect_exact(question)
        shown += str(child.before)
        child.sendline(answer)
    child.expect_exact(pexpect.EOF)
    return shown + str(child.before)


def test_a_blocked_record_that_is_moved_to_a_done_list_is_told(run: Run, workspace: Path) -> None:
    """Only ``done`` said so, and dragging is how most records are finished."""
    said = run("move", "k7h3", "done").err
    assert "k7h3 Fix #12: login on Safari is done, although it waits for m4xq Buy a Mac." in said
    assert "although" not in run("move", "k7h3", "backlog").err


def test_what_is_required_and_missing_is_said_at_once(workspace: Path, run: Run) -> None:
    project = workspace / "sales/project.yaml"
    text = project.read_text().replace("nda: checkbox", "nda: {type: checkbox, required: true}")
    project.write_text(text.replace("currency: EUR}", "currency: EUR, required_in: [Proposal]}"))
    made = run("new", "A", "-l", "open", "--json")
    assert made.code == 0
    id = json.loads(made.out)["id"]
    assert f"Required here and not set yet: nda. Set it: bluefs set {id[:4]} nda=…" in made.err
    moved = run("move", id, "prop")
    assert "not set yet: deal_value. Set it: bluefs set" in moved.err
    assert "not set yet" not in run("set", id, "nda=yes", "deal_value=3").err
    emptied = run("set", id, "nda=")
    assert emptied.code == 0 and "Required here and not set yet: nda." in emptied.err
    assert "not set yet" not in run("set", id, "nda=no").err
    assert "not set yet" not in run("new", "B", "-l", "open", "--set", "nda=no").err
    for n in range(4):
        run("new", f"N{n}", "-l", "open")
    many = run("move", "N0", "N1", "N2", "N3", "prop")
    assert "4 records lack what is required here (deal_value): bluefs check" in many.err
