"""The composite action and the hooks for pre-commit: valid by the published schemas, and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
BAD = "---\nid: a000000001\ndue: someday\n---\n"


@pytest.mark.parametrize(
    ("file", "schema", "more"),
    [
        ("action.yml", "vendor.github-actions", ()),
        ("docs/ci/gitlab.yml", "vendor.gitlab-ci", ("--data-transform", "gitlab-ci")),
    ],
)
def test_they_are_valid_by_the_published_schema(
    file: str, schema: str, more: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more]
    told = subprocess.run([*command, str(ROOT / file)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_workflow_of_the_manual_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(on: .*?)```", text, re.DOTALL)
    assert block is not None
    (tmp_path / "check.yml").write_text(block[1])
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
    ]
    subprocess.run([*command, str(tmp_path / "check.yml")], check=True, capture_output=True)
    given = yaml.safe_load(block[1])["jobs"]["check"]["steps"][1]["with"]
    assert given.keys() <= ACTION["inputs"].keys()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("GIT_", "BLUEFS_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("BLUEFS_LANGUAGE", "en")
    top = tmp_path / "acme"
    for path, text in {
        "bluefs.yaml": "bluefs: 1\npeople:\n  cy: {name: Cy, email: cy@acme.example}\n",
        "work/project.yaml": "lists:\n  Backlog:\nroles:\n  view-only: [cy]\n",
        "work/Backlog/A.md": "---\nid: a000000001\n---\n",
    }.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "begin")
    return top


def git(top: Path, *words: str) -> None:
    who = ("-c", "user.name=cy", "-c", "user.email=cy@acme.example")
    subprocess.run(["git", *who, *words], cwd=top, check=True, capture_output=True)


class Runner:
    """Runs the action's steps as GitHub's runner does: inputs put in, ``bash -eo pipefail``."""

    def __init__(self, top: Path, temp: Path) -> None:
        self.top, self.temp = top, temp
        temp.mkdir()

    def __call__(self, **inputs: str) -> tuple[int, str]:
        given = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() == ACTION["inputs"].keys()
        out = ""
        for step in ACTION["runs"]["steps"]:
            assert step["shell"] == "bash" and "${{" not in step["run"]
            if "if" in step and not _holds(step["if"], given):
                continue
            told = self._step(step, given)
            out += told.stdout + told.stderr
            if told.returncode:
                return told.returncode, out
        return 0, out

    def _step(
        self, step: Mapping[str, Any], given: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        env = {name: _filled(value, given) for name, value in step.get("env", {}).items()}
        python = self.temp / "python"
        python.mkdir(exist_ok=True)
        if not (python / "python3").exists():
            (python / "python3").symlink_to(sys.executable)
        # Offline: what building and running needs is what runs this test.
        known = os.pathsep.join(p for p in sys.path if p and Path(p) != ROOT)
        base = {
            "PATH": f"{python}:{os.environ['PATH']}", "HOME": os.environ["HOME"],
            "GIT_CONFIG_NOSYSTEM": "1", "BLUEFS_LANGUAGE": "en", "PYTHONPATH": known,
            "RUNNER_TEMP": str(self.temp), "GITHUB_ACTION_PATH": str(self.temp / "action"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"), "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_ROOT_USER_ACTION": "ignore",
        }  # fmt: skip
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.top / _filled(step.get("working-directory", "."), given),
            env={**base, **env}, capture_output=True, text=True, check=False,
        )  # fmt: skip


def _filled(text: str, given: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], text)


def _holds(condition: str, given: Mapping[str, str]) -> bool:
    found = re.fullmatch(r"inputs\.([\w-]+) == '(\w+)'", condition)
    assert found is not None
    return given[found[1]] == found[2]


@pytest.fixture
def action(workspace: Path, tmp_path: Path) -> Runner:
    runner = Runner(workspace, tmp_path / "runner")
    names = (
        "bluefs",
        "schema",
        "sample-workspace",
        "docs",
        "README.md",
        "LICENSE",
        "pyproject.toml",
    )
    for name in names:
        source, target = ROOT / name, tmp_path / "runner/action" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return runner


def test_the_action_installs_and_checks(action: Runner) -> None:
    code, out = action()
    assert (code, out) == (0, "No problems in 3 files.\n")
    assert (action.temp / "bluefs/bluefs/__init__.py").is_file()
    (action.top / "work/Backlog/A.md").write_text(BAD)
    code, out = action(install="false", sarif="out.sarif")
    assert code == 1
    assert out.startswith("::error file=work/Backlog/A.md,line=3,col=6,")
    assert "| BF204 |" in (action.temp / "summary.md").read_text()
    assert '"ruleId":"BF204"' in (action.top / "out.sarif").read_text()


def test_the_inputs_of_the_action(action: Runner) -> None:
    (action.temp / "bluefs").symlink_to(ROOT)
    (action.top / "work/Backlog/A.md").write_text(BAD)
    git(action.top, "commit", "-q", "-am", "bad; $(touch sneaked)")
    assert action(install="false", exit_zero="true")[0] == 0
    assert action(install="false", ignore="BF2")[0] == 0
    assert action(install="false", select="BF1,BF3")[0] == 0
    assert action(install="false", paths="bluefs.yaml\n\nwork/project.yaml\n")[0] == 0
    assert action(install="false", paths="work/Backlog/A.md")[0] == 1
    code, out = action(install="false", since="HEAD~1", select="BF5")
    assert code == 1 and "cy (view-only) may not change due" in out
    code, out = action(install="false", workspace="work", paths="Backlog")
    assert code == 1
    assert action(install="false", since="$(touch sneaked)")[0] == 2
    assert not (action.top / "sneaked").exists()


@pytest.fixture
def hooks(tmp_path: Path) -> Path:
    """A repository with the hooks as they are published."""
    top = tmp_path / "hooks"
    top.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", top)
    git(top, "init", "-q")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "hooks")
    return top


def pre_commit(top: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = top.parent / "bin/bluefs"
    if not program.exists():
        program.parent.mkdir()
        paths = os.pathsep.join(path for path in sys.path if path)
        text = f'#!/bin/sh\nPYTHONPATH="{paths}" exec "{sys.executable}" -m bluefs "$@"\n'
        program.write_text(text)
        program.chmod(0o755)
    env = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *words], cwd=top, env=env, check=False,
        capture_output=True, text=True,
    )  # fmt: skip


def test_the_hooks_are_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest"]
    subprocess.run([*command, str(ROOT / ".pre-commit-hooks.yaml")], check=True)
    both = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert len({hook["entry"] for hook in both}) == 1


def test_pre_commit_checks_what_is_staged(workspace: Path, hooks: Path) -> None:
    words = ("try-repo", str(hooks), "bluefs-check-system")
    told = pre_commit(workspace, *words)
    assert told.returncode == 0, told.stdout + told.stderr
    (workspace / "work/Backlog/A.md").write_text(BAD)
    git(workspace, "add", "-A")
    told = pre_commit(workspace, *words)
    assert told.returncode == 1
    assert "work/Backlog/A.md:3:6 BF204" in told.stdout
    (workspace / "work/Backlog/A.md").write_text(BAD.replace("someday", "2026-12-01"))
    assert pre_commit(workspace, *words).returncode == 1, "the index is as bad as before"
    git(workspace, "add", "-A")
    assert pre_commit(workspace, *words).returncode == 0
