"""What `--fix` leaves behind: nothing it could mend, and every value it had no business with."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluefs.adapters.memory import MemoryIds
from bluefs.app.checking import admitting, examine
from bluefs.app.mending import Mending, plan_mending
from bluefs.core.codec.compose import examine as examine_yaml
from bluefs.core.codec.keys import plain_of
from bluefs.core.codec.text import Decoded, decode, split
from bluefs.core.nodes import Map
from tests.core.checks.check_help import sources

PATH = "sales/Open/R.md"
PROJECT = """\
name: Sales
lists: {Open: }
tags: [Urgent, Key account]
fields:
  note: text
  seats: number
  value: {type: currency, currency: EUR}
  chance: percent
  nda: checkbox
  source: {type: select, options: [Web, Referral, "Fair: Lyon"]}
  products: {type: multi_select, options: [Basic, Pro]}
  closing: date
  email: email
  site: url
"""
KEYS = [
    "title", "tags", "color", "start", "due", "assignees", "done", "blocked_by", "position",
    "remind", "note", "seats", "value", "chance", "nda", "source", "products", "closing",
    "email", "site", "Due", "échéance", "labels", "Note", "zzz", "aliases",
]  # fmt: skip
#: What people type that is at fault somewhere, and a little that is not.
TEXTS = [
    "#ff0000", "Fix #12 login", "12000 #net", "[Urgent] #x", '"quoted" #x', "true #x", "x #y",
    "Re: hello", "Priorité : haute", "so:", "@ana", "`x`", "%x", ">3 days", "|x", "- x",
    "[urgent] call", "[a", "{a", "[a, b] c", "'tis", '"open', '"hi" he said', "'a' 'b'",
    "!important", "&co Ltd", "*x*", '"C:\\Users"', "[li, @ana]", "[a #b, c]", "[x, @y, #z]",
    "12,000", "€12", "40%", "40 %", "1 000", "4/5", "12/13/2026", "2026-12-1", "2026/12/01",
    "01/12/2026", "2026-12-01 15h00", "tomorrow", "a, b", "Urgent, key-account", "URGENT",
    "[urgent, Nobody]", "Ana", "@Ana", "[ANA]", "oui", "web", "fair: lyon", "Basic, Pro",
    "Ana <ana@acme.example>", "mailto:ana@acme.example", "acme.example", "x", "~", "null",
    "[]", "2026-12-01", "12000", "ana", "[[R]]", "Other",
]  # fmt: skip
TEXT = st.sampled_from(TEXTS)
ENTRY = st.sampled_from(
    ["{k}: {a}", "{k}: {a}", "{k}:{a}", "\t{k}: {a}", "{k}: {a}  # why", "{k}:\n  - {a}\n  - {b}",
     "{k}:\n\t- {a}\n\t- {b}", "{k}: |\n  {a}\n  {b}", "{k}: [{a}, {b}]", "{k}: {a}\n  {b}"]
)  # fmt: skip
FRONTS = st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=5).flatmap(
    lambda keys: st.tuples(
        *(st.builds(lambda e, a, b, k=k: e.format(k=k, a=a, b=b), ENTRY, TEXT, TEXT) for k in keys)
    ).map("\n".join)
)
NEWLINES = st.sampled_from(["\n", "\r\n"])


def mend(front: str, newline: str = "\n") -> tuple[bytes, Mending]:
    data = f"---\n{front}\n---\nbody: @x #1\n".replace("\n", newline).encode()
    other = "---\nid: b000000001\n---\n"
    files = {"sales/project.yaml": PROJECT, PATH: data, "sales/Open/Other.md": other}
    return data, plan_mending(sources(files), MemoryIds(1), admitting([]))


def entries(data: bytes) -> dict[str, tuple[object, range]]:
    """key -> what it says, and the lines it stands on."""
    decoded = decode(data)
    assert isinstance(decoded, Decoded)
    node = examine_yaml(split(decoded.text).yaml, first_line=2).node
    if not isinstance(node, Map):
        return {}
    return {
        key.text: (plain_of(value), range(key.line, max(key.line, value.end_line) + 1))
        for key, value in node.entries
    }


def check(front: str, newline: str) -> None:
    data, mending = mend(front, newline)
    left = [p for p in examine(mending.after).problems if p.fix is not None]
    assert left == [], (mending.after.data[PATH].decode(), left)
    new = mending.after.data[PATH]
    assert new.endswith(f"---{newline}body: @x #1{newline}".encode())
    before = examine(sources({"sales/project.yaml": PROJECT, PATH: data})).problems
    hurt = {p.line for p in before if p.path == PATH}
    after = entries(new)
    for key, (said, lines) in entries(data).items():
        if said is not None and hurt.isdisjoint(range(lines.start - 1, lines.stop + 1)):
            if key in after:
                assert after[key][0] == said, (key, new.decode())
            else:  # other YAML around it is still broken: it stands as it was typed
                typed = data.splitlines(keepends=True)[lines.start - 1 : lines.stop - 1]
                assert typed and b"".join(typed) in new, (key, new.decode())


@settings(max_examples=300, deadline=None)
@given(FRONTS, NEWLINES)
@example("title: oui\ntags: Re: hello\ncolor: |\n  Fix #12\n  Fix #12\n\tstart: #ff0000", "\n")
def test_nothing_that_can_be_mended_is_left_and_the_rest_says_the_same(
    front: str, newline: str
) -> None:
    check(front, newline)


@pytest.mark.parametrize("key", KEYS)
def test_every_fault_under_every_key(key: str) -> None:
    for text in TEXTS:
        check(f"note2: before\n{key}: {text}\nzz: after", "\n")


@pytest.mark.parametrize("layout", ["\t{k}: x: y\n", "{k}:\t12 #x: y\n", "{k}:@x\n"])
def test_many_faults_that_hide_each_other(layout: str) -> None:
    check("".join(layout.format(k=f"k{n}") for n in range(25)), "\n")
