"""What looks like a secret, and what does not. No token here was ever one: they are put together
of two halves, so that nobody's scanner takes this file for a leak."""

from __future__ import annotations

from pathlib import Path

import pytest

from bluefs.core.config.secrets import find_secrets

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "sample-workspace"
SECRETS = (
    ("aws", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("github", "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a"),
    ("github", "github" + "_pat_11ABCDEFG0abcdefghijklmnop"),
    ("gitlab", "glpat" + "-Zx9Yw8Vu7Ts6Rq5Po4Nm"),
    ("slack", "xoxb" + "-123456789012-abcdefABCDEF"),
    ("slack", "hooks.slack" + ".com/services/T00000000/B00000000/Xq3vB7mN2kL9pR4tZ8wY"),
    ("stripe", "sk" + "_live_4eC39HqLyjWDarjtT1zdp7dc"),
    ("google", "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q"),
    ("key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
)  # fmt: skip
NAMED = (
    "password: 7f3Kq0m2xZp9LwRt", "  api_key = 'q8W2e7R4t9Y1u6I3'", 'Authorization: "Bearer x9K2m7Q4z8L1w6R3"',
    "secret: {key: 1}  # token: Zk39xQ7pLm20vB", "client_secret: a8f5f167f44f4964e6c998dee827110c",
)  # fmt: skip
NONE = (
    "password: changeme", "password: ${password}", "secret: env:HOOK", "secret: env:HOOK_2026_PROD_KEY",
    "name: Token of thanks for 2026", "token: see the vault", "- name: Password reset, 3 mistakes",
    "description: The secret 2026-12-01T15:00", "note: pass word 12345678", "template: password-reset-2.md",
    "id: k7h3kq0m2x", "token: ''", "api_key: https://hooks.acme.example/b8f5f167f44f4964",
)  # fmt: skip


@pytest.mark.parametrize(
    ("what", "text"), SECRETS, ids=[f"{w}{n}" for n, (w, _) in enumerate(SECRETS)]
)
def test_known_forms(what: str, text: str) -> None:
    found = list(find_secrets(["- name: x", f"    url: {text} # old"]))
    assert [(one.what, one.line, one.column, one.end) for one in found] == [
        (what, 2, 10, 10 + len(text))
    ]


@pytest.mark.parametrize("line", NAMED)
def test_what_stands_behind_a_word(line: str) -> None:
    assert [one.what for one in find_secrets([line])] == ["named"]


@pytest.mark.parametrize("line", NONE)
def test_no_false_alarm(line: str) -> None:
    assert list(find_secrets([line])) == []


def test_the_sample_and_the_documentation_of_rules_have_none() -> None:
    files = [
        *SAMPLE.rglob("*.yaml"),
        *SAMPLE.rglob("*.md"),
        ROOT / "docs/rules.md",
        ROOT / "docs/format.md",
    ]
    assert [f for f in files if list(find_secrets(f.read_text("utf-8").split("\n")))] == []
