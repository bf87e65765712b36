"""The plan of ``press``: a button field set to ``press``, as a person would type it.

Owns which button somebody means. Refuses to carry anything out: the rules that wait for the
button do, once the engine has seen it, and then the key goes.
"""

from __future__ import annotations

from bluefs.app.commands.plan import Scene, Step
from bluefs.app.refs import mistaken
from bluefs.core.edit import apply_changes
from bluefs.core.errors import Refused
from bluefs.core.fields import kind_of
from bluefs.core.matching import match_field
from bluefs.core.model import Config, FieldDef, Project, Record
from bluefs.core.nodes import Plain
from bluefs.core.rules.triggers import Pressed


def buttons(project: Project) -> list[FieldDef]:
    """The project's buttons, as declared."""
    return [field for field in project.fields.values() if kind_of(field).pressed]


def button_of(text: str, project: Project) -> FieldDef:
    """The button meant, by key or name. Raises Refused naming the nearest."""
    known = buttons(project)
    if not known:
        raise Refused("cli.button.empty", project=project.name)
    found = match_field(text, known)
    if len(found) == 1:
        return found[0]
    raise mistaken(
        "cli.button", text, [f.key for f in found], [n for f in known for n in (f.key, f.name)],
        shown=[f.key for f in known], project=project.name,
    )  # fmt: skip


def plan_press(scene: Scene, record: Record, button: FieldDef) -> Step:
    """The record with the button pressed; one that is pressed already stays as it is. Raises
    Refused, EditRefused."""
    data = scene.data(record)
    pressed = bool(record.values.get(button.key))
    out = data if pressed else apply_changes(data, {button.key: Plain("press")})
    return Step(record.path, data, record.path, out, record, record)


def is_waited_for(button: FieldDef, record: Record, config: Config) -> bool:
    """Whether some rule that is on does something when it is pressed."""
    return any(
        isinstance(trigger, Pressed) and button.key in trigger.field
        for rule in config.rules.get(record.project, ())
        if rule.enabled
        for trigger in rule.when
    )
