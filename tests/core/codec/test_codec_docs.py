"""docs/format.md: its examples are sound and its codes exist; every code is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bluefs.core.codec.compose import examine
from bluefs.core.codec.record import read_record
from bluefs.core.codes.format import CODES
from bluefs.core.model import Config, FieldDef, Person, Project, Workspace

PAGE = (Path(__file__).parents[3] / "docs" / "format.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(yaml|markdown)\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.mark.parametrize("text", [body for kind, body in BLOCKS if kind == "yaml"])
def test_yaml_examples(text: str) -> None:
    found = examine(text)
    assert found.problems == ()
    assert found.node is not None


def test_record_example() -> None:
    text = next(body for kind, body in BLOCKS if kind == "markdown" and body.startswith("---"))
    field = FieldDef("deal_value", "currency", "Deal value", options={"currency": "EUR"})
    project = Project("sales", "Sales", fields={"deal_value": field})
    people = {handle: Person(handle, handle) for handle in ("ana", "li")}
    config = Config(Workspace(people=people), {"sales": project})
    found = read_record("sales/Open deals/x.md", text.encode(), config)
    assert found.problems == ()
    assert found.record is not None
    assert len(found.record.items) == 2
    assert [comment.author for comment in found.record.comments] == ["ana"]


def test_trap_table() -> None:
    rows = re.findall(r"^\| (`.*?`|.*?) \|.*?\| (BF\d+)", PAGE, re.M)
    tried = 0
    for cell, code in rows:
        for example in re.findall(r"(?<!`)``? ?([\w]+:.*?) ?``?(?=[,\s]|$)", cell):
            text = example.replace("\\|", "|")
            if code in ("BF130",):
                continue
            found = [p.code.code for p in examine(f"{text}\nlast: x\n").problems]
            assert found == [code], text
            tried += 1
    assert tried >= 18


def test_codes_of_the_page_exist() -> None:
    for code in set(re.findall(r"BF1\d\d", PAGE)):
        assert code in CODES


def test_codes_are_documented_and_in_their_range() -> None:
    for name, code in CODES.items():
        assert name == code.code
        assert 101 <= int(name[2:]) <= 199
        assert code.title
        assert len(code.doc) > 40
