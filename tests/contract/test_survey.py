"""The walks over the worktree agree: whatever lies there, each admits what a scan admits."""

from __future__ import annotations

import os
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.adapters import ahead
from bluefs.adapters.files import Files
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.adapters.survey import walk
from bluefs.core import ports
from bluefs.core.seen import Listing

NAMES = st.sampled_from(
    ["a", "b.md", "é", "é.md", ".x", ".gitkeep", ".gitignore", "_files", "\udcff.md", "z z"]
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
KINDS = st.sampled_from(["file", "file", "file", "folder", "link", "pipe"])


def _put(root: Path, path: str, kind: str) -> None:
    full = root / path
    try:
        full.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(full):
            return
        if kind == "file":
            full.write_bytes(path.encode("utf-8", "surrogateescape"))
        elif kind == "folder":
            full.mkdir()
        elif kind == "link":
            full.symlink_to(root)
        else:
            os.mkfifo(full)
    except OSError:  # something else is there
        return


def _agrees(files: ports.Files) -> None:
    scan, survey = files.scan(), files.survey()
    assert survey.keys() == {"", *files.folders()}
    joined = {
        f"{folder}/{name}".lstrip("/"): stat
        for folder, listing in survey.items()
        for name, stat in listing.stats().items()
    }
    assert joined == scan
    found = files.paths()
    assert (found.folders, set(found.files)) == (files.folders(), set(scan))
    assert len(found.files) == len(scan)
    assert found.links == files.links()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(PATHS, KINDS), max_size=12))
def test_every_walk_tells_the_same(there: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for path, kind in there:
            _put(root, path, kind)
        files = Files(root)
        _agrees(files)
        survey = files.survey()
        for path, listing in survey.items():
            rules = root / path / ".gitignore"
            plain = rules.is_file() and not rules.is_symlink()
            assert listing.rules == (rules.read_bytes() if plain else None)
        assert _plain(ahead._unpacked(ahead._packed(dict(survey)))) == _plain(survey)
        with chdir(root):
            assert _plain(walk(str(root), alone=True)) == _plain(survey)


def _plain(survey: object) -> object:
    assert isinstance(survey, dict)
    return {
        folder: (list(one.names), list(one.numbers), one.signature, one.fresh, one.rules)
        for folder, one in survey.items()
    }


def test_the_twin_tells_the_same() -> None:
    files = MemoryFiles()
    for path in ("a.md", "p/l/b.md", "p/l/.gitkeep", "p/.x/c.md"):
        files.put(path, path.encode())
    files.symlink("p/link.md")
    _agrees(files)
    assert files.paths().links == {"p/link.md"}


def test_a_listing_without_files_has_no_stats() -> None:
    assert Listing([], [], b"").stats() == {}
