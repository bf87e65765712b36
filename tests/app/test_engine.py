"""The engine in one clone, step by step, in memory."""

from __future__ import annotations

import pytest

from bluefs.adapters.memory import MemoryClock
from bluefs.app import brake
from bluefs.app.reports import Held, Stopped
from bluefs.app.write import sha256
from bluefs.core.ports import Notice
from tests.app.bench import Bench

RENEWAL = """\
---
id: r3n3w0c4tz
tags: [Key account]
deal_value: 12000   # before tax
email: marie@acme.example
---
Hello.
"""
OPEN, PROPOSAL, WON = (f"sales/{f}/Renewal – Acme.md" for f in ("Open deals", "Proposal", "Won"))
OFFER = """\
- name: Offer
  when: {moved: {to: Proposal}}
  if: has:email
  then:
    - set: {probability: 50, due: +7d}
    - add_tags: [Contacted]
    - send_email: {to: email, subject: "Our offer: ${title}", body: "Hello"}
"""


def bench(rules: str = OFFER, **more: object) -> Bench:
    made = Bench(rules, {OPEN: RENEWAL}, **more)  # type: ignore[arg-type]
    made.start()
    made.settle()
    return made


def test_an_edit_is_seen_once_and_committed() -> None:
    b = bench()
    assert b.events() == []
    b.edit(OPEN, "12000", "14000")
    b.wait(1)
    assert b.events() == []
    b.wait(2)
    assert b.events() == ["changed deal_value"]
    assert len(b.log()) == 1
    b.wait(10)
    assert b.log()[0] == "Renewal – Acme: deal value €14,000"
    b.settle()
    assert b.events() == ["changed deal_value"]
    assert len(b.log()) == 2


def test_a_move_fires_the_rule_commits_once_and_mails_once() -> None:
    b = bench()
    b.move(OPEN, PROPOSAL)
    b.step()
    assert b.events() == ["moved Proposal"]
    text = b.read(PROPOSAL)
    assert "probability: 50" in text and "due: 2026-12-01" in text and "Contacted" in text
    assert "deal_value: 12000   # before tax" in text
    assert b.mails() == []
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]
    assert b.log()[0].startswith('Move "Renewal – Acme" to Proposal')
    assert len(b.log()) == 2
    assert b.events() == ["moved Proposal"]


def test_dragged_there_and_back_leaves_nothing() -> None:
    b = bench()
    b.move(OPEN, PROPOSAL)
    b.move(PROPOSAL, OPEN)
    b.settle()
    assert b.mails() == [] and len(b.log()) == 1


def test_a_broken_file_is_held_and_its_mending_is_one_event() -> None:
    b = bench()
    b.edit(OPEN, "deal_value: 12000", "deal_value: 'x\ntitle: Re: hello")
    b.wait(3)
    held = [r for r in b.reports if isinstance(r, Held)]
    assert len(held) == 1 and held[0].problem is not None
    assert b.events() == []
    b.write(OPEN, RENEWAL.replace("12000", "13000"))
    b.settle()
    assert b.events() == ["changed deal_value"]


def test_an_emptied_file_is_held_not_deleted() -> None:
    b = bench()
    b.write(OPEN, "")
    b.settle()
    assert b.events() == [] and len(b.log()) == 1
    b.write(OPEN, RENEWAL)
    b.settle()
    assert b.events() == [] and len(b.log()) == 1


def test_a_deletion_waits_and_is_committed() -> None:
    b = bench()
    b.remove(OPEN)
    b.wait(1)
    assert b.events() == []
    b.settle()
    assert b.events() == ["deleted Open deals"]
    assert b.log()[0] == 'Delete "Renewal – Acme"'


def test_a_new_file_gets_an_id_before_its_commit() -> None:
    b = bench()
    b.write("sales/Open deals/Port.md", "---\ndeal_value: 5\n---\n")
    b.settle()
    assert b.events() == ["created Open deals"]
    assert "id: " in b.read("sales/Open deals/Port.md")
    assert b.log()[0] == 'Add "Port" to Open deals'


def test_copy_and_remove_is_a_move_copy_alone_is_a_new_record() -> None:
    b = bench()
    b.write(PROPOSAL, RENEWAL)
    b.wait(1)
    b.remove(OPEN)
    b.settle()
    assert b.events() == ["moved Proposal"]
    b.write(OPEN, b.read(PROPOSAL))
    b.settle()
    assert b.events() == ["moved Proposal", "created Open deals"]
    assert "id: r3n3w0c4tz" in b.read(PROPOSAL) and "id: r3n3w0c4tz" not in b.read(OPEN)


def test_a_renamed_list_moves_nothing() -> None:
    b = bench("- name: M\n  when: moved\n  then:\n    - add_tags: [Urgent]\n")
    b.files.move_tree("sales/Open deals", "sales/Prospects")
    b.tell("sales/Open deals/Renewal – Acme.md", "sales/Prospects/Renewal – Acme.md")
    b.settle()
    assert b.events() == []
    assert "Urgent" not in b.read("sales/Prospects/Renewal – Acme.md")
    assert b.mails() == []


def test_a_hand_commit_within_the_quiet_second_fires_once_from_the_history() -> None:
    b = bench()
    b.move(OPEN, PROPOSAL)
    b.hands.commit("by hand")
    b.git_moved()
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]
    assert "probability: 50" in b.read(PROPOSAL)
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]


def test_without_trust_nothing_is_sent_and_nothing_is_lost() -> None:
    b = bench(trust=False)
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert b.mails() == []
    assert "probability: 50" in b.read(PROPOSAL)
    b.trust()
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]


def test_a_button_fires_and_is_taken_back() -> None:
    b = bench(
        "- name: Press\n  when: {pressed: send_offer}\n  then:\n"
        '    - send_email: {to: ana, subject: "Pressed ${title}", body: b}\n    - complete\n'
    )
    b.edit(OPEN, "tags:", "send_offer: press\ntags:")
    b.settle()
    assert b.mails() == ["Pressed Renewal – Acme"]
    assert "send_offer" not in b.read(OPEN) and "done: true" in b.read(OPEN)
    b.settle()
    assert b.mails() == ["Pressed Renewal – Acme"]


def test_won_then_archived_by_rule_mails_and_archives() -> None:
    b = bench(
        "- name: Won\n  when: {moved: Won}\n  then:\n"
        '    - send_email: {to: ana, subject: "Won ${title}", body: b}\n    - move: Archive\n'
    )
    b.move(OPEN, WON)
    b.settle()
    assert b.mails() == ["Won Renewal – Acme"]
    assert b.files.read("sales/Archive/Renewal – Acme.md") is not None
    assert b.files.read(WON) is None
    assert b.events()[:2] == ["moved Won", "completed Won"] or b.events()[0] == "moved Won"
    b.settle()
    assert b.mails() == ["Won Renewal – Acme"] and len(b.log()) == 3


def test_amending_a_commit_with_rule_writes_mails_once() -> None:
    b = bench()
    b.move(OPEN, PROPOSAL)
    b.settle()
    b.edit(PROPOSAL, "Hello.", "Hello again.")
    b.hands.amend("amended")
    b.git_moved()
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]


def test_a_reset_is_silence_and_is_not_undone() -> None:
    b = bench()
    before = b.git.head()
    assert before is not None
    b.move(OPEN, PROPOSAL)
    b.settle()
    b.hands.reset_hard(before)
    b.git_moved()
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]
    assert b.git.head() == before and b.read(OPEN) == RENEWAL


def test_manual_sync_waits_for_the_persons_commit() -> None:
    from tests.app.bench import WORKSPACE

    b = bench(workspace=WORKSPACE.replace("sync: auto", "sync: manual"))
    b.move(OPEN, PROPOSAL)
    b.settle()
    assert "probability: 50" in b.read(PROPOSAL)
    assert b.mails() == [] and len(b.log()) == 1
    b.hands.commit("mine")
    b.git_moved()
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]
    assert len(b.log()) == 2


def test_a_restart_takes_up_where_a_kill_stopped() -> None:
    b = bench()
    b.move(OPEN, PROPOSAL)
    b.step()
    b.stop()
    b.clock.advance(60)
    b.start()
    b.settle()
    assert b.mails() == ["Our offer: Renewal – Acme"]
    assert b.events() == ["moved Proposal"]


def test_many_deletions_pause_everything() -> None:
    files = {f"sales/Open deals/R{n}.md": f"---\nid: a{n:09d}\n---\n" for n in range(12)}
    b = Bench(OFFER, files)
    b.start()
    b.settle()
    for path in files:
        b.remove(path)
    b.settle()
    assert b.events() == [] and len(b.log()) == 1


def vanish(b: Bench) -> None:
    """rm -r sales"""
    for path in [p for p in b.files.scan() if p.startswith("sales/")]:
        b.remove(path)
    for folder in sorted(b.files.folders(), reverse=True):
        b.files.remove_folder(folder)


def three() -> tuple[Bench, dict[str, str]]:
    files = {f"sales/Open deals/R{n}.md": f"---\nid: a{n:09d}\n---\n" for n in range(3)}
    b = Bench(OFFER, files)
    b.start()
    b.settle()
    return b, files


@pytest.mark.parametrize("restarted", [False, True])
def test_a_project_that_vanishes_with_its_settings_pauses_everything(restarted: bool) -> None:
    b, files = three()
    if restarted:
        b.stop()
        vanish(b)
        b.clock.advance(60)
        engine = b.start()
    else:
        vanish(b)
        assert b.engine is not None
        engine = b.engine
    b.wait(6)  # not longer: what is to be committed is due then, and waits for an answer
    assert b.events() == [] and len(b.log()) == 1
    assert len(brake.restore(engine.world)) == 3
    assert {*files, "sales/project.yaml", "sales/automations.yaml"} <= b.files.scan().keys()
    engine.rescan()
    b.settle()
    assert b.events() == [] and len(b.log()) == 1


def test_a_project_that_vanishes_may_be_let_go() -> None:
    b, _ = three()
    vanish(b)
    b.wait(6)
    assert b.engine is not None
    assert brake.accept(b.engine.world) == 3
    b.engine.rescan()
    b.settle()
    head = b.git.head()
    assert head is not None
    assert [p for p in b.git.tree(head) if p.startswith("sales/")] == []
    assert b.engine.settings.load().config.projects == {}


def test_what_the_user_has_staged_is_theirs() -> None:
    b = bench()
    b.edit(OPEN, "12000", "14000")
    b.hands.add(OPEN)
    b.settle()
    assert len(b.log()) == 1
    b.hands.commit("mine")
    b.git_moved()
    b.settle()
    assert len(b.log()) == 2


def test_a_project_whose_records_were_all_replaced_is_not_gone() -> None:
    files = {f"sales/Open deals/R{n}.md": f"---\nid: a{n:09d}\n---\n" for n in range(3)}
    b = Bench(OFFER, files)
    b.start()
    for path in files:
        b.remove(path)
    b.write("sales/Open deals/Fresh.md", "---\nnote: a: b\n---\n")  # held, so never handled
    b.settle()
    assert b.log()[0] and "sales/Open deals/R0.md" not in b.git.tree(b.git.head())
    assert not [r for r in b.reports if isinstance(r, Stopped)]


def test_a_moment_in_a_commit_is_that_of_the_workspace() -> None:
    b = bench()
    b.edit(OPEN, "tags:", "due: 2026-12-01T15:00\ntags:")
    b.settle()
    assert b.log()[0] == "Renewal – Acme: due 1 Dec 2026 15:00"


def clean(b: Bench) -> bool:
    """Whether HEAD has what is on the disk."""
    tree = b.git.tree(b.git.head() or "")
    return dict(tree) == {p: b.git.hash_blob(d) for p, d in b.files.contents.items()}


def sales(count: int) -> dict[str, str]:
    return {f"sales/Open deals/{n}.md": f"---\nid: c{n:09}\n---\n" for n in range(count)}


def renamed(b: Bench, old: str, new: str, *, by_command: bool) -> None:
    """The folder and what names it in project.yaml."""
    text = b.read("sales/project.yaml").replace(f"{old}:", f"{new}:")
    if by_command:
        b.commands.known["sales/project.yaml"] = sha256(text.encode())
    b.write("sales/project.yaml", text)
    b.files.move_tree(f"sales/{old}", f"sales/{new}")
    paths = [p for p in b.files.scan() if p.startswith(f"sales/{new}/")]
    b.tell(*paths, *(p.replace(f"sales/{new}/", f"sales/{old}/") for p in paths))


def test_a_list_renamed_by_a_command_is_one_commit() -> None:
    b = Bench(OFFER, sales(4))
    b.start()
    b.settle()
    renamed(b, "Open deals", "Prospects", by_command=True)
    b.settle()
    assert b.log()[0] == 'Rename the list "Open deals" to "Prospects"' and len(b.log()) == 2
    assert clean(b) and b.events() == []


def test_a_value_that_nobody_can_read_is_named_in_the_commit() -> None:
    b = bench("")
    b.write(OPEN, RENEWAL.replace("deal_value: 12000", "deal_value: lots"))
    b.settle()
    assert b.log()[0] == "Renewal – Acme: deal value cannot be read"
    b.write(OPEN, RENEWAL.replace("deal_value: 12000", "deal_value: lots\nprobability: 5"))
    b.settle()
    assert b.log()[0] == "Renewal – Acme: probability 5 %"
    b.write(OPEN, RENEWAL)
    b.settle()
    assert b.log()[0] == "Renewal – Acme: deal value €12,000, probability 5 % → –"


def renamed_name(b: Bench, files: dict[str, tuple[str, str]], *, by_command: bool = True) -> None:
    """(old, new) text in each file, as ``rename`` writes it."""
    for path, (old, new) in files.items():
        text = b.read(path).replace(old, new)
        assert text != b.read(path)
        if by_command:
            b.commands.known[path] = sha256(text.encode())
        b.write(path, text)


NAMED = {
    f"sales/Open deals/{n}.md": f"---\nid: c{n:09}\ntags: [Urgent]\nassignees: [ana, li]\ndeal_value: {n}\n---\n"
    for n in range(3)
}


@pytest.mark.parametrize(
    ("settings", "old", "new", "said"),
    [
        ("sales/project.yaml", "Urgent", "Hot", "Sales: tag Urgent renamed Hot, 3 records"),
        ("sales/project.yaml", "deal_value", "amount",
         "Sales: field deal_value renamed amount, 3 records"),
        ("bluefs.yaml", "ana", "anna", "person ana renamed anna, 3 records"),
    ],
)  # fmt: skip
def test_a_renamed_name_is_one_commit_and_called_so(
    settings: str, old: str, new: str, said: str
) -> None:
    b = Bench("", NAMED)
    b.start()
    b.settle()
    swap = (f"{old}:", f"{new}:") if old != "Urgent" else (old, new)
    renamed_name(b, {settings: swap, **dict.fromkeys(NAMED, (old, new))})
    b.settle()
    assert b.log()[0] == said and len(b.log()) == 2
    assert clean(b)
    message = b.git.commits[b.git.head() or ""].message
    assert "li" not in message.split()


def test_settings_renamed_by_hand_hurry_nobody() -> None:
    """A tag renamed in project.yaml alone is a saved file, and then says what it was."""
    b = Bench("", NAMED)
    b.start()
    b.settle()
    renamed_name(b, {"sales/project.yaml": ("Urgent", "Hot")}, by_command=False)
    b.settle()
    assert b.log()[0] == "Sales: tag Urgent renamed Hot"
    b.write("sales/Open deals/1.md", "---\nid: c000000001\ntags: [Hot]\n---\n")
    b.settle()
    assert b.log()[0].startswith("1: ")


def test_an_edit_in_a_renamed_list_is_told_beside_it() -> None:
    b = Bench("", sales(3))
    b.start()
    b.settle()
    b.files.move_tree("sales/Open deals", "sales/Prospects")
    b.write("sales/Prospects/1.md", "---\nid: c000000001\ndeal_value: 3\n---\n")
    b.tell(*(f"sales/{f}/{n}.md" for f in ("Open deals", "Prospects") for n in range(3)))
    b.settle()
    whole = "\n".join(b.log())
    assert 'Rename the list "Open deals" to "Prospects"' in whole
    assert "Move" not in whole and clean(b)


def test_a_person_who_edits_settings_while_a_list_is_renamed_is_not_hurried() -> None:
    b = Bench("", sales(3))
    b.start()
    b.settle()
    renamed(b, "Open deals", "Prospects", by_command=False)
    b.wait(4)
    assert b.log()[0] == 'Rename the list "Open deals" to "Prospects"'
    b.settle()
    assert b.log()[0] == "Save sales/project.yaml"


def test_an_empty_list_renamed_is_called_so() -> None:
    b = Bench("", {"sales/Proposal/.gitkeep": "", **sales(1)})
    b.start()
    b.settle()
    renamed(b, "Proposal", "Offers", by_command=True)
    b.settle()
    assert b.log()[0] == 'Rename the list "Proposal" to "Offers"' and len(b.log()) == 2


def test_a_whole_project_deleted_and_accepted_is_one_commit() -> None:
    b = Bench(OFFER, {**sales(3), "sales/_templates/a.md": "x", "work/project.yaml": "name: W\n",
                      "work/Backlog/A.md": "---\nid: a000000001\n---\n"})  # fmt: skip
    b.start()
    b.settle()
    paths = [p for p in b.files.scan() if p.startswith("sales/")]
    b.files.remove_tree("sales")
    b.tell(*paths)
    b.settle()
    assert len(b.log()) == 1
    brake.accept(b.engine.world)  # type: ignore[union-attr]
    b.settle()
    assert b.log()[0] == 'Delete the project "Sales": 3 records' and len(b.log()) == 2
    assert clean(b)


def test_other_files_that_go_are_deleted_not_saved() -> None:
    b = Bench("", {"sales/_templates/a.md": "x", **sales(1)})
    b.start()
    b.settle()
    b.remove("sales/_templates/a.md")
    b.settle()
    assert b.log()[0] == "Delete sales/_templates/a.md"


def test_a_file_emptied_before_its_commit_keeps_its_last_good_state_in_head() -> None:
    b = bench()
    b.edit(OPEN, "12000", "14000")
    b.wait(3)
    b.write(OPEN, "")
    b.settle()
    head = b.git.tree(b.git.head() or "")[OPEN]
    assert b.git.blobs([head])[head] != b""
    b.write(OPEN, RENEWAL.replace("12000", "14000"))
    b.settle()
    assert b.log()[0] == "Renewal – Acme: deal value €14,000" and clean(b)


class SlowClock(MemoryClock):
    """Every look at it takes a while, as every step of the engine does on a busy machine."""

    tick = 0.0

    def now(self) -> float:
        self.advance(self.tick)
        return super().now()


@pytest.mark.parametrize("tick", [0.001, 0.01, 0.05, 0.1, 0.15])
@pytest.mark.parametrize("before", [0.0, 0.1, 0.29])
def test_a_slow_machine_forgets_no_save(tick: float, before: float) -> None:
    """A save came while Git was coming to rest; by the time the engine was asked when to look
    again that moment was over, and it slept for a minute. Here it is woken only when it
    asks to be."""
    b = Bench(OFFER, {OPEN: RENEWAL})
    clock = b.clock = SlowClock(b.clock.now())
    engine = b.start()
    b.settle()
    engine.notice([Notice(git=True)])
    clock.advance(before)
    b.edit(OPEN, "12000", "14000")
    clock.tick = tick
    for _ in range(1000):
        engine.step()
        due = engine.due()
        if due is None:
            break
        clock.set(max(due, clock.now()))
    assert engine.idle
    assert b.log()[0] == "Renewal – Acme: deal value €14,000"


def test_what_git_brought_is_looked_at_without_being_asked() -> None:
    """A person's commit leaves the files for the next scan: that is due, not merely wanted."""
    b = bench()
    assert b.engine is not None
    b.engine.rescan()
    assert not b.engine.idle
    due = b.engine.due()
    assert due is not None
    assert due <= b.clock.now()
