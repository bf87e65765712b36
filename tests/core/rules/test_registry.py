"""A word stands for one class; reading a rule gives back what was written."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluefs.core.config import load_config
from bluefs.core.matching import nfc
from bluefs.core.model import Context, Event, Record
from bluefs.core.rules import registries
from bluefs.core.rules.base import Trigger
from bluefs.core.rules.registry import Registry
from bluefs.core.rules.shape import Assignment, Option, Part, Shape, attribute

TRIGGERS, ACTIONS = registries()


class Sample(Trigger):
    """A trigger of this test."""

    word = "sample"
    shape = Shape(bare=True)

    def matches(self, event: Event, record: Record, context: Context) -> bool:
        return False

    def explain(self) -> str:
        return "sample"


def test_a_word_is_registered_once() -> None:
    registry: Registry[Trigger] = Registry(later=("soon",))
    assert registry.add(Sample) is Sample and registry.get("sample") is Sample
    with pytest.raises(ValueError, match="taken"):
        registry.add(Sample)


def test_a_later_word_and_a_missing_manual_are_refused() -> None:
    registry: Registry[Trigger] = Registry(later=("sample",))
    with pytest.raises(ValueError, match="taken"):
        registry.add(Sample)
    mute = type("Mute", (Sample,), {"word": "mute", "__doc__": None})
    with pytest.raises(ValueError, match="manual"):
        registry.add(mute)


@pytest.mark.parametrize("cls", [*TRIGGERS, *ACTIONS])
def test_a_class_has_an_attribute_for_each_option(cls: type[Part]) -> None:
    known = {one.name for one in fields(cls)}  # type: ignore[arg-type]
    carried = {attribute(n) for n, o in cls.shape.options.items() if not o.later}
    assert known == ({"values"} if cls.shape.open else carried)
    assert f"`{cls.word}" in (cls.__doc__ or "")
    assert cls.shape.main is None or cls.shape.main in cls.shape.options
    assert all(
        f"{name}" in (cls.__doc__ or "")
        for name, o in cls.shape.options.items()
        if name not in ("tag", "tags", "who", "field") and not o.later
    )


WORDS = (
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12)
    .map(nfc)
    .filter(lambda t: t.strip() and "${" not in t)
)


@st.composite
def parts(draw: st.DrawFn, registry: Registry[Part]) -> Part:
    cls = draw(st.sampled_from(list(registry)))
    if cls.shape.open:
        value = st.one_of(
            WORDS.map(lambda t: ((t,), False)),
            st.lists(WORDS, max_size=3).map(lambda t: (tuple(t), True)),
        )
        pairs = draw(st.dictionaries(WORDS, value, min_size=1, max_size=3))
        return cls(tuple(Assignment(key, *held) for key, held in pairs.items()))  # type: ignore[call-arg]
    chosen: dict[str, object] = {}
    for name, option in cls.shape.options.items():
        if option.later or not (option.required or draw(st.booleans())):
            continue
        chosen[attribute(name)] = draw(_values(option))
    if not chosen and not cls.shape.bare and cls.shape.main is None and cls.shape.options:
        return draw(parts(registry))
    if (
        (chosen and not any(o.required for o in cls.shape.options.values()))
        or chosen
        or cls.shape.bare
    ):
        required = [attribute(n) for n, o in cls.shape.options.items() if o.required]
        if chosen and not set(required) <= set(chosen):
            return draw(parts(registry))
    return cls(**chosen)


def _values(option: Option) -> st.SearchStrategy[object]:
    if option.sort == "flag":
        return st.booleans()
    return st.lists(WORDS, min_size=1, max_size=3).map(tuple) if option.many else WORDS


def written(part: Part, short: bool) -> object:
    """A part as YAML holds it, in the short form where there is one."""
    if part.shape.open:
        values: tuple[Assignment, ...] = part.values  # type: ignore[attr-defined]
        return {part.word: {v.key: list(v.texts) if v.many else v.texts[0] for v in values}}
    options = {name: getattr(part, attribute(name), None) for name in part.shape.options}
    given_ = {
        k: list(v) if isinstance(v, tuple) else v for k, v in options.items() if v not in ((), None)
    }
    given_ = {
        k: v for k, v in given_.items() if v is not False or part.shape.options[k].sort != "flag"
    }
    if not given_:
        return part.word
    if short and set(given_) == {part.shape.main}:
        return {part.word: given_[part.shape.main]}  # type: ignore[index]
    return {part.word: given_}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(parts(TRIGGERS), min_size=1, max_size=3),  # type: ignore[arg-type]
    st.lists(parts(ACTIONS), min_size=1, max_size=3),  # type: ignore[arg-type]
    st.booleans(),
)
def test_what_is_written_is_what_is_read(when: list[Part], then: list[Part], short: bool) -> None:
    from bluefs.core.rules.email import SendEmail

    for one in then:
        if isinstance(one, SendEmail) and (
            (one.body is None) == (one.template is None)
            or (one.subject is None and one.template is None)
        ):
            return
    rule = {
        "name": "A",
        "when": [written(one, short) for one in when],
        "then": [written(one, short) for one in then],
    }
    text = json.dumps([rule], ensure_ascii=False)
    loaded = load_config({"p/project.yaml": b"", "p/automations.yaml": text.encode()})
    found = loaded.config.rules["p"]
    assert len(found) == 1, (text, loaded.problems)
    assert [repr(p) for p in found[0].when] == [repr(p) for p in when]
    assert [repr(p) for p in found[0].then] == [repr(p) for p in then]
