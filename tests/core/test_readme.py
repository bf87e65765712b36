"""The README's examples are true: its links lead somewhere, its record and its rule are sound,
the commands it names exist, its two set-up commands stand where ``.ci/run`` looks for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bluefs.cli.main import COMMANDS
from bluefs.core.codec.record import read_record
from bluefs.core.config import is_config, load_config
from tests.core.sample import CONFIG, FILES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CHANGELOG.md", *(f"docs/decisions/{p.name}" for p in (ROOT / "docs/decisions").glob("*.md"))]  # fmt: skip


def block(language: str, start: str) -> str:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)
    return next(b for b in found if b.startswith(start))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in t]
    assert [t for t in targets if not (ROOT / page).parent.joinpath(t).exists()] == []


def test_the_record_has_no_problem() -> None:
    data = block("markdown", "---\n").encode()
    reading = read_record("sales/Open deals/Renewal.md", data, CONFIG)
    assert reading.problems == ()
    assert reading.record is not None
    assert (len(reading.record.items), len(reading.record.comments)) == (2, 1)


def test_the_rule_is_in_force() -> None:
    rule = block("yaml", "- name:").encode()
    settings = {p: d for p, d in FILES.items() if is_config(p)} | {"sales/automations.yaml": rule}
    loaded = load_config(settings)
    assert loaded.problems == ()
    assert [r.name for r in loaded.config.rules["sales"]] == ["Offer"]


@pytest.mark.parametrize("name", ["demo", "tests"])
def test_the_set_up_commands_can_be_found(name: str) -> None:
    found = re.findall(rf"^<!-- command: {name} -->\n```sh\n(.+)\n```$", README, re.M)
    assert len(found) == 1
    assert found[0].startswith("python3 -m venv ")


def test_every_command_it_shows_exists() -> None:
    shown = set(re.findall(r"^\$ bluefs (\w+)", README, re.M))
    table = re.findall(r"^\| ((?:`[^`]+`[, ]*)+) \|", README, re.M)
    shown |= {w for row in table for w in re.findall(r"`([a-z]+)[ `]", row)} - {"bluefs"}
    assert len(shown) > 10
    assert shown <= COMMANDS.keys()
