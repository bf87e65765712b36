"""Where automations.yaml names what is renamed. A rule's own name is left alone: it is its
identity.

The shapes of triggers and actions (``bluefs.core.rules.shape``) say what an option holds; those
that this version only reads (``later``) have theirs in ``_LATER``, so that a rename does not
break a rule before its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bluefs.core.frozen import dataclass
from bluefs.core.matching import nfc
from bluefs.core.model import Config, Project
from bluefs.core.nodes import Map, Node, Scalar, Seq, scalars
from bluefs.core.renaming.naming import Naming
from bluefs.core.renaming.queries import in_query
from bluefs.core.renaming.swaps import Swap, whole
from bluefs.core.rules.actions import ACTIONS
from bluefs.core.rules.shape import Part, Shape
from bluefs.core.rules.template import merge_fields
from bluefs.core.rules.triggers import TRIGGERS

_FIELDS = frozenset({"changed", "cleared", "pressed", "set", "clear", "field"})
#: word -> (main option's sort, options' sorts).
_LATER: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "before": ("field", {"field": "field"}),
    "after": ("field", {"field": "field"}),
    "reached": ("field", {}),
    "matches": ("query", {}),
    "stops_matching": ("query", {}),
    "schedule": ("", {"filter": "query"}),
    "mentioned": ("person", {}),
    "arrived": ("", {}),
    "copy": ("", {"list": "list"}),
    "create": ("", {"list": "list", "set": "open", "title": "text"}),
    "stop": ("query", {}),
    "notify": ("", {"to": "recipient", "text": "text"}),
    "comment": ("text", {}),
    "append": ("text", {}),
    "add_checklist": ("", {"title": "text", "items": "item"}),
    "http": ("", {"url": "text", "json": "text"}),
}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One walk through a project's rules."""

    naming: Naming
    project: Project
    config: Config

    def swaps(self, node: Node | None) -> Iterator[Swap]:
        for rule in node.items if isinstance(node, Seq) else ():
            if isinstance(rule, Map):
                yield from self.query(rule.get("if"))
                for section in ("when", "then"):
                    yield from self.parts(rule.get(section))

    def parts(self, node: Node | None) -> Iterator[Swap]:
        """Triggers or actions: a bare word, one-key maps, or a list of them."""
        for item in node.items if isinstance(node, Seq) else (node,):
            if isinstance(item, Map):
                for word, value in item.entries:
                    yield from self._part(word.text, value)

    def _part(self, word: str, value: Node) -> Iterator[Swap]:
        main, options, is_open = _shape(word)
        if is_open:
            yield from self._open(value)
        elif not isinstance(value, Map):
            yield from self._named(main, value, self._home(None))
        else:
            home = self._home(value.get("project"))
            for key, node in value.entries:
                sort = options.get(key.text, "")
                if sort == "open":
                    yield from self._open(node)
                elif sort:
                    yield from self._named(sort, node, home)

    def _home(self, node: Node | None) -> Project:
        """The project that a part's lists are of: ``copy: {project: work, list: Backlog}``."""
        if isinstance(node, Scalar):
            return self.config.projects.get(nfc(node.text)) or Project(node.text, node.text)
        return self.project

    def _open(self, node: Node) -> Iterator[Swap]:
        """``set: {KEY: VALUE}``."""
        kind = self.naming.kind
        for key, value in node.entries if isinstance(node, Map) else ():
            if kind == "field" and self._mine() and self.naming.means(key.text):
                yield whole(key, self.naming.new)
            elif (kind, key.text) in (("tag", "tags"), ("person", "assignees")):
                yield from self._names(value)
            else:
                yield from self._named("text", value, self.project)

    def _named(self, sort: str, node: Node, home: Project) -> Iterator[Swap]:
        kind = self.naming.kind
        if sort == "list" and kind == "list" and self.naming.concerns(home.key):
            yield from self._names(node)
        elif sort == "query":
            yield from self.query(node)
        elif self._mine() and (
            (kind == "field" and sort in _FIELDS) or (sort == kind and sort != "list")
        ):
            yield from self._names(node)
        elif sort == "recipient" and kind in ("field", "person") and self._mine():
            yield from self._names(node)
            yield from self._merges(node)
        elif sort in ("text", "item", "operand", "value"):
            yield from self._merges(node)
            if sort == "item" and kind == "person":
                yield from self._mentions(node)

    def _mine(self) -> bool:
        return self.naming.concerns(self.project.key)

    def _names(self, node: Node) -> Iterator[Swap]:
        for scalar in scalars(node):
            if self.naming.means(scalar.text.strip()):
                yield whole(scalar, self.naming.new)

    def _merges(self, node: Node) -> Iterator[Swap]:
        if self.naming.kind != "field" or not self._mine():
            return
        for scalar in scalars(node):
            for start, end, text in merge_tokens(scalar.text, self.naming):
                yield Swap(scalar, start, end, text)

    def _mentions(self, node: Node) -> Iterator[Swap]:
        from bluefs.core.renaming.records import handle_tokens

        for scalar in scalars(node):
            for start, end, text in handle_tokens(scalar.text, self.naming):
                yield Swap(scalar, start, end, text)

    def query(self, node: Node | None, project: Project | None = None) -> Iterator[Swap]:
        """The tokens of a query that stands in a scalar."""
        asked = project or self.project
        if isinstance(node, Scalar) and not node.is_null and self.naming.concerns(asked.key):
            for start, end, text in in_query(node.text, self.naming, asked, self.config):
                yield Swap(node, start, end, text)


def _shape(word: str) -> tuple[str, Mapping[str, str], bool]:
    """(the main option's sort, every option's, whether it is a map of keys to values)."""
    cls: type[Part] | None = TRIGGERS.get(word) or ACTIONS.get(word)
    if cls is None:
        return (*_LATER.get(word, ("", {})), False)
    shape: Shape = cls.shape
    sorts = {name: option.sort for name, option in shape.options.items()}
    return sorts.get(shape.main or "", ""), sorts, shape.open


def merge_tokens(text: str, naming: Naming) -> Iterator[tuple[int, int, str]]:
    """``${deal_value}`` of a text: the name inside."""
    for merge in merge_fields(text):
        name, dot, rest = merge.name.partition(".")
        if naming.means(name):
            yield merge.start, merge.end, f"${{{naming.new}{dot}{rest}}}"
