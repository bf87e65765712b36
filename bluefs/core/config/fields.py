"""``fields:`` of project.yaml -> FieldDefs. The general options are read here, a kind's own by
the kind (``bluefs.core.fields``).

A field whose kind nobody can read is kept as ``unknown``: its values are text, and records
that hold them are not to blame.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping

from bluefs.core.codes import config as codes
from bluefs.core.config.reader import Reader, did_you_mean, listing, slip_fix
from bluefs.core.fields.base import Fault, Kind, Setting
from bluefs.core.frozen import replace
from bluefs.core.matching import fold, nfc
from bluefs.core.model import (
    BUILTIN_KEYS,
    FOREIGN_KEYS,
    RESERVED_KEYS,
    Config,
    FieldDef,
    Project,
)
from bluefs.core.nodes import Map, Node, Scalar
from bluefs.core.problems import Fix
from bluefs.core.words import say

GENERAL = ("type", "name", "description", "required", "required_in", "default")
#: Those of them that mean something only where somebody sets the value.
_OF_SET_VALUES = frozenset({"required", "required_in", "default"})
UNKNOWN = "unknown"


def parse_fields(reader: Reader, node: Node | None) -> dict[str, FieldDef]:
    """The fields of a project, in file order; defaults still to be read."""
    found: dict[str, FieldDef] = {}
    taken: dict[str, str] = {}
    for key, value in reader.entries(node, "fields"):
        if _check_key(reader, key, taken):
            found[key.text] = _field(reader, key, value)
    return found


def with_defaults(
    reader: Reader, node: Node | None, fields: Mapping[str, FieldDef], setting: Setting
) -> dict[str, FieldDef]:
    """The fields with their ``default:`` read by their kinds, which need the project."""
    from bluefs.core.fields import kind_of

    done = dict(fields)
    entries = node.entries if isinstance(node, Map) else ()
    for key, value in entries:
        field = fields.get(nfc(key.text))
        if reader.passes():
            break
        default = value.get("default") if isinstance(value, Map) else None
        if field is None or default is None or field.kind == UNKNOWN:
            continue
        kind = kind_of(field)
        if (isinstance(default, Scalar) and default.is_null) or not kind.settable:
            continue
        read = kind.parse(field, default, setting)
        if isinstance(read, Fault):
            report_fault(reader, read, key)
        else:
            done[field.key] = replace(field, default=read)
    return done


def check_options(
    reader: Reader, node: Node | None, project: Project, setting: Setting, folders: Collection[str]
) -> None:
    """Report what the options of fields name and the project does not have."""
    from bluefs.core.fields import kind_of

    lists = tuple(dict.fromkeys([*project.lists, *sorted(folders)]))
    for key, value in node.entries if isinstance(node, Map) else ():
        if reader.passes():
            break
        field = project.fields.get(nfc(key.text))
        if field is None or not isinstance(value, Map):
            continue
        own = {nfc(k.text): v for k, v in value.entries}
        for fault in kind_of(field).judge(field, own, setting, lists):
            report_fault(reader, fault, key)
        for option, asked in kind_of(field).queries(field, setting).items():
            _check_query(reader, own.get(option), asked, setting.config)


def _check_query(reader: Reader, node: Node | None, asked: Project, config: Config) -> None:
    from bluefs.core.config.views import check_filter, parse_filter

    query = parse_filter(reader, node)
    if query is not None and isinstance(node, Scalar):
        check_filter(reader, node, query, asked, config)


def is_field_key(text: str) -> bool:
    """Letters of any script with their marks, digits, ``_``."""
    return text != "" and all(
        c == "_" or unicodedata.category(c)[0] in "LM" or c.isdecimal() for c in text
    )


def _check_key(reader: Reader, key: Scalar, taken: dict[str, str]) -> bool:
    """``taken`` are the keys so far by their folded form."""
    text = key.text
    word = None
    if not is_field_key(text):
        word = "letters"
    elif text in FOREIGN_KEYS and text not in BUILTIN_KEYS:
        word = "foreign"
    elif text in RESERVED_KEYS:
        word = "reserved"
    if word is not None:
        reader.lost = True
        hint = say(f"config.field_key.{word}.hint", key=text[:60])
        reader.report(codes.FIELD_KEY, key, say(f"config.field_key.{word}", key=text[:60]), hint)
        return False
    other = taken.get(fold(text))
    if other is not None:
        reader.report(codes.SAME_NAME, key, say("config.same", name=text, other=other))
        return False
    taken[fold(text)] = text
    return True


def _field(reader: Reader, key: Scalar, node: Node) -> FieldDef:
    plain = FieldDef(key.text, UNKNOWN, _screen_name(key.text), line=key.line)
    if isinstance(node, Scalar) and not node.is_null:
        return _with_kind(reader, plain, node, {})
    entry = reader.read_map(node, say("config.field", key=key.text))
    if entry is None:
        return plain
    kind = entry.get("type")
    plain = _with_general(reader, plain, entry)
    if not isinstance(kind, Scalar) or kind.is_null:
        message = say("config.no_kind", key=key.text)
        hint = say("config.kinds_are", words=listing(all_kinds()))
        reader.report(codes.KIND, kind if kind is not None else key, message, hint)
        return plain
    own = {nfc(k.text): v for k, v in entry.entries if nfc(k.text) not in GENERAL}
    names = {nfc(k.text): k for k, _ in entry.entries}
    return _with_kind(reader, plain, kind, own, names)


def _screen_name(key: str) -> str:
    """``deal_value`` is "Deal value" on the screen until it has a name."""
    spaced = key.replace("_", " ").strip() or key
    return spaced[:1].upper() + spaced[1:]


def _with_general(reader: Reader, field: FieldDef, entry: Map) -> FieldDef:
    lists = reader.read_texts(entry.get("required_in"), "required_in")
    return replace(
        field,
        name=reader.read_line(entry.get("name"), "name") or field.name,
        description=reader.read_text(entry.get("description"), "description"),
        required=reader.read_flag(entry.get("required"), "required") or False,
        required_in=tuple(one.text for one in lists),
    )


def all_kinds() -> tuple[str, ...]:
    from bluefs.core.fields import known_kinds

    return known_kinds()


def _with_kind(
    reader: Reader,
    field: FieldDef,
    word: Scalar,
    own: Mapping[str, Node],
    names: Mapping[str, Scalar] | None = None,
) -> FieldDef:
    from bluefs.core.fields import kind_named, kind_of

    kind = nfc(word.text)
    if kind_named(kind) is None:
        if reader.passes():
            return field
        hint = did_you_mean(kind, all_kinds()) or say(
            "config.kinds_are", words=listing(all_kinds())
        )
        message = say("config.no_such_kind", kind=kind[:60])
        reader.report(codes.KIND, word, message, hint, fix=slip_fix(word, all_kinds()))
        return field
    known = replace(field, kind=kind)
    options, faults = kind_of(known).options(own)
    for fault in faults:
        report_fault(reader, fault, word)
    known = replace(known, options=options)
    _check_options(reader, kind_of(known), own, names or {})
    if kind_of(known).pending:
        message = say("config.not_computed", kind=kind)
        reader.report(codes.KIND_LATER, word, message, severity="info")
    return known


def _check_options(
    reader: Reader, kind: Kind, own: Mapping[str, Node], names: Mapping[str, Scalar]
) -> None:
    """Report options that the kind does not take: nobody sets what is computed, pressed or
    given, so it has no default and nobody owes it."""
    general = [one for one in GENERAL if kind.settable or one not in _OF_SET_VALUES]
    known = (*general, *kind.takes)
    for name in names:
        if name not in known:
            if reader.passes():
                return
            hint = did_you_mean(name, known) or say("config.keys_are", words=listing(known))
            message = say("config.no_option", key=name[:60], kind=kind.word)
            reader.report(codes.OPTION, names[name], message, hint)


def report_fault(reader: Reader, fault: Fault, otherwise: Node | None = None) -> None:
    """A kind's fault as a Problem, with its mending as a Fix. Where what is wrong is what is
    missing, its place is that of ``otherwise``."""
    node = fault.node if fault.node.line or otherwise is None else otherwise
    fix = None
    if fault.mend is not None and fault.node.line:
        fix = Fix(node.line, node.column, node.end_line, node.end_column, fault.mend)
    severity = fault.severity
    if fault.span is not None and isinstance(node, Scalar) and node.line:
        from bluefs.core.config.inside import span_in

        place = span_in(reader, node, *fault.span)
        reader.report_at(fault.code, *place, fault.message, fault.hint, severity=severity)
        return
    reader.report(fault.code, node, fault.message, fault.hint, fix=fix, severity=severity)
