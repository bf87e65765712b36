"""The machine's clock. Owns the only reading of wall time; refuses to guess zones (UTC)."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """Clock on ``time.time``."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def moment(self) -> datetime:
        """The same as an aware UTC datetime."""
        return datetime.fromtimestamp(self.now(), UTC)
