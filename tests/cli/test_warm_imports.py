"""What a warm list, a record looked up, and a check import and do not import: time is not to be tested,
but what most of it is spent on is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_CODE = """
import json, sys
from bluefs.cli.main import main
code = main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""
#: Packages that an answer out of the index has no use for; a name stands for what is below it.
_HEAVY = {
    "click", "lark", "rich", "babel", "yaml", "yaml_rs", "ruamel", "frontmatter", "jsonschema",
    "jsonschema_rs", "watchdog", "git", "platformdirs", "dateutil", "email", "http", "urllib",
    "subprocess", "socket", "shutil", "tempfile", "logging", "inspect", "dataclasses", "typing",
    "pathlib", "hashlib", "_hashlib", "gettext", "locale", "calendar", "argparse", "random",
    "bluefs.adapters.git", "bluefs.adapters.outbox", "bluefs.adapters.mail", "bluefs.app.settings",
    "bluefs.app.refs", "bluefs.core.codec.record", "bluefs.core.codec.body", "bluefs.core.edit",
    "bluefs.core.ports", "bluefs.core.query.building", "bluefs.core.query.grammar",
    "bluefs.core.config.reader", "bluefs.core.rules",
}  # fmt: skip
#: Modules of ours at most. Each costs a third of a millisecond.
_MOST = 124


def loaded(workspace: Path, *words: str) -> set[str]:
    """The modules of a process that has run this, the second time."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COV", "GIT_", "BLUEFS_"))}
    env |= {"HOME": str(workspace.parent), "XDG_CONFIG_HOME": str(workspace.parent)}  # no settings
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", _CODE, *words], cwd=workspace, env=env, capture_output=True,
            text=True, check=True, timeout=60,
        )  # fmt: skip
    found = set(json.loads(ran.stderr.splitlines()[-1]))
    bare = [sys.executable, "-c", "import json, sys; print(json.dumps(sorted(sys.modules)))"]
    return found - set(json.loads(subprocess.check_output(bare, env=env)))


def heavy(modules: set[str]) -> set[str]:
    return {m for m in modules for name in _HEAVY if m == name or m.startswith(f"{name}.")}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template as everybody begins with, looked at since it last changed."""
    folder = tmp_path_factory.mktemp("warm") / "x"
    code = "import sys; from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    init = [sys.executable, "-c", code, "init", str(folder), "--template", "sales"]
    subprocess.run(init, check=True, capture_output=True, timeout=60)
    loaded(folder, "list")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("list",), ("list", "is:open deal_value:10000.. or (has:tags) sort:title"),
        ("list", "--json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_warm_list(words: tuple[str, ...], workspace: Path) -> None:
    found = loaded(workspace, *words)
    assert heavy(found) == set()
    assert sum(name.startswith("bluefs") for name in found) <= _MOST


@pytest.mark.parametrize("command", ["show", "done"])
def test_a_record_looked_up(command: str, workspace: Path) -> None:
    """click and what it imports are there; what reads every file is not."""
    title = sorted(workspace.glob("*/*/*.md"))[0].stem
    found = loaded(workspace, command, title, *(["-n"] if command == "done" else []))
    assert not heavy(found) & {"lark", "rich", "babel", "dataclasses", "watchdog", "logging"}


def test_a_plain_check(tmp_path: Path) -> None:
    """Neither click nor Git nor the index."""
    folder = tmp_path / "x"
    code = "import sys; from bluefs.cli.main import main; sys.exit(main(sys.argv[1:]))"
    for words in (["init", str(folder)], ["-C", str(folder), "new", "A"]):
        subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)
    unused = {"click", "sqlite3", "pickle", "pathlib", "hashlib", "subprocess", "inspect", "gettext",
              "bluefs.adapters.git", "bluefs.adapters.index", "bluefs.core.ports"}  # fmt: skip
    assert not loaded(folder, "check") & unused
