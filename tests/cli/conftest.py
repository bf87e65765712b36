"""A small workspace with a real repository, and ``run``: the command line in this process.

HOME is empty, Git reads no settings but the workspace's, the clock says Tue 24 Nov 2026, 09:12
in Paris, and commits have fixed dates, so everything printed is the same everywhere.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bluefs.cli.main import main

NOW = "2026-11-24T09:12"

FILES = {
    "bluefs.yaml": """\
bluefs: 1
name: Acme
timezone: Europe/Paris
people:
  ana: {name: Ana Ruiz, email: ana@acme.example}
  li: {name: Li Wei, email: [li@acme.example, li@home.example]}
  bo: {name: Bo Lind, email: bo@acme.example}
groups: {sales-team: [ana, li]}
sync: auto
mail: {from: "Acme <hello@acme.example>", per_hour: 60}
""",
    "sales/project.yaml": """\
name: Sales
lists:
  Open deals: {color: blue}
  Proposal:
  Closed won: {done: true}
  Closed lost: {done: true, locked: true}
tags: {Urgent: red, Key account: purple, Contacted: teal, Silent: grey}
fields:
  next_step: text
  deal_value: {type: currency, currency: EUR}
  probability: {type: percent, default: 20}
  source: {type: select, options: {Web: blue, Referral: green, "Fair: Lyon": orange}}
  products: {type: multi_select, options: [Basic, Pro]}
  email: {type: email}
  nda: checkbox
""",
    "sales/automations.yaml": """\
- name: Offer
  when:
    moved:
      to: Proposal
  if: has:email -tag:Silent
  then:
    - set:
        probability: 50
    - send_email:
        to: email
        subject: "Our offer: ${title}"
        body: Good morning
- name: Won
  enabled: false
  when: completed
  then:
    - send_email:
        to: sales-team
        subject: "Won: ${title}"
        body: Well done
""",
    "sales/Open deals/Renewal – Acme.md": """\
---
id: r3n3w0c4tz
tags: [Key account]
due: 2026-11-24T15:00
assignees: [ana, li]
position: a0V
deal_value: 12000   # before tax
probability: 40
source: Referral
email: marie@acme.example
---
Free Markdown, rendered.

## Before the call
- [x] Read the contract @ana
- [ ] Send the offer @li due:2026-11-28

## Comments

### ana · 2026-11-24 09:12
They asked for net 60. @li?
""",
    "sales/Proposal/Port of Brest, seats.md": """\
---
id: p0rtbr3st0
due: 2026-11-21
assignees: [ana]
deal_value: 62500
---
""",
    "sales/Closed lost/Old deal.md": "---\nid: g0negonego\n---\n",
    "work/project.yaml": """\
name: Work
strict: true
lists:
  Backlog:
  In progress:
  Done: {done: true}
tags: [Urgent, Later, Bug]
""",
    "work/In progress/Login.md": """\
---
id: k7h3kq0m2x
title: "Fix #12: login on Safari"
due: 2026-11-22
assignees: ana
blocked_by:
  - m4xq7c2p0d   # Buy a Mac
---
""",
    "work/Backlog/Buy a Mac.md": "---\nid: m4xq7c2p0d\ntags:\n  - urgent\n---\n",
    "work/Backlog/Plain note.md": "Only text, no front matter.\n",
    "work/Done/Old.md": "---\nid: d0ned0ned0\ndone: false\n---\n",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HOME and nobody's settings."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("GIT_", "BLUEFS_", "LC_", "XDG_")) and name != "BLUEFS_UPDATE":
            monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(tmp_path),
        "LANG": "C.UTF-8", "TZ": "Europe/Paris", "NO_COLOR": "1", "BLUEFS_FSYNC": "0",
        "BLUEFS_NOW": NOW,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace, made once."""
    root = tmp_path_factory.mktemp("packed") / "acme"
    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    moment = "2026-11-23T16:40:00+01:00"
    env = {
        "PATH": os.environ["PATH"], "HOME": str(root.parent), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment,
    }  # fmt: skip
    for words in (
        "init -q -b main", "config user.name Ana", "config user.email ana@acme.example",
        "add -A", "commit -q -m Begin",
    ):  # fmt: skip
        subprocess.run(["git", *words.split()], cwd=root, env=env, check=True)
    return root


@pytest.fixture
def workspace(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it of one's own, which is also the current folder."""
    root = tmp_path / "acme"
    shutil.copytree(packed, root)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("set", "r3n3", "seats=3", input=None, cwd=None)`` is ``bluefs set …`` with its
    streams piped."""

    def call(*args: str, input: str | None = None, cwd: Path | None = None) -> Result:
        with monkeypatch.context() as patch:
            if cwd is not None:
                patch.chdir(cwd)
            with _streams(input or "") as (out, err):
                code = main(list(args))
                sys.stdout.flush()
                sys.stderr.flush()
        return Result(code, out.getvalue().decode(), err.getvalue().decode())

    return call


@contextmanager
def _streams(text: str) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """The three standard streams, as bytes in memory: encoded as a pipe's would be."""
    out, err = io.BytesIO(), io.BytesIO()
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(err, encoding="utf-8", write_through=True)
    try:
        yield out, err
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            stream.detach()
        sys.stdin, sys.stdout, sys.stderr = kept


@pytest.fixture
def git(workspace: Path) -> Callable[..., str]:
    """``git("status", "--short")`` in the workspace: its output."""

    def call(*args: str) -> str:
        words = ["git", "-c", "core.quotePath=false", *args]
        return subprocess.run(words, cwd=workspace, check=True, capture_output=True).stdout.decode()

    return call
