"""What new people typed in their first week, and what they should have been told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluefs.app.commits import describe
from bluefs.cli.main import COMMANDS
from bluefs.core.matching import begun, loose
from bluefs.core.model import Config, Event, FieldDef, Project, Record
from bluefs.core.phrases import Speaker
from bluefs.core.query.names import ALIASES, READERS
from bluefs.core.query.tree import IS_WORDS
from bluefs.core.synonyms import command_for, key_for, state_for
from tests.cli.conftest import Run
from tests.cli.test_writing import Git, screen

WORDS = st.text(max_size=12) | st.sampled_from(["search", "voir", "qui", "Échéance", "fermé"])


@given(WORDS)
def test_what_stands_for_a_word_is_one_of_ours(word: str) -> None:
    command, key, state = command_for(word), key_for(word), state_for(word)
    assert command is None or command.split()[0] == "git" or command.split()[1] in COMMANDS
    assert key is None or key in (*ALIASES, *READERS)
    assert state is None or state in IS_WORDS


@pytest.mark.parametrize("name", [*COMMANDS, *ALIASES, *READERS, *IS_WORDS])
def test_no_word_of_ours_stands_for_another(name: str) -> None:
    assert name not in COMMANDS or command_for(name) is None
    assert name not in IS_WORDS or state_for(name) is None
    assert name not in (*ALIASES, *READERS) or key_for(name) in (None, "text", "comments")


@given(st.text(max_size=6), st.lists(st.text(max_size=9), max_size=5))
def test_a_beginning_names_the_only_one(text: str, names: list[str]) -> None:
    found = begun(text, names)
    fitting = {name for name in names if loose(name).startswith(loose(text))}
    assert (found is not None) == (len(loose(text)) > 2 and len(fitting) == 1)
    assert found is None or found in fitting


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("search", "acme"), "bluefs list QUERY"),
        (("views",), "bluefs list --view NAME"),
        (("complete", "r3n3"), "bluefs done REF"),
        (("list", "urgent"), "Perhaps: tag:Urgent"),
        (("list", "#urgent", "proposal"), "Perhaps: tag:Urgent list:Proposal"),
        (("list", "overdue"), "Perhaps: is:overdue"),
        (("list", "tag:urgnt"), 'No tag is called "urgnt"; did you mean "Urgent"?'),
        (("list", "who:ana"), "Did you mean `assignee`?"),
        (("list", "deal:1000"), "Did you mean `deal_value`?"),
        (("list", "is:closed"), "Did you mean `is:done`?"),
        (("board", "-p", "sales", "zzz"), "No record matches."),
        (("set", "r3n3", "who=bo"), 'did you mean "assignee"?'),
        (("set", "r3n3", "foo=bo"), "due, assignees"),
        (("set", "r3n3", "status=Proposal"), "bluefs move REF LIST"),
        (("set", "r3n3", "description=x"), "bluefs edit REF"),
        (("set", "r3n3", "comment=x"), "bluefs comment REF TEXT"),
        (("set", "r3n3", "deal_value", "3000"), "bluefs set REF deal_value=3000"),
        (("set", "r3n3", "due=27/11"), "which is the day, which the month?"),
        (("move", "r3n3"), "bluefs move r3n3 LIST; lists: Open deals, Proposal"),
        (("rename", "tags", "Urgnt", "x"), 'There is no tag "Urgnt"'),
        (("rename", "label", "Urgent", "x"), "list, tag, field, person"),
        (("list", "--view"), "bluefs list --help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_words_are_led_on(
    words: tuple[str, ...], told: str, workspace: Path, run: Run, git: Git
) -> None:
    result = run(*words)
    assert told in result.err
    assert git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("voir",), "bluefs show REF"),
        (("rename", "étiquette", "Urgent", "x"), "vouliez-vous dire « tag »"),
        (("list", "échéance:demain"), "`due`"),
        (("list", "is:ouvert"), "`is:open`"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_french_words_are_led_on(
    words: tuple[str, ...], told: str, workspace: Path, run: Run
) -> None:
    settings = workspace / "bluefs.yaml"
    settings.write_text(settings.read_text() + "language: fr\n")
    assert told in run(*words).err.replace("\xa0", " ")


def test_a_near_tag_is_taken_and_told(workspace: Path, run: Run) -> None:
    result = run("new", "Call", "-l", "open", "-t", "Urgnt")
    assert result.code == 0
    assert 'The tag "Urgnt" is new here; did you mean "Urgent"?' in result.err
    assert "tags-=Urgnt" in result.err and "tags+=Urgent" in result.err
    assert "is new here" not in run("set", "r3n3", "tags+=Quite another").err


def test_moi_is_me(workspace: Path, run: Run) -> None:
    assert run("set", "r3n3", "assignee=moi").code == 0
    assert "assignees: [ana]" in (workspace / "sales/Open deals/Renewal – Acme.md").read_text()


def test_a_moment_that_is_none(workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEFS_NOW", "friday")
    result = run("list", "due:today")
    assert result.code == 2
    assert result.err.startswith('BLUEFS_NOW is "friday", which is no moment.\n')


def test_questions_take_the_letters_of_the_language(workspace: Path, run: Run, git: Git) -> None:
    settings = workspace / "bluefs.yaml"
    settings.write_text(settings.read_text() + "language: fr\n")
    git("commit", "-qam", "fr")
    asked = "[o/N]\xa0: "
    shown = screen(workspace, "rename", "tag", "Urgent", "Vite", answers=[(asked, "n")])
    assert "Rien n’a été modifié." in shown
    assert git("status", "--porcelain") == ""
    screen(workspace, "rename", "tag", "Urgent", "Vite", answers=[(asked, "oui")])
    assert "Vite" in (workspace / "sales/project.yaml").read_text()


def test_of_several_a_person_on_a_terminal_chooses(workspace: Path, run: Run) -> None:
    (workspace / "work/Backlog/Acme too.md").write_text("---\nid: acmet00000\n---\n")
    for words in (("show", "acme"), ("set", "acme", "due=fri")):
        shown = screen(workspace, *words, answers=[("Which record: ", "too")])
        assert "Acme too" in shown
        assert "may be 2 records" not in shown
    assert "due: 2026-11-27" in (workspace / "work/Backlog/Acme too.md").read_text()
    assert '"acme" may be 2 records' in run("show", "acme").err


def test_init_tells_who_git_does_not_know(tmp_path: Path, workspace: Path, run: Run) -> None:
    told = "Git does not know you"
    assert told in run("init", str(tmp_path / "new")).err


# -- commits ---------------------------------------------------------------------------------

EMPTY = Config()


def record(title: str, list: str = "Ideas") -> Record:
    return Record(f"{list}/{title}.md", "", list, None, title)


@given(st.text("ab cé", min_size=1, max_size=200).map(lambda text: f"x{text}".strip()))
def test_a_move_says_where_to_however_long_the_title(title: str) -> None:
    before, after = record(title), record(title, "In progress")
    moved = Event("moved", before=before.list, after=after.list)
    head, body = describe([(before, after, (moved,))], {}, EMPTY)
    assert len(head) <= 72
    assert head.startswith('Move "x') and head.endswith('" to In progress')
    if "…" in head:
        assert " ".join(title.split()) in body


def test_what_was_done_to_several_alike_is_said() -> None:
    one, two = record("One"), record("Two")
    assert describe([(one, None, ()), (two, None, ())], {}, EMPTY)[0] == "Delete 2 records: One …"
    assert describe([(None, one, ()), (None, two, ())], {}, EMPTY)[0] == "Add 2 records: One …"
    assert describe([(None, one, ()), (two, None, ())], {}, EMPTY)[0] == "2 records: One …"


def test_attachments_are_attached() -> None:
    path = "_files/abcdefghij/Plan.pdf"
    config = Config(projects={"": Project("", "Ideas")})
    assert describe([], {}, config, [path]) == ("Attach Plan.pdf", path)
    assert describe([], {}, EMPTY, ["bluefs.yaml"]) == ("Save bluefs.yaml", "")


def test_an_abbreviation_keeps_its_capitals() -> None:
    fields = {
        "nda": FieldDef("nda", "checkbox", "NDA signed"),
        "who": FieldDef("who", "text", "Asked by"),
    }
    speaker = Speaker(EMPTY, Project("p", "p", fields=fields), datetime(2026, 1, 1, tzinfo=UTC))
    assert speaker.name("nda") == "NDA signed"
    assert speaker.name("who") == "asked by"


def test_many_deleted_files_come_back_by_what_is_said(workspace: Path, run: Run, git: Git) -> None:
    """``rm`` is no command that ``undo`` knows; the commit's line names the way back."""
    gone = [
        workspace / "sales/Open deals/Renewal – Acme.md",
        workspace / "work/In progress/Login.md",
    ]
    before = [path.read_bytes() for path in gone]
    for path in gone:
        path.unlink()
    said = run("run").out
    line = next(line for line in said.splitlines() if "git revert" in line)
    git(*line.partition("git ")[2].split())
    assert [path.read_bytes() for path in gone] == before
    assert "revert" not in run("run").out
