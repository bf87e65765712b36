"""board, views, groups, help and completion, where a transcript says too little."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bluefs.cli.board import _wrapped
from bluefs.cli.completing import SHELLS, shell_quoted, split_line
from bluefs.cli.markdown import show_markdown
from bluefs.cli.screen import Screen, columns
from bluefs.core.codes.catalogue import all_codes
from tests.cli.conftest import Run
from tests.cli.test_writing import screen

ANSI = re.compile(r"\x1b\[[0-9;]*m")

VIEWS = """\
views:
  Hot: {filter: "is:open or tag:Urgent", columns: [deal_value, due, tags, checklist], sort: -deal_value}
  By list: {filter: "is:open", group: list}
  Cards: {show: board, card: [deal_value, source], filter: "has:deal_value"}
"""


@pytest.fixture
def views(workspace: Path) -> Path:
    project = workspace / "sales/project.yaml"
    project.write_text(project.read_text() + VIEWS)
    return workspace


# -- views and groups --------------------------------------------------------------------------


def test_a_view_has_its_filter_columns_and_order(views: Path, run: Run) -> None:
    result = run("list", "--view", "hot")
    head, *rows = result.out.splitlines()
    assert head.split()[:3] == ["ID", "TITLE", "DEAL"] and "CHECKLIST" in head
    assert [row[:4] for row in rows[:2]] == ["p0rt", "r3n3"]
    assert "1/2" in rows[1] and rows[-1] == "2 records"


def test_what_is_typed_narrows_a_view(views: Path, run: Run) -> None:
    """The view's ``or`` stays in brackets."""
    found = json.loads(run("list", "--view", "hot", "due:today", "--json").out)
    assert [one["id"] for one in found] == ["r3n3w0c4tz"]
    found = json.loads(run("list", "--view", "hot", "sort:deal_value", "--json").out)
    assert [one["id"] for one in found] == ["r3n3w0c4tz", "p0rtbr3st0"]


def test_a_view_may_group_and_typing_wins(views: Path, run: Run) -> None:
    found = json.loads(run("list", "--view", "by list", "--json").out)
    assert [(one["value"], len(one["records"])) for one in found] == [
        ("Open deals", 1), ("Proposal", 1),
    ]  # fmt: skip
    found = json.loads(run("list", "--view", "by list", "--group", "tags", "--json").out)
    assert [one["label"] for one in found] == ["Key account", "none"]


def test_a_view_that_two_projects_have(views: Path, run: Run) -> None:
    work = views / "work/project.yaml"
    work.write_text(work.read_text() + "views: {Hot: {filter: 'is:open'}}\n")
    result = run("list", "--view", "hot")
    assert result.code == 2 and "sales (Hot), work (Hot)" in result.err
    assert run("list", "--view", "hot", "-p", "work").code == 0


def test_groups_stand_in_the_order_of_the_screen(workspace: Path, run: Run) -> None:
    run("set", "r3n3", "tags+=urgent")
    labels = [one["label"] for one in json.loads(run("list", "--group", "tag", "--json").out)]
    assert labels == ["Urgent", "Key account", "none"]
    lists = [one["label"] for one in json.loads(run("list", "--group", "list", "--json").out)]
    assert lists == ["Open deals", "Proposal", "Closed lost", "Backlog", "In progress", "Done"]
    dates = [one["value"] for one in json.loads(run("list", "--group", "due", "--json").out)]
    assert dates == ["2026-11-21", "2026-11-22", "2026-11-24", None]
    amounts = json.loads(run("list", "--group", "deal_value", "--json").out)
    assert [(one["value"], one["label"]) for one in amounts] == [
        (12000, "€12,000"), (62500, "€62,500"), (None, "none"),
    ]  # fmt: skip


# -- the board -----------------------------------------------------------------------------------


def test_a_board_is_as_wide_as_the_terminal(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    (workspace / "sales/Proposal/東京 ☕ 会議.md").write_text("---\nid: t0ky0t0ky0\n---\n")
    (workspace / "sales/Proposal/🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉.md").write_text(
        "---\nid: p4rtyp4rty\n---\n"
    )
    shown = ANSI.sub("", screen(workspace, "board", "sales")).splitlines()
    assert max(columns(line) for line in shown) <= 100
    heads = next(line for line in shown if "Open deals" in line)
    assert [heads.index(name) for name in ("Open deals", "Proposal", "Closed won")] == [0, 25, 50]
    row = next(line for line in shown if "東京" in line)
    assert row.index("東京") == 25


def test_a_piped_board_is_plain_and_whole(workspace: Path, run: Run) -> None:
    for number in range(20):
        (workspace / f"work/Done/N{number:02}.md").write_text("---\ndone: true\n---\n")
    out = run("board", "work").out
    assert "\x1b" not in out and "N19" in out and "Done  21" in out
    shown = screen(workspace, "board", "work")
    assert "… 18 more" in shown and "N19" not in shown
    assert "N19" in screen(workspace, "board", "work", "--all")


def test_the_board_of_the_folder_one_is_in(workspace: Path, run: Run) -> None:
    assert "Backlog" in run("board", cwd=workspace / "work" / "Done").out
    assert "Proposal" in run("board", "-p", "sal").out
    found = json.loads(run("board", "sales", "--json").out)
    assert [one["list"] for one in found["lists"]][:2] == ["Open deals", "Proposal"]


@pytest.mark.parametrize(("text", "size", "wanted"), [
    ("one two three", 8, ["one two", "three"]), ("one two three four five", 8, ["one two", "three f…"]),
    ("x" * 20, 8, ["xxxxxxx…"]), ("", 8, [""]), ("東京都 港区", 6, ["東京都", "港区"]),
])  # fmt: skip
def test_titles_are_wrapped_by_columns(text: str, size: int, wanted: list[str]) -> None:
    assert _wrapped(text, size, 2) == wanted


def test_cards_say_what_the_view_says(views: Path, run: Run) -> None:
    out = run("board", "--view", "cards", "-p", "sales").out
    assert "  r3n3  Renewal – Acme  €12,000 · Referral\n" in out


# -- manual pages ------------------------------------------------------------------------------


def test_every_page_comes_from_what_the_code_knows(run: Run) -> None:
    from bluefs.core.fields import known_kinds
    from bluefs.core.rules import registries

    fields, rules = run("help", "fields").out, run("help", "rules").out
    assert [k for k in known_kinds() if f"\n## {k}\n" not in fields] == []
    triggers, actions = registries()
    words = [*triggers.words(), *actions.words()]
    assert [w for w in words if f"\n## {w}\n" not in rules] == []
    assert "| to say" not in run("help", "query").out  # tables are drawn
    assert "2026-11-27" in run("help", "dates").out or "today" in run("help", "dates").out


def test_help_works_outside_of_a_workspace(tmp_path: Path, run: Run) -> None:
    for words in (
        ("help",),
        ("help", "dates"),
        ("help", "query"),
        ("explain",),
        ("completion", "zsh"),
    ):
        assert run(*words, cwd=tmp_path).code == 0


def test_help_without_a_topic_lists_pages_and_commands(run: Run) -> None:
    out = run("help").out
    assert "bluefs help query" in out and "Commands:" in out


def test_every_code_is_explained(run: Run) -> None:
    from bluefs.core import codes
    from bluefs.core.codes.catalogue import _PARTS

    files = {f.stem for f in Path(codes.__file__).parent.glob("*.py")} - {"__init__", "catalogue"}
    assert files == set(_PARTS)
    found = json.loads(run("explain", "--json").out)
    assert [one["code"] for one in found] == list(all_codes())
    assert all(one["title"] and one["text"] for one in found)
    assert run("explain", "bf203").out == run("explain", "203").out


def test_markdown_keeps_to_the_width_and_breaks_no_code(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "A *word* and `some code that stays together` " * 6
        + "\n\n- item\n  goes on\n\n| a | b |\n|---|---|\n| `x` | y |\n"
    )
    show_markdown(Screen(sys.stdout, colour=False, unicode=True, width=60), text)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 60
    assert "*" not in out and out.count("`some code that stays together`") == 6
    assert "- item goes on\n" in out and "a    b\n`x`  y\n" in out


# -- completion ----------------------------------------------------------------------------------


def offered(run: Run, line: str, cwd: Path | None = None) -> list[str]:
    out = run("--complete", "bash", line, cwd=cwd).out
    return [one.partition("\t")[0] for one in out.splitlines()]


@pytest.mark.parametrize(("line", "wanted"), [
    ("bluefs mo", ["move"]),
    ("bluefs move ren", ["Renewal\\ –\\ Acme"]),
    ("bluefs move Renewal\\ –", ["Renewal\\ –\\ Acme"]),
    ("bluefs move 'Ren", ["'Renewal – Acme'"]),
    ("bluefs move r3n3 pro", ["Proposal"]),
    ("bluefs mv r3n3 in", ["In\\ progress"]),
    ("bluefs new X -l op", ["Open\\ deals"]),
    ("bluefs new X -p work -l ba", ["Backlog"]),
    ("bluefs new X -t key", ["Key\\ account"]),
    ("bluefs new X -a l", ["li"]),
    ("bluefs list -tag:ur", ["Urgent"]),
    ('bluefs list is:open list:"Op', ['"Open deals"']),
    ("bluefs list is:ov", ["overdue"]),
    ("bluefs list deal", ["deal_value:"]),
    ("bluefs list assignee:m", ["me"]),
    ("bluefs list tag:Urgent,sil", ["Urgent,Silent"]),
    ("bluefs set r3n3 sour", ["source="]),
    ("bluefs set r3n3 source=Fair", ["Fair:\\ Lyon"]),
    ("bluefs set r3n3 tags+=cont", ["Contacted"]),
    ("bluefs rename per", ["person"]),
    ("bluefs rename field prob", ["probability"]),
    ("bluefs list --gr", ["--group"]),
    ("bluefs help que", ["query"]),
    ("bluefs completion z", ["zsh"]),
    ("bluefs attach r3n3 ", ["/files"]),
    ("bluefs show zzzz", []),
])  # fmt: skip
def test_what_is_offered(line: str, wanted: list[str], workspace: Path, run: Run) -> None:
    assert offered(run, line) == wanted


def test_it_never_complains(tmp_path: Path, workspace: Path, run: Run) -> None:
    for line in (
        "bluefs show x",
        "bluefs list tag:",
        "bluefs nosuch --x",
        "bluefs -C /nowhere set x",
    ):
        result = run("--complete", "bash", line, cwd=tmp_path)
        assert (result.out, result.err) == ("", "")
    (workspace / "sales/project.yaml").write_text("lists: [\n")
    (workspace / "bluefs.yaml").write_text("bluefs: 9\n")
    assert run("--complete", "bash", "bluefs list tag:u").err == ""


@pytest.mark.parametrize("line", [
    "bluefs move 'a b' c", 'bluefs "x\\"y" z', "bluefs a\\ b ", "bluefs", "", "bluefs 'un", "a  b",
])  # fmt: skip
def test_a_line_is_split_as_the_shell_does(line: str) -> None:
    import shlex

    words, typed, raw = split_line(line)
    closed = line + ("'" if line.count("'") % 2 else "")
    assert [*words, *([typed] if raw else [])] == shlex.split(closed)
    assert line.endswith(raw)


@pytest.mark.parametrize(
    "word", ["Open deals", "a'b", 'x"y', "$HOME", "a;b", "é – ☕", "Fair: Lyon"]
)
def test_bash_reads_back_what_was_quoted(word: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"printf %s {shell_quoted(word)}"], capture_output=True, check=True
    )
    assert done.stdout.decode() == word


def test_the_scripts_are_sound() -> None:
    assert set(SHELLS) == {"bash", "zsh", "fish"}
    subprocess.run(["bash", "-n", "-c", SHELLS["bash"]], check=True)


def test_a_key_press_does_not_wait(workspace: Path) -> None:
    """In a workspace of 3,000 records no record is opened. Best of three, loose: the machine is
    shared."""
    folder = workspace / "work/Backlog"
    for number in range(3000):
        (folder / f"Record {number}.md").write_text("---\n")
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "bluefs", "--complete", "bash", "bluefs show record\\ 299"],
            cwd=workspace, capture_output=True, check=True,
        )  # fmt: skip
        times.append(time.perf_counter() - start)
    assert len(done.stdout.splitlines()) == 11
    assert min(times) < 1.0


def test_the_order_is_seen(workspace: Path, run: Run) -> None:
    """Whatever a list, a view or a board is sorted by has a column, once."""
    project = workspace / "sales/project.yaml"
    project.write_text(
        project.read_text() + "views:\n  Odds: {show: calendar, filter: 'is:open', sort: -probability}\n"
        "  Plain: {show: table, columns: [title, Source], sort: 'source,due'}\n"
        "  Cards: {show: board, card: [deal_value], sort: -probability}\n"
    )  # fmt: skip

    def head(*words: str) -> list[str]:
        return re.split(r" {2,}", run(*words).out.splitlines()[0])

    whole = ["ID", "TITLE", "LIST", "DUE", "WHO", "TAGS", "DEAL VALUE"]
    odds = [*whole[:-1], "PROBABILITY", whole[-1]]
    assert head("list", "-p", "sales") == whole
    assert head("list", "-p", "sales", "sort:deal_value,due,-tag,title,position") == whole
    assert head("list", "-p", "sales", "sort:-Probability") == odds
    assert head("list", "--view", "odds") == odds
    assert head("list", "--view", "plain") == ["ID", "TITLE", "SOURCE", "DUE"]
    assert "€12,000 · 40%" in run("board", "sales", "--view", "cards").out.replace(
        "\xa0", ""
    ).replace("\u202f", "").replace(" %", "%")
    assert "40" in run("board", "sales", "sort:probability").out
    grouped = run("list", "-p", "sales", "--group", "list", "sort:probability").out
    assert grouped.count("PROBABILITY") == grouped.count("TITLE") > 1


def test_values_that_lost_their_marks_stay_in_force(workspace: Path, run: Run) -> None:
    file = workspace / "sales/Open deals/Renewal – Acme.md"
    before = run("show", "renewal").out
    file.write_text(file.read_text().replace("---", "--"))
    assert run("show", "renewal").out.startswith(before.rstrip())
    assert "cannot be read" in run("show", "renewal").out
    told = run("check").out
    assert "Renewal – Acme.md:2:1 BF135" in told and "put a line ---" in told


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_tables_of_the_manual_fit(
    width: int, language: str, colour: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    page = "docs/queries.md" if language == "en" else f"docs/{language}/queries.md"
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    tables = [part for part in text.split("\n\n") if part.startswith("|")]
    assert len(tables) == 3
    for table in tables:
        show_markdown(Screen(sys.stdout, colour=colour, unicode=True, width=width), table)
        lines = re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
        assert max(map(columns, lines)) <= width
        words = re.findall(r"\w+", table.replace("|", " "))
        assert sorted(re.findall(r"\w+", " ".join(lines))) == sorted(words)


def test_show_keeps_to_a_narrow_terminal(workspace: Path) -> None:
    title = "A title of many words that is longer than any narrow terminal can be wide, by far"
    (workspace / "work/Backlog" / f"{title}.md").write_text(
        "---\nid: l0ngl0ngl0\nnote: " + "words and words " * 9 + "\n---\n"
    )
    for width in (60, 80):
        said = screen(workspace, "show", "l0ng", width=width)
        lines = re.sub("\x1b\\[[0-9;]*m", "", said).replace("\r", "").splitlines()
        kept = [line for line in lines if "bluefs check" not in line]  # to be copied whole
        assert max(map(columns, kept)) <= width
        assert title in " ".join(lines).replace("  ", " ") and "work/Backlog" in said
