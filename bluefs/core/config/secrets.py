"""Strings in settings that look like secrets: what is in the repository, everybody has.

Owns the forms of tokens as their makers publish them (prefix, alphabet, length), private keys, and
what stands behind a word such as ``password:`` if it is no word itself. A merge field, a name of
the environment (``env:TOKEN``) and a placeholder are none. The message never repeats the secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log2

from bluefs.core.frozen import dataclass
from bluefs.core.patterns import pattern

#: What it is -> its form. Sources: the makers' pages on the formats of their tokens.
_FORMS = {
    "aws": pattern(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "github": pattern(r"\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,})"),
    "gitlab": pattern(r"\bgl(?:pat|dt|rt|ptt|oas)-[0-9A-Za-z_-]{20,}"),
    "slack": pattern(
        r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}|\bhooks\.slack\.com/services/T\w+/B\w+/\w{16,}"
    ),
    "stripe": pattern(r"\b[rs]k_live_[0-9A-Za-z]{16,}"),
    "google": pattern(r"\bAIza[0-9A-Za-z_-]{35}"),
    "key": pattern(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
}
_NAMED = pattern(
    r"""(?i)(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|access[_-]?key|bearer)"""
    r"""["']?[ \t]*[:= ][ \t]*["']?(?P<value>[^\s"',;{}\[\]<>]{8,})"""
)
_HARMLESS = ("env:", "file:", "http:", "https:", "$", "%", "*", "xxx", "...")
#: Characters of a line that is looked at: a longer one is data, not something typed.
_SHORTEST, _LONGEST = 12, 10_000
#: Bits of information in each character: words have less, keys made by chance more.
_ENTROPY = 3.0


@dataclass(frozen=True, slots=True)
class Secret:
    """``what`` is a word of ``config.secret.*``; line and columns count from 1, ``end`` is
    exclusive."""

    what: str
    line: int
    column: int
    end: int


def find_secrets(lines: Sequence[str]) -> Iterator[Secret]:
    """Every place, by line. What has a known form is not named twice."""
    for number, line in enumerate(lines, 1):
        if not _SHORTEST <= len(line) <= _LONGEST:
            continue
        known = [
            (what, m.start(), m.end()) for what, form in _FORMS.items() for m in form.finditer(line)
        ]
        for found in _NAMED.finditer(line):
            start, end = found.span("value")
            covered = any(a < end and start < b for _, a, b in known)
            if not covered and _is_chance(found["value"]):
                known.append(("named", start, end))
        for what, start, end in sorted(known, key=lambda one: one[1]):
            yield Secret(what, number, start + 1, end + 1)


def _is_chance(text: str) -> bool:
    """Whether it looks made by chance: letters and digits, few of them twice."""
    if text.lower().startswith(_HARMLESS) or "${" in text:
        return False
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return mixed and not _is_plain(text) and entropy(text) >= _ENTROPY


def _is_plain(text: str) -> bool:
    """A date, a number with a unit, a name of a file: digits only at its end or beginning."""
    bare = text.strip("0123456789-_.:/")
    return not any(c.isdigit() for c in bare) and len(bare) < len(text) and bare.islower()


def entropy(text: str) -> float:
    """Shannon's entropy of a text's characters, in bits for each of them."""
    counts = {c: text.count(c) for c in set(text)}
    return -sum(n / len(text) * log2(n / len(text)) for n in counts.values())
