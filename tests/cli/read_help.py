"""A small workspace on disk and a way to run commands in it, for the commands that read."""

from __future__ import annotations

import os
import subprocess
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
  li: {name: Li Wei, email: li@acme.example}
mail: {from: "Acme <hello@acme.example>"}
""",
    "sales/project.yaml": """\
name: Sales
lists:
  Open deals: {color: blue}
  Proposal:
  Closed won: {done: true}
tags: {Urgent: red, Key account: purple}
fields:
  deal_value: {type: currency, currency: EUR, required_in: [Proposal]}
  probability: percent
  source: {type: select, options: [Web, Referral]}
  email: email
""",
    "sales/automations.yaml": """\
- name: Offer
  when: {moved: Proposal}
  then:
    - send_email: {to: email, subject: "Our offer: ${title}", body: "Hello"}
""",
    "work/project.yaml": "name: Work\nlists: {Backlog: }\n",
    "sales/Open deals/Renewal – Acme.md": """\
---
id: r3n3w0c4tz
tags: [Key account]
due: 2026-11-24T15:00
assignees: [ana, li]
position: a0V
deal_value: 12000.50
probability: 40
source: Referral
---
They are happy.


## Before the call
- [x] Read the contract @ana
- [ ] Send the offer @li due:2026-11-28

## Notes
```
## Not a heading
- [ ] nor an item
```

## Comments

### ana · 2026-11-24 09:12
They asked for net 60. @li?

### Marie Duval · 2026-11-23 17:40
Two lines:
the second.
""",
    "sales/Open deals/Bretagne.md": "---\nid: n8q2000001\ntitle: Call Bretagne Fret\n"
    "due: 2026-11-27\nassignees: li\ntags: Urgent\n---\n",
    "sales/Proposal/Port.md": "---\nid: p0rt000001\ntitle: Port of Brest, seats\ndue: 2026-11-21\n"
    "assignees: [ana]\ndeal_value: 62500\nblocked_by: [r3n3w0c4tz]\n---\n",
    "sales/Closed won/Pixel.md": "---\nid: st8d000001\ndue: 2026-11-01\ndeal_value: 1980\n---\n",
    "work/Backlog/☕ 東京.md": "---\nid: t0ky000001\nassignees: [ana]\n---\n",
    "sales/_files/r3n3w0c4tz/Contract.pdf": "pdf",
}


@dataclass
class Result:
    code: int
    out: str
    err: str


@dataclass
class Place:
    """A workspace and its commands. ``run`` is one in-process run, its streams piped."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *args: str, inside: str = "") -> Result:
        self.capsys.readouterr()
        code = main(["-C", str(self.root / inside), *args])
        seen = self.capsys.readouterr()
        return Result(code, seen.out, seen.err)

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def git(self, *args: str) -> str:
        command = ["git", "-C", str(self.root), *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def tree(self) -> dict[str, bytes]:
        """Every file outside of Git's folder."""
        files = (f for f in self.root.rglob("*") if f.is_file() and ".git" not in f.parts)
        return {f.relative_to(self.root).as_posix(): f.read_bytes() for f in files}


def make_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Place:
    """The workspace of ``FILES``, committed by ana, at the moment ``NOW``."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    for name in [n for n in os.environ if n.startswith(("GIT_", "BLUEFS_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home), "XDG_CONFIG_HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@acme.example",
        "GIT_COMMITTER_NAME": "Ana", "GIT_COMMITTER_EMAIL": "ana@acme.example",
        "BLUEFS_NOW": NOW, "BLUEFS_FSYNC": "0", "NO_COLOR": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    place = Place(folder / "acme", capsys)
    for path, text in FILES.items():
        place.write(path, text)
    place.git("init", "-q", "-b", "main")
    place.git("add", "-A")
    place.git("commit", "-qm", "start")
    return place
