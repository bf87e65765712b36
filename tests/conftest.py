"""For all tests: Hypothesis minds what comes out, not how long a busy machine takes over it."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("bluefs", deadline=None)
settings.load_profile("bluefs")
