"""Which record somebody means by what they typed for a field that refers to records.

Owns what may be chosen: the records of the field's project that its filter lets in. Refuses
every other one, naming the nearest.
"""

from __future__ import annotations

from collections.abc import Sequence

from bluefs.app.commands.plan import Scene
from bluefs.app.refs import candidates, listing
from bluefs.core.errors import Refused
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.faults import names
from bluefs.core.fields.reference import filter_of, target_of
from bluefs.core.linking import is_of
from bluefs.core.matching import nearest
from bluefs.core.model import FieldDef, Record
from bluefs.core.query import parse_query


def referred(text: str, field: FieldDef, scene: Scene) -> Record:
    """The record meant. Raises Refused."""
    snapshot, project = scene.snapshot, scene.snapshot.config.projects.get(target_of(field))
    if project is None:
        raise Refused("cli.refer.project", key=field.key, project=target_of(field))
    bare = bare_reference(text)
    found = candidates(snapshot, bare, scene.inside, lambda one: is_of(one, project.key))
    query, context = filter_of(field), snapshot.context(scene.now, scene.me)
    fitting = [one for one in found if query is None or query.matches(one, context)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Refused(
            "cli.ref.several", text=text, count=len(fitting), records=listing(fitting, snapshot)
        )
    where = project.name or project.key
    offered = _titles(snapshot.select(query or parse_query(""), scene.now, scene.me, project.key))
    if found:
        raise Refused(
            "cli.refer.filter", title=found[0].title, key=field.key, filter=str(query),
            names=names(offered) or "–",
        )  # fmt: skip
    other = candidates(snapshot, bare, scene.inside)
    if len(other) == 1:
        raise Refused(
            "cli.refer.other", title=other[0].title, key=field.key, project=where,
            names=names(offered) or "–",
        )  # fmt: skip
    near = nearest(bare, offered)
    key = "cli.refer.none" if near is None else "cli.refer.none.near"
    raise Refused(key, text=text, project=where, near=near, names=names(offered) or "–")


def _titles(records: Sequence[Record]) -> list[str]:
    return [one.title for one in records]
