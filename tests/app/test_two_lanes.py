"""The cases of docs/architecture.md, "Two lanes": what mails go out where people and rules meet
in the history."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bluefs.app.docs import BlobIds
from bluefs.app.reports import Stopped
from tests.app.bench import WORKSPACE, Bench
from tests.app.test_engine import OFFER, OPEN, PROPOSAL, RENEWAL, WON, bench

ARCHIVE = "sales/Archive/Renewal – Acme.md"
WON_RULE = """\
- name: Won
  when: {moved: Won}
  then:
    - send_email: {to: ana, subject: "Won ${title}", body: b}
    - move: Archive
"""
PRESS_RULE = """\
- name: Press
  when: {pressed: send_offer}
  then:
    - send_email: {to: ana, subject: "Pressed ${title}", body: b}
    - complete
"""
OFFERED = ["Our offer: Renewal – Acme"]


def hand(b: Bench, message: str = "by hand") -> None:
    b.hands.commit(message)
    b.git_moved()


def test_won_and_archived_by_hand_in_two_commits_mails_once() -> None:
    b = bench(WON_RULE)
    b.stop()
    b.files.move_tree(OPEN, WON)
    b.hands.commit("won")
    b.files.move_tree(WON, ARCHIVE)
    b.hands.commit("archived")
    b.start()
    b.settle()
    assert b.mails() == ["Won Renewal – Acme"]
    assert b.files.read(ARCHIVE) is not None and len(b.log()) == 3


def test_a_press_cleared_by_hand_before_anyone_committed_is_no_press() -> None:
    b = bench(PRESS_RULE)
    b.edit(OPEN, "tags:", "send_offer: press\ntags:")
    b.edit(OPEN, "send_offer: press\n", "")
    b.settle()
    assert b.mails() == [] and b.read(OPEN) == RENEWAL


def test_a_press_committed_and_cleared_by_hand_mails_once() -> None:
    b = bench(PRESS_RULE)
    b.stop()
    b.files.put(OPEN, RENEWAL.replace("tags:", "send_offer: press\ntags:").encode())
    b.hands.commit("pressed")
    b.files.put(OPEN, RENEWAL.encode())
    b.hands.commit("cleared")
    b.start()
    b.settle()
    assert b.mails() == ["Pressed Renewal – Acme"]
    assert "done: true" in b.read(OPEN) and "send_offer" not in b.read(OPEN)


def test_a_merged_side_that_pressed_and_cleared_shows_only_its_net_difference() -> None:
    b = bench(PRESS_RULE)
    b.stop()
    base = b.git.head()
    assert base is not None
    b.hands.make_branch("side", base)
    b.hands.checkout("side")
    b.files.put(OPEN, RENEWAL.replace("tags:", "send_offer: press\ntags:").encode())
    b.hands.commit("pressed")
    b.files.put(OPEN, RENEWAL.replace("Hello", "Hello, side").encode())
    b.hands.commit("cleared, and a word")
    b.hands.checkout("main")
    b.hands.merge("side", fast_forward=False)
    b.start()
    b.settle()
    assert b.mails() == [] and "Hello, side" in b.read(OPEN)


def test_a_merged_side_that_moved_mails_once() -> None:
    b = bench()
    b.stop()
    b.hands.make_branch("side")
    b.hands.checkout("side")
    b.files.move_tree(OPEN, PROPOSAL)
    b.hands.commit("moved")
    b.hands.checkout("main")
    b.files.put("sales/Open deals/Other.md", b"---\nid: a000000000\n---\n")
    b.hands.commit("other")
    b.hands.merge("side", fast_forward=False)
    b.start()
    b.settle()
    assert b.mails() == OFFERED
    assert "probability: 50" in b.read(PROPOSAL)


def test_the_mark_as_second_parent_of_the_tip_still_leads_one_line() -> None:
    b = bench()
    before = b.git.head()
    b.edit(OPEN, "Hello", "Hello there")
    b.settle()  # the mark now stands on the engine's commit
    carried = b.git.head()
    assert before is not None and carried is not None
    b.stop()
    b.hands.make_branch("theirs", carried)
    b.hands.reset_hard(before)
    b.files.put("sales/Open deals/Other.md", b"---\nid: a000000000\n---\n")
    b.hands.commit("other")
    b.hands.merge("theirs", fast_forward=False)
    b.files.move_tree(OPEN, PROPOSAL)
    b.hands.commit("moved")
    b.start()
    b.settle()
    assert b.mails() == OFFERED


def test_a_rules_tag_taken_away_before_any_commit_comes_back_once() -> None:
    b = bench()
    b.move(OPEN, PROPOSAL)
    b.step()
    b.edit(PROPOSAL, "[Key account, Contacted]", "[Key account]")
    b.settle()
    b.settle()
    assert "Contacted" in b.read(PROPOSAL)
    assert b.mails() == OFFERED
    b.edit(PROPOSAL, ", Contacted", "")
    b.settle()
    assert "Contacted" not in b.read(PROPOSAL), "once: from then on it is the person's word"
    assert b.mails() == OFFERED


def test_what_a_person_sets_in_the_same_change_no_rule_overwrites() -> None:
    b = bench()
    b.stop()
    text = RENEWAL.replace("email:", "probability: 80\nemail:")
    b.files.move_tree(OPEN, PROPOSAL)
    b.files.put(PROPOSAL, text.encode())
    b.start()
    b.settle()
    assert "probability: 80" in b.read(PROPOSAL)
    assert "Contacted" in b.read(PROPOSAL) and b.mails() == OFFERED


def test_what_a_rule_foresaw_and_a_person_then_does_is_no_event() -> None:
    b = bench(
        WON_RULE + '- name: Archived\n  when: {moved: Archive}\n  then:\n'
        '    - send_email: {to: ana, subject: "Archived ${title}", body: b}\n',
        workspace=WORKSPACE.replace("sync: auto", "sync: manual"),
    )  # fmt: skip
    b.move(OPEN, WON)
    hand(b, "won")
    b.settle()
    assert sorted(b.mails()) == ["Archived Renewal – Acme", "Won Renewal – Acme"]
    assert b.files.read(ARCHIVE) is not None, "the rule's move is in the worktree"
    hand(b, "archived, as the rule wanted")
    b.settle()
    assert sorted(b.mails()) == ["Archived Renewal – Acme", "Won Renewal – Acme"]


def test_a_relative_date_is_of_the_day_of_the_event() -> None:
    b = bench()
    night = datetime(2026, 11, 24, 22, 59, 57, tzinfo=UTC)  # 23:59:57 in Paris
    b.clock.set(night)
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert "due: 2026-12-01" in b.read(PROPOSAL) and b.mails() == OFFERED
    assert len(b.log()) == 2, "lane two wants nothing else after midnight"


def test_a_squash_of_trigger_and_answer_mails_once() -> None:
    b = bench(WON_RULE)
    start = b.git.head()
    assert start is not None
    b.move(OPEN, WON)
    b.settle()
    assert b.mails() == ["Won Renewal – Acme"] and len(b.log()) == 3
    b.hands.squash(start, "all of it")
    b.git_moved()
    b.settle()
    assert b.mails() == ["Won Renewal – Acme"]
    assert b.files.read(ARCHIVE) is not None and len(b.log()) == 2


def test_a_redone_change_after_a_reset_mails_no_second_time() -> None:
    b = bench()
    start = b.git.head()
    assert start is not None
    b.move(OPEN, PROPOSAL)
    b.settle()
    b.hands.reset_hard(start)
    b.git_moved()
    b.settle()
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == OFFERED


def test_a_stash_and_its_return_mail_once() -> None:
    b = bench(workspace=WORKSPACE.replace("sync: auto", "sync: manual"))
    b.edit(OPEN, "Hello", "Hello you")
    b.settle()
    b.hands.stash()
    b.git_moved()
    b.settle()
    assert b.read(OPEN) == RENEWAL
    b.hands.stash_pop()
    b.tell(OPEN)
    b.settle()
    b.move(OPEN, PROPOSAL)
    b.settle()
    hand(b)
    b.settle()
    assert b.mails() == OFFERED and "Hello you" in b.read(PROPOSAL)


def test_trust_given_late_drops_what_is_older_and_writes_what_is_repeat_safe() -> None:
    from bluefs.app.trust import Trust, load_trust, save_trust

    b = bench(WON_RULE, trust=False)
    b.move(OPEN, WON)
    b.settle()
    assert b.mails() == [] and b.files.read(WON) is not None
    b.trust()
    trust = load_trust(b.memo)
    save_trust(b.memo, Trust(trust.hashes, drop_until=b.git.head()))
    b.settle()
    assert b.mails() == []
    assert b.files.read(ARCHIVE) is not None


def test_changed_rules_lock_again() -> None:
    b = bench()
    b.edit("sales/automations.yaml", "Our offer", "Your offer")
    b.settle()
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == []
    b.trust()
    b.settle()
    assert b.mails() == ["Your offer: Renewal – Acme"]


def test_more_than_twenty_mails_of_one_step_are_held() -> None:
    files = {
        f"sales/Open deals/R{n:02}.md": f"---\nid: a{n:09d}\nemail: a@b.example\n---\n"
        for n in range(21)
    }
    b = Bench(OFFER, files)
    b.start()
    b.settle()
    for path in files:
        b.move(path, path.replace("Open deals", "Proposal"))
    b.settle()
    assert b.mails() == []
    assert len(b.outbox.letters("held")) == 21


def test_a_branch_that_is_not_the_shared_one_is_only_read() -> None:
    b = bench()
    b.hands.make_branch("other")
    b.hands.checkout("other")
    b.git_moved()
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == [] and "probability" not in b.read(PROPOSAL) and len(b.log()) == 1


def test_while_git_is_busy_nothing_is_touched() -> None:
    b = bench()
    b.git.state = "merge"
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.events() == [] and "probability" not in b.read(PROPOSAL)
    b.git.state = None
    b.settle()
    assert b.mails() == OFFERED


def test_a_lock_of_a_moment_is_not_worth_a_word() -> None:
    b = bench()
    b.git.state = "lock"
    b.move(OPEN, PROPOSAL)
    assert b.wait(2.0) == [] and b.events() == []
    b.git.state = None
    assert b.wait(0.5), "it looked again at once"
    b.git.state = "lock"
    told = [r.key for r in b.wait(10.0) if isinstance(r, Stopped)]
    assert told == ["git.busy.lock"]


@pytest.mark.parametrize("blocker", ["b1ocker000", "Signature", "[[signature]]", "The: lawyers"])
def test_both_lanes_see_what_blocks_a_record(blocker: str) -> None:
    rules = (
        "- name: Offer\n  when: {moved: Proposal}\n  if: -is:blocked\n  then:\n"
        "    - add_tags: [Contacted]\n    - send_email: {to: ana, subject: go, body: b}\n"
    )
    waits = f"---\nid: wa1ts00001\nblocked_by: '{blocker}'\n---\n"
    title = f"title: '{blocker}'\n" if ":" in blocker else ""
    files = {
        "sales/Open deals/Waits.md": waits,
        "sales/Open deals/Signature.md": f"---\nid: b1ocker000\n{title}---\n",
    }
    b = Bench(rules, files)
    b.start()
    b.move("sales/Open deals/Waits.md", "sales/Proposal/Waits.md")
    b.settle()
    assert b.mails() == [] and b.read("sales/Proposal/Waits.md") == waits
    b.move("sales/Open deals/Signature.md", "sales/Won/Signature.md")
    b.move("sales/Proposal/Waits.md", "sales/Open deals/Waits.md")
    b.settle()
    b.move("sales/Open deals/Waits.md", "sales/Proposal/Waits.md")
    b.settle()
    assert b.mails() == ["go"] and "Contacted" in b.read("sales/Proposal/Waits.md")


def test_a_blocker_that_stands_in_two_files_is_the_first_of_them() -> None:
    git = bench().git
    text = b"---\nid: b1ocker000\n---\n"
    tree = {p: git.write_blob(text) for p in ("sales/Won/B.md", "sales/Open deals/A.md")}
    ids = BlobIds(git)
    assert ids.path("b1ocker000", tree) == "sales/Open deals/A.md"
    assert ids.standing({"b1ocker000", "n0wher3000"}, tree) == {"b1ocker000"}
    assert ids.path("n0wher3000", tree) is None
