"""Rules that move a record to the top of a list: both lanes, and in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.app.bench import Bench

RULES = """\
- name: Urgent first
  when:
    tagged: Urgent
  then:
    - move:
        list: Proposal
        top: true
- name: Newest first
  when:
    moved: Won
  then:
    - move:
        list: Won
        top: true
"""
NAMES = ("A", "B", "C", "D")


def bench(**positions: str) -> Bench:
    files = {f"sales/{name}/.gitkeep": "" for name in ("Proposal", "Won", "Archive")}
    for n, name in enumerate(NAMES):
        line = f"position: {positions[name]}\n" if name in positions else ""
        files[f"sales/Open deals/{name}.md"] = f"---\nid: rec0rd000{n}\n{line}---\nText\n"
    b = Bench(RULES, files)
    b.start()
    b.settle()
    return b


def path_of(b: Bench, name: str) -> str:
    return next(p for p in b.contents() if p.endswith(f"/{name}.md"))


def position(b: Bench, name: str) -> str:
    text = b.read(path_of(b, name))
    return text.partition("position: ")[2].partition("\n")[0]


def tag(b: Bench, name: str) -> None:
    b.edit(path_of(b, name), "---\nText", "tags: [Urgent]\n---\nText")


def first_in(b: Bench, folder: str) -> list[str]:
    """Names of the list's records with a position, first first."""
    inside = [n for n in NAMES if path_of(b, n).startswith(f"sales/{folder}/")]
    return sorted((n for n in inside if position(b, n)), key=lambda n: position(b, n))


def test_the_last_one_tagged_is_first() -> None:
    b = bench()
    for name in ("A", "B", "C"):
        tag(b, name)
        b.settle()
    assert first_in(b, "Proposal") == ["C", "B", "A"]
    assert len(b.log()) == 4, b.log()  # the rule's write and the edit are one commit


def test_a_record_that_is_first_already_stays_where_it_is() -> None:
    b = bench(A="a5")
    b.move(path_of(b, "A"), "sales/Won/A.md")
    b.settle()
    assert position(b, "A") == "a5"


def test_a_place_somebody_chose_holds() -> None:
    b = bench(A="a5", B="a7")
    for name in ("A", "B"):
        b.move(path_of(b, name), f"sales/Won/{name}.md")
        b.edit(path_of(b, name), "position: a", "position: b0")
        b.settle()
    assert [position(b, "A"), position(b, "B")] == ["b05", "b07"]


def test_a_tag_committed_by_hand_is_answered_by_lane_two() -> None:
    b = bench(A="a3", B="a4")
    for name in ("A", "B"):
        tag(b, name)
    assert b.by_hand("commit")
    b.settle()
    assert first_in(b, "Proposal") in (["B", "A"], ["A", "B"])
    assert len({position(b, "A"), position(b, "B")}) == 2


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["tag", "untag", "won", "back", "commit", "stop", "start", "wait", "reset"]),
        st.sampled_from(NAMES),
    ),
    max_size=14,
)  # fmt: skip


@given(STEPS, st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["a0", "a1", "Zz"])))
def test_it_comes_to_rest_and_a_restart_changes_nothing(
    steps: list[tuple[str, str]], positions: dict[str, str]
) -> None:
    """Lane two finds what lane one wrote as if a person had: it does not put it first again."""
    b = bench(**positions)
    for what, name in steps:
        path = path_of(b, name)
        text = b.read(path)
        if what == "tag" and "tags:" not in text:
            tag(b, name)
        elif what == "untag":
            b.write(path, text.replace("tags: [Urgent]\n", ""))
        elif what in ("won", "back"):
            to = "Won" if what == "won" else "Open deals"
            b.move(path, f"sales/{to}/{name}.md") if not path.startswith(f"sales/{to}/") else None
        elif what in ("commit", "reset"):
            b.by_hand(what, *([1] if what == "reset" else []))
        elif what == "stop":
            b.stop()
        elif what == "start":
            b.start()
        else:
            b.pause(3)
    b.start()
    b.settle()
    files, commits = b.contents(), len(b.log())
    tree = b.git.tree(b.git.head() or "")
    assert {p: b.git.hash_blob(d) for p, d in files.items()} == dict(tree)
    b.stop()
    b.start()
    b.settle()
    assert (b.contents(), len(b.log())) == (files, commits)
