"""Plans and their carrying out: only what was asked, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.adapters.memory_files import MemoryFiles
from bluefs.app.commands import Edit, Scene, Step, Touched, apply, parse_edit, plan_done, plan_set
from bluefs.app.workspace import Snapshot
from bluefs.core.codec.record import read_record
from bluefs.core.config import load_config
from bluefs.core.errors import Changed, Refused, Unwritable

SETTINGS = {
    "bluefs.yaml": b"bluefs: 1\npeople: {ana: {name: Ana}, li: {name: Li}}\ngroups: {all-of: [ana, li]}\n",
    "p/project.yaml": b"lists: {A: , B: {done: true}}\ntags: [Key account, Urgent]\n"
    b"fields: {seats: number, note: text, kinds: {type: multi_select, options: [Pro, Basic, Max]}}\n",
}
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)


class Log:
    """What was noted, before anything was touched."""

    def __init__(self, files: MemoryFiles) -> None:
        self._files = files
        self.noted: list[Touched] = []

    def note(self, at: float, command: str, touched: Sequence[Touched]) -> None:
        for one in touched:
            assert one.before is None or self._files.read(one.path) == one.before
        self.noted += touched


def scene(files: dict[str, bytes]) -> Scene:
    loaded = load_config(SETTINGS)
    readings = {p: read_record(p, d, loaded.config) for p, d in files.items()}
    records = tuple(r.record for r in readings.values() if r.record is not None)
    return Scene(Snapshot(loaded, records, readings, files, paths=frozenset(files)), NOW, "ana")


def after(text: str, *edits: str) -> str:
    """The file after these assignments."""
    here = scene({"p/A/One.md": text.encode()})
    parsed = [parse_edit(edit) for edit in edits]
    step = plan_set(here, here.snapshot.records[0], [e for e in parsed if e is not None])
    assert step.after is not None
    return step.after.decode()


@pytest.mark.parametrize(("before", "edits", "wanted"), [
    ("seats: 12.0", ["seats=12"], "seats: 12.0"),
    ("seats: 12 # x", ["seats=13"], "seats: 13 # x"),
    ("seats: 12", ["seats="], ""),
    ("tags: [key-account]", ["tags+=Key account"], "tags: [key-account]"),
    ("tags: [key-account, b]", ["tags-=KEY ACCOUNT"], "tags: [b]"),
    ("tags: [key-account, b]", ["tags=b,key account"], "tags: [key-account, b]"),
    ("tags: [a, b]", ["tags=b,c"], "tags: [b, c]"),
    ("tags: a", ["tags+=b"], "tags: [a, b]"),
    ("tags:\n  - a  # one\n  - b", ["tags-=b", "tags+=c"], "tags:\n  - a  # one\n  - c"),
    ("tags: [a]", ["tags=b"], "tags: [b]"),
    ("tags: [a]", ["tags-=a"], ""),
    ("assignees: [all-of]", ["assignees+=li"], "assignees: [all-of]"),
    ("assignees: [all-of]", ["assignees-=li"], "assignees: [ana]"),
    ("assignees: li", ["assignees+=me"], "assignees: [li, ana]"),
    ("assignees: [li, gone]", ["assignees-=@gone"], "assignees: [li]"),
    ("assignees: [li, gone]", ["assignees+=ana"], "assignees: [li, gone, ana]"),
    ("kinds: [Pro]", ["kinds+=pro,bas"], "kinds: [Pro, Basic]"),
    ("aliases: [a]", ["aliases+=b"], "aliases: [a, b]"),
    ("mood: good", ["mood=bad: worse"], 'mood: "bad: worse"'),
    ("note: 'x'", ["note=it's"], "note: 'it''s'"),
    ("due: 2026-12-01T10:00+01:00", ["due=2026-12-01T09:00Z"], "due: 2026-12-01T10:00+01:00"),
])  # fmt: skip
def test_set_changes_what_was_asked(before: str, edits: list[str], wanted: str) -> None:
    found = after(f"---\nid: abcdefghjk\n{before}\n---\nBody\n", *edits)
    assert found == f"---\nid: abcdefghjk\n{wanted}{chr(10) if wanted else ''}---\nBody\n"


@pytest.mark.parametrize(("text", "edit"), [
    ("seats=3", Edit("seats", "=", "3")), ("tags+=a", Edit("tags", "+=", "a")),
    ("tags-=a=b", Edit("tags", "-=", "a=b")), ("due=", Edit("due", "=", "")),
    ("a-b=c", Edit("a-b", "=", "c")), ("note==x", Edit("note", "=", "=x")),
])  # fmt: skip
def test_assignments(text: str, edit: Edit) -> None:
    assert parse_edit(text) == edit


@pytest.mark.parametrize("text", ["", "word", "=x", "+=x", "  =x"])
def test_no_assignments(text: str) -> None:
    assert parse_edit(text) is None


@given(
    st.lists(st.sampled_from(["a", "b", "Key account", "key-account", "URGENT"]), max_size=4),
    st.sampled_from(["=", "+=", "-="]),
    st.lists(st.sampled_from(["a", "b", "key account", "urgent", "c"]), min_size=1, max_size=3),
)
def test_sets_obey_the_laws_of_sets(held: list[str], operator: str, typed: list[str]) -> None:
    from bluefs.core.fields.tags import fold_tag

    text = f"---\nid: abcdefghjk\ntags: [{', '.join(held)}]\n---\n"
    found = after(text, f"tags{operator}{','.join(typed)}")
    record = read_record("p/A/One.md", found.encode(), load_config(SETTINGS).config).record
    assert record is not None
    old, new = {fold_tag(t) for t in held}, {fold_tag(t) for t in typed}
    wanted = {"=": new, "+=": old | new, "-=": old - new}[operator]
    assert {fold_tag(t) for t in record.tuple_of("tags")} == wanted
    assert (found == text) == (wanted == old)
    assert after(found, f"tags{operator}{','.join(typed)}") == found


def test_done_says_only_what_the_list_does_not() -> None:
    files = {"p/A/One.md": b"---\nid: abcdefghjk\n---\n", "p/B/Two.md": b"---\ndone: false\n---\n"}
    here = scene(files)
    one, two = here.snapshot.records
    assert plan_done(here, one, True).after == b"---\nid: abcdefghjk\ndone: true\n---\n"
    assert not plan_done(here, one, False).changed
    assert b"done" not in (plan_done(here, two, True).after or b"done")


def steps() -> tuple[dict[str, bytes], list[Step]]:
    files = {"p/A/a.md": b"a", "p/A/b.md": b"b", "p/A/c.md": b"c", "p/A/d.md": b"d"}
    return files, [
        Step("p/A/a.md", b"a", "p/A/a.md", b"A"),
        Step("p/A/b.md", b"b", "p/B/b.md", b"B"),
        Step("p/A/c.md", b"c", None, None),
        Step("p/A/n.md", None, "p/A/n.md", b"N"),
        Step("p/A/d.md", b"d", "p/B/d.md", b"d"),
    ]


def contents(files: MemoryFiles) -> dict[str, bytes | None]:
    return {path: files.read(path) for path in files.scan()}


def test_a_plan_is_carried_out_whole() -> None:
    before, plan = steps()
    files = MemoryFiles(before)
    log = Log(files)
    assert apply(plan, "test", files, log, 1.0) == 5
    assert contents(files) == {
        "p/A/a.md": b"A", "p/B/b.md": b"B", "p/A/n.md": b"N", "p/B/d.md": b"d",
    }  # fmt: skip
    assert [(t.path, t.to) for t in log.noted][1:3] == [
        ("p/A/b.md", "p/B/b.md"), ("p/A/c.md", None),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["p/A/a.md", "p/B/b.md", "p/A/c.md", "p/A/n.md", "p/B/d.md"])
def test_a_plan_that_fails_is_taken_back(path: str) -> None:
    before, plan = steps()

    class Failing(MemoryFiles):
        """Refuses one target, as a full disk would."""

        broken = True

        def _refuse(self, name: str) -> None:
            if self.broken and name == path:
                self.broken = False
                raise Unwritable("errors.unwritable.full", path=name)

        def write(self, path: str, data: bytes, expected: bytes | None) -> None:
            self._refuse(path)
            super().write(path, data, expected)

        def move(self, old: str, new: str, expected: bytes) -> None:
            self._refuse(new)
            super().move(old, new, expected)

        def delete(self, path: str, expected: bytes) -> None:
            self._refuse(path)
            super().delete(path, expected)

    files = Failing(before)
    with pytest.raises(Unwritable):
        apply(plan, "test", files, Log(files), 1.0)
    assert contents(files) == before


@pytest.mark.parametrize("change", ["edit", "gone", "taken"])
def test_a_plan_on_other_bytes_is_refused_before_the_first_write(change: str) -> None:
    before, plan = steps()
    files = MemoryFiles(before)
    if change == "edit":
        files.put("p/A/d.md", b"other")
    elif change == "gone":
        files.delete("p/A/d.md", b"d")
    else:
        files.put("p/B/d.md", b"other")
    state, log = contents(files), Log(files)
    with pytest.raises(Changed):
        apply(plan, "test", files, log, 1.0)
    assert contents(files) == state
    assert log.noted == []


@pytest.mark.parametrize("edit", [
    "seats+=1", "seats=x", "id=x", "list=B", "title=", "nope=1", "tags+=", "assignees=zed",
])  # fmt: skip
def test_what_cannot_be_set_is_refused(edit: str) -> None:
    text = "---\nid: abcdefghjk\ntags: [a]\n---\n"
    if edit == "tags+=":  # nothing to add is no change
        assert after(text, edit) == text
        return
    with pytest.raises(Refused):
        after(text, edit)
