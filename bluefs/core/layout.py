"""Where things stand: which path is a record, which name a file may have.

The layout is a law of depth, so no folder name is reserved: a record is a ``*.md`` directly
in a list, a list is a direct subfolder of a project, a project is a folder of the
configuration. Folders and files whose name starts with ``.`` or ``_`` are never data; of
these only ``_templates`` and ``_files`` directly in a project mean something (docs/format.md,
"Shape law"). Neither is what ``ignore:`` of bluefs.yaml names (``core.ignore``).

This module owns paths and names as text. It refuses to look at a disk, and it never says
whether a file exists. Paths are workspace-relative with ``/``, as they stand on disk; list
keys are NFC, because macOS may hand out a decomposed form of the very name that
project.yaml holds. How people's spellings of names are forgiven is ``core.matching``, offered
here too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bluefs.core.frozen import dataclass, field
from bluefs.core.hints import Literal
from bluefs.core.ignore import is_ignored
from bluefs.core.matching import (
    fold,
    match_key,
    match_list,
    match_person,
    match_project,
    match_tag,
    nearest,
    nfc,
)
from bluefs.core.model import EMPTY, Config
from bluefs.core.patterns import pattern

__all__ = [
    "NAME_BYTES",
    "NameFault",
    "Place",
    "PlaceKind",
    "check_name",
    "collisions",
    "file_name",
    "fold",
    "is_markdown",
    "match_key",
    "match_list",
    "match_person",
    "match_project",
    "match_tag",
    "nearest",
    "nfc",
    "place",
    "stem",
]

PlaceKind = Literal[
    "record", "document", "workspace", "project", "automations", "template", "attachment",
    "rates", "keep", "too_deep", "outside", "hidden",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What a path is, by its position alone.

    ``project`` is the key of the project that holds it, also for what means nothing there
    (kind ``outside``); ``list`` the NFC name of the list folder, for records and ``keep``.
    """

    kind: PlaceKind
    project: str | None = None
    list: str | None = None


HIDDEN = Place("hidden")
#: How the name of a file of exchange rates ends: a path alone must tell that it is a setting.
RATES = "rates.csv"


def place(path: str, config: Config) -> Place:
    """The place of a file. Files of no meaning to bluefs (a picture beside the records, a
    ``project.yaml`` below another project) are ``outside``; only a ``*.md`` below a list is
    ``too_deep``, since somebody will miss it."""
    if path[-3:] == ".md" and not config.workspace.ignore:
        # The files of a folder are all alike, but for those that are hidden.
        folder, _, name = path.rpartition("/")
        if name[0] not in "._":
            known = _folders(config)
            found = known.get(folder)
            if found is None:
                found = known[folder] = _place(path, config)
            return found
    return _place(path, config)


#: Of the last settings asked about: folder -> the place of a record in it.
_known: tuple[Config, dict[str, Place]] | None = None
_MANY_FOLDERS = 20_000


def _folders(config: Config) -> dict[str, Place]:
    """Settings are told apart by identity: they are frozen."""
    global _known
    known = _known
    if known is None or known[0] is not config or len(known[1]) > _MANY_FOLDERS:
        known = _known = (config, {})
    return known[1]


def _place(path: str, config: Config) -> Place:
    parts = path.split("/")
    if path == "bluefs.yaml":
        return Place("workspace")
    if is_ignored(path, config.workspace.ignore):
        return HIDDEN
    project = _project_above(parts, config)
    if project is None:
        return _place_outside(parts)
    depth = len(project.split("/")) if project else 0
    if any(_is_hidden(part) for part in parts[:depth]):
        return HIDDEN
    return _place_inside(parts[depth:], project)


def _project_above(parts: list[str], config: Config) -> str | None:
    """Key of the outermost project folder above the file: a project inside a project does
    not exist."""
    if "" in config.projects:
        return ""
    above = ""
    for part in parts[:-1]:
        above = f"{above}/{part}" if above else part
        if above in config.projects:
            return above
        if not above.isascii() and nfc(above) in config.projects:
            return nfc(above)
    return None


def _place_outside(parts: list[str]) -> Place:
    if any(_is_hidden(part) for part in parts[:-1]):
        return HIDDEN
    if parts[-1] == ".gitkeep":
        return Place("keep")
    if parts[-1] == "project.yaml":  # a project the configuration has not taken up yet
        return Place("project", "/".join(parts[:-1]))
    if _is_hidden(parts[-1]):
        return HIDDEN
    return Place("rates" if len(parts) == 1 and parts[0].endswith(RATES) else "outside")


def _place_inside(parts: list[str], project: str) -> Place:
    """``parts`` start below the project's folder."""
    *folders, name = parts
    if folders and folders[0] in ("_templates", "_files"):
        return _place_special(folders, name, project)
    if any(_is_hidden(folder) for folder in folders):
        return HIDDEN
    key = nfc(folders[0]) if len(folders) == 1 else None
    if name == ".gitkeep":
        return Place("keep", project, key)
    if _is_hidden(name):
        return HIDDEN
    if not folders and name in ("project.yaml", "automations.yaml"):
        return Place("project" if name == "project.yaml" else "automations", project)
    if not is_markdown(name):
        rates = not folders and name.endswith(RATES)
        return Place("rates" if rates else "outside", project)
    if not folders:
        return Place("document", project)
    return Place("record", project, key) if key is not None else Place("too_deep", project)


def _place_special(folders: list[str], name: str, project: str) -> Place:
    """Below these a leading ``_`` is a name like any other (cameras write ``_MG_1.jpg``); a
    leading ``.`` is still a tool's droppings (``.DS_Store``)."""
    if name.startswith(".") or any(folder.startswith(".") for folder in folders):
        return HIDDEN
    if folders[0] == "_templates":
        return Place("template", project)
    return Place("attachment", project) if len(folders) > 1 else HIDDEN


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def is_markdown(name: str) -> bool:
    """Whether a file's name ends in ``.md``, in any case."""
    return name[-3:].lower() == ".md"


def stem(path: str) -> str:
    """The file's name without folders and ``.md``: a record's title where it has no
    ``title:``. NFC."""
    name = path.rpartition("/")[2]
    return nfc(name[:-3] if is_markdown(name) else name)


@dataclass(frozen=True, slots=True)
class NameFault:
    """Why a name cannot be: a key of the catalogue (``checks.name.…``) and its fields."""

    key: str
    fields: Mapping[str, object] = field(default_factory=lambda: EMPTY)


FORBIDDEN = '<>:"/\\|?*'
#: Legal in a name, but links (`[[Name#heading^block]]`) cannot say them: commands that name
#: a file leave them out.
UNLINKABLE = "#^[]"
#: Bytes of UTF-8 a command gives a name at most, so that suffix, number and temporary names
#: fit in the 255 of common file systems.
NAME_BYTES = 200
DISK_BYTES = 255
#: Windows opens a device for these, whatever the extension
#: (Microsoft, "Naming Files, Paths, and Namespaces").
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)


#: Names of letters, digits, gaps and a few marks, which nearly all are: nothing is wrong with
#: them unless a device has that name. At most 60 characters are at most 240 bytes.
_PLAIN = (
    r"(?!(?i:con|prn|aux|nul|(?:com|lpt)[\d¹²³]) *(?:[./]|$))"
    r"[^\W_](?:[\w ,()&’–-]{0,55}[\w)])?(?:\.md)?"
)
_PLAIN_NAME = pattern(_PLAIN)
_PLAIN_NAMES = pattern(rf"(?:{_PLAIN}/)*")
#: Names that are looked at together.
_TURN = 32


def in_doubt(names: Sequence[str]) -> Iterator[str]:
    """Those of the names with which surely nothing is wrong left out."""
    for some in (names[at : at + _TURN] for at in range(0, len(names), _TURN)):
        if _PLAIN_NAMES.fullmatch("".join([f"{name}/" for name in some])) is None:
            yield from some


def check_name(name: str) -> NameFault | None:
    """The first thing wrong with the name of a list folder or of a record's file (with its
    ``.md``), None if every supported file system can hold it."""
    return None if _PLAIN_NAME.fullmatch(name) is not None else _check_name(name)


def _check_name(name: str) -> NameFault | None:
    found = "".join(dict.fromkeys(c for c in name if c in FORBIDDEN))
    if not name.strip():
        return NameFault("checks.name.empty")
    if found:
        return NameFault("checks.name.characters", {"name": name, "characters": " ".join(found)})
    if any(_unprintable(c) for c in name):
        return NameFault("checks.name.control", {"name": _visible(name)})
    if _is_hidden(name):
        return NameFault("checks.name.leading", {"name": name, "character": name[0]})
    if name[-1] in ". ":
        return NameFault("checks.name.trailing", {"name": name})
    if _is_device(name):
        return NameFault("checks.name.device", {"name": name})
    if len(name.encode()) > DISK_BYTES:
        return NameFault("checks.name.long", {"name": name[:20], "bytes": len(name.encode())})
    return None


def collisions(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of different names that some file system would take for one: equal after NFC
    and case folding. Groups and names are sorted."""
    names = list(names)
    if len({*fold("/".join(names)).split("/")}) == len(names):
        return ()  # folded together, which costs a tenth
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(fold(name), set()).add(name)
    return tuple(tuple(sorted(groups[key])) for key in sorted(groups) if len(groups[key]) > 1)


def file_name(title: str, taken: Collection[str] = ()) -> tuple[str, bool]:
    """A legal file name for a title, and whether the record must keep the title under
    ``title:`` because the name no longer says it exactly.

    ``taken`` are the names in the folder (with ``.md``): a name equal to one of them after
    folding gets " 2", " 3", ... Nothing left of the title gives "Untitled".
    """
    wanted = nfc(title)
    base = _legal(wanted)
    used = {fold(name) for name in taken}
    name, number = f"{base}.md", 1
    while fold(name) in used:
        number += 1
        name = f"{base} {number}.md"
    return name, name != f"{wanted}.md"


def _legal(title: str) -> str:
    # Separators become a space, so that "and/or" stays two words; the rest just goes.
    spaced = "".join(" " if c in ":/\\|" or _unprintable(c) else c for c in title)
    kept = "".join(c for c in spaced if c not in FORBIDDEN and c not in UNLINKABLE)
    if kept != title:
        kept = " ".join(kept.split())
    kept = _cut(kept.strip().lstrip("._ ")).rstrip(". ")
    if not any(_has_ink(c) for c in kept):
        return "Untitled"
    return _not_device(kept)


def _cut(text: str) -> str:
    """At most NAME_BYTES of UTF-8, never in the middle of an accent or a joined emoji."""
    if len(text.encode()) <= NAME_BYTES:
        return text
    end = len(text.encode()[:NAME_BYTES].decode(errors="ignore"))
    whole = end
    while whole > 0 and (_joins(text[whole]) or text[whole - 1] == "\u200d"):
        whole -= 1
    return text[: whole or end]


def _joins(character: str) -> bool:
    """Combining marks, variation selectors, zero-width joiner, emoji skin tones: they
    belong to the character before them."""
    joiner = character == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"
    return joiner or unicodedata.category(character).startswith("M")


def _not_device(name: str) -> str:
    if not _is_device(f"{name}.md"):
        return name
    head, dot, rest = name.partition(".")
    return f"{head.rstrip()}_{dot}{rest}"


def _is_device(name: str) -> bool:
    return name.partition(".")[0].rstrip().lower() in DEVICES


def _unprintable(character: str) -> bool:
    """Controls, line separators, and lone surrogates (which UTF-8 cannot hold)."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _has_ink(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZM"


def _visible(name: str) -> str:
    return "".join(f"\\u{ord(c):04x}" if _unprintable(c) else c for c in name)
