"""The catalogues against each other, against the code and against CLDR.

Every message is in every language with the same fields and the plural forms that the language
has; none is unused; French keeps to its typography; whatever a command prints comes from here.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from babel.core import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

import bluefs
from bluefs.core.words import (
    AREAS,
    LANGUAGES,
    fill,
    grouped,
    has,
    known,
    plural,
    say,
    speaking,
    spoken,
)  # fmt: skip
from bluefs.core.words.plurals import RULES, category, holds, operands

ROOT = Path(bluefs.__file__).parent
FORMS = ("zero", "one", "two", "few", "many", "other")
FIELD = re.compile(r"\{(\w+)")


def messages(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for area in AREAS:
        found |= import_module(f"bluefs.core.words.{language}.{area}").MESSAGES
    return found


CATALOGUES = {language: messages(language) for language in LANGUAGES}
ENGLISH = CATALOGUES["en"]


def base(key: str) -> str:
    """The key without its plural form."""
    head, _, form = key.rpartition(".")
    counted = f"{head}.one" in ENGLISH and f"{head}.other" in ENGLISH
    return head if form in FORMS and counted else key


def forms(catalogue: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in catalogue:
        if base(key) != key:
            found.setdefault(base(key), set()).add(key.rpartition(".")[2])
    return found


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_message_is_in_every_language(language: str) -> None:
    here = {base(key) for key in CATALOGUES[language]}
    there = {base(key) for key in ENGLISH}
    assert (sorted(there - here), sorted(here - there)) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_area_has_a_file_and_every_file_is_an_area(language: str) -> None:
    folder = ROOT / "core/words" / language
    assert {file.stem for file in folder.glob("*.py")} - {"__init__"} == set(AREAS)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_translations_have_the_same_fields(language: str) -> None:
    for key, text in CATALOGUES[language].items():
        original = ENGLISH.get(key) or ENGLISH[f"{base(key)}.other"]
        assert fields(text) - fields(original) == set(), key
        lost = fields(original) - fields(text) - {"count"}
        assert lost == set(), key


def fields(text: str) -> set[str]:
    return {f"{name}:{spec}" if spec else name for _, name, spec, _ in Formatter().parse(text)
            if name}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_messages_have_the_forms_of_their_language(language: str) -> None:
    wanted = {*RULES[language], "other"}
    assert {key: some for key, some in forms(CATALOGUES[language]).items() if some != wanted} == {}


def _strings() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every text in the sources but the catalogues; of each f-string that may be a key a
    pattern."""
    texts: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for file in sorted(ROOT.rglob("*.py")):
        if "words" in file.relative_to(ROOT).parts[:-1]:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts |= {node.value, *node.value.split()}
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"([\w.-]+)"
                    for v in node.values
                ]
                fixed = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
                if re.fullmatch(r"[a-z_.]*[._][a-z_.]*", fixed):
                    patterns.append(re.compile("".join(parts)))
            elif isinstance(node, ast.arg | ast.keyword) and node.arg:
                texts.add(node.arg)
    return texts, patterns


def test_no_message_is_unused() -> None:
    """help and click are looked at in test_french: their keys are names of commands."""
    texts, patterns = _strings()
    keys = {base(key) for key in ENGLISH if not key.startswith(("help.", "click."))}
    assert [key for key in sorted(keys) if not _is_named(key, texts, patterns)] == []


def _is_named(key: str, texts: set[str], patterns: list[re.Pattern[str]]) -> bool:
    """In full; by a pattern whose holes are filled by words of the sources; or as the companion
    of a message that is."""
    owner = re.sub(r"(_near|_cut)?(\.near)?(\.(remedy|hint|bare))?$", "", key)
    return any(one in texts or _is_built(one, texts, patterns) for one in {key, owner})


def _is_built(key: str, texts: set[str], patterns: list[re.Pattern[str]]) -> bool:
    fits = (pattern.fullmatch(key) for pattern in patterns)
    return any(all(word in texts for word in fit.groups()) for fit in fits if fit)


# CLDR

NUMBERS = [
    *range(1001), 1_000_000, 1_000_001, 2_000_000, 10**9, -1, -1_000_000,
    *map(Decimal, ("0.0", "1.0", "1.5", "0.5", "1.99", "2.00", "2.10", "1000000.0")),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_are_those_of_cldr(language: str) -> None:
    theirs = Locale(language).plural_form
    assert RULES[language] == dict(theirs.rules)
    assert [n for n in NUMBERS if category(n, language) != theirs(n)] == []


def test_rules_of_every_language_of_cldr_are_read_as_babel_reads_them() -> None:
    seen: set[tuple[tuple[str, str], ...]] = set()
    for code in locale_identifiers():
        theirs = Locale.parse(code).plural_form
        rules = tuple(theirs.rules.items())
        if rules in seen:
            continue
        seen.add(rules)
        for number in NUMBERS[:120] + NUMBERS[1001:]:
            values = operands(number)
            ours = next((form for form, rule in rules if holds(rule, values)), "other")
            assert ours == theirs(number), (code, number)
    assert len(seen) > 30


@given(st.integers(-(10**12), 10**12) | st.decimals("-1000", "1000", places=2))
def test_any_number_takes_the_form_that_babel_gives_it(number: int | Decimal) -> None:
    for language in LANGUAGES:
        assert category(number, language) == Locale(language).plural_form(number)


def test_a_million_is_many_in_french() -> None:
    assert plural("screens.list.count", 0, language="fr") == "0 fiche"
    assert plural("screens.list.count", 1, language="fr") == "1 fiche"
    assert plural("screens.list.count", 2, language="fr") == "2 fiches"
    assert plural("screens.list.count", 10**6, language="fr") == "1\u202f000\u202f000 de fiches"
    assert plural("screens.list.count", 0) == "0 records"
    assert plural("screens.list.count", 1204) == "1,204 records"


@given(st.integers(0, 10**12))
def test_counts_are_grouped_as_babel_groups_them(count: int) -> None:
    from babel.numbers import format_decimal

    for language in LANGUAGES:
        assert grouped(count, language) == format_decimal(count, locale=language)


# the language that is spoken


def test_the_language_holds_inside_the_block_only() -> None:
    assert spoken() == "en"
    with speaking("fr_CA"):
        assert (spoken(), say("screens.done")) == ("fr", "terminée")
        assert say("screens.done", language="en") == "done"
        with speaking("de"):
            assert say("screens.done") == "done"
        assert fill("screens.done", {}) == "terminée"
        assert has("screens.done") and not has("screens.no_such_thing")
    assert say("screens.done") == "done"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fr", "fr"), ("fr_FR.UTF-8", "fr"), ("fr-CA", "fr"), ("FR", "fr"), ("en_GB", "en"),
        ("C", None), ("C.UTF-8", None), ("POSIX", None), ("de_DE", None), ("", None),
        ("fra", None), ("french", None), ("fr@euro", None),
    ],
)  # fmt: skip
def test_which_catalogue_a_code_means(code: str, language: str | None) -> None:
    assert known(code) == language


# typography


def test_french_keeps_to_its_typography() -> None:
    faults = [
        (key, found[0])
        for key, text in CATALOGUES["fr"].items()
        for found in [_slip(text)]
        if found
    ]
    assert faults == []


#: An ordinary space before : ; ! ? » or %, or behind «; an apostrophe or quotes as a machine
#: types them; a sign that is glued to the word before it.
_SLIPS = re.compile(
    r" (?=[:;!?»](?:[\s\"]|$))| (?=%)|« |\w'\w|(?<=\s)\"(?=[^\s{#:]\w+ )|[^\W\d_](?=[;!?](?:\s|$))"
)


def _slip(text: str) -> re.Match[str] | None:
    """What is typed in a terminal is no French."""
    return _SLIPS.search(re.sub(r"``.*?``|`[^`]*`|bluefs \w+ \"[^\"]*\"", "", text))


def test_what_scripts_rely_on_is_the_same_in_every_language() -> None:
    for catalogue in CATALOGUES.values():
        for key in ENGLISH:
            if key.startswith(("live.word.", "demo.word.")):
                assert catalogue[key] == ENGLISH[key]
        assert catalogue["live.watching"].startswith("Watching ")
        assert catalogue["live.polling"].startswith("watch ")


def test_messages_are_composed() -> None:
    for catalogue in CATALOGUES.values():
        for key, text in catalogue.items():
            assert unicodedata.is_normalized("NFC", text), key


# what commands print

PRINTERS = {
    "echo", "secho", "print", "write", "line", "talk", "plain", "prompt", "confirm", "style",
    "UsageError", "BadParameter", "ClickException", "BadArgumentUsage", "_remark", "_talk",
}  # fmt: skip
WORDING = {"say", "fill", "plural", "raw", "getattr"}
HELP = {"help", "short_help", "epilog", "prompt", "confirmation_prompt", "usage"}
#: The name of the program, and what an escape sequence leaves.
NAMES = re.compile(r"bluefs|\"\w+\":|\\x1b\[\w*|\{[^}]*\}")


def _literals(node: ast.AST) -> Iterator[str]:
    """Texts with a word in them below a node, but for the keys of messages."""
    if isinstance(node, ast.Call):
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if name in WORDING:
            return
        if name not in PRINTERS and name not in {"join", "format"}:
            return  # another function's arguments are not printed as they are
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and re.search(r"[^\W\d_]{2,}", NAMES.sub("", node.value)):
            yield node.value
        return
    if isinstance(node, ast.Subscript | ast.Compare):
        return
    for child in ast.iter_child_nodes(node):
        yield from _literals(child)


def _printed(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if name in PRINTERS:
            texts = node.args[-1:] if name == "line" else node.args[:1]
            told = [*texts, *(k.value for k in node.keywords if k.arg in HELP)]
            yield from ((node.lineno, text) for one in told for text in _literals(one))
        elif name in {"command", "group", "option", "argument", "version_option"}:
            for keyword in node.keywords:
                if keyword.arg in HELP:
                    yield from ((node.lineno, text) for text in _literals(keyword.value))


def test_whatever_a_command_prints_comes_from_the_catalogue() -> None:
    found = [
        f"{file.name}:{line} {text!r}"
        for file in sorted((ROOT / "cli").glob("*.py"))
        for line, text in _printed(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_search_for_literals_finds_them() -> None:
    source = (
        'click.echo("Nothing here")\ntalk(f"{n} records")\nscreen.line(" · ".join(["a b", "two"]))\n'
        '@click.option("-x", help="An option.")\ndef f(): pass\n'
        'screen.line(say("cli.nothing"))\nsys.stdout.write("\\n")\n'
    )
    assert [text for _, text in _printed(ast.parse(source))] == [
        "Nothing here", " records", "two", "An option.",
    ]  # fmt: skip
