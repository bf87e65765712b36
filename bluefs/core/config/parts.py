"""One trigger or action: from its nodes, by its shape, to an object of its class.

What it names (lists, tags, fields, people, merge fields) is noted with its place, for the
check of names and for renames; whether it exists is not judged here.
"""

from __future__ import annotations

from bluefs.core.codes import config as codes
from bluefs.core.config.inside import place_in
from bluefs.core.config.reader import Reader, did_you_mean, listing
from bluefs.core.frozen import dataclass, replace
from bluefs.core.hints import TypeVar
from bluefs.core.matching import nfc
from bluefs.core.nodes import Map, Node, Scalar, Seq
from bluefs.core.rules.base import Mention
from bluefs.core.rules.shape import Args, Assignment, Option, Part, Shape
from bluefs.core.rules.template import merge_fields
from bluefs.core.words import say

P = TypeVar("P", bound=Part)
#: How the manual calls what an option names; whatever is not here is a KEY.
_PLACEHOLDERS = {"list": "LIST", "tag": "TAG", "person": "WHO"}


@dataclass(frozen=True, slots=True)
class PartReader:
    """``word`` is the trigger's or action's word in the file, ``sort`` which of them it is."""

    reader: Reader
    mentions: list[Mention]
    word: Scalar
    sort: str

    def read(self, cls: type[P], node: Node | None) -> P | None:
        """The part, None after reporting why not."""
        shape = cls.shape
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return self._bare(cls, node)
        if shape.open:
            pairs = self._pairs(node)
            return cls.of(Args(pairs=pairs)) if pairs else None
        texts = self._options(shape, node) if isinstance(node, Map) else self._main(shape, node)
        return cls.of(Args(texts)) if texts is not None else None

    def _bare(self, cls: type[P], node: Node | None) -> P | None:
        """A bare word; a colon with nothing behind it only where there are no options, for
        else it would mean more than what is being typed."""
        shape = cls.shape
        if shape.bare and (node is None or not shape.options):
            return cls.of(Args())
        self._fault(self.word, "config.part_empty", self._example(shape))
        return None

    def _example(self, shape: Shape) -> str:
        word = self.word.text
        if shape.open:
            return say("config.part_empty.map", word=word)
        if shape.main is not None:
            name = _PLACEHOLDERS.get(shape.options[shape.main].sort, "KEY")
            return say("config.part_empty.main", word=word, name=name)
        needed = next((n for n, o in shape.options.items() if o.required), "")
        option = needed or next(iter(shape.options), "")
        return say("config.part_empty.option", word=word, option=option)

    def _fault(self, node: Node, key: str, hint: str | None = None, *, option: str = "") -> None:
        message = say(key, word=self.word.text, option=option)
        self.reader.report(codes.PART, node, message, hint)

    def _main(self, shape: Shape, node: Scalar | Seq) -> dict[str, tuple[str, ...]] | None:
        if shape.main is None:
            key = "config.part_map" if shape.options else "config.part_no_options"
            self._fault(
                node,
                key,
                say("config.options_are", words=listing(shape.options)) if shape.options else None,
            )
            return None
        texts = self._option(shape.main, shape.options[shape.main], node)
        return None if texts is None else {shape.main: texts}

    def _options(self, shape: Shape, node: Map) -> dict[str, tuple[str, ...]] | None:
        if not shape.options:
            self._fault(node, "config.part_no_options")
            return None
        found: dict[str, tuple[str, ...]] = {}
        sound = True
        for key, value in node.entries:
            option = shape.options.get(key.text)
            if option is None:
                self._unknown_option(shape, key)
                sound = False
            elif option.later:
                message = say("config.later_option", word=self.word.text, option=key.text)
                self.reader.report(codes.LATER, key, message)
                sound = False
            else:
                texts = self._option(key.text, option, value, key)
                sound = sound and texts is not None
                found[key.text] = texts or ()
        if not sound or not node.entries:
            if not node.entries:
                self._fault(node, "config.part_empty", self._example(shape))
            return None
        self._judge_operands(shape, found)
        return found if self._has_required(shape, found, node) else None

    def _judge_operands(self, shape: Shape, found: dict[str, tuple[str, ...]]) -> None:
        """Whose values the operands are compared with: known where one field alone is named."""
        keys = [
            t for n, texts in found.items() if shape.options[n].sort == "changed" for t in texts
        ]
        if len(keys) == 1:
            self.mentions[:] = [
                replace(m, key=nfc(keys[0])) if m.sort == "operand" and m.key is None else m
                for m in self.mentions
            ]

    def _has_required(self, shape: Shape, found: dict[str, tuple[str, ...]], node: Map) -> bool:
        missing = [n for n, o in shape.options.items() if o.required and n not in found]
        for name in missing:
            self._fault(self.word, "config.part_needs", option=name)
        return not missing

    def _unknown_option(self, shape: Shape, key: Scalar) -> None:
        if self.reader.passes():
            return
        hint = did_you_mean(key.text, shape.options) or say(
            "config.options_are", words=listing(shape.options)
        )
        self._fault(key, "config.no_part_option", hint, option=key.text[:60])

    def _option(
        self, name: str, option: Option, node: Node, key: Scalar | None = None
    ) -> tuple[str, ...] | None:
        """The texts of one option, each noted as a mention. What is missing is missing at its
        ``key``, that of the whole part where there is none."""
        if option.sort == "flag":
            flag = self.reader.read_flag(node, name)
            return None if flag is None else ("true" if flag else "false",)
        if isinstance(node, Map) or (isinstance(node, Seq) and not option.many):
            self._fault(node, "config.part_one_value", option=name)
            return None
        scalars = self.reader.read_texts(node, name)
        whole = len(node.items) if isinstance(node, Seq) else 1
        if not scalars or len(scalars) != whole:
            if not scalars:
                self._fault(key or self.word, "config.option_empty", option=name)
            return None
        if option.sort != "text" and not all(one.text.strip() for one in scalars):
            self._fault(node, "config.option_empty", option=name)
            return None
        for scalar in scalars:
            self._mention(option.sort, scalar)
        return tuple(one.text for one in scalars)

    def _mention(self, sort: str, scalar: Scalar, key: str | None = None) -> None:
        line, column, end = self.reader.place(scalar)
        self.mentions.append(Mention(sort, scalar.text, line, column, end, key))
        if sort == "text":
            for merge in merge_fields(scalar.text):
                line, column = place_in(self.reader, scalar, merge.start)
                end_line, last = place_in(self.reader, scalar, merge.end - 1)
                end = last + 1 if end_line == line else column + 2
                self.mentions.append(Mention("merge", merge.name, line, column, end))

    def _pairs(self, node: Node) -> tuple[Assignment, ...]:
        """``KEY: VALUE`` of an open map; () after reporting why not."""
        if not isinstance(node, Map) or not node.entries:
            self._fault(node, "config.part_empty", self._example(Shape(open=True)))
            return ()
        found: list[Assignment] = []
        for key, value in node.entries:
            self._mention("set", key)
            if isinstance(value, Map):
                self._fault(value, "config.part_one_value", option=key.text[:60])
                return ()
            scalars = self.reader.read_texts(value, key.text)
            if isinstance(value, Seq) and len(scalars) != len(value.items):
                return ()
            for scalar in scalars:
                sort = "member" if isinstance(value, Seq) else "value"
                self._mention(sort, scalar, nfc(key.text))
            texts = tuple(one.text for one in scalars)
            found.append(Assignment(nfc(key.text), texts, isinstance(value, Seq)))
        return tuple(found)
