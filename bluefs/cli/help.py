"""``bluefs help``: the manual on the terminal.

``query`` is docs/queries.md, which is packaged; ``dates`` is worked out for this moment; the
pages of fields and rules are the docstrings of their kinds, triggers and actions. In another
language than English all three are read from docs/LANGUAGE, where a section goes by the kind's
or rule's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from inspect import cleandoc

import click

from bluefs.cli.base import App
from bluefs.cli.markdown import show_markdown
from bluefs.core.errors import Refused
from bluefs.core.matching import nearest
from bluefs.core.words import say, spoken


@click.command()
@click.argument("topic", required=False, metavar="[PAGE|COMMAND]")
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    app: App = ctx.obj
    if topic is None:
        _contents(ctx, app)
        return
    page = PAGES.get(topic.casefold()) or PAGES.get(f"{topic.casefold()}s")
    if page is not None:
        show_markdown(app.screen, page(app))
        return
    _of_command(ctx, topic)


def _contents(ctx: click.Context, app: App) -> None:
    parent = ctx.parent or ctx
    app.screen.line(parent.get_help())
    app.screen.line()
    app.screen.line(say("manual.pages.colon", text=say("manual.pages")))
    for name in PAGES:
        app.screen.line(say("manual.page", name=f"{name:<7}", text=say(f"manual.page.{name}")))
    app.screen.line(say("manual.page.more"))


def _of_command(ctx: click.Context, topic: str) -> None:
    parent = ctx.parent
    group = parent.command if parent is not None else None
    found = group.get_command(ctx, topic) if isinstance(group, click.Group) else None
    if found is None or parent is None:
        names = ", ".join(PAGES)
        every = [*PAGES, *(group.list_commands(ctx) if isinstance(group, click.Group) else ())]
        near = nearest(topic, every)
        if near is None:
            raise Refused("manual.no_topic", text=topic, names=names)
        raise Refused("manual.no_topic.near", text=topic, near=near, names=names)
    with click.Context(found, info_name=topic, parent=parent) as inner:
        click.echo(found.get_help(inner))


def _query(app: App) -> str:
    from bluefs.bootstrap import data_folder

    return _translated("queries") or (data_folder("docs") / "queries.md").read_text("utf-8")


def _translated(page: str) -> str:
    """The page in the language spoken; "" where docs has none, as for English."""
    from bluefs.bootstrap import data_folder

    file = data_folder("docs") / spoken() / f"{page}.md"
    return file.read_text("utf-8") if file.is_file() else ""


def _sections(page: str) -> dict[str, str]:
    """Word -> text, of such a page."""
    parts = (part.partition("\n") for part in _translated(page).split("\n## ")[1:])
    return {word.strip(): text.strip() for word, _, text in parts}


def _now(app: App) -> datetime:
    """The workspace's moment; outside of one, this machine's."""
    try:
        return app.now
    except Refused:
        return datetime.now(UTC).astimezone()


def _dates(app: App) -> str:
    from bluefs.core.when import render_when, show_when, typed_when

    now = _now(app)
    zone = now.tzinfo or UTC
    rows = []
    for text in say("manual.dates.examples").split("|"):
        value = typed_when(text, now)
        if value is not None:
            rows.append(
                f"| `{text}` | {show_when(value, now, spoken())} | `{render_when(value, zone)}` |"
            )
    heads = [say(f"manual.dates.{key}") for key in ("typed", "means", "file")]
    parts = [
        f"# {say('manual.dates')}", say("manual.dates.intro"),
        "\n".join([f"| {' | '.join(heads)} |", "|---|---|---|", *rows]),
        say("manual.dates.zone", zone=str(zone)), say("manual.dates.query"),
    ]  # fmt: skip
    return "\n\n".join(parts)


def _fields(app: App) -> str:
    from bluefs.core.fields import BUILT_IN, kind_named, kind_of, known_kinds

    parts = [f"# {say('manual.fields')}", say("manual.fields.intro")]
    own = _sections("fields")
    for word in known_kinds():
        kind = kind_named(word)
        parts += [f"## {word}", own.get(word) or cleandoc(type(kind).__doc__ or "")]
        if kind is not None and kind.takes:
            names = ", ".join(f"`{name}`" for name in kind.takes)
            parts.append(say("manual.fields.options", names=names))
    parts.append(f"# {say('manual.fields.builtin')}")
    for key, field in BUILT_IN.items():
        text = own.get(key) or cleandoc(type(kind_of(field)).__doc__ or "")
        parts += [f"## {key}", text]
    return "\n\n".join(parts)


def _rules(app: App) -> str:
    from bluefs.core.rules import registries

    triggers, actions = registries()
    parts = [f"# {say('manual.rules')}", say("manual.rules.intro")]
    own = _sections("rules")
    for title, registry in (("triggers", triggers), ("actions", actions)):
        parts.append(f"# {say(f'manual.rules.{title}')}")
        parts += list(_parts(registry, own))
        words = ", ".join(f"`{word}`" for word in sorted(registry.later))
        parts.append(say("manual.rules.later", words=words))
    return "\n\n".join(parts)


def _parts(registry: object, own: Mapping[str, str]) -> Iterator[str]:
    from bluefs.core.rules.registry import Registry

    assert isinstance(registry, Registry)
    for cls in registry:
        yield f"## {cls.word}"
        yield own.get(cls.word) or cleandoc(cls.__doc__ or "")


PAGES: dict[str, Callable[[App], str]] = {
    "query": _query, "dates": _dates, "fields": _fields, "rules": _rules,
}  # fmt: skip
