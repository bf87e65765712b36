"""`bluefs check`: its screen, its JSON, its exit codes, and `--fix`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bluefs.adapters import files as files_module
from bluefs.adapters.files import Files
from bluefs.app.workspace import Library
from bluefs.bootstrap import find
from bluefs.core.errors import Unreadable
from tests.cli.read_help import Place, make_place


@pytest.fixture
def place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Place:
    return make_place(tmp_path, monkeypatch, capsys)


PORT = "sales/Proposal/Port.md"
LOGIN = "work/Backlog/Login.md"


def test_a_clean_workspace(place: Place) -> None:
    result = place.run("check")
    assert (result.code, result.out, result.err) == (0, "No problems in 9 files.\n", "")
    assert place.run("check", "--json").out == "[]\n"


def test_the_screen(place: Place) -> None:
    place.write(PORT, "---\nid: p0rt000001\ndeal_value: 1\nsource: Hot deal 東京\n---\n")
    place.write(LOGIN, "---\nid: l0g1n00001\ntitle: Fix #12 login\n---\n")
    result = place.run("check")
    assert result.code == 1
    assert (
        result.out
        == """\
sales/Proposal/Port.md:4:9 BF203 "Hot deal 東京" is not an option of source
  4 | source: Hot deal 東京
    |         ^^^^^^^^^^^^^
    = options: Web, Referral
work/Backlog/Login.md:3:12 BF112 everything from " #12 login" on is a comment
  3 | title: Fix #12 login
    |            ^^^^^^^^^
    = put the value in quotes (--fix can)
2 problems in 2 of 10 files. bluefs check --fix can mend 1.
"""
    )


def test_infos_alone_exit_0(place: Place) -> None:
    place.write(LOGIN, "no id")
    result = place.run("check")
    assert result.code == 0
    assert (
        result.out
        == """\
work/Backlog/Login.md:1:1 BF402 this record has no id yet
    = the engine writes one when it commits the file (--fix can)
No problems in 10 files, 1 remark. bluefs check --fix can mend 1.
"""
    )
    place.write("work/Backlog/Logout.md", "---\ntitle: Re: x\n---\n")
    out = place.run("check", "work/Backlog").out
    assert out.splitlines()[-1].startswith("1 problem in 1 of 3 files, 1 remark. ")
    place.write("bluefs.yaml", place.read("bluefs.yaml") + b"language: fr\n")
    out = place.run("check", "work/Backlog").out
    assert out.splitlines()[-1].startswith("1 problème dans 1 fichier sur 3, 1 remarque. ")


def test_a_path_that_git_ignores_is_refused(place: Place) -> None:
    place.write(".gitignore", "Secret/\n")
    place.write("work/Secret/Hidden.md", "---\ntitle: Re: x\n---\n")
    before = place.tree()
    for path in ("work/Secret/Hidden.md", "work/Secret"):
        result = place.run("check", path)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"Git ignores {path}")
    result = place.run("check")
    assert (result.code, "Secret" in result.out) == (0, False)
    assert place.tree() == before


def test_json(place: Place) -> None:
    place.write(LOGIN, "---\nid: l0g1n00001\ntitle: Re: x\n---\n")
    for option in (("--json",), ("--format", "json")):
        result = place.run("check", *option)
        (problem,) = json.loads(result.out)
        assert result.code == 1
        assert list(problem) == [
            "code", "severity", "path", "line", "column", "end", "message", "hint", "fixable",
        ]  # fmt: skip
        assert problem["path"] == LOGIN and problem["fixable"] is True
        assert (problem["code"], problem["severity"]) == ("BF111", "error")
        assert (problem["line"], problem["column"], problem["end"]) == (3, 10, 11)


def test_only_the_paths_that_are_named(place: Place) -> None:
    place.write(LOGIN, "---\ntitle: Re: x\n---\n")
    assert place.run("check", "sales").code == 0
    assert place.run("check", "Backlog", inside="work").code == 1
    assert place.run("check", str(place.root / LOGIN)).code == 1
    assert place.run("check", ".", inside="sales").out.startswith("No problems in ")


@pytest.mark.parametrize(("path", "said"), [("nix", "no file or folder"), ("/etc", "outside")])
def test_a_path_that_is_not_there_is_refused(place: Place, path: str, said: str) -> None:
    result = place.run("check", path)
    assert (result.code, result.out) == (2, "") and said in result.err


def test_a_settings_file_that_is_broken_is_one_problem(place: Place) -> None:
    place.write("sales/project.yaml", "name: Sales\nlists\n")
    out = place.run("check").out
    assert out.startswith("sales/project.yaml:2:1 BF125 ")
    assert out.endswith("1 problem in 1 of 9 files.\n")


def test_what_does_not_print_does_no_harm(place: Place) -> None:
    place.write(LOGIN, b"---\nid: l0g1n00001\n\x1b[2Jtitle: x\n---\n")
    out = place.run("check").out
    assert "\x1b" not in out and "  3 | ?[2Jtitle: x\n    | ^\n" in out


def test_a_long_line_is_shown_around_its_caret(place: Place) -> None:
    place.write(LOGIN, f"---\nid: l0g1n00001\ntitle: {'x' * 5000}: y\n---\n")
    lines = place.run("check").out.splitlines()
    assert len(lines[1]) < 120 and lines[1][lines[2].index("^")] == ":"


def test_a_file_that_cannot_be_opened(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a stand-in: for root, who runs the tests in a container, no permission is missing."""
    read = Files.read

    def refuse(files: Files, path: str) -> bytes | None:
        if path == PORT:
            raise Unreadable("errors.unreadable", path=path, reason="permission denied")
        return read(files, path)

    monkeypatch.setattr(Files, "read", refuse)
    monkeypatch.setattr(files_module, "_read_in", lambda folder, name: b"")  # many at once: so
    result = place.run("check")
    assert result.code == 1
    assert f"{PORT}:1:1 BF414 the file cannot be opened: permission denied\n" in result.out
    # Its last good state stands: it is listed and counted as before, and nothing is written.
    assert "Port of Brest, seats" in place.run("list").out
    assert json.loads(place.run("show", "p0rt", "--json").out)["fields"]["deal_value"] == 62500
    assert place.run("set", "p0rt", "deal_value=1").code == 2
    assert f"Held       {PORT}:1:1 the file cannot be opened" in place.run("status").out


@pytest.mark.parametrize("words", [("check", "--fix"), ()], ids=str)
def test_a_file_saved_while_it_is_read_is_read_again(
    words: tuple[str, ...], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known to the index, so its bytes are fetched last: by then they are others."""
    place.run("list")
    read, saved = Files.read, list[str]()

    def meanwhile(files: Files, path: str) -> bytes | None:
        if path == PORT and not saved:
            saved.append(path)
            place.write(PORT, b"---\nid: p0rtbr3st0\ndeal_value: 3\nsource: Nobody knows\n---\n")
        return read(files, path)

    monkeypatch.setattr(Files, "read", meanwhile)
    result = place.run(*words)
    assert saved and result.code == (1 if words else 0), result.err
    assert "has changed" not in result.err
    assert ("BF203" in result.out) if words else "1: bluefs check" in result.out


def test_a_record_never_readable_is_named(place: Place) -> None:
    place.write(LOGIN, "---\ntitle: Re: hello\n---\n")
    for ref in (LOGIN, "login"):
        result = place.run("set", ref, "tags+=Urgent")
        assert (result.code, result.out) == (2, "")
        assert result.err == (
            f'{LOGIN}:2:10 unquoted ": ": this record cannot be read.\n'
            "Mend it first: bluefs check\n"
        )


def test_a_file_that_never_had_text_has_lost_none(place: Place) -> None:
    place.write(LOGIN, "\n \n")
    place.git("add", "-A")
    place.git("commit", "-qm", "blank")
    assert place.run("check").code == 0
    assert "Held" not in place.run("status").out


def test_hidden_files_are_no_changes(place: Place) -> None:
    place.write("work/Backlog/.draft.md", "x")
    place.git("add", "-A")
    place.git("commit", "-qm", "hidden")
    assert "not yet committed" not in place.run("status").out


def test_a_folder_is_a_list_for_rules_too(place: Place) -> None:
    place.write("work/Someday/.gitkeep", "")
    rule = "- name: Park\n  when: {tagged: Urgent}\n  then: [{move: Someday}]\n"
    place.write("work/automations.yaml", rule)
    home = find(str(place.root))
    assert Library(home.files, home.git).snapshot().loaded.problems == ()
    place.write("work/automations.yaml", rule.replace("Someday", "Somday"))
    assert len(Library(home.files, home.git).snapshot().loaded.problems) == 1


# --fix

BROKEN = {
    "work/Backlog/Re.md": b"\xef\xbb\xbf---\r\ntitle: Re: hello  # stays\r\n---\r\nbody\r\n",
    "work/Backlog/Waits.md": b"---\nid: waits00001\nblocked_by:\n  - Port of Brest, seats\n---\n",
    "sales/Open deals/Money.md": b"---\nid: m0ney00001\ndeal_value: 12,000\nsource: Nope\n---\n",
    "work/Backlog/Cafe\u0301.md": b"---\nid: cafe000001\n---\n",
}


def test_fix_mends_and_shows_it_first(place: Place) -> None:
    for path, data in BROKEN.items():
        place.write(path, data)
    before = place.tree()
    result = place.run("check", "--fix")
    after = place.tree()
    assert result.err == "Mended 4 files.\n"
    assert '-title: Re: hello  # stays\n+title: "Re: hello"  # stays\n+id: ' in result.out
    assert "-  - Port of Brest, seats\n+  - p0rt000001  # Port of Brest, seats\n" in result.out
    assert "-deal_value: 12,000\n+deal_value: 12000\n" in result.out
    assert "rename work/Backlog/Cafe\u0301.md to work/Backlog/Caf\u00e9.md\n" in result.out
    assert result.out.endswith("1 problem in 1 of 13 files.\n") and result.code == 1
    touched = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    assert touched == {*BROKEN, "work/Backlog/Caf\u00e9.md"}
    mended = after["work/Backlog/Re.md"]
    assert mended.startswith(b'\xef\xbb\xbf---\r\ntitle: "Re: hello"  # stays\r\nid: ')
    assert mended.endswith(b"\r\n---\r\nbody\r\n") and b"\n" not in mended.replace(b"\r\n", b"")


def test_fix_twice_changes_nothing_more(place: Place) -> None:
    for path, data in BROKEN.items():
        place.write(path, data)
    place.run("check", "--fix")
    before = place.tree()
    result = place.run("check", "--fix")
    assert result.err == "" and "@@" not in result.out
    assert place.tree() == before


@pytest.mark.parametrize("args", [("-n",), ("--fix", "--dry-run"), ("-n", "--json")])
def test_a_dry_run_writes_nothing(place: Place, args: tuple[str, ...]) -> None:
    for path, data in BROKEN.items():
        place.write(path, data)
    before = place.tree()
    result = place.run("check", *args)
    assert place.tree() == before and result.code == 1
    assert ("+deal_value: 12000\n" in result.out) is ("--json" not in args)


def test_fix_stays_within_the_paths_that_are_named(place: Place) -> None:
    for path, data in BROKEN.items():
        place.write(path, data)
    place.run("check", "--fix", "sales")
    tree = place.tree()
    assert tree["work/Backlog/Re.md"] == BROKEN["work/Backlog/Re.md"]
    assert b"deal_value: 12000\n" in tree["sales/Open deals/Money.md"]


def test_a_committed_file_gets_the_id_it_has_in_every_clone(place: Place) -> None:
    place.write(LOGIN, "plain\n")
    place.git("add", "-A")
    place.git("commit", "-qm", "plain")
    name = json.loads(place.run("show", "Login", "--json").out)["id"]
    place.run("check", "--fix")
    assert place.read(LOGIN) == f"---\nid: {name}\n---\nplain\n".encode()


def test_a_decomposed_list_is_renamed_with_all_it_holds(place: Place) -> None:
    place.write("work/project.yaml", "name: Work\nlists: {Backlog: , \u00c9t\u00e9: }\n")
    place.write("work/E\u0301te\u0301/Re\u0301.md", "---\nid: ete0000001\n---\n")
    result = place.run("check", "--fix")
    assert result.code == 0 and result.err == "Mended 2 files.\n"
    assert "work/\u00c9t\u00e9/R\u00e9.md" in place.tree()


def test_fix_tells_the_engine_that_it_was_a_command(place: Place) -> None:
    place.write("sales/Open deals/Money.md", BROKEN["sales/Open deals/Money.md"])
    place.run("check", "--fix")
    entries, _ = find(str(place.root)).journal.since(0)
    assert [(e.command, e.path) for e in entries] == [("check --fix", "sales/Open deals/Money.md")]
    assert entries[0].before == BROKEN["sales/Open deals/Money.md"]


def test_fix_with_json_says_only_what_is_left(place: Place) -> None:
    place.write("sales/Open deals/Money.md", BROKEN["sales/Open deals/Money.md"])
    result = place.run("check", "--fix", "--json")
    assert [p["code"] for p in json.loads(result.out)] == ["BF203"]
    assert b"deal_value: 12000\n" in place.read("sales/Open deals/Money.md")


@pytest.mark.parametrize(("answer", "written"), [("n", False), ("y", True)])
def test_on_a_terminal_it_asks_first(place: Place, answer: str, written: bool) -> None:
    import sys

    import pexpect

    place.write("sales/Open deals/Money.md", BROKEN["sales/Open deals/Money.md"])
    command = ["-m", "bluefs", "-C", str(place.root), "check", "--fix"]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=20)
    child.expect("12000")
    child.expect("Write these changes")
    child.sendline(answer)
    child.expect("Mended 1 file" if written else "Nothing was written")
    child.expect("problem")
    child.expect(pexpect.EOF)
    assert (b"deal_value: 12000\n" in place.read("sales/Open deals/Money.md")) is written


def test_a_file_saved_meanwhile_is_not_overwritten(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves between the reading and the writing: nothing at all is written."""
    for path, data in BROKEN.items():
        place.write(path, data)
    money, mine = "sales/Open deals/Money.md", b"---\nid: m0ney00001\ndeal_value: 3\n---\n"

    def save_and_agree(_: object) -> bool:
        place.write(money, mine)
        return True

    monkeypatch.setattr("bluefs.cli.mend._agreed", save_and_agree)
    before = place.tree()
    result = place.run("check", "--fix")
    assert result.code == 2 and "has changed since it was read" in result.err
    assert place.tree() == {**before, money: mine}


def test_the_sample_workspace_is_clean(place: Place) -> None:
    import shutil

    from bluefs.bootstrap import data_folder

    for path in place.tree():
        (place.root / path).unlink()
    shutil.copytree(data_folder("sample-workspace"), place.root, dirs_exist_ok=True)
    result = place.run("check")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("No problems in ")


def test_an_empty_list_is_kept_by_a_file_that_can_be_undone(place: Place) -> None:
    """Only where nothing else is in it; the name of the list is not touched."""
    folder = place.root / "sales/Ideas"
    folder.mkdir()
    (place.root / "sales/project.yaml").write_text(
        (place.root / "sales/project.yaml").read_text().replace("lists:\n", "lists:\n  Ideas:\n")
    )
    told = json.loads(place.run("check", "--json").out)
    mine = [one for one in told if one["code"] == "BF416"]
    assert [(one["path"], one["fixable"], one["severity"]) for one in mine] == [
        ("sales/Ideas", True, "info")
    ]
    result = place.run("check", "--fix")
    assert "create sales/Ideas/.gitkeep" in result.out
    assert [path.name for path in folder.iterdir()] == [".gitkeep"]
    assert not (folder / ".gitkeep").read_bytes()
    assert "BF416" not in place.run("check").out
    assert place.run("undo").code == 0
    assert not list(folder.iterdir())
