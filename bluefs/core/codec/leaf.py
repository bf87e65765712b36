"""One broken entry of a YAML text that is not made of entries: which traps it fell into.

Each trap of the table (`codec.trap_lines`) is proved: with its characters made harmless, and its
neighbours' too, the entry parses, and with them in place it does not. A mending is offered only
where the mended entry parses.
"""

from __future__ import annotations

from bluefs.core.codec.events import Broken, Tree, Trials
from bluefs.core.codec.trap_lines import find_traps
from bluefs.core.codec.traps import Trap
from bluefs.core.codes import format as codes
from bluefs.core.nodes import Map, Scalar, Seq
from bluefs.core.problems import Fix, Problem
from bluefs.core.words import say

#: What ends the reading of a text, or loses a word of it, though only one entry is at fault.
ONE_ENTRY = (codes.TAG_OR_ANCHOR, codes.TOO_DEEP)
#: Each proof parses an entry again, up to so many characters in all; then the table is believed.
_PROVABLE = 40_000
#: How often one entry is looked at for complaints that no trap explains.
LOOKS = 4


class Leaf:
    """The traps of one entry, proved."""

    def __init__(self, lines: list[str], trials: Trials, items: bool, key: str, outer: int) -> None:
        self.lines = lines
        self.trials = trials
        self.kind = Seq if items else Map
        self.sound = False  # what `complaints` left
        self.traps = self._prove(find_traps(lines, key, outer))

    def _prove(self, traps: list[Trap]) -> list[Trap]:
        """The traps without which the entry would be sound. What YAML loses in silence needs no
        proof: that it parses is the fault."""
        kept = traps
        for trap in traps[: self._tries(len(traps))]:
            others = [other for other in kept if other is not trap]
            silent = trap.code in (codes.TAG_OR_ANCHOR, codes.SWALLOWED)
            if not silent and self._failure(_calmed(self.lines, others)) is None:
                kept = others
        return kept

    def _tries(self, most: int) -> int:
        """How often the entry is parsed again: less often the longer it is."""
        return min(most, _PROVABLE // (1 + sum(map(len, self.lines))))

    def _open_lines(self) -> set[int]:
        """The lines of those traps whose value may go on below. A line that is harmless as a
        whole says nothing about its neighbours."""
        return {trap.line for trap in self.traps if trap.neutral != "#"}

    def complaints(self, calm: list[str]) -> list[tuple[int, Broken | None]]:
        """Lines of a leaf that the parser still does not take, each made empty; with its complaint
        unless the line stands next to a trap or another: then it is that one's echo."""
        found: list[tuple[int, Broken | None]] = []
        for _ in range(LOOKS):
            tree = self.trials.of("\n".join(calm))
            if isinstance(tree, Tree):
                self.sound = self._is_sound(tree)
                break
            at = min(tree.line, len(calm)) - 1
            known = [*self._open_lines(), *(line for line, _ in found)]
            found.append((at, None if any(abs(at - one) <= 1 for one in known) else tree))
            if not calm[at].strip():
                break
            calm[at] = ""
        return found

    def calmed(self) -> list[str]:
        return _calmed(self.lines, self.traps)

    def problem(self, trap: Trap, first_line: int) -> Problem:
        line, start, end = trap.line + first_line, *trap.span
        mend = self._mend(trap)
        fix = None if mend is None else Fix(line, start + 1, line, end + 1, mend)
        hint = trap.hint if fix is None else say("problems.fixable.hint", hint=trap.hint)
        place = line, trap.column + 1, trap.end + 1
        return Problem(trap.code, "", *place, trap.message, hint, fix)

    def _mend(self, trap: Trap) -> str | None:
        """The first mending after which the entry is sound, the other traps calmed. Where it is
        not sound for another reason, the failure must not come nearer."""
        if not trap.mends or self.traps.index(trap) >= self._tries(len(self.traps)):
            return next(iter(trap.mends), None)
        after = {m: self._failure(_calmed(self.lines, self.traps, trap, m)) for m in trap.mends}
        sound = next((mend for mend, failure in after.items() if failure is None), None)
        if sound is not None:
            return sound
        before = self._failure(self.calmed())
        if before is None:
            return None
        later = (m for m, at in after.items() if at is not None and before <= at != trap.line)
        return next(later, None)

    def _failure(self, lines: list[str]) -> int | None:
        """The line where the entry stops being sound, None if it is."""
        tree = self.trials.of("\n".join(lines))
        if isinstance(tree, Broken):
            return tree.line - 1
        if tree.problems:
            return min(p.line - 1 for p in tree.problems)
        return None if self._is_sound(tree) else 0

    def _is_sound(self, tree: Tree) -> bool:
        """Whether that is entries, or nothing at all, and nothing of it is lost."""
        nothing = tree.node is None or (isinstance(tree.node, Scalar) and tree.node.is_null)
        lost = any(p.code in ONE_ENTRY for p in tree.problems)
        return not lost and (nothing or isinstance(tree.node, self.kind))


def _calmed(
    source: list[str], traps: list[Trap], mended: Trap | None = None, mend: str = ""
) -> list[str]:
    """The lines with every trap made harmless, and one of them mended."""
    lines = list(source)
    for trap in sorted(traps, key=lambda t: t.span, reverse=True):
        start, end = trap.span
        instead = mend if trap is mended else trap.neutral * (end - start)
        lines[trap.line] = lines[trap.line][:start] + instead + lines[trap.line][end:]
    return lines
