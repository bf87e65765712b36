"""Dataclasses of `core.frozen` are those of the standard library, made quickly."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from bluefs.core import frozen
from bluefs.core.model import Comment, Item, Record
from bluefs.core.nodes import Map, Scalar, Seq


def classes(dataclass: Any, field: Any) -> dict[str, Any]:
    """The same classes, by either maker."""

    @dataclass(frozen=True, slots=True)
    class Value:
        name: str
        size: int = 3
        parts: dict[str, int] = field(default_factory=dict)
        column: int = field(default=1, compare=False, repr=False)
        made: str = field(default="here", init=False)
        word: ClassVar[str] = "word"

        @property
        def long(self) -> str:
            return self.name * self.size

    @dataclass(frozen=True, slots=True)
    class Child(Value):
        more: tuple[int, ...] = ()

    @dataclass(slots=True)
    class Open:
        size: int = 3
        parts: list[int] = field(default_factory=list)

    @dataclass
    class Loose:
        name: str
        size: int = 3

        def __repr__(self) -> str:
            return "its own"

    @dataclass(frozen=True)
    class Shut:
        name: str

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    found: list[Any] = [Value, Child, Open, Loose, Shut, Empty]
    return {one.__name__: one for one in found}


OURS = classes(frozen.dataclass, frozen.field)
THEIRS = classes(dataclasses.dataclass, dataclasses.field)
CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Value", ("a",), {}), ("Value", ("a", 4), {}), ("Value", ("a",), {"parts": {"x": 1}}),
    ("Value", ("a", 4, {}, 7), {}), ("Value", (), {}), ("Value", ("a",), {"other": 1}),
    ("Value", ("a",), {"made": "x"}), ("Value", ("a", 4, {}, 7, 8), {}),
    ("Child", ("a", 3), {"more": (1,)}), ("Child", ("a",), {}), ("Open", (), {}),
    ("Open", (1, [2]), {}), ("Loose", ("x",), {}), ("Loose", (), {"name": "x", "size": 1}),
    ("Shut", ("x",), {}), ("Empty", (), {}), ("Empty", (1,), {}),
]  # fmt: skip


def outcome(make: Callable[[], Any]) -> Any:
    """What becomes of a call, without the names of the classes' surroundings."""
    try:
        value = make()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error)
    if dataclasses.is_dataclass(value):
        return type(value).__name__, repr(value), dataclasses.asdict(value)  # type: ignore[arg-type]
    return value


@pytest.mark.parametrize(("name", "args", "kwargs"), CALLS)
def test_they_are_made_alike(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """The first of a class, and the later ones, of which there are many."""
    ours = classes(frozen.dataclass, frozen.field)[name]
    want = outcome(lambda: THEIRS[name](*args, **kwargs))
    for _ in range(frozen._OFTEN + 2):
        assert outcome(lambda: ours(*args, **kwargs)) == want


@pytest.mark.parametrize("change", [{"size": 9}, {"name": "b"}, {"made": "x"}, {"other": 1}, {}])
@pytest.mark.parametrize("name", ["Value", "Child", "Loose"])
def test_they_are_changed_alike(name: str, change: dict[str, Any]) -> None:
    want = outcome(lambda: dataclasses.replace(THEIRS[name]("a"), **change))
    assert outcome(lambda: frozen.replace(OURS[name]("a"), **change)) == want
    assert outcome(lambda: dataclasses.replace(OURS[name]("a"), **change)) == want


@pytest.mark.parametrize("name", list(OURS))
def test_they_have_the_same_parts(name: str) -> None:
    ours, theirs = OURS[name], THEIRS[name]
    assert [(f.name, f.type, f.init, f.repr, f.compare) for f in dataclasses.fields(ours)] == [
        (f.name, f.type, f.init, f.repr, f.compare) for f in dataclasses.fields(theirs)
    ]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__dict__.get("__slots__") == theirs.__dict__.get("__slots__")
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)
    assert ours.__qualname__ == theirs.__qualname__


def test_they_compare_alike() -> None:
    for made in (OURS, THEIRS):
        value, child = made["Value"], made["Child"]
        assert value("a") == value("a", 3, {}, 99) != value("b")
        assert value("a") != child("a") == child("a")
        assert made["Empty"]() == made["Empty"]() != made["Shut"]("x")
        assert hash(made["Shut"]("x")) == hash(made["Shut"]("x"))
        assert hash(made["Empty"]()) == hash(made["Empty"]())
        assert made["Value"]("a").parts is not made["Value"]("a").parts
        assert value("ab", 2).long == "abab"
        with pytest.raises(TypeError):
            hash(made["Open"]())


def test_what_nobody_asks_for_is_refused() -> None:
    with pytest.raises(TypeError):

        @frozen.dataclass
        class Late:
            name: str

            def __post_init__(self) -> None: ...

    with pytest.raises(ValueError, match="shared"):

        @frozen.dataclass
        class Shared:
            names: list[str] = []  # noqa: RUF012

    with pytest.raises(TypeError):

        @frozen.dataclass
        class Order:
            name: str = ""
            size: int  # type: ignore[misc]


@pytest.mark.parametrize(
    "value",
    [
        Scalar("x"), Seq((Scalar("x"),)), Map(((Scalar("k"), Scalar("v")),)),
        Comment("ana", None, "x"), Item("", "x", False), Record("p/l/a.md", "p", "l", None, "a"),
    ],
)  # fmt: skip
def test_it_stays_frozen(value: Any) -> None:
    name = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(value, name)
    assert copy.copy(value) == value == copy.deepcopy(value) == pickle.loads(pickle.dumps(value))


def test_it_costs_no_import() -> None:
    script = "import sys, bluefs.core.model; print('dataclasses' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False"]
