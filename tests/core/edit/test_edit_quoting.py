"""Law: whatever text is quoted, every YAML reader reads that very text back."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bluefs.core.edit import EditRefused, quote

#: One trap a line.
LINES = r"""
y n Y N yes no Yes NO on off On OFF true false TRUE null Null NULL ~ = << <<x
0 1 -1 +1 007 0o17 0x1F 0b101 1_000 1,000 12:30 1:20:30 190:20:30.15 685_230.15 1e3 1E-3 6.8e+5
.5 5. . .. ... -. +.5 ._1 .inf -.Inf +.INF .nan .NaN inf nan Infinity 0. 1.1.1 127.0.0.1 0b 0x 1__0
2026-12-01 2026-12-1 2026-12 2026-12-01T15:00 2001-12-14t21:59:43.10-05:00 12/01/2026 09:00 +7d -7d
2026-12-01/2026-12-05 +33612345678 0612345678 @ana `x` %x 'tis title:x title: :x :: a::b x: :a ? ?x
- -x --- ...x #12 Fix#12 !important *x* {x} x} [x x] a,b , a{b http://x.y:80/a?b=c&d=#e https://x
mailto:a@b.c C:\a C: : " ' '' "" \ \n it's 'q' "q" "a":b 'a':b a"b a'b "a 'a é {{x}} ${x}
[[Link]] [[a|b]] | |- |2 > >- !!str !<x> ! & * &a *a % @ ` a] a} a[ x:[ x:{ x:, x:] a:'b a:"b a# !!x
"""
WORDS = [
    "", " ", "  ", " lead", "trail ", " a b ", "a  b", "2026-12-01 15:00:00", "2001-12-14 21:59:43.10 -5",
    "1 day before due", "3 days", ">3 days", "Re: hello", "Priorité : haute", "[urgent] call",
    '"hi" he said', ": a", "? x", "- x", "--- x", "... x", "Fix #12", "a # b", "a #", "# a", "&co Ltd",
    "a & b", "a * b", "a, b", 'say "hi"', "it's \"both\"", "C: drive", 'a: "b"', '"a": b', "key: [a",
    "!!str x", "%YAML 1.2", "{% x %}", "\tt", "a\tb", "t\t", "\n", "a\n", "\na", "a\nb", "a\n\nb",
    "a \n b", "\r", "a\rb", "a\r\nb", "a\t#b", "a:\tb", "\0", "\a", "\x1b", "\x7f", "\x85", "a\x85b",
    "\u2028", "a\u2029b", "\xa0", "\xa0a", "a\xa0b", "\ufeff", "a\ufeffb", "\ufffe", "\uffff", "\u200b",
    "\u3000x", "\ufffd", "\ue000", "😀", "👨‍👩", "\U0010ffff", "e\u0301", "日本",
]  # fmt: skip


def _traps() -> list[str]:
    return [*dict.fromkeys([*LINES.split(), *WORDS])]


def _by_yaml_rs(source: str) -> dict[str, object]:
    """Its reading where it is installed: it is an accelerator, and CI runs without it too."""
    try:
        import yaml_rs
    except ModuleNotFoundError:
        return {}
    return {"yaml_rs": yaml_rs.loads(source, parse_datetime=False)}


def _readers(source: str) -> dict[str, object]:
    return {
        "PyYAML": yaml.load(source, Loader=yaml.CSafeLoader),
        "PyYAML pure": yaml.load(source, Loader=yaml.SafeLoader),
        "ruamel 1.2": YAML(typ="safe", pure=True).load(source),
        **_by_yaml_rs(source),
    }


def _check(text: str, style: str | None) -> None:
    for reader, value in _readers(f"k: {quote(text, style)}\n").items():
        assert value == {"k": text}, reader
    for reader, value in _readers(f"k: {quote(text, style, flow=False)}\nl: x\n").items():
        assert value == {"k": text, "l": "x"}, reader
    for reader, value in _readers(f"[{quote(text, style)}]\n").items():
        assert value == [text], reader
    for reader, value in _readers(f"[a,{quote(text, style)}, b]\n").items():
        assert value == ["a", text, "b"], reader
    for reader, value in _readers(f"- {quote(text, style)}  # c\n- x\n").items():
        assert value == [text, "x"], reader


@pytest.mark.parametrize("text", _traps())
@pytest.mark.parametrize("style", [None, "'", '"'])
def test_trap_reads_back(text: str, style: str | None) -> None:
    _check(text, style)


YAMLISH = st.text(
    st.sampled_from(list("ab01:#-?,[]{}&*!|>'\"%@`~=<. \t\n\\/+_eExXyYnN\u2028é😀")), max_size=8
)
ANY = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


@settings(max_examples=400, deadline=None)
@given(YAMLISH | ANY, st.sampled_from([None, "'", '"']))
def test_any_text_reads_back(text: str, style: str | None) -> None:
    _check(text, style)


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"[-+]?[0-9.][0-9a-fx_.:eET+ -]{0,12}", fullmatch=True))
@example("1_0:5_9")
@example("0_8")
def test_what_looks_like_a_number_or_date_reads_back(text: str) -> None:
    _check(text, None)


@pytest.mark.parametrize(
    ("text", "style", "source"),
    [
        ("Urgent", None, "Urgent"),
        ("Key account", None, "Key account"),
        ("k7h3kq0m2x", None, "k7h3kq0m2x"),
        ("1 day before due", None, "1 day before due"),
        ("every 2 weeks on mon until 2027-01-01", None, "every 2 weeks on mon until 2027-01-01"),
        ("https://acme.example/a", None, "https://acme.example/a"),
        ("ana@acme.example", None, "ana@acme.example"),
        ("it's", None, "it's"),
        ("#ff0000", None, '"#ff0000"'),
        ("+33612345678", None, '"+33612345678"'),
        ('say: "hi"', None, "'say: \"hi\"'"),
        ("Urgent", "'", "'Urgent'"),
        ("it's", "'", "'it''s'"),
        ("a\nb", "'", '"a\\nb"'),
        ("Urgent", '"', '"Urgent"'),
        ("\x01", None, '"\\x01"'),
        ("", None, '""'),
    ],
)
def test_style(text: str, style: str | None, source: str) -> None:
    assert quote(text, style) == source


def test_a_comma_needs_quotes_only_between_brackets() -> None:
    assert quote("Call, then write", flow=False) == "Call, then write"
    assert quote("Call, then write") == '"Call, then write"'


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(EditRefused, match=re.escape("errors.edit.surrogate")):
        quote("a\udc80")
