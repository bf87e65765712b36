"""What is renamed to what, and whether a word that stands somewhere means it."""

from __future__ import annotations

from typing import Literal

from bluefs.core.fields.tags import fold_tag
from bluefs.core.frozen import dataclass
from bluefs.core.matching import fold, nfc
from bluefs.core.model import Config, Project

Kind = Literal["list", "tag", "field", "person"]


@dataclass(frozen=True, slots=True)
class Naming:
    """``old`` and ``new`` as they stand in files. ``projects`` are the keys of those whose name
    it is: one for a list or a field, some for a tag, all for a person."""

    kind: Kind
    old: str
    new: str
    projects: frozenset[str]

    def concerns(self, project: str | None) -> bool:
        return project in self.projects

    def means(self, text: str) -> bool:
        """Whether a name in a file is this one. Tags are the same in any spelling."""
        if self.kind == "tag":
            return fold_tag(text) == fold_tag(self.old)
        return nfc(text) == self.old

    def asked(self, text: str, project: Project, config: Config) -> bool:
        """Whether a value in a query is this one: queries forgive more."""
        from bluefs.core.query.names import lists_named

        if self.kind == "list":
            return lists_named(text, project) == [self.old]
        if self.kind == "person":
            return fold(text.strip().removeprefix("@")) == fold(self.old)
        return self.means(text)
