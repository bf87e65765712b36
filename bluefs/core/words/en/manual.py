"""."""

MESSAGES: dict[str, str] = {}
