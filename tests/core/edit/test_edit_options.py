"""The law of ``with_option``: whatever layout project.yaml has, one option is another and every
other byte is as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.edit import EditRefused
from bluefs.core.edit.options import with_option

OPTIONS = {"prefix": "DEAL-", "digits": "3", "start": "1", "description": '"Our: own, {number}"'}


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """The entry of the field ``number``, as people type it."""
    kind = draw(st.sampled_from(["unique_id", '"unique_id"']))
    shape = draw(st.sampled_from(["word", "flow", "flow lines", "block"]))
    note = draw(st.sampled_from(["", "  # a note", "   # {last: 9}"]))
    names = draw(st.lists(st.sampled_from(sorted(OPTIONS)), unique=True))
    pairs = [("type", kind), *((name, OPTIONS[name]) for name in names)]
    if draw(st.booleans()):
        pairs.insert(draw(st.integers(0, len(pairs))), ("last", "41"))
    if shape == "word":
        return f"  number: {kind}{note}\n"
    if shape == "block":
        pad = " " * draw(st.integers(3, 6))
        lines = [
            f"{pad}{name}:{draw(st.sampled_from([' ', '   ']))}{text}\n" for name, text in pairs
        ]
        return f"  number:{note}\n" + draw(st.sampled_from(["", "    # on top\n"])) + "".join(lines)
    gap = ", " if shape == "flow" else ",\n    "
    tail = (
        draw(st.sampled_from(["", ",", " ,"]))
        if shape == "flow"
        else draw(st.sampled_from(["", ","]))
    )
    return "  number: {" + gap.join(f"{n}: {t}" for n, t in pairs) + tail + "}" + note + "\n"


@given(
    layouts(), st.sampled_from(["", "  seats: number\n", "\n  # the end\n"]),
    st.sampled_from(["", "strict: true\n"]), st.sampled_from(["\n", "\r\n"]), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_one_option_changes(
    entry: str, next_field: str, rest: str, newline: str, bom: bool, ended: bool
) -> None:
    text = f"name: Sales\nlists: {{Open: }}\nfields:\n  story: multiline\n{entry}{next_field}{rest}"
    text = (text if ended else text.rstrip("\n")).replace("\n", newline)
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    out = with_option(data, "number", "last", "42")
    field = _field(out)
    assert field["last"] == 42
    assert {**field, "last": None} == {**_field(data), "last": None}
    assert with_option(out, "number", "last", "42") == out
    before, after = data.split(b"\n"), out.split(b"\n")
    head = next(n for n, (a, b) in enumerate(zip([*before, b""], [*after, b""])) if a != b)
    tail = len(before) - head - 1
    assert not tail or before[-tail:] == after[-tail:] or before[head:] == after[head + 1 :]


def _field(data: bytes) -> dict[str, object]:
    loaded = load_config({"bluefs.yaml": b"bluefs: 1\n", "sales/project.yaml": data})
    assert not [p for p in loaded.problems if p.severity == "error"], data
    return dict(loaded.config.projects["sales"].fields["number"].options)


@pytest.mark.parametrize(
    "text",
    ["fields: [\n", "name: Sales\n", "fields:\n  seats: number\n", "- a\n", "", "\x00",
     "fields:\n  number: &a {type: unique_id}\n  other: *a\n"],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(text: str) -> None:
    with pytest.raises(EditRefused):
        with_option(text.encode(), "number", "last", "1")
