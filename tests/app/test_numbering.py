"""Numbers that `check --fix` gives to the records that have none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.app.checking import is_mendable
from bluefs.app.goods import Goods
from bluefs.app.mending import Mending, apply_mending, plan_mending
from bluefs.core.checks.examine import Sources, examine
from bluefs.core.codes import workspace as codes
from bluefs.core.config import load_config
from bluefs.core.fields.unique_id import number_of
from bluefs.core.problems import Problem
from tests.app.bench import PROJECT, Bench
from tests.app.mending_cases import Ids, gathered
from tests.app.test_numbers import FIELD, HOME, SETTINGS, add, bench, last, number, record

FIELDS = [
    "  number: {type: unique_id, prefix: DEAL-, digits: 3}   # ours\n",
    "  number: unique_id\n",
    "  number: {type: unique_id, start: 40, last: 41}\n",
    "  number: {type: unique_id, prefix: DEAL-, last: 2}\n",
    "  number:\n    type: unique_id\n    prefix: DEAL-\n  # more\n  seats: number\n",
    "  number: {type: unique_id, style: random, digits: 1}\n",
    "  number: unique_id\n  ticket: {type: unique_id, prefix: T-}\n",
]
ENTRIES = [
    "", "", "", "number:", "number: DEAL-001", "number: DEAL-2", "number: 7", "number: 041", "number: x",
    "number: [", "number: a b", "number: {a: b}", "nda: true", "ticket: T-9", "number: 7 # seven",
]  # fmt: skip
NAMES = ["A", "B", "Cé", "D", "E"]


class Letters:
    """Ids that differ in every letter."""

    def __init__(self) -> None:
        self._count = count(1)

    def new(self) -> str:
        return "z" + f"{next(self._count) * 7919:09}"[::-1]


def files_of(field: str, texts: Mapping[str, str]) -> dict[str, bytes]:
    project = f"{PROJECT.rstrip()}\n{field}"
    found = {"bluefs.yaml": "bluefs: 1\n", SETTINGS: project}
    for n, (name, entry) in enumerate(texts.items()):
        found[f"{HOME}/{name}.md"] = f"---\nid: a00000000{n}\n{entry}\n---\nText\n"
    return {path: text.encode() for path, text in found.items()}


def is_numbering(problem: Problem) -> bool:
    return problem.code is codes.UNNUMBERED


def numbers(sources: Sources, key: str = "number") -> dict[str, str]:
    records = examine(sources).survey.filed()
    return {r.path: str(r.values[key]) for r in records if r.values.get(key) is not None}


@given(
    st.sampled_from(FIELDS),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(ENTRIES), min_size=1),
    st.permutations(NAMES),
    st.integers(0, len(NAMES)),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_every_record_gets_a_number_of_its_own(
    field: str, texts: dict[str, str], order: list[str], committed: int, newline: str, alone: bool
) -> None:
    """``alone``: nothing else is mended."""
    files = {p: d.replace(b"\n", newline.encode()) for p, d in files_of(field, texts).items()}
    before = gathered(files)
    ages = {f"{HOME}/{name}.md": n for n, name in enumerate(order[:committed])}
    wants = is_numbering if alone else bool
    mending = plan_mending(before, Letters(), lambda _: True, wants, lambda: ages)
    after = mending.after
    assert not any(map(is_numbering, examine(after).problems))
    again = plan_mending(after, Letters(), lambda _: True, wants, lambda: ages)
    assert not again
    project = load_config(after.settings).config.projects["sales"]
    for key in (k for k in ("number", "ticket") if k in project.fields):
        old, new = numbers(before, key), numbers(after, key)
        definition = project.fields[key]
        for path, text in old.items():
            assert new[path] == text or (number_of(definition, new[path]), alone) == (
                number_of(definition, text),
                False,
            )
        fresh = {p: text for p, text in new.items() if p not in old and p in _bare(before, key)}
        assert len({*fresh.values()}) == len(fresh)
        assert {*fresh.values()}.isdisjoint([*old.values()])
        if definition.options.get("style") != "random" and fresh:
            worth = {p: number_of(definition, text) or 0 for p, text in fresh.items()}
            assert definition.options["last"] == max(worth.values())
            taken = [number_of(definition, text) or 0 for text in old.values()]
            assert min(worth.values()) > max(taken, default=-1)
            wanted = sorted(fresh, key=lambda p: (p not in ages, ages.get(p, 0), p))
            assert sorted(fresh, key=lambda p: worth[p]) == wanted


def _bare(sources: Sources, key: str) -> set[str]:
    """Records that can be read and have nothing there."""
    return {r.path for r in examine(sources).survey.filed() if key not in {*r.values, *r.bad}}


@given(
    st.sampled_from(FIELDS),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(ENTRIES), min_size=1),
)
@settings(max_examples=60, deadline=None)
def test_the_engine_goes_on_above_them(field: str, texts: dict[str, str]) -> None:
    b = Bench(files={p: d.decode() for p, d in files_of(field, texts).items() if p != SETTINGS},
              project=f"{PROJECT.rstrip()}\n{field}")  # fmt: skip
    b.start()
    b.settle()
    mending = mended(b, is_numbering)
    held = numbers(gathered(b.contents()))
    b.write(f"{HOME}/New.md", record())
    b.settle()
    after = numbers(gathered(b.contents()))
    assert after.items() >= held.items()
    new = after[f"{HOME}/New.md"]
    assert new not in held.values()
    definition = load_config(b.contents()).config.projects["sales"].fields["number"]
    if definition.options.get("style") != "random" and mending:
        values = [number_of(definition, text) or 0 for text in held.values()]
        assert (number_of(definition, new) or 0) > max(values, default=0)


class NoLog:
    def __call__(self, *_: object) -> None: ...

    def __getattr__(self, name: str) -> NoLog:
        return self


def mended(b: Bench, wants: object = bool) -> Mending:
    """What `check --fix` does, beside a running engine."""
    sources = gathered(b.contents())
    goods = Goods(b.git, None)
    mending = plan_mending(sources, Letters(), lambda _: True, wants, lambda: goods.ages)  # type: ignore[arg-type]
    apply_mending(b.files, NoLog(), mending, b.clock.now())  # type: ignore[arg-type]
    b.tell(*mending.writes)
    return mending


def test_more_than_the_engine_numbers_at_once() -> None:
    b = bench()
    for n in range(30):
        b.write(f"{HOME}/N{n:02}.md", record())
    b.settle()
    assert last(b) is None
    mended(b)
    b.settle()
    assert [number(b, f"N{n:02}") for n in (0, 29)] == ["DEAL-001", "DEAL-030"]
    assert last(b) == "30"
    add(b, "New")
    assert number(b, "New") == "DEAL-031"


def test_a_record_that_waits_for_its_commit_meanwhile() -> None:
    """The engine has settings at hand that are older than the numbers just given."""
    b = bench(files={f"{HOME}/Old.md": record("", "0ldrecord1")})
    b.write(f"{HOME}/A.md", record())
    b.clock.advance(9)
    b.step()  # handled, due in a moment
    mended(b)
    b.write(f"{HOME}/B.md", record())
    b.wait(1)
    b.settle()
    given = [str(number(b, name)) for name in ("Old", "A", "B")]
    assert given[:2] == ["DEAL-001", "DEAL-002"]
    assert given[2] in ("DEAL-003", "DEAL-004"), "one may be lost, none is given twice"
    assert last(b) == str(int(given[2][-3:]))


def test_the_number_of_a_deleted_record_is_not_given_again() -> None:
    b = bench()
    add(b, "A", "B")
    b.remove(f"{HOME}/B.md")
    b.settle()
    for n in range(30):
        b.write(f"{HOME}/N{n:02}.md", record())
    b.settle()
    mended(b)
    assert number(b, "N00") == "DEAL-003"


def test_a_number_in_a_file_that_cannot_be_read_counts() -> None:
    files = files_of(FIELD, {"A": "number: DEAL-009\nnote: [", "B": ""})
    mending = plan_mending(gathered(files), Ids(), lambda _: True, is_numbering)
    assert b"number: DEAL-010" in mending.writes[f"{HOME}/B.md"][1]


def test_the_counter_is_written_first() -> None:
    """Killed in between, a number is lost and none is given twice."""
    b = bench(files={f"{HOME}/Old.md": record("", "0ldrecord1")})
    b.files.told.clear()
    mended(b)
    assert b.files.told == [SETTINGS, f"{HOME}/Old.md"]


def test_where_settings_lost_something_nobody_asks_for_numbers() -> None:
    files = files_of(FIELD + "  more: [\n", {"A": "", "B": "number: DEAL-001"})
    sources = gathered(files)
    assert not any(map(is_numbering, examine(sources).problems))
    assert not plan_mending(sources, Ids(), lambda _: True, is_numbering)


def test_history_is_asked_once_and_only_where_somebody_wants_a_number() -> None:
    asked: list[int] = []

    def ages() -> Mapping[str, int]:
        asked.append(1)
        return {}

    for entry, times in (("number: DEAL-001", 0), ("", 1)):
        asked.clear()
        sources = gathered(files_of(FIELD, {"A": entry, "B": entry.replace("1", "2")}))
        plan_mending(sources, Ids(), lambda _: True, bool, ages)
        assert len(asked) == times


def test_no_number_has_more_digits_than_one_may_have() -> None:
    files = files_of("  number: unique_id\n", {"A": 'number: "999999999998"', "B": "", "C": ""})
    mending = plan_mending(gathered(files), Ids(), lambda _: True)
    given = numbers(mending.after)
    assert sorted(given.values()) == ["999999999998", "999999999999"]
    assert not plan_mending(mending.after, Ids(), lambda _: True)


def test_it_can_be_mended() -> None:
    found = examine(gathered(files_of(FIELD, {"A": ""}))).problems
    assert [(p.code.code, p.level, is_mendable(p)) for p in found] == [("BF433", "info", True)]
