"""The sample workspace as tests see it: its files, its settings and its records, read once."""

from __future__ import annotations

from pathlib import Path

from bluefs.core.codec.record import Reading, read_record
from bluefs.core.config import Loaded, load_config
from bluefs.core.layout import place

FOLDER = Path(__file__).parents[2] / "sample-workspace"
FILES = {
    path.relative_to(FOLDER).as_posix(): path.read_bytes()
    for path in sorted(FOLDER.rglob("*"))
    if path.is_file()
}
PROJECTS = ("content", "recruiting", "sales", "support", "tasks")
RENEWAL = "sales/Open deals/Renewal – Acme.md"


def read_all(files: dict[str, bytes]) -> tuple[Loaded, dict[str, Reading]]:
    """The settings and every record of a workspace of these files."""
    loaded = load_config(files)
    paths = [path for path in files if place(path, loaded.config).kind == "record"]
    return loaded, {path: read_record(path, files[path], loaded.config) for path in paths}


LOADED, READINGS = read_all(FILES)
CONFIG = LOADED.config
RECORDS = {path: reading.record for path, reading in READINGS.items() if reading.record}
RULES = tuple(rule for rules in CONFIG.rules.values() for rule in rules)
