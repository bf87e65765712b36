"""Whether Git would keep what a command is about to write: a record in an ignored folder would
be on no other machine and in no history, and nobody would be told."""

from __future__ import annotations

from collections.abc import Iterable

from bluefs.core.errors import Refused
from bluefs.core.layout import place
from bluefs.core.model import Config
from bluefs.core.ports import Git


def check_kept(paths: Iterable[str], config: Config, git: Git) -> None:
    """Raises Refused for the first path that Git or ``ignore:`` of bluefs.yaml leaves out."""
    wanted = sorted(set(paths))
    hidden = next((p for p in wanted if place(p, config).kind == "hidden"), None)
    if hidden is not None:
        raise Refused("writing.hidden", path=hidden)
    ignored = git.ignored(wanted) if wanted else frozenset()
    if ignored:
        raise Refused("writing.ignored", path=min(ignored))
