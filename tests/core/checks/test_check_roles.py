"""Laws of roles, and of what differs between two states of a record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.core.checks.changes import Change, Comparison, check_changes
from bluefs.core.checks.roles import Act, is_admin, refused, roles_of, written_by_rules
from bluefs.core.checks.touched import CREATED, DELETED, LAYOUT, SAID, touched
from bluefs.core.config import load_config
from bluefs.core.model import Config, Person, Project, Record, Role, Workspace
from tests.core.strategies import edits, records

PEOPLE = {name: Person(name, name.title(), (f"{name}@x.example",)) for name in ("ana", "li", "bo")}
WORKSPACE = Workspace(people=PEOPLE, groups={"team": ("li", "bo")})
KEYS = ("deal_value", "due", "tags", "description", "list", "comments", "title", LAYOUT)
MEMBERS = st.lists(st.sampled_from(["ana", "li", "bo", "team", "everyone", "@li"]), max_size=3)
KINDS = ("admin", "member", "client", "comment-only", "view-only")


@st.composite
def roles(draw: st.DrawFn) -> Role:
    members = tuple(draw(MEMBERS))
    kind = draw(st.sampled_from([*KINDS, "custom", "custom"]))
    if kind != "custom":
        return Role(kind, kind, members)  # type: ignore[arg-type]
    return Role(
        "own", "custom", members,
        draw(st.none() | st.just(()) | st.just(("Open", "Won"))),
        draw(st.none() | st.just(("Urgent",))),
        draw(st.dictionaries(st.sampled_from(KEYS), st.booleans(), max_size=3)),
        draw(st.booleans()), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def acts(draw: st.DrawFn) -> Act:
    before = draw(records())
    after = draw(st.just(before) | edits(before) | st.none())
    parts = touched(before, after) or frozenset([LAYOUT])
    return Act(draw(st.sampled_from(["ana", "li", "bo", "cy"])), before, after, parts)


def project(*some: Role) -> Project:
    return Project("p", "P", roles={str(n): role for n, role in enumerate(some)})


@given(st.lists(roles(), min_size=1, max_size=3), roles(), acts())
def test_another_role_never_takes_a_right_away(some: list[Role], more: Role, act: Act) -> None:
    before = refused(act, project(*some), WORKSPACE)
    after = refused(act, project(*some, more), WORKSPACE)
    assert after <= before <= act.parts


@given(acts())
def test_the_two_ends(act: Act) -> None:
    everyone = ("everyone",)
    for kind in ("admin", "member"):
        assert not refused(act, project(Role(kind, kind, everyone)), WORKSPACE)
    assert refused(act, project(Role("v", "view-only", everyone)), WORKSPACE) == act.parts
    assert refused(act, project(Role("m", "member", ())), WORKSPACE) == act.parts
    assert not refused(act, project(), WORKSPACE)
    client = refused(act, project(Role("c", "client", everyone)), WORKSPACE)
    assert client == act.parts & {DELETED}


@given(acts(), st.sampled_from(KEYS))
def test_a_role_of_ones_own_without_options_is_a_member_but_for_others_names(
    act: Act, key: str
) -> None:
    open_role = Role("own", "custom", ("everyone",))
    assert refused(act, project(open_role), WORKSPACE) <= {"comments"}
    shut = replace(open_role, fields={key: False})
    said = {SAID} if key == "comments" else set()  # what others have said goes with comments
    assert refused(act, project(shut), WORKSPACE) <= {"comments", key, DELETED, *said}
    none = replace(open_role, others=False)
    assert refused(act, project(none), WORKSPACE) >= act.parts - {"comments", CREATED}
    nowhere = replace(open_role, lists=())
    assert refused(act, project(nowhere), WORKSPACE) == act.parts


@given(acts())
def test_only_what_is_assigned(act: Act) -> None:
    mine = project(Role("own", "custom", ("everyone",), only_assigned=True))
    states = [record for record in (act.before, act.after) if record is not None]
    if not all(act.handle in record.tuple_of("assignees") for record in states):
        assert refused(act, mine, WORKSPACE) == act.parts


@pytest.mark.parametrize(("member", "handles"), [
    ("li", {"li"}), ("@li", {"li"}), ("team", {"li", "bo"}), ("everyone", {"ana", "li", "bo", "cy"}),
    ("nobody", set()),
])  # fmt: skip
def test_who_a_member_is(member: str, handles: set[str]) -> None:
    home = project(Role("admin", "admin", (member,)))
    found = {h for h in ("ana", "li", "bo", "cy") if roles_of(h, home, WORKSPACE)}
    assert found == handles == {h for h in (*PEOPLE, "cy") if is_admin(h, home, WORKSPACE)}


@given(records())
def test_a_record_does_not_differ_from_itself(record: Record) -> None:
    assert touched(record, record) == frozenset()
    assert touched(record, replace(record, id="x000000001")) == frozenset()
    assert touched(record, None) == {DELETED}
    assert CREATED in touched(None, record)
    assert touched(None, record) >= record.values.keys() - {"position"}


@given(records().flatmap(lambda r: st.tuples(st.just(r), edits(r))))
def test_what_differs_is_told_both_ways(pair: tuple[Record, Record]) -> None:
    old, new = pair
    swap = {"comments": "said", "said": "comments"}
    assert touched(old, new) == {swap.get(part, part) for part in touched(new, old)}


@given(st.text(), st.sampled_from(["Bluefs-Rule", "bluefs-rule", "X"]))
def test_a_trailer_excuses_only_what_a_rule_writes(value: str, name: str) -> None:
    rules = load_config({
        "p/project.yaml": b"lists:\n  A:\nfields:\n  n: number\n  m: number\n",
        "p/automations.yaml": b"- name: R\n  when: completed\n  then:\n    - set: {n: 1}\n    - move: A\n",
    }).config.rules  # fmt: skip
    assert all(
        parts <= {"n", "list"} for parts in written_by_rules([(name, value)], rules).values()
    )
    given = [(name, "r1 n,m,list p/R"), (name, f"r2 n {value}"), (name, "p/R")]
    found = written_by_rules(given, rules)
    if name != "X":
        assert found["r1"] == {"n", "list"} == found[""]
    else:
        assert not found


@given(st.lists(records(), max_size=5))
def test_no_change_is_no_problem(some: list[Record]) -> None:
    config = Config(WORKSPACE, {"sales": Project("sales", "Sales")})
    same = tuple(Change(record, record) for record in some)
    assert check_changes(Comparison(config, config, same)) == []
