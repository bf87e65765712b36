"""A person's day: shell commands that another process runs, and what has to come of each.

Owns the acts and nothing about their results: ``Due`` says for how much to wait, and what came
is read back from the workspace. Refuses to touch a file itself.
"""

from __future__ import annotations

import shutil
import subprocess

from bluefs.cli.demo_stage import LIMIT, environment
from bluefs.core.errors import Refused
from bluefs.core.frozen import dataclass

_TOOLS = ("sh", "sed", "mv", "cat", "rm")


@dataclass(frozen=True, slots=True)
class Due:
    """What an act must lead to. ``rules`` are those that write in the record."""

    commits: int = 1
    rules: int = 0
    mails: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """``script`` is for ``sh``, in ``folder`` of the workspace; ``key`` names its title."""

    key: str
    folder: str
    script: str
    due: Due


_TICKET = """\
cat > "Export bloqué.md" <<'END'
---
tags: [Panne]
client: Port de Brest
courriel: s.menard@port-brest.example
priorite: Haute
---
L’export des heures ne finit jamais, et la paie part ce soir.
END"""

#: vim with its usual settings (backupcopy=no, no backup kept): the file is renamed out of the
#: way, a new one takes its name, the old one is removed.
_VIM = """\
mv "Renewal – Acme.md" "Renewal – Acme.md~"
sed 's/^- \\[ \\] /- [x] /' "Renewal – Acme.md~" > "Renewal – Acme.md"
rm "Renewal – Acme.md~\""""

DAY = (
    Act(
        "edit", "sales/Open deals",
        "sed -i 's/^deal_value: 12000/deal_value: 14000/' \"Renewal – Acme.md\"", Due(),
    ),
    Act("vim", "sales/Open deals", _VIM, Due(rules=1)),
    Act("drag", "sales", 'mv "Open deals/Renewal – Acme.md" Proposal/', Due(rules=1, mails=1)),
    Act("ticket", "support/Nouveaux", _TICKET, Due(mails=2)),
    Act(
        "breaks", "sales/Open deals",
        "sed -i 's/^title: .*/title: Nordwind: the crews of six ferries/' \"Nordwind Reederei.md\"",
        Due(commits=0, held=True),
    ),
    Act(
        "mends", "sales/Open deals",
        "sed -i 's/^title: \\(.*\\)/title: \"\\1\"/' \"Nordwind Reederei.md\"", Due(),
    ),
    Act(
        "won", "sales", 'mv "Proposal/Renewal – Acme.md" "Closed won/"', Due(rules=1, mails=1),
    ),
)  # fmt: skip


def check_tools() -> None:
    """Raises Refused where the shell or a tool of the day is not installed."""
    for tool in _TOOLS:
        if shutil.which(tool) is None:
            raise Refused("demo.no_tool", tool=tool)


def play(act: Act, root: str) -> subprocess.CompletedProcess[str]:
    """Let another process do it, and wait until that has ended."""
    return subprocess.run(
        ["sh", "-ec", act.script], cwd=f"{root}/{act.folder}", env=environment(),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        errors="replace", timeout=LIMIT, check=False,
    )  # fmt: skip
