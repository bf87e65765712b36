"""What rules name, held against what exists: lists, tags, fields, people, templates, values.

``check_rules`` needs only a Config: each rule carries what it names, with places. So the loader
and the checks of a whole workspace ask the same question. It reads no file of rules again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain, islice

from bluefs.core.codec.text import PROBLEM_LIMIT
from bluefs.core.codes import config as codes
from bluefs.core.config.reader import did_you_mean, listing, slip_fix
from bluefs.core.fields import kind_of
from bluefs.core.fields.base import Fault, Setting
from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass, replace
from bluefs.core.matching import nfc
from bluefs.core.model import BUILTIN_KEYS, Config, FieldDef, Project, Rule
from bluefs.core.nodes import Scalar, Seq
from bluefs.core.problems import Code, Problem, Severity
from bluefs.core.rules.addresses import parse_address
from bluefs.core.rules.base import Mention
from bluefs.core.rules.email import template_path
from bluefs.core.rules.fields import field_here
from bluefs.core.rules.people import WORDS, bare_word
from bluefs.core.rules.template import merge_fields, merge_names, parse_template
from bluefs.core.words import say

#: Any moment will do: it is only asked whether a value can be read.
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
#: Keys whose changes are events of their own, and the trigger to use instead.
_OWN_EVENTS = {
    "tags": "tagged", "assignees": "assigned", "done": "completed", "list": "moved",
    "comments": "commented", "checklist": "checklist_done",
}  # fmt: skip
_CLEARED_EVENTS = {**_OWN_EVENTS, "tags": "untagged", "assignees": "unassigned", "done": "reopened"}
#: Keys that another action writes.
_OWN_ACTIONS = {"list": "move", "comments": "comment", "description": "append"}
_KEPT = frozenset({"id", "title"})


def check_rules(config: Config, folders: Collection[str] = ()) -> tuple[Problem, ...]:
    """Names in rules that do not exist, each at its place, and templates with unknown merge
    fields. ``folders`` are paths of folders (``sales/Open deals``): a list need not be
    declared if its folder is there."""
    found: list[Problem] = []
    used: dict[str, Project] = {}
    for key, rules in config.rules.items():
        project = config.projects.get(key)
        if project is None:
            continue
        known = _lists_of(project, folders)
        told = (_Names(config, project, known, rule.path).check(rule) for rule in rules)
        found.extend(islice(chain.from_iterable(told), PROBLEM_LIMIT + 1))
        for rule in rules:
            for mention in rule.mentions:
                if mention.sort == "template":
                    used[template_path(key, mention.name)] = project
    for path, project in used.items():
        found.extend(check_template(path, config.templates.get(path), project))
    return tuple(dict.fromkeys(found))


def _lists_of(project: Project, folders: Iterable[str]) -> tuple[str, ...]:
    prefix = f"{project.key}/" if project.key else ""
    direct = [nfc(f.removeprefix(prefix)) for f in folders if f.startswith(prefix)]
    return tuple(dict.fromkeys([*project.lists, *(f for f in direct if f and "/" not in f)]))


@dataclass(frozen=True, slots=True)
class _Names:
    """The check of one rule's mentions."""

    config: Config
    project: Project
    lists: tuple[str, ...]
    path: str

    def check(self, rule: Rule) -> Iterator[Problem]:
        for mention in rule.mentions:
            judge = _JUDGES.get(mention.sort)
            found = judge(self, mention) if judge is not None else None
            if found is not None:
                yield found

    def problem(
        self,
        code: Code,
        mention: Mention,
        message: str,
        hint: str | None = None,
        severity: Severity | None = None,
        known: Collection[str] = (),
    ) -> Problem:
        """``known`` are the names that a slip may mean."""
        place = mention.line, mention.column, mention.end
        node = Scalar(mention.name, True, *place[:2], mention.line, mention.end)
        written = mention.end - mention.column - len(mention.name) in (0, 2)  # bare, or in quotes
        fix = slip_fix(node, known) if known and written else None
        return Problem(code, self.path, *place, message, hint, fix, severity)

    def list(self, mention: Mention) -> Problem | None:
        if nfc(mention.name) in self.lists:
            return None
        hint = _nearest(mention.name, self.lists, "config.lists_are") or say("config.no_lists")
        message = say("config.no_list", name=mention.name[:60])
        severity: Severity | None = "error" if self.project.strict else None
        return self.problem(codes.NO_LIST, mention, message, hint, severity, self.lists)

    def tag(self, mention: Mention) -> Problem | None:
        known = {fold_tag(tag) for tag in self.project.tags}
        if (not known and not self.project.strict) or fold_tag(mention.name) in known:
            return None
        hint = _nearest(mention.name, self.project.tags, "config.tags_are")
        message = say("config.no_tag", name=mention.name[:60])
        severity: Severity = "error" if self.project.strict else "warning"
        tags = self.project.tags if self.project.strict else ()
        return self.problem(codes.NO_TAG, mention, message, hint, severity, tuple(tags))

    def person(self, mention: Mention) -> Problem | None:
        workspace = self.config.workspace
        known = (*workspace.people, *workspace.groups, *WORDS)
        if mention.name in (*known, "others", "all"):
            return None
        hint = _nearest(mention.name, known, "config.people_are")
        message = say("config.no_person", name=mention.name[:60])
        return self.problem(codes.PERSON, mention, message, hint, known=known)

    def recipient(self, mention: Mention) -> Problem | None:
        workspace = self.config.workspace
        word = bare_word(mention.name)
        known = (*workspace.people, *workspace.groups, *WORDS, *self.project.fields)
        if word in known or parse_address(word) is not None:
            return None
        if "@" in word:
            return self.problem(codes.ADDRESS, mention, say("config.address", value=word[:60]))
        hint = _nearest(word, known, "config.recipients_are")
        return self.problem(codes.PERSON, mention, say("config.no_recipient", name=word[:60]), hint)

    def template(self, mention: Mention) -> Problem | None:
        if template_path(self.project.key, mention.name) in self.config.templates:
            return None
        prefix = template_path(self.project.key, "")
        known = [p.removeprefix(prefix) for p in self.config.templates if p.startswith(prefix)]
        hint = _nearest(mention.name, known, "config.templates_are")
        message = say("config.no_template", name=mention.name[:60])
        return self.problem(
            codes.NO_TEMPLATE,
            mention,
            message,
            hint or say("config.no_templates", folder=prefix),
            known=known,
        )

    def merge(self, mention: Mention) -> Problem | None:
        known = merge_names(self.project)
        if mention.name in known:
            return None
        hint = _nearest(mention.name, known, "config.merge_fields_are")
        message = say("config.no_merge_field", name=mention.name[:60])
        return self.problem(codes.MERGE_FIELD, mention, message, hint)

    def changed(self, mention: Mention) -> Problem | None:
        return self._event_key(mention, _OWN_EVENTS, ("title", "description"))

    def cleared(self, mention: Mention) -> Problem | None:
        return self._event_key(mention, _CLEARED_EVENTS, ())

    def _event_key(
        self, mention: Mention, other: Mapping[str, str], more: tuple[str, ...]
    ) -> Problem | None:
        key = mention.name
        if key in other:
            hint = say("config.use_trigger", word=other[key])
            return self.problem(codes.NO_FIELD, mention, say("config.own_event", key=key), hint)
        if self._is_computed(key):
            message, hint = say("computed.event", key=key), say("computed.event.hint")
            return self.problem(codes.NO_FIELD, mention, message, hint)
        keys = (*more, *(k for k in BUILTIN_KEYS if k not in _KEPT and k not in other))
        return self._field(mention, (*keys, *self.project.fields))

    def pressed(self, mention: Mention) -> Problem | None:
        buttons = [f.key for f in self.project.fields.values() if kind_of(f).pressed]
        if mention.name in self.project.fields and mention.name not in buttons:
            message = say("config.no_button", key=mention.name)
            return self.problem(codes.NO_FIELD, mention, message)
        return self._field(mention, buttons)

    def set(self, mention: Mention) -> Problem | None:
        return self._written(mention, ("title",))

    def clear(self, mention: Mention) -> Problem | None:
        return self._written(mention, ())

    def _written(self, mention: Mention, more: tuple[str, ...]) -> Problem | None:
        key = mention.name
        if key in _OWN_ACTIONS:
            hint = say("config.use_action", word=_OWN_ACTIONS[key])
            return self.problem(codes.NO_FIELD, mention, say("config.own_action", key=key), hint)
        if self._is_computed(key):
            return self.problem(codes.NO_FIELD, mention, say("values.computed", field=key))
        own = [f.key for f in self.project.fields.values() if kind_of(f).settable]
        built_in = (k for k in BUILTIN_KEYS if k not in _KEPT)
        return self._field(mention, (*more, *built_in, *own))

    def _field(self, mention: Mention, known: Collection[str]) -> Problem | None:
        if nfc(mention.name) in known:
            return None
        hint = _nearest(mention.name, known, "config.fields_are")
        message = say("config.no_field", key=mention.name[:60])
        return self.problem(codes.NO_FIELD, mention, message, hint, known=known)

    def value(self, mention: Mention) -> Problem | None:
        field = self._field_of(mention)
        if field is None or not mention.name.strip():
            return None
        setting = _setting(self.config, self.project)
        return self._fault(mention, kind_of(field).typed(field, mention.name, setting))

    def member(self, mention: Mention) -> Problem | None:
        field = self._field_of(mention)
        if field is None:
            return None
        node = Seq((Scalar(mention.name, plain=False),))
        setting = _setting(self.config, self.project)
        return self._fault(mention, kind_of(field).parse(field, node, setting))

    def operand(self, mention: Mention) -> Problem | None:
        field = self._field_of(mention)
        if field is None:
            return None
        setting = _setting(self.config, self.project)
        return self._fault(mention, kind_of(field).test(field, None, mention.name, setting))

    def _field_of(self, mention: Mention) -> FieldDef | None:
        field = field_here(mention.key, self.project) if mention.key else None
        return (
            None
            if field is None or self._is_computed(field.key) or kind_of(field).pressed
            else field
        )

    def _is_computed(self, key: str) -> bool:
        """Nobody writes it, and it starts nothing: what is said of that is said of the key."""
        field = self.project.fields.get(nfc(key))
        return field is not None and kind_of(field).computed

    def _fault(self, mention: Mention, value: object) -> Problem | None:
        if not isinstance(value, Fault):
            return None
        return self.problem(value.code, mention, value.message, value.hint)


_JUDGES = {
    "list": _Names.list,
    "tag": _Names.tag,
    "person": _Names.person,
    "recipient": _Names.recipient,
    "template": _Names.template,
    "merge": _Names.merge,
    "changed": _Names.changed,
    "cleared": _Names.cleared,
    "pressed": _Names.pressed,
    "set": _Names.set,
    "clear": _Names.clear,
    "value": _Names.value,
    "member": _Names.member,
    "operand": _Names.operand,
}


def check_template(path: str, text: str | None, project: Project) -> tuple[Problem, ...]:
    """Unknown merge fields of a template file, its front matter included; nothing for one that
    does not exist (its rules say so)."""
    from bluefs.core.codec.compose import Malformed
    from bluefs.core.codec.text import Lines

    if text is None:
        return ()
    try:
        parse_template(text)
    except Malformed as error:
        return tuple(replace(problem, path=path) for problem in error.problems)
    known = merge_names(project)
    lines = Lines(text)
    found: list[Problem] = []
    for merge in merge_fields(text):
        if merge.name in known:
            continue
        if len(found) > PROBLEM_LIMIT:
            break
        line, column = lines.place(merge.start)
        hint = _nearest(merge.name, known, "config.merge_fields_are")
        message = say("config.no_merge_field", name=merge.name[:60])
        end = column + merge.end - merge.start
        found.append(Problem(codes.MERGE_FIELD, path, line, column, end, message, hint))
    return tuple(found)


def _setting(config: Config, project: Project) -> Setting:
    return Setting(config, project, _SOME_DAY)


def _nearest(text: str, known: Collection[str], otherwise: str) -> str | None:
    if not known:
        return None
    return did_you_mean(text, known) or say(otherwise, words=listing(known))
