"""docs/architecture.md names every module, and none that is gone."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def named() -> set[str]:
    """The modules of the map: a heading is a package, a row's first cell a module in it."""
    found: set[str] = set()
    package = ""
    for line in (ROOT / "docs/architecture.md").read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"### (bluefs(?:/\w+)*)", line)
        row = re.match(r"\| `(\w+)` \| \S", line)
        if line.startswith("#"):
            package = heading[1] if heading else ""
            found |= {f"{package}/__init__.py"} if heading else set()
        elif row and package:
            assert f"{package}/{row[1]}.py" not in found, f"{package}/{row[1]} is named twice"
            found.add(f"{package}/{row[1]}.py")
    return found


def test_every_module_is_named_and_none_that_is_gone() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bluefs").rglob("*.py")}
    assert named() == there


def test_its_links_lead_somewhere() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    assert targets
    assert [t for t in targets if not (ROOT / "docs" / t).exists()] == []
