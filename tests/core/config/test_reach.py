"""Rules that can never fire: which conditions exclude themselves or their trigger, and which do
not."""

from __future__ import annotations

import pytest

from bluefs.core.config import load_config
from tests.core.config.test_secrets import SAMPLE

FILES = {
    "p/project.yaml": b"lists: {Open: , Won: {done: true}, Lost: }\ntags: [Urgent, Late]\n"
    b"fields: {value: number, note: text}\n",
}
NEVER = (
    ("completed", "is:open", 1), ("completed", "has:note is:open", 10),
    ("reopened", "is:done", 1), ("completed", "-is:done", 2),
    ("moved: Won", "list:Open", 1), ("moved: Won", "-list:Won", 2),
    ("moved: {from: Open}", "list:Open", 1), ("created: {in: Open}", "list:Won", 1),
    ("tagged: Urgent", "-tag:urgent", 2), ("untagged: Urgent", "tag:Urgent", 1),
    ("cleared: note", "has:note", 1), ("cleared: value", "value:5", 1),
    ("created", "is:open is:done", 9), ("created", "has:note -has:note", 11),
    ("created", "note:none has:note", 11), ("created", "list:Open list:Won", 11),
    ("created", "value>5 -value>5", None), ("created", "tag:Late -tag:Late", 11),
)  # fmt: skip
MAYBE = (
    ("completed", "is:done"), ("completed", "is:open or tag:Urgent"), ("moved: Won", "is:open"),
    ("moved: [Won, Lost]", "list:Lost"), ("moved: Won", "list:Won"),
    ("tagged: [Urgent, Late]", "-tag:Late"), ("untagged: Urgent", "tag:Late"),
    ("created", "-list:Open -list:Won"), ("created", "tag:Urgent tag:Late"),
    ("created", "value>5 value<9"), ("changed: note", "note:none"), ("created", "-(is:open is:done)"),
    ("moved: {to: Won, from: Open}", "list:Won"),
)  # fmt: skip


def told(when: str, condition: str) -> list[tuple[str, int, int]]:
    part = f"{{{when}}}" if ":" in when else when
    text = f"- name: A\n  when: {part}\n  if: '{condition}'\n  then: complete\n"
    loaded = load_config({**FILES, "p/automations.yaml": text.encode()})
    return [(p.code.code, p.line, p.column) for p in loaded.problems]


@pytest.mark.parametrize(("when", "condition", "column"), NEVER)
def test_what_never_fires_is_named(when: str, condition: str, column: int | None) -> None:
    expected = [] if column is None else [("BF332", 3, 7 + column)]
    assert told(when, condition) == expected


@pytest.mark.parametrize(("when", "condition"), MAYBE)
def test_what_may_fire_is_not(when: str, condition: str) -> None:
    assert told(when, condition) == []


def test_the_sample_has_no_such_rule() -> None:
    files = {
        p.relative_to(SAMPLE).as_posix(): p.read_bytes() for p in SAMPLE.rglob("*") if p.is_file()
    }
    assert [
        p.code.code for p in load_config(files).problems if p.code.code in ("BF332", "BF333")
    ] == []
