"""``bluefs explain``: what a code of ``check`` means."""

from __future__ import annotations

import click

from bluefs.cli.base import App
from bluefs.cli.markdown import show_markdown
from bluefs.cli.screen import Cell
from bluefs.core.choosing import one_code
from bluefs.core.codes.catalogue import all_codes
from bluefs.core.jsontext import render_array
from bluefs.core.problems import Code
from bluefs.core.words import say

_COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}


@click.command()
@click.argument("names", nargs=-1, metavar="[CODE]...")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(app: App, names: tuple[str, ...], as_json: bool) -> None:
    codes = [one_code(name) for name in names] if names else list(all_codes().values())
    screen = app.screen
    if as_json:
        screen.line(render_array(map(_json, codes), ascii_only=not screen.unicode))
    elif not names:
        rows = [
            [Cell(c.code, _COLOURS[c.severity]), Cell(c.title), Cell(c.severity, "dim")]
            for c in codes
        ]
        header = [say(f"manual.codes.{key}") for key in ("code", "title", "severity")]
        screen.table(header, rows)
    else:
        for n, code in enumerate(codes):
            if n:
                screen.line()
            title = screen.paint(code.title, "bold")
            screen.line(f"{screen.paint(code.code, _COLOURS[code.severity])} {title}")
            screen.line(screen.paint(say(f"manual.severity.{code.severity}"), "dim"))
            screen.line()
            show_markdown(screen, code.doc)


def _json(code: Code) -> dict[str, object]:
    return {
        "code": code.code, "severity": code.severity, "title": code.title, "text": code.doc
    }  # fmt: skip
