"""project.yaml -> Project. Fields are read in ``fields``, views in ``views``, roles in ``roles``.

Keys of later parts (dashboards, reports, hours) are accepted and not read. What is
wrong costs only itself: a list with a bad colour is a list without one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import config as codes
from bluefs.core.config.fields import check_options, parse_fields, with_defaults
from bluefs.core.config.rates import RateFiles, with_derived
from bluefs.core.config.reader import Reader, did_you_mean, listing
from bluefs.core.config.roles import check_roles, parse_roles
from bluefs.core.config.views import check_views, parse_views
from bluefs.core.config.workspace import read_language
from bluefs.core.fields.base import Setting
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import replace
from bluefs.core.layout import check_name
from bluefs.core.matching import fold, nfc
from bluefs.core.model import Config, ListDef, Project
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.words import say

KEYS = (
    "name", "lists", "tags", "strict", "fields", "roles", "views", "dashboards", "reports",
    "hours", "language",
)  # fmt: skip
LIST_KEYS = ("name", "color", "done", "locked")


def parse_project(reader: Reader, node: Node | None, key: str, queries: bool = True) -> Project:
    """The project of the folder ``key``; defaults of fields and views are read by
    ``complete_project``, which needs the workspace. ``queries`` False: filters of views are
    not read as queries."""
    bare = Project(key, key.rpartition("/")[2])
    top = reader.read_map(node, "project.yaml")
    if top is None:
        return bare
    reader.check_keys(top, KEYS, "project.yaml")
    return replace(
        bare,
        name=reader.read_line(top.get("name"), "name") or bare.name,
        lists=_lists(reader, top.get("lists")),
        tags=_tags(reader, top.get("tags")),
        fields=parse_fields(reader, top.get("fields")),
        strict=reader.read_flag(top.get("strict"), "strict") or False,
        language=read_language(reader, top.get("language")),
        views=parse_views(reader, top.get("views"), queries),
        roles=parse_roles(reader, top.get("roles")),
    )


def complete_project(
    reader: Reader,
    node: Node | None,
    project: Project,
    config: Config,
    folders: frozenset[str] = frozenset(),
    judge: bool = True,
    lost: frozenset[str] = frozenset(),
    rates: RateFiles | None = None,
) -> Project:
    """The project with what only the whole configuration can give it: the defaults of its
    fields, and what those that are worked out rest on. Names in fields and views are checked
    where they can be judged. ``folders`` are lists beyond the declared, ``lost`` the projects
    whose settings could not be read whole."""
    top = node if isinstance(node, Map) else Map(())
    fields = top.get("fields")
    setting = Setting(config, project, lost=lost)
    done = replace(project, fields=with_defaults(reader, fields, project.fields, setting))
    done = with_derived(done, rates or RateFiles({}, {}))
    if not judge:
        return done
    _check_required_in(reader, fields, done, folders)
    check_options(reader, fields, done, replace(setting, project=done), folders)
    whole = replace(config, projects={**config.projects, project.key: done})
    check_views(reader, top.get("views"), done, whole)
    check_roles(reader, top.get("roles"), done, config, folders)
    return done


def _lists(reader: Reader, node: Node | None) -> dict[str, ListDef]:
    found: dict[str, ListDef] = {}
    folded: dict[str, str] = {}
    if isinstance(node, Seq):
        reader.report(codes.SHAPE, node, say("config.lists_map"), say("config.lists_map.hint"))
    for key, value in reader.read_names(node, "lists"):
        fault = check_name(key.text)
        if fault is not None:
            reader.lost = True
            reader.report(codes.LIST_NAME, key, say(fault.key, language="en", **fault.fields))
            continue
        other = folded.setdefault(fold(key.text), key.text)
        if other in found:
            reader.report(codes.SAME_NAME, key, say("config.same", name=key.text, other=other))
            continue
        found[key.text] = _list(reader, key, value)
    return found


def _list(reader: Reader, key: Scalar, node: Node) -> ListDef:
    entry = reader.read_map(node, say("config.list", name=key.text))
    if entry is None:
        return ListDef(key.text, key.text)
    reader.check_keys(entry, LIST_KEYS, say("config.list", name=key.text))
    return ListDef(
        key.text,
        reader.read_line(entry.get("name"), "name") or key.text,
        reader.read_color(entry.get("color")),
        reader.read_flag(entry.get("done"), "done") or False,
        reader.read_flag(entry.get("locked"), "locked") or False,
    )


def _tags(reader: Reader, node: Node | None) -> dict[str, str | None]:
    """Tags with their colours: a map, or a list of names."""
    found: dict[str, str | None] = {}
    folded: dict[str, str] = {}
    for key, value in reader.read_names(node, "tags"):
        other = folded.setdefault(fold_tag(key.text), key.text)
        if not fold_tag(key.text):
            reader.report(codes.VALUE, key, say("config.tag_empty"))
        elif other != key.text or key.text in found:
            reader.report(codes.SAME_NAME, key, say("config.same", name=key.text, other=other))
        else:
            found[key.text] = reader.read_color(value)
    return found


def _check_required_in(
    reader: Reader, node: Node | None, project: Project, folders: frozenset[str]
) -> None:
    known = {**project.lists, **dict.fromkeys(sorted(folders))}
    for _, value in node.entries if isinstance(node, Map) else ():
        lists = value.get("required_in") if isinstance(value, Map) else None
        for one in _scalars(lists):
            if nfc(one.text) not in known:
                unknown_list(reader, one, known, project)


def unknown_list(
    reader: Reader, node: Scalar, known: Mapping[str, object], project: Project
) -> None:
    """The Problem of a list that is neither declared nor a folder."""
    if reader.passes():
        return
    hint = did_you_mean(node.text, known) or say("config.lists_are", words=listing(known))
    reader.report(
        codes.NO_LIST,
        node,
        say("config.no_list", name=node.text[:60]),
        hint if known else say("config.no_lists"),
        severity="error" if project.strict else None,
    )


def _scalars(node: Node | None) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Seq) else (node,)
    return tuple(item for item in items if isinstance(item, Scalar) and not item.is_null)
