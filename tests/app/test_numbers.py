"""Numbers (fields of kind ``unique_id``) that the engine gives when it commits."""

from __future__ import annotations

import re

import pytest

from bluefs.app.docs import MANY_IDS
from tests.app.bench import PROJECT, WORKSPACE, Bench

FIELD = "  number: {type: unique_id, prefix: DEAL-, digits: 3}   # ours\n"
HOME = "sales/Open deals"
SETTINGS = "sales/project.yaml"
RULE = """\
- name: Welcome
  when: created
  then:
    - send_email: {to: ana, subject: "New: ${number}", body: "Hello"}
"""


def bench(
    field: str = FIELD, rules: str = "", files: dict[str, str] | None = None,
    workspace: str = WORKSPACE,
) -> Bench:  # fmt: skip
    made = Bench(rules, files, project=f"{PROJECT.rstrip()}\n{field}", workspace=workspace)
    made.start()
    made.settle()
    return made


def record(number: str = "", id: str = "") -> str:
    lines = [f"id: {id}" if id else "", f"number: {number}" if number else "", "nda: true"]
    return "---\n" + "".join(f"{line}\n" for line in lines if line) + "---\nHello.\n"


def number(b: Bench, name: str) -> str | None:
    found = re.search(r"^number: (.*)$", b.read(f"{HOME}/{name}.md"), re.MULTILINE)
    return found[1] if found else None


def last(b: Bench) -> str | None:
    found = re.search(r"last: (\d+)", b.read(SETTINGS))
    return found[1] if found else None


def add(b: Bench, *names: str, text: str | None = None) -> None:
    for name in names:
        b.write(f"{HOME}/{name}.md", record() if text is None else text)
        b.clock.advance(0.01)
    b.settle()


def test_a_new_record_is_numbered_with_its_first_commit() -> None:
    b = bench(rules=RULE)
    before = len(b.log())
    add(b, "A")
    assert number(b, "A") == "DEAL-001"
    assert b.log()[0] == 'Add "A" to Open deals'
    assert len(b.log()) == before + 1
    head = b.git.head()
    assert head is not None
    tree = b.git.tree(head)
    texts = b.git.blobs(tree.values())
    assert b"number: DEAL-001" in texts[tree[f"{HOME}/A.md"]]
    assert b"digits: 3, last: 1}   # ours" in texts[tree[SETTINGS]]
    assert b.mails() == ["New: DEAL-001"]


def test_numbers_go_up_in_the_order_of_saving() -> None:
    b = bench()
    for name in ("Zoe", "Abe"):
        b.write(f"{HOME}/{name}.md", record())
        b.clock.advance(2)
        b.step()
    b.settle()
    assert [number(b, "Zoe"), number(b, "Abe"), last(b)] == ["DEAL-001", "DEAL-002", "2"]


def test_the_number_of_a_deleted_record_is_not_given_again() -> None:
    b = bench()
    add(b, "A", "B")
    b.remove(f"{HOME}/B.md")
    b.settle()
    b.stop()
    b.start()
    add(b, "C")
    assert number(b, "C") == "DEAL-003"


def test_where_no_last_number_is_known_the_records_are_asked() -> None:
    files = {f"{HOME}/Old.md": record("DEAL-041", "0ldrecord1")}
    b = bench(files=files)
    add(b, "New")
    assert [number(b, "New"), last(b)] == ["DEAL-042", "42"]
    assert number(b, "Old") == "DEAL-041"


def test_a_higher_number_typed_by_hand_counts() -> None:
    b = bench()
    add(b, "A")
    add(b, "By hand", text=record("DEAL-500"))
    assert last(b) == "500"
    add(b, "B")
    assert number(b, "B") == "DEAL-501"
    add(b, "Low", text=record("DEAL-007"))
    assert last(b) == "501"


def test_start_prefix_and_its_absence() -> None:
    b = bench("  number: {type: unique_id, start: 1000}\n")
    add(b, "A", "B")
    assert [number(b, "A"), number(b, "B"), last(b)] == ['"1000"', '"1001"', "1001"]
    short = bench("  number: unique_id\n")
    add(short, "A")
    assert number(short, "A") == '"1"'
    assert "number: {type: unique_id, last: 1}" in short.read(SETTINGS)


def test_a_field_on_lines_of_its_own_and_crlf() -> None:
    b = bench("  number:\n    type: unique_id\n    prefix: N-\n  # more\n  seats: number\n")
    b.write(SETTINGS, b.read(SETTINGS).replace("\n", "\r\n"))
    b.settle()
    add(b, "A")
    assert "\r\n    prefix: N-\r\n    last: 1\r\n  # more\r\n" in b.read(SETTINGS)
    assert number(b, "A") == "N-1"


def test_random_ones_are_of_their_length_and_all_different() -> None:
    b = bench("  number: {type: unique_id, style: random, prefix: T-, digits: 1}\n")
    for n in range(4):
        add(b, *(f"{n} {m}" for m in range(10)))
    found = [number(b, f"{n} {m}") for n in range(4) for m in range(10)]
    assert all(found) and len(set(found)) == 40
    assert len(found[0] or "") == 3
    assert last(b) is None


def test_an_older_record_is_numbered_with_its_next_commit() -> None:
    b = bench(files={f"{HOME}/Old.md": record("", "0ldrecord1")})
    assert number(b, "Old") is None
    b.edit(f"{HOME}/Old.md", "Hello.", "Hello again.")
    b.settle()
    assert number(b, "Old") == "DEAL-001"


def test_a_copied_file_gets_a_number_of_its_own() -> None:
    b = bench()
    add(b, "A")
    add(b, "A 2", text=b.read(f"{HOME}/A.md"))
    assert [number(b, "A"), number(b, "A 2")] == ["DEAL-001", "DEAL-002"]


def test_many_files_at_once_are_left_as_they_are() -> None:
    b = bench()
    for n in range(MANY_IDS + 1):
        b.write(f"{HOME}/N{n}.md", record())
    b.settle()
    assert all(number(b, f"N{n}") is None for n in range(MANY_IDS + 1))
    assert last(b) is None
    add(b, "One")
    assert number(b, "One") == "DEAL-001"


def test_a_persons_unfinished_project_yaml_is_not_committed_for_a_number() -> None:
    b = bench()
    text = b.read(SETTINGS)
    add(b, "A")
    b.write(f"{HOME}/B.md", record())
    b.clock.advance(9)
    b.step()  # handled, due in a moment
    b.write_open(SETTINGS, b.read(SETTINGS) + "  more: [\n")
    b.wait(3)
    assert number(b, "B") is None, "what cannot be read cannot hold the last number"
    assert b.log()[0] == 'Add "B" to Open deals'
    b.write(SETTINGS, text.replace("digits: 3", "digits: 3, last: 1") + "  more: text\n")
    b.settle()
    b.edit(f"{HOME}/B.md", "Hello.", "Hello again.")
    b.settle()
    assert number(b, "B") == "DEAL-002"
    assert "  more: text\n" in b.read(SETTINGS)


def test_without_commits_of_its_own_the_engine_still_gives_numbers() -> None:
    b = bench(workspace=WORKSPACE.replace("sync: auto", "sync: manual"))
    commits = len(b.log())
    add(b, "A")
    assert [number(b, "A"), last(b)] == ["DEAL-001", "1"]
    text = b.read(f"{HOME}/A.md")
    b.edit(f"{HOME}/A.md", "Hello.", "Hello again.")
    b.settle()
    assert b.read(f"{HOME}/A.md") == text.replace("Hello.", "Hello again.")
    assert len(b.log()) == commits


@pytest.mark.parametrize("rule", ["changed: number", "changed: deal_value"])
def test_a_number_is_part_of_its_records_creation(rule: str) -> None:
    """Nobody changed anything: the record came with it."""
    rules = f"- name: Told\n  when: {{{rule}}}\n"
    rules += "  then:\n    - add_tags: [Changed]\n"
    b = bench(rules=rules)
    add(b, "A")
    assert "Changed" not in b.read(f"{HOME}/A.md")


def test_a_file_copied_over_another_record_keeps_that_ones_number() -> None:
    b = bench()
    add(b, "A", "B")
    b.write(f"{HOME}/B.md", b.read(f"{HOME}/A.md"))
    b.settle()
    assert [number(b, "A"), number(b, "B"), last(b)] == ["DEAL-001", "DEAL-002", "2"]
