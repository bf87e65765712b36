"""The stateful model of a person at a workspace, with an engine that comes, goes and is killed.

The same machine runs over the in-memory adapters and over real files, watchdog and Git
(``tests/e2e/test_model_real.py``); ``python -m tests.app.long_run`` runs it longer. What must
hold at the end of every sequence, once all has come to rest:

- no edit lost: what the person last wrote in keys that no rule writes is on disk, in HEAD too;
- no mail twice, none missing, none invented: the mails are the oracle's, told from the history;
- no event lost or invented: folded over the first state, the events give the last one (in
  sequences without Git by hand, where everything is seen as it happens);
- the worktree equals HEAD where it can be read.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bluefs.app.reports import Fired, Pulled, Renamed, Saw
from tests.app.bench import PROJECT, WORKSPACE, Bench
from tests.app.oracle import RULES, Oracle, read_card

LISTS = ("Open deals", "Proposal", "Won", "Archive")
TAGS = ("Urgent", "Contacted", "Key account")
PEOPLE_KEYS = "note: {note}\n"


class Person(RuleBasedStateMachine):
    """Files only: what a person does in editors and shells."""

    bench: Any
    by_git = False

    def make(self) -> Any:
        files = {f"sales/{name}/.gitkeep": "" for name in LISTS}
        for n in range(3):
            files[f"sales/Open deals/Deal {n}.md"] = (
                f"---\nid: d{n:09d}\ntags: [Key account]\nnote: start {n}  # mine\n---\nText {n}\n"
            )
        project = PROJECT + "  note: text\n"
        return Bench(RULES, files, workspace=WORKSPACE, project=project)

    @initialize()
    def begin(self) -> None:
        self.bench = self.make()
        self.count = 0
        self.reports: list[Any] = []
        self.names = {name: name for name in LISTS}  # list as declared -> folder now
        self.bench.start()
        self.bench.settle()
        self.first = self.states()
        self.notes = {name: self.note_of(path) for name, path in self.paths().items()}
        self.broken: dict[str, str] = {}
        self.whole: dict[str, str] = {}  # file name -> its text before it was spoiled

    # -- the person's view of the disk -----------------------------------------------------

    def paths(self) -> dict[str, str]:
        """A name for each record's file (its path) -> path, of those that can be read."""
        return {
            p: p
            for p in sorted(self.bench.contents())
            if p.endswith(".md") and p.startswith("sales/") and p.count("/") == 2
        }

    def states(self) -> dict[str, Any]:
        cards = {}
        for path in self.paths():
            read = read_card(path.split("/")[1], self.bench.contents()[path])
            if read is not None:
                cards[read[0] or path] = read[1]
        return cards

    def note_of(self, path: str) -> str:
        for line in self.bench.read(path).splitlines():
            if line.startswith("note: "):
                return line.removeprefix("note: ").partition("  #")[0]
        return ""

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def pick(self, number: int) -> str | None:
        whole = [p for p in self.paths() if p not in self.broken]
        return whole[number % len(whole)] if whole else None

    # -- what a person does ----------------------------------------------------------------

    @rule(n=st.integers(0, 9))
    def edit_note(self, n: int) -> None:
        path = self.pick(n)
        if path is not None:
            text = self.bench.read(path)
            old = f"note: {self.note_of(path)}"
            self.bench.write(path, text.replace(old, f"note: n{self.fresh()}", 1))

    @rule(n=st.integers(0, 9))
    def edit_body(self, n: int) -> None:
        path = self.pick(n)
        if path is not None:
            self.bench.write(path, self.bench.read(path) + f"line {self.fresh()}\n")

    @rule(n=st.integers(0, 9), tag=st.sampled_from(TAGS))
    def add_tag(self, n: int, tag: str) -> None:
        path = self.pick(n)
        if path is not None and tag not in self.tags_of(path):
            self.set_tags(path, [*self.tags_of(path), tag])

    @rule(n=st.integers(0, 9), tag=st.sampled_from(TAGS))
    def remove_tag(self, n: int, tag: str) -> None:
        path = self.pick(n)
        if path is not None and tag in self.tags_of(path):
            self.set_tags(path, [t for t in self.tags_of(path) if t != tag])

    def tags_of(self, path: str) -> list[str]:
        for line in self.bench.read(path).splitlines():
            if line.startswith("tags: ["):
                inside = line.removeprefix("tags: [").partition("]")[0]
                return [t.strip() for t in inside.split(",") if t.strip()]
        return []

    def set_tags(self, path: str, tags: list[str]) -> None:
        lines = self.bench.read(path).splitlines(keepends=True)
        fresh = f"tags: [{', '.join(tags)}]\n"
        at = next((i for i, line in enumerate(lines) if line.startswith("tags:")), None)
        if at is None:
            lines.insert(1, fresh)
        else:
            lines[at] = fresh
        self.bench.write(path, "".join(lines))

    @rule(n=st.integers(0, 9), to=st.sampled_from(LISTS))
    def move(self, n: int, to: str) -> None:
        path = self.pick(n)
        target = f"sales/{self.names[to]}/{path.rpartition('/')[2]}" if path else ""
        if path is not None and target not in self.bench.contents():
            self.bench.move(path, target)

    @rule(n=st.integers(0, 9))
    def press(self, n: int) -> None:
        path = self.pick(n)
        if path is not None and "send_offer" not in self.bench.read(path):
            self.bench.write(
                path, self.bench.read(path).replace("note:", "send_offer: press\nnote:", 1)
            )

    @rule(n=st.integers(0, 9))
    def remove(self, n: int) -> None:
        path = self.pick(n)
        if path is not None and len(self.paths()) > 2:
            self.bench.remove(path)

    @rule(n=st.integers(0, 9), to=st.sampled_from(LISTS))
    def copy(self, n: int, to: str) -> None:
        path = self.pick(n)
        if path is not None and len(self.paths()) < 8:
            target = f"sales/{self.names[to]}/Copy {self.fresh()}.md"
            text = self.bench.read(path)
            old = f"note: {self.note_of(path)}"
            self.bench.write(target, text)
            if self.count % 2:
                self.bench.write(target, text.replace(old, f"note: c{self.count}", 1))

    @rule(to=st.sampled_from(LISTS), named=st.booleans())
    def create(self, to: str, named: bool) -> None:
        if len(self.paths()) < 8:
            number = self.fresh()
            id_line = f"id: n{number:09d}\n" if named else ""
            self.bench.write(
                f"sales/{self.names[to]}/New {number}.md",
                f"---\n{id_line}note: new {number}\n---\n",
            )

    @rule(name=st.sampled_from(LISTS[:2]))
    def rename_list(self, name: str) -> None:
        old = self.names[name]
        new = f"{name} {self.fresh()}"
        moved = [p for p in self.bench.contents() if p.startswith(f"sales/{old}/")]
        if moved:
            self.bench.move_folder(f"sales/{old}", f"sales/{new}")
            self.names[name] = new
            for path in list(self.broken):
                if path.startswith(f"sales/{old}/"):
                    self.broken[path.replace(f"sales/{old}/", f"sales/{new}/", 1)] = (
                        self.broken.pop(path)
                    )

    @rule(n=st.integers(0, 9), how=st.sampled_from(["broken", "empty"]))
    def spoil(self, n: int, how: str) -> None:
        path = self.pick(n)
        if path is not None and self.knows_handled(path):
            text = self.bench.read(path)
            self.broken[path] = self.whole[path.rpartition("/")[2]] = text
            spoiled = "" if how == "empty" else text.replace("note: ", "note: a: b ", 1)
            self.bench.write(path, spoiled)

    def knows_handled(self, path: str) -> bool:
        """Only records known under an id of their own: of a file that never was readable,
        nothing is in force."""
        ids = [r[0] for p in self.paths() if (r := read_card("", self.bench.contents()[p]))]
        read = read_card("", self.bench.contents()[path])
        return read is not None and read[0] in self.first and ids.count(read[0]) == 1

    @rule()
    def mend(self) -> None:
        for path in list(self.broken):
            self.bench.write(path, self.broken.pop(path))

    @rule(n=st.integers(0, 9))
    def save_in_pieces(self, n: int) -> None:
        path = self.pick(n)
        if path is not None:
            text = self.bench.read(path)
            whole = text.replace(f"note: {self.note_of(path)}", f"note: p{self.fresh()}", 1)
            self.bench.write_open(path, whole[: len(whole) // 2])
            self.bench.pause(0.2)
            self.bench.write(path, whole)

    # -- time and the engine ---------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.1, 1.0, 2.5, 5.0, 15.0]))
    def wait(self, seconds: float) -> None:
        self.bench.pause(seconds)

    @rule()
    def kill(self) -> None:
        self.bench.stop()

    @rule()
    def start(self) -> None:
        if self.bench.engine is None:
            self.bench.start()

    # -- the end -----------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "first"):
            return
        try:
            self.finish()
        finally:
            self.bench.close()

    def finish(self) -> None:
        self.mend()
        intended = self.personal()
        if self.bench.engine is None:
            self.bench.start()
        self.bench.settle()
        self.bench.settle()
        self.check_edits(intended)
        self.check_mails()
        if not self.by_git:
            self.check_events()

    def personal(self) -> Counter[tuple[str, str]]:
        """What only people write: (note, body) of every file, as often as it is there."""
        return Counter(
            (self.note_of(p), self.bench.read(p).partition("\n---\n")[2]) for p in self.paths()
        )

    def check_edits(self, intended: Counter[tuple[str, str]]) -> None:
        assert self.personal() == intended, "an edit was lost or invented"
        tree = self.bench.git.tree(self.bench.git.head())
        for path in self.paths():
            data = self.bench.contents()[path]
            assert tree.get(path) == self.bench.git.hash_blob(data), f"{path} is not in HEAD"
        gone = [p for p in tree if p.endswith(".md") and p not in self.bench.contents()]
        assert not gone, f"HEAD has what is gone: {gone}"

    def check_mails(self) -> None:
        oracle = Oracle(self.bench.git)
        expected = oracle.follow(self.bench.mark_line())
        sent = Counter(self.bench.mails())
        assert sent == expected, {"missing": expected - sent, "invented": sent - expected}

    def check_events(self) -> None:
        """Folded over the first state, the events of people and rules give the last one."""
        cards = {n: [c.list, set(c.tags)] for n, c in self.first.items()}
        for report in self.bench.reports:
            if isinstance(report, Saw):
                fold(cards, report.before, report.after, report.events)
            elif isinstance(report, Renamed):
                self._fold_renamed(cards, report.old, report.new)
            elif isinstance(report, Fired):
                before, after = report.firing.before, report.firing.after
                card = cards.get(known(cards, report.record))
                if card is not None and before is not None and after is not None:
                    card[1] |= set(after.tuple_of("tags")) - set(before.tuple_of("tags"))
                    card[0] = after.list if after.list != before.list else card[0]
            elif isinstance(report, Pulled):
                raise AssertionError("nothing came through Git")
        last = {}
        for path in self.paths():
            read = read_card(path.split("/")[1], self.bench.contents()[path])
            if read is not None:
                name = path if path in cards else read[0] or path
                last[name] = [read[1].list, set(read[1].tags)]
        assert cards == last, {"events": cards, "disk": last}

    @staticmethod
    def _fold_renamed(cards: dict[str, Any], old: str, new: str) -> None:
        for name, card in list(cards.items()):
            if card[0] == old.rpartition("/")[2]:
                card[0] = new.rpartition("/")[2]
            if name.startswith(f"{old}/"):
                cards[name.replace(old, new, 1)] = cards.pop(name)


def known(cards: dict[str, Any], record: Any) -> str:
    """Under which name a record was seen first: a new file is its path until it has an id."""
    return record.path if record.name not in cards and record.path in cards else record.name


def fold(cards: dict[str, Any], before: Any, after: Any, events: Any) -> None:
    name = known(cards, before or after)
    for event in events:
        if event.kind == "created":
            assert name not in cards, f"created twice: {name}"
            cards[name] = [after.list, set(after.tuple_of("tags"))]
            continue
        assert name in cards, f"{event.kind} of what was not there: {name}"
        card = cards[name]
        if event.kind == "deleted":
            del cards[name]
        elif event.kind == "moved":
            assert card[0] == event.before, (card, event)
            card[0] = event.after
        elif event.kind == "tagged":
            assert event.after not in card[1], (card, event)
            card[1].add(event.after)
        elif event.kind == "untagged":
            assert event.before in card[1], (card, event)
            card[1].discard(event.before)
    if name in cards and after is not None and after.name != name:
        cards[after.name] = cards.pop(name)


class Historian(Person):
    """The same person, who also uses Git by hand."""

    by_git = True

    @rule()
    def hand_commit(self) -> None:
        self._git("commit")

    @precondition(lambda self: self.bench.can_amend())
    @rule()
    def amend(self) -> None:
        self._git("amend")

    @rule(back=st.integers(1, 3))
    def reset_hard(self, back: int) -> None:
        if self._git("reset", back):
            self.look_again()

    @rule()
    def stash(self) -> None:
        if self._git("stash"):
            self.look_again()

    @rule(back=st.integers(2, 3))
    def squash(self, back: int) -> None:
        self._git("squash", back)

    def _git(self, what: str, *args: int) -> bool:
        done: bool = self.bench.by_hand(what, *args)
        return done

    def look_again(self) -> None:
        """Lists have the folders HEAD gives them, and files may be broken there."""
        self.broken = {
            path: self.whole[path.rpartition("/")[2]]
            for path, data in self.bench.contents().items()
            if path in self.paths() and read_card("", data) is None
        }
        folders = {
            p.split("/")[1]
            for p in self.bench.contents()
            if p.startswith("sales/") and p.count("/") == 2
        }
        for name in LISTS:
            near = [f for f in folders if f == name or f.startswith(f"{name} ")]
            self.names[name] = near[0] if near else name


def profile(examples: int, steps: int = 25, fixed: bool = True) -> settings:
    """``fixed``: the same sequences every time, as in CI, where a change is to be judged by
    itself; by command they are random."""
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=fixed,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
