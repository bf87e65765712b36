"""The demo for real: another process edits, an engine watches, and every line about a result
stands in the workspace it leaves behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from bluefs.bootstrap import data_folder
from tests import readme

#: Nobody listens here: were a mail sent to it, the demo would miss it in the spool.
DEAD = "smtp://127.0.0.1:9"
#: The demo with another sample and a shorter patience.
SABOTAGED = """
import sys
from pathlib import Path
from bluefs import bootstrap
from bluefs.cli import demo_stage
from bluefs.cli.main import main
real = bootstrap.data_folder
bootstrap.data_folder = lambda name: Path(sys.argv[1]) if name == "sample-workspace" else real(name)
demo_stage.LIMIT = 6.0
sys.exit(main(["demo", sys.argv[2]]))
"""


@dataclass(frozen=True)
class Played:
    """One run: its workspace, exit code, text and duration in seconds."""

    root: Path
    code: int
    out: str
    err: str
    seconds: float

    def git(self, *args: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.root), *args], capture_output=True, text=True, check=True
        )
        return done.stdout

    def commits(self) -> list[tuple[str, str]]:
        return re.findall(r"^   commit   ([0-9a-f]{7}) (.*)$", self.out, re.M)

    def spool(self) -> list[bytes]:
        found = sorted((self.root / ".bluefs/spool").glob("*.eml"), key=lambda p: int(p.stem))
        return [path.read_bytes() for path in found]


def environment(home: Path) -> dict[str, str]:
    """A machine whose user has no Git identity, with a mail server configured and dead."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BLUEFS_", "XDG_"))}
    nobody = {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "BLUEFS_SMTP_URL": DEAD}
    return {**kept, **nobody, "GIT_AUTHOR_NAME": "Someone Else", "LC_ALL": "C.UTF-8"}


def run(
    command: list[str], home: Path, root: Path, more: Mapping[str, str] | None = None
) -> Played:
    started = time.monotonic()
    done = subprocess.run(
        command, env={**environment(home), **(more or {})}, cwd=home, capture_output=True,
        text=True, encoding="utf-8", timeout=90, check=False,
    )  # fmt: skip
    return Played(root, done.returncode, done.stdout, done.stderr, time.monotonic() - started)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("home")
    return run([sys.executable, "-m", "bluefs", "demo"], home, home / "bluefs-demo")


def sabotage(home: Path, change: Mapping[str, bytes | None]) -> Played:
    """The demo of a sample with these files replaced, or removed (None)."""
    sample = home / "sample"
    shutil.copytree(data_folder("sample-workspace"), sample)
    for path, data in change.items():
        if data is None:
            (sample / path).unlink()
        else:
            (sample / path).write_bytes(data)
    script = home / "sabotaged.py"
    script.write_text(SABOTAGED, encoding="utf-8")
    return run([sys.executable, str(script), str(sample), "out"], home, home / "out")


def header(mail: bytes, name: str) -> str:
    return str(make_header(decode_header(message_from_bytes(mail)[name])))


def engines(root: Path) -> list[str]:
    """Processes whose command line names the workspace."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:
            continue
        if os.fsencode(root) in line:
            found.append(line.decode("utf-8", "replace"))
    return found


# --- a day -------------------------------------------------------------------------------


def test_it_plays_the_whole_day_in_under_twenty_seconds(played: Played) -> None:
    assert (played.code, played.err) == (0, ""), played.out
    assert played.seconds < 20
    acts = re.findall(r"^(\d)  ", played.out, re.M)
    assert acts == [str(n) for n in range(1, len(acts) + 1)]
    assert len(acts) >= 5
    assert "missed" not in played.out
    assert "~/bluefs-demo" in played.out.splitlines()[-4]


def test_the_readme_shows_an_act_as_it_is_printed(played: Played) -> None:
    shown = readme.the_screen("3  ")
    acts = re.split(r"^(?=\d  )", played.out, flags=re.M)
    act = next(act for act in acts if act.startswith("3  "))
    assert readme.shape(act).strip() == readme.shape(shown).strip()


def test_every_commit_it_names_is_there(played: Played) -> None:
    known = dict(line.split(" ", 1) for line in played.git("log", "--format=%H %s").splitlines())
    short = {full[:7]: subject for full, subject in known.items()}
    assert len(played.commits()) >= 5
    for commit, subject in played.commits():
        assert short[commit] == subject


def test_every_diff_is_that_of_its_commit(played: Played) -> None:
    """Each line a diff shows as added stands in the commit, each as removed in its parent."""
    parts = re.split(r"^   commit   ([0-9a-f]{7}) .*$", played.out, flags=re.M)
    shown = 0
    for commit, text in zip(parts[1::2], parts[2::2]):
        text = re.split(r"^ {3}\S|^\d  ", text, flags=re.M)[0]
        lines = [line[12:] for line in text.splitlines()]
        assert any(line.startswith("@@ ") for line in lines), commit
        was = played.git("show", "--format=", "-U0", "--no-renames", commit).splitlines()
        plus = [x for x in lines if x.startswith("+") and not x.startswith("+++")]
        minus = [x for x in lines if x.startswith("-") and not x.startswith("---")]
        assert plus or minus
        assert set(plus) | set(minus) <= set(was)
        shown += 1
    assert shown == len(played.commits())


def test_the_mails_are_in_the_spool_and_nowhere_else(played: Played) -> None:
    subjects = [header(mail, "Subject") for mail in played.spool()]
    assert subjects[0] == "Our offer: Renewal – Acme"
    assert any(subject.startswith("Priorité haute") for subject in subjects)
    assert subjects[-1] == "Welcome aboard: Renewal – Acme"
    assert (
        re.findall(r'^   email    "(.*)" in \.bluefs/spool/\d+\.eml$', played.out, re.M) == subjects
    )
    for mail in played.spool():
        for name in ("From", "To", "Subject", "Message-ID"):
            assert f"            {name}: {header(mail, name)}" in played.out


def test_a_broken_file_is_held_with_its_place_and_then_mended(played: Played) -> None:
    held = re.search(r"^   held     (.*\.md):(\d+):(\d+) ", played.out, re.M)
    assert held is not None
    mended = (played.root / held[1]).read_text(encoding="utf-8").splitlines()[int(held[2]) - 1]
    broken = re.search(rf"^ +{held[2]} \| (.*)$", played.out, re.M)
    assert broken is not None
    assert broken[1][int(held[3]) - 1] == ":"
    assert mended == re.sub(r": (.*)", r': "\1"', broken[1], count=1)
    assert re.search(r"^   saved    title .* → ", played.out[held.end() :], re.M)


def test_the_workspace_it_leaves_is_sound_and_ana_s(played: Played) -> None:
    assert played.git("status", "--porcelain") == ""
    subprocess.run(["git", "-C", str(played.root), "fsck", "--strict"], check=True)
    people = set(played.git("log", "--format=%an <%ae>").splitlines())
    assert people == {"Ana Ruiz <ana@acme.example>"}
    assert played.git("log", "--format=%cn").splitlines()[0] == "Ana Ruiz"
    assert not (played.root.parent / ".gitconfig").exists()


def test_no_engine_is_left(played: Played) -> None:
    assert engines(played.root) == []


# --- refusals ----------------------------------------------------------------------------


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine", encoding="utf-8")
    done = run([sys.executable, "-m", "bluefs", "demo", "mine"], tmp_path, tmp_path / "mine")
    assert (done.code, done.out) == (2, "")
    assert str(tmp_path / "mine") in done.err
    assert "bluefs demo DIR" in done.err
    assert sorted(p.name for p in (tmp_path / "mine").iterdir()) == ["notes.txt"]


def test_a_folder_inside_a_repository_is_left_alone(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = run([sys.executable, "-m", "bluefs", "demo", "mine"], tmp_path, tmp_path / "mine")
    assert (done.code, done.out) == (2, "")
    assert "bluefs demo DIR" in done.err
    assert not (tmp_path / "mine").exists()


def test_stopped_in_mid_day_it_stops_the_engine_too(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "bluefs", "demo", "mine"], env=environment(tmp_path), cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
    )  # fmt: skip
    assert demo.stdout is not None
    assert any("   commit   " in line for line in demo.stdout)  # stops at the first
    assert engines(tmp_path / "mine")
    demo.terminate()
    assert demo.wait(30) == 130
    demo.stdout.close()
    assert engines(tmp_path / "mine") == []


# --- no canned results -------------------------------------------------------------------


def test_without_rules_it_claims_none_and_fails(tmp_path: Path) -> None:
    done = sabotage(tmp_path, {"sales/automations.yaml": None, "support/automations.yaml": None})
    assert done.code == 1
    assert "   missed   0 of 1 rule wrote within 6 s" in done.out
    assert "   rule " not in done.out
    assert "   email " not in done.out
    assert done.spool() == []
    assert "Done in" not in done.out
    assert engines(done.root) == []


def test_with_other_rules_it_tells_of_those(tmp_path: Path) -> None:
    sample = data_folder("sample-workspace")
    rules = (sample / "sales/automations.yaml").read_text(encoding="utf-8")
    assert "Our offer: ${title}" in rules
    other = rules.replace("Our offer: ${title}", "Ein Angebot: ${title}").replace(
        "name: Offer\n", "name: Angebot\n"
    )
    done = sabotage(tmp_path, {"sales/automations.yaml": other.encode()})
    assert done.code == 0, done.out
    assert '   email    "Ein Angebot: Renewal – Acme" in .bluefs/spool/1.eml' in done.out
    assert "   rule     Angebot: " in done.out
    assert "Our offer" not in done.out
