"""Workspaces in which many things are wrong at once, and what `check --fix` made of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from bluefs.app.checking import is_mendable
from bluefs.app.docs import is_record
from bluefs.app.mending import Mending, plan_mending
from bluefs.cli.mend import diff_lines
from bluefs.core.checks.examine import Examination, Sources, examine
from bluefs.core.codec.text import Decoded, decode, unify
from bluefs.core.config import is_config, load_config
from bluefs.core.frozen import replace
from bluefs.core.problems import Problem
from tests.code_examples import FOLDER, Example, examples

#: Entries with something wrong, each of which a person may have typed (`\n` and `\t` stand for
#: what they do in Python).
TRAPS = r"""
color: #ff0000
title: Fix #12 login
value: 12000 #net
tags: [a] #b
title: "a" #b
title: Re: hello
note: Priorité : haute
note: @ana
title: `x`
note: %x
note: >3 days
note: |x
note: - x
note: "hi" he said
note: 'tis
title: "unclosed
title: [urgent] call
tags: [a, b
title:x
note: !important
note: &co Ltd
note: *x*
Due: 2026-12-01
échéance: 2026-12-01
due: 12/25/2026
start: 2026-12-1
value: 12,000
seats: €12
chance: 40%
tags: a, b
assignees: [Ana, "@li", Li Wei]
assignees: [Ana, @li, Li Wei]
assignees: ana, Li
assignees:\n  - @ana\n  - Li
products: [basic, Prro, Pro]
products: [Bsic, Pro] #x
source: web
source: Wbe
country: France
phone: 06 12 34 56 78
office: 48.8566 2.3522
paper: offer.pdf
score: 3,5
nda: oui
nda: Yes
blocked_by: [B]
blocked_by: [[B]]
blocked_by: B, C
blocked_by: ["[[B]]", "C"]
email: <ana@acme.example>
website: acme.example
\tnote: x
closing: 2026-12-01 - 2026-12-05
visit: 2026-12-01
seat: 3
vlaue: 12,000
Tags: [a, b
story: "x" y #z
labels: a, b
tags: [Urgent, #b]
tags: [Re: x, @y]
products: [Basic, *x]
assignees: [@ana, #li]
note: "C:\Users"
vlaue: 12000 #net
Color: #ff0000
sorce: web
# a comment
#comment
"""


FIELDS = r"""
a: txet
b: {type: numbr, min: 1}
c: {type: select, options: {Web: bleu, Old: green}}
d: {type: select, optins: [X, Y]}
e: {type: percent, decimals: x}
f: {type: rating, max: 20}
g: {typ: text}
h: {type: formula, formula: value * chnce}
i: {type: text, name: Re: x}
j: {type: text, description: "a" b}
k: {type: currency, currency: eur}
l: @text
m: {type: text, required_in: [Opne]}
n: {type: lookup, through: nobody, get: x}
"""
RULES = r"""
- name: A\n  when: {moved: Opne}\n  then:\n    - complete
- name: B\n  when: complted\n  then:\n    - set: {note: x}
- name: C\n  when: created\n  then:\n    - mvoe: Won
- name: D\n  when: created\n  then:\n    - set: {noet: x}
- name: E\n  when: created\n  then:\n    - assign: anna
- name: F\n  when: {pressed: send_ofer}\n  then:\n    - add_tags: [Urgnt]
- name: G\n  wen: created\n  then:\n    - complete
- name: H\n  when: created\n  if: sourc:Web\n  then:\n    - complete
- name: I\n  when: created\n  then:\n    - set: {color: bleu}
- name: Re: J\n  when: created\n  then:\n    - complete
- name: "K\n  when: created\n  then:\n    - complete
- name: L\n  when: {changed: {field: valeu, to: 5..}}\n  then:\n    - complete
- name: M\n  when: [created\n  then:\n    - complete
- name: N\n  when: created\n  then:\n    - send_email:\n        to: anna\n        subject: ${titel}\n        body: @x
"""


def settings_of(fields: list[str], rules: list[str]) -> dict[str, bytes]:
    """A project whose settings hold these entries besides those of the base."""
    files = base()
    more = "".join(f"  {field}\n" for field in fields)
    files["sales/project.yaml"] += more.encode()
    if rules:
        files["sales/automations.yaml"] = ("\n".join(rules) + "\n").encode()
    return files


def listed(table: str) -> list[str]:
    return [line.replace(r"\n", "\n") for line in table.strip().split("\n")]


def entries() -> list[str]:
    """The traps, and every entry of a front matter in the examples of codes."""
    found = {line.replace(r"\t", "\t") for line in listed(TRAPS)}
    for example in examples().values():
        for path, text in example.texts("bad").items():
            if path.endswith(".md") and text.startswith("---\n") and not example.has_history:
                found.update(_split(text.split("\n---")[0][4:]))
    return sorted(entry for entry in found if 0 < len(entry) < 300 and "\0" not in entry)


def _split(front: str) -> list[str]:
    return re.split(r"\n(?![ \t-])", front)


def key_of(entry: str) -> str:
    return re.split(r"[:\s]", entry.strip())[0].casefold()


class Ids:
    def __init__(self) -> None:
        self.given = 0

    def new(self) -> str:
        self.given += 1
        return f"z{self.given:09}"


def gathered(files: Mapping[str, bytes], folders: frozenset[str] = frozenset()) -> Sources:
    """A workspace of these files; their folders need not be named."""
    above = {"/".join(p.split("/")[:n]) for p in files for n in range(1, p.count("/") + 1)}
    folders |= above
    settings = {p: d for p, d in files.items() if is_config(p)}
    config = load_config(settings, folders).config
    data = {p: d for p, d in files.items() if p not in settings and is_record(p, config)}
    return Sources(settings=settings, data=data, paths=frozenset(files), folders=folders)


def on_disk(root: Path) -> tuple[dict[str, bytes], frozenset[str]]:
    found = {p.relative_to(root).as_posix(): p for p in sorted(root.rglob("*"))}
    files = {name: p.read_bytes() for name, p in found.items() if p.is_file()}
    return files, frozenset(name for name, p in found.items() if p.is_dir())


def base() -> dict[str, bytes]:
    return on_disk(FOLDER / "base")[0]


def of_example(example: Example, root: Path) -> tuple[dict[str, bytes], frozenset[str]]:
    """The faulty side; without what it shares with all others."""
    example.lay("bad", root)
    return on_disk(root)


def mended(sources: Sources) -> Mending:
    return plan_mending(sources, Ids(), lambda _: True)


#: What is only known of a record that can be read: values that other files decide, and whether
#: something stands at all. A held record is judged by its last good state.
READABLE = re.compile(r"BF4\d\d|BF228|BF206|BF230")
#: What is held against definitions, and said only where none of them is lost.
DEFINED = re.compile(r"BF24\d|BF3[0-5]\d|BF1[13][01]|BF2\d\d")


def held(sources: Sources) -> None:
    """The law of `check --fix`, asserted of one workspace."""
    first = examine(sources)
    mending = mended(sources)
    after = examine(mending.after).problems
    left = [p for p in after if is_mendable(p)]
    assert not left, [_told(p) for p in left]
    assert not mended(mending.after), "a second --fix does something"
    _nothing_new(sources, first, mending, after)
    for path, (old, new) in mending.writes.items():
        assert old != new and old == sources.bytes_of(path)
        _untouched_elsewhere(sources, path, old, new)
    assert patched(mending) == {p: _text(new) for p, (_, new) in mending.writes.items()}


def _nothing_new(
    sources: Sources, first: Examination, mending: Mending, after: tuple[Problem, ...]
) -> None:
    """What a mended file says was said before, unless the fault that was mended stood in its
    place, or beside it as far as the parser could tell, or kept the file from being read, or
    cost definitions that it is held against."""
    before = first.problems
    lost = load_config(sources.settings, sources.folders).broken
    undefined = any(path.endswith(("project.yaml", "bluefs.yaml")) for path in lost)
    unread = any(r.record is None for r in first.survey.readings.values())
    fresh = Counter(map(_what, after)) - Counter(map(_what, before))
    for problem in after:
        if _what(problem) not in fresh:
            continue
        old, new = mending.writes.get(problem.path, (b"", b""))
        line = _line_before(problem.line, old, new)
        wrong = _wrong_lines(problem.path, before)
        glued = {p.line for p in before if p.path == problem.path and p.code.code == "BF118"}
        hidden = (
            line in wrong
            or (
                _of_rules(problem.path) and _rule_at(old, line) in {_rule_at(old, n) for n in wrong}
            )
            or (undefined and DEFINED.match(problem.code.code))
            or (unread and READABLE.match(problem.code.code))
            or (unread and not wrong.isdisjoint((line - 1, line + 1)))
            or (problem.code.code == "BF121" and glued)
            or (problem.code.code == "BF431" and wrong)
        )
        assert hidden, _told(problem)


def _of_rules(path: str) -> bool:
    return path.endswith("automations.yaml")


def _rule_at(data: bytes, line: int) -> int:
    """Which rule of its file a line belongs to. One of which something is lost is not judged."""
    return sum(text.startswith("- ") for text in lines_of(data)[:line])


def _line_before(line: int, old: bytes, new: bytes) -> int:
    """The number that a line of the mended file had."""
    matcher = SequenceMatcher(None, lines_of(old), lines_of(new), autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        if c < line <= d:
            return min(a + line - c, max(a + 1, b))
    return line


def _told(problem: Problem) -> str:
    return f"{problem.path}:{problem.line}:{problem.column} {problem.code.code} {problem.message}"


def _what(problem: Problem) -> tuple[str, str, str]:
    return problem.path, problem.code.code, problem.message


def _wrong_lines(path: str, problems: tuple[Problem, ...]) -> set[int]:
    """Numbers of the lines, from 1, that a Problem which can be mended names, or its mending."""
    found = set()
    for problem in problems:
        if problem.path == path and is_mendable(problem):
            found.add(problem.line)
            if problem.fix is not None:
                found.update(range(problem.fix.line, problem.fix.end_line + 1))
    return found


def _untouched_elsewhere(sources: Sources, path: str, old: bytes, new: bytes) -> None:
    """Each line that differs had to: as it was, there would be a Problem more."""
    before, after = lines_of(old), lines_of(new)
    assert old.startswith(BOM) == new.startswith(BOM)
    assert {*map(_ending, after)} <= {*map(_ending, before), ""}
    done = mended(sources).after
    now = Counter(map(_what, examine(done).problems))
    counted = path.endswith("project.yaml") and any(
        p.code.code == "BF433" for p in examine(sources).problems
    )
    for first, last, lines in _differing(before, after):
        if counted and _COUNTER.sub("", "".join(after[first:last])) == _COUNTER.sub(
            "", "".join(lines)
        ):
            continue  # the memory of which number comes next
        one = "".join([*after[:first], *lines, *after[last:]]).encode("utf-8", "surrogateescape")
        again = Counter(map(_what, examine(with_file(done, path, one)).problems))
        assert again - now, (path, lines)


def _differing(before: list[str], after: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """(first, last + 1) of lines of ``after`` that differ, with what stood there before: line by
    line where that can be said."""
    if len(before) == len(after):
        yield from ((n, n + 1, [old]) for n, old in enumerate(before) if old != after[n])
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if b - a == d - c:
            yield from ((c + n, c + n + 1, [before[a + n]]) for n in range(b - a))
        else:
            yield c, d, before[a:b]


#: The option ``last`` of a numbered field: in braces, or a line of its own.
_COUNTER = re.compile(r", last: \d+| +last: \d+[\r\n]+")


def with_file(sources: Sources, path: str, data: bytes) -> Sources:
    where = "data" if path in sources.data else "settings"
    changed = {**getattr(sources, where), path: data}
    return replace(sources, readings={}, loaded=None, **{where: changed})


BOM = b"\xef\xbb\xbf"


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def lines_of(data: bytes) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n|$)", data.decode("utf-8", "surrogateescape"))[:-1]


def _text(data: bytes) -> list[str]:
    found = decode(data)
    text = found.text if isinstance(found, Decoded) else data.decode("utf-8", "replace")
    return unify(text).removesuffix("\n").split("\n")


def patched(mending: Mending) -> dict[str, list[str]]:
    """What whoever applies the diff that is shown gets."""
    texts: dict[str, list[str]] = {}
    ends: dict[str, int] = {}
    path, at = "", 0
    for line in _of_files(mending):
        if line.startswith("--- a/"):
            path, at = line.removeprefix("--- a/"), 0
            texts[path] = []
        elif line.startswith("+++ b/"):
            pass
        elif line.startswith("@@"):
            match = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
            assert match is not None
            start = int(match[1]) - (match[2] != "0")
            old = _text(mending.writes[path][0])
            texts[path] += old[at:start]
            at = start
        else:
            sign, text = line[:1], line[1:]
            if sign in " -":
                assert _text(mending.writes[path][0])[at] == text
                at += 1
            if sign in " +":
                texts[path].append(text)
        if path:
            ends[path] = at
    for name, at in ends.items():
        texts[name] += _text(mending.writes[name][0])[at:]
    return texts


def _of_files(mending: Mending) -> Iterator[str]:
    only = Mending(mending.writes, (), mending.after)
    yield from diff_lines(only)
