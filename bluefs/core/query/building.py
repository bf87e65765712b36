"""From the grammar to a parser: lark's own, and tables to be driven without it.

Importing lark and building its parser takes as long as Python's start, three times over. So what
lark makes of the grammar is kept in ``tables.py``: its LALR states, and the terminals in the order
in which its lexer tries them. `driving` runs them; lark itself is asked where something does not
fit, for its account of it. The grammar stays the only source. After a change of it::

    python -c "from bluefs.core.query.building import written; print(written(), end='')" \
        > tables.new && mv tables.new bluefs/core/query/tables.py
"""

from __future__ import annotations

import pprint
from functools import cache
from hashlib import sha256

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from bluefs.core.hints import Any
from bluefs.core.query.grammar import GRAMMAR

_HEAD = '''"""The grammar's parse tables, made by ``building.written``. Not to be edited by hand.

``TERMINALS``: (name, expression) in the order in which they are tried. ``IGNORED``: those that are
passed over. ``STATES``: what each does with a terminal or a finished rule: the state it goes to, or
~n for the rule n that is finished. ``RULES``: (the rule's name, how many parts it has, the method
that is called with them; "" where the only part is the value, None where they join the parts of
the rule around). ``START``, ``END``: states.
"""

# fmt: off
# ruff: noqa

from __future__ import annotations

'''


@cache
def build() -> Lark:
    """The parser, from the grammar's text. It makes plain trees."""
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


def digest() -> str:
    """SHA-256 of the grammar: the tables say of which one they are."""
    return sha256(GRAMMAR.encode()).hexdigest()


def written() -> str:
    """The text of ``tables.py`` for this grammar."""
    data, memo = build().memo_serialize([TerminalDef, Rule])
    table = data["parser"]["parser"]
    numbers = [n for n, one in memo.items() if one["__type__"] == "Rule"]
    parts = {
        "TERMINALS": _terminals([one for one in memo.values() if one["__type__"] == "TerminalDef"]),
        "IGNORED": tuple(data["parser"]["lexer_conf"]["ignore"]),
        "RULES": tuple(_rule(memo[n]) for n in numbers),
        "STATES": tuple(
            dict(
                sorted(
                    (table["tokens"][n], _action(action, numbers)) for n, action in state.items()
                )
            )
            for _, state in sorted(table["states"].items())
        ),
        "START": table["start_states"]["start"],
        "END": table["end_states"]["start"],
    }
    lines = [f"GRAMMAR = {digest()!r}"]
    for name, value in parts.items():
        text = pprint.pformat(value, width=110, compact=True, sort_dicts=False)
        kind = ": tuple[dict[str, int], ...]" if name == "STATES" else ""
        lines.append(f"{name}{kind} = {text}")
    return _HEAD + "\n".join(lines) + "\n"


def _terminals(found: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """As lark's lexer tries them: by priority, the longest match, the longest expression, name."""
    terminals = [TerminalDef.deserialize(one, {}) for one in found]
    terminals.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    return tuple((t.name, t.pattern.to_regexp()) for t in terminals)


def _rule(rule: dict[str, Any]) -> tuple[str, int, str | None]:
    name, parts, options = rule["origin"]["name"], rule["expansion"], rule["options"]
    if options["keep_all_tokens"] or any(part.get("filter_out") for part in parts):
        raise ValueError(f"the rule {name} leaves tokens out: driving knows nothing of that")
    if name.startswith("_"):
        return name, len(parts), None
    if options["expand1"] and not rule["alias"] and len(parts) == 1:
        return name, 1, ""
    if options["expand1"] and not rule["alias"]:
        raise ValueError(f"the rule {name} has one part or several: driving knows nothing of that")
    return name, len(parts), rule["alias"] or name


def _action(action: tuple[int, Any], rules: list[Any]) -> int:
    """lark writes (0, state) for a shift and (1, rule) for a reduction."""
    kind, to = action
    return int(to) if kind == 0 else ~rules.index(to["@"])
