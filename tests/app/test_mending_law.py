"""`check --fix`, one law over all codes and over many of them at once.

After it nothing is left that it could mend; nothing new is wrong but what the mended fault hid; each
line that differs had to; a second one does nothing; the diff shown is what was changed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app.mending_cases import (
    FIELDS,
    RULES,
    base,
    entries,
    gathered,
    held,
    key_of,
    listed,
    of_example,
    settings_of,
)
from tests.code_examples import examples

EXAMPLES = {c: e for c, e in examples().items() if not e.has_history and "refused" not in e.says}
BOM = b"\xef\xbb\xbf"
NUMBERED = b"  number: {type: unique_id, prefix: D-, digits: 3}\n"


@pytest.mark.parametrize("code", EXAMPLES)
def test_every_code_s_example_obeys_the_law(code: str) -> None:
    files, folders = _files(code)
    held(gathered(files, folders))


@cache
def _files(code: str) -> tuple[dict[str, bytes], frozenset[str]]:
    with TemporaryDirectory() as root:
        return of_example(EXAMPLES[code], Path(root))


@given(
    st.lists(st.sampled_from(entries()), min_size=1, max_size=6, unique_by=key_of),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.sampled_from([b"", BOM]),
    st.sampled_from([b"", NUMBERED]),
)
@settings(max_examples=200, deadline=None)
def test_many_faults_of_one_record_obey_the_law(
    some: list[str], newline: bytes, mark: bytes, more: bytes
) -> None:
    text = "---\n" + "\n".join(some) + "\n---\nBody: #1\n- [ ] @li due:2026-12-1\n"
    files = base()
    files["sales/project.yaml"] += more
    files["sales/Open/A.md"] = mark + text.encode().replace(b"\n", newline)
    held(gathered(files | OTHERS))


OTHERS = {
    "sales/Open/B.md": b"---\nid: b7h3kq0m2x\n---\n",
    "sales/Open/C.md": b"---\nid: c7h3kq0m2x\n---\n",
}


@given(
    st.lists(st.sampled_from(listed(FIELDS)), max_size=4, unique=True),
    st.lists(st.sampled_from(listed(RULES)), max_size=4, unique=True),
    st.lists(st.sampled_from(["vlaue: 12,000", "a: x", "b: 3", "c: web", "nda: oui"]), unique=True),
)
@settings(max_examples=150, deadline=None)
def test_many_faults_of_settings_obey_the_law(
    fields: list[str], rules: list[str], values: list[str]
) -> None:
    record = "---\n" + "".join(f"{one}\n" for one in values) + "---\n"
    held(gathered(settings_of(fields, rules) | {"sales/Open/A.md": record.encode()}))


@given(st.lists(st.sampled_from(sorted(EXAMPLES)), min_size=2, max_size=5, unique=True))
@settings(max_examples=60, deadline=None)
def test_many_examples_in_one_workspace_obey_the_law(codes: list[str]) -> None:
    """Each in a project of its own, with ids of its own, the first settings of the workspace for
    all."""
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    for number, code in enumerate(codes):
        own, kept = _files(code)
        for path, data in own.items():
            files.setdefault(
                _renamed(path, code), data.replace(b"7h3kq0m2x", b"%dh3kq0m2x" % number)
            )
        folders |= {_renamed(path, code) for path in kept}
    held(gathered(files, frozenset(folders)))


def _renamed(path: str, code: str) -> str:
    top, slash, rest = path.partition("/")
    return f"{code}{top}{slash}{rest}" if slash or "." not in top else path
