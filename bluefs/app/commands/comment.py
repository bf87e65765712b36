"""The plan of ``comment``: one more comment in a record's body."""

from __future__ import annotations

from bluefs.app.commands.assign import Draft, reread
from bluefs.app.commands.plan import Scene, Step
from bluefs.core.edit import append_comment
from bluefs.core.errors import Refused
from bluefs.core.model import Record
from bluefs.core.words import say


def plan_comment(scene: Scene, record: Record, author: str, text: str) -> Step:
    """``### author · date time`` and the text, under the heading the body has for comments, else
    under one in the project's language. A locked list takes comments. Raises Refused,
    EditRefused."""
    if not text.strip():
        raise Refused("writing.comment.empty")
    data = scene.data(record)
    language = scene.project(record).language or scene.snapshot.config.workspace.language
    heading = say("writing.comment.heading", language=language)
    stamp = scene.now.strftime("%Y-%m-%d %H:%M")
    out = append_comment(data, author, stamp, text, heading)
    draft = reread(Draft(record.path, out, record), scene)
    return Step(record.path, data, record.path, out, record, draft.record)
