"""Who is at work: authors of commits as people of the workspace."""

from __future__ import annotations

from bluefs.app.world import World
from bluefs.core.model import Config
from bluefs.core.ports import Author


def actor_of(author: Author, config: Config) -> str:
    """The handle of the person with this address, else the address itself."""
    person = config.workspace.person_by_email(author.email)
    return person.handle if person is not None else author.email


def at_work(world: World, config: Config) -> str | None:
    """The handle (or address) of whoever Git says works here, None if it does not say."""
    identity = world.git.identity()
    return actor_of(identity, config) if identity is not None else None
