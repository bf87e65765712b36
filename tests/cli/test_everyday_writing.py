"""comment, attach, copy, edit and undo, where a transcript says too little."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluefs import bootstrap
from bluefs.core.identity import is_id
from tests.cli.conftest import Run
from tests.cli.test_writing import screen

RENEWAL = "sales/Open deals/Renewal – Acme.md"
Git = Callable[..., str]


def tree(root: Path) -> dict[str, bytes]:
    files = (f for f in root.rglob("*") if f.is_file() and ".git" not in f.relative_to(root).parts)
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in files}


def editor(folder: Path, script: str) -> str:
    """An editor that runs these shell commands on the file ``$1``."""
    file = folder / "editor.sh"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


# -- comment ---------------------------------------------------------------------------------


def test_a_comment_adds_its_lines_and_nothing_else(workspace: Path, run: Run) -> None:
    file = workspace / RENEWAL
    before = file.read_bytes().replace(b"\n", b"\r\n")
    file.write_bytes(before)
    assert run("comment", "r3n3", "-", input="Two\n\n# lines\n").code == 0
    after = file.read_bytes()
    assert after.startswith(before)
    added = after[len(before) :].decode()
    assert added == "\r\n### ana · 2026-11-24 09:12\r\nTwo\r\n\r\n\\# lines\r\n"


def test_a_new_heading_is_in_the_language_of_the_project(workspace: Path, run: Run) -> None:
    project = workspace / "work/project.yaml"
    project.write_text(project.read_text() + "language: fr\n")
    assert run("comment", "mac", "Bonjour").code == 0
    assert "## Commentaires\n\n### ana" in (workspace / "work/Backlog/Buy a Mac.md").read_text()


def test_a_stranger_signs_with_the_name_git_knows(workspace: Path, run: Run, git: Git) -> None:
    git("config", "user.email", "x@elsewhere.example")
    git("config", "user.name", "Xavier")
    assert run("comment", "r3n3", "Hello").code == 0
    assert "### Xavier · 2026-11-24 09:12" in (workspace / RENEWAL).read_text()


def test_a_comment_written_in_an_editor(
    workspace: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "EDITOR", editor(tmp_path, 'echo "From my editor" | cat - "$1" > t && mv t "$1"')
    )
    assert run("comment", "r3n3").code == 0
    text = (workspace / RENEWAL).read_text()
    assert text.endswith("### ana · 2026-11-24 09:12\nFrom my editor\n")
    monkeypatch.setenv("EDITOR", "true")
    result = run("comment", "r3n3")
    assert result.code == 2 and "needs a text" in result.err
    assert (workspace / RENEWAL).read_text() == text


def test_nobody_is_asked_in_a_pipe(
    workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    before = tree(workspace)
    for words in (("comment", "r3n3"), ("edit", "r3n3"), ("edit",), ("path",)):
        result = run(*words)
        assert (result.code, result.out) == (2, "") and len(result.err.splitlines()) == 2
    assert tree(workspace) == before


# -- attach ----------------------------------------------------------------------------------


def test_names_that_no_disk_can_hold_are_made_legal(workspace: Path, run: Run) -> None:
    folder = workspace.parent
    for name in (".env", "a:b?.PDF", "x.tar.gz"):
        (folder / name).write_bytes(name.encode())
        assert run("attach", "r3n3", f"../{name}").code == 0
        (folder / name).write_bytes(b"another")
        assert run("attach", "r3n3", f"../{name}").code == 0
    found = sorted(p.name for p in (workspace / "sales/_files/r3n3w0c4tz").iterdir())
    assert found == ["a b (2).PDF", "a b.PDF", "env", "env (2)", "x (2).tar.gz", "x.tar.gz"]


def test_the_same_bytes_are_attached_once(workspace: Path, run: Run) -> None:
    """Under any name that the file would get, in another case or twice in one command; the
    answer names the file that is there, and nothing is written."""
    folder = workspace.parent
    for name, text in (("note.txt", "a"), ("x/note.txt", "b"), ("y/NOTE.txt", "b"), ("z.txt", "b")):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    names = ["../note.txt", "../x/note.txt", "../y/NOTE.txt"]
    found = json.loads(run("attach", "r3n3", *names, "--json").out)
    ours = "sales/_files/r3n3w0c4tz/"
    wanted = [f"{ours}note.txt", f"{ours}note (2).txt", f"{ours}note (2).txt"]
    assert [one["path"] for one in found] == wanted
    before = tree(workspace)
    result = run("attach", "r3n3", "../x/note.txt")
    assert (result.code, result.out) == (
        0,
        f"{ours}note (2).txt  1 B · there already, byte for byte\n",
    )
    assert json.loads(run("attach", "r3n3", "../note.txt", "--json").out)[0]["path"] == wanted[0]
    assert tree(workspace) == before
    assert run("attach", "r3n3", "../z.txt").out == f"{ours}z.txt  1 B\n"


def test_a_file_there_already_makes_no_id(workspace: Path, run: Run) -> None:
    (workspace / "work/_files/x58154ac9t").mkdir(parents=True)
    shutil.copy(workspace / "bluefs.yaml", workspace / "work/_files/x58154ac9t")
    before = tree(workspace)
    assert "there already" in run("attach", "plain note", "bluefs.yaml").out
    assert tree(workspace) == before


def test_a_refused_attachment_leaves_nothing(workspace: Path, run: Run) -> None:
    before = tree(workspace)
    result = run("attach", "plain note", "bluefs.yaml", "nowhere.pdf")
    assert result.code == 2 and "nowhere.pdf" in result.err
    (workspace / RENEWAL).chmod(0o444)
    assert tree(workspace) == before
    assert not (workspace / "work/_files").exists()


def test_a_full_disk_takes_the_files_back(workspace: Path, run: Run) -> None:
    """The record cannot be written, so the file that was copied first goes again."""
    note = workspace / "work/Backlog/Plain note.md"
    note.chmod(0o444)
    result = run("attach", "plain note", "bluefs.yaml")
    assert result.code == 2 and "read-only" in result.err
    assert not list((workspace / "work").glob("_files/*/*"))


# -- copy ------------------------------------------------------------------------------------


def test_a_copy_is_a_new_record_with_all_it_had(workspace: Path, run: Run) -> None:
    run("attach", "r3n3", "bluefs.yaml")
    (found,) = json.loads(run("copy", "r3n3", "--json").out)
    assert is_id(found["id"]) and found["id"] != "r3n3w0c4tz"
    assert (found["title"], found["list"], found["left_out"]) == (
        "Renewal – Acme",
        "Open deals",
        [],
    )
    assert found["position"] > "a0V" and (found["comments"], found["checklist"]["total"]) == (1, 2)
    old = (workspace / RENEWAL).read_text()
    new = (workspace / found["path"]).read_text()
    title = "title: Renewal – Acme\n"
    assert new == old.replace("r3n3w0c4tz", found["id"]).replace(
        "position: a0V", f"position: {found['position']}"
    ).replace("---\nFree", f"{title}---\nFree")
    (path,) = found["files"]
    assert (workspace / path).read_bytes() == (workspace / "bluefs.yaml").read_bytes()


def test_a_copy_under_another_title(workspace: Path, run: Run) -> None:
    (found,) = json.loads(run("copy", "r3n3", "--title", " Renewal: Beta? ", "--json").out)
    assert (found["title"], found["list"]) == ("Renewal: Beta?", "Open deals")
    (other,) = json.loads(run("copy", "r3n3", "prop", "--title", "Beta", "--json").out)
    assert other["path"] == "sales/Proposal/Beta.md" and other["title"] == "Beta"
    assert "title:" not in (workspace / other["path"]).read_text()
    before = tree(workspace)
    for words in (("r3n3", "p0rt", "-l", "open", "--title", "X"), ("r3n3", "--title", "  "),
                  ("r3n3", "--title", "x" * 300), ("r3n3", "--title", "🎉🎉")):  # fmt: skip
        result = run("copy", *words)
        assert (result.code, len(result.err.splitlines())) == (2, 2), words
    assert tree(workspace) == before


def test_copies_stand_behind_one_another(workspace: Path, run: Run) -> None:
    found = json.loads(run("copy", "r3n3", "p0rt", "-l", "open", "--json").out)
    assert "a0V" < found[0]["position"] < found[1]["position"]
    again = json.loads(run("copy", "r3n3", "--json").out)
    assert again[0]["position"] > found[1]["position"]
    assert len({one["path"] for one in (*found, *again)}) == 3


def test_fields_of_another_kind_are_left_out_and_named(workspace: Path, run: Run) -> None:
    project = workspace / "work/project.yaml"
    project.write_text(
        project.read_text().replace("tags: [Urgent, Later, Bug]", "tags: {Key account: }")
        + "fields: {deal_value: {type: currency, currency: USD}, probability: text, "
        "source: {type: select, options: [Web]}}\n"
    )
    result = run("copy", "r3n3", "work/backlog", "--json")
    (found,) = json.loads(result.out)
    assert found["left_out"] == ["probability", "source", "email"]
    assert found["fields"] == {"deal_value": 12000} and found["tags"] == ["Key account"]
    assert "probability, source, email" in result.err


def test_a_move_to_another_project_takes_the_files_along(workspace: Path, run: Run) -> None:
    run("attach", "r3n3", "bluefs.yaml")
    before = (workspace / RENEWAL).read_bytes()
    assert run("move", "r3n3", "work/backlog").code == 0
    assert (workspace / "work/Backlog/Renewal – Acme.md").read_bytes() == before
    assert (workspace / "work/_files/r3n3w0c4tz/bluefs.yaml").exists()
    assert not (workspace / "sales/_files/r3n3w0c4tz").exists()
    assert run("undo").code == 0
    assert (workspace / RENEWAL).read_bytes() == before
    assert (workspace / "sales/_files/r3n3w0c4tz/bluefs.yaml").exists()


# -- ignored and locked places ------------------------------------------------------------------


@pytest.mark.parametrize("words", [
    ("new", "X", "-p", "work", "-l", "junk"), ("move", "mac", "junk"), ("copy", "mac", "junk"),
    ("new", "X", "-p", "work", "-l", "kept out"), ("rename", "list", "backlog", "junk2"),
])  # fmt: skip
def test_an_ignored_folder_is_refused(words: tuple[str, ...], workspace: Path, run: Run) -> None:
    (workspace / ".gitignore").write_text("work/junk*/\n")
    (workspace / "work/junk").mkdir()
    (workspace / "work/kept out").mkdir()
    settings = workspace / "bluefs.yaml"
    settings.write_text(settings.read_text() + "ignore: [kept out]\n")
    before = tree(workspace)
    result = run(*words)
    assert result.code == 2 and len(result.err.splitlines()) == 2
    assert tree(workspace) == before


@pytest.mark.parametrize("words", [
    ("set", "g0ne", "r3n3", "nda=yes"), ("set", "--where", "project:sales", "tags+=urgent"),
    ("comment", "--where", "is:done or is:open", "x"), ("reopen", "g0ne", "pixel"),
])  # fmt: skip
def test_bulk_actions_are_off_in_a_locked_list(
    words: tuple[str, ...], workspace: Path, run: Run
) -> None:
    (workspace / "sales/Closed won").mkdir()
    (workspace / "sales/Closed won/Pixel.md").write_text("---\nid: p1xe1p1xe1\n---\n")
    before = tree(workspace)
    result = run(*words, "--yes")
    assert result.code == 2 and "Closed lost is locked" in result.err
    assert len(result.err.splitlines()) == 2
    assert tree(workspace) == before


def test_one_record_of_a_locked_list_may_be_edited(workspace: Path, run: Run) -> None:
    assert run("set", "g0ne", "nda=yes").code == 0
    assert run("comment", "g0ne", "Still here").code == 0
    assert run("attach", "g0ne", "bluefs.yaml").code == 0


# -- edit --------------------------------------------------------------------------------------


def test_an_edit_says_what_happened(
    workspace: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "VISUAL", editor(tmp_path, "sed -i 's/12000/14000/; s/\\[Key account\\]/[Urgent]/' \"$1\"")
    )
    result = run("edit", "r3n3")
    assert result.code == 0
    assert result.out == (
        "Renewal – Acme: tag +Urgent, tag -Key account, deal value €12,000 → €14,000\n"
    )


def test_an_edit_names_what_is_wrong_with_its_place(
    workspace: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "sed -i 's/^source: .*/source: Hot/' \"$1\""))
    result = run("edit", "r3n3")
    assert result.code == 0
    assert f"{RENEWAL}:9:9 BF203" in result.out and "        ^^^" in result.out


def test_a_broken_edit_is_kept_and_told(
    workspace: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "sed -i 's/^tags: .*/tags: [a/' \"$1\""))
    result = run("edit", "r3n3")
    assert result.code == 0 and "last good state holds" in result.err
    assert "tags: [a\n" in (workspace / RENEWAL).read_text()
    assert run("undo").code == 0
    assert "tags: [Key account]\n" in (workspace / RENEWAL).read_text()


@pytest.mark.parametrize("script", ["exit 3", 'echo lost > "$1"; exit 1', 'rm "$1"', "kill -9 $$"])
def test_an_editor_that_ends_badly_changes_nothing(
    script: str, workspace: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(workspace)
    monkeypatch.setenv("VISUAL", editor(tmp_path, script))
    result = run("edit", "r3n3")
    assert (result.code, result.out) == (2, "") and len(result.err.splitlines()) == 2
    assert tree(workspace) == before


def test_somebody_else_s_save_is_merged_or_mine_is_kept_aside(
    workspace: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace / RENEWAL
    other = f"sed -i 's/probability: 40/probability: 60/' '{file}'"
    monkeypatch.setenv("VISUAL", editor(tmp_path, f"sed -i 's/12000/14000/' \"$1\"; {other}"))
    result = run("edit", "r3n3")
    assert result.code == 0 and "both changes" in result.err
    assert "deal_value: 14000   # before tax\nprobability: 60\n" in file.read_text()

    other = f"sed -i 's/14000/15000/' '{file}'"
    monkeypatch.setenv("VISUAL", editor(tmp_path, f"sed -i 's/14000/16000/' \"$1\"; {other}"))
    result = run("edit", "r3n3")
    assert result.code == 2 and "deal_value: 15000" in file.read_text()
    kept = Path(result.err.split("Your text is in ")[1].split(";")[0])
    assert "deal_value: 16000" in kept.read_text()
    shutil.rmtree(kept.parent)


# -- undo --------------------------------------------------------------------------------------


def test_undo_walks_back_and_ends(workspace: Path, run: Run) -> None:
    states = [tree(workspace)]
    for words in (
        ("set", "r3n3", "nda=yes"), ("move", "r3n3", "prop"), ("set", "r3n3", "title=Renewed"),
        ("comment", "r3n3", "Hello"), ("attach", "r3n3", "bluefs.yaml"), ("copy", "r3n3"),
        ("new", "Fresh", "-l", "open"), ("done", "r3n3", "p0rt"), ("delete", "p0rt", "r3n3"),
        ("rename", "list", "open", "Leads"), ("rename", "tag", "urgent", "Hot"),
        ("rename", "field", "deal_value", "amount"), ("rename", "person", "ana", "anna"),
    ):  # fmt: skip
        assert run(*words).code == 0, words
        states.append(tree(workspace))
    while len(states) > 1:
        assert tree(workspace) == states.pop()
        result = run("undo")
        assert result.code == 0 and "rules wrote or sent" in result.err
    assert tree(workspace) == states[0]
    result = run("undo")
    assert result.code == 2 and "nothing to undo" in result.err
    assert (workspace / "sales/Open deals").is_dir() and not (workspace / "sales/Leads").exists()


@pytest.mark.parametrize("change", ["edit", "delete", "taken"])
def test_undo_refuses_what_has_changed_since(change: str, workspace: Path, run: Run) -> None:
    run("move", "r3n3", "prop")
    file = workspace / "sales/Proposal/Renewal – Acme.md"
    if change == "edit":
        file.write_text(file.read_text() + "more\n")
    elif change == "delete":
        file.unlink()
    else:
        (workspace / RENEWAL).write_text("another\n")
    before = tree(workspace)
    for words in (("undo",), ("undo", "-n")):
        result = run(*words)
        assert (result.code, result.out) == (2, "") and "nothing was undone" in result.err
    assert tree(workspace) == before


def test_all_of_a_command_or_nothing(workspace: Path, run: Run) -> None:
    run("done", "r3n3", "p0rt", "mac")
    (workspace / "work/Backlog/Buy a Mac.md").write_text("changed\n")
    before = tree(workspace)
    assert run("undo").code == 2
    assert tree(workspace) == before


def test_a_new_command_after_an_undo_is_undone_first(workspace: Path, run: Run) -> None:
    first = tree(workspace)
    run("set", "r3n3", "nda=yes")
    run("set", "p0rt", "nda=yes")
    run("undo")
    run("set", "mac", "due=fri")
    assert json.loads(run("undo", "--json").out)["files"] == [
        {"path": "work/Backlog/Buy a Mac.md", "to": "work/Backlog/Buy a Mac.md"}
    ]
    run("undo")
    assert tree(workspace) == first
    journal = bootstrap.find(str(workspace)).journal.since(0)[0]
    assert [e.command.partition(" ")[0] for e in journal] == [
        "set",
        "set",
        "undo",
        "set",
        "undo",
        "undo",
    ]


WORDS = st.sampled_from([
    ("set", "r3n3", "nda=yes"), ("set", "r3n3", "tags+=urgent"), ("set", "p0rt", "title=Port / Brest"),
    ("move", "r3n3", "prop"), ("move", "r3n3", "open"), ("move", "r3n3", "work/backlog"),
    ("done", "r3n3", "mac"), ("reopen", "mac"), ("delete", "p0rt"), ("comment", "r3n3", "Hi"),
    ("new", "Fresh", "-l", "open"), ("copy", "r3n3"), ("attach", "r3n3", "bluefs.yaml"),
    ("attach", "plain note", "bluefs.yaml"), ("rename", "list", "proposal", "Offers"),
    ("rename", "tag", "urgent", "Hot"), ("check", "--fix", "--yes"),
])  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(WORDS, min_size=1, max_size=6))
def test_undoing_everything_leads_back_to_the_beginning(
    packed: Path, tmp_path_factory: pytest.TempPathFactory, run: Run, words: list[tuple[str, ...]]
) -> None:
    """Whatever commands ran, whichever of them refused, as many undos as wrote lead back."""
    root = tmp_path_factory.mktemp("undo") / "acme"
    shutil.copytree(packed, root)
    before = tree(root)
    for one in words:
        assert run(*one, cwd=root).code in (0, 1, 2)
    for _ in words:
        last = run("undo", cwd=root)
        if last.code:
            assert "nothing to undo" in last.err
    assert tree(root) == before
    shutil.rmtree(root)


# -- the picker --------------------------------------------------------------------------------


def test_a_record_is_picked_by_number_or_by_typing(workspace: Path) -> None:
    shown = screen(workspace, "path", answers=[("Which record", "1")])
    assert (
        "  1  Port of Brest, seats" in shown and "sales/Proposal/Port of Brest, seats.md" in shown
    )
    shown = screen(
        workspace,
        "path",
        answers=[("Which record", "zzz"), ("Which record", "fix mac"), ("Which record", "")],
    )
    assert 'Nothing has "zzz" in it' in shown
    shown = screen(workspace, "path", answers=[("Which record", "login")])
    assert "work/In progress/Login.md" in shown


def test_an_empty_answer_gives_up(workspace: Path) -> None:
    before = tree(workspace)
    screen(workspace, "done", answers=[("Which record", "")])
    assert tree(workspace) == before


def test_the_terminal_s_editor_is_found(workspace: Path, tmp_path: Path) -> None:
    os.environ["EDITOR"] = editor(tmp_path, 'sed -i s/40/41/ "$1"')
    try:
        assert "probability" in screen(workspace, "edit", answers=[("Which record", "renewal")])
    finally:
        del os.environ["EDITOR"]


# -- rename --------------------------------------------------------------------------------------


def test_a_settings_file_that_cannot_be_read_refuses_the_whole(workspace: Path, run: Run) -> None:
    (workspace / "work/project.yaml").write_text("lists: [\n")
    before = tree(workspace)
    result = run("rename", "tag", "urgent", "Hot")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [
        'work/project.yaml: it cannot be read at line 1, column 8: "[" is never closed',
        "Mend it first: bluefs check",
    ]
    assert tree(workspace) == before


def test_a_record_that_cannot_be_read_is_left_and_named(workspace: Path, run: Run) -> None:
    (workspace / "work/Backlog/Buy a Mac.md").write_text("---\ntags: [urgent\n---\n")
    result = run("rename", "tag", "urgent", "Hot")
    assert result.code == 0 and "work/Backlog/Buy a Mac.md" in result.err
    assert (workspace / "work/Backlog/Buy a Mac.md").read_text() == "---\ntags: [urgent\n---\n"


def test_rules_that_would_fire_are_named_and_want_a_yes(workspace: Path, run: Run) -> None:
    rules = workspace / "work/automations.yaml"
    rules.write_text("- name: Shout\n  when: {tagged: Urgent}\n  then: [complete]\n")
    before = tree(workspace)
    result = run("rename", "tag", "urgent", "Hot")
    assert result.code == 2 and "work/Shout" in result.err and "--yes" in result.err
    assert tree(workspace) == before
    assert run("rename", "tag", "urgent", "Hot", "-y").code == 0
    assert "tagged: Hot" in rules.read_text()
    rules.write_text(rules.read_text().replace("  when", "  if: tag:Bug\n  when"))
    assert run("rename", "tag", "hot", "Urgent").code == 0  # its condition does not hold


def test_many_records_want_a_yes_and_a_list_does_not(workspace: Path, run: Run) -> None:
    for number in range(11):
        (workspace / f"work/Backlog/N{number:02}.md").write_text("---\ntags: [Later]\n---\n")
    before = tree(workspace)
    result = run("rename", "tag", "later", "Someday")
    assert result.code == 2 and "--yes" in result.err and "… and 6 records more" in result.out
    assert tree(workspace) == before
    assert run("rename", "list", "backlog", "Pile").code == 0
    assert run("rename", "tag", "later", "Someday", "--yes").code == 0


def test_a_terminal_is_asked(workspace: Path) -> None:
    before = tree(workspace)
    shown = screen(
        workspace,
        "rename",
        "list",
        "backlog",
        "Pile",
        answers=[("Rename the list Backlog to Pile?", "n")],
    )
    assert "work/Backlog/ → work/Pile/" in shown and tree(workspace) == before
    screen(workspace, "rename", "list", "backlog", "Pile", answers=[("Rename the list", "y")])
    assert (workspace / "work/Pile/Plain note.md").exists()


def test_only_the_case_of_a_name_may_change(workspace: Path, run: Run) -> None:
    assert run("rename", "list", "backlog", "BACKLOG").code == 0
    assert run("rename", "tag", "urgent", "URGENT").code == 0
    assert run("rename", "person", "ana", "Ana").code == 0
    assert run("check").code in (0, 1)
    assert "URGENT" in (workspace / "work/BACKLOG/Buy a Mac.md").read_text()


def test_a_person_is_not_renamed_onto_a_group(workspace: Path, run: Run) -> None:
    result = run("rename", "person", "ana", "sales-team", "--yes")
    said = "There is a group sales-team already in bluefs.yaml.\n"
    assert (result.code, result.err.startswith(said)) == (2, True), result.err


def test_the_rules_that_a_renamed_person_fires_are_those_foreseen(
    workspace: Path, run: Run
) -> None:
    """Under the new settings nobody knows *ana* any more, and so *li* beside her looks newly
    assigned: the rule for that is named as well."""
    rules = workspace / "sales/automations.yaml"
    rules.write_text(
        "- {name: For li, when: {assigned: li}, then: [{add_tags: [Silent]}]}\n"
        "- {name: For anna, when: {assigned: ana}, then: [{add_tags: [Contacted]}]}\n"
        "- {name: For bo, when: {assigned: bo}, then: [{add_tags: [Urgent]}]}\n"
    )
    assert run("run").code == 0
    result = run("rename", "person", "ana", "anna")
    assert result.code == 2 and "sales/For anna" in result.err and "For bo" not in result.err
    assert run("rename", "person", "ana", "anna", "--yes").code == 0
    said = run("run").out
    fired = {name for name in ("For li", "For anna", "For bo") if f"rule     {name}" in said}
    assert fired and all(name in result.err for name in fired)


def test_paths_in_blocked_by_follow_a_renamed_list(workspace: Path, run: Run) -> None:
    """In every project and every spelling; a title that looks alike stays."""
    login = workspace / "work/In progress/Login.md"
    port = workspace / "sales/Open deals/Other.md"
    login.write_text("""\
---
id: k7h3kq0m2x
blocked_by:
  - sales/Open deals/Renewal – Acme.md   # the path
  - "[[Sales/open deals/Renewal – Acme]]"
  - [[sales/Open deals/Other]]
  - Open deals/Renewal
  - work/Backlog/Buy a Mac
---
""")
    port.write_text("---\nid: 0therdea1s\nblocked_by: sales/Open deals/Renewal – Acme\n---\n")
    before = tree(workspace)
    result = run("rename", "list", "open deals", "Leads", "-p", "sales", "-y")
    assert result.code == 0, result.err
    wanted = """\
---
id: k7h3kq0m2x
blocked_by:
  - sales/Leads/Renewal – Acme.md   # the path
  - "[[sales/Leads/Renewal – Acme]]"
  - [[sales/Leads/Other]]
  - Open deals/Renewal
  - work/Backlog/Buy a Mac
---
"""
    assert login.read_text() == wanted
    moved = workspace / "sales/Leads/Other.md"
    assert "blocked_by: sales/Leads/Renewal – Acme\n" in moved.read_text()
    shown = json.loads(run("show", "0the", "--json").out)
    assert shown["blocked_by"] == ["r3n3w0c4tz"]
    assert run("undo").code == 0
    assert tree(workspace) == before
