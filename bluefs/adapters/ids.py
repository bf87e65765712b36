"""Random names from the system's source of randomness. Refuses to be repeatable: tests use
the seeded twin."""

from __future__ import annotations

import secrets
from collections.abc import Callable

#: Crockford's base 32 (https://www.crockford.com/base32.html) in lower case: no i, l, o, u.
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
LETTERS = DIGITS[10:]
LENGTH = 10


def make_id(choice: Callable[[str], str]) -> str:
    """Ten digits, the first a letter, so that no YAML reader takes an id for a number."""
    return choice(LETTERS) + "".join(choice(DIGITS) for _ in range(LENGTH - 1))


class SystemIds:
    """Ids from ``secrets``."""

    def new(self) -> str:
        """A fresh record id: 10 Crockford base-32 characters, the first a letter. 49.5 bits:
        a collision among 100,000 records has a chance of about one in 150,000."""
        return make_id(secrets.choice)

    def nonce(self) -> str:
        """16 hexadecimal digits."""
        return secrets.token_hex(8)
