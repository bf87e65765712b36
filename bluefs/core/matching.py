"""Forgiveness: which list, tag, person, field or project somebody meant.

Every ``match_*`` returns all candidates of the best way of reading the text that finds any:
exactly, in any case, without accents and with space, ``-`` and ``_`` alike, and at last as
the beginning of a name. One candidate is an answer, several are a question back to the
person, none is a mistake for which ``nearest`` may know the remedy. This module refuses to
choose among equals.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

from bluefs.core.hints import TypeVar
from bluefs.core.model import (
    BUILTIN_KEYS,
    Config,
    FieldDef,
    ListDef,
    Person,
    Project,
    Record,
    Workspace,
)

T = TypeVar("T")


def nfc(text: str) -> str:
    """The composed form (Unicode NFC), in which names are stored and compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(name: str) -> str:
    """What a case-insensitive file system compares: NFC and case folding. Folding may
    decompose, hence the second NFC."""
    return nfc(nfc(name).casefold())


def loose(text: str) -> str:
    """Case, accents and kind of gap (space, any dash, ``_``) taken away: few keyboards have
    the dash of *Renewal – Acme*."""
    if text.isascii():  # most are, and a near name is looked for among many
        return " ".join(text.lower().translate(_GAPS).split())
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )
    return " ".join(bare.casefold().translate(_GAPS).split())


#: Hyphen, en and em dash and their kin (Unicode's Pd that keyboards and word processors give).
_GAPS = str.maketrans(dict.fromkeys("-_\u2010\u2011\u2012\u2013\u2014\u2015\u2212", " "))


def match_list(text: str, project: Project) -> list[ListDef]:
    """Lists of the project whose key or name may be meant."""
    return _best(text, [(one, (one.key, one.name)) for one in project.lists.values()])


def match_tag(text: str, project: Project) -> list[str]:
    """Declared tags. By beginning only where the project is strict: elsewhere a beginning
    may be a new tag."""
    return _best(text, [(tag, (tag,)) for tag in project.tags], prefix=project.strict)


def match_key(text: str, project: Project) -> list[str]:
    """Keys of records: built-in ones and the project's fields, these by their name too."""
    known = [(key, (key,)) for key in BUILTIN_KEYS]
    own = [(f.key, (f.key, f.name)) for f in project.fields.values()]
    return _best(text, [*known, *own])


def match_field(text: str, fields: Iterable[FieldDef]) -> list[FieldDef]:
    """Fields by their key or name."""
    return _best(text, [(field, (field.key, field.name)) for field in fields])


def match_person(text: str, workspace: Workspace) -> list[Person]:
    """People by handle (``@`` allowed), name, address, or the beginning of any of their
    names' words."""
    wanted = text.strip().removeprefix("@")
    everybody = list(workspace.people.values())
    found = _best(wanted, [(p, (p.handle,)) for p in everybody], prefix=False)
    if not found:
        found = _best(wanted, [(p, (p.handle, p.name, *p.emails)) for p in everybody])
    if found or not wanted:
        return found
    return _best(wanted, [(p, tuple(p.name.split())) for p in everybody])


def match_project(text: str, config: Config) -> list[Project]:
    """Projects by key (their path), its last part, or their name."""
    wanted = text.strip().rstrip("/")
    return _best(
        wanted,
        [(p, (p.key, p.key.rpartition("/")[2], p.name)) for p in config.projects.values()],
    )


def finder(records: Sequence[Record]) -> Callable[[str], Record | None]:
    """Finds the record that an entry of ``blocked_by`` means: by id (of two files with one id
    the first by path), else by path, title or ``[[Name]]`` where a single one fits. The names
    are gathered when first needed: nearly every entry is an id."""
    by_id: dict[str, Record] = {}
    for record in records:
        if record.id and by_id.setdefault(record.id, record).path > record.path:
            by_id[record.id] = record
    names: dict[str, list[Record]] = {}

    def find(text: str) -> Record | None:
        found = by_id.get(text)
        if found is not None:
            return found
        if not names:
            for record in records:
                for name in _names(record.path, record.title):
                    names.setdefault(name, []).append(record)
        from bluefs.core.fields.blocked_by import bare_reference

        meant = names.get(fold(bare_reference(text)), [])
        return meant[0] if len(meant) == 1 else None

    return find


def path_meant(text: str, titles: Iterable[tuple[str, str]]) -> str | None:
    """The path of the record that an entry of ``blocked_by`` names by path or title, where a
    single one fits; ``titles`` are those of all records, by path. For whoever has no records
    at hand: what `finder` finds by name."""
    from bluefs.core.fields.blocked_by import bare_reference

    wanted = fold(bare_reference(text))
    meant = [path for path, title in titles if wanted in _names(path, title)]
    return meant[0] if len(meant) == 1 else None


def _names(path: str, title: str) -> set[str]:
    whole = fold(path)
    return {whole, whole.removesuffix(".md"), whole.rpartition("/")[2], fold(title)}


def nearest(text: str, names: Iterable[str], likeness: float = 0.6) -> str | None:
    """The name most like a mistyped text, None if none is near (difflib's ratio below
    ``likeness``, 0 to 1)."""
    from difflib import get_close_matches

    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(loose(name), name)
    close = get_close_matches(loose(text), list(by_form), n=1, cutoff=likeness)
    return by_form[close[0]] if close else None


#: How like its name a slip is that is mended without asking (difflib's ratio).
_SURE = 0.75


def slip_of(text: str, names: Iterable[str]) -> str | None:
    """The one name that a mistyped text can be: the only one that is near, and very near."""
    from difflib import get_close_matches

    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(loose(name), name)
    near = get_close_matches(loose(text[:200]), list(by_form), n=2, cutoff=0.6)
    if len(near) != 1 or not get_close_matches(loose(text[:200]), near, cutoff=_SURE):
        return None
    return by_form[near[0]]


def begun(text: str, names: Iterable[str]) -> str | None:
    """The only name that begins as ``text``, of three characters or more, does: ``deal`` is no
    mistyped ``email`` where there is a ``deal_value``."""
    wanted = loose(text)
    found = list(dict.fromkeys(name for name in names if loose(name).startswith(wanted)))
    return found[0] if len(wanted) > 2 and len(found) == 1 else None


Names = Sequence[tuple[T, tuple[str, ...]]]


def _best(text: str, candidates: Names[T], *, prefix: bool = True) -> list[T]:
    wanted = nfc(text.strip())
    if not loose(wanted):
        # Nothing but accents or gaps: only the very name can be meant.
        return _holding(candidates, nfc, lambda form: form == wanted and bool(wanted))
    for shape in (nfc, fold, loose):
        aim = shape(wanted)
        found = _holding(candidates, shape, lambda form, aim=aim: form == aim)  # type: ignore[misc]
        if found:
            return found
    if not prefix:
        return []
    return _holding(candidates, loose, lambda form: form.startswith(loose(wanted)))


def _holding(
    candidates: Names[T], shape: Callable[[str], str], test: Callable[[str], bool]
) -> list[T]:
    return [one for one, names in candidates if any(test(shape(name)) for name in names)]
