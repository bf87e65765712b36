"""What ``set`` understands: KEY=VALUE, KEY+=MEMBER, KEY-=MEMBER and KEY=.

A value that the file says already changes no byte, whatever its spelling; members of a set are
compared by what they mean, so ``tags-=key account`` finds ``Key-Account``. An absent key adds
one line. It never writes an id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bluefs.app.commands.plan import Scene
from bluefs.app.commands.referring import referred
from bluefs.app.refs import candidates, find, key_of, people_of, tag_of
from bluefs.core.attachments import attached, folder_of
from bluefs.core.codec.record import locate, read_whole
from bluefs.core.edit import add_items, apply_changes, put_noted, remove_items
from bluefs.core.errors import Refused
from bluefs.core.fields import field_of, kind_of
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.fields.reference import target_of
from bluefs.core.fields.sets import split_members
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass, replace
from bluefs.core.hints import Literal
from bluefs.core.layout import file_name
from bluefs.core.matching import nfc
from bluefs.core.model import SET_KEYS, FieldDef, Record, Value
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.titles import title_fault
from bluefs.core.words import say

Operator = Literal["=", "+=", "-="]

_FORM = pattern(r"\s*([^\s=+\-][^=]*?)\s*(\+=|-=|=)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Edit:
    """One assignment as typed; ``value`` "" with ``=`` clears."""

    key: str
    operator: Operator
    value: str


def parse_edit(text: str) -> Edit | None:
    """The assignment in ``text``, None where there is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    key, operator, value = found.groups()
    return Edit(key, operator, value)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Draft:
    """A record's file on its way: where it goes, its bytes, what it reads as."""

    path: str
    data: bytes
    record: Record


def edited(draft: Draft, edits: Sequence[Edit], scene: Scene) -> Draft:
    """The file with every edit, in their order. Raises Refused, EditRefused."""
    for edit in edits:
        draft = _edited(draft, edit, scene)
    return draft


def reread(draft: Draft, scene: Scene) -> Draft:
    """The same bytes as they read now; an id that Git gives stays."""
    record = read_whole(draft.path, draft.data, scene.snapshot.config).record
    if record is None:
        raise Refused("cli.held", path=draft.path)
    return replace(draft, record=replace(record, id=record.id or draft.record.id))


def _edited(draft: Draft, edit: Edit, scene: Scene) -> Draft:
    record = draft.record
    if edit.key.casefold() in ("list", "id"):
        raise Refused(f"cli.key.{edit.key.casefold()}")
    key = key_of(record, edit.key, scene.project(record))
    if key == "title":
        return reread(_titled(draft, edit, scene), scene)
    if key == "id":
        raise Refused("cli.key.id")
    field = field_of(key, scene.project(record))
    if field is None:
        data = _loose(draft.data, key, edit)
    elif kind_of(field).many or key in SET_KEYS:
        data = _members(draft, field, edit, scene)
    else:
        data = _scalar(draft, field, edit, scene)
    return reread(replace(draft, data=data), scene) if data != draft.data else draft


def _titled(draft: Draft, edit: Edit, scene: Scene) -> Draft:
    """``title:`` where it stands in the file, else the file's name."""
    title = edit.value.strip()
    if edit.operator != "=":
        raise Refused("cli.edit.one", key="title")
    if not title and draft.record.title_key:
        return replace(draft, data=apply_changes(draft.data, {"title": None}))
    check_title(title)
    if title == draft.record.title:
        return draft
    if draft.record.title_key:
        return replace(draft, data=apply_changes(draft.data, {"title": title}))
    folder, _, old = draft.path.rpartition("/")
    taken = names_in(folder, scene) - {old}
    name, keep = file_name(title, taken)
    data = apply_changes(draft.data, {"title": title}) if keep else draft.data
    return replace(draft, path=f"{folder}/{name}" if folder else name, data=data)


def check_title(title: str) -> None:
    """Raises Refused for what no title can be."""
    fault = title_fault(title)
    if fault is not None:
        raise Refused(fault.key, **fault.fields)


def names_in(folder: str, scene: Scene) -> set[str]:
    """The names of the files in a folder, and of those that the same plan puts there."""
    start = f"{folder}/" if folder else ""
    paths = (*scene.snapshot.paths, *(record.path for record in scene.also))
    inside = (p[len(start) :] for p in paths if p.startswith(start))
    return {name for name in inside if "/" not in name}


def _loose(data: bytes, key: str, edit: Edit) -> bytes:
    """A key that no field declares is text, or a set of texts."""
    if edit.operator == "=":
        return apply_changes(data, {key: edit.value or None})
    items = split_members(edit.value)
    change = add_items if edit.operator == "+=" else remove_items
    return change(data, key, items)


def _scalar(draft: Draft, field: FieldDef, edit: Edit, scene: Scene) -> bytes:
    key, record = field.key, draft.record
    if edit.operator != "=":
        raise Refused("cli.edit.one", key=key)
    if kind_of(field).refers and edit.value.strip():
        return _referring(draft, field, edit.value, scene)
    setting = _setting(field, record, scene)
    value = _typed(field, edit.value, setting)
    if value is None:
        return apply_changes(draft.data, {key: None})
    if key not in record.bad and record.values.get(key) == value:
        return draft.data
    return apply_changes(draft.data, {key: kind_of(field).render(field, value, setting)})


def _referring(draft: Draft, field: FieldDef, text: str, scene: Scene) -> bytes:
    """The id of the record meant, with its title as a comment."""
    meant, now = referred(text, field, scene), draft.record.values.get(field.key)
    was = scene.snapshot.refer(now, target_of(field)) if isinstance(now, str) else None
    if field.key not in draft.record.bad and now == meant.name:
        return draft.data
    old = was.title if was is not None else None
    return put_noted(draft.data, field.key, meant.name, meant.title, old)


def _setting(field: FieldDef, record: Record, scene: Scene) -> Setting:
    """Where a value is typed; with the names of the record's attachments for a field of them."""
    config, project = scene.snapshot.config, scene.project(record)
    if not kind_of(field).attached:
        return Setting(config, project, scene.now)
    start = f"{folder_of(record.project, record.id)}/" if record.id is not None else ""
    paths = attached(record, scene.snapshot.paths, config)
    return Setting(config, project, scene.now, tuple(nfc(p.removeprefix(start)) for p in paths))


def _typed(field: FieldDef, text: str, setting: Setting) -> Value:
    if not text.strip():
        return None
    value = kind_of(field).typed(field, text, setting)
    if isinstance(value, Fault):
        raise refused(field.key, value)
    return value


def refused(key: str, fault: Fault) -> Refused:
    """What a kind has against a value, as an error that names the key (as a word: ``num`` is not
    named by *number*)."""
    message = fault.message
    if not re.search(rf"(?<!\w){re.escape(key)}(?!\w)", message):
        message = say("cli.value.about", key=key, message=message)
    hint = fault.hint or (f"→ {fault.mend}" if fault.mend else None)
    if hint is None:
        return Refused("cli.value.bare", message=message)
    return Refused("cli.value", message=message, hint=hint)


def _members(draft: Draft, field: FieldDef, edit: Edit, scene: Scene) -> bytes:
    """The set with members put in, taken out, or as a whole."""
    key, record = field.key, draft.record
    names = _typed_members(field, edit.value, record, scene)
    if key in record.bad:
        if edit.operator != "=":
            raise Refused("cli.edit.unreadable", key=key, path=draft.path)
        return apply_changes(draft.data, {key: tuple(names) or None})
    held = [(raw, _meaning(field, raw, scene, record)) for raw in _raw(draft.data, key)]
    now = {_same(key, one) for _, meant in held for one in meant}
    typed = {_same(key, one) for one in names}
    wanted = {"=": typed, "+=": now | typed, "-=": now - typed}[edit.operator]
    if wanted == now:
        return draft.data
    drop = [raw for raw, meant in held if not {_same(key, m) for m in meant} <= wanted]
    kept = {_same(key, m) for raw, meant in held if raw not in drop for m in meant}
    order = [m for _, meant in held for m in meant] + names
    add = {_same(key, m): m for m in reversed(order) if _same(key, m) in wanted - kept}
    items = [m for m in dict.fromkeys(order) if m in add.values()]
    named = key == "blocked_by" or kind_of(field).refers
    comments = _titles(items, scene) if named else None
    if edit.operator != "=":
        # Added first: a set that is empty for a moment would lose its layout.
        return remove_items(add_items(draft.data, key, items, comments), key, drop)
    if not kept and items and not comments:
        return apply_changes(draft.data, {key: tuple(items)})
    return remove_items(add_items(draft.data, key, items, comments), key, drop)


def _same(key: str, member: str) -> str:
    return fold_tag(member) if key == "tags" else member


def _typed_members(field: FieldDef, text: str, record: Record, scene: Scene) -> list[str]:
    """What was typed, each once, as the file is to say it."""
    config, project = scene.snapshot.config, scene.project(record)
    found: list[str] = []
    if field.key == "blocked_by":
        found = [_blocker(one, scene) for one in split_members(text)]
    elif kind_of(field).refers:
        found = [referred(one, field, scene).name for one in split_members(text)]
    elif field.key == "assignees":
        for one in split_members(text):
            found += people_of(one, config, scene.me, record.tuple_of("assignees"))
    elif field.key == "tags":
        found = [tag_of(one, project, record.tuple_of("tags")) for one in split_members(text)]
    else:
        value = _typed(field, text, _setting(field, record, scene))
        found = list(value) if isinstance(value, tuple) else [] if value is None else [str(value)]
    return list(dict.fromkeys(found))


def _blocker(text: str, scene: Scene) -> str:
    record = find(scene.snapshot, bare_reference(text), scene.inside)
    return record.id or record.path


def _meaning(field: FieldDef, raw: str, scene: Scene, record: Record) -> tuple[str, ...]:
    """What one member of the file stands for (a group: its people)."""
    if field.key == "blocked_by":
        meant = candidates(scene.snapshot, bare_reference(raw))
        return (meant[0].id or raw,) if len(meant) == 1 else (raw,)
    if kind_of(field).refers:
        other = scene.snapshot.refer(raw, target_of(field))
        return (raw if other is None else other.name,)
    setting = Setting(scene.snapshot.config, scene.project(record), scene.now)
    value = kind_of(field).parse(field, Seq((Scalar(raw, plain=False),)), setting)
    return value if isinstance(value, tuple) else (raw,)


def _raw(data: bytes, key: str) -> list[str]:
    """The members as they stand in the file."""
    tree = locate(data)
    node = tree.get(key) if isinstance(tree, Map) else None
    return _texts(node) if node is not None else []


def _texts(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return [] if node.is_null else [node.text]
    if not isinstance(node, Seq):
        return []
    return [text for item in node.items for text in (_text(item),) if text is not None]


def _text(item: Node) -> str | None:
    if isinstance(item, Scalar):
        return None if item.is_null else item.text
    inner = item.items[0] if isinstance(item, Seq) and len(item.items) == 1 else None
    if isinstance(inner, Scalar):  # ``[[Name]]`` without quotes
        return f"[[{inner.text}]]"
    return None


def _titles(names: Sequence[str], scene: Scene) -> dict[str, str]:
    """id -> title: the comment behind a blocker."""
    by_id = ((name, scene.snapshot.by_id(name)) for name in names)
    return {name: record.title for name, record in by_id if record is not None}
