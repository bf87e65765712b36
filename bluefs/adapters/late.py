"""An adapter that is made when something is asked of it: most commands ask most of them nothing,
and importing one costs more than a command may take."""

from __future__ import annotations

from collections.abc import Callable

from bluefs.core.hints import Any


class Late:
    """Stands for what ``make`` gives."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)
