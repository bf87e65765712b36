"""Checks of `blocked_by`: what names no record, what names it loosely, and circles.

Owns what a text in `blocked_by` may mean: an id, a path, a title or ``[[Name]]``, exactly.
Refuses to guess: a beginning or a likeness is no reference (commands forgive, files do not).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bluefs.core.checks.survey import Survey, problem
from bluefs.core.codec.keys import fix_of, place_of
from bluefs.core.codec.record import locate
from bluefs.core.codec.text import Lines, decode
from bluefs.core.codes import workspace as codes
from bluefs.core.fields.blocked_by import bare_reference
from bluefs.core.frozen import dataclass, field
from bluefs.core.layout import fold, nearest, nfc, stem
from bluefs.core.model import Record
from bluefs.core.nodes import Node, Scalar, Seq
from bluefs.core.problems import Fix, Problem

KEY = "blocked_by"
_MOST = 4  # candidates named in one hint


@dataclass(frozen=True, slots=True)
class Index:
    """Records by what may stand for them."""

    ids: Mapping[str, Record]
    paths: Mapping[str, Record]
    names: Mapping[str, Sequence[Record]] = field(default_factory=dict)  # folded titles, stems

    @classmethod
    def of(cls, survey: Survey) -> Index:
        ids: dict[str, Record] = {}
        paths: dict[str, Record] = {}
        names: dict[str, list[Record]] = {}
        for record in survey.known():
            own = survey.id_of(record)
            if own is not None:
                ids.setdefault(own, record)
            paths[nfc(record.path)] = record
            for name in {fold(record.title), fold(stem(record.path))}:
                names.setdefault(name, []).append(record)
        return cls(ids, paths, names)

    def meant(self, text: str, near: Record) -> Sequence[Record]:
        """The records that a text may mean, seen from the record it stands in: one is an
        answer. Of several with one title, those of its own project go first."""
        bare = bare_reference(text)
        if bare in self.ids:
            return (self.ids[bare],)
        found = self._by_path(nfc(bare), near)
        if found is not None:
            return (found,)
        several = self.names.get(fold(bare), ())
        own = [one for one in several if one.project == near.project]
        return own or several

    def _by_path(self, text: str, near: Record) -> Record | None:
        if "/" not in text and not text.endswith(".md"):
            return None
        folder = near.path.rpartition("/")[0]
        for start in ("", f"{near.project}/", f"{folder}/"):
            for end in ("", ".md"):
                found = self.paths.get(nfc(start) + text + end)
                if found is not None:
                    return found
        return None


def check_references(survey: Survey) -> Iterator[Problem]:
    """Every entry of every `blocked_by` that is not the id of another record."""
    index: Index | None = None
    for record in survey.filed():
        if not record.tuple_of(KEY):
            continue
        index = index or Index.of(survey)
        if all(_is_sound(text, record, index) for text in record.tuple_of(KEY)):
            continue  # finding places costs more than reading: most entries are ids
        for member, node in members(survey.data[record.path]):
            yield from _check(member, node, record, survey, index)


def _is_sound(text: str, record: Record, index: Index) -> bool:
    found = index.ids.get(text)
    return found is not None and found.path != record.path


def _check(
    text: str, node: Node, record: Record, survey: Survey, index: Index
) -> Iterator[Problem]:
    path, place = record.path, place_of(node)
    meant = index.meant(text, record)
    if not meant:
        titles = [one.title for one in index.paths.values()]
        near = nearest(bare_reference(text), titles)
        key = "dangling" if near is None else "dangling_near"
        yield problem(codes.DANGLING, path, key, place, text=text, near=near)
    elif len(meant) > 1:
        names = ", ".join(survey.id_of(one) or one.path for one in meant[:_MOST])
        yield problem(codes.MANY_NAMED, path, "many", place, text=text, names=names)
    elif meant[0].path == path:
        yield problem(codes.BLOCKS_ITSELF, path, "itself", place)
    else:
        own = survey.id_of(meant[0])
        if text != own:
            fix = None
            if own is not None:
                fix = by_id(survey.data[path], node, own, meant[0].title)
            yield problem(codes.BY_NAME, path, "by_name", place, fix=fix, text=text, id=own or "–")


def members(data: bytes, key: str = KEY, *, one: bool = False) -> Iterator[tuple[str, Node]]:
    """Each text in `blocked_by` (or another key that names records; ``one`` record) with its node. ``[[Name]]`` without quotes is a list in a
    list to YAML."""
    node = locate(data)
    value = node.get(key) if node is not None else None
    if isinstance(value, Scalar) and not value.is_null:
        yield value.text, value
    if one and isinstance(value, Seq):  # ``[[Name]]`` for the whole value
        yield _text(value) or "", value
        return
    for item in value.items if isinstance(value, Seq) else ():
        text = _text(item)
        if text:
            yield text, item


def _text(item: Node) -> str | None:
    if isinstance(item, Scalar):
        return item.text
    while isinstance(item, Seq) and len(item.items) == 1 and isinstance(item.items[0], Seq):
        item = item.items[0]
    if not isinstance(item, Seq):
        return None
    texts = [each.text for each in item.items if isinstance(each, Scalar)]
    return f"[[{', '.join(texts)}]]" if texts and len(texts) == len(item.items) else None


def by_id(data: bytes, node: Node, id: str, title: str) -> Fix:
    """The id in place of the node, with the title behind it where it ends its line."""
    fix = fix_of(node, id)
    decoded = decode(data)
    if isinstance(decoded, Problem):
        return fix
    rest = Lines(decoded.text).line(fix.end_line)[fix.end_column - 1 :]
    spoken = " ".join(title.split())
    if rest.strip() or not spoken.isprintable():
        return fix
    return Fix(fix.line, fix.column, fix.end_line, fix.end_column, f"{id}  # {spoken}")


def check_circles(survey: Survey) -> Iterator[Problem]:
    """Each circle of records that block each other, once: at the record with the smallest
    path, where it names the next one."""
    if not any(record.tuple_of(KEY) for record in survey.filed()):
        return
    index = Index.of(survey)
    arrows = {record.path: _blockers(record, index) for record in survey.filed()}
    for circle in circles(arrows):
        first, second = circle[0], circle[1]
        record = survey.readings[first].record
        assert record is not None
        for text, node in members(survey.data[first]):
            if _blocker(text, record, index) == second:
                titles = [_title(path, survey) for path in (*circle, first)]
                way = " → ".join(titles)
                yield problem(codes.CYCLE, first, "circle", place_of(node), way=way)
                break


def _blockers(record: Record, index: Index) -> list[str]:
    """Paths of the other records that this one waits for."""
    found = (_blocker(text, record, index) for text in record.tuple_of(KEY))
    return [path for path in found if path is not None]


def _blocker(text: str, record: Record, index: Index) -> str | None:
    meant = index.meant(text, record)
    return meant[0].path if len(meant) == 1 and meant[0].path != record.path else None


def _title(path: str, survey: Survey) -> str:
    record = survey.readings[path].record
    return record.title if record is not None else path


def circles(arrows: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """One circle of each group of nodes that reach each other (a strongly connected
    component of two or more), beginning at its smallest node and as short as can be. Groups
    are in order of that node. Without recursion: a chain may be as long as a workspace."""
    found = []
    for group in _groups(arrows):
        if len(group) > 1:
            found.append(_shortest(min(group), group, arrows))
    return sorted(found)


def _groups(arrows: Mapping[str, Sequence[str]]) -> list[set[str]]:
    """Kosaraju's algorithm (Aho, Hopcroft, Ullman 1983): order of leaving, then backwards."""
    order: list[str] = []
    seen: set[str] = set()
    for start in arrows:
        stack = [(start, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack += [(to, False) for to in arrows.get(node, ()) if to not in seen]
    back: dict[str, list[str]] = {}
    for node, targets in arrows.items():
        for to in targets:
            back.setdefault(to, []).append(node)
    return _collected(order, back)


def _collected(order: Sequence[str], back: Mapping[str, Sequence[str]]) -> list[set[str]]:
    groups: list[set[str]] = []
    taken: set[str] = set()
    for start in reversed(order):
        if start in taken:
            continue
        group, stack = set(), [start]
        while stack:
            node = stack.pop()
            if node not in taken:
                taken.add(node)
                group.add(node)
                stack += [one for one in back.get(node, ()) if one not in taken]
        groups.append(group)
    return groups


def _shortest(start: str, group: set[str], arrows: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a node back to itself, breadth first within its group."""
    ways: list[list[str]] = [[start]]
    seen: set[str] = set()
    for way in ways:
        for to in sorted(arrows.get(way[-1], ())):
            if to == start:
                return way
            if to in group and to not in seen:
                seen.add(to)
                ways.append([*way, to])
    raise AssertionError("a group without a way back")
