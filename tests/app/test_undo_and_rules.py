"""Undo beside the engine: what rules wrote stays, what a person wrote is never overwritten. And a
renamed list fires nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bluefs.adapters.journal import Entry, Journal
from bluefs.adapters.memory_files import MemoryFiles
from bluefs.app.commands.undo import ENGINE, plan_undo
from bluefs.app.workspace import digest
from bluefs.bootstrap import JournalCommands
from bluefs.core.config import load_config
from bluefs.core.errors import Refused
from tests.app.bench import PROJECT, Bench

CONFIG = load_config({"bluefs.yaml": b"bluefs: 1\n", "sales/project.yaml": PROJECT.encode()}).config
OLD, NEW, FAR = "sales/Open deals/A.md", "sales/Proposal/A.md", "sales/Archive/A.md"


@dataclass
class Past:
    """A journal in memory, and the worktree it led to."""

    files: MemoryFiles
    entries: list[Entry]

    def wrote(self, command: str, path: str, to: str, before: str, after: str) -> None:
        at = float(len(self.entries))
        old, new = before.encode(), after.encode()
        self.entries.append(
            Entry(at, command, path, to if to != path else None, digest(old), digest(new), old)
        )
        if path in self.files.contents:
            self.files.remove(path)
        self.files.put(to, new)

    def undo(self) -> dict[str, str]:
        for step in plan_undo(self.entries, self.files, CONFIG).steps:
            step.check(self.files)
            step.carry_out(self.files, [])
        return {path: data.decode() for path, data in self.files.contents.items()}


def past() -> Past:
    return Past(MemoryFiles(), [])


def text(*lines: str) -> str:
    return "---\nid: abcdefghjk\n" + "".join(f"{line}\n" for line in lines) + "---\nBody\n"


def test_a_rule_s_lines_stay() -> None:
    p = past()
    p.wrote("move", OLD, NEW, text("deal_value: 1"), text("deal_value: 1"))
    p.wrote(ENGINE, NEW, NEW, text("deal_value: 1"), text("deal_value: 1", "tags: [Contacted]"))
    assert p.undo() == {OLD: text("deal_value: 1", "tags: [Contacted]")}


def test_a_rule_that_moved_it_on_keeps_it_there() -> None:
    p = past()
    p.wrote("set", OLD, OLD, text(), text("done: true", "deal_value: 5"))
    p.wrote(
        ENGINE, OLD, FAR, text("done: true", "deal_value: 5"), text("done: true", "deal_value: 5")
    )
    assert p.undo() == {FAR: text()}


def test_where_a_rule_set_the_same_field_its_value_stays() -> None:
    p = past()
    p.wrote("set", OLD, OLD, text("deal_value: 1"), text("deal_value: 2", "probability: 3"))
    p.wrote(
        ENGINE,
        OLD,
        OLD,
        text("deal_value: 2", "probability: 3"),
        text("deal_value: 9", "probability: 3"),
    )
    assert p.undo() == {OLD: text("deal_value: 9")}


def test_several_rules_one_after_the_other() -> None:
    p = past()
    p.wrote("set", OLD, OLD, text(), text("deal_value: 2"))
    p.wrote(ENGINE, OLD, OLD, text("deal_value: 2"), text("deal_value: 2", "color: red"))
    p.wrote(
        ENGINE, OLD, NEW, text("deal_value: 2", "color: red"), text("deal_value: 2", "color: red")
    )
    assert p.undo() == {NEW: text("color: red")}


def test_a_new_record_goes_with_what_rules_wrote_into_it() -> None:
    p = past()
    p.entries.append(Entry(0.0, "new", OLD, None, None, digest(text().encode()), None))
    p.files.put(OLD, text().encode())
    p.wrote(ENGINE, OLD, OLD, text(), text("color: red"))
    assert p.undo() == {}


@pytest.mark.parametrize("by_rule_first", [True, False])
def test_a_person_s_edit_is_never_undone(by_rule_first: bool) -> None:
    p = past()
    p.wrote("set", OLD, OLD, text(), text("deal_value: 2"))
    if by_rule_first:
        p.wrote(ENGINE, OLD, OLD, text("deal_value: 2"), text("deal_value: 2", "color: red"))
    p.files.put(OLD, text("deal_value: 2", "color: blue").encode())
    before = dict(p.files.contents)
    with pytest.raises(Refused) as caught:
        p.undo()
    assert caught.value.key == "writing.undo.changed"
    assert p.files.contents == before


def test_a_rule_behind_a_person_s_edit_does_not_hide_it() -> None:
    p = past()
    p.wrote("set", OLD, OLD, text(), text("deal_value: 2"))
    p.wrote(ENGINE, OLD, OLD, text("deal_value: 3"), text("deal_value: 3", "color: red"))
    with pytest.raises(Refused):
        p.undo()


def test_the_engine_tells_the_journal_of_what_follows_a_command(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / "journal"))
    journal.append([Entry(1.0, "set", OLD, None, digest(b"a"), digest(b"b"), b"a")])
    commands = JournalCommands(journal)
    commands.follow(NEW, NEW, b"x", b"y")  # nobody's command
    commands.follow(OLD, NEW, b"b", b"c")
    commands.follow(NEW, FAR, b"c", b"d")
    found = journal.since(0)[0]
    assert [(e.command, e.path, e.to, e.before) for e in found] == [
        ("set", OLD, None, b"a"), (ENGINE, OLD, NEW, b"b"), (ENGINE, NEW, FAR, b"c"),
    ]  # fmt: skip
    assert commands.wrote(FAR, digest(b"d"))


RULES = """\
- name: Any
  when: [created, moved, completed, reopened, changed, tagged]
  then:
    - add_tags: [Urgent]
    - send_email: {to: ana, subject: "${title}", body: Hello}
"""


@pytest.mark.parametrize("config_first", [True, False])
def test_a_renamed_list_fires_nothing(config_first: bool) -> None:
    """In whichever order the engine sees the two halves of it; Won is a list of done records."""
    b = Bench(RULES, {"sales/Won/A.md": text(), "sales/Won/B.md": "---\nid: bcdefghjkm\n---\n"})
    b.start()
    b.settle()
    settings = PROJECT.replace("  Won:", "  Closed:").encode()
    before = len(b.events())
    if config_first:
        b.files.put("sales/project.yaml", settings)
        b.wait(0.3)
    b.files.move_tree("sales/Won", "sales/Closed")
    if not config_first:
        b.wait(0.3)
        b.files.put("sales/project.yaml", settings)
    b.settle()
    assert b.events()[before:] == [] and b.mails() == []
    assert b.read("sales/Closed/A.md") == text()
