"""`--fix` mends a slip where one name alone can be meant, and nothing else of the file."""

from __future__ import annotations

import pytest

from bluefs.app.checking import admitting
from bluefs.app.mending import plan_mending
from bluefs.core.checks.examine import examine
from tests.core.checks.check_help import PROJECT, sources

A, P, R = "sales/Open/A.md", "sales/project.yaml", "sales/automations.yaml"
HEAD = "---\nid: a000000001\n"
STRICT = PROJECT + "strict: true\ntags: [Urgent, Later]\n"


class _Ids:
    def new(self) -> str:
        raise AssertionError("no id is needed")


def rule(when: str = "completed", then: str = "complete") -> str:
    return f"# rules\n- name: A   # odd  blanks\n  when: {when}\n  then: {then}\n"


SLIPS = (
    (A, HEAD + "valeu: 12\n---\nText\n", HEAD + "value: 12\n---\nText\n"),
    (P, PROJECT + "strcit: true\n", PROJECT + "strict: true\n"),
    (P, PROJECT + "  day: dtae  # x\n", PROJECT + "  day: date  # x\n"),
    (P, PROJECT.replace("  Open:\n", "  Open: {color: orage}\n"), PROJECT.replace("  Open:\n", "  Open: {color: orange}\n")),
    (R, rule("reopend"), rule("reopened")),
    (R, rule("{tagegd: Urgent}"), None),  # tagged or untagged
    (R, rule("{moved: Opne}"), rule("{moved: Open}")),
    (R, rule("{moved: 'Opne'}"), rule("{moved: Open}")),
    (R, rule(then="[{set: {nubmer: D-1}}]"), None),  # nobody sets a number
    (R, rule("{changed: emial}"), rule("{changed: email}")),
    (R, rule(then="[{assign: anna}]"), rule(then="[{assign: ana}]")),
    (R, rule("xyzzy"), None),
    (P, PROJECT + "naem: x\n", None),  # `name` stands there already
    (A, HEAD + "papr: [x]\n---\n", None),  # paper or papers
)  # fmt: skip


@pytest.mark.parametrize(("path", "before", "after"), SLIPS)
def test_a_slip_is_mended_and_every_other_byte_stays(
    path: str, before: str, after: str | None
) -> None:
    found = sources({A: HEAD + "---\n", path: before})
    mending = plan_mending(found, _Ids(), admitting([]))
    writes = {p: new.decode() for p, (_, new) in mending.writes.items()}
    assert writes == ({} if after is None else {path: after})
    if after is not None:
        assert not [p for p in examine(mending.after).problems if p.path == path and p.fixable]


def test_the_tag_of_a_strict_project_in_a_rule() -> None:
    found = sources({A: HEAD + "---\n", P: STRICT, R: rule("{tagged: Urgnt}")})
    writes = plan_mending(found, _Ids(), admitting([])).writes
    assert {p: new.decode() for p, (_, new) in writes.items()} == {R: rule("{tagged: Urgent}")}
    loose = sources(
        {A: HEAD + "---\n", P: STRICT.replace("strict: true\n", ""), R: rule("{tagged: Urgnt}")}
    )
    assert not plan_mending(loose, _Ids(), admitting([]))
