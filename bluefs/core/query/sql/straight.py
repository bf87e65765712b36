"""A sound record's packed form and its rows, made straight of its text.

Most files have nothing wrong with them, and of most of their lines another file has had the same:
a tag, a person, a day. So what a line of front matter becomes is remembered as it will stand in the
index, and of a record nothing is made in between. Owns that way, for front matter of entries as
`codec.quick` has them. Refuses, by returning None, whatever is doubtful, and every project whose
records rest on more than their files; such a file is read (`codec.record`), packed and put into rows.

Law: what it gives is what that gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from json.encoder import encode_basestring as quote

from bluefs.core.codec.body import Told, may_tell, tell, uncommented
from bluefs.core.codec.pack import packed_told
from bluefs.core.codec.quick import START
from bluefs.core.codec.record import home_of
from bluefs.core.frozen import dataclass
from bluefs.core.hints import Any
from bluefs.core.layout import stem
from bluefs.core.model import Config
from bluefs.core.query.folding import needles
from bluefs.core.query.sql.cells import MEMBER, text_cell
from bluefs.core.query.sql.lines import AT, Way, piece_of, row_of, way_of
from bluefs.core.query.sql.tables import (
    FIRST_FIELD,
    SLOTS,
    prose_form,
)

#: Characters of front matter and bytes of a file, far below any limit.
_LONGEST, _LARGEST = 8_000, 500_000
_PATH, _ID, _TITLE, _NAME = AT["path"], AT["id"], AT["title"], AT["name"]
_DONE, _OWN, _WORDS = AT["done"], AT["own"], AT["words"]

#: A record's id, its packed form, and its rows where it is in a list.
Straight = tuple["str | None", bytes, "tuple[Any, ...] | None"]


def straight(files: Iterable[tuple[str, bytes]], config: Config) -> list[Straight | None]:
    """What the index keeps of each file (its path, its bytes) that is surely sound. Step by step
    for all of them: a processor that does one thing at a time does it in three quarters of the
    time."""
    cuts = [_cut(path, data, config) for path, data in files]
    read = [cut for cut in cuts if cut is not None and _read(cut)]
    zone = config.workspace.zone
    told = [
        tell(cut.body, zone, 4 + cut.front.count("\n")) if may_tell(cut.body) else None
        for cut in read
    ]
    forms = [_forms(cut.body, one) for cut, one in zip(read, told, strict=True)]
    texts = [_texts(some, one) for some, one in zip(forms, told, strict=True)]
    packed = [_packed(cut, one) for cut, one in zip(read, told, strict=True)]
    rows = [_rows(cut, text) for cut, text in zip(read, texts, strict=True)]
    made = iter(zip(read, packed, rows, strict=True))
    found: list[Straight | None] = []
    for cut in cuts:
        if cut is None or cut.values is None:
            found.append(None)
        else:
            _, head, row = next(made)
            found.append((cut.row[_ID], head, row))
    return found


@dataclass(slots=True)
class _Cut:
    """A file on its way. ``values`` are those of the front matter as they stand in the packed
    form, None where it is refused; ``row`` is filled meanwhile."""

    path: str
    way: Way
    place: str | None
    front: str
    body: str
    data: bytes  # of the body
    row: list[Any]
    values: str | None = None


def _cut(path: str, data: bytes, config: Config) -> _Cut | None:
    home, place = home_of(path, config)
    way = way_of(config, home)
    if way is None or len(data) > _LARGEST or b"\0" in data or b"<<<<<<<" in data:
        return None
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    end = data.find(b"\n---\n", 3)
    if not 3 < end < _LONGEST or data[:4] != b"---\n" or b"\r" in data:
        return None
    rest = data[end + 5 :]
    try:
        front, body = data[4:end].decode(), rest.decode()
    except UnicodeDecodeError:
        return None
    return _Cut(path, way, place, front, body, rest, row_of(way, place))


def _packed(cut: _Cut, told: Told | None) -> bytes:
    row = cut.row
    name, title, tells = row[_ID], row[-1], ""
    if told is not None and (told.comments or told.items):
        tells = packed_told(told.comments, told.items)
    rest = (
        f",[],{{}},{title is not None:d},{tells or '[],[]'}" if title is not None or tells else ""
    )
    if title is None:
        title = row[-1] = stem(cut.path)
        row[_TITLE] = text_cell(title)
    head = f"[{'null' if name is None else quote(name)},{quote(title)},{{{cut.values}}}{rest}]\n"
    return head.encode() + cut.data


def _rows(cut: _Cut, texts: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """As `Rows` has them. The title has been found."""
    if cut.place is None:
        return None
    row = cut.row
    last = cut.path.rpartition("/")[2].removesuffix(".md")
    row[_PATH] = cut.path.encode("utf-8", "surrogateescape")
    row[_NAME] = None if last == row[-1] else text_cell(last)
    row[_WORDS] = int(cut.body != "")
    if row[_OWN] is not None:
        row[_DONE] = row[_OWN]
    further = row[_FULL:-2]
    more = tuple((n, c) for n, c in enumerate(further, SLOTS) if c is not None) if further else ()
    return tuple(row[:_FULL]), texts, more, row[-2]


_FULL = FIRST_FIELD + SLOTS


def _read(cut: _Cut) -> bool:
    """Fills the row and the values."""
    front, way, row = cut.front, cut.way, cut.row
    if not front.replace("\n", "").isprintable():
        return False
    known, keys, values = way.known, set(), []
    entries = START.split(front)
    way.met[""] = way.met.get("", 0) + 1
    for entry in entries:
        piece = known.get(entry)
        if piece is None:
            piece = piece_of(entry, way)
            if piece is None:
                return False
        key, written, cells = piece
        keys.add(key)
        if written:
            values.append(written)
        for column, value in cells:
            row[column] = value
    if len(keys) < len(entries):
        return False  # a key stands twice
    cut.values = ",".join(values)
    return True


def _forms(body: str, told: Told | None) -> list[str]:
    """The folded body, in two where all comments come last, else with the one without comments
    behind it; then the comments, the items."""
    if told is None:
        return needles([body])
    parts = [body]
    if told.comments:
        start = max(told.sections[0][0] - 1, 0)  # in the body
        parts = [body[:start], body[start:]] if _is_last(told) else [body, uncommented(body)]
    texts = [*[one[2] for one in told.comments], *[one[1] for one in told.items]]
    return needles([*parts, *texts])


def _is_last(told: Told) -> bool:
    return len(told.sections) == 1 and told.sections[0][1] == len(told.text)


def _texts(forms: list[str], told: Told | None) -> tuple[Any, ...]:
    """The row of texts."""
    whole = forms[0]
    if told is None:
        return whole, None, None, None
    if not told.comments:
        return whole, None, None, _joined(forms[1:])
    prose: int | str = len(whole)
    if _is_last(told):
        whole = f"{whole} {forms[1]}" if whole else forms[1]
    else:
        prose = prose_form(forms[1], whole)
    between = 2 + len(told.comments)
    return whole, prose, _joined(forms[2:between]), _joined(forms[between:])


def _joined(forms: list[str]) -> str | None:
    return f"{MEMBER}{MEMBER.join(forms)}{MEMBER}" if forms else None
