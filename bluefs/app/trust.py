"""Trust: a clone sends nothing until its owner has seen what the rules may do and agreed.

The agreement is bound to a hash of everything that decides what leaves the machine: the rules,
the templates and the mail settings, compared by meaning, so a comment changes nothing. It lies
in the common Git directory and never travels. ``drop_until`` names the commit up to which
effects that had waited were dropped (the first trust drops all that is older).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from bluefs.app.world import Memo
from bluefs.core.codec.compose import Malformed, compose
from bluefs.core.codec.text import decode
from bluefs.core.frozen import dataclass
from bluefs.core.model import Config
from bluefs.core.nodes import Map, Node, Scalar


def rules_hash(files: Mapping[str, bytes]) -> str:
    """SHA-256 hex over the automations, templates and mail settings among ``files``."""
    parts: dict[str, object] = {}
    for path, data in sorted(files.items()):
        name = path.rpartition("/")[2]
        if name == "automations.yaml":
            parts[path] = _meaning(data)
        elif "_templates/" in path:
            parts[path] = hashlib.sha256(data).hexdigest()
        elif path == "bluefs.yaml":
            meaning = _meaning(data)
            parts[path] = meaning.get("mail") if isinstance(meaning, dict) else meaning
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _meaning(data: bytes) -> object:
    text = getattr(decode(data), "text", None)
    if text is None:
        return hashlib.sha256(data).hexdigest()
    try:
        return _plain(compose(text))
    except Malformed:
        return hashlib.sha256(data).hexdigest()


def _plain(node: Node | None) -> object:
    if node is None:
        return None
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Map):
        return {k.text: _plain(v) for k, v in node.entries}
    return [_plain(item) for item in node.items]


@dataclass(frozen=True, slots=True)
class Trust:
    hashes: frozenset[str] = frozenset()
    at: str | None = None
    by: str | None = None
    drop_until: str | None = None

    def covers(self, rules: str) -> bool:
        return rules in self.hashes


def load_trust(memo: Memo) -> Trust:
    values = memo.read()
    hashes = values.get("hashes")
    return Trust(
        frozenset(str(h) for h in hashes) if isinstance(hashes, list) else frozenset(),
        _text(values.get("at")),
        _text(values.get("by")),
        _text(values.get("drop_until")),
    )


def save_trust(memo: Memo, trust: Trust) -> None:
    memo.write(
        {
            "hashes": sorted(trust.hashes),
            "at": trust.at,
            "by": trust.by,
            "drop_until": trust.drop_until,
        }
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def needs_trust(config: Config) -> bool:
    """Whether any rule that is on would send something."""
    return any(r.outward and r.enabled for rules in config.rules.values() for r in rules)
