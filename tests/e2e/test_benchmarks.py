"""The benchmarks run, measure what they say, and leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import checks
from benchmarks.layouts import LAYOUTS
from benchmarks.measuring import Figure
from benchmarks.odd import ODD
from benchmarks.rows import KEYS, ROWS
from benchmarks.stand import Taken
from benchmarks.workspace import EFFECT, Spec, make
from bluefs.core.codec.compose import examine
from bluefs.core.codec.record import read_record
from bluefs.core.codec.text import split
from bluefs.core.config import load_config
from bluefs.core.nodes import Map

ROOT = Path(__file__).parents[2]


def files_of(root: Path) -> dict[str, bytes]:
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_good_records_are_read_without_a_word(tmp_path: Path, layout: str) -> None:
    """Whatever the layout: twelve keys, about 1 KB, no Problem, and never the rule's effect."""
    made = make(tmp_path / "w", Spec(60, seed=7, layout=layout, odd=0))
    files = files_of(tmp_path / "w")
    loaded = load_config({p: d for p, d in files.items() if not p.endswith(".md")})
    assert loaded.problems == ()
    records = {p: d for p, d in files.items() if p.endswith(".md")}
    assert len(records) == made.count == 60
    assert 600 < made.size / made.count < 1400
    for path, data in records.items():
        reading = read_record(path, data, loaded.config)
        assert reading.problems == (), path
        node = examine(split(data.decode()).yaml).node
        assert isinstance(node, Map)
        assert len(node.entries) == 12
        assert EFFECT not in data.decode()


def test_a_seed_says_it_all(tmp_path: Path) -> None:
    one, two, other = (
        make(tmp_path / name, Spec(400, seed)) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert files_of(one.root) == files_of(two.root)
    assert set(files_of(one.root)).isdisjoint(p for p in files_of(other.root) if p.endswith(".md"))
    assert one.word in "".join(d.decode("utf-8", "replace") for d in files_of(one.root).values())


def test_a_share_of_the_files_is_odd(tmp_path: Path) -> None:
    made = make(tmp_path / "w", Spec(400, odd=0.5))
    assert 150 < made.odd < 250
    data = [d for p, d in files_of(tmp_path / "w").items() if p.endswith(".md")]
    assert b"" in data
    assert any(d.startswith(b"\xef\xbb\xbf") for d in data)
    assert any(b"\r\n" in d for d in data)
    assert any("e\u0301" in p for p in files_of(tmp_path / "w"))
    assert all(change("a: b\n", "c\n") is not None for change in ODD)


def test_ratios_are_taken_within_a_round() -> None:
    """A machine that grows slower from round to round changes the medians, not the ratios."""
    slow = [Taken(seconds) for seconds in (1.0, 2.0, 9.0)]
    unit = [Taken(seconds) for seconds in (0.5, 1.0, 4.5)]
    assert Figure(ROWS[0], slow).times(Figure(ROWS[1], unit)) == 2.0
    assert Figure(ROWS[0], slow, reason="broke off").times(Figure(ROWS[1], unit)) is None


@pytest.mark.slow
def test_it_measures_all_rows_and_leaves_nothing(tmp_path: Path) -> None:
    arguments = ["--sizes", "50", "--repeat", "1", "--changes", "5", "--folder", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--json", *arguments], cwd=ROOT, timeout=600,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []
    (result,) = json.loads(done.stdout)["results"]
    rows = {row["key"]: row for row in result["rows"]}
    assert [*rows, "engine"] == list(KEYS)
    assert [row["reason"] for row in rows.values() if row["reason"] is not None] == []
    assert all(row["seconds"][0] > 0 for row in rows.values())
    assert rows["commit"]["median"] > rows["effect"]["median"]
    assert result["engine"]["edits"] == 5
    assert result["engine"]["megabytes"] > 5


def test_check_is_measured_beside_what_people_write_without_it() -> None:
    times = checks.measure(60, 1, 1, lambda _: None)
    assert times.keys() == {"read", "check", "faulty", "peer"}
    assert all(len(found) == 1 and found[0] > 0 for found in times.values())
    shown = checks.show(times, 60)
    assert "python-frontmatter" in shown and shown.count("at most") == 3
