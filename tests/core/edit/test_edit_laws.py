"""Laws: an edit of one key touches only that key's lines, reads back, and is done once.

A file is generated as segments: each entry's own lines, and what stands between (comments,
blank lines). After an edit everything before and after the key's segment is the same to the
byte; what PyYAML reads of the result is what a plain dict says it should be.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluefs.core.edit import add_items, apply_changes, quote, remove_items
from bluefs.core.nodes import Plain
from bluefs.core.quoting import is_plain

WORDS = st.sampled_from([
    "red", "Urgent", "Key account", "ana", "li", "2026-12-01", "12000", "k7h3kq0m2x", "a0V", "1 day before due",
    "https://acme.example/x", "Zoé", "日本", "😀 ok", "every 2 weeks on mon",
])  # fmt: skip
ODD = st.sampled_from([
    "yes", "null", "~", "", "a: b", "#x", "a #b", "it's", 'say "hi"', "- x", "[x]", "{x}", "a, b", "12:30", "1e3",
    "@ana", "a\tb", "a\nb", " lead", "trail ", "\\", "key:", "---", "|", "a\n\n  b: c\n", "\u2028", "x\r\ny", "é\n",
])  # fmt: skip
TEXT = WORDS | ODD | st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
MEMBERS = st.lists(TEXT, min_size=1, max_size=4, unique=True).map(tuple)
KEYS = ["due", "tags", "color", "assignees", "note", "blocked_by", "x1", "échéance", "id"]


@dataclass(frozen=True)
class File:
    bom: bool
    head: str
    segments: tuple[tuple[str | None, str], ...]  # (key or None for what stands between, text)
    tail: str

    def yaml(self) -> str:
        return "".join(text for _, text in self.segments)

    def data(self) -> bytes:
        return (b"\xef\xbb\xbf" if self.bom else b"") + (
            self.head + self.yaml() + self.tail
        ).encode()


def _block(header: str, text: str, indent: str) -> str:
    return (
        header + "\n" + "".join(f"{indent}{line}\n" if line else "\n" for line in text.split("\n"))
    )


@st.composite
def scalar_source(draw: st.DrawFn, key: str) -> str:
    """One entry holding a scalar, in a layout somebody writes."""
    text = draw(WORDS)
    comment = draw(st.sampled_from(["", "", " # c", "   # it's: a [comment]", "\t# tab"]))
    gap = draw(st.sampled_from([" ", "  ", "      "]))
    kind = draw(st.integers(0, 15))
    single = [
        f"{key}:{gap}{text}{comment}", f"{key}:{gap}'{text}'{comment}", f'{key}:{gap}"{text}"{comment}',
        f"{key}:{gap}{text}", f"{key} :{gap}{text}{comment}", f'"{key}":{gap}{text}{comment}',
        f"{key}:{comment}", f"{key}: ", f"{key}: ~{comment}",
    ]  # fmt: skip
    if kind < len(single):
        return single[kind] + "\n"
    return [
        _block(f"{key}: |{comment}", "text\nb: c\n\n# no comment", "  "),
        _block(f"{key}: >-", f"{text}\nfolded\n  more", "    "),
        _block(f"{key}: |2-", "  lead\nkey: x", "  "),
        _block(f"{key}: |+{comment}", f"{text}\n\n", " "),
        f"{key}: {text}\n  goes on\n\n   and on{comment}\n",
        f'{key}: "{text}\n  goes\\\n  on"{comment}\n',
        f"{key}:{comment}\n  {text}{comment}\n",
    ][kind - len(single)]


@st.composite
def set_source(draw: st.DrawFn, key: str) -> str:
    """One entry holding a set, in a layout somebody writes."""
    raw = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    items = [draw(st.sampled_from([w, f'"{w}"', f"'{w}'"])) for w in raw]
    comment = draw(st.sampled_from(["", " # c", "   # a: [b"]))
    kind = draw(st.integers(0, 13))
    flow = [
        f"[{', '.join(items)}]", f"[ {', '.join(items)} ]", f"[{','.join(items)},]", f"[{', '.join(items)}, ]",
        "[]", "[ ]", f"[{items[0]}]", items[0],
        "[\n  " + ",\n  ".join(items) + "\n  ]", "[\n    " + ", # c\n    ".join(items) + ",  # last\n ]",
        "[" + ",\n   ".join(items) + "]",
    ]  # fmt: skip
    if kind < len(flow):
        return f"{key}: {flow[kind]}{comment}\n"
    lines = [
        "".join(f"- {i}{comment}\n" for i in items),
        "".join(f"  - {i}\n\n  # on {n}\n" for n, i in enumerate(items[:-1]))
        + f"  - {items[-1]}{comment}\n    # d\n",
        "".join(f"    -   {i}{comment}\n" for i in items),
    ][kind - len(flow)]
    return f"{key}:{comment}\n{lines}"


@st.composite
def files(draw: st.DrawFn) -> File:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=6))
    between = st.sampled_from(["", "", "", "# note\n", "\n", "# one\n\n# two: x\n"])
    segments: list[tuple[str | None, str]] = []
    for key in keys:
        segments.append((None, draw(between)))
        source = draw(
            scalar_source(key) | set_source(key) | st.just(f"{key}:\n  deep: [1, {{a: b}}]\n")
        )
        segments.append((key, source))
    segments.append((None, draw(between)))
    segments = [(k, _calm(segments, n)) for n, (k, _) in enumerate(segments)]
    body = draw(
        st.sampled_from(["", "Body\n", "\n# Title\r\n---\nx: y\n---", "😀", "# a\n\n\n", "\ufeffx"])
    )
    if draw(st.integers(0, 9)) == 0 and body[:1] not in ("-", "\ufeff"):
        return File(draw(st.booleans()), "", (), _newlines(draw, body))
    close = draw(st.sampled_from(["---\n", "...\n", "--- \n"]))
    head = draw(st.sampled_from(["---\n", "---  \n"]))
    parts = [_newlines(draw, t) for t in (head, close)]
    made = tuple((k, _newlines(draw, t)) for k, t in segments)
    return File(draw(st.booleans()), parts[0], made, parts[1] + body)


def _calm(segments: list[tuple[str | None, str]], n: int) -> str:
    """A blank line below ``|+`` is text of that entry, so none stands there by chance."""
    key, text = segments[n]
    above = segments[n - 1][1] if n else ""
    return text.lstrip("\n") if key is None and ": |+" in above else text


def _newlines(draw: st.DrawFn, text: str) -> str:
    mode = draw(st.sampled_from(["\n", "\n", "\r\n", "mixed"]))
    if mode != "mixed":
        return text.replace("\r\n", "\n").replace("\n", mode)
    flips = draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=4, max_size=4))
    parts = text.split("\n")
    return "".join(p + flips[i % 4] for i, p in enumerate(parts[:-1])) + parts[-1]


def _yaml_of(data: bytes) -> str:
    text = data.decode().removeprefix("\ufeff")
    found = re.match(r"---[ \t]*\r?\n(.*?)(?:(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z))", text, re.S)
    return found.group(1) if found else ""


def _read(data: bytes) -> dict[str, object]:
    return yaml.load(_yaml_of(data), Loader=yaml.CBaseLoader) or {}


def _texts(value: object) -> set[object]:
    values = value if isinstance(value, list) else [value]
    return {str(v) for v in values if v not in ("", None, "~")}


OPS = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(KEYS), TEXT | st.tuples(WORDS).map(lambda t: Plain(t[0]))),
    st.tuples(st.just("set"), st.sampled_from(KEYS), MEMBERS),
    st.tuples(st.just("clear"), st.sampled_from(KEYS), st.none()),
    st.tuples(st.just("add"), st.sampled_from(KEYS), MEMBERS),
    st.tuples(st.just("remove"), st.sampled_from(KEYS), MEMBERS),
    st.tuples(st.just("drop_first"), st.sampled_from(KEYS), st.none()),
)  # fmt: skip


def _do(data: bytes, op: tuple[str, str, object]) -> bytes:
    kind, key, value = op
    if kind in ("set", "clear"):
        return apply_changes(data, {key: value})  # type: ignore[dict-item]
    assert isinstance(value, tuple)
    return (add_items if kind == "add" else remove_items)(data, key, value)


def _drop(data: bytes, key: str) -> tuple[str, ...]:
    held = [v for v in _as_list(_read(data).get(key)) if isinstance(v, str) and v not in ("", "~")]
    return tuple(held[:1])


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _check_value(
    before: dict[str, object], after: dict[str, object], op: tuple[str, str, object]
) -> None:
    kind, key, value = op
    got = after.get(key)
    if kind == "set" and isinstance(value, tuple):
        texts = [str(v) for v in _as_list(got)]
        assert set(texts) - {"~", ""} | (set(texts) & set(value)) == set(value)
    elif kind == "set":
        assert got == (value.text if isinstance(value, Plain) else value)
    elif kind == "clear":
        assert not [t for t in _as_list(got) if t not in ("", "~", None)]
    else:
        assert isinstance(value, tuple)
        old = {str(v) for v in _as_list(before.get(key)) if v not in (None, "", "~")}
        wanted = old | set(value) if kind == "add" else old - set(value)
        assert {str(v) for v in _as_list(got) if v not in (None, "", "~") or v in value} - (
            {"", "~"} - wanted
        ) == wanted


def _next(file: File, key: str, result: bytes) -> File:
    """The file after an edit of ``key``; fails where more than the key's segment changed."""
    old = file.data()
    index = next((n for n, (k, _) in enumerate(file.segments) if k == key), None)
    head = file.head
    tail = file.tail
    if not head and result != old:
        newline = "\r\n" if re.match(r"[^\n]*\r\n", file.tail) else "\n"
        head, tail = f"---{newline}", f"---{newline}{file.tail}"
    start = (b"\xef\xbb\xbf" if file.bom else b"") + head.encode()
    before = "".join(t for _, t in file.segments[:index]) if index is not None else file.yaml()
    after = "".join(t for _, t in file.segments[index + 1 :]) if index is not None else ""
    prefix, suffix = start + before.encode(), (after + tail).encode()
    shown = "\n".join(
        difflib.unified_diff(repr(old).split("\\n"), repr(result).split("\\n"), lineterm="")
    )
    assert result.startswith(prefix), shown
    assert result.endswith(suffix), shown
    middle = result[len(prefix) : len(result) - len(suffix)].decode()
    if index is None:
        assert middle.count("\n") <= 1, shown
        return File(file.bom, head, (*file.segments, *([(key, middle)] if middle else [])), tail)
    changed = [*file.segments[:index], (key, middle), *file.segments[index + 1 :]]
    return File(file.bom, head, tuple(s for s in changed if s[1]), tail)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.lists(OPS, min_size=1, max_size=6))
def test_only_that_keys_lines_differ(file: File, ops: list[tuple[str, str, object]]) -> None:
    for op in ops:
        data = file.data()
        if op[0] == "drop_first":
            op = ("remove", op[1], _drop(data, op[1]))
        before = _read(data)
        if op[0] == "set" and isinstance(before.get(op[1]), dict) and isinstance(op[2], tuple):
            before.pop(op[1])
        if op[0] in ("add", "remove") and _holds_map(before.get(op[1])):
            continue
        result = _do(data, op)
        after = _read(result)
        _check_value(before, after, op)
        assert {k: v for k, v in after.items() if k != op[1]} == {
            k: v for k, v in before.items() if k != op[1]
        }
        assert _do(result, op) == result
        file = _next(file, op[1], result)


def _holds_map(value: object) -> bool:
    return any(isinstance(v, dict) for v in _as_list(value))


SIMPLE = st.sampled_from(["red", "Key account", "k7h3", "2026-12-01", "x y z"])


@settings(max_examples=150, deadline=None)
@given(files(), st.data())
def test_setting_back_restores_the_bytes(file: File, data: st.DataObject) -> None:
    for key, old in _read(file.data()).items():
        source = next(t for k, t in file.segments if k == key)
        simple = re.fullmatch(r'"?\w+"? ?:[ ]+(["\']?)(.*?)\1([ \t]+#.*)?\r?\n', source)
        if not simple or not isinstance(old, str) or old in ("", "~") or simple.group(2) != old:
            continue
        new = data.draw(SIMPLE)
        back = old if simple.group(1) or is_plain(old) else Plain(old)
        changed = apply_changes(
            file.data(), {key: new if simple.group(1) or is_plain(new) else Plain(new)}
        )
        assert apply_changes(changed, {key: back}) == file.data()


@settings(max_examples=150, deadline=None)
@given(files(), MEMBERS, st.sampled_from(KEYS))
def test_adding_and_removing_a_member_restores_a_list(
    file: File, new: tuple[str, ...], key: str
) -> None:
    data = file.data()
    held = _read(data).get(key)
    if not isinstance(held, list) or not held or set(held) & set(new):
        return
    assert remove_items(add_items(data, key, new), key, new) == data


@settings(max_examples=150, deadline=None)
@given(files(), st.dictionaries(st.sampled_from(KEYS), TEXT | MEMBERS | st.none(), max_size=5))
def test_several_keys_at_once_are_the_same_as_one_by_one(
    file: File, changes: dict[str, str]
) -> None:
    data = file.data()
    single = data
    for key, value in changes.items():
        single = apply_changes(single, {key: value})
    # Where line endings are mixed, a new line takes that of the line before it at that time.
    assert apply_changes(data, changes).replace(b"\r", b"") == single.replace(b"\r", b"")


def test_the_generator_makes_what_it_says() -> None:
    """Its sources are read by PyYAML, and the layouts named above do come up."""
    seen: set[str] = set()

    @settings(max_examples=600, deadline=None, database=None, derandomize=True)
    @given(files())
    def collect(file: File) -> None:
        yaml.load(_yaml_of(file.data()), Loader=yaml.CBaseLoader)
        source = file.yaml()
        seen.update(
            m for m in ("|+", ">-", "|2-", "[\n", "\r\n", "- ", " # c", "[]") if m in source
        )

    collect()
    assert {"|+", ">-", "|2-", "[\n", "\r\n", "- ", " # c", "[]"} <= seen


def test_quote_is_used_for_keys_too() -> None:
    assert apply_changes(b"", {"yes": "x"}) == f"---\n{quote('yes')}: x\n---\n".encode()
