"""Settings kept as bytes between two runs: reading YAML costs a hundred times as much.

Owns their form: a pickle that may name the nouns of ``core.model`` and exact numbers, and nothing
else, so that bytes from anywhere can do no more than fail. Rules and templates are not in it.
Nearly no command wants them; whoever asks for them gets them from the files.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from bluefs.core.frozen import replace
from bluefs.core.hints import TYPE_CHECKING, Any
from bluefs.core.model import Config
from bluefs.core.sums import blake2b

if TYPE_CHECKING:
    from pickle import PickleError as PickleError
    from pickle import Pickler, Unpickler, UnpicklingError
else:  # the rest of ``pickle`` is the same once more in Python
    try:
        from _pickle import PickleError, Pickler, Unpickler, UnpicklingError
    except ImportError:
        from pickle import PickleError, Pickler, Unpickler, UnpicklingError

_NOUNS = frozenset(
    {"Config", "FieldDef", "ListDef", "Person", "Project", "Role", "Span", "Workspace"}
)
_PLAIN = frozenset({("decimal", "Decimal"), ("datetime", "date"), ("datetime", "datetime"),
                    ("datetime", "timezone"), ("datetime", "timedelta")})  # fmt: skip
_DIGEST = 16
#: What a pickle may fail with (the manual names these and more).
_FAILURES = (
    PickleError, AttributeError, EOFError, ImportError, LookupError, TypeError, ValueError,
)  # fmt: skip


def key_of(files: Mapping[str, bytes], folders: Iterable[str]) -> bytes:
    """Equal for equal settings files and folders: then `load_config` says the same."""
    digest = blake2b(digest_size=_DIGEST)
    for path, data in sorted(files.items()):
        digest.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    for folder in sorted(folders):
        digest.update(folder.encode("utf-8", "surrogateescape") + b"\0")
    return digest.digest()


def keep(config: Config, key: bytes) -> bytes:
    """The settings without rules and templates, under the key of what they were read from.
    Raises TypeError, AttributeError or PickleError for what has no such form."""
    buffer = io.BytesIO()
    _Pickler(buffer, 5).dump(replace(config, rules={}, templates={}))
    data = buffer.getvalue()
    _Unpickler(io.BytesIO(data)).load()  # what cannot be read back is not to be kept
    return key + _sum(data) + data


def kept(data: bytes, key: bytes, load: Callable[[], Config]) -> Config | None:
    """The settings, with rules and templates that ``load`` is asked for when they are wanted;
    None where the bytes are of another key, damaged, or nothing `keep` has made."""
    head, total, body = data[:_DIGEST], data[_DIGEST : 2 * _DIGEST], data[2 * _DIGEST :]
    if head != key or total != _sum(body):
        return None
    try:
        config = _Unpickler(io.BytesIO(body)).load()
    except _FAILURES:
        return None
    if not isinstance(config, Config):
        return None
    whole = _Whole(load)
    return replace(
        config,
        rules=_Later(lambda: whole.config.rules),
        templates=_Later(lambda: whole.config.templates),
    )


def _sum(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST).digest()


class _Pickler(Pickler):
    def reducer_override(self, obj: object) -> Any:
        return (dict, (dict(obj),)) if isinstance(obj, MappingProxyType) else NotImplemented


class _Unpickler(Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module == "bluefs.core.model" and name in _NOUNS) or (module, name) in _PLAIN:
            return super().find_class(module, name)
        if (module, name) == ("builtins", "dict"):
            return dict
        raise UnpicklingError(f"{module}.{name}")


class _Whole:
    def __init__(self, load: Callable[[], Config]) -> None:
        self._load = load

    @cached_property
    def config(self) -> Config:
        return self._load()


class _Later(Mapping[str, Any]):
    """A map that is made when something is asked of it."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, key: str) -> Any:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __repr__(self) -> str:
        return repr(dict(self._made))
