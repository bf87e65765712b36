"""init, trust, resume and outbox."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bluefs import bootstrap
from bluefs.app.start import SAMPLE_DAY
from bluefs.app.trust import load_trust
from bluefs.cli.init import TEMPLATES
from bluefs.core.config import is_config, load_config
from bluefs.core.ports import Letter
from tests.cli.conftest import Run
from tests.cli.test_writing import screen

Git = Callable[..., str]


def git_in(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode()


# -- init ------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", TEMPLATES)
def test_init_makes_a_workspace_without_problems(template: str, tmp_path: Path, run: Run) -> None:
    result = run("init", "acme", "--template", template, cwd=tmp_path)
    root = tmp_path / "acme"
    assert result.code == 0 and result.out.startswith("Made acme: a Git repository with one")
    assert git_in(root, "status", "--short") == ""
    assert git_in(root, "log", "--format=%s|%an|%ae|%D").startswith(
        "Begin the workspace acme|bluefs|bluefs@localhost|HEAD -> main"
    )
    checked = run("check", "--json", cwd=root)
    assert (checked.code, json.loads(checked.out)) == (0, [])
    config = bootstrap.find(str(root))
    loaded = load_config({
        p: data for p in config.files.scan() if is_config(p) and (data := config.files.read(p))
    }).config  # fmt: skip
    assert (loaded.workspace.name, loaded.workspace.sync) == ("Acme", "auto")
    assert loaded.workspace.timezone == "Europe/Paris"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("taks", 'There is no template "taks"; did you mean "tasks"?'),
        ("recruitment", 'There is no template "recruitment"; did you mean "recruiting"?'),
        ("zzz", 'There is no template "zzz".'),
        ("", 'There is no template "".'),
        ("../sales", 'There is no template "../sales"; did you mean "sales"?'),
    ],
)
def test_init_names_the_nearest_template(typed: str, said: str, tmp_path: Path, run: Run) -> None:
    result = run("init", "acme", "--template", typed, cwd=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"{said}\nTemplates: {', '.join(TEMPLATES)}\n"
    assert not (tmp_path / "acme").exists()


def test_init_takes_a_template_in_any_case(tmp_path: Path, run: Run) -> None:
    found = json.loads(run("init", "a", "--template", "Sales", "--json", cwd=tmp_path).out)
    assert (found["project"], found["lists"], found["records"]) == ("sales", 4, 17)


def test_init_brings_the_dates_to_the_present(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the Friday of a week years later: the same is late, and three days more so."""
    monkeypatch.setenv("BLUEFS_NOW", "2031-07-25T09:12")
    weeks = (date(2031, 7, 22) - SAMPLE_DAY).days // 7
    run("init", "a", "--template", "tasks", cwd=tmp_path)
    root = tmp_path / "a"
    late = json.loads(run("list", "is:overdue", "--json", cwd=root).out)
    assert {"pwdvavtt3r", "tmesheet5x", "nf0qwzr8d2"} <= {one["id"] for one in late}
    passwords = next(one for one in late if one["id"] == "pwdvavtt3r")
    assert passwords["due"] == str(date(2026, 11, 20) + timedelta(weeks=weeks))
    assert run("check", cwd=root).code == 0
    text = (root / "tasks/In progress/Move the passwords to the vault.md").read_text("utf-8")
    assert f"due: {passwords['due']}    # was a week earlier\n" in text


def test_init_keeps_empty_lists_and_its_own_folder_out_of_git(tmp_path: Path, run: Run) -> None:
    run("init", "w", cwd=tmp_path)
    tracked = git_in(tmp_path / "w", "ls-files").splitlines()
    assert [p for p in tracked if p.endswith(".gitkeep")] == [
        "work/Backlog/.gitkeep", "work/Done/.gitkeep", "work/In progress/.gitkeep",
    ]  # fmt: skip
    assert not [p for p in tracked if p.startswith(".bluefs")]
    assert (tmp_path / "w/.bluefs/schema/record.json").is_file()
    assert "# yaml-language-server" in (tmp_path / "w/work/project.yaml").read_text()


def test_init_adds_who_is_at_work(tmp_path: Path, alone: Path, run: Run) -> None:
    (alone / ".gitconfig").write_text("[user]\nname = Zoé Übel\nemail = z@x.example\n")
    run("init", "a", cwd=tmp_path)
    run("init", "b", "--template", "sales", cwd=tmp_path)
    people = [
        load_config({"bluefs.yaml": (tmp_path / w / "bluefs.yaml").read_bytes()}).config.workspace
        for w in "ab"
    ]
    assert list(people[0].people) == ["zoe"]
    added = people[1].person_by_email("z@x.example")
    assert added is not None and (added.handle, added.name) == ("zoe_ubel", "Zoé Übel")
    assert git_in(tmp_path / "a", "log", "--format=%an") == "Zoé Übel\n"
    assert json.loads(run("new", "A", "-a", "me", "--json", cwd=tmp_path / "a").out)[
        "assignees"
    ] == ["zoe"]


def test_init_here_touches_no_other_file(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "there"
    root.mkdir()
    for name in ("README.md", ".gitignore", "work.txt"):
        (root / name).write_text("mine\n")
    result = run("init", cwd=root)
    assert result.code == 0 and ".gitignore was there" in result.err
    assert git_in(root, "status", "--short").splitlines() == [
        "?? .gitignore", "?? README.md", "?? work.txt",
    ]  # fmt: skip
    assert (root / ".gitignore").read_text() == "mine\n"


def test_init_in_a_repository_of_ones_own_adds_one_commit(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    git_in(root, "init", "-q", "-b", "trunk")
    (root / "staged").write_text("x")
    git_in(root, "add", "staged")
    found = json.loads(run("init", "--json", cwd=root).out)
    assert found["records"] == 0 and found["lists"] == 3
    assert git_in(root, "log", "--format=%D").strip() == "HEAD -> trunk"
    assert git_in(root, "status", "--short") == "A  staged\n"


def test_init_refuses_and_leaves_nothing(workspace: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("x")
    taken = tmp_path / "taken"
    (taken / "sales").mkdir(parents=True)
    (taken / "sales/project.yaml").write_text("name: Mine\n")
    for words, said in (
        ((str(workspace),), "is a workspace already"),
        ((str(workspace / "sub"),), "is inside the Git repository"),
        ((str(workspace / "sales"),), "is inside the Git repository"),
        ((str(tmp_path / "file"),), "is a file"),
        ((str(tmp_path / "file" / "x"),), "is a file"),
        ((str(taken), "--template", "sales"), "is there already"),
    ):
        result = run("init", *words)
        assert (result.code, result.out) == (2, "")
        assert said in result.err
    assert git_in(workspace, "status", "--short") == ""
    assert not (workspace / "sub").exists()
    assert sorted(p.name for p in taken.iterdir()) == ["sales"]
    assert [p.name for p in (taken / "sales").iterdir()] == ["project.yaml"]


def test_init_takes_back_what_a_hook_refuses(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    git_in(root, "init", "-q")
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no; exit 1\n")
    hook.chmod(0o755)
    result = run("init", cwd=root)
    assert result.code == 2 and "hook" in result.err
    assert [p.name for p in root.iterdir()] == [".git"]


# -- trust -----------------------------------------------------------------------------------


def offer(title: str, run: Run, git: Git) -> None:
    """A committed event that wants a mail: a record moved to Proposal."""
    assert run("new", title, "-l", "open", "--set", "email=x@acme.example").code == 0
    git("add", "-A")
    git("commit", "-qm", "New")
    assert run("move", title, "prop").code == 0
    git("add", "-A")
    git("commit", "-qm", "Offer")


def test_trust_piped_says_what_and_agrees_to_nothing(workspace: Path, run: Run) -> None:
    result = run("trust")
    assert result.code == 2 and "--yes" in result.err
    assert "at most 60 an hour" in result.out and "sales/Won (off)" in result.out
    assert not load_trust(bootstrap.find(str(workspace)).trust).hashes


def test_the_first_trust_sets_the_mark_and_drops_what_is_older(
    workspace: Path, run: Run, git: Git
) -> None:
    head = git("rev-parse", "HEAD").strip()
    assert run("trust", "--yes").code == 0
    home = bootstrap.find(str(workspace))
    trust, mark = load_trust(home.trust), home.git.read_mark()
    assert trust.drop_until == head and trust.by == "ana"
    assert trust.at == "2026-11-24T09:12:00+01:00"
    assert mark is not None and mark.commit == head
    assert run("trust").code == 0


def test_changed_rules_wait_and_yes_drops_what_waited(workspace: Path, run: Run, git: Git) -> None:
    run("trust", "--yes")
    rules = workspace / "sales/automations.yaml"
    rules.write_text(rules.read_text().replace("Our offer", "Our best offer"))
    asked = run("trust")
    assert asked.code == 2 and "not yet committed" in asked.out
    git("commit", "-qam", "Rules")
    offer("Waits", run, git)
    found = json.loads(run("trust", "--json").out)
    assert (found["agreed"], len(found["waiting"])) == (False, 1)
    agreed = run("trust", "--yes")
    assert agreed.code == 0
    assert "Dropped: 1 email" in agreed.err and '"Our best offer: Waits"' in agreed.err
    trust = load_trust(bootstrap.find(str(workspace)).trust)
    assert len(trust.hashes) == 2 and trust.drop_until == git("rev-parse", "HEAD").strip()
    assert json.loads(run("trust", "--json").out)["waiting"] == []


def test_on_a_terminal_what_waited_is_asked_for_by_itself(
    workspace: Path, run: Run, git: Git
) -> None:
    assert "Agreed" in screen(workspace, "trust", answers=[("Allow this?", "y")])
    old = load_trust(bootstrap.find(str(workspace)).trust).drop_until
    rules = workspace / "sales/automations.yaml"
    rules.write_text(rules.read_text().replace("Our offer", "Our best offer"))
    git("commit", "-qam", "Rules")
    offer("Waits", run, git)
    assert "nothing is sent" in screen(workspace, "trust", answers=[("Allow this?", "n")])
    shown = screen(
        workspace, "trust", answers=[("Allow this?", "y"), ("Send what has waited?", "y")]
    )
    assert '"Our best offer: Waits" to x@acme.example' in shown
    assert load_trust(bootstrap.find(str(workspace)).trust).drop_until == old
    assert "Our best offer: Waits" in run("run").out
    assert [f["state"] for f in json.loads(run("outbox", "list", "--all", "--json").out)] == [
        "sent"
    ]


def test_trust_without_rules_that_send(workspace: Path, run: Run) -> None:
    (workspace / "sales/automations.yaml").unlink()
    result = run("trust")
    assert result.code == 0 and "nothing to agree" in result.out


# -- outbox ----------------------------------------------------------------------------------

EFFECT = '{"kind":"email","rule":"sales/Offer","to":["x@acme.example"],"subject":"Hi","body":""}'


def hold(workspace: Path, count: int) -> None:
    box = bootstrap.find(str(workspace)).outbox
    box.plan([
        Letter(f"c:sales/Offer:r:{n}", "nonce", "c", "sales/Offer", "r", "T", EFFECT)
        for n in range(count)
    ])  # fmt: skip
    box.release("nonce", "held")
    box.close()


def test_outbox_shows_and_releases_what_is_held(workspace: Path, run: Run) -> None:
    hold(workspace, 2)
    shown = run("outbox")
    assert shown.out.splitlines()[0].split() == ["STATE", "SINCE", "SUBJECT", "TO", "RULE", "NOTE"]
    assert shown.out.count("held") == 2
    found = json.loads(run("outbox", "list", "--json").out)
    assert [(f["state"], f["to"], f["subject"]) for f in found] == [
        ("held", ["x@acme.example"], "Hi")
    ] * 2
    released = run("outbox", "release")
    assert (released.code, released.out) == (0, "2 emails are released.\n")
    assert "bluefs run" in released.err
    states = [f["state"] for f in json.loads(run("outbox", "list", "--json").out)]
    assert states == ["pending", "pending"]
    assert run("outbox", "release").out == "No email is held.\n"


# -- resume ----------------------------------------------------------------------------------


def pause(workspace: Path, run: Run) -> list[Path]:
    """Delete a whole project by hand and let the engine find it."""
    assert run("run").code == 0
    gone = list((workspace / "sales").rglob("*.md"))
    for path in gone:
        path.unlink()
    run("run")
    return gone


def test_resume_restores(workspace: Path, run: Run) -> None:
    before = {p: p.read_bytes() for p in (workspace / "sales").rglob("*.md")}
    gone = pause(workspace, run)
    shown = run("resume")
    assert shown.code == 2 and "--restore" in shown.err
    assert len(shown.out.splitlines()) == len(gone) == 3
    restored = run("resume", "--restore")
    assert (restored.code, restored.out) == (0, "3 records are back as they last were.\n")
    assert {p: p.read_bytes() for p in gone} == before
    assert run("resume").out == "Nothing is paused.\n"


def test_resume_brings_empty_lists_back(workspace: Path, run: Run, git: Git) -> None:
    extra = {"sales/Parked/.gitkeep": b"", "sales/_files/r3n3w0c4tz/offer.pdf": b"%PDF"}
    for path, data in extra.items():
        (workspace / path).parent.mkdir(parents=True)
        (workspace / path).write_bytes(data)
    git("add", "-A")
    git("commit", "-qm", "Lists")
    assert run("run").code == 0
    before = {p for p in workspace.rglob("*") if ".git" not in p.parts}
    for folder in ("Open deals", "Proposal", "Closed lost", "Parked", "_files"):
        shutil.rmtree(workspace / "sales" / folder)
    run("run")
    assert run("resume", "--restore").out == "3 records are back as they last were.\n"
    assert {p for p in workspace.rglob("*") if ".git" not in p.parts} == before
    assert git("status", "--short", "--untracked-files=no") == ""


def test_resume_accepts(workspace: Path, run: Run, git: Git) -> None:
    pause(workspace, run)
    assert run("resume", "--accept").out == "3 deletions are accepted.\n"
    assert run("run").code == 0
    assert "Renewal" not in git("ls-files")
