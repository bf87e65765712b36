"""A new kind is a new file in core/fields and nothing else: every room takes it as it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bluefs.core import fields
from bluefs.core.checks.examine import Sources, examine
from bluefs.core.config import load_config
from bluefs.core.model import Context
from bluefs.core.query import parse_query
from bluefs.core.show import Viewer
from tests.core.query.sql_help import database, in_memory, in_sql

STARS = '''
from bluefs.core.codes import values as codes
from bluefs.core.fields.faults import fault
from bluefs.core.fields.questions import Exactly
from bluefs.core.fields.text import TextLike


class Stars(TextLike):
    """As many stars as there are: ``***``."""

    word = "stars"
    unique = True

    def read(self, field, node, text, setting):
        if set(text) == {"*"}:
            return text
        return fault(codes.ONE_LINE, node, "values.one_line", field=field.key)

    def show(self, field, value, setting):
        return f"{len(value)} stars" if value else ""

    def ask(self, field, asked, setting):
        return Exactly("*" * int(asked.text))


KIND = Stars()
'''
PROJECT = b"lists: {Open: }\nfields:\n  mark: stars\n  lost: strs\n"


@pytest.fixture
def stars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "stars.py").write_text(STARS)
    monkeypatch.setattr(fields, "__path__", [*fields.__path__, str(tmp_path)])
    known = (fields._kind, fields.known_kinds)
    for one in known:
        one.cache_clear()
    yield
    for one in known:
        one.cache_clear()
    sys.modules.pop("bluefs.core.fields.stars", None)
    vars(fields).pop("stars", None)


def test_a_file_is_all_that_it_takes(stars: None) -> None:
    assert "stars" in fields.known_kinds() and "base" not in fields.known_kinds()
    records = {f"p/Open/{n}.md": f"---\nmark: '{text}'\n---\n".encode()
               for n, text in (("a", "***"), ("b", "*"), ("c", "***"), ("d", "x"))}  # fmt: skip
    settings = {"bluefs.yaml": b"bluefs: 1\n", "p/project.yaml": PROJECT}
    config = load_config(settings).config
    found = examine(Sources(settings, records, frozenset(records), frozenset({"p", "p/Open"})))
    told = [(p.path, p.line, p.column, p.code.code) for p in found.problems if p.level == "error"]
    assert told == [
        ("p/Open/c.md", 2, 7, "BF432"),  # twice the same
        ("p/Open/d.md", 2, 7, "BF218"),
        ("p/project.yaml", 4, 9, "BF313"),
    ]
    (lost,) = [p for p in found.problems if p.code.code == "BF313"]
    assert "stars" in str(lost.hint)
    world = [found.survey.readings[path].record for path in sorted(records)]
    assert None not in world
    now = Context(config, datetime(2026, 11, 24, tzinfo=UTC))
    query = parse_query("mark:3")
    known = [one for one in world if one is not None]
    assert in_sql(database(known, now), query, now) == in_memory(known, query, now) == [0, 2]
    assert Viewer(config, now.now).value(known[0], "mark") == "3 stars"
