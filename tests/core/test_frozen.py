"""Values of `core.frozen` are those of a plain frozen dataclass, made quickly."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from bluefs.core.frozen import quick
from bluefs.core.model import Comment, Item, Record
from bluefs.core.nodes import Map, Scalar, Seq


@quick
@dataclass(frozen=True, slots=True)
class Made:
    name: str
    size: int = 3
    parts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    size: int = 3
    parts: dict[str, int] = field(default_factory=dict)


def test_it_is_filled_as_ever() -> None:
    for args, kwargs in ((("a",), {}), (("a", 4), {}), (("a",), {"parts": {"x": 1}})):
        made, plain = Made(*args, **kwargs), Plain(*args, **kwargs)
        assert [getattr(made, f.name) for f in fields(Made)] == [
            getattr(plain, f.name) for f in fields(Plain)
        ]
    assert Made("a").parts is not Made("a").parts
    assert Made("a") == Made("a", 3) != Made("b")
    assert repr(Made("a")) == "Made(name='a', size=3, parts={})"
    assert replace(Made("a"), size=9) == Made("a", 9)
    with pytest.raises(TypeError):
        Made()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Made("a", other=1)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "value",
    [
        Made("a"), Scalar("x"), Seq((Scalar("x"),)), Map(((Scalar("k"), Scalar("v")),)),
        Comment("ana", None, "x"), Item("", "x", False), Record("p/l/a.md", "p", "l", None, "a"),
    ],
)  # fmt: skip
def test_it_stays_frozen(value: object) -> None:
    name = fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    with pytest.raises(FrozenInstanceError):
        delattr(value, name)
    assert copy.copy(value) == value == copy.deepcopy(value) == pickle.loads(pickle.dumps(value))


def test_what_is_more_than_its_fields_is_refused() -> None:
    @dataclass(frozen=True)
    class NoSlots:
        name: str

    @dataclass(frozen=True, slots=True)
    class Does:
        name: str

        def __post_init__(self) -> None: ...

    @dataclass(frozen=True, slots=True)
    class Hides:
        name: str = field(init=False, default="")

    for cls in (NoSlots, Does, Hides):
        with pytest.raises(TypeError):
            quick(cls)
