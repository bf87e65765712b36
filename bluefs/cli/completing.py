"""What a shell may complete a word to: commands, options, lists, tags, people, fields, titles.

Owns which words may stand where; ``cli.known`` has the names. Never raises and never prints a
complaint: with nothing to offer, the shell offers its own.

A script asks ``bluefs --complete WORD... `` (``ask``); each line of the answer is a word, a tab and
what it is. The scripts are short so that what they do can be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from bluefs.cli.known import Known, Offer

#: The first argument that asks for completions.
FLAG = "--complete"
_BASH = """\
_bluefs() {
    local cur="${COMP_WORDS[COMP_CWORD]}" line word
    local -a words
    # The line up to the cursor, split as the shell would, colons and equals signs left in.
    mapfile -t words < <(bluefs --complete bash "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    COMPREPLY=()
    for line in "${words[@]}"; do
        word="${line%%$'\\t'*}"
        [[ "$word" == "/files" ]] && { compopt -o default 2>/dev/null; continue; }
        [[ "$word" == *[:=/] ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("$word")
    done
}
complete -F _bluefs bluefs
"""
_ZSH = """\
#compdef bluefs
_bluefs() {
    local -a found
    local line
    while IFS= read -r line; do
        [[ "${line%%$'\\t'*}" == "/files" ]] && { _files; continue; }
        found+=("${line%%$'\\t'*}")
    done < <(bluefs --complete words "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    (( ${#found} )) && compadd -U -a found
}
compdef _bluefs bluefs
"""
_FISH = """\
function __bluefs_complete
    set -l words (commandline -opc)[2..] (commandline -ct)
    for line in (bluefs --complete words $words 2>/dev/null)
        switch $line
            case '/files*'
                __fish_complete_path (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c bluefs -f -a '(__bluefs_complete)'
"""
SHELLS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}

#: Commands whose arguments are records, then perhaps a list, or assignments.
_REFS = frozenset(
    {"show", "done", "reopen", "delete", "edit", "path", "comment", "set", "move", "copy", "files",
     "attach", "press"}
)  # fmt: skip
_QUERIES = frozenset({"list", "board"})
_KINDS = ("list", "tag", "field", "person")
_PAGES = ("query", "dates", "fields", "rules")


def ask(args: Sequence[str]) -> int:
    """``bash LINE`` or ``words WORD...`` (the last one is being typed): prints the offers."""
    try:
        if args[:1] == ["bash"]:
            _for_bash(args[1] if len(args) > 1 else "")
        else:
            typed = list(args[1:]) or [""]
            for word, what in offers(typed[:-1], typed[-1]):
                _put(word, what)
    except Exception:  # noqa: BLE001 - a complaint in the middle of a prompt helps nobody
        return 1
    return 0


def _put(word: str, what: str) -> None:
    sys.stdout.write(f"{' '.join(word.split())}\t{' '.join(what.split())}\n")


def _for_bash(line: str) -> None:
    """Bash replaces only what stands behind the last of its word breaks and quotes nothing, so
    what is offered is the rest of the word, written as the shell needs it."""
    words, typed, raw = split_line(line)
    rest = raw[max((raw.rfind(mark) for mark in ":="), default=-1) + 1 :]
    before = len(typed) - len(split_line(rest)[1])
    quote = rest[:1] if rest[:1] in ("'", '"') else ""
    for word, what in offers(words[1:], typed):
        part = word[before:]
        _put(
            word if word == "/files" else f"{quote}{part}{quote}" if quote else shell_quoted(part),
            what,
        )


def split_line(line: str) -> tuple[list[str], str, str]:
    """(whole words, the word being typed, the same as it stands in the line)."""
    words: list[str] = []
    word, raw, quote, at, inside = "", "", "", 0, False
    while at < len(line):
        char = line[at]
        if quote:
            if char == quote:
                quote = ""
            elif char == "\\" and quote == '"' and at + 1 < len(line):
                raw, at = raw + char, at + 1
                char = line[at]
                word += char
            else:
                word += char
        elif char in "'\"":
            quote, inside = char, True
        elif char == "\\" and at + 1 < len(line):
            raw, at = raw + char, at + 1
            char = line[at]
            word, inside = word + char, True
        elif char.isspace():
            if inside:
                words.append(word)
            word, raw, inside, at = "", "", False, at + 1
            continue
        else:
            word, inside = word + char, True
        raw, at = raw + char, at + 1
    return words, word, raw


def shell_quoted(word: str) -> str:
    """The word with backslashes, which a person can go on typing behind."""
    safe = "-_./:=@%+,"
    return "".join(
        c if c.isalnum() or c in safe or (c > "\x7f" and not c.isspace()) else f"\\{c}"
        for c in word
    )


def offers(words: Sequence[str], typed: str) -> Iterator[Offer]:
    """What the word being typed may become, given the words before it (without ``bluefs``)."""
    folder, rest = _folder(words)
    if not rest:
        yield from _starting(_commands(), typed)
        return
    from bluefs.cli.main import ALIASES

    command = ALIASES.get(rest[0], rest[0])
    if typed.startswith("-") and not typed.startswith("-tag"):
        yield from _starting(_options(command), typed)
        return
    option = _option_before(command, rest)
    known = Known(folder)
    if option is not None:
        yield from _starting(_values(option, known, rest), typed)
    else:
        yield from _arguments(command, rest[1:], typed, known)


def _folder(words: Sequence[str]) -> tuple[str, list[str]]:
    """Where the command would run (``-C``), and its words."""
    rest = list(words)
    folder = "."
    while rest[:1] == ["-C"] and len(rest) > 1:
        folder = rest[1]
        rest = rest[2:]
    return folder, rest


def _starting(found: Iterable[Offer], typed: str) -> Iterator[Offer]:
    """Those that begin as typed, in any case; where none does, those with it inside."""
    wanted = typed.casefold()
    every = list(dict(found).items())
    begun = [one for one in every if one[0].casefold().startswith(wanted)]
    yield from begun or [one for one in every if len(wanted) > 1 and wanted in one[0].casefold()]


def _commands() -> Iterator[Offer]:
    from bluefs.cli.main import COMMANDS

    return ((name, "") for name in COMMANDS)


def _options(command: str) -> Iterator[Offer]:
    """The options of one command; only that one is imported."""
    import click

    from bluefs.cli.group import group

    found = group.get_command(click.Context(group, info_name="bluefs"), command)
    for parameter in found.params if found is not None else ():
        if isinstance(parameter, click.Option):
            for name in parameter.opts:
                if name.startswith("--"):
                    yield name, (parameter.help or "").split(". ")[0]


def _option_before(command: str, rest: Sequence[str]) -> str | None:
    """The option that the word being typed is the value of."""
    last = rest[-1] if len(rest) > 1 else ""
    short = {"-l": "--list", "-p": "--project", "-a": "--assign", "-t": "--tag", "-d": "--due"}
    if last == "-a" and command == "path":
        return None
    name = short.get(last, last)
    taking = {"--list", "--project", "--assign", "--tag", "--due", "--set", "--where", "--view",
              "--group", "--template"}  # fmt: skip
    return name if name in taking else None


def _values(option: str, known: Known, rest: Sequence[str]) -> Iterator[Offer]:
    if option == "--list":
        yield from known.lists(_named_project(rest))
    elif option == "--project":
        yield from known.projects()
    elif option == "--assign":
        yield from known.people()
    elif option == "--tag":
        yield from known.tags()
    elif option == "--due":
        yield from ((word, "") for word in ("today", "tomorrow", "mon", "fri", "+1d", "+7d"))
    elif option == "--view":
        yield from known.views()
    elif option == "--set":
        yield from ((f"{key}=", what) for key, what in known.settable())
    elif option == "--group":
        yield from (("list", ""), ("tags", ""), ("assignees", ""), ("due", ""), *known.fields())
    elif option == "--where":
        yield from known.query_keys()


def _named_project(rest: Sequence[str]) -> str | None:
    """What stands behind ``-p``."""
    at = next((n for n, word in enumerate(rest) if word in ("-p", "--project")), len(rest))
    return rest[at + 1] if at + 1 < len(rest) else None


def _arguments(command: str, before: Sequence[str], typed: str, known: Known) -> Iterator[Offer]:
    place = sum(not word.startswith("-") for word in before)
    if command in _QUERIES:
        first = known.projects() if command == "board" and not place else iter(())
        yield from _starting(first, typed)
        yield from _query(typed, known)
    elif command == "rename":
        yield from _starting(_renamed(before, place, known), typed)
    elif command == "help":
        yield from _starting(((page, "") for page in _PAGES), typed)
        yield from _starting(_commands(), typed)
    elif command == "completion":
        yield from _starting(((shell, "") for shell in SHELLS), typed)
    elif command == "attach" and place:
        yield "/files", ""
    elif command == "set" and place:
        yield from _assignment(typed, known)
        if "=" not in typed:
            yield from _starting(known.titles(), typed)
    elif command == "press" and place:
        yield from _starting((*known.buttons(), *known.titles()), typed)
    elif command in ("move", "copy") and place:
        yield from _starting((*known.lists(None), *known.titles()), typed)
    elif command in _REFS:
        yield from _starting(known.titles(), typed)


def _renamed(before: Sequence[str], place: int, known: Known) -> Iterator[Offer]:
    if not place:
        return ((kind, "") for kind in _KINDS)
    kind = before[0]
    ways: dict[str, Callable[[], Iterator[Offer]]] = {
        "list": lambda: known.lists(None), "tag": known.tags, "field": known.fields,
        "person": known.people,
    }  # fmt: skip
    return ways[kind]() if place == 1 and kind in ways else iter(())


def _query(typed: str, known: Known) -> Iterator[Offer]:
    """``tag:Ur`` to ``tag:Urgent``; the keys before there is a colon."""
    key, colon, value = typed.removeprefix("-").partition(":")
    sign = "-" if typed.startswith("-") else ""
    if not colon:
        yield from ((sign + word, what) for word, what in _starting(known.query_keys(), key))
        return
    done, comma, last = value.rpartition(",")
    for word, what in _starting(known.values(key), last):
        yield f"{sign}{key}:{done}{comma}{word}", what


def _assignment(typed: str, known: Known) -> Iterator[Offer]:
    for operator in ("+=", "-=", "="):
        key, found, value = typed.partition(operator)
        if found and "=" not in key:
            done, comma, last = value.rpartition(",")
            for word, what in _starting(known.values(key), last):
                yield f"{key}{operator}{done}{comma}{word}", what
            return
    for key, what in _starting(known.settable(), typed):
        yield f"{key}=", what
