"""Edits of a record's body: a comment put under its heading.

Owns where a comment goes and what its text may not do there: a heading in it would end the
section or pass for a comment of somebody else, so it is escaped; a fence it leaves open is
closed. The body is read again afterwards: every comment that was there still is, and the new
one says what was asked.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC

from bluefs.core.codec.body import COMMENT_WORDS, parse_body
from bluefs.core.codec.text import Lines, unify
from bluefs.core.edit.refused import EditRefused
from bluefs.core.edit.source import Parts, open_parts
from bluefs.core.frozen import replace
from bluefs.core.matching import loose
from bluefs.core.patterns import pattern

#: As CommonMark and codec/body.py read them.
_HEADING = pattern(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = pattern(r" {0,3}(`{3,}|~{3,})(.*)$")


def append_comment(
    data: bytes, author: str, stamp: str, text: str, heading: str = "Comments"
) -> bytes:
    """The file with a comment more: ``### author · stamp`` (``2026-11-24 09:12``) and the
    text, as the last under the last heading "Comments" in any language we know; ``heading``
    is made at the end of the body where there is none. Raises EditRefused."""
    parts = open_parts(data)
    level, at = _place(parts.body)
    newline = _newline(parts)
    section = level or 2
    said = _tame(unify(text).strip("\n").rstrip(), section)
    lines = [f"{'#' * (section + 1)} {' '.join(author.split())} · {stamp}", *said.split("\n")]
    if not level:
        lines = [f"## {heading}", "", *lines]
    body = _insert(parts, at, newline.join(lines) + newline, newline)
    new = replace(parts, tail=parts.tail[: len(parts.tail) - len(parts.body)] + body, body=body)
    _check(parts.body, new.body, author, said)
    return _closed(new, newline).encode()


def _place(body: str) -> tuple[int, int]:
    """(level, offset): of the last heading "Comments" (0 without one) and of the end of the
    last line with text in its section (of the body)."""
    level = at = 0
    inside = False
    fence: str | None = None
    lines = Lines(body)
    for number, line in enumerate(lines.all(), 1):
        title = _HEADING.match(line) if fence is None else None
        fence = _fence_after(line, fence)
        if title is not None and loose(title[2].rstrip(" :")) in COMMENT_WORDS:
            if not (inside and len(title[1]) > level):
                level, inside = len(title[1]), True
        elif title is not None and len(title[1]) <= level:
            inside = False
        if line.strip() and (inside or not level):
            at = lines.offset(number, len(line) + 1)
    return level, at


def _fence_after(line: str, fence: str | None) -> str | None:
    """The code fence that is open behind a line, given the one open before it."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    if fence is None:
        return None if match[1][0] == "`" and "`" in match[2] else match[1]
    return None if match[1].startswith(fence) and not match[2].strip() else fence


def _tame(text: str, section: int) -> str:
    """The text of a comment so that it stays one comment."""
    fence: str | None = None
    lines = []
    for line in text.split("\n"):
        title = _HEADING.match(line) if fence is None else None
        fence = _fence_after(line, fence)
        if title is not None and len(title[1]) <= section + 1:
            line = line.replace("#", "\\#", 1)
        lines.append(line)
    return "\n".join([*lines, fence] if fence else lines)


def _insert(parts: Parts, at: int, written: str, newline: str) -> str:
    """The body with lines put in at ``at``, a blank line before and after them. Blank lines
    that are there stay, behind what is put in."""
    before, after = parts.body[:at], parts.body[at:]
    if before:
        written = newline * 2 + written
    if not after.strip():
        return before + written + after.removeprefix("\r\n").removeprefix("\n")
    return before + written.removesuffix(newline) + _blank_first(after, newline)


def _blank_first(text: str, newline: str) -> str:
    blank = re.match(r"(?:[ \t]*(?>\r\n|\n|\r)){2}", text)
    return text if blank is not None else newline + text


def _closed(parts: Parts, newline: str) -> Parts:
    """A closing marker that ended the file without a line ending gets one."""
    closing = parts.tail[: len(parts.tail) - len(parts.body)]
    if not closing or closing.endswith(("\n", "\r")):
        return parts
    return replace(parts, tail=closing + newline + parts.body)


def _newline(parts: Parts) -> str:
    found = re.search(r"\r\n|\n|\r", parts.body)
    return found.group() if found is not None else parts.newline


def _check(before: str, after: str, author: str, said: str) -> None:
    """Raises EditRefused unless exactly this comment has come and nothing else changed."""
    old, new = parse_body(before, UTC, 1), parse_body(after, UTC, 1)
    was = Counter((c.author, c.at, c.text) for c in old.comments)
    now = Counter((c.author, c.at, c.text) for c in new.comments)
    come = [(who, text) for (who, _, text), n in (now - was).items() for _ in range(n)]
    same_items = [replace(i, line=0) for i in old.items] == [replace(i, line=0) for i in new.items]
    who = " ".join(author.split()).removeprefix("@")
    if come != [(who, said)] or was - now or not same_items:
        raise EditRefused("errors.edit.comment", author=author)
