"""Triggers, actions, and what they are told.

``registries`` is where to ask for the words: ``send_email``, the one action that leaves the
machine, has a module of its own, which it imports.
"""

from __future__ import annotations

from bluefs.core.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from bluefs.core.rules.base import Action, Trigger
    from bluefs.core.rules.registry import Registry


def registries() -> tuple[Registry[Trigger], Registry[Action]]:
    """Every trigger and every action of this version."""
    import bluefs.core.rules.email  # noqa: F401 (registers send_email)
    from bluefs.core.rules.actions import ACTIONS
    from bluefs.core.rules.triggers import TRIGGERS

    return TRIGGERS, ACTIONS
