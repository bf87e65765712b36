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
from bluefs.core.frozen import dataclass
from bluefs.core.matching import match_field
from bluefs.core.model import FieldDef, Project, Record
from bluefs.core.nodes import Plain
from bluefs.core.settle import settle


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


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The rules that will act, the first first; ``barred`` are those whose condition does not
    hold. Nothing in either: no rule waits for the button."""

    rules: tuple[str, ...]
    barred: tuple[str, ...]


def foreseen(scene: Scene, record: Record, button: FieldDef) -> Foreseen:
    """What will come of the press, as things are now: the engine has the last word."""
    pressed = record.with_values({button.key: True})
    config = scene.snapshot.config
    context = scene.snapshot.context(scene.now, scene.me)
    settled = settle(
        record, pressed, config.rules.get(record.project, ()), context, scene.project(record)
    )
    fired = dict.fromkeys(f.rule.name for f in settled.firings if f.outcome == "fired")
    barred = (
        f.rule.name for f in settled.firings if f.outcome == "condition" and not f.event.chain
    )
    return Foreseen(tuple(fired), tuple(dict.fromkeys(barred)))
