"""The ``roles:`` of a project.yaml: who may change what (docs/roles.md).

Five names are built in and take members alone. Every other name is a role of one's own, a map.
What one may *view* is not said here: whoever has the repository has all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bluefs.core.codes import config as codes
from bluefs.core.config.reader import Reader, did_you_mean, listing
from bluefs.core.fields.tags import fold_tag
from bluefs.core.model import BUILTIN_KEYS, Config, Project, Role, RoleKind
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Code
from bluefs.core.words import say

#: The names that are built in, from all to nothing.
BUILT_IN: tuple[RoleKind, ...] = ("admin", "member", "client", "comment-only", "view-only")
KEYS = ("members", "lists", "tags", "fields", "only_assigned")
#: What may stand under ``fields`` besides the keys of records: parts of its text, its place,
#: what is attached, and all the rest.
PARTS = ("description", "checklist", "comments", "list", "attachments")
REST = "*"
EVERYONE = "everyone"
_EDIT, _VIEW = "edit", "view"


def parse_roles(reader: Reader, node: Node | None) -> dict[str, Role]:
    found: dict[str, Role] = {}
    folded: dict[str, str] = {}
    if node is None:
        return found
    for key, value in reader.entries(node, "roles"):
        other = folded.setdefault(fold_tag(key.text), key.text)
        if other in found:
            reader.report(codes.SAME_NAME, key, say("config.same", name=key.text, other=other))
        else:
            found[key.text] = _role(reader, key, value)
    return found


def _role(reader: Reader, key: Scalar, node: Node) -> Role:
    what = say("config.role", name=key.text)
    kind = next((one for one in BUILT_IN if fold_tag(one) == fold_tag(key.text)), None)
    if not isinstance(node, Map) and (kind is not None or not isinstance(node, Scalar)):
        if kind is None:
            reader.report(codes.SHAPE, node, say("config.role_own", name=key.text),
                          say("config.role_own.hint"))  # fmt: skip
        return Role(key.text, kind or "view-only", _texts(reader, node, what) or ())
    entry = reader.read_map(node, what)
    if entry is None:
        return Role(key.text, kind or "view-only")
    reader.check_keys(entry, KEYS if kind is None else KEYS[:1], what)
    members = _texts(reader, entry.get("members"), "members") or ()
    if kind is not None:
        return Role(key.text, kind, members)
    fields, others = _fields(reader, entry.get("fields"))
    return Role(
        key.text, "custom", members,
        _texts(reader, entry.get("lists"), "lists"), _texts(reader, entry.get("tags"), "tags"),
        fields, others,
        reader.read_flag(entry.get("only_assigned"), "only_assigned") or False,
    )  # fmt: skip


def _texts(reader: Reader, node: Node | None, what: str) -> tuple[str, ...] | None:
    """None where nothing is said: an empty list is none at all."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return None
    return tuple(item.text for item in reader.read_texts(node, what))


def _fields(reader: Reader, node: Node | None) -> tuple[Mapping[str, bool], bool]:
    """(key -> whether it may be changed, whether the others may): a list names those that may,
    and no others."""
    if isinstance(node, Map):
        found = {}
        for key, value in reader.entries(node, "fields"):
            found[key.text] = _may(reader, key, value)
        return {k: v for k, v in found.items() if k != REST}, found.get(REST, True)
    named = _texts(reader, node, "fields")
    return dict.fromkeys(named or (), True), named is None


def _may(reader: Reader, key: Scalar, node: Node) -> bool:
    """Whether a key may be changed. Hiding one is refused: it could not be kept."""
    word = reader.read_text(node, key.text)
    if word not in (None, _EDIT, _VIEW):
        message = say("config.choice", what=key.text, value=(word or "")[:60])
        reader.report(codes.VALUE, node, message, say("config.role_rights"))
    return word == _EDIT


def check_roles(
    reader: Reader, node: Node | None, project: Project, config: Config, folders: frozenset[str]
) -> None:
    """Report people, lists, tags and keys in roles that do not exist."""
    people = {*config.workspace.people, *config.workspace.groups, EVERYONE}
    lists = {*project.lists, *folders}
    tags = {fold_tag(tag) for tag in project.tags}
    keys = {*BUILTIN_KEYS, *PARTS, *project.fields, REST}
    for _, role in node.entries if isinstance(node, Map) else ():
        option = role.get if isinstance(role, Map) else lambda _: None
        members = option("members") if isinstance(role, Map) else role
        for item in _scalars(members):
            if item.text.removeprefix("@") not in people:
                _unknown(reader, codes.PERSON, item, "person", people)
        for item in _scalars(option("lists")):
            if item.text not in lists:
                _unknown(reader, codes.NO_LIST, item, "list", lists, project.strict)
        for item in _scalars(option("tags")):
            if project.strict and fold_tag(item.text) not in tags:
                _unknown(reader, codes.NO_TAG, item, "tag", project.tags, project.strict)
        for item in _named(option("fields")):
            if item.text not in keys:
                _unknown(reader, codes.NO_FIELD, item, "field", keys)


def _unknown(
    reader: Reader, code: Code, node: Scalar, kind: str, known: Iterable[str], strict: bool = False
) -> None:
    if reader.passes():
        return
    words = sorted(known)
    hint = did_you_mean(node.text, words) or say("config.role_has", words=listing(words))
    message = say(f"config.role_no_{kind}", name=node.text[:60])
    reader.report(code, node, message, hint, severity="error" if strict else None)


def _scalars(node: Node | None) -> Iterator[Scalar]:
    items = node.items if isinstance(node, Seq) else (node,)
    for item in items:
        if isinstance(item, Scalar) and not item.is_null:
            yield item


def _named(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Map):
        yield from (key for key, _ in node.entries)
    else:
        yield from _scalars(node)
