"""Where a record's file names what is renamed: its front matter, paths in ``blocked_by`` too, and
who a task item is for.

What was said stays: headings of comments and mentions in them are history, and another author
there would be another comment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bluefs.core.codec.body import parse_body
from bluefs.core.codec.text import Decoded, Lines, decode, split
from bluefs.core.edit.source import open_parts
from bluefs.core.edit.splice import Splice, apply_splices
from bluefs.core.matching import fold
from bluefs.core.nodes import Map, Node, Scalar, scalars
from bluefs.core.patterns import pattern
from bluefs.core.renaming.naming import Naming
from bluefs.core.renaming.rules import merge_tokens
from bluefs.core.renaming.swaps import Swap, parsed, swapped, whole

_HANDLE = pattern(r"(?:(?<=\s)|^)@(?P<handle>[^\W_][\w-]*)(?![\w@-]|\.\w)")


def in_record(data: bytes, naming: Naming, naming_keys: Collection[str] = ()) -> bytes:
    """The record's file with the new name; ``naming_keys`` are the keys that name records
    besides ``blocked_by``. Raises EditRefused where it cannot be read."""
    parts = open_parts(data)
    keys = {"blocked_by", *naming_keys}
    found = list(_front(parsed(parts.yaml, 2), naming, keys)) if parts.yaml else []
    if not found and naming.kind != "person":
        return data
    head = parts.head + swapped(parts.yaml, found, 2)
    closing = parts.tail[: len(parts.tail) - len(parts.body)]
    body = _items(parts.body, naming) if naming.kind == "person" else parts.body
    out = (head + closing + body).encode()
    return b"\xef\xbb\xbf" + out if parts.bom else out


def _front(node: Node | None, naming: Naming, keys: Collection[str]) -> Iterator[Swap]:
    for key, value in node.entries if isinstance(node, Map) else ():
        if naming.kind == "field" and naming.means(key.text):
            yield whole(key, naming.new)
        elif naming.kind == "list" and key.text in keys:
            for scalar in scalars(value):
                yield from _path(scalar, naming)
        elif (naming.kind, key.text) in (("tag", "tags"), ("person", "assignees")):
            for scalar in scalars(value):
                if naming.means(scalar.text.strip()):
                    yield whole(scalar, naming.new)


def _path(scalar: Scalar, naming: Naming) -> Iterator[Swap]:
    """The folder of a record that is named by its path, ``[[sales/Open deals/A]]`` too."""
    text = scalar.text
    start = len(text) - len(text.removeprefix("[[").lstrip())
    for project in naming.projects:
        base = f"{project}/" if project else ""
        parts = text[start:].split("/")
        folder = "/".join(parts[: f"{base}x".count("/") + 1])
        inside = start + len(folder) < len(text)
        if inside and len(parts) > 1 and fold(folder) == fold(base + naming.old):
            yield Swap(scalar, start, start + len(folder), base + naming.new)


def _items(body: str, naming: Naming) -> str:
    """The body with the new handle in its task items."""
    from datetime import UTC

    lines = Lines(body)
    splices = []
    for item in parse_body(body, UTC, 1).items:
        start = lines.offset(item.line, 1)
        for first, last, text in handle_tokens(lines.line(item.line), naming):
            splices.append(Splice(start + first, start + last, text))
    return apply_splices(body, splices)


def handle_tokens(text: str, naming: Naming) -> Iterator[tuple[int, int, str]]:
    """``@ana`` in a task item."""
    for match in _HANDLE.finditer(text):
        if naming.means(match["handle"]):
            yield match.start("handle"), match.end("handle"), naming.new


def in_template(data: bytes, naming: Naming) -> bytes:
    """A mail's text with the new field in its merge fields. Raises EditRefused where its front
    matter cannot be read; what is no text is left alone."""
    decoded = decode(data)
    if naming.kind != "field" or not isinstance(decoded, Decoded):
        return data
    text = decoded.text
    splices = [Splice(*token) for token in merge_tokens(text, naming)]
    out = apply_splices(text, splices)
    front = split(out)
    if splices and front.present and front.closed:
        parsed(front.yaml, front.first_line)
    if not splices:
        return data
    return (b"\xef\xbb\xbf" if decoded.bom else b"") + out.encode()
