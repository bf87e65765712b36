"""Where project.yaml and bluefs.yaml name what is renamed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bluefs.core.frozen import dataclass
from bluefs.core.matching import nfc
from bluefs.core.model import Config, Project
from bluefs.core.nodes import Map, Node, Scalar, Seq, scalars
from bluefs.core.patterns import pattern
from bluefs.core.renaming.naming import Naming
from bluefs.core.renaming.rules import RuleFile
from bluefs.core.renaming.swaps import Swap, whole

#: A name in a formula; what stands in quotes is none.
_NAME = pattern(r"\"[^\"]*\"|'[^']*'|([^\W\d]\w*)")
#: Options of dashboards and reports that hold a key.
_KEY_OPTIONS = frozenset({"sum", "average", "min", "max", "by", "of", "field", "group", "count"})
#: Options of a field that hold another field of the same project.
_FIELD_OPTIONS = frozenset({"through", "of", "at"})


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """One walk through a project.yaml."""

    naming: Naming
    project: Project
    config: Config

    @property
    def rules(self) -> RuleFile:
        return RuleFile(self.naming, self.project, self.config)

    def swaps(self, node: Node | None) -> Iterator[Swap]:
        if not isinstance(node, Map):
            return
        if self.naming.concerns(self.project.key):
            if self.naming.kind in ("list", "tag", "field"):
                yield from self._keys(node.get(f"{self.naming.kind}s"))
            yield from self._roles(node.get("roles"))
            yield from self._views(node.get("views"))
            yield from self._figures(node.get("dashboards"))
            yield from self._figures(node.get("reports"))
        yield from self._fields(node.get("fields"))

    def _keys(self, node: Node | None) -> Iterator[Swap]:
        """The names of a map, or the items of a list of names."""
        if isinstance(node, Map):
            names: tuple[Node, ...] = tuple(key for key, _ in node.entries)
        else:
            names = node.items if isinstance(node, Seq) else ()
        for name in names:
            if isinstance(name, Scalar) and self.naming.means(name.text):
                yield whole(name, self.naming.new)

    def _items(self, node: Node | None) -> Iterator[Swap]:
        for scalar in scalars(node):
            if self.naming.means(scalar.text):
                yield whole(scalar, self.naming.new)

    def _roles(self, node: Node | None) -> Iterator[Swap]:
        kind = self.naming.kind
        for _, role in node.entries if isinstance(node, Map) else ():
            if isinstance(role, Map):
                if kind == "field":
                    yield from self._keys(role.get("fields"))
                elif kind != "person":
                    yield from self._items(role.get(f"{kind}s"))
                else:
                    yield from self._items(role.get("members"))
            elif kind == "person":
                yield from self._items(role)

    def _views(self, node: Node | None) -> Iterator[Swap]:
        for _, view in node.entries if isinstance(node, Map) else ():
            if isinstance(view, Map):
                yield from self.rules.query(view.get("filter"))
                for option in ("columns", "card", "sort", "group"):
                    yield from self._columns(view.get(option))

    def _columns(self, node: Node | None) -> Iterator[Swap]:
        """Keys with commas or blanks between them, a ``-`` before one that sorts downwards."""
        if self.naming.kind != "field":
            return
        for scalar in scalars(node):
            for match in re.finditer(r"[^\s,\-][^\s,]*", scalar.text):
                if self.naming.means(match[0]):
                    yield Swap(scalar, match.start(), match.end(), self.naming.new)

    def _figures(self, node: Node | None) -> Iterator[Swap]:
        """Dashboards and reports: filters, and the keys they count by."""
        if isinstance(node, Seq):
            for item in node.items:
                yield from self._figures(item)
        for key, value in node.entries if isinstance(node, Map) else ():
            if key.text == "filter":
                yield from self.rules.query(value)
            elif key.text in _KEY_OPTIONS and isinstance(value, Scalar):
                yield from self._columns(value)
            else:
                yield from self._figures(value)

    def _fields(self, node: Node | None) -> Iterator[Swap]:
        targets = _targets(node)
        for _, field in node.entries if isinstance(node, Map) else ():
            if isinstance(field, Map):
                for option, value in field.entries:
                    yield from self._option(option.text, value, field, targets)

    def _option(
        self, option: str, value: Node, field: Map, targets: dict[str, str]
    ) -> Iterator[Swap]:
        kind = self.naming.kind
        mine = self.naming.concerns(self.project.key)
        if option == "required_in" and kind == "list" and mine:
            yield from self._items(value)
        elif option in ("from", "to") and isinstance(value, (Map, Seq)):
            yield from self.rules.parts(value)
        elif option == "filter":
            yield from self.rules.query(value, self._target(field.get("project")))
        elif kind == "field" and option == "formula" and isinstance(value, Scalar) and mine:
            yield from self._formula(value)
        elif kind == "field" and option in _FIELD_OPTIONS and mine:
            yield from self._items(value)
        elif kind == "field" and option == "get":
            through = field.get("through")
            name = nfc(through.text) if isinstance(through, Scalar) else ""
            if self.naming.concerns(targets.get(name)):
                yield from self._items(value)

    def _target(self, node: Node | None) -> Project | None:
        """The project of a reference; its filter asks that one."""
        return self.config.projects.get(nfc(node.text)) if isinstance(node, Scalar) else None

    def _formula(self, node: Scalar) -> Iterator[Swap]:
        for match in _NAME.finditer(node.text):
            if match[1] is not None and self.naming.means(match[1]):
                yield Swap(node, match.start(1), match.end(1), self.naming.new)


def _targets(node: Node | None) -> dict[str, str]:
    """Reference field -> the key of the project it refers to."""
    found = {}
    for key, field in node.entries if isinstance(node, Map) else ():
        project = field.get("project") if isinstance(field, Map) else None
        if isinstance(project, Scalar):
            found[nfc(key.text)] = nfc(project.text)
    return found


def in_workspace(node: Node | None, naming: Naming) -> Iterator[Swap]:
    """bluefs.yaml: a person's handle, and the groups it is in."""
    if naming.kind != "person" or not isinstance(node, Map):
        return
    people, groups = node.get("people"), node.get("groups")
    for key, _ in people.entries if isinstance(people, Map) else ():
        if naming.means(key.text):
            yield whole(key, naming.new)
    for scalar in scalars(groups):
        if naming.means(scalar.text):
            yield whole(scalar, naming.new)
