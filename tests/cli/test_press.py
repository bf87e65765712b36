"""``bluefs press``: which button, what it asks first, what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_writing import Git, screen

FIELDS = """\
  send_offer: {type: button, name: Send the offer, confirm: soft}
  say_no: {type: button, name: Say no, confirm: typed}
  remind_me: {type: button, name: Remind me}
"""
RULE = """
- name: Offer by button
  when:
    pressed: send_offer
  then:
    - move: Proposal
"""
RENEWAL = "sales/Open deals/Renewal – Acme.md"


@pytest.fixture
def sales(workspace: Path, git: Git) -> Path:
    project = workspace / "sales/project.yaml"
    project.write_text(project.read_text() + FIELDS)
    rules = workspace / "sales/automations.yaml"
    rules.write_text(rules.read_text() + RULE)
    git("commit", "-qam", "buttons")
    return workspace


def test_it_types_press_as_a_person_would(sales: Path, run: Run, git: Git) -> None:
    result = run("press", "renewal", "send", "-y")
    assert (result.code, result.out) == (0, "r3n3  Renewal – Acme   Send the offer: pressed\n")
    assert "+send_offer: press" in git("diff").splitlines()
    assert "The engine is not running" in result.err
    again = run("press", "renewal", "send", "-y")
    assert again.out == (
        "r3n3  Renewal – Acme   Send the offer: pressed already; the engine takes it up\n"
    )
    assert "Nothing to change" in again.err
    assert run("undo").code == 0
    assert git("diff") == ""


def test_the_rules_answer_and_the_key_goes(sales: Path, run: Run) -> None:
    assert run("press", "r3n3", "send_offer", "--yes").code == 0
    said = run("run").out
    assert "Send the offer pressed" in said or "send the offer pressed" in said
    moved = sales / RENEWAL.replace("Open deals", "Proposal")
    assert "send_offer" not in moved.read_text()


def test_a_button_nobody_waits_for_says_so(sales: Path, run: Run) -> None:
    result = run("press", "r3n3", "remind")
    assert result.code == 0
    assert 'No rule waits for "Remind me"' in result.err
    assert "when: {pressed: remind_me}" in result.err


def test_it_says_which_rules_follow(sales: Path, run: Run) -> None:
    """Also those that the first one's writing starts; and whether a condition keeps them back."""
    rules = sales / "sales/automations.yaml"
    rules.write_text(
        rules.read_text().replace(
            "    pressed: send_offer\n", "    pressed: send_offer\n  if: probability:..45\n"
        )
    )
    dry = run("press", "r3n3", "send", "-y", "-n")
    assert "Rules that take it: Offer by button, Offer\n" in dry.err
    said = run("press", "r3n3", "send", "-y")
    assert said.err.startswith(
        "Rules that take it: Offer by button, Offer\nThe engine is not running"
    )
    assert "Offer by button" in run("run").out
    again = run("press", "r3n3", "send", "-y")
    assert "The conditions of Offer by button do not hold" in again.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say which record and which button."),
        (("r3n3",), 'Which button of "Renewal – Acme"?\nButtons: send_offer | say_no | remind_me'),
        (("r3n3", "sendofer"), 'did you mean "send_offer"?'),
        (("r3n3", "s"), "may be more than one button: send_offer, say_no"),
        (("k7h3", "send"), "has no button.\nDeclare one in project.yaml"),
        (("r3n3", "send"), '"Send the offer" asks before it is pressed, and nobody can be asked '
                           "here (Renewal – Acme).\nAgree with --yes."),
        (("r3n3", "no"), 'has no button "no"'),
        (("r3n3", "say_no", "-y"), '"Say no" is only pressed by somebody who types its name '
                                   '(Renewal – Acme).\nGive it: --confirm "Say no"'),
        (("r3n3", "say_no", "--confirm", "yes"), '"yes" is not the button\'s name; nothing was '
                                                 "pressed.\nIts name: Say no"),
        (("--where", "is:open", "remind"), "has no button."),
    ],
)  # fmt: skip
def test_what_it_refuses(
    words: tuple[str, ...], said: str, sales: Path, run: Run, git: Git
) -> None:
    result = run("press", *words)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert git("status", "--short") == ""


def test_its_name_agrees_where_nobody_can_be_asked(sales: Path, run: Run, git: Git) -> None:
    result = run("press", "r3n3", "p0rt", "say", "--confirm", "say NO", "--json")
    assert result.code == 0, result.err
    assert [one["id"][:4] for one in json.loads(result.out)] == ["r3n3", "p0rt"]
    assert git("diff").count("+say_no: press\n") == 2


def test_a_dry_run_asks_nothing_and_writes_nothing(sales: Path, run: Run, git: Git) -> None:
    result = run("press", "r3n3", "say_no", "-n")
    assert (result.code, result.err) == (0, "No rule waits for \"Say no\", so nothing will come "
        "of it. Write one: when: {pressed: say_no}\nNothing was written (--dry-run).\n")  # fmt: skip
    assert git("status", "--short") == ""


def test_on_a_terminal_it_asks(sales: Path, git: Git) -> None:
    screen(
        sales, "press", "r3n3", "send", answers=[("Send the offer: Renewal – Acme. Press it?", "n")]
    )
    screen(sales, "press", "r3n3", "say", answers=[("To press it, type its name", "")])
    refused = screen(sales, "press", "r3n3", "say", answers=[("type its name", "sure")])
    assert "nothing was pressed" in refused
    assert git("status", "--short") == ""
    screen(sales, "press", "r3n3", "send", answers=[("Press it?", "y")])
    screen(
        sales, "press", "r3n3", "p0rt", "say", answers=[("Say no: 2 records. To press", "Say no")]
    )
    assert git("diff").count(": press\n") == 3
