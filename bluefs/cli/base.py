"""What every command needs: the workspace, the time, who is at work, the screen."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from bluefs.app.workspace import Library, Snapshot
    from bluefs.bootstrap import Home
    from bluefs.cli.screen import Screen
    from bluefs.core.model import Config
    from bluefs.core.show import Viewer


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        from bluefs.core.errors import Refused

        raise Refused("cli.now", text=text) from error


@dataclass
class App:
    """One run of a command. Everything is made when first asked for."""

    folder: str | None = None
    bare: bool = False  # whether a repository without a worktree will do
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def here(self) -> str:
        """The folder the command runs in, absolute."""
        if not self.folder:
            return os.getcwd()  # noqa: PTH109 - pathlib costs a command more than it may
        from pathlib import Path

        return str(Path(self.folder).absolute())

    @cached_property
    def home(self) -> Home:
        """The workspace. Raises Refused where there is none."""
        from bluefs.bootstrap import find

        return find(self.here, bare=self.bare)

    @cached_property
    def library(self) -> Library:
        from bluefs.cli.indexing import Reading

        return self.home.library(Reading())

    @cached_property
    def snapshot(self) -> Snapshot:
        """The whole workspace, read once. Raises Refused for a newer format."""
        return self.library.snapshot()

    def without_rules(self) -> App:
        """For a command that only shows or edits records: rules and queries of views are not
        read. Call it before anything else is asked for."""
        self.library.rules = False
        return self

    @property
    def config(self) -> Config:
        return self.snapshot.config

    @cached_property
    def now(self) -> datetime:
        """The present moment in the workspace's zone."""
        return self.moment(self.snapshot.config.workspace.zone)

    def moment(self, zone: tzinfo) -> datetime:
        """The present moment. ``BLUEFS_NOW`` (ISO 8601) sets it, for tests and for trying what
        a rule would do on another day."""
        fixed = os.environ.get("BLUEFS_NOW")
        moment = _moment(fixed) if fixed else self.started
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)

    @staticmethod
    def clock() -> float:
        """Seconds since the epoch, as files and the journal have them."""
        return datetime.now(UTC).timestamp()

    @cached_property
    def me(self) -> str | None:
        """The handle at work, by Git's identity; None for a stranger."""
        identity = self.home.git.identity()
        if identity is None:
            return None
        person = self.snapshot.config.workspace.person_by_email(identity.email)
        return person.handle if person is not None else None

    @cached_property
    def viewer(self) -> Viewer:
        """How this moment sees the workspace's records."""
        from bluefs.core.show import Viewer

        return Viewer(self.config, self.now, self.snapshot.find, self.snapshot.refer)

    @cached_property
    def screen(self) -> Screen:
        from bluefs.cli.screen import Screen

        return Screen.of(sys.stdout)

    def inside(self, path: str) -> str | None:
        """A path typed by a person (absolute, or relative to where the command runs) as a
        workspace-relative one; None if it lies outside."""
        from pathlib import Path

        full, root = (Path(self.here) / path).resolve(), Path(self.home.root).resolve()
        return full.relative_to(root).as_posix() if full.is_relative_to(root) else None

    @staticmethod
    def asks() -> bool:
        """Whether a person can be asked: both ends are a terminal."""
        return sys.stdin.isatty() and sys.stdout.isatty()
