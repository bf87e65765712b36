"""``ignore:`` lines, compared with what Git makes of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bluefs.core.ignore import is_ignored
from bluefs.core.layout import Place, place
from bluefs.core.model import Config, Project, Workspace

PATHS = [
    "docs/a.md", "sales/docs/a.md", "sales/docs/deep/b.md", "sales/Won/a.md", "sales/Won/b.txt",
    "sales/Won/keep.md", "a.md", "build", "sales/build", "x y/a.md", "#odd/a.md", "foo/bar/baz.md",
    "[x].md", "ab.md", "b.md",
]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["docs"], ["/docs"], ["docs/"], ["sales/docs"], ["**/docs"], ["sales/**"], ["*.txt"],
        ["sales/*/a.md"], ["foo/**/baz.md"], ["sales/**/b.md"], ["*.md", "!keep.md"],
        ["sales/", "!sales/Won/keep.md"], ["build/"], ["build"], ["# docs"], ["\\#odd"], ["x y"],
        ["docs   "], ["[ab].md"], ["[!a].md"], ["?.md"], ["\\[x\\].md"], ["[z-a].md"], ["[.md"],
        [""], ["/"], ["foo/*"], ["*/a.md"], ["**"], ["sales/Won/[a-c].md"], ["Docs"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_as_git_does(lines: list[str], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("\n".join(lines) + "\n")
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    out = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--stdin", "-z"],
        cwd=tmp_path, input="\0".join(PATHS), capture_output=True, text=True, check=False,
    )  # fmt: skip
    ignored = set(out.stdout.split("\0")) - {""}
    assert {p for p in PATHS if is_ignored(p, tuple(lines))} == ignored


def test_an_ignored_path_is_no_data() -> None:
    config = Config(
        workspace=Workspace(ignore=("docs", "sales/Old/")),
        projects={"sales": Project("sales", "Sales")},
    )
    assert place("sales/Old/a.md", config) == Place("hidden")
    assert place("docs/project.yaml", config) == Place("hidden")
    assert place("sales/New/a.md", config) == Place("record", "sales", "New")
    assert place("bluefs.yaml", config) == Place("workspace")
