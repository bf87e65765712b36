"""Dataclasses that cost little to define and little to make.

The standard library's compile half a dozen methods for each class and look its signature up, a
third of a millisecond, and importing them costs more than Python's own start; a command that
answers at once cannot pay that for a hundred classes. And a frozen one fills itself through
``object.__setattr__``, three times as slow as need be. Here ``__init__`` is compiled when a
class turns out to be made often, and writes to the slots then; the rest is not compiled at all. ``dataclasses``'
own ``fields`` and ``replace`` take these values too.

Refuses what nobody here asks for: ``__post_init__``, ordering, arguments by keyword only.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False  # typing's own is one more import
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
    from typing import Any

__all__ = ["dataclass", "field", "replace"]

_MISSING = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
#: The class attribute that holds its `_Field`s by name, inherited ones first.
_FIELDS = "__bluefs_fields__"


class _Field:
    __slots__ = ("compare", "default", "factory", "init", "name", "repr", "type")

    def __init__(self, default: Any, factory: Any, init: bool, repr: bool, compare: bool) -> None:
        self.name = self.type = ""
        self.default, self.factory = default, factory
        self.init, self.repr, self.compare = init, repr, compare

    @property
    def needed(self) -> bool:
        return self.default is _MISSING and self.factory is _MISSING


def _field(
    *, default: Any = _MISSING, default_factory: Any = _MISSING, init: bool = True,
    repr: bool = True, compare: bool = True,
) -> _Field:  # fmt: skip
    """As ``dataclasses.field``."""
    return _Field(default, default_factory, init, repr, compare)


def _dataclass(cls: type | None = None, /, *, frozen: bool = False, slots: bool = False) -> Any:
    """As ``dataclasses.dataclass``, without a made-up docstring. Raises TypeError and ValueError
    for what it refuses."""
    if cls is None:
        return lambda cls: _made(cls, frozen=frozen, slots=slots)
    return _made(cls, frozen=frozen, slots=slots)


def _replace(value: Any, /, **changes: Any) -> Any:
    """As ``dataclasses.replace``. Raises TypeError, ValueError."""
    for name, one in getattr(type(value), _FIELDS).items():
        if not one.init:
            if name in changes:
                raise ValueError(f"the field {name} is not given to __init__")
        elif name not in changes:
            changes[name] = getattr(value, name)
    return type(value)(**changes)


if not TYPE_CHECKING:
    dataclass, field, replace = _dataclass, _field, _replace


def _made(cls: type, *, frozen: bool, slots: bool) -> type:
    if hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} does more than to hold values")
    own = _own(cls)
    found: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= base.__dict__.get(_FIELDS, {})
    found |= own
    _check_order(cls, found)
    space = dict(cls.__dict__)
    for name, one in own.items():
        space.pop(name, None)
        if not slots and one.default is not _MISSING:
            space[name] = one.default
    if slots:
        held = {slot for base in cls.__mro__ for slot in base.__dict__.get("__slots__", ())}
        space["__slots__"] = tuple(name for name in found if name not in held)
    space.pop("__dict__", None)
    space.pop("__weakref__", None)
    known: list[Any] = []
    for name, method in _methods(known, found, frozen=frozen, slots=slots).items():
        if space.get(name) is None:
            space[name] = method
    made: type = type(cls)(cls.__name__, cls.__bases__, space | {"__qualname__": cls.__qualname__})
    known.append(made)
    return made


def _own(cls: type) -> dict[str, _Field]:
    """The fields that the class itself declares."""
    found: dict[str, _Field] = {}
    for name, kind in cls.__annotations__.items():
        if str(kind).startswith(("ClassVar", "typing.ClassVar")):
            continue
        given = cls.__dict__.get(name, _MISSING)
        one = given if isinstance(given, _Field) else _field(default=given)
        if getattr(type(one.default), "__hash__", None) is None:
            raise ValueError(f"the default of {name} would be shared: use default_factory")
        one.name, one.type = name, kind
        found[name] = one
    return found


def _check_order(cls: type, found: dict[str, _Field]) -> None:
    optional = False
    for name, one in found.items():
        if one.init and one.needed and optional:
            raise TypeError(f"{cls.__name__}.{name} without a default follows one with")
        optional = optional or (one.init and not one.needed)


#: Values of a class after which its ``__init__`` is worth compiling.
_OFTEN = 12


def _methods(
    known: list[Any], found: dict[str, _Field], *, frozen: bool, slots: bool
) -> dict[str, Any]:
    """What a class of these fields has unless it has it itself. The class, which is not there yet,
    is then put into ``known``."""
    names = list(found)
    values = _getter([name for name, one in found.items() if one.compare])
    shown = [name for name, one in found.items() if one.repr]
    left = _OFTEN

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _fill(self, found, args, kwargs):
            known[0].__init__ = _compiled(known[0], found, frozen=frozen, slots=slots)
            known[0].__init__(self, *args, **kwargs)

    def __repr__(self: Any) -> str:
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({parts})"

    def __eq__(self: Any, other: object) -> Any:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(values(self))

    methods: dict[str, Any] = {
        "__init__": __init__, "__repr__": __repr__, "__eq__": __eq__,
        "__hash__": __hash__ if frozen else None,
        "__match_args__": tuple(name for name, one in found.items() if one.init),
        "__replace__": _replace, _FIELDS: found, "__dataclass_fields__": _Fields(found),
    }  # fmt: skip
    if frozen:
        methods |= {"__setattr__": _refuse_set, "__delattr__": _refuse_delete}
    if frozen and slots:
        get = _getter(names)

        def __setstate__(self: Any, state: Any) -> None:
            for name, value in zip(names, state, strict=True):
                object.__setattr__(self, name, value)

        methods |= {"__getstate__": lambda self: list(get(self)), "__setstate__": __setstate__}
    return methods


def _fill(
    self: Any, found: dict[str, _Field], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> bool:
    """As a compiled ``__init__`` would. False for a call that it would refuse, and then it is to
    say why."""
    taken = [name for name, one in found.items() if one.init]
    given = dict(zip(taken, args, strict=False)) | kwargs
    if len(given) < len(args) + len(kwargs) or not kwargs.keys() <= {*taken}:
        return False
    for name, one in found.items():
        if name in given:
            value = given[name]
        elif one.factory is not _MISSING:
            value = one.factory()
        elif one.default is not _MISSING:
            value = one.default
        elif one.init:
            return False
        else:
            continue
        object.__setattr__(self, name, value)
    return True


def _getter(names: list[str]) -> Callable[[Any], Any]:
    """The values of these attributes as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _: ()
    get = attrgetter(names[0])
    return lambda value: (get(value),)


def _compiled(cls: Any, found: dict[str, _Field], *, frozen: bool, slots: bool) -> Any:
    """``__init__``. Names of its own begin with two underscores: no field's does."""
    scope: dict[str, Any] = {"__missing": _MISSING, "__set": object.__setattr__}
    head, lines = ["self"], []
    for name, one in found.items():
        scope |= {f"__default_{name}": one.default, f"__make_{name}": one.factory}
        value = name
        if one.factory is not _MISSING:
            made = f"__make_{name}()"
            value = f"{made} if {name} is __missing else {name}" if one.init else made
        elif not one.init:
            if one.needed:
                continue
            value = f"__default_{name}"
        if one.init:
            default = "__missing" if one.factory is not _MISSING else f"__default_{name}"
            head.append(name if one.needed else f"{name}={default}")
        if not frozen:
            lines.append(f"self.{name} = {value}")
        elif slots:
            scope[f"__put_{name}"] = getattr(cls, name).__set__
            lines.append(f"__put_{name}(self, {value})")
        else:
            lines.append(f"__set(self, {name!r}, {value})")
    body = "\n ".join(lines) or "pass"
    exec(f"def __init__({', '.join(head)}):\n {body}", scope)
    made = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    made.__annotations__ = {n: one.type for n, one in found.items() if one.init} | {
        "return": "None"
    }
    return made


def _refuse_set(self: Any, name: str, value: Any) -> None:
    raise _frozen(f"cannot assign to field {name!r}")


def _refuse_delete(self: Any, name: str) -> None:
    raise _frozen(f"cannot delete field {name!r}")


def _frozen(text: str) -> AttributeError:
    from dataclasses import FrozenInstanceError

    return FrozenInstanceError(text)


class _Fields:
    """``__dataclass_fields__``, made when `dataclasses` asks for it."""

    def __init__(self, found: dict[str, _Field]) -> None:
        self._found = found
        self._made: Any = None

    def __get__(self, value: Any, owner: type) -> Any:
        if self._made is None:
            import dataclasses

            parts = [(one.name, one.type, _theirs(one)) for one in self._found.values()]
            like: Any = dataclasses.make_dataclass(owner.__name__, parts)
            self._made = like.__dataclass_fields__
        return self._made


def _theirs(one: _Field) -> Any:
    import dataclasses

    given: dict[str, Any] = {"init": one.init, "repr": one.repr, "compare": one.compare}
    if one.factory is not _MISSING:
        given["default_factory"] = one.factory
    elif one.default is not _MISSING:
        given["default"] = one.default
    return dataclasses.field(**given)
