"""Exactly one address per value, and nothing that could reach a header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.rules.addresses import Address, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b", Address("a@b")),
        (" ana.ruiz+x@acme.example ", Address("ana.ruiz+x@acme.example")),
        ("Ana Ruiz <ana@acme.example>", Address("ana@acme.example", "Ana Ruiz")),
        ('"Ruiz, Ana" <ana@acme.example>', Address("ana@acme.example", "Ruiz, Ana")),
        ("<ana@acme.example>", Address("ana@acme.example")),
        ("zoé@exämple.fr", Address("zoé@exämple.fr")),
    ],
)
def test_one_address(text: str, expected: Address) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "@acme.example", "ana@", "a@b, c@d", "a@b; c@d", "a@b c@d", "a@b,c@d", "a@b\n",
        "a@b\nBcc: c@d", "a@b\r\nBcc: c@d", "Ana\n <a@b>", "Ruiz, Ana <a@b>", "x@y <a@b>",
        "<a@b> <c@d>", "a@b <c@d", "a b@c", "a@@b", ".a@b", "a..b@c", "a@b.", "a@-b", "a@b..c",
        "(x) a@b", '"a b"@c', "a@b\u2028c@d", "a@b\x00", "a" * 250 + "@b.cd", "Ana \" <a@b>",
    ],
)  # fmt: skip
def test_none_or_several(text: str) -> None:
    assert parse_address(text) is None


@given(st.text(max_size=30), st.sampled_from(["", "<a@b>", " <a@b>", "a@b", "\n", ",c@d"]))
def test_what_is_accepted_is_one_line_and_reads_back_as_itself(head: str, tail: str) -> None:
    found = parse_address(head + tail)
    if found is None:
        return
    rendered = found.render()
    assert rendered.isprintable() or not any(c in rendered for c in "\r\n\x00\x85\u2028\u2029")
    assert found.spec.count("@") == 1 and not set(found.spec) & set(' ,;<>"')
    assert parse_address(rendered) == found


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="<>"),
        max_size=20,
    )
)
def test_any_name_is_rendered_so_that_it_stays_a_name(name: str) -> None:
    stripped = name.strip()
    address = Address("a@b", stripped)
    assert parse_address(address.render()) == address
