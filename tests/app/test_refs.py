"""Which record, list, person, tag or key a person means: never a choice among equals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.app import refs
from bluefs.app.workspace import Snapshot
from bluefs.core.codec.record import read_record
from bluefs.core.config import load_config
from bluefs.core.errors import Refused
from bluefs.core.model import Record

SETTINGS = {
    "bluefs.yaml": b"bluefs: 1\npeople:\n  ana: {name: Ana Ruiz, email: ana@acme.example}\n"
    b"  anton: {name: Anton Berg, email: t@acme.example}\n  li: {name: Li Wei}\n"
    b"groups: {agents: [ana, li]}\n",
    "sales/project.yaml": b"name: Sales\nlists: [Open deals, Proposal, Closed won, Closed lost]\n"
    b"tags: [Key account, Urgent]\nfields: {deal_value: number, next_step: text}\n",
    "aide/project.yaml": "name: Aide\nstrict: true\nlists: [À traiter, Résolus]\n"
    "tags: [Bug, Question]\n".encode(),
}
CONFIG = load_config(SETTINGS).config
TEXTS = {
    "sales/Open deals/Renewal – Acme.md": "---\nid: r3n3w0c4tz\n---\n",
    "sales/Open deals/Renewal.md": "---\nid: r3n3wal000\n---\n",
    "sales/Proposal/Port of Brest.md": "---\nid: p0rtbr3st0\n---\n",
    "sales/Proposal/r3n.md": "---\nid: xtitle0000\n---\n",
    "aide/Résolus/Écran noir.md": "---\nid: ecran00000\ntitle: Écran noir\n---\n",
    "aide/Résolus/Sans.md": "no id\n",
}


def record(path: str, text: str) -> Record:
    found = read_record(path, text.encode(), CONFIG).record
    assert found is not None
    return found


RECORDS = tuple(record(path, text) for path, text in TEXTS.items())
SNAPSHOT = Snapshot(
    load_config(SETTINGS), RECORDS,
    folders=frozenset({"sales/Open deals", "sales/Later", "sales/_templates", "aide/Résolus"}),
)  # fmt: skip
SALES, AIDE = CONFIG.projects["sales"], CONFIG.projects["aide"]


@pytest.mark.parametrize(("text", "path"), [
    ("r3n3w0c4tz", "sales/Open deals/Renewal – Acme.md"),
    ("R3N3W0C4TZ", "sales/Open deals/Renewal – Acme.md"),
    ("r3n3w0", "sales/Open deals/Renewal – Acme.md"),
    ("p0r", "sales/Proposal/Port of Brest.md"),
    ("sales/Proposal/Port of Brest.md", "sales/Proposal/Port of Brest.md"),
    ("sales/Proposal/Port of Brest", "sales/Proposal/Port of Brest.md"),
    ("Renewal", "sales/Open deals/Renewal.md"),  # the whole title before part of one
    ("renewal", "sales/Open deals/Renewal.md"),
    ("brest", "sales/Proposal/Port of Brest.md"),
    ("ecran", "aide/Résolus/Écran noir.md"),
    ("e\u0301cran noir", "aide/Résolus/Écran noir.md"),
    ("sans", "aide/Résolus/Sans.md"),
])  # fmt: skip
def test_one_reading_is_an_answer(text: str, path: str) -> None:
    assert refs.find(SNAPSHOT, text).path == path


@pytest.mark.parametrize(("text", "key", "said"), [
    ("r3n3w", "cli.ref.several", "Renewal – Acme"),
    ("r3n", "cli.ref.several", "r3n  (sales/Proposal)"),  # a title, and two ids begin so
    ("p0", "cli.ref.none", ""),
    ("", "cli.ref.none", ""),
    ("prot of brest", "cli.ref.none.near", ""),
])  # fmt: skip
def test_none_and_several_are_refused(text: str, key: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        refs.find(SNAPSHOT, text)
    assert refused.value.key == key
    assert said in str(refused.value.fields.get("records", ""))


def test_a_path_counts_from_where_one_is() -> None:
    def inside(path: str) -> str | None:
        return None if path.startswith("/") else f"sales/Proposal/{path}"

    assert refs.find(SNAPSHOT, "Port of Brest.md", inside).id == "p0rtbr3st0"
    with pytest.raises(Refused):
        refs.find(SNAPSHOT, "/etc/passwd", inside)


@given(st.sampled_from(RECORDS), st.integers(3, 10))
def test_the_beginning_of_an_id_finds_it_or_asks(one: Record, length: int) -> None:
    if one.id is None:
        return
    try:
        assert refs.find(SNAPSHOT, one.id[:length]) == one
    except Refused as refused:
        assert refused.key == "cli.ref.several"
        assert one in refs.candidates(SNAPSHOT, one.id[:length])


@given(st.text(max_size=12))
def test_any_text_is_answered_or_refused(text: str) -> None:
    try:
        found = refs.find(SNAPSHOT, text)
    except Refused as refused:
        assert refused.key.startswith("cli.ref.")
    else:
        assert refs.candidates(SNAPSHOT, text) == [found]


@pytest.mark.parametrize(("text", "project", "key"), [
    ("prop", SALES, "Proposal"), ("OPEN", SALES, "Open deals"), ("a traiter", AIDE, "À traiter"),
    ("later", SALES, "Later"), ("aide/res", SALES, "Résolus"),
])  # fmt: skip
def test_lists(text: str, project: refs.Project, key: str) -> None:
    assert refs.list_of(SNAPSHOT, text, project).list.key == key


@pytest.mark.parametrize(("text", "key", "near"), [
    ("prposal", "cli.list.none.near", "Proposal"), ("won", "cli.list.none.near", "Closed won"),
    ("closed", "cli.list.several", None), ("zzz", "cli.list.none", None),
    ("_templates", "cli.list.none", None),
])  # fmt: skip
def test_no_such_list(text: str, key: str, near: str | None) -> None:
    with pytest.raises(Refused) as refused:
        refs.list_of(SNAPSHOT, text, SALES)
    assert (refused.value.key, refused.value.fields.get("near")) == (key, near)
    assert "Proposal" in str(refused.value.fields["names"]) or key == "cli.list.several"


def test_people() -> None:
    assert refs.people_of("ana", CONFIG, None) == ("ana",)
    assert refs.people_of("@ANA", CONFIG, None) == ("ana",)
    assert refs.people_of("wei", CONFIG, None) == ("li",)
    assert refs.people_of("me", CONFIG, "li") == ("li",)
    assert refs.people_of("Agents", CONFIG, None) == ("ana", "li")
    assert refs.people_of("everyone", CONFIG, None) == ("ana", "anton", "li")
    for text, key in (("an", "cli.person.several"), ("annna", "cli.person.none.near")):
        with pytest.raises(Refused) as refused:
            refs.people_of(text, CONFIG, None)
        assert refused.value.key == key
    with pytest.raises(Refused):
        refs.people_of("me", CONFIG, None)


def test_tags() -> None:
    assert refs.tag_of("key-account", SALES) == "Key account"
    assert refs.tag_of("brand new", SALES) == "brand new"
    assert refs.tag_of("key", SALES) == "key"  # a new tag may begin like an old one
    assert refs.tag_of("#bu", AIDE) == "Bug"
    assert refs.tag_of("BRAND-NEW", SALES, ["brand new"]) == "brand new"
    with pytest.raises(Refused) as refused:
        refs.tag_of("new", AIDE)
    assert refused.value.key == "cli.tag.none"


def test_keys() -> None:
    assert refs.key_of(None, "deal value", SALES) == "deal_value"
    assert refs.key_of(None, "next", SALES) == "next_step"
    assert refs.key_of(None, "aliases", SALES) == "aliases"
    for text, key in (("d", "cli.key.several"), ("deel_value", "cli.key.none.near")):
        with pytest.raises(Refused) as refused:
            refs.key_of(None, text, SALES)
        assert refused.value.key == key
    loose = record("sales/Proposal/x.md", "---\nmood: good\n---\n")
    assert refs.key_of(loose, "mood", SALES) == "mood"


@pytest.mark.parametrize("key", ["created", "updated", "completed", "path", "Comments"])
def test_what_bluefs_knows_by_itself_is_no_mistyped_key(key: str) -> None:
    """``created`` was taken for a slip of ``repeat``."""
    with pytest.raises(Refused) as refused:
        refs.key_of(RECORDS[0], key, SALES)
    assert refused.value.key == "cli.key.reserved"
