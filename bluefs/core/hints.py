"""The names of ``typing`` that our annotations use, without ``typing``: it takes a fifth of
Python's start to import, and nobody reads annotations at run time. To a type checker they are
typing's own.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any as Any
    from typing import BinaryIO as BinaryIO
    from typing import ClassVar as ClassVar
    from typing import Final as Final
    from typing import Generic as Generic
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
    from typing import Self as Self
    from typing import TextIO as TextIO
    from typing import TypeGuard as TypeGuard
    from typing import TypeVar as TypeVar
    from typing import cast as cast
else:

    class Any:
        """Also what a subscript of one of these gives: a class, so that ``X | None`` is one."""

        def __class_getitem__(cls, _):
            return cls

    BinaryIO = ClassVar = Final = Generic = Literal = Protocol = Self = TextIO = TypeGuard = Any

    def TypeVar(name, *_, **__):
        return Any

    def cast(_, value):
        return value

    class _Named(type):
        """Makes a named tuple of a class with annotations."""

        def __new__(cls, name, bases, space):
            if not bases:
                return super().__new__(cls, name, bases, space)
            fields = space.pop("__annotations__")
            defaults = [space.pop(field) for field in fields if field in space]
            made = namedtuple(name, fields, defaults=defaults, module=space["__module__"])
            for key, value in space.items():
                if key != "__module__":
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Named):
        """As typing's."""
