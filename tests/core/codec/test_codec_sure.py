"""What passes at a glance has nothing wrong with it, and the id and the keys that were told."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bluefs.core.codec.plan import plan_of
from bluefs.core.codec.record import read_record
from bluefs.core.codec.sure import _whole, glance, sure_of
from bluefs.core.config import load_config
from tests.cli.test_all_kinds import PROJECT
from tests.core.codec.test_codec_quick import SPACES, VALUES, WILD

FILES = {
    "bluefs.yaml": b"bluefs: 1\npeople:\n  ana: {name: Ana, email: ana@acme.example}\n",
    "rates.csv": b"date,from,to,rate\n2026-01-01,EUR,USD,1.1\n",
    "all/project.yaml": (PROJECT + "tags: [Urgent, Key account]\n").encode(),
}
LOADED = load_config(FILES)
CONFIG = LOADED.config
PLAN = plan_of(CONFIG, CONFIG.projects["all"])
ALL = sorted([*PLAN.fields, "id", "title", "aliases", "zzz"])
FIT = {
    "id": ["k7h3kq0m2x", "K7H3KQ0M2X", "k7h3"], "seats": ["1", "500", "501", "1.5", "-0"],
    "value": ["12000", "12.50", "-0.5", "007", "1e3", "12,000", "0.123"], "chance": ["40", "40.55"],
    "due": ["2026-12-01", "2026-02-29", "2026-02-30", "2026-12-01T25:00", "2026-12-01 08:30"],
    "closing": ["2026-12-01", "2026-12-01/2026-12-05"], "position": ["a0", "a0V", "b00"],
    "email": ["a@b.example", "a.b+c@x-y.example", "a@b", "a..b@c.example", "-@-.ex"],
    "site": ["https://x.example/?a=1&b=2", "http://", "javascript:alert(1)", "https://a b"],
    "number": ["DEAL-001", "DEAL-1"], "phone": ["+33612345678"], "land": ["FR", "fr"],
    "go": ["press", "no"], "done": ["true", "yes"], "tags": ["[Urgent, Urgent]", "Other"],
    "office": ["48.8566, 2.3522", "91, 0"], "repeat": ["every 2 weeks", "now"],
}  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> str:
    key = draw(st.sampled_from(ALL))
    value = draw(st.one_of(st.sampled_from(FIT.get(key, ["a"])), VALUES))
    form = draw(st.sampled_from(["{}: {}", "{}: {}", "{}:   {} ", '{}: "{}"', "{}: '{}'  # x", "{}: {} # x", "{}: {} #",
                                 "{}: {}\n# x\n", "{}: '{} # x'", "{}: {}\n#: x",
                                 "{}: [{}]", "{}: [{}, {}]", "{0}:\n- {1}\n- {2}", "{}:\n  - {}", "{}:{}", " {}: {}", "{} : {}"]))  # fmt: skip
    more = draw(st.one_of(st.sampled_from(FIT.get(key, ["b"])), VALUES))
    return form.format(key, value, more)


FRONTS = st.lists(entries(), max_size=4)
BODIES = st.one_of(
    st.just("Text\n"), WILD, st.sampled_from(["---\n", "<<<<<<< a\n=======\n>>>>>>> b\n", "\0", ""])
)


ABOVE = st.lists(
    st.sampled_from(["# yaml-language-server: $schema=x", "#", "", " ", "#\t"]), max_size=2
)


@given(FRONTS, BODIES, st.sampled_from(["\n", "\n", "\r\n", "\n\ufeff"]), SPACES, ABOVE)
@example(["id: k7h3kq0m2x", "line: null"], "", "\n", "", [])
@example(["products:\n- 'null'\n- null"], "", "\n", "", [])
@example(["lands: [FR, FR]"], "", "\n", "", [])
@example(["id: k7h3kq0m2x", "line: a", "line: b"], "", "\n", "", [])
@example(["id: k7h3kq0m2x", "line: a\n  b"], "", "\n", "", [])
@example(["id: k7h3kq0m2x", "...", "line: a"], "", "\n", "", [])
@example(["position: 'a0 # x'"], "", "\n", "", [])
@example(["line: null # x"], "", "\n", "", [])
@example(["position: null"], "", "\n", "", [])
@example(["position: Null  # x"], "", "\n", "", [])
@example(["line: null", "# x"], "", "\n", "", [])
@example(["tags: [Urgent]", "line: a", "tags: [Urgent]"], "", "\n", "", [])
@settings(max_examples=1500, deadline=None)
def test_what_passes_is_sound(
    front: list[str], body: str, newline: str, tail: str, above: list[str]
) -> None:
    text = "\n".join(["---", *above, "id: k7h3kq0m2x", *front, f"---{tail}", body])
    end, mark = newline.removesuffix("\ufeff"), newline[1:].strip()
    data = (mark + text.replace("\n", end)).encode("utf-8", "replace")
    sure, whole = sure_of(PLAN, 1), sure_of(PLAN, 10_000)
    for one in (sure, sure, whole, whole):  # the second time every entry is known
        found = glance(data, one)
        if found is None:
            continue
        reading = read_record("all/Open/r.md", data, CONFIG)
        record = reading.record
        assert not reading.problems and record is not None and not reading.empty
        titled = {"title"} if record.title_key else set()
        assert found == (record.id, {"id", *titled, *record.values})


@pytest.mark.parametrize(
    "front",
    [
        "line: A word of it, R&D", "value: 12000.50", "due: 2026-12-01T08:30", "tags: [Urgent]",
        "tags:\n  - Urgent\n  - Key account", "source: Web", "email: ana@acme.example",
        "site: https://x.example/a?b=1", "assignees: ana", "position: a0V", "nda: true",
        'title: "Re: offer"', "title: An offer", "line: 'Quoted: #1'", "line: Ünï, « çédille » (ok)", "chance: 40", "seats: 12  # about",
    ],
)  # fmt: skip
def test_what_people_usually_write_passes(front: str) -> None:
    """Or the glance would be of no use."""
    assert all(p.level == "info" for p in LOADED.problems)
    data = f"---\nid: k7h3kq0m2x\n{front}\n---\nText\n".encode()
    found = glance(data, sure_of(PLAN, 1))
    assert found == ("k7h3kq0m2x", {"id", front.partition(":")[0]})


def test_both_ways_come_to_the_same() -> None:
    """With a form, and entry by entry."""
    front = (
        "\n# above\ntags:\n- Urgent\n# a word\n\nline: 'b: c' # d\nvalue: 12\nassignees: [ana]\n"
    )
    data = f"---\n{front}id: k7h3kq0m2x\n---\nText\n".encode()
    one, other = sure_of(PLAN, 1), sure_of(PLAN, 10_000)
    found = glance(data, other)
    assert found == glance(data, one)
    assert found == ("k7h3kq0m2x", {"id", "tags", "line", "value", "assignees"})
    assert other.form is not None
    assert _whole(data.decode(), other, other.form) == found


@pytest.mark.parametrize(
    "front",
    [
        f"line: a{' ' * 7000}:", f"line: {'a:' * 3500}:", f"line: {'a: ' * 2500}", "#\n" * 3900,
        "\n" * 7900, f"line: 'a{' ' * 7000}", f"line: a #{' #' * 3500}:\"", f"{'tags:' * 1500}",
        "tags:\n" + " \n" * 3000 + "\t", f"email: {'a.' * 3000}@", f"site: https://{'/' * 7000} x",
        "\n".join(f"k{n}: a" for n in range(700)),
    ],
)  # fmt: skip
def test_no_text_takes_long(front: str) -> None:
    """The expressions have one way through it; 50 ms is what any file may cost."""
    data = f"---\nid: k7h3kq0m2x\n{front}\n---\n".encode()
    sure = sure_of(PLAN, 10_000)
    taken = []
    for _ in range(3):
        began = time.process_time()
        glance(data, sure)
        taken.append(time.process_time() - began)
    assert min(taken) < 0.05


@pytest.mark.parametrize("text", ["\ufeff{}", "{}", "\ufeff{}\r"])
def test_other_line_ends_are_no_matter(text: str) -> None:
    """What some Windows editors save; a lone carriage return is nobody's line end."""
    data = text.format("---\r\nid: k7h3kq0m2x\r\nline: a\r\n---\r\nText\r\n").encode()
    found = glance(data, sure_of(PLAN, 1))
    assert found == (None if text[-1] == "\r" else ("k7h3kq0m2x", {"id", "line"}))
