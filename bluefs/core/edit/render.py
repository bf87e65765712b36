"""The source text of values: scalars, literal blocks, lists, comments and whole entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bluefs.core.edit.refused import EditRefused
from bluefs.core.nodes import Plain
from bluefs.core.patterns import pattern
from bluefs.core.quoting import is_raw, quote

Member = Plain | str

_NOT_IN_COMMENT = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")


def text_of(value: Member) -> str:
    return value.text if isinstance(value, Plain) else value


def render_scalar(value: Member, style: str | None = None, *, flow: bool = False) -> str:
    """``value`` on one line, in the style wished for where it can be (see `quote`). Raises
    EditRefused for a Plain that is empty: that would read as *not set*."""
    if isinstance(value, str):
        return quote(value, style, flow=flow)
    if not value.text:
        raise EditRefused("errors.edit.empty")
    return value.text


def render_list(members: Iterable[Member]) -> str:
    return f"[{', '.join(render_scalar(m, flow=True) for m in members)}]"


def render_comment(text: str | None) -> str:
    """``# text`` on one line; nothing for an empty text."""
    bare = _NOT_IN_COMMENT.sub(" ", text or "").strip()
    return f"# {bare}" if bare else ""


def render_items(
    members: Iterable[Member],
    dash: str,
    newline: str,
    comments: Mapping[str, str],
    style: str | None = None,
    column: int = 0,
) -> str:
    """Lines of a block list, ``dash`` being all that stands before the text (``  - ``) and
    ``column`` where comments begin, if the text leaves room."""
    lines = []
    for member in members:
        line = dash + render_scalar(member, style, flow=True)
        comment = render_comment(comments.get(text_of(member)))
        if comment:
            line = (line + ("  " if not column else " ")).ljust(column) + comment
        lines.append(line + newline)
    return "".join(lines)


def render_literal(text: str, indent: str, depth: int, newline: str) -> tuple[str, str] | None:
    """The header and the lines of a literal block (``|``) that reads as ``text``, indented by
    ``indent``, which is ``depth`` spaces more than its key. None where it cannot say it."""
    body = text.rstrip("\n")
    if not is_raw(body.replace("\n", "").replace("\t", "")) or not body.strip():
        return None
    blanks = len(text) - len(body)
    chomp = "-" if blanks == 0 else "" if blanks == 1 else "+"
    explicit = str(depth) if body[0] in " \t\n" else ""
    lines = [*body.split("\n"), *[""] * max(blanks - 1, 0)]
    if any(line and not line.strip(" \t") for line in lines):
        return None
    written = "".join((indent + line if line else "") + newline for line in lines)
    return f"|{explicit}{chomp}", written
