"""bluefs.yaml -> Workspace.

Keys of later parts (webhooks, http, what a person wants to be notified of) are accepted and
not read here. A value that cannot be read leaves the default in force.
"""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.codes import config as codes
from bluefs.core.config.reader import Reader, did_you_mean, listing
from bluefs.core.matching import fold
from bluefs.core.model import RESERVED_HANDLES, Person, Workspace
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.rules.addresses import parse_address
from bluefs.core.words import say

FORMAT = 1
#: Names that a stranger is held against: with all of them it would take quadratic time.
_COMPARED = 300
KEYS = (
    "bluefs", "name", "timezone", "language", "day_start", "people", "groups", "sync", "quiet",
    "runner", "mail", "http", "ignore", "webhooks",
)  # fmt: skip
PERSON_KEYS = ("name", "email", "notify")
MAIL_KEYS = ("from", "per_hour")
SYNC = ("manual", "commit", "auto")

_HANDLE = pattern(r"[^\W_](?:[\w-]*)\Z")
_LANGUAGE = pattern(r"[a-z]{2,3}(?:[_-][A-Z][a-z]{3})?(?:[_-][A-Z]{2})?\Z")
_DAY_TIME = pattern(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")


def parse_workspace(reader: Reader, node: Node | None) -> Workspace:
    """The settings of the workspace; what is absent or wrong has its default."""
    top = reader.read_map(node, "bluefs.yaml")
    if top is None:
        return Workspace()
    reader.check_keys(top, KEYS, "bluefs.yaml")
    default = Workspace()
    people = _people(reader, top.get("people"))
    sender, per_hour = _mail(reader, top.get("mail"))
    quiet = reader.read_number(top.get("quiet"), "quiet")
    sync = reader.read_choice(top.get("sync"), "sync", SYNC)
    return Workspace(
        name=reader.read_line(top.get("name"), "name") or "",
        format=FORMAT,
        timezone=read_zone(reader, top.get("timezone")) or default.timezone,
        language=read_language(reader, top.get("language")) or default.language,
        day_start=read_day_time(reader, top.get("day_start"), "day_start") or default.day_start,
        people=people,
        groups=_groups(reader, top.get("groups"), people),
        sync=sync if sync in ("manual", "commit", "auto") else default.sync,  # type: ignore[arg-type]
        quiet=default.quiet if quiet is None else quiet,
        runner=reader.read_line(top.get("runner"), "runner") or default.runner,
        mail_from=sender,
        mail_per_hour=default.mail_per_hour if per_hour is None else int(per_hour),
        ignore=tuple(item.text for item in reader.read_texts(top.get("ignore"), "ignore")),
    )


def newer_format(reader: Reader, node: Node | None) -> int | None:
    """The format number if this version does not know it: then nothing else is read."""
    found = node.get("bluefs") if isinstance(node, Map) else None
    number = reader.read_number(found, "bluefs", least=1, whole=True)
    if number is None or found is None or number <= FORMAT:
        return None
    newer = int(number)
    reader.report(
        codes.TOO_NEW,
        found,
        say("config.too_new", number=newer, known=FORMAT),
        say("config.too_new.remedy"),
    )
    return newer


def read_zone(reader: Reader, node: Node | None) -> str | None:
    """The name of a time zone of the IANA database."""
    name = reader.read_text(node, "timezone")
    if name is None or node is None or _is_zone(name):
        return name
    from zoneinfo import available_timezones

    hint = did_you_mean(name, sorted(available_timezones())) or say("config.zone.remedy")
    reader.lost = True
    reader.report(codes.ZONE, node, say("config.zone", value=name[:60]), hint)
    return None


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name; "Europe" is a folder
        return False
    return True


def read_language(reader: Reader, node: Node | None) -> str | None:
    """A language code of the form ``en`` or ``pt_BR`` (``-`` is read as ``_``)."""
    code = reader.read_text(node, "language")
    if code is None or node is None:
        return None
    if _LANGUAGE.match(code):
        return code.replace("-", "_")
    reader.report(
        codes.ZONE, node, say("config.language", value=code[:60]), say("config.language.remedy")
    )
    return None


def read_day_time(reader: Reader, node: Node | None, what: str) -> str | None:
    """A time of day, ``HH:MM``."""
    text = reader.read_text(node, what)
    if text is None or node is None or _DAY_TIME.match(text):
        return text
    reader.report(codes.VALUE, node, say("config.day_time", what=what, value=text[:60]))
    return None


def _people(reader: Reader, node: Node | None) -> dict[str, Person]:
    people: dict[str, Person] = {}
    addresses: dict[str, str] = {}
    taken: dict[str, str] = {}
    for key, value in reader.entries(node, "people"):
        if not _check_handle(reader, key, taken):
            continue
        person = _person(reader, key.text, value)
        people[key.text] = person
        for address in person.emails:
            other = addresses.setdefault(address.casefold(), key.text)
            if other != key.text:
                message = say("config.same_address", address=address, one=other, two=key.text)
                place = _scalar_of(value, address) or value
                reader.report(codes.SAME_NAME, place, message, severity="warning")
    return people


def _scalar_of(entry: Node, address: str) -> Scalar | None:
    """The address of a person that gave this one."""
    found = entry.get("email") if isinstance(entry, Map) else None
    items = found.items if isinstance(found, Seq) else (found,)
    scalars = (item for item in items if isinstance(item, Scalar))
    return next((one for one in scalars if address in one.text), None)


def is_handle(text: str) -> bool:
    """Whether this can be a person's or a group's."""
    return text not in RESERVED_HANDLES and _HANDLE.match(text) is not None


def _check_handle(reader: Reader, key: Scalar, taken: dict[str, str]) -> bool:
    """``taken`` are the handles so far by their folded form."""
    handle = key.text
    if not is_handle(handle):
        reader.lost = True
        word = "reserved" if handle in RESERVED_HANDLES else "letters"
        reader.report(codes.HANDLE, key, say(f"config.handle.{word}", handle=handle[:60]))
        return False
    other = taken.get(fold(handle))
    if other is not None:
        reader.report(codes.SAME_NAME, key, say("config.same", name=handle, other=other))
        return False
    taken[fold(handle)] = handle
    return True


def _person(reader: Reader, handle: str, node: Node) -> Person:
    entry = reader.read_map(node, say("config.person", handle=handle))
    if entry is None:
        return Person(handle, handle)
    reader.check_keys(entry, PERSON_KEYS, say("config.person", handle=handle))
    emails: list[str] = []
    for item in reader.read_texts(entry.get("email"), "email"):
        address = parse_address(item.text)
        if address is None or address.name:
            reader.report(codes.ADDRESS, item, say("config.address", value=item.text[:60]))
        else:
            emails.append(address.spec)
    return Person(handle, reader.read_line(entry.get("name"), "name") or handle, tuple(emails))


def _groups(
    reader: Reader, node: Node | None, people: Mapping[str, Person]
) -> dict[str, tuple[str, ...]]:
    """Groups by name; members are handles, groups inside groups already replaced by theirs."""
    raw: dict[str, tuple[Scalar, ...]] = {}
    taken = {fold(handle): handle for handle in people}
    for key, value in reader.entries(node, "groups"):
        if _check_handle(reader, key, taken):
            raw[key.text] = reader.read_texts(value, say("config.group", name=key.text))
    names = [*people, *raw]
    for members in raw.values():
        for member in members:
            if member.text not in people and member.text not in raw:
                _unknown_member(reader, member, names[:_COMPARED])
    return {name: _members(name, raw, people) for name in raw}


def _unknown_member(reader: Reader, member: Scalar, known: list[str]) -> None:
    if reader.passes():
        return
    hint = did_you_mean(member.text, known) or say("config.people_are", words=listing(known))
    reader.report(codes.PERSON, member, say("config.no_person", name=member.text[:60]), hint)


def _members(
    name: str, raw: Mapping[str, tuple[Scalar, ...]], people: Mapping[str, Person]
) -> tuple[str, ...]:
    """A stack and not recursion: groups may hold each other, and a thousand deep."""
    found: dict[str, None] = {}
    seen = {name}
    todo = [member.text for member in reversed(raw[name])]
    while todo:
        member = todo.pop()
        if member in people:
            found[member] = None
        elif member in raw and member not in seen:
            seen.add(member)
            todo.extend(inner.text for inner in reversed(raw[member]))
    return tuple(found)


def _mail(reader: Reader, node: Node | None) -> tuple[str | None, float | None]:
    mail = reader.read_map(node, "mail")
    if mail is None:
        return None, None
    reader.check_keys(mail, MAIL_KEYS, "mail")
    per_hour = reader.read_number(mail.get("per_hour"), "per_hour", whole=True)
    sender = mail.get("from")
    text = reader.read_text(sender, "from")
    if text is None or sender is None:
        return None, per_hour
    address = parse_address(text)
    if address is None:
        reader.report(codes.ADDRESS, sender, say("config.address", value=text[:60]))
        return None, per_hour
    return address.render(), per_hour
