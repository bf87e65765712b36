"""A record as compact bytes and back, for what remembers readings between two runs.

Owns a lossless form of ``Record`` that costs little to make and to read: JSON, because a
damaged or foreign file must never be able to do more than fail, and behind its line feed the body
as it is. Refuses what a record's place
decides (path, project, list, whether the list is done): that is given again when unpacking, so
that it always is what the settings say now. Law: ``unpack(pack(r), …) == r``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from bluefs.core.frozen import dataclass
from bluefs.core.hints import Any
from bluefs.core.model import Comment, Item, Record, Span, Value


@dataclass(frozen=True, slots=True)
class Spot:
    """What a record's place says of it."""

    project: str
    list: str | None
    list_done: bool


#: The parts of a `Comment` and of an `Item`, in their order.
CommentParts = tuple[str, "datetime | date | None", str, int, int]
ItemParts = tuple[str, str, bool, tuple[str, ...], "date | datetime | None", int]

_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_make_chunks = getattr(json.encoder, "c_make_encoder", None)
#: Made once: to make it costs as much as to write a small value.
_chunks = _make_chunks and _make_chunks(
    None, _encoder.default, json.encoder.encode_basestring, None, ":", ",",
    _encoder.sort_keys, _encoder.skipkeys, _encoder.allow_nan,
)  # fmt: skip


def _encode(value: object) -> str:
    return "".join(_chunks(value, 0)) if _chunks is not None else _encoder.encode(value)


#: Halves of surrogate pairs, which YAML's escapes can make and UTF-8 cannot hold, pass through.
_HALVES = "surrogatepass"
_decode = json.JSONDecoder().decode


def pack(record: Record) -> bytes:
    """The record without its place."""
    row: list[object] = [
        record.id,
        record.title,
        {k: v if type(v) is str else _value(v) for k, v in record.values.items()},
    ]
    rest = (record.bad, record.unknown, record.title_key, record.comments, record.items)
    if any(rest):
        row += [
            sorted(record.bad),
            _unknown(record.unknown),
            int(record.title_key),
            *_told(
                [(c.author, c.at, c.text, c.ordinal, c.line) for c in record.comments],
                [(i.list, i.text, i.done, i.assignees, i.due, i.line) for i in record.items],
            ),
        ]
    return f"{_encode(row)}\n{record.body}".encode("utf-8", _HALVES)


def packed_value(value: Value) -> str:
    """A value as it stands in the packed form."""
    return _encode(_value(value))


def packed_told(comments: Iterable[CommentParts], items: Iterable[ItemParts]) -> str:
    """What the body tells, as it stands there."""
    return _encode(_told(comments, items))[1:-1]


def _told(comments: Iterable[CommentParts], items: Iterable[ItemParts]) -> list[object]:
    return [
        [(author, _value(at), text, n, line) for author, at, text, n, line in comments],
        [
            (heading, text, int(done), people, _value(due) if due is not None else None, line)
            for heading, text, done, people, due, line in items
        ],
    ]


def unpack(data: bytes, path: str, spot: Spot) -> Record:
    """The record that was packed, at this place. Raises ValueError, TypeError, KeyError or
    IndexError for bytes that `pack` has not made."""
    head, _, body = data.decode("utf-8", _HALVES).partition("\n")
    row = _decode(head)
    name, title, values = row[:3]
    bad, unknown, title_key, comments, items = row[3:] if len(row) > 3 else _NOTHING
    return Record(
        path,
        spot.project,
        spot.list,
        name,
        title,
        {k: v if type(v) is str else _read(v) for k, v in values.items()},
        body,
        frozenset(bad),
        _known(unknown),
        bool(title_key),
        spot.list_done,
        tuple(Comment(a, _read(at), t, o, n) for a, at, t, o, n in comments),
        tuple(Item(h, t, bool(d), tuple(w), _read(due), n) for h, t, d, w, due, n in items),
    )


_NOTHING: tuple[Any, ...] = ((), {}, 0, (), ())


def _value(value: Value) -> object:
    """Text and truth as they are, a set as a list, all else as ``{letter: text}``."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat(), "f": 1} if value.fold else {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"s": [_value(value.start), _value(value.end)]}


def _read(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        return tuple(value)
    if kind is not dict:
        return value
    if "n" in value:
        return Decimal(value["n"])
    if "d" in value:
        return date.fromisoformat(value["d"])
    if "t" in value:
        moment = datetime.fromisoformat(value["t"])
        return moment.replace(fold=1) if "f" in value else moment
    low, high = value["s"]
    return Span(_read(low), _read(high))


def _unknown(values: Mapping[str, object]) -> dict[str, object]:
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: object) -> object:
    """Tuples come back from JSON as lists, maps as they are: lists are made tuples again."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def _known(values: Mapping[str, Any]) -> dict[str, object]:
    return {key: _tupled(value) for key, value in values.items()}


def _tupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _tupled(v) for k, v in value.items()}
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
