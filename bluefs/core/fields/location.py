"""The kind ``location``."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from bluefs.core.codes import values as codes
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.decimals import parse_decimal, render_decimal
from bluefs.core.fields.faults import brief, fault
from bluefs.core.fields.text import TextLike
from bluefs.core.hints import TYPE_CHECKING
from bluefs.core.model import FieldDef, Value
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.words import say

if TYPE_CHECKING:
    from bluefs.core.fields.questions import Asked, Question

Point = tuple[Decimal, Decimal]  # latitude, longitude

_NORTH, _EAST = Decimal(90), Decimal(180)
_NUMBER = r"[-+−]?\d{1,3}(?:[.,]\d{1,20})?"
_PLACES = "{1,20}"
#: A pair as other programs write it: with a comma for the point, a semicolon, only a gap.
_PAIRS = (
    re.compile(rf"({_NUMBER})\s*[;/]\s*({_NUMBER})"),
    re.compile(rf"({_NUMBER}),?\s+({_NUMBER})"),
    re.compile(r"([-+−]?\d{1,3}(?:\.\d{1,20})?)\s*,\s*([-+−]?\d{1,3}(?:\.\d{1,20})?)"),
)
_SIDED = pattern(
    r"""(?ix) (?P<n1>[nsewo])? \s* (?P<deg>\d{1,3}(?:[.,]\d{1,20})?) \s* °? \s*
    (?: (?P<min>\d{1,2}(?:[.,]\d{1,9})?) \s* ['’′] \s*
        (?: (?P<sec>\d{1,2}(?:[.,]\d{1,9})?) \s* (?:["”″]|''|’’) \s* )? )? (?P<n2>[nsewo])?"""
)
_SIXTY = Decimal(60)
_TENTH_METRE = Decimal("0.000001")  # of a degree
_WRAPS = ("()", "[]", "<>")


def point_of(value: Value) -> Point | None:
    """Latitude and longitude of a location's value, in degrees."""
    return _exact(value) if isinstance(value, str) else None


class Location(TextLike):
    """A place on Earth: latitude and longitude in degrees (WGS 84), north and east positive:
    ``48.8566, 2.3522``. Degrees, minutes and seconds, and what maps put on the clipboard, are
    read where a person types them. No options."""

    word = "location"

    def parse(self, field: FieldDef, node: Node, setting: Setting) -> Value | Fault:
        """A list or a map of two numbers is no value, but it can be mended."""
        if isinstance(node, Seq | Map) and (text := _pair_in(node)) is not None:
            return _fault(node, text)
        return super().parse(field, node, setting)

    def read(self, field: FieldDef, node: Node, text: str, setting: Setting) -> Value | Fault:
        point = _exact(text)
        if point is None:
            return _fault(node, text)
        return _said(point) if _is_on_earth(point) else _outside(node, point)

    def typed(self, field: FieldDef, text: str, setting: Setting) -> Value | Fault:
        if not text.strip():
            return None
        point = _meant(text)
        if point is None:
            return _fault(Scalar(text), text)
        return _said(point) if _is_on_earth(point) else _outside(Scalar(text), point)

    def json(self, field: FieldDef, value: Value, setting: Setting) -> object:
        point = point_of(value)
        return None if point is None else {"latitude": point[0], "longitude": point[1]}

    def schema(self, field: FieldDef) -> dict[str, object]:
        """Numbers in other forms (``.5``, ``1e1``) are read too, and are not for editors."""
        low, high = r"[-+]?([0-9]|[1-8][0-9])", r"[-+]?([0-9]|[1-9][0-9]|1[0-7][0-9])"
        latitude = rf"({low}(\.[0-9]{_PLACES})?|[-+]?90(\.0{_PLACES})?)"
        longitude = rf"({high}(\.[0-9]{_PLACES})?|[-+]?180(\.0{_PLACES})?)"
        return {
            "type": ["string", "null"],
            "pattern": rf"^\s*({latitude}\s*,\s*{longitude})?\s*$",
            "examples": ["48.8566, 2.3522"],
        }

    def test(self, field: FieldDef, value: Value, operand: str, setting: Setting) -> bool | Fault:
        if "*" in operand:
            return super().test(field, value, operand, setting)
        point = _meant(operand)
        return _fault(Scalar(operand), operand) if point is None else value == _said(point)

    def ask(self, field: FieldDef, asked: Asked, setting: Setting) -> Question:
        from bluefs.core.fields.questions import Exactly, Like, Never

        if "*" in asked.text:
            return Like(asked.text)
        point = _meant(asked.text)
        return Never() if point is None else Exactly(_said(point))


def _exact(text: str) -> Point | None:
    """What a file says: two numbers with a comma."""
    first, comma, second = text.partition(",")
    latitude, longitude = parse_decimal(first.strip()), parse_decimal(second.strip())
    if not comma or latitude is None or longitude is None:
        return None
    return latitude, longitude


def _said(point: Point) -> str:
    """The one way in which a place is written: two of them are equal if they are the same."""
    return ", ".join(map(_shortest, point))


def _shortest(number: Decimal) -> str:
    text = render_decimal(number if number else Decimal(0))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_on_earth(point: Point) -> bool:
    return abs(point[0]) <= _NORTH and abs(point[1]) <= _EAST


def _meant(text: str) -> Point | None:
    """What a person means by an almost-location; None where nothing is sure."""
    tidy = text.strip().removeprefix("geo:").strip()
    for pair in _WRAPS:
        if tidy[:1] == pair[0] and tidy[-1:] == pair[1]:
            tidy = tidy[1:-1].strip()
    exact = _exact(tidy)
    if exact is not None:
        return exact
    for form in _PAIRS:
        if found := form.fullmatch(tidy):
            return _degrees(found[1]), _degrees(found[2])
    return _sided(tidy)


def _degrees(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("−", "-"))


def _sided(text: str) -> Point | None:
    """``48°51'24"N 2°21'08"E``, ``48.8566° N, 2.3522° E``, ``N 48.8566 E 2.3522``."""
    parts: list[re.Match[str]] = []
    rest = text
    while rest and len(parts) < 3:
        found = _SIDED.match(rest)
        if found is None or not found[0].strip():
            return None
        parts.append(found)
        rest = rest[found.end() :].lstrip(" ,;")
    if len(parts) != 2:
        return None
    sides = [(part["n1"] or part["n2"] or "").upper() for part in parts]
    if any(part["n1"] and part["n2"] for part in parts):
        return None
    if sides[0] not in ("N", "S") or sides[1] not in ("E", "W", "O"):
        return None
    north, east = map(_angle, parts)
    return (-north if sides[0] == "S" else north), (-east if sides[1] in ("W", "O") else east)


def _angle(found: re.Match[str]) -> Decimal:
    """Degrees; with minutes to six decimals, which is a tenth of a metre."""
    degrees = _degrees(found["deg"])
    if found["min"] is None:
        return degrees
    minutes = _degrees(found["min"]) + _degrees(found["sec"] or "0") / _SIXTY
    return (degrees + minutes / _SIXTY).quantize(_TENTH_METRE, ROUND_HALF_EVEN)


def _pair_in(node: Seq | Map) -> str | None:
    """The two numbers of ``[48.85, 2.35]`` or ``{lat: 48.85, lon: 2.35}`` as one text."""
    if isinstance(node, Seq):
        texts = [item.text for item in node.items if isinstance(item, Scalar)]
        return ", ".join(texts) if len(texts) == len(node.items) == 2 else None
    named = {k.text.casefold()[:3]: v.text for k, v in node.entries if isinstance(v, Scalar)}
    latitude, longitude = named.get("lat"), named.get("lon", named.get("lng"))
    if len(node.entries) != 2 or latitude is None or longitude is None:
        return None
    return f"{latitude}, {longitude}"


def _fault(node: Node, text: str) -> Fault:
    point = _meant(text)
    if point is not None and not _is_on_earth(point):
        return _outside(node, point)
    mend = None if point is None else _said(point)
    return fault(codes.LOCATION, node, "values.location", text=brief(text), mend=mend)


def _outside(node: Node, point: Point) -> Fault:
    """Most often the two are the wrong way round: GeoJSON and many databases do that."""
    other = point[1], point[0]
    hint = say("values.location.swapped", text=_said(other)) if _is_on_earth(other) else None
    return fault(codes.OUT_OF_RANGE, node, "values.location.outside", hint=hint)


KIND = Location()
