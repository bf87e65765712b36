"""`bluefs` alone, `list`, `show`, `status`: transcripts, JSON, and what goes wrong."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bluefs.app.trust import Trust, rules_hash, save_trust
from bluefs.bootstrap import find
from bluefs.cli.listing import Column, fit
from bluefs.cli.screen import Cell, Screen, columns
from bluefs.core.config import is_config
from bluefs.core.effects import encode_effect
from bluefs.core.model import Outward
from bluefs.core.ports import Letter, StateChange
from tests.cli.read_help import FILES, Place, make_place


@pytest.fixture
def place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Place:
    return make_place(tmp_path, monkeypatch, capsys)


# what people see


def test_a_list_that_is_not_declared_can_be_asked_for(place: Place) -> None:
    place.write("work/Extra/E.md", "---\nid: extra00001\n---\n")
    for words in (("list:Extra",), ("list:extra", "-p", "work"), ("-list:Backlog", "list:EXTRA")):
        result = place.run("list", *words)
        assert (result.code, "extr" in result.out) == (0, True), result.err
    assert "extr" in place.run("board", "work", "list:Extra").out
    near = place.run("list", "list:Extr")
    assert (near.code, "Did you mean `Extra`?" in near.err) == (2, True)
    assert place.run("list", "list:Nowhere").code == 2


def test_home(place: Place) -> None:
    assert (
        place.run().out
        == """\
Acme · 2 projects · 4 open                                        Tue 24 Nov 2026, 09:12

Yours (ana)
  p0rt  Port of Brest, seats  sales/Proposal    3 days late · blocked by r3n3
  r3n3  Renewal – Acme        sales/Open deals  due today 15:00
  t0ky  ☕ 東京               work/Backlog

Engine     not running: rules wait. Start it: bluefs watch
"""
    )


def test_home_of_a_stranger_shows_what_is_due(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "nobody@acme.example")
    out = place.run().out
    assert "Due next" in out and "Call Bretagne Fret" in out
    assert "nobody's in bluefs.yaml" in out


def test_home_counts_problems_and_names_the_rest(place: Place) -> None:
    for n in range(6):
        place.write(
            f"work/Backlog/{n}.md", f"---\nid: w00000000{n}\nassignees: ana\ndue: soon\n---\n"
        )
    out = place.run().out
    assert "  4 more: bluefs list assignee:me is:open\n" in out
    assert "Problems   6: bluefs check\n" in out


def test_list_of_one_project(place: Place) -> None:
    assert (
        place.run("list", "is:open", "-p", "sales").out
        == """\
ID    TITLE                 LIST        DUE          WHO      TAGS         DEAL VALUE
r3n3  Renewal – Acme        Open deals  today 15:00  ana, li  Key account  €12,000.50
n8q2  Call Bretagne Fret    Open deals  Fri 27 Nov   li       Urgent                –
p0rt  Port of Brest, seats  Proposal    3 days late  ana      –               €62,500
3 records · €74,500.50
"""
    )


def test_list_of_several_projects_names_them(place: Place) -> None:
    assert (
        place.run("ls").out
        == """\
ID    TITLE                 LIST              DUE          WHO      TAGS
r3n3  Renewal – Acme        sales/Open deals  today 15:00  ana, li  Key account
n8q2  Call Bretagne Fret    sales/Open deals  Fri 27 Nov   li       Urgent
p0rt  Port of Brest, seats  sales/Proposal    3 days late  ana      –
st8d  Pixel                 sales/Closed won  done         –        –
t0ky  ☕ 東京               work/Backlog      –            ana      –
5 records
"""
    )


def test_columns_that_nobody_has_are_left_out(place: Place) -> None:
    assert (
        place.run("list", "project:work").out
        == """\
ID    TITLE    LIST     WHO
t0ky  ☕ 東京  Backlog  ana
1 record
"""
    )


def test_show(place: Place) -> None:
    assert (
        place.run("show", "r3n3").out
        == """\
Renewal – Acme                                                          sales/Open deals
r3n3w0c4tz · due today 15:00 · ana, li · Key account
  Deal value   €12,000.50                    Blocks  Port of Brest, seats (p0rt)
  Probability  40 %                          Files   Contract.pdf
  Source       Referral

They are happy.

## Notes
```
## Not a heading
- [ ] nor an item
```

Before the call  1/2
  [x] Read the contract  ana
  [ ] Send the offer     li · due Sat 28 Nov

Comments  2
  ana, today 09:12
    They asked for net 60. @li?
  Marie Duval, Mon 23 Nov 17:40
    Two lines:
    the second.
"""
    )


def test_status(place: Place) -> None:
    assert (
        place.run("status").out
        == """\
Workspace  Acme · main · 2 projects, 5 records
Engine     not running: rules wait. Start it: bluefs watch
Changes    all committed
Outbox     empty
Trust      not given: no rule sends before bluefs trust
"""
    )


def test_status_of_trouble(place: Place) -> None:
    place.write("sales/Open deals/Bretagne.md", "---\ntitle: Re: x\n---\n")
    place.write("sales/Closed won/Pixel.md", "")
    place.write("work/Backlog/New.md", "hello")
    place.write(".git/MERGE_HEAD", "0" * 40 + "\n")
    out = place.run("status").out.splitlines()
    assert "Blocked    a merge is under way: finish it, or git merge --abort" in out
    assert (
        "Changes    3 not yet committed: sales/Closed won/Pixel.md, "
        "sales/Open deals/Bretagne.md, work/Backlog/New.md" in out
    )
    assert 'Held       sales/Open deals/Bretagne.md:2:10 unquoted ": "' in out
    assert "Held       sales/Closed won/Pixel.md is empty; its last good state holds" in out
    assert "Ids        1 record has no id yet: bluefs check --fix" in out


def test_status_names_settings_that_are_held(place: Place) -> None:
    place.write("sales/project.yaml", "name: Sales\nlists\n")
    out = place.run("status").out
    assert "Held       sales/project.yaml:2:1 this line is not key: value\n" in out


def test_status_of_a_paused_engine_names_the_ways_on(place: Place) -> None:
    state = find(str(place.root)).state(writer=True)
    state.apply(StateChange(notes={"paused": json.dumps(["a.md", "b.md"])}))
    out = place.run("status").out
    assert "Paused     2 records were deleted at once" in out
    assert "bluefs resume --accept" in out and "--restore" in out
    assert "Paused" in place.run().out


def test_status_of_a_detached_head(place: Place) -> None:
    place.git("checkout", "-q", "--detach")
    out = place.run("status").out
    assert "Workspace  Acme · 2 projects, 5 records\n" in out
    assert "Blocked    no branch is checked out" in out


def test_status_of_a_running_engine(place: Place) -> None:
    with find(str(place.root)).lock.acquire():  # type: ignore[union-attr]
        out = place.run("status").out
        engine = json.loads(place.run("status", "--json").out)["engine"]
    assert "Engine     watching since " in out and f"(pid {engine['pid']})" in out
    assert json.loads(place.run("status", "--json").out)["engine"] is None


def test_status_compares_with_the_upstream(place: Place, tmp_path: Path) -> None:
    place.git("init", "-q", "--bare", str(tmp_path / "up.git"))
    place.git("remote", "add", "origin", str(tmp_path / "up.git"))
    place.git("push", "-q", "-u", "origin", "main")
    place.git("commit", "-q", "--allow-empty", "-m", "one more")
    assert "Sync       1 ahead, 0 behind origin/main\n" in place.run("status").out


def test_status_of_trust(place: Place) -> None:
    """Bound to the rules that HEAD holds."""
    home = find(str(place.root))
    rules = rules_hash({p: d for p, d in place.tree().items() if is_config(p)})
    save_trust(home.trust, Trust(frozenset({rules}), "2026-11-20T10:00:00+01:00", "ana"))
    said = "Trust      given by you on Fri 20 Nov; rules unchanged since\n"
    assert said in place.run("status").out
    save_trust(home.trust, Trust(frozenset({rules}), "2026-11-24T08:00:00+01:00", "li"))
    assert "given by li today; rules unchanged since\n" in place.run("status").out
    save_trust(home.trust, Trust(frozenset({rules}), "2026-11-20T10:00:00+01:00", "ana"))
    place.write("sales/automations.yaml", FILES["sales/automations.yaml"] + "# a remark\n")
    place.git("commit", "-qam", "a remark")
    assert said in place.run("status").out
    place.write("sales/automations.yaml", FILES["sales/automations.yaml"].replace("Hello", "Hi"))
    assert said in place.run("status").out
    place.git("commit", "-qam", "another text")
    out = place.run("status").out
    assert "Trust      given on Fri 20 Nov, but the rules have changed since: bluefs trust\n" in out


def test_status_of_the_outbox(place: Place) -> None:
    outbox = find(str(place.root)).outbox
    effect = encode_effect(Outward("email", "sales/Offer", ("a@b.example",), "Hi", "Hello"))
    for n, nonce in enumerate(["a", "a", "b"]):
        outbox.plan(
            [Letter(f"c:sales/Offer:r{n}:0", nonce, "c", "sales/Offer", f"r{n}", "T", effect)]
        )
    outbox.release("b", "held")
    out = place.run("status").out
    assert "Outbox     2 waiting, 0 unknown, 0 dead, 1 held: bluefs outbox release\n" in out
    outbox.close()
    Path(outbox.file).write_bytes(b"no database at all, and rather long at that" * 99)
    result = place.run("status")
    assert result.code == 0 and "Outbox     The outbox " in result.out
    assert json.loads(place.run("status", "--json").out)["outbox"] is None


def test_status_before_the_first_commit(place: Place) -> None:
    place.git("update-ref", "-d", "HEAD")
    out = place.run("status").out
    assert "· main ·" in out and "Changes    9 not yet committed: bluefs.yaml, " in out


# what scripts rely on


def test_show_json_is_exact(place: Place) -> None:
    assert place.run("show", "r3n3", "--json").out == (
        '{"id":"r3n3w0c4tz","title":"Renewal – Acme","project":"sales","list":"Open deals",'
        '"path":"sales/Open deals/Renewal – Acme.md","tags":["Key account"],"color":null,'
        '"start":null,"due":"2026-11-24T15:00:00+01:00","assignees":["ana","li"],"done":false,'
        '"blocked_by":[],"position":"a0V","fields":{"deal_value":12000.50,"probability":40,'
        '"source":"Referral"},"comments":2,"checklist":{"done":1,"total":2}}\n'
    )


def test_list_json_holds_the_objects_of_show(place: Place) -> None:
    listed = json.loads(place.run("list", "--json").out, parse_float=Decimal)
    assert [one["id"][:4] for one in listed] == ["r3n3", "n8q2", "p0rt", "st8d", "t0ky"]
    for one in listed:
        shown = json.loads(place.run("show", one["id"], "--json").out, parse_float=Decimal)
        assert shown == one


def test_nothing_found_is_an_empty_array_and_words_on_stderr(place: Place) -> None:
    assert place.run("list", "tag:Nothing", "--json").out == "[]\n"
    result = place.run("list", "tag:Nothing")
    assert (result.code, result.out, result.err) == (0, "", "No record matches.\n")


def test_a_workspace_without_records_says_how_to_make_one(place: Place) -> None:
    for path in place.tree():
        if path.endswith(".md"):
            (place.root / path).unlink()
    assert place.run("list").err == "There are no records yet. Make one: bluefs new TITLE\n"
    assert "no record yet: bluefs new A first record\n" in place.run().out


def test_bluefs_alone_says_what_to_try(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place.run("set", "--where", "assignee:li", "assignees=ana").code == 0
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "li@acme.example")
    out = place.run().out
    assert "Yours (li)\n  nothing open of yours; 4 of others: bluefs list is:open\n" in out
    assert place.run("done", "-y", "--where", "is:open").code == 0
    assert "  nothing open; what is done: bluefs list is:done\n" in place.run().out
    outside = place.run("-C", str(place.root.parent))
    assert (outside.code, outside.out) == (2, "")
    said, remedy = outside.err.splitlines()
    assert said.endswith("is not in a workspace.")
    for words in ("bluefs demo", "bluefs init DIR --template tasks", "bluefs --help"):
        assert words in remedy
    assert "bluefs init;" in place.run("-C", str(place.root.parent), "list").err


def test_a_derived_id_is_shown_like_a_written_one(place: Place) -> None:
    place.write("work/Backlog/Plain.md", "no id")
    assert json.loads(place.run("show", "Plain", "--json").out)["id"] is None
    place.git("add", "-A")
    place.git("commit", "-qm", "plain")
    name = json.loads(place.run("show", "Plain", "--json").out)["id"]
    assert len(name) == 10
    assert place.run("show", name[:6]).out.splitlines()[1] == name
    assert name in place.run("list", "--json").out


def test_status_json(place: Place) -> None:
    place.write("work/Backlog/New.md", "---\ntitle: [\n---\n")
    found = json.loads(place.run("status", "--json").out)
    assert found["uncommitted"] == ["work/Backlog/New.md"]
    assert found["trust"] == {"state": "missing", "by": None, "at": None}
    assert found["outbox"] == {"waiting": 0, "held": 0, "unknown": 0, "dead": 0}
    assert found["sync"] is None and found["paused"] == 0 and found["held"] == []


# queries


def test_a_dash_before_a_word_is_a_query(place: Place) -> None:
    """`-probability:…` begins with the option -p, and is none."""
    out = place.run("list", "-p", "sales", "-tag:Urgent", "-probability:40", "is:open").out
    assert [line[:4] for line in out.splitlines()] == ["ID  ", "p0rt", "1 re"]
    assert "n8q2" not in place.run("list", "-Bretagne Fret").out


def test_words_search_and_quoting_survives_the_shell(place: Place) -> None:
    assert "r3n3" in place.run("list", "list:Open deals", "happy").out
    assert place.run("list", "list:Open deals", "sad").out == ""


def test_me_is_who_git_says(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "t0ky" in place.run("list", "assignee:me").out
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "nobody@acme.example")
    result = place.run("list", "assignee:me")
    assert result.out == "" and "assignee:me finds nothing" in result.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("is:open", "due:"), "at column 13\n  is:open due:\n              ^\n"),
        (("stauts:x",), "at column 1\n  stauts:x\n  ^^^^^^\n"),
        (("list:Opne",), "at column 6\n  list:Opne\n       ^^^^\n"),
        (("tag:東京", "list:Nowhere"), "at column 13\n  tag:東京 list:Nowhere\n                ^^^^^^^\n"),
    ],
)  # fmt: skip
def test_a_wrong_query_names_its_column(place: Place, words: tuple[str, ...], said: str) -> None:
    result = place.run("list", *words)
    assert result.code == 2 and result.out == ""
    assert said in result.err


def test_a_wrong_name_names_the_nearest(place: Place) -> None:
    assert "“sales”" in place.run("list", "-p", "slaes").err.replace('"sales"', "“sales”")
    assert "Did you mean" in place.run("list", "deal_valu:1..").err
    result = place.run("show", "Renewl Acme")
    assert result.code == 2 and "Renewal – Acme" in result.err


# bad input


@pytest.mark.parametrize("args", [(), ("list",), ("show", "x"), ("status",), ("check",)])
def test_bad_places_are_one_line_and_a_remedy(
    place: Place, tmp_path: Path, args: tuple[str, ...]
) -> None:
    place.write("bluefs.yaml", "bluefs: 2\n")
    result = place.run(*args)
    assert (result.code, result.out) == (2, "") and "format 2" in result.err
    (place.root / "bluefs.yaml").unlink()
    result = place.run(*args)
    assert (result.code, result.out) == (2, "") and len(result.err.splitlines()) == 2


def test_a_record_that_is_held_is_shown_as_it_was(place: Place) -> None:
    place.write("sales/Open deals/Bretagne.md", b"\xff")
    result = place.run("show", "n8q2")
    assert "Call Bretagne Fret" in result.out
    assert 'bluefs check "sales/Open deals/Bretagne.md"' in result.out
    assert "n8q2" in place.run("list").out


def test_a_file_with_problems_says_so_when_shown(place: Place) -> None:
    place.write("work/Backlog/X.md", "---\nid: x000000001\ndue: never\n---\n")
    assert 'bluefs check "work/Backlog/X.md"' in place.run("show", "x000").out


# screens


def test_a_screen_without_unicode_shows_words_all_the_same() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    screen = Screen.of(stream)
    screen.table(["A"], [[Cell("€12 · é → x")]], flexible=0)
    stream.flush()
    assert stream.buffer.getvalue() == b"A\nEUR12 - e -> x\n"  # type: ignore[attr-defined]


def _table(widths: dict[str, int]) -> list[Column]:
    return [
        Column(key, key.upper(), [Cell("x" * width)], right=key.startswith("n"))
        for key, width in widths.items()
    ]


WIDE = {"id": 4, "title": 60, "list": 20, "due": 12, "who": 12, "tags": 40, "n1": 10, "n2": 10}


@pytest.mark.parametrize("width", [60, 72, 80, 100, 120, 200])
def test_a_table_fits_its_screen(width: int) -> None:
    table = fit(_table(WIDE), width)
    assert sum(c.width for c in table) + 2 * (len(table) - 1) <= width
    assert {"id", "title", "list", "due"} <= {c.key for c in table}
    assert all(columns(cell.text) <= c.width for c in table for cell in c.cells)
    title = next(c for c in table if c.key == "title")
    spare = width - sum(c.width for c in table) - 2 * (len(table) - 1)
    assert title.width == WIDE["title"] or spare == 0


def test_nothing_is_cut_in_a_pipe() -> None:
    assert fit(_table(WIDE), None) == _table(WIDE)


def test_a_wide_screen_cuts_nothing() -> None:
    assert fit(_table(WIDE), 300) == _table(WIDE)


@pytest.mark.parametrize("text", [
    "r3n3w0c4tz", "Renewal – Acme", "[[renewal – acme]]", "sales/Open deals/Renewal – Acme.md",
    "Renewal – Acme.md",
])  # fmt: skip
def test_what_blocks_may_be_named_as_people_do(place: Place, text: str) -> None:
    path = "work/Backlog/Waits.md"
    place.write(path, f"---\nid: wa1ts00001\nblocked_by:\n  - {text!r}\n---\n")
    found = json.loads(place.run("list", "is:blocked", "-p", "work", "--json").out)
    assert [record["path"] for record in found] == [path]
    place.write(path, "---\nid: wa1ts00001\nblocked_by: Nobody at all\n---\n")
    assert place.run("list", "is:blocked", "-p", "work", "--json").out == "[]\n"
