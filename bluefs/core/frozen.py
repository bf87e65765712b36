"""Frozen values that are made quickly.

A frozen dataclass fills itself through ``object.__setattr__``, three times as slow as need be,
and a hundred thousand records are millions of values. `quick` gives such a class an ``__init__``
that writes to its slots. Everything else stays as `dataclass` made it, frozen above all. Refuses
classes whose making does more than to fill their fields.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

T = TypeVar("T")


def quick(cls: type[T]) -> type[T]:
    """For a ``@dataclass(frozen=True, slots=True)``, above that line. Raises TypeError where
    the class has no slots, or something its ``__init__`` would have to do besides."""
    found = fields(cls)  # type: ignore[arg-type]
    if "__slots__" not in cls.__dict__ or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} is no plain frozen value")
    names = [field.name for field in found]
    scope: dict[str, Any] = {f"set_{name}": getattr(cls, name).__set__ for name in names}
    scope |= {f"default_{f.name}": f.default for f in found}
    scope |= {f"make_{f.name}": f.default_factory for f in found}
    lines = [f"    set_{f.name}(self, {_argument(f)})" for f in found]
    head = f"def __init__({', '.join(['self', *map(_parameter, found)])}):"
    exec("\n".join([head, *lines]), scope)
    made = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = cls.__init__.__annotations__
    cls.__init__ = made  # type: ignore[method-assign]
    return cls


def _parameter(field: Field[Any]) -> str:
    if not field.init or field.kw_only:
        raise TypeError(f"the field {field.name} is more than a value and its default")
    if field.default is MISSING and field.default_factory is MISSING:
        return field.name
    return f"{field.name}=default_{field.name}"


def _argument(field: Field[Any]) -> str:
    """With a factory the default is MISSING, which nobody can mean."""
    if field.default_factory is MISSING:
        return field.name
    return f"make_{field.name}() if {field.name} is default_{field.name} else {field.name}"
