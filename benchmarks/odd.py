"""Files that are not as they should be, as every real folder holds some.

Each takes a good record's front matter and body and gives the bytes of a file. Which of them
bluefs can read, and what it says of the others, is not this module's business.
"""

from __future__ import annotations

from collections.abc import Callable


def _file(front: str, body: str) -> bytes:
    return f"---\n{front}---\n{body}".encode()


def colon(front: str, body: str) -> bytes:
    return _file(front + "title: Re: hello\n", body)


def swallowed(front: str, body: str) -> bytes:
    return _file(front + "color: #ff0000\n", body)


def at_sign(front: str, body: str) -> bytes:
    return _file(front + "title: @ana asks\n", body)


def wrong_date(front: str, body: str) -> bytes:
    return _file(front + "start: 12/01/2026\n", body)


def unknown_key(front: str, body: str) -> bytes:
    return _file(front + "colour_of_money: green\n", body)


def crlf(front: str, body: str) -> bytes:
    return _file(front, body).replace(b"\n", b"\r\n")


def bom(front: str, body: str) -> bytes:
    return b"\xef\xbb\xbf" + _file(front, body)


def broken(front: str, body: str) -> bytes:
    return _file(front + "title: [a, b\n", body)


def unclosed(front: str, body: str) -> bytes:
    return f"---\n{front}{body}".encode()


def latin_1(front: str, body: str) -> bytes:
    return _file(front, body) + "Fin d'été\n".encode("latin-1")


def empty(front: str, body: str) -> bytes:
    return b""


def bare(front: str, body: str) -> bytes:
    return body.lstrip().encode()


def decomposed(front: str, body: str) -> bytes:
    """A good file: its name is what is odd (`NAME`)."""
    return _file(front, body)


ODD: tuple[Callable[[str, str], bytes], ...] = (
    colon, swallowed, at_sign, wrong_date, unknown_key, crlf, crlf, bom, broken, unclosed, latin_1,
    empty, bare, bare, decomposed, decomposed,
)  # fmt: skip
#: What goes before the name of a `decomposed` file: an accent as a character of its own, as
#: macOS hands names over.
NAME = "Cafe\u0301 "
