"""What the keys of a front matter say: values, and everything that is wrong with them.

Owns id and title, the wrong and the unknown keys. Values are
the field kinds' business (`core.fields`): a Fault of theirs becomes a Problem at its node.
A key with an error keeps what it was before: it goes into ``bad``.
"""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache

from bluefs.core.codec.plan import Plan
from bluefs.core.codec.spelling import builtin_meant
from bluefs.core.codec.text import PROBLEM_LIMIT
from bluefs.core.codes import format as codes
from bluefs.core.fields.base import Fault
from bluefs.core.frozen import dataclass, field
from bluefs.core.matching import nearest, slip_of
from bluefs.core.model import BUILTIN_KEYS, FOREIGN_KEYS, RESERVED_KEYS, Project, Value
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.problems import Code, Fix, Problem, Severity
from bluefs.core.words import say

#: How like a known key a mistyped one is (difflib's ratio): ``status`` is not ``start`` (0.73).
_SLIP = 0.75
#: Unknown keys that are held against all the others; more are no slips of a pen.
_COMPARED = 30
#: An id as a file may say it.
ID = pattern(r"[0-9A-Za-z][0-9A-Za-z_-]{2,39}")


@dataclass(slots=True)
class Meaning:
    """What has been read so far. ``held`` is True where the record as a whole cannot be
    used: nobody knows which one it is."""

    id: str | None = None
    title: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    unknown: dict[str, object] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    held: bool = False


def read_keys(node: Map, plan: Plan, skip: frozenset[int] = frozenset()) -> Meaning:
    """The meaning of every entry, but for those whose key or value touches a line of
    ``skip``: there the text itself is broken."""
    reader = KeysReader({key.text for key, _ in node.entries}, plan)
    reader.read_all(node, skip)
    return reader.found


class KeysReader:
    """Reads one entry after the other; ``names`` are the keys of all of them."""

    def __init__(self, names: Set[str], plan: Plan) -> None:
        self.plan = plan
        self.names = names
        self.found = Meaning()
        self.compared = 0

    def read_all(self, node: Map, skip: frozenset[int] = frozenset()) -> None:
        """As `read_keys`, of some of the entries."""
        for key, value in node.entries:
            last = max(value.end_line, key.line)
            if skip and not skip.isdisjoint(range(key.line, last + 1)):
                self.found.bad.add(key.text)
            else:
                self.read(key, value)

    def takes(self, name: str, node: Node) -> bool:
        """Read an entry without places, if there is nothing to say of it."""
        reader = self.plan.readers.get(name)
        if reader is not None:
            definition, parse, notes = reader
            if is_unset(node):
                return True
            value = parse(definition, node, self.plan.setting)
            if isinstance(value, Fault) or (
                notes is not None and notes(definition, node, self.plan.setting)
            ):
                return False
            if value is not None and value != ():
                self.found.values[name] = value
        elif name in FOREIGN_KEYS:
            self.found.unknown[name] = plain_of(node)
        elif name not in ("id", "title") or is_unset(node) or not isinstance(node, Scalar):
            return False
        elif name == "title":
            self.found.title = node.text.strip() or None
        elif ID.fullmatch(node.text):
            self.found.id = node.text
        else:
            return False
        return True

    def read(self, key: Scalar, value: Node) -> None:
        name = key.text
        known = self.plan.fields.get(name)
        if known is not None:
            if not is_unset(value):
                self._value(name, value)
        elif name == "id":
            self._id(value)
        elif name == "title":
            self._title(value)
        elif name in FOREIGN_KEYS:
            self.found.unknown[name] = plain_of(value)
        else:
            self._other(key, value)

    def _value(self, name: str, node: Node) -> None:
        field_def, kind = self.plan.fields[name]
        setting = self.plan.setting
        value = kind.parse(field_def, node, setting)
        if isinstance(value, Fault):
            for one in kind.faults(field_def, node, setting, value):
                self._fault(name, one)
            return
        for note in kind.notes(field_def, node, setting):
            self._fault(name, note)
        if value is not None and value != () and name not in self.found.bad:
            self.found.values[name] = value

    def _fault(self, name: str, fault: Fault) -> None:
        node = fault.node
        fix = None if fault.mend is None else fix_of(node, fault.mend)
        severity = fault.severity
        self._report(fault.code, node, fault.message, fault.hint, fix=fix, severity=severity)
        if (severity or fault.code.severity) == "error":
            self.found.bad.add(name)

    def _id(self, node: Node) -> None:
        if is_unset(node):
            return
        if isinstance(node, Scalar) and ID.fullmatch(node.text):
            self.found.id = node.text
            return
        self.found.held = True
        text = node.text if isinstance(node, Scalar) else "[…]"
        message, hint = say("problems.bad_id", text=text), say("problems.bad_id.hint")
        self._report(codes.BAD_ID, node, message, hint)

    def _title(self, node: Node) -> None:
        if is_unset(node):
            return
        if isinstance(node, Scalar):
            self.found.title = node.text.strip() or None
            return
        self.found.bad.add("title")
        message, hint = say("problems.bad_title"), say("problems.bad_title.hint")
        self._report(codes.BAD_TITLE, node, message, hint)

    def _other(self, key: Scalar, value: Node) -> None:
        self.found.unknown[key.text] = plain_of(value)
        self.compared += 1
        meant = builtin_meant(key.text, near=self.compared <= _COMPARED)
        if meant is None:
            self._unknown(key, value)
            return
        if meant not in self.names:
            self.found.bad.add(meant)
        message = say("problems.misspelt", key=key.text, right=meant)
        hint = say("problems.misspelt.hint", right=meant)
        fix = fix_of(key, meant) if self._would_do(meant, value) else None
        self._report(codes.MISSPELT_KEY, key, message, hint, fix=fix)

    def _unknown(self, key: Scalar, value: Node) -> None:
        if self.is_full:
            return
        fields = self.plan.project.fields
        right = None
        if self.compared <= _COMPARED:
            right = _near(key.text[:80], tuple(fields))
        message = say("problems.unknown_key", key=key.text)
        fix = None
        if key.text in RESERVED_KEYS:
            hint = say("problems.reserved_key.hint")
        elif right is None:
            hint = say("problems.unknown_key.hint")
        else:
            hint = say("problems.unknown_key_near.hint", right=right)
            same = right == _field_meant(key.text, self.plan.project)
            if same and self._would_do(right, value):
                fix = fix_of(key, right)
        severity: Severity = "error" if self.plan.project.strict else "warning"
        self._report(codes.UNKNOWN_KEY, key, message, hint, fix=fix, severity=severity)

    def _would_do(self, right: str, value: Node) -> bool:
        """Whether the value would be read without a Problem under the right key."""
        if right in self.names:
            return False
        entry = Scalar(right, line=value.line, column=value.column)
        trial = KeysReader({right}, self.plan)
        trial.read(entry, value)
        return not trial.found.problems and not is_unset(value)

    @property
    def is_full(self) -> bool:
        return len(self.found.problems) > PROBLEM_LIMIT

    def _report(
        self,
        code: Code,
        node: Node,
        message: str,
        hint: str | None,
        *,
        fix: Fix | None = None,
        severity: Severity | None = None,
    ) -> None:
        if self.is_full:
            return
        if fix is not None and hint is not None:
            hint = say("problems.fixable.hint", hint=hint)
        line, column, end = place_of(node)
        self.found.problems.append(
            Problem(code, "", line, column, end, message, hint, fix, severity)
        )


@lru_cache(maxsize=512)  # an unknown key stands in many files
def _near(key: str, fields: tuple[str, ...]) -> str | None:
    return nearest(key, [*BUILTIN_KEYS, *fields], _SLIP)


def key_meant(text: str, project: Project) -> str | None:
    """The built-in key or the project's field that was surely meant by another key, if any."""
    return builtin_meant(text) or _field_meant(text, project)


def _field_meant(text: str, project: Project) -> str | None:
    meant = slip_of(text, [*BUILTIN_KEYS, *project.fields])
    return meant if meant in project.fields else None


def is_unset(node: Node) -> bool:
    """Nothing, ``~``, ``null`` and an empty list mean *not set*."""
    if isinstance(node, Scalar):
        return node.is_null
    return isinstance(node, Seq) and not node.items


def place_of(node: Node) -> tuple[int, int, int]:
    """Line, column and end (on that line) of a node; of one that spans lines, its first
    character."""
    end = node.end_column if node.end_line == node.line else node.column + 1
    return node.line, node.column, max(end, node.column + 1)


def fix_of(node: Node, text: str) -> Fix:
    """The Fix that replaces a node. A value that is not there yet needs a space before it."""
    if (node.line, node.column) == (node.end_line, node.end_column):
        text = f" {text}"
    return Fix(node.line, node.column, node.end_line, node.end_column, text)


def plain_of(node: Node) -> object:
    """An unknown value as source text: str, None, a tuple or a dict of such."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Seq):
        return tuple(plain_of(item) for item in node.items)
    return {key.text: plain_of(value) for key, value in node.entries}
