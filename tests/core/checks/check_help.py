"""A workspace in a dictionary, for the tests of checks."""

from __future__ import annotations

from collections.abc import Mapping

from bluefs.core.checks.examine import Sources, examine
from bluefs.core.config import is_config
from bluefs.core.problems import Problem

BLUEFS = "bluefs: 1\nname: Acme\ntimezone: Europe/Paris\npeople:\n  ana: {name: Ana}\n"
PROJECT = """\
name: Sales
lists:
  Open:
  Won: {done: true}
fields:
  value: {type: currency, currency: EUR, required_in: [Won]}
  email: {type: email}
  paper: file
  papers: {type: file, many: true}
  lands: {type: country, many: true}
"""
NUMBERED = PROJECT + "  number: {type: unique_id, prefix: D-}\n"


def sources(files: Mapping[str, str | bytes], **more: object) -> Sources:
    """The sources of a workspace with these files besides the usual settings."""
    texts = {"bluefs.yaml": BLUEFS, "sales/project.yaml": PROJECT, **files}
    data = {p: t if isinstance(t, bytes) else t.encode() for p, t in texts.items()}
    folders = {"/".join(p.split("/")[:n]) for p in data for n in range(1, p.count("/") + 1)}
    records = {p for p in data if p[-3:].lower() == ".md" and not is_config(p)}
    deep = {p for p in records if p.count("/") > 2 or "/_" in f"/{p}"}
    return Sources(
        settings={p: d for p, d in data.items() if is_config(p)},
        data={p: data[p] for p in records - deep},
        paths=frozenset(data),
        folders=frozenset(folders),
        **more,  # type: ignore[arg-type]
    )


def found(files: Mapping[str, str | bytes], **more: object) -> list[Problem]:
    return list(examine(sources(files, **more)).problems)


def brief(files: Mapping[str, str | bytes], **more: object) -> list[str]:
    """``path:line:column-end CODE`` of every Problem that is not a missing id."""
    return [
        f"{p.path}:{p.line}:{p.column}-{p.end} {p.code.code}"
        for p in found(files, **more)
        if p.code.code != "BF402"
    ]
