"""Files with another record's id, or none, that a person commits by hand: who they are, and that
each mail goes once."""

from __future__ import annotations

import pytest

from bluefs.app.reports import Fired
from tests.app.bench import WORKSPACE, Bench

RULES = """\
- name: New
  when: created
  then:
    - send_email: {to: ana, subject: "new ${title}", body: b}
- name: Press
  when: {pressed: send_offer}
  then:
    - send_email: {to: ana, subject: "pressed ${title}", body: b}
- name: Won
  when: {moved: Won}
  then:
    - send_email: {to: ana, subject: "won ${title}", body: b}
    - move: Archive
"""
ONE = "sales/Open deals/One.md"
TWO = "sales/Open deals/Two.md"
TEXT = "---\nid: k7f3q0aaaa\n---\nText\n"
OTHER = "---\nid: m2b4c5dddd\n---\nOther\n"


def bench(**files: str) -> Bench:
    found = {ONE: TEXT, "sales/Won/.gitkeep": "", "sales/Archive/.gitkeep": ""}
    found |= {f"sales/Open deals/{name}.md": text for name, text in files.items()}
    b = Bench(RULES, found, workspace=WORKSPACE)
    b.start()
    b.settle()
    return b


def hand(b: Bench, what: str, *args: int) -> None:
    assert b.by_hand(what, *args)


def ids(b: Bench) -> dict[str, str]:
    return {
        p.rpartition("/")[2]: d.decode().partition("id: ")[2].partition("\n")[0]
        for p, d in b.contents().items()
        if p.endswith(".md")
    }


@pytest.mark.parametrize("text", [TEXT, "---\nnote: new\n---\n"], ids=["a copy", "no id"])
def test_a_file_committed_by_hand_gets_its_own_id_and_one_mail(text: str) -> None:
    b = bench()
    b.write(TWO, text)
    hand(b, "commit")
    b.settle()
    assert b.mails() == ["new Two"]
    own = ids(b)["Two.md"]
    assert own not in ("", "k7f3q0aaaa") and ids(b)["One.md"] == "k7f3q0aaaa"
    hand(b, "amend")
    b.settle()
    hand(b, "reset", 1)
    b.settle()
    assert b.mails() == ["new Two"]


def test_a_copy_goes_on_under_its_name_when_its_commit_is_amended() -> None:
    b = bench()
    b.write(TWO, TEXT)
    hand(b, "commit")
    b.settle()
    own = ids(b)["Two.md"]
    hand(b, "reset", 1)  # before the id was written: Two is a copy of One again
    b.edit(TWO, "Text", "Text, and more")
    hand(b, "amend")
    b.settle()
    assert ids(b)["Two.md"] == own and b.mails() == ["new Two"]


def test_copies_are_known_through_several_commits_that_nobody_saw() -> None:
    b = bench()
    b.stop()
    b.write(TWO, TEXT)
    hand(b, "commit")
    b.move_folder("sales/Open deals", "sales/Deals")
    hand(b, "commit")
    b.edit("sales/Deals/Two.md", "---\nText", "send_offer: press\n---\nText")
    hand(b, "commit")
    b.start()
    b.settle()
    assert sorted(b.mails()) == ["new Two", "pressed Two"]
    assert ids(b)["One.md"] == "k7f3q0aaaa" != ids(b)["Two.md"]


@pytest.mark.parametrize("spoiled", ["", "---\nid: k7f3q0aaaa\na: b: c\n---\n"])
@pytest.mark.parametrize("engine", [True, False], ids=["engine on", "engine off"])
def test_a_press_that_was_answered_is_no_news_after_a_broken_commit(
    spoiled: str, engine: bool
) -> None:
    b = bench()
    pressed = TEXT.replace("\n---\nText", "\nsend_offer: press\n---\nText")
    if not engine:
        b.stop()
    for text in (pressed, spoiled):
        b.write(ONE, text)
        hand(b, "commit")
    if engine:
        b.settle()
    b.write(ONE, pressed)
    hand(b, "commit")
    if not engine:
        b.start()
    b.settle()
    assert b.mails() == ["pressed One"]


def test_a_rule_moves_to_another_name_where_an_uncommitted_file_stands() -> None:
    b = bench()
    b.stop()
    b.move(ONE, "sales/Won/One.md")
    b.write("sales/Archive/One.md", OTHER)
    b.start()
    b.settle()
    tree = b.git.tree(b.git.head())
    disk = {p for p in b.contents() if p.endswith(".md")}
    assert disk == {"sales/Archive/One.md", "sales/Archive/One 2.md"}
    assert disk <= tree.keys() and sorted(b.mails()) == ["new One", "won One"]


def test_a_file_copied_over_another_stays_that_other() -> None:
    b = bench(Two=OTHER)
    b.write(TWO, TEXT)
    b.settle()
    assert b.read(TWO) == TEXT.replace("k7f3q0aaaa", "m2b4c5dddd")
    assert not b.mails() and ids(b)["One.md"] == "k7f3q0aaaa"


def test_a_file_copied_over_another_by_hand_stays_that_other() -> None:
    b = bench(Two=OTHER)
    b.stop()
    b.write(TWO, TEXT)
    hand(b, "commit")
    b.start()
    b.settle()
    assert b.read(TWO) == TEXT.replace("k7f3q0aaaa", "m2b4c5dddd") and not b.mails()


def test_no_id_is_written_into_two_files() -> None:
    b = bench()
    b.write(TWO, TEXT)
    hand(b, "commit")
    b.settle()
    b.move_folder("sales/Open deals", "sales/Deals")
    hand(b, "reset", 1)  # the copy is back, and its moved file holds the id that it had got
    b.settle()
    texts = [d.decode() for p, d in b.contents().items() if p.endswith(".md")]
    found = [text.partition("id: ")[2].partition("\n")[0] for text in texts]
    assert len(found) == 4 == len(set(found)), found


def test_a_record_moved_and_emptied_by_a_commit_is_whoever_has_its_id_next() -> None:
    """Written anew elsewhere, it has moved; what stands where it was emptied is something else."""
    b = bench()
    b.stop()
    b.move_folder("sales/Open deals", "sales/Deals")
    b.write("sales/Deals/One.md", "")
    hand(b, "commit")
    b.start()
    b.write("sales/Won/One.md", TEXT)
    b.settle()
    assert ids(b)["One.md"] == "k7f3q0aaaa"
    assert sorted(b.mails()) == ["new One", "won One"]
    held = {p: d for p, d in b.contents().items() if p.endswith(".md")}
    assert held.keys() == {"sales/Deals/One.md", "sales/Archive/One.md"}
    assert held["sales/Archive/One.md"] == TEXT.encode()


def test_a_record_moved_and_broken_by_a_commit_is_itself_once_it_is_mended() -> None:
    b = bench()
    b.stop()
    b.move(ONE, "sales/Won/One.md")
    b.write("sales/Won/One.md", TEXT.replace("---\nText", "note: a: b\n---\nText"))
    hand(b, "commit")
    b.write("sales/Won/One.md", TEXT)
    b.write("sales/Won/Copy.md", TEXT)
    b.start()
    b.settle()
    found = ids(b)
    assert found["One.md"] == "k7f3q0aaaa" != found["Copy.md"]
    assert sorted(b.mails()) == ["new Copy", "won One"]


def test_a_write_that_waited_for_its_file_is_told_and_has_its_trailer() -> None:
    """The rule fired while nobody could write the file; what it wrote later is its own all the same."""
    b = bench()
    b.move(ONE, "sales/Won/One.md")
    b.write("sales/Won/One.md", "")
    b.pause(15)
    b.write("sales/Won/One.md", TEXT.replace("Text", "More"))
    b.settle()
    assert "sales/Archive/One.md" in b.contents()
    assert [r.firing.rule.name for r in b.reports if isinstance(r, Fired)] == ["Won"]
    trailers = [t for c in b.git.first_parent_log(b.git.head() or "") for t in c.trailers]
    assert ("Bluefs-Rule", "k7f3q0aaaa list sales/Won") in trailers
