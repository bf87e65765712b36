"""The writing commands: each is planned first, then applied as it was planned.

``plan`` owns the plan and its carrying out, ``assign`` what ``set`` understands, ``records``
the plans of new, set, move, done, reopen and delete. A dry run prints the plan; nothing here
knows whether it will be applied.
"""

from bluefs.app.commands.assign import Edit, check_title, parse_edit
from bluefs.app.commands.plan import Log, Scene, Step, Touched, apply
from bluefs.app.commands.records import (
    blockers,
    new_in,
    plan_delete,
    plan_done,
    plan_move,
    plan_new,
    plan_set,
    waiting_for,
)

__all__ = [
    "Edit",
    "Log",
    "Scene",
    "Step",
    "Touched",
    "apply",
    "blockers",
    "check_title",
    "new_in",
    "parse_edit",
    "plan_delete",
    "plan_done",
    "plan_move",
    "plan_new",
    "plan_set",
    "waiting_for",
]
