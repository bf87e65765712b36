"""Settings files with thousands of faults: a hundred are told, soon, and nothing else is lost.

The bound is that of tests/core/codec/test_hostile_files.py: about 50 ms of processor time.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bluefs.core.codec.text import PROBLEM_LIMIT
from bluefs.core.config import Loaded, load_config
from tests.core.codec.test_hostile_files import SCRIPT

TOP, PROJECT, RULES = "bluefs.yaml", "sales/project.yaml", "sales/automations.yaml"


def many(before: str, line: str, times: int = 1_000) -> str:
    """As Python that makes the text."""
    return f"{before!r} + ''.join({line!r} % n for n in range({times}))"


TEXTS = {
    "unknown keys of bluefs.yaml": (TOP, many("", "tmezone%d: x\n")),
    "unknown keys of a person": (TOP, many("people:\n  ana:\n", "    nme%d: x\n")),
    "people with unknown keys": (TOP, many("people:\n", "  p%d: {nme: x}\n", 500)),
    "handles that are none": (TOP, many("people:\n", "  p %d: x\n")),
    "groups of nobody": (TOP, many("people: {ana: }\ngroups:\n  g:\n", "    - anna%d\n")),
    "unknown keys of project.yaml": (PROJECT, many("", "feilds%d: x\n")),
    "fields of an unknown kind": (PROJECT, many("fields:\n", "  f%d: txet\n", 500)),
    "unknown options of a field": (PROJECT, many("fields:\n  f:\n    type: text\n", "    nme%d: x\n")),
    "fields with unknown options": (PROJECT, many("fields:\n", "  f%d: {type: text, nme: x}\n", 350)),
    "unknown keys of a list": (PROJECT, many("lists:\n  A:\n", "    colr%d: x\n")),
    "lists with unknown keys": (PROJECT, many("lists:\n", "  L%d: {colr: red}\n", 500)),
    "tags of unknown colours": (PROJECT, many("tags:\n", "  T%d: bleu\n", 800)),
    "unknown keys of a rule": (RULES, many("- name: A\n", "  thne%d: x\n")),
    "rules with unknown keys": (RULES, many("", "- name: R%d\n  wehn: x\n", 350)),
    "rules with unknown words": (RULES, many("", "- name: R%d\n  when: moevd\n", 300)),
    "unknown triggers of a rule": (RULES, many("- name: A\n  when:\n", "    - moevd%d\n", 800)),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_hundred_are_told_soon(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *TEXTS[name]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    ratio, codes = json.loads(done.stdout)
    assert len(codes) == PROBLEM_LIMIT + 1 and codes.count("BF128") == 1
    assert ratio < 1, f"{name}: {ratio:.2f} of the bound"


def loaded(path: str, text: str) -> Loaded:
    files = {TOP: "bluefs: 1\n", PROJECT: "lists: {Open: }\n", path: text}
    return load_config({p: t.encode() for p, t in files.items()})


def told(found: Loaded, path: str) -> list[str]:
    return [problem.code.code for problem in found.problems if problem.path == path]


def test_a_hundred_and_no_more_are_all() -> None:
    text = "".join(f"feilds{n}: x\n" for n in range(PROBLEM_LIMIT))
    assert told(loaded(PROJECT, text), PROJECT) == ["BF303"] * PROBLEM_LIMIT
    assert told(loaded(PROJECT, text + "feild: x\n"), PROJECT).count("BF128") == 1


def test_at_the_last_place_it_is_said_that_there_are_more() -> None:
    found = loaded(PROJECT, "".join(f"feilds{n}: x\n" for n in range(300)))
    last = next(problem for problem in found.problems if problem.code.code == "BF128")
    assert (last.code.code, last.level, last.line) == ("BF128", "info", PROBLEM_LIMIT)
    assert last.hint is not None


def test_each_file_has_its_own_hundred() -> None:
    text = "".join(f"feilds{n}: x\n" for n in range(300))
    files = {TOP: "bluefs: 1\n", PROJECT: text, "work/project.yaml": text}
    found = load_config({p: t.encode() for p, t in files.items()})
    assert len(told(found, PROJECT)) == len(told(found, "work/project.yaml")) == PROBLEM_LIMIT + 1


def test_what_stands_behind_them_is_read_all_the_same() -> None:
    text = "".join(f"feilds{n}: x\n" for n in range(300))
    found = loaded(PROJECT, f"{text}lists: {{Open: {{done: true}}}}\nfields: {{value: number}}\n")
    project = found.config.projects["sales"]
    assert project.lists["Open"].done and project.fields["value"].kind == "number"


def test_a_rule_with_a_fault_that_is_not_told_is_not_in_force() -> None:
    text = "".join(f"- name: R{n}\n  when: moevd\n  then: complete\n" for n in range(300))
    sound = "- name: Sound\n  when: created\n  then: complete\n"
    found = loaded(RULES, text + sound + "- name: Bad\n  wehn: x\n  when: created\n  then: mvoe\n")
    assert [rule.name for rule in found.config.rules["sales"]] == ["Sound"]


def test_hints_that_nothing_need_be_mended_hide_no_error() -> None:
    text = "fields:\n" + "".join(
        f"  f{n}: {{type: duration, from: created, to: completed}}\n" for n in range(200)
    )
    found = loaded(PROJECT, f"{text}  bad: txet\n")
    assert "BF313" in told(found, PROJECT)
    assert len(told(found, PROJECT)) == PROBLEM_LIMIT + 1


def test_names_in_rules_are_among_the_hundred() -> None:
    text = "".join(f"- name: R{n}\n  when: {{moved: Opne}}\n  then: complete\n" for n in range(300))
    codes = told(loaded(RULES, text), RULES)
    assert len(codes) == PROBLEM_LIMIT + 1 and {*codes} == {"BF325", "BF128"}


def test_merge_fields_of_a_template_are_among_the_hundred() -> None:
    rule = "- name: R\n  when: created\n  then:\n    - send_email: {to: ana, template: a.md}\n"
    text = " ".join(f"${{titel{n}}}" for n in range(300))
    files = {TOP: "bluefs: 1\npeople: {ana: {email: a@b.example}}\n", PROJECT: "lists: {Open: }\n",
             RULES: rule, "sales/_templates/a.md": text}  # fmt: skip
    found = load_config({p: t.encode() for p, t in files.items()})
    assert len(told(found, "sales/_templates/a.md")) == PROBLEM_LIMIT + 1
