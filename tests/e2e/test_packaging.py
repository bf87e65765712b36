"""The wheel holds what the product needs, works from where nothing else is, and
``bluefs version`` starts nearly as fast as Python itself."""

from __future__ import annotations

import configparser
import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

import bluefs
from tests.e2e.workspaces import environment

pytestmark = pytest.mark.xdist_group("packaging")  # one wheel for all

CHECKOUT = Path(__file__).resolve().parents[2]
SCHEMAS = {"workspace.json", "project.json", "automations.json", "record.json"}
#: `bluefs version` may take this many times what `python -c pass` takes.
FACTOR = 3.0
ROUNDS = 15


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built of a copy, because a build may write beside its sources."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("bluefs", "docs", "schema", "sample-workspace"):
        shutil.copytree(
            CHECKOUT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".git")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    here = ("--no-build-isolation", "--no-index") if find_spec("hatchling") else ()
    options = ("--no-deps", "--quiet", *here, "-w", str(folder))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, str(source)],
        check=True, env=environment(folder), timeout=120,
    )  # fmt: skip
    [built] = folder.glob("*.whl")
    return built


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_every_module_and_its_types(wheel: Path) -> None:
    sources = {str(p.relative_to(CHECKOUT)) for p in (CHECKOUT / "bluefs").rglob("*.py")}
    assert sources <= names(wheel)
    assert "bluefs/py.typed" in names(wheel)
    assert not [n for n in names(wheel) if n.startswith("tests/") or "__pycache__" in n]


def test_the_wheel_carries_the_schemas(wheel: Path) -> None:
    packed = {n.rpartition("/")[2] for n in names(wheel) if n.startswith("bluefs/data/schema/")}
    here = {p.name for p in (CHECKOUT / "schema").glob("*.json")}
    assert packed >= here >= SCHEMAS


def test_the_wheel_carries_the_whole_sample(wheel: Path) -> None:
    prefix = "bluefs/data/sample-workspace/"
    packed = {n.removeprefix(prefix) for n in names(wheel) if n.startswith(prefix)}
    sample = CHECKOUT / "sample-workspace"
    here = {str(p.relative_to(sample)) for p in sample.rglob("*") if p.is_file()}
    assert packed == here
    assert "bluefs.yaml" in packed


def test_the_wheel_carries_the_hook_and_the_job(wheel: Path) -> None:
    prefix = "bluefs/data/docs/ci/"
    packed = {n.removeprefix(prefix) for n in names(wheel) if n.startswith(prefix)}
    assert packed == {file.name for file in (CHECKOUT / "docs/ci").iterdir()}


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [info] = {n.partition("/")[0] for n in archive.namelist() if ".dist-info/" in n}
        entries = configparser.ConfigParser()
        entries.read_string(archive.read(f"{info}/entry_points.txt").decode())
        metadata = archive.read(f"{info}/METADATA").decode()
    assert entries["console_scripts"]["bluefs"] == "bluefs.cli.main:start"
    assert f"Version: {bluefs.__version__}\n" in metadata
    assert "License-Expression: MIT\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata


def test_it_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """Unpacked where no checkout is beside it: its data are found inside."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = (
        "import bluefs, bluefs.bootstrap as b, sys;"
        "assert bluefs.__file__.startswith(sys.argv[1]), bluefs.__file__;"
        "assert (b.data_folder('sample-workspace') / 'bluefs.yaml').is_file();"
        "assert list(b.data_folder('schema').glob('*.json'));"
        "from bluefs.cli.main import main; sys.exit(main(['version']))"
    )
    site = str(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", script, site], cwd=tmp_path, text=True, capture_output=True,
        env=environment(tmp_path, PYTHONPATH=site), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"bluefs {bluefs.__version__}\n"), done.stderr


def test_version_starts_within_three_times_bare_python(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("bluefs")
    ways = {"python -m bluefs version": [sys.executable, "-m", "bluefs", "version"]}
    if script.exists():
        ways["bluefs version"] = [str(script), "version"]
    commands = {"python -c pass": [sys.executable, "-c", "pass"], **ways}
    times = medians(commands, environment(tmp_path))
    bare = times.pop("python -c pass")
    for name, seconds in times.items():
        print(f"{name}: {seconds * 1000:.1f} ms, {seconds / bare:.2f} x bare Python")
    assert all(seconds <= FACTOR * bare for seconds in times.values()), (bare, times)


def medians(commands: Mapping[str, Sequence[str]], env: dict[str, str]) -> dict[str, float]:
    """Seconds for each, of rounds in turn, so that a busy moment hits all alike; the first
    round, which fills the caches, does not count."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS + 1):
        for name, arguments in commands.items():
            start = time.perf_counter()
            subprocess.run(arguments, check=True, env=env, stdout=subprocess.DEVNULL)
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


def test_version_imports_nothing_heavy(tmp_path: Path) -> None:
    """What the clock cannot tell on a fast machine."""
    heavy = {"click", "rich", "yaml", "lark", "babel", "watchdog", "ruamel", "sqlite3", "typing"}
    script = (
        "import sys\nfrom bluefs.cli.main import main\nmain(['version'])\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.modules, sep='\\n')"],
        text=True, capture_output=True, check=True, env=environment(tmp_path),
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], text=True, capture_output=True, check=True,
        env=environment(tmp_path), cwd=os.fspath(tmp_path),
    )  # fmt: skip
    loaded = set(done.stderr.split()) - set(bare.stdout.split())
    assert "bluefs.cli.main" in loaded
    assert not {m.partition(".")[0] for m in loaded} & heavy
