"""automations.yaml -> Rules.

A rule with an error in it is not in force: half a rule (its condition lost, one of its steps
missing) would do what nobody asked for. What the format has and this version does not carry
out yet is left out with a warning, and the rest of the rule stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bluefs.core.codes import config as codes
from bluefs.core.config.history import check_history
from bluefs.core.config.inside import place_in
from bluefs.core.config.parts import PartReader
from bluefs.core.config.reach import against_itself, against_trigger, goes_nowhere
from bluefs.core.config.reader import Reader, did_you_mean, listing, slip_fix
from bluefs.core.config.views import check_filter, parse_filter
from bluefs.core.frozen import dataclass
from bluefs.core.hints import TypeVar
from bluefs.core.model import Config, Project, Rule
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.problems import Code
from bluefs.core.query import Query
from bluefs.core.query.tree import render
from bluefs.core.rules.actions import ACTIONS, CUTTING
from bluefs.core.rules.base import Action, Mention, Trigger
from bluefs.core.rules.email import SendEmail
from bluefs.core.rules.registry import Registry
from bluefs.core.rules.shape import Part
from bluefs.core.rules.triggers import TRIGGERS
from bluefs.core.words import say

KEYS = ("name", "when", "if", "then", "enabled")
P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Word:
    """A trigger's or action's word with what stands behind it (None for a bare word)."""

    key: Scalar
    value: Node | None


def parse_rules(
    reader: Reader, node: Node | None, project: Project, config: Config, judge: bool = True
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """(the rules in force, all that could be read), in file order: what a rule names is held
    against what exists whatever else is wrong with it. ``judge`` is False where the project or
    the workspace lost definitions, so that conditions cannot be held against them."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return (), ()
    if not isinstance(node, Seq):
        reader.report(codes.SHAPE, node, say("config.rules_list"), say("config.rules_list.hint"))
        return (), ()
    rules: dict[str, Rule] = {}
    read: dict[str, Rule] = {}
    others: list[Rule] = []
    for item in node.items:
        before, passed = len(reader.problems), reader.passed
        rule = _rule(reader, item, project, config if judge else None)
        if rule is None:
            continue
        sound = passed == reader.passed and not any(
            p.level == "error" for p in reader.problems[before:]
        )
        first = read.get(rule.name) if rule.name else None
        if first is not None:
            name = item.get("name") if isinstance(item, Map) else item
            message = say("config.rule_twice", name=rule.name, line=first.line)
            reader.report(codes.RULE, name or item, message, say("config.rule_twice.hint"))
            others.append(rule)
        else:
            read[rule.name or f"\0{rule.line}"] = rule
        if sound and rule.name not in rules:
            rules[rule.name] = rule
    return tuple(rules.values()), (*read.values(), *others)


def _rule(reader: Reader, node: Node, project: Project, config: Config | None) -> Rule | None:
    if not isinstance(node, Map):
        reader.report(codes.SHAPE, node, say("config.rule_map"), say("config.rule_map.hint"))
        return None
    reader.check_keys(node, KEYS, say("config.rule"))
    first = node.entries[0][0] if node.entries else Scalar("", True, node.line, node.column)
    name = reader.read_line(node.get("name"), "name")
    if node.get("name") is None or (name is None and _is_null(node.get("name"))):
        reader.report(codes.RULE, _key_of(node, "name") or first, say("config.rule_unnamed"))
    mentions: list[Mention] = []
    when = _triggers(reader, node, mentions, first)
    condition = _condition(reader, node.get("if"), project, config)
    if condition is not None and config is not None:
        _check_reach(reader, node.get("if"), when, condition, project)
    then = _actions(reader, node, mentions, first)
    enabled = reader.read_flag(node.get("enabled"), "enabled")
    return Rule(
        project.key,
        name or "",
        when,
        then,
        condition,
        enabled is not False,
        reader.path,
        node.line or first.line,
        tuple(mentions),
    )


def _is_null(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _key_of(node: Map, name: str) -> Scalar | None:
    """Where a key stands that nothing stands behind."""
    return next((key for key, _ in node.entries if key.text == name), None)


def _condition(
    reader: Reader, node: Node | None, project: Project, config: Config | None
) -> Query | None:
    query = parse_filter(reader, node, "if")
    if query is not None and isinstance(node, Scalar) and config is not None:
        check_filter(reader, node, query, project, config)
        check_history(reader, node, query, project, config)
    return query


def _check_reach(
    reader: Reader, node: Node | None, when: Iterable[Trigger], query: Query, project: Project
) -> None:
    """Report a condition that can never hold when the rule starts."""
    if not isinstance(node, Scalar):
        return
    demand, message = against_itself(query.tree, project), say("config.never")
    for trigger in when:
        if demand is None:
            demand = against_trigger(trigger, query.tree, project)
            message = say("config.never_after", when=trigger.explain())
    if demand is not None:
        line, column = place_in(reader, node, demand.column - 1)
        end = column + len(render(demand.leaf))
        hint = say("config.never.hint")
        reader.report_at(codes.NEVER_FIRES, line, column, end, message, hint)


def _triggers(
    reader: Reader, rule: Map, mentions: list[Mention], first: Scalar
) -> tuple[Trigger, ...]:
    found: list[Trigger] = []
    for word in _words(reader, rule.get("when"), "when", _key_of(rule, "when") or first):
        cls = _class_of(reader, TRIGGERS, word, codes.TRIGGER, "trigger")
        if cls is not None:
            part = PartReader(reader, mentions, word.key, "trigger").read(cls, word.value)
            if part is not None and goes_nowhere(part):
                place, hint = word.value or word.key, say("config.never.hint")
                reader.report(codes.NEVER_FIRES, place, say("config.never_moved"), hint)
            found.extend([part] if part is not None else [])
    return tuple(found)


def _actions(
    reader: Reader, rule: Map, mentions: list[Mention], first: Scalar
) -> tuple[Action, ...]:
    found: list[Action] = []
    for word in _words(reader, rule.get("then"), "then", _key_of(rule, "then") or first):
        cls = _class_of(reader, ACTIONS, word, codes.ACTION, "action")
        if word.key.text in CUTTING:
            break
        if cls is not None:
            part = PartReader(reader, mentions, word.key, "action").read(cls, word.value)
            if isinstance(part, SendEmail):
                _check_mail(reader, word, part)
            found.extend([part] if part is not None else [])
    return tuple(found)


def _words(reader: Reader, node: Node | None, what: str, first: Scalar) -> Iterator[Word]:
    """Each trigger or action: a bare word, or a map of one key."""
    if node is None or _is_null(node) or (isinstance(node, Seq) and not node.items):
        reader.report(codes.RULE, first, say(f"config.rule_no_{what}"))
        return
    for item in node.items if isinstance(node, Seq) else (node,):
        if isinstance(item, Scalar) and not item.is_null:
            yield Word(item, None)
        elif isinstance(item, Map) and len(item.entries) == 1:
            yield Word(*item.entries[0])
        elif isinstance(item, Map) and item.entries:
            _too_many_keys(reader, item, what)
        else:
            reader.report(codes.SHAPE, item, say(f"config.{what}_shape"))


def _too_many_keys(reader: Reader, node: Map, what: str) -> None:
    """Two triggers in one map, or options that lack their indentation: told apart by the
    second key."""
    first, second = node.entries[0][0], node.entries[1][0]
    registry: Registry[Trigger] | Registry[Action] = TRIGGERS if what == "when" else ACTIONS
    known = registry.get(second.text) is not None or second.text in registry.later
    key = "config.second_part" if known else "config.not_indented"
    reader.report(
        codes.PART, second, say(key, first=first.text, second=second.text[:60]), say(f"{key}.hint")
    )


def _class_of(
    reader: Reader, registry: Registry[P], word: Word, code: Code, sort: str
) -> type[P] | None:
    """The class of a word, None after reporting that there is none, or none yet."""
    text = word.key.text
    cls = registry.get(text)
    if cls is not None:
        return cls
    if text in registry.later:
        cut = sort == "action" and text in CUTTING
        key = f"config.later_{sort}" + ("_cut" if cut else "")
        reader.report(codes.LATER, word.key, say(key, word=text))
        return None
    if reader.passes():
        return None
    known = (*registry.words(), *sorted(registry.later))
    hint = did_you_mean(text, known) or say(f"config.{sort}s_are", words=listing(registry.words()))
    message = say(f"config.no_{sort}", word=text[:60])
    reader.report(code, word.key, message, hint, fix=slip_fix(word.key, known))
    return None


def _check_mail(reader: Reader, word: Word, mail: SendEmail) -> None:
    if mail.body is not None and mail.template is not None:
        reader.report(codes.MAIL, word.key, say("config.mail_two_bodies"))
    elif mail.body is None and mail.template is None:
        reader.report(codes.MAIL, word.key, say("config.mail_no_body"))
    elif mail.subject is None and mail.template is None:
        reader.report(codes.MAIL, word.key, say("config.mail_no_subject"))
