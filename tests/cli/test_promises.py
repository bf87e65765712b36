"""What every command promises: exit codes, streams, plain locales, forgiveness, bad places.

Where the process counts (a pipe that closes, ^C, a locale, what is imported), it is a real one.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bluefs import bootstrap
from bluefs.app.commands import plan as plans
from bluefs.app.reports import Stopped
from bluefs.cli.engine import Driver
from bluefs.cli.main import COMMANDS
from tests.cli.conftest import Run

Git = Callable[..., str]
RENEWAL = "sales/Open deals/Renewal – Acme.md"

#: Every command that needs a workspace, with words that it would take there.
IN_A_WORKSPACE = (
    (), ("new", "X", "-l", "open"), ("list",), ("list", "--json"), ("show", "r3n3"),
    ("set", "r3n3", "nda=yes"), ("move", "r3n3", "prop"), ("done", "r3n3"), ("reopen", "r3n3"),
    ("delete", "r3n3"), ("status",), ("resume",), ("resume", "--restore"), ("outbox",),
    ("outbox", "list"), ("outbox", "release"), ("check",), ("check", "--fix"), ("watch",), ("run",),
    ("trust",), ("trust", "--yes"),
)  # fmt: skip


def named(words: tuple[str, ...]) -> str:
    return " ".join(words) or "alone"


def process(
    workspace: Path, *words: str, env: Mapping[str, str] | None = None, **more: object
) -> subprocess.CompletedProcess[bytes]:
    """``bluefs …`` as a process of its own, its streams piped."""
    code = "import sys; from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=workspace, env={**os.environ, **(env or {})},
        capture_output=True, check=False, timeout=60, **more,  # type: ignore[call-overload]
    )  # fmt: skip


# -- bad places ------------------------------------------------------------------------------


def test_the_table_holds_every_command() -> None:
    elsewhere = {"init", "demo", "version"}
    assert {words[0] for words in IN_A_WORKSPACE if words} >= {
        "new", "list", "show", "set", "move", "done", "reopen", "delete", "status", "resume",
        "outbox", "check", "watch", "run", "trust",
    }  # fmt: skip
    assert elsewhere <= COMMANDS.keys()


@pytest.mark.parametrize("words", IN_A_WORKSPACE, ids=named)
def test_bad_places_are_one_line_and_a_remedy(
    words: tuple[str, ...], workspace: Path, tmp_path: Path, run: Run, git: Git
) -> None:
    nowhere, bare, no_git = tmp_path / "nowhere", tmp_path / "bare", tmp_path / "no git"
    for folder in (nowhere, bare, no_git):
        folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=bare, check=True)
    (no_git / "bluefs.yaml").write_text("bluefs: 1\n")
    (workspace / "bluefs.yaml").write_text("bluefs: 2\nname: Later\n")
    for folder, remedy in (
        (nowhere, "bluefs init"), (bare, "bluefs init"), (no_git, "git init"),
        (workspace, "pip install --upgrade bluefs"), (tmp_path / "gone", "DIR"),
    ):  # fmt: skip
        result = run("-C", str(folder), *words)
        assert (result.code, result.out) == (2, ""), (folder, result)
        assert len(result.err.splitlines()) == 2
        assert remedy in result.err.splitlines()[1]
    assert git("status", "--short") == " M bluefs.yaml\n"
    assert [*nowhere.iterdir()] == []


def test_dash_c_is_as_if_started_there(workspace: Path, tmp_path: Path, run: Run) -> None:
    inside = workspace / "sales/Proposal"
    assert run("-C", str(inside), "show", "Port of Brest, seats.md", cwd=tmp_path).code == 0
    made = run("-C", str(inside), "new", "From afar", cwd=tmp_path)
    assert made.out == "sales/Proposal/From afar.md\n"
    assert run("-C", "acme", "list", cwd=tmp_path).code == 0


@pytest.mark.parametrize("words", [("watch",), ("trust", "--yes"), ("run",)], ids=named)
def test_a_second_engine_says_who_holds_the_workspace(
    words: tuple[str, ...], workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bootstrap.find(str(workspace))
    held = home.lock.acquire()
    assert held is not None
    with held:
        monkeypatch.setattr("bluefs.cli.run._PATIENCE", 0.2)
        result = run(*words)
    if words == ("trust", "--yes"):
        assert result.code == 0  # to agree needs no engine
        return
    assert result.code == 2
    if words == ("watch",):
        assert f"pid {os.getpid()}" in result.err
        assert f"kill {os.getpid()}" in result.err
    else:  # said before it waits
        assert f"(pid {os.getpid()} on " in result.err.splitlines()[0]


# -- the disk --------------------------------------------------------------------------------


def writes(workspace: Path) -> list[tuple[str, ...]]:
    return [
        ("set", "r3n3", "nda=yes"), ("new", "A", "-l", "open"), ("done", "r3n3"),
        ("move", "r3n3", "prop"), ("delete", "r3n3"),
    ]  # fmt: skip


def leftovers(workspace: Path) -> list[Path]:
    return [p for p in workspace.rglob(".bluefs-*") if ".git" not in p.parts]


def test_a_read_only_folder_is_left_alone(workspace: Path, run: Run, git: Git) -> None:
    folder = workspace / "sales/Open deals"
    folder.chmod(0o555)
    try:
        results = [run(*words) for words in writes(workspace)]
    finally:
        folder.chmod(0o755)
    for result in results:
        assert (result.code, result.out) == (2, "")
        assert "permission denied" in result.err
        assert 'ls -ld "sales/Open deals"' in result.err
    assert (git("status", "--short"), leftovers(workspace)) == ("", [])


def test_an_immutable_file_is_told_from_a_read_only_one(
    workspace: Path, run: Run, git: Git
) -> None:
    chattr = shutil.which("chattr") or ""
    locked = [chattr, "+i", RENEWAL]
    if not chattr or subprocess.run(locked, cwd=workspace, capture_output=True).returncode:
        pytest.skip("chattr +i is not possible here")
    try:
        results = [run(*words) for words in writes(workspace) if words[0] != "new"]
    finally:
        subprocess.run([chattr, "-i", RENEWAL], cwd=workspace, check=True)
    for result in results:
        assert (result.code, result.out) == (2, "")
        assert "lsattr" in result.err and "chmod" not in result.err
    assert (git("status", "--short"), leftovers(workspace)) == ("", [])


def test_a_disk_that_fills_up_in_mid_write(
    workspace: Path, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def full(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink().name
        if name.startswith(".bluefs-"):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setenv("BLUEFS_FSYNC", "1")
    monkeypatch.setattr(os, "fsync", full)
    for words in (("set", "r3n3", "nda=yes"), ("new", "A", "-l", "open"), ("done", "r3n3")):
        result = run(*words)
        assert (result.code, result.out) == (2, "")
        said, remedy = result.err.splitlines()
        assert "the disk is full" in said and "Free some space" in remedy
    assert (git("status", "--short"), leftovers(workspace)) == ("", [])


def test_an_obstacle_does_not_keep_a_processor_busy(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that is due stays due while the brake is on."""
    home = bootstrap.find(str(workspace))
    driver = Driver(home, home.world(), lambda reports: None)
    monkeypatch.setattr(driver.engine, "due", lambda: 0.0)
    assert driver._timeout() == 0.0
    driver.engine.obstacles = (Stopped("engine.paused", {"count": 3}),)
    assert 0.1 < driver._timeout() < 5.0


# -- streams and codes -----------------------------------------------------------------------


def test_a_pipe_whose_reader_has_gone_is_no_error(workspace: Path) -> None:
    for number in range(300):
        (workspace / f"work/Backlog/N{number:03}.md").write_text("x\n")
    code = "import sys; from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    child = subprocess.Popen(
        [sys.executable, "-c", code, "list", "--json"], cwd=workspace,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None and child.stderr is not None
    child.stdout.read(1)
    child.stdout.close()
    assert (child.wait(60), child.stderr.read()) == (0, b"")


def test_an_interrupted_question_is_130(workspace: Path, git: Git) -> None:
    pexpect = pytest.importorskip("pexpect")
    code = "import sys; from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    child = pexpect.spawn(
        sys.executable, ["-c", code, "done"], cwd=str(workspace), encoding="utf-8", timeout=30,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored behind a `&`
    )  # fmt: skip
    child.expect_exact("Which record")
    child.sendintr()  # once more where it came just before CPython's read, which then waits on
    while child.expect_exact([pexpect.EOF, pexpect.TIMEOUT], timeout=2):
        child.sendintr()
    child.close()
    assert "Traceback" not in str(child.before)
    assert (child.exitstatus, git("status", "--short")) == (130, "")


def test_an_interrupted_command_takes_back_what_it_wrote(
    workspace: Path, run: Run, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """^C comes while the second file is being written: that one is finished, then both go
    back."""
    real, done = plans.Step.carry_out, list[str]()

    def carry_out(step: plans.Step, *rest: object) -> None:
        if len(done) == 1:
            os.kill(os.getpid(), signal.SIGINT)
        real(step, *rest)  # type: ignore[arg-type]
        done.append(step.path)

    monkeypatch.setattr(plans.Step, "carry_out", carry_out)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored behind a `&`
    try:
        result = run("set", "r3n3", "m4xq", "p0rt", "due=fri")
        assert (result.code, result.out, len(done)) == (130, "", 2)
        assert (git("status", "--short"), leftovers(workspace)) == ("", [])
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_bug_is_3_and_says_so(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("here")

    # By name, so that the module is imported before: what it takes for the original is what
    # stays in it after this test.
    monkeypatch.setattr("bluefs.cli.checking.seen", broken)
    result = run("check")
    assert result.code == 3
    assert result.err.splitlines()[-1] == "This is a bug of bluefs: ZeroDivisionError: here"


@pytest.mark.parametrize(
    "words",
    [("list",), ("show", "r3n3"), ("status",), ("check",), ("trust",), ("outbox",),
     ("outbox", "list"), ("resume",), ("set", "r3n3", "nda=yes"), ("move", "r3n3", "prop"),
     ("done", "r3n3"), ("reopen", "r3n3"), ("delete", "r3n3"), ("new", "X", "-l", "open")],
    ids=named,
)  # fmt: skip
def test_json_is_one_value_and_nothing_else(
    words: tuple[str, ...], workspace: Path, run: Run
) -> None:
    result = run(*words, "--json")
    assert result.code in (0, 1, 2) and result.out, result.err
    json.loads(result.out)
    assert result.out.endswith(("}\n", "]\n"))


# -- what is typed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "near"), [("--jsn", "--json"), ("--projct=sales", "--project"), ("--nosuch", None)]
)
def test_a_misspelt_option_is_no_query(
    option: str, near: str | None, workspace: Path, run: Run
) -> None:
    result = run("list", "is:open", option)
    assert (result.code, result.out) == (2, "")
    said = result.err.splitlines()[0]
    assert option.partition("=")[0] in said
    assert f"did you mean {near}?" in said if near else "did you mean" not in said


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("fri", "2026-11-27"), ("tomorrow", "2026-11-25"), ("+3d", "2026-11-27"),
        ("2026-12-01", "2026-12-01"), ("tomorrow 9am", "2026-11-25T09:00"), ("1 dec", "2026-12-01"),
        ("next monday", "2026-11-30"), ("vendredi", "2026-11-27"), ("ven", "2026-11-27"),
        ("demain", "2026-11-25"), ("demain à 15h30", "2026-11-25T15:30"),
        ("dans 3 jours", "2026-11-27"), ("1er décembre", "2026-12-01"), ("aujourd'hui", "2026-11-24"),
    ],
)  # fmt: skip
def test_dates_as_people_type_them(typed: str, wanted: str, workspace: Path, run: Run) -> None:
    made = run("new", "Dated", "-l", "open", "-d", typed)
    text = (workspace / made.out.rstrip("\n")).read_text(encoding="utf-8")
    assert f"\ndue: {wanted}\n" in text
    assert run("set", "p0rt", f"due={typed}").code == 0
    assert (
        f"\ndue: {wanted}\n" in (workspace / "sales/Proposal/Port of Brest, seats.md").read_text()
    )


@pytest.mark.parametrize("typed", ["12/01/2026", "1/12", "someday"])
def test_dates_in_doubt_change_nothing(typed: str, workspace: Path, run: Run, git: Git) -> None:
    for words in (("set", "p0rt", f"due={typed}"), ("new", "X", "-l", "open", "-d", typed)):
        result = run(*words)
        assert (result.code, result.out) == (2, "")
        assert "2026-12-01" in result.err
    assert git("status", "--short") == ""


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("move", "renewal", "PROP"), "Open deals → Proposal"),
        (("move", "renewal", "closed-won"), "Open deals → Closed won"),
        (("set", "renewal", "Prob=60"), "+ probability: 60"),
        (("set", "renewal", "NEXT=call"), "+ next_step: call"),
        (("set", "renewal", "ass+=BO"), "+ assignees: [ana, li, bo]"),
        (("set", "renewal", "assignees+=lind"), "+ assignees: [ana, li, bo]"),
        (("set", "renewal", "tags+=key-account", "tags+=URGENT"), "+ tags: [Key account, Urgent]"),
        (("set", "m4xq", "tags+=lat"), "+   - Later"),
        (("set", "p0rt", "tags+=Urg"), "+ tags: [Urg]"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)  # fmt: skip
def test_words_are_forgiven(words: tuple[str, ...], line: str, workspace: Path, run: Run) -> None:
    result = run(*words)
    assert result.code == 0, result.err
    assert line in result.out


@pytest.mark.parametrize(
    "ref",
    [RENEWAL, f"./{RENEWAL}", RENEWAL.removesuffix(".md"), "r3n3w0c4tz", "r3n", "R3N3",
     "Renewal – Acme", "renewal - acme", "acme"],
)  # fmt: skip
def test_a_record_may_be_named_in_many_ways(ref: str, workspace: Path, run: Run) -> None:
    result = run("show", ref, "--json")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["id"] == "r3n3w0c4tz"


# -- locales ---------------------------------------------------------------------------------


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LANG": "C", "LC_CTYPE": ""}],
                         ids=["LC_ALL=C", "POSIX", "LANG=C"])  # fmt: skip
def test_a_plain_locale_gets_plain_glyphs_and_true_paths(
    env: Mapping[str, str], workspace: Path
) -> None:
    moved = process(workspace, "move", "p0rt", "open", env=env)
    assert b"Proposal -> Open deals" in moved.stdout
    table = process(workspace, "list", env=env).stdout.decode()
    assert "Renewal - Acme" in table
    assert not set("→·–…€") & set(table)
    made = process(workspace, "new", "Café – zoé", "-l", "open", env=env).stdout.decode()
    assert (workspace / made.rstrip("\n")).is_file()
    found = json.loads(process(workspace, "show", "r3n3", "--json", env=env).stdout)
    assert found["title"] == "Renewal – Acme"


def test_a_stream_that_cannot_say_it_still_gets_true_paths(workspace: Path) -> None:
    env = {"PYTHONIOENCODING": "ascii"}
    made = process(workspace, "new", "Café – zoé", "-l", "open", env=env)
    assert (workspace / made.stdout.decode().rstrip("\n")).is_file()
    listed = process(workspace, "list", "Café", env=env)
    assert listed.stdout.isascii() and b"Cafe - zoe" in listed.stdout


@pytest.mark.parametrize("env", [{"LC_ALL": "C.UTF-8"}, {"LC_ALL": "", "LANG": "", "LC_CTYPE": ""},
                                 {"LC_ALL": "C.UTF-8", "LANG": "C"}],
                         ids=["UTF-8", "unset", "LC_ALL wins"])  # fmt: skip
def test_other_locales_get_ours(env: Mapping[str, str], workspace: Path) -> None:
    moved = process(workspace, "move", "p0rt", "open", env=env)
    assert "Proposal → Open deals".encode() in moved.stdout


def test_colour_only_where_it_is_wanted(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    plain = process(workspace, "list").stdout
    forced = process(workspace, "list", env={"FORCE_COLOR": "1"}).stdout
    assert b"\x1b" not in plain and b"\x1b[" in forced
    import re

    assert re.sub(rb"\x1b\[[0-9;]*m", b"", forced) == plain
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert b"\x1b" not in process(workspace, "list", env={"FORCE_COLOR": "1", **env}).stdout


# -- what is not loaded ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("list",), ("show", "p0rt"), ("set", "m4xq", "due=fri")], ids=named
)
def test_what_no_query_needs_is_not_imported(words: tuple[str, ...], workspace: Path) -> None:
    (workspace / "work/project.yaml").write_text(
        "name: Work\nlists: {Backlog: , Done: {done: true}}\nviews:\n  Hot: {filter: 'is:open'}\n"
    )
    code = (
        "import sys; from bluefs.cli.main import main; code = main(sys.argv[1:]);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr);"
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=workspace, capture_output=True, check=True
    )
    loaded = set(done.stderr.decode().splitlines()[-1].split())
    assert not loaded & {"lark", "rich", "ruamel", "watchdog", "jsonschema", "jsonschema_rs"}
