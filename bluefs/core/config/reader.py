"""Reading settings out of Nodes, with every fault at its exact place.

A Reader belongs to one file. Its ``read_*`` methods return None, or nothing of what they were
asked for, after reporting a Problem; they never raise on what people typed. It knows shapes
(map, list, flag, number, choice) and nothing of what the settings mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from bluefs.core.codec.text import PROBLEM_LIMIT
from bluefs.core.codes import config as codes
from bluefs.core.frozen import dataclass, field, replace
from bluefs.core.matching import nearest, nfc, slip_of
from bluefs.core.model import COLORS
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.patterns import pattern
from bluefs.core.problems import Code, Fix, Problem, Severity
from bluefs.core.words import say

_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})
_HEX = pattern(r"#[0-9A-Fa-f]{6}\Z")
_NUMBER = pattern(r"[0-9]{1,9}(\.[0-9]{1,6})?\Z")


#: Unknown keys of one map that are held against the known ones; more are no slips of a pen.
_COMPARED = 30


@dataclass(slots=True)
class Reader:
    """``lines`` is the decoded file; ``lost`` turns True once a fault cost a definition that
    other files rely on, so that these are not misjudged. ``told`` counts the Problems that are
    to be mended; ``passed`` the faults beyond `PROBLEM_LIMIT` of them, which nobody looks at."""

    path: str
    lines: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    lost: bool = False
    known: set[Problem] = field(default_factory=set)
    beside: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    told: int = 0
    passed: int = 0

    def passes(self) -> bool:
        """Whether a fault just found is not told any more: then nothing need be found out about
        it either (what is like it takes a third of a millisecond)."""
        if self.told < PROBLEM_LIMIT:
            return False
        self.passed += 1
        return True

    def report(
        self,
        code: Code,
        node: Node,
        message: str,
        hint: str | None = None,
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> None:
        line, column, end = self.place(node)
        self.report_at(code, line, column, end, message, hint, severity=severity, fix=fix)

    def report_at(
        self,
        code: Code,
        line: int,
        column: int,
        end: int,
        message: str,
        hint: str | None = None,
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> None:
        problem = Problem(code, self.path, line, column, end, message, hint, fix, severity)
        if problem in self.known:
            return
        if problem.level != "info":
            if self.passes():
                return
            self.told += 1
        self.known.add(problem)
        self.problems.append(problem)

    def place(self, node: Node) -> tuple[int, int, int]:
        """(line, column, end): the end of a node of several lines is its first line's."""
        line, column = max(node.line, 1), max(node.column, 1)
        if node.end_line == node.line:
            return line, column, max(node.end_column, column)
        width = len(self.lines[line - 1].rstrip()) if line <= len(self.lines) else column
        return line, column, max(width + 1, column)

    def read_map(self, node: Node | None, what: str) -> Map | None:
        """A map; an empty one where nothing stands."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return Map(())
        if isinstance(node, Map):
            return node
        self.lost = True
        self._misshapen(node, what, "map")
        return None

    def _misshapen(self, node: Node, what: str, wanted: str) -> None:
        if self.passes():
            return
        self.report(
            codes.SHAPE,
            node,
            say("config.shape", what=what, found=say(f"config.is.{_shape(node)}")),
            say(f"config.shape.{wanted}"),
        )

    def entries(self, node: Node | None, what: str) -> Iterator[tuple[Scalar, Node]]:
        """The entries of a map, keys in NFC."""
        found = self.read_map(node, what)
        for key, value in found.entries if found else ():
            yield _with_text(key, nfc(key.text)), value

    def read_names(self, node: Node | None, what: str) -> Iterator[tuple[Scalar, Node]]:
        """A map keyed by name, or a list of names without options."""
        if isinstance(node, Seq):
            for item in self.read_texts(node, what):
                yield item, Scalar("")
        else:
            yield from self.entries(node, what)

    def read_text(self, node: Node | None, what: str) -> str | None:
        """The text of a scalar, NFC; None where it is absent, not set or not a scalar."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return None
        if isinstance(node, Scalar):
            return nfc(node.text)
        self._misshapen(node, what, "text")
        return None

    def read_line(self, node: Node | None, what: str) -> str | None:
        """A text of one line, without control characters."""
        text = self.read_text(node, what)
        if text is None or node is None:
            return None
        if not text.strip() or any(ord(c) < 32 or c in "\x7f\x85\u2028\u2029" for c in text):
            self.report(codes.VALUE, node, say("config.line", what=what))
            return None
        return text

    def read_texts(self, node: Node | None, what: str) -> tuple[Scalar, ...]:
        """A scalar, or a list of scalars: the scalars, text in NFC."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return ()
        items: Iterable[Node] = node.items if isinstance(node, Seq) else (node,)
        found: list[Scalar] = []
        for item in items:
            if isinstance(item, Scalar) and not item.is_null:
                found.append(_with_text(item, nfc(item.text)))
            else:
                self._misshapen(item, what, "texts")
        return tuple(found)

    def read_flag(self, node: Node | None, what: str) -> bool | None:
        text = self.read_text(node, what)
        if text is None or node is None:
            return None
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        self.report(codes.VALUE, node, say("config.flag", what=what, value=_cut(text)))
        return None

    def read_number(
        self, node: Node | None, what: str, *, least: int = 0, whole: bool = False
    ) -> float | None:
        """A number of at least ``least``; a fraction only where not ``whole``."""
        text = self.read_text(node, what)
        if text is None or node is None:
            return None
        if _NUMBER.match(text) and float(text) >= least and not (whole and "." in text):
            return float(text)
        key = "config.whole" if whole else "config.number"
        self.report(codes.VALUE, node, say(key, what=what, value=_cut(text), least=least))
        return None

    def read_choice(self, node: Node | None, what: str, words: Collection[str]) -> str | None:
        text = self.read_text(node, what)
        if text is None or node is None or text in words:
            return text
        if self.passes():
            return None
        self.report(
            codes.VALUE,
            node,
            say("config.choice", what=what, value=_cut(text)),
            did_you_mean(text, words) or say("config.one_of", words=listing(words)),
        )
        return None

    def read_color(self, node: Node | None) -> str | None:
        """A colour's name, or "#rrggbb" in lower case."""
        text = self.read_text(node, "color")
        if text is None or node is None or text in COLORS:
            return text
        if _HEX.match(text):
            return text.lower()
        if self.passes():
            return None
        hint = did_you_mean(text, COLORS) or say("config.one_of_colors", words=listing(COLORS))
        fix = slip_fix(node, COLORS) if isinstance(node, Scalar) else None
        self.report(codes.COLOR, node, say("config.color", value=_cut(text)), hint, fix=fix)
        return None

    def check_keys(self, node: Map, known: Collection[str], what: str) -> bool:
        """Report every key that is not among ``known``; True if there was none."""
        bad = [key for key, _ in node.entries if nfc(key.text) not in known]
        beside = {nfc(one.text) for one, _ in node.entries}
        for key in bad[:_COMPARED]:
            self.beside[key.line, key.column] = beside
        for key in bad:
            if self.passes():
                break
            self.unknown_key(key, known, what)
        return not bad

    def unknown_key(self, key: Scalar, known: Collection[str], what: str) -> None:
        self.report(
            codes.UNKNOWN_KEY,
            key,
            say("config.unknown_key", key=_cut(key.text), what=what),
            did_you_mean(key.text, known) or say("config.keys_are", words=listing(known)),
            fix=self._slip_of_key(key, known),
        )

    def _slip_of_key(self, key: Scalar, known: Collection[str]) -> Fix | None:
        """Keys that stand beside this one cannot be meant."""
        beside = self.beside.get((key.line, key.column))
        if beside is None:
            return None
        return slip_fix(key, [one for one in known if one not in beside])


def did_you_mean(text: str, words: Iterable[str]) -> str | None:
    """The hint that names the nearest of ``words``, None if none is near."""
    found = nearest(text[:200], words)
    return say("config.did_you_mean", word=found) if found is not None else None


def slip_fix(node: Scalar, words: Iterable[str]) -> Fix | None:
    """The mending of a slip that can mean one of ``words`` alone."""
    from bluefs.core.fields.sets import quote_flow

    meant = slip_of(node.text, words) if node.line and node.end_line == node.line else None
    if meant is None:
        return None
    return Fix(node.line, node.column, node.end_line, node.end_column, quote_flow(meant))


def listing(words: Iterable[str], most: int = 40) -> str:
    """Words with commas; what is beyond ``most`` becomes an ellipsis."""
    many = list(islice(words, most + 1))
    return ", ".join(many[:most]) + (", …" if len(many) > most else "")


def _shape(node: Node) -> str:
    return "map" if isinstance(node, Map) else "list" if isinstance(node, Seq) else "value"


def _cut(text: str) -> str:
    """A quotation of what was typed, at most 60 characters of one line."""
    one = " ".join(text.split())
    return one if len(one) <= 60 else one[:59] + "…"


def _with_text(node: Scalar, text: str) -> Scalar:
    if node.text == text:
        return node
    return replace(node, text=text)
