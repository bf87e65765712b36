"""Odd files made by hand, and to the byte what an edit makes of each.

A row is a file of ``corpus/``, an edit, and the replacements that turn the file into what is
expected: (what stands there exactly once, what is to stand there instead). No replacement:
the bytes stay. ``EDGE`` stands for the end of the front matter's last line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bluefs.core.edit import EditRefused, add_items, apply_changes, remove_items
from bluefs.core.nodes import Plain, Writable
from bluefs.core.words import has, say

CORPUS = Path(__file__).with_name("corpus")

Edit = Callable[[bytes], bytes]
Row = tuple[str, Edit, list[tuple[str, str]]]


def put(**changes: Writable | None) -> Edit:
    def edit(data: bytes) -> bytes:
        return apply_changes(data, changes)

    return edit


def add(key: str, *items: str, notes: dict[str, str] | None = None) -> Edit:
    return lambda data: add_items(data, key, items, notes)


def drop(key: str, *items: str) -> Edit:
    return lambda data: remove_items(data, key, items)


def clear(*keys: str) -> Edit:
    return lambda data: apply_changes(data, dict.fromkeys(keys))


def P(text: str) -> Plain:
    return Plain(text)


ROWS: list[Row] = [
    ("01-obsidian", put(due=P("2026-12-05")), [("2026-12-01", "2026-12-05")]),
    ("01-obsidian", add("tags", "new one"), [("  - key-account\n", "  - key-account\n  - new one\n")]),
    ("01-obsidian", drop("tags", "urgent"), [("  - urgent\n", "")]),
    ("01-obsidian", drop("tags", "urgent", "key-account"), [("tags:\n  - urgent\n  - key-account\n", "")]),
    ("01-obsidian", put(aliases=("x, y",)), [("aliases: []", 'aliases: ["x, y"]')]),
    ("01-obsidian", put(cssclasses=("wide",)), [("cssclasses:\n", "cssclasses: [wide]\n")]),
    ("01-obsidian", put(publish=P("true"), color="red"), [("publish: false\n", "publish: true\ncolor: red\n")]),
    ("01-obsidian", clear("aliases", "cssclasses", "nothing"), []),
    ("01-obsidian", add("cssclasses", "a", notes={"a": "why"}), [("cssclasses:\n", "cssclasses:\n  - a  # why\n")]),
    ("01-obsidian", add("aliases", "a", notes={"a": "why"}), [("aliases: []\n", "aliases:\n  - a  # why\n")]),
    ("02-obsidian-empty-properties", put(due=P("2026-12-01")), [("due:\n", "due: 2026-12-01\n")]),
    ("02-obsidian-empty-properties", put(tags=("a", "b")), [("tags:\n", "tags: [a, b]\n")]),
    ("02-obsidian-empty-properties", put(assignees=("ana",)), [("[]", "[ana]")]),
    ("02-obsidian-empty-properties", put(color="red"), [('""', '"red"')]),
    ("02-obsidian-empty-properties", put(due="", color=""), [("due:\n", 'due: ""\n')]),
    ("02-obsidian-empty-properties", put(tags=(), assignees=(), due=None), []),
    ("03-obsidian-links", add("blocked_by", "[[C]]"), [('"[[Buy a Mac]]"', '["[[Buy a Mac]]", "[[C]]"]')]),
    ("03-obsidian-links", add("company", "k7h3kq0m2x"), [("[[Acme SAS]]", '["[[Acme SAS]]", k7h3kq0m2x]')]),
    ("03-obsidian-links", put(company=("k7h3kq0m2x",)), [("[[Acme SAS]]", "k7h3kq0m2x")]),
    ("03-obsidian-links", add("company", "[[Acme SAS]]"), []),
    ("03-obsidian-links", drop("parents", "[[C]]"), [("  - [[C]]\n", "")]),
    ("03-obsidian-links", add("parents", "x"), [("  - [[C]]\n", "  - [[C]]\n  - x\n")]),
    ("04-vscode-aligned", put(color="amber"), [("color:     red          #", "color:     amber          #")]),
    ("04-vscode-aligned", put(due=P("2027-01-01")), [("2026-12-01   #", "2027-01-01   #")]),
    ("04-vscode-aligned", put(deal_value=P("12000")), []),
    ("04-vscode-aligned", put(deal_value="12000"), []),
    ("04-vscode-aligned", clear("color"), [("color:     red          # the colour\n", "")]),
    ("05-notepad-bom-crlf", put(color="red"), [("[Urgent]\r\n", "[Urgent]\r\ncolor: red\r\n")]),
    ("05-notepad-bom-crlf", put(due=P("2027-01-01")), [("2026-12-01", "2027-01-01")]),
    ("05-notepad-bom-crlf", clear("due"), [("due: 2026-12-01\r\n", "")]),
    ("05-notepad-bom-crlf", add("x", "a", notes={"a": "b"}), [("]\r\n", "]\r\nx:\r\n  - a  # b\r\n")]),
    ("06-notepad-bom-no-front-matter", put(due=P("1")), [("Just text", "---\r\ndue: 1\r\n---\r\nJust text")]),
    ("07-mixed-endings", add("tags", "c"), [("- b\r\n", "- b\r\n- c\r\n")]),
    ("07-mixed-endings", put(x="z"), [("- b\r\n", "- b\r\nx: z\r\n")]),
    ("07-mixed-endings", put(color="blue", due=None), [("due: 2026-12-01\ncolor: red", "color: blue")]),
    ("08-no-final-newline", put(color="red"), [("01\n---", "01\ncolor: red\n---")]),
    ("08-no-final-newline", clear("due"), [("due: 2026-12-01\n", "")]),
    ("09-body-no-final-newline", put(due=P("2027-01-01")), [("2026-12-01", "2027-01-01")]),
    ("10-empty", put(due=P("1"), tags=("a", "b")), [("", "---\ndue: 1\ntags: [a, b]\n---\n")]),
    ("10-empty", clear("due"), []),
    ("10-empty", drop("tags", "a"), []),
    ("11-only-newlines", put(due=P("1")), [("\n\n", "---\ndue: 1\n---\n\n\n")]),
    ("12-no-front-matter", put(id="k7h3kq0m2x"), [("# Title", "---\nid: k7h3kq0m2x\n---\n# Title")]),
    ("13-empty-front-matter", put(due=P("1")), [("---\n---", "---\ndue: 1\n---")]),
    ("14-only-comments", put(due=P("1")), [("# and me\n", "# and me\ndue: 1\n")]),
    ("15-ends-with-dots", put(due=P("1")), [("title: x\n", "title: x\ndue: 1\n")]),
    ("15-ends-with-dots", put(title="y"), [("title: x", 'title: "y"')]),
    ("16-jekyll", put(title="It's: new"), [('"Welcome to Jekyll!"', '"It\'s: new"')]),
    ("16-jekyll", put(title='"q"'), [('"Welcome to Jekyll!"', '"\\"q\\""')]),
    ("16-jekyll", put(date=P("2026-12-01")), [("2026-11-20 10:11:12 +0100", "2026-12-01")]),
    ("17-hugo", put(title="It's"), [("'My First Post'", "'It''s'")]),
    ("17-hugo", put(title="two\nlines"), [("'My First Post'", '"two\\nlines"')]),
    ("17-hugo", add("tags", "three"), [("    - 'two'\n", "    - 'two'\n    - three\n")]),
    ("17-hugo", drop("tags", "two"), [("    - 'two'\n", "")]),
    ("17-hugo", clear("menu"), [("menu:\n    main:\n        weight: 10\n", "")]),
    ("17-hugo", put(menu="main"), [("menu:\n    main:\n        weight: 10\n", "menu: main\n")]),
    ("17-hugo", put(menu=("a", "b")), [("menu:\n    main:\n        weight: 10\n", "menu: [a, b]\n")]),
    ("18-org-roam-export", add("filetags", "c"), [('":a:b:" ]', '":a:b:", "c" ]')]),
    ("18-org-roam-export", put(roam_refs="https://y.example/?q=1"), [("https://x.example/?a=b#c", "https://y.example/?q=1")]),
    ("19-zettlr-flow-multiline", add("tags", "three"), [("two  # second\n", "two,  # second\n  three\n")]),
    ("19-zettlr-flow-multiline", drop("tags", "one"), [("  one,\n", "")]),
    ("19-zettlr-flow-multiline", drop("tags", "two"), [("one,\n  two  # second\n", "one\n")]),
    ("19-zettlr-flow-multiline", put(tags="a"), [("[\n  one,\n  two  # second\n]", "a")]),
    ("20-prettier-flow-trailing", add("tags", "d", notes={"d": "new"}), [("letter\n", "letter\n    d,  # new\n")]),
    ("20-prettier-flow-trailing", drop("tags", "gamma"), [("    gamma, # third letter\n", "")]),
    ("20-prettier-flow-trailing", clear("tags"), [
        ("tags:\n  [\n    \"alpha beta\",\n    gamma, # third letter\n  ]\n", "")]),
    ("21-flow-padded", add("tags", "c"), [("[ a, b ]", "[ a, b, c ]")]),
    ("21-flow-padded", add("x", "c"), [("[a,b]", "[a,b,c]")]),
    ("21-flow-padded", add("y", "c"), [("[a, b,]", "[a, b, c,]")]),
    ("21-flow-padded", add("z", "c"), [("['a', 'b']", "['a', 'b', 'c']")]),
    ("21-flow-padded", drop("tags", "a"), [("[ a, b ]", "[ b ]")]),
    ("21-flow-padded", drop("tags", "b"), [("[ a, b ]", "[ a ]")]),
    ("21-flow-padded", drop("y", "b"), [("[a, b,]", "[a,]")]),
    ("21-flow-padded", put(tags=("b", "a")), []),
    ("21-flow-padded", put(tags=("b", "[c]", "d")), [("[ a, b ]", '[ b, "[c]", d ]')]),
    ("22-flow-first-line-open", add("tags", "four"), [("three]", "three, four]")]),
    ("22-flow-first-line-open", drop("tags", "one"), [("[one,\n       two", "[two")]),
    ("22-flow-first-line-open", drop("tags", "two"), [("       two,\n", "")]),
    ("22-flow-first-line-open", drop("tags", "three"), [("two,\n       three]", "two]")]),
    ("23-block-indentless", add("tags", "d"), [("- c\n", "- c\n- d\n")]),
    ("23-block-indentless", drop("tags", "b"), [("- b   # bee\n", "")]),
    ("23-block-indentless", clear("tags"), [("tags:\n- a\n- b   # bee\n# about c\n- c\n", "")]),
    ("23-block-indentless", put(tags=("x",)), [("- a\n- b   # bee\n# about c\n- c\n", "# about c\n- x\n")]),
    ("24-block-wide-dash", add("tags", "c"), [('  -   "b"\n', '  -   "b"\n  -   c\n')]),
    ("25-block-item-next-line", drop("tags", "a"), [("  -\n    a\n", "")]),
    ("25-block-item-next-line", drop("tags", "b"), [("  - # note\n    b\n", "")]),
    ("25-block-item-next-line", drop("tags", "a", "b"), [("tags:\n  -\n    a\n  - # note\n    b\n  -\n", "")]),
    ("25-block-item-next-line", add("tags", "c"), [("    b\n  -\n", "    b\n  -\n  - c\n")]),
    ("26-block-deeper-comment", drop("tags", "a"), [("  - a\n    # about a\n", "")]),
    ("26-block-deeper-comment", add("tags", "c"), [("  - b\n", "  - b\n  - c\n")]),
    ("26-block-deeper-comment", clear("tags"), [
        ("tags:\n  - a\n    # about a\n  - b\n  # at the end\n", "")]),
    ("27-scalar-set", add("tags", "b", "c"), [("Urgent  #", "[Urgent, b, c]  #")]),
    ("27-scalar-set", add("tags", "Urgent"), []),
    ("27-scalar-set", put(tags=("b",)), [("Urgent  #", "b  #")]),
    ("27-scalar-set", put(assignees=("li",)), [("'ana'", "'li'")]),
    ("27-scalar-set", add("assignees", "li"), [("'ana'", "['ana', li]")]),
    ("27-scalar-set", drop("assignees", "ana"), [("assignees: 'ana'\n", "")]),
    ("27-scalar-set", add("tags", "b", notes={"b": "B"}), [("Urgent  # one\n", "\n  - Urgent  # one\n  - b  # B\n"), ("tags: \n", "tags:\n")]),
    ("28-comma-scalar", add("tags", "c"), [("a, b", '["a, b", c]')]),
    ("29-literal", put(note="short"), [
        ("|\n  first\n  due: not this\n\n  # not a comment\n", "short\n")]),
    ("29-literal", put(due=P("1")), [("2026-12-01", "1")]),
    ("29-literal", clear("note"), [
        ("note: |\n  first\n  due: not this\n\n  # not a comment\n", "")]),
    ("29-literal", put(note="a\nb: c"), [
        ("|\n  first\n  due: not this\n\n  # not a comment\n", "|-\n  a\n  b: c\n")]),
    ("30-literal-strip-indicator", put(note="x"), [("|2-   # why\n    deep\n  due: no\n", "x   # why\n")]),
    ("30-literal-strip-indicator", put(note="a\n b\n"), [("|2-   # why\n    deep\n  due: no\n", "|   # why\n  a\n   b\n")]),
    ("30-literal-strip-indicator", put(due=P("2")), [("due: 1", "due: 2")]),
    ("31-folded", put(note="x"), [(">\n   long\n   text\n\n   more\n", "x\n")]),
    ("31-folded", put(note="a\nb"), [(">\n   long\n   text\n\n   more\n", '"a\\nb"\n')]),
    ("32-keep", clear("due"), [("due: 1\n\n", "")]),
    ("32-keep", clear("note"), [("note: |+\n  text\n\n\n", "")]),
    ("32-keep", put(note="x"), [("|+\n  text\n\n\n", "x\n")]),
    ("32-keep", put(new="x"), [("color: red\n", "color: red\nnew: x\n")]),
    ("33-multi-line-plain", put(note="x"), [("this goes\n  on and on\n\n  until here #", "x #")]),
    ("33-multi-line-plain", add("note", "x"), [
        ("this goes\n  on and on\n\n  until here #", '["this goes on and on\\nuntil here", x] #')]),
    ("34-multi-line-quoted", put(note="x"), [('"this goes\n\n  on \\\n  due: no"', '"x"')]),
    ("34-multi-line-quoted", put(other="x"), [("'it''s\n  due: no'", "'x'")]),
    ("34-multi-line-quoted", clear("other", "note"), [
        ('note: "this goes\n\n  on \\\n  due: no" # end\nother: \'it\'\'s\n  due: no\'\n', "")]),
    ("35-value-on-next-line", put(due=P("2027-01-01")), [("2026-12-01", "2027-01-01")]),
    ("35-value-on-next-line", clear("due"), [("due:   # when\n  # really\n  2026-12-01  # then\n", "")]),
    ("36-quoted-keys", put(due=P("1"), color="blue"), [("2026-12-01", "1"), ("red", "blue")]),
    ("36-quoted-keys", clear("color"), [("'color' : red\n", "")]),
    ("37-space-before-colon", put(due=P("2")), [("due : 1", "due : 2")]),
    ("37-space-before-colon", put(color="blue"), [("red", "blue")]),
    ("38-tab-before-comment", put(due=P("2")), [("1\t#", "2\t#")]),
    ("39-indented-mapping", put(color="red"), [("    - a\n", "    - a\n  color: red\n")]),
    ("39-indented-mapping", add("tags", "b"), [("    - a\n", "    - a\n    - b\n")]),
    ("39-indented-mapping", clear("tags"), [("  tags:\n    - a\n", "")]),
    ("39-indented-mapping", add("x", "a", notes={"a": "A"}), [("    - a\n", "    - a\n  x:\n    - a  # A\n")]),
    ("40-flow-mapping", put(due=P("1")), [("2026-12-01", "1")]),
    ("40-flow-mapping", put(new="a, b"), [("red}", 'red, new: "a, b"}')]),
    ("40-flow-mapping", clear("tags"), [(", tags: [a]", "")]),
    ("40-flow-mapping", clear("due"), [("due: 2026-12-01, ", "")]),
    ("40-flow-mapping", add("tags", "b"), [("[a]", "[a, b]")]),
    ("40-flow-mapping", put(due=None, tags=("x",), color=None, id="k"), [
        ('due: 2026-12-01, tags: [a], "color": red', "tags: [x], id: k")]),
    ("41-flow-mapping-lines", put(due="2027-01-01"), [("2026-12-01", "2027-01-01")]),
    ("41-flow-mapping-lines", put(id="k"), [('"red"\n', '"red",\n  id: k\n')]),
    ("41-flow-mapping-lines", clear("color"), [(',\n  "color": "red"\n', "\n")]),
    ("42-empty-flow-mapping", put(due=P("1")), [("{}", "{due: 1}")]),
    ("43-nested-unknown", put(due=P("2")), [("\ndue: 1", "\ndue: 2")]),
    ("43-nested-unknown", clear("x"), [
        ("x:\n  due: nested\n  y:\n    - a: 1\n      due: 2\n    # deep\n", "")]),
    ("44-null-words", put(due=P("1")), [("~\ncolor", "1\ncolor")]),
    ("44-null-words", put(color="null"), [("color: null", 'color: "null"')]),
    ("44-null-words", put(tags=("a",)), [("[~]", "[a]")]),
    ("44-null-words", clear("due", "color", "tags"), []),
    ("44-null-words", clear("x"), [('x: "null"\n', "")]),
    ("44-null-words", put(x="null"), []),
    ("45-traps-plain", put(phone="+33687654321"), [('"+33612345678"', '"+33687654321"')]),
    ("45-traps-plain", put(zip="01234"), []),
    ("45-traps-plain", put(zip="04321"), [("01234", '"04321"')]),
    ("45-traps-plain", put(version=P("1.20")), [("1.10", "1.20")]),
    ("46-emoji-and-wide", put(title="🎈"), [("🎉 Fête – été  #", "🎈  #")]),
    ("46-emoji-and-wide", add("tags", "é"), [('‍👧"]', '‍👧", é]')]),
    ("46-emoji-and-wide", drop("tags", "日本"), [("日本, ", "")]),
    ("47-nfd-key", put(échéance="b"), [("ance: a", "ance: b")]),
    ("47-nfd-key", clear("échéance"), [("e\u0301che\u0301ance: a\n", "")]),
    ("48-blank-lines", clear("due"), [("due: 1\n", "")]),
    ("48-blank-lines", put(new="x"), [("red\n\n", "red\n\nnew: x\n")]),
    ("49-hash-in-value", put(title="b"), [("a#b # c#d", "b # c#d")]),
    ("49-hash-in-value", put(title="b # c"), [("a#b # c#d", '"b # c" # c#d')]),
    ("50-closing-with-spaces", put(due=P("2")), [("1", "2")]),
    ("51-body-with-fences", put(due=P("3")), [("due: 1", "due: 3")]),
    ("52-schema-comment", clear("due"), [("due: 1 # c\n", "")]),
    ("53-ids-with-titles", add("blocked_by", "abc", notes={"abc": "New\nline # x"}), [
        ("Acme\n", "Acme\n  - abc                     # New line # x\n")]),
    ("53-ids-with-titles", drop("blocked_by", "m4xq7c2p0d"), [("  - m4xq7c2p0d              # Buy a Mac\n", "")]),
    ("54-old-mac", put(due=P("2"), x="z"), [("due: 1", "due: 2"), ("red\r", "red\rx: z\r")]),
    ("54-old-mac", clear("color"), [("color: red\r", "")]),
    ("55-unicode-breaks", put(color="blue"), [("red", "blue")]),
    ("55-unicode-breaks", put(note="b"), [("a\u2028b", "b")]),
    ("56-swallowed", put(title="New"), [("title: Fix", "title: New")]),
    ("56-swallowed", put(color="red"), [("color:", "color: red")]),
    ("57-mixed-members", drop("tags", "a"), [("a, {", "{")]),
    ("57-mixed-members", add("tags", "e"), [("[d]]", "[d], e]")]),
    ("57-mixed-members", put(tags=("a",)), [("[a, {b: c}, [d]]", "[a]")]),
    ("57-mixed-members", drop("x", "a", "f"), [("  - a\n", ""), ("  - f\n", "")]),
    ("57-mixed-members", put(x=("f",)), [("  - a\n  - b: c\n    d: e\n", "")]),
    ("58-duplicate-members", drop("tags", "a"), [("[a, b, a]", "[b]")]),
    ("58-duplicate-members", put(tags=("b", "a")), []),
    ("59-leading-commas", add("tags", "d"), [("c ]", "c, d ]")]),
    ("59-leading-commas", drop("tags", "b"), [("\n      , b", "")]),
    ("59-leading-commas", drop("tags", "a"), [("a\n      , b", "b")]),
    ("60-trailing-space", put(due=P("2")), [("1  ", "2  ")]),
    ("60-trailing-space", put(color="red"), [("color:   ", "color:   red")]),
    ("60-trailing-space", add("tags", "b"), [("[a] ", "[a, b] ")]),
    ("61-long", put(k39="x"), [("v39", "x")]),
    ("61-long", clear("k0"), [("k0: v0\n", "")]),
    ("62-literal-in-list", drop("tags", "a\n"), [("  - |\n    a\n", "")]),
    ("62-literal-in-list", add("tags", "c"), [("  - b\n", "  - b\n  - c\n")]),
    ("62-literal-in-list", drop("tags", "b"), [("  - b\n", "")]),
    ("63-compact-nested-list", add("x", "d"), [("- - c\n", "- - c\n- d\n")]),
    ("64-time-and-timestamp", put(start=P("2026-11-20T16:00")), [("2026-11-20 15:00", "2026-11-20T16:00")]),
    ("64-time-and-timestamp", put(at="10:00"), [("09:00", "10:00")]),
    ("64-time-and-timestamp", put(due="12:30"), [("2026-12-01T15:00:00Z", '"12:30"')]),
    ("65-end-marker-in-literal", put(due=P("2")), [("due: 1", "due: 2")]),
    ("65-end-marker-in-literal", put(note="---\n...\nx\n"), [("  ...\n", "  ...\n  x\n")]),
    ("66-list-at-the-end", put(color="red", tags=("b",)), [("- a\n", "- b\ncolor: red\n")]),
    ("66-list-at-the-end", put(color="red", tags=("a", "b")), [("- a\n", "- a\n- b\ncolor: red\n")]),
    ("66-list-at-the-end", put(x="z", tags=None), [("tags:\n- a\n", "x: z\n")]),
    ("67-keep-in-list", drop("tags", "b"), [("  - b\n\n", "")]),
    ("67-keep-in-list", add("tags", "d"), [("  - c\n", "  - c\n  - d\n")]),
]  # fmt: skip

REFUSED = [
    ("70-refused-broken", "errors.edit.broken"),
    ("71-refused-anchor", "errors.edit.broken"),
    ("72-refused-duplicate", "errors.edit.broken"),
    ("73-refused-complex-key", "errors.edit.layout"),
    ("74-refused-list", "errors.edit.not_keys"),
    ("75-refused-scalar", "errors.edit.not_keys"),
    ("76-refused-unclosed", "errors.edit.unclosed"),
    ("77-refused-tag", "errors.edit.broken"),
    ("78-refused-conflict", "errors.edit.broken"),
    ("79-refused-list-key", "errors.edit.broken"),
    ("80-refused-control", "errors.edit.broken"),
    ("81-refused-bare-flow-key", "errors.edit.layout"),
    ("82-refused-deep", "errors.edit.broken"),
    ("83-refused-merge-key", "errors.edit.broken"),
]


def _read(name: str) -> bytes:
    return (CORPUS / f"{name}.md").read_bytes()


def _expected(data: bytes, replacements: list[tuple[str, str]]) -> bytes:
    text = data.decode()
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} must stand there once"
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(
    ("name", "edit", "replacements"), ROWS, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(ROWS)]
)
def test_corpus(name: str, edit: Edit, replacements: list[tuple[str, str]]) -> None:
    data = _read(name)
    result = edit(data)
    assert result.decode() == _expected(data, replacements).decode()
    assert edit(result) == result


@pytest.mark.parametrize(("name", "key"), REFUSED)
def test_refused(name: str, key: str) -> None:
    with pytest.raises(EditRefused) as caught:
        apply_changes(_read(name), {"due": Plain("3")})
    assert caught.value.key == key
    assert "{" not in say(key, **caught.value.fields)
    assert not has(f"{key}.remedy") or say(f"{key}.remedy", **caught.value.fields)


def test_every_file_of_the_corpus_is_used() -> None:
    used = {name for name, _, _ in ROWS} | {name for name, _ in REFUSED}
    assert used == {path.stem for path in CORPUS.glob("*.md")}
    assert len(used) >= 60


@pytest.mark.parametrize(
    "data", ["---\ntitle: é\n---\n".encode(e) for e in ("utf-16", "latin-1", "cp1252")]
)
def test_another_encoding_is_refused(data: bytes) -> None:
    """Notepad's "Unicode" and "ANSI"."""
    with pytest.raises(EditRefused) as caught:
        apply_changes(data, {"due": Plain("3")})
    assert caught.value.key == "errors.edit.unreadable"
    assert say(caught.value.key, **caught.value.fields)
