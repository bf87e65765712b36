"""The plan of ``attach``: files copied to a record's own folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bluefs.app.commands.assign import Draft, reread
from bluefs.app.commands.bulky import Bring
from bluefs.app.commands.plan import Scene, Step
from bluefs.app.refs import everything
from bluefs.core.attachments import folder_of, names_for
from bluefs.core.codec.record import locate
from bluefs.core.edit import apply_changes
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass
from bluefs.core.layout import fold
from bluefs.core.model import Record
from bluefs.core.nodes import Map, Scalar

#: (bytes, SHA-256) of a file named by an absolute path.
Digest = Callable[[str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Attaching:
    """``step`` writes the id where the record's file has none; it changes nothing else.
    ``there`` are files whose very bytes the record has already, under a name they would get."""

    step: Step
    files: tuple[Bring, ...]
    there: tuple[Bring, ...] = ()


def plan_attach(
    scene: Scene, record: Record, sources: Sequence[str], digest: Digest,
    new_id: Callable[[], str],
) -> Attaching:  # fmt: skip
    """``sources`` are absolute paths. What is there is never overwritten, and not brought again
    where its bytes are the same. Raises Refused,
    EditRefused, Unreadable."""
    if record.list is None:
        raise Refused("writing.attach.unfiled", path=record.path)
    data = scene.data(record)
    id = written_id(data) or record.id or fresh_id(scene, new_id)
    out = apply_changes(data, {"id": id})
    folder = folder_of(record.project, id)
    start = f"{folder}/"
    held = {fold(p): p for p in scene.snapshot.paths if p.startswith(start)}
    shas: dict[str, str] = {}  # of what this plan brings
    brings, there = [], []
    for source in sources:
        size, sha = digest(source)
        for name in names_for(source.replace("\\", "/").rpartition("/")[2]):
            path = held.get(fold(start + name))
            if path is None:
                brings.append(Bring(source, start + name, size, sha))
                held[fold(start + name)] = start + name
                shas[start + name] = sha
                break
            if (shas.get(path) or digest(path)[1]) == sha:
                there.append(Bring(source, path, size, sha))
                break
    draft = reread(Draft(record.path, out, record), scene)
    step = Step(record.path, data, record.path, out if brings else data, record, draft.record)
    return Attaching(step, tuple(brings), tuple(there))


def written_id(data: bytes) -> str | None:
    """The id that stands in the file."""
    tree = locate(data)
    node = tree.get("id") if isinstance(tree, Map) else None
    return node.text if isinstance(node, Scalar) and not node.is_null else None


def fresh_id(scene: Scene, new_id: Callable[[], str]) -> str:
    """An id that no record has."""
    known = {r.id for r in (*everything(scene.snapshot), *scene.also)}
    return next(i for i in iter(new_id, None) if i not in known)
