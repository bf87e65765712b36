"""The mark: refs/bluefs/mark, a chain of entries that says how far the branch is carried out.

Owns the form of an entry and the compare-and-swap of the ref. An entry is a commit:

    parents   the entry before it (if any), then the shared commit it stands on: so nothing
              it speaks of is ever collected
    tree      the settled tree: the shared commit's tree with the overlay
    message   one line of JSON: bluefs (format), commit, branch, nonce, mover, overlay, fired

A ref that holds anything else is Blocked(errors.git.mark), and a newer format is
Blocked(errors.git.mark_newer). None would be wrong: the engine would begin a new chain and
what was sent could be sent again.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bluefs.adapters.git import index, read
from bluefs.adapters.git.objects import Objects, RawCommit, render_ident
from bluefs.adapters.git.run import Runner
from bluefs.core.errors import Blocked
from bluefs.core.frozen import replace
from bluefs.core.ports import Author, Mark

REF = "refs/bluefs/mark"
FORMAT = 1


def render_message(mark: Mark) -> str:
    """The message of an entry; ``parse_message`` of it gives the mark without its entry."""
    content = {
        "bluefs": FORMAT,
        "commit": mark.commit,
        "branch": mark.branch,
        "nonce": mark.nonce,
        "mover": mark.mover,
        "overlay": dict(sorted(mark.tree.items())),
        "fired": list(mark.fired),
        "goods": {path: list(good) for path, good in sorted(mark.goods.items())},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def parse_message(message: str) -> Mark:
    """Raises Blocked for a newer format, ValueError for anything that is no entry."""
    content: Any = json.loads(message)
    if not isinstance(content, dict) or not isinstance(content.get("bluefs"), int):
        raise ValueError("not an entry")
    if content["bluefs"] > FORMAT:
        raise Blocked("errors.git.mark_newer", format=content["bluefs"], known=FORMAT)
    words: list[Any] = [content.get(key) for key in ("commit", "branch", "nonce", "mover")]
    overlay, fired = content.get("overlay"), content.get("fired")
    if not isinstance(overlay, dict) or not isinstance(fired, list):
        raise ValueError("overlay and fired")
    if not all(isinstance(word, str) for word in (*words, *overlay.values(), *fired)):
        raise ValueError("not text")
    commit, branch, nonce, mover = words
    goods = _goods(content.get("goods", {}))
    return Mark(commit, branch, nonce, mover, overlay, fired=tuple(fired), goods=goods)


def _goods(content: Any) -> dict[str, tuple[str, str]]:
    if not isinstance(content, dict):
        raise ValueError("goods")
    goods = {}
    for path, good in content.items():
        match good:
            case [str(old), str(blob)]:
                goods[path] = (old, blob)
            case _:
                raise ValueError("goods")
    return goods


def parse_entry(hex_id: str, commit: RawCommit) -> Mark:
    """The mark of an entry's commit. Raises Blocked where it is none."""
    try:
        mark = parse_message(commit.message)
    except (ValueError, RecursionError):
        raise Blocked("errors.git.mark", ref=REF, entry=hex_id) from None
    if not 1 <= len(commit.parents) <= 2 or commit.parents[-1] != mark.commit:
        raise Blocked("errors.git.mark", ref=REF, entry=hex_id)
    return replace(mark, entry=hex_id)


class Marks:
    """Reads and moves the mark of one repository."""

    def __init__(self, runner: Runner, objects: Objects) -> None:
        self._runner = runner
        self._objects = objects
        self._nonces: set[str] = set()
        self._known_from = ""  # the entry from which on _nonces is complete

    def read(self) -> Mark | None:
        found = self._objects.get(REF)
        if found is None:
            return None
        return parse_entry(*self._entry(found[0]))

    def write(self, mark: Mark, old: Mark | None) -> Mark | None:
        """None where the ref is no longer at ``old``."""
        entry = self._write_entry(mark, old)
        known = old.entry if old else "0" * len(entry)
        result = self._runner.run(
            "update-ref", "-m", f"bluefs: {mark.mover}", REF, entry, known, ok=(0, 1, 128)
        )
        if result.code == 0:
            return replace(mark, entry=entry)
        now = self._objects.get(REF)
        if (now[0] if now else None) == (old.entry if old else None) and "lock" not in result.err:
            raise result.failed("update-ref")
        return None

    def has_nonce(self, nonce: str) -> bool:
        """Walks the chain once; afterwards only what is new of it."""
        found = self._objects.get(REF)
        start = at = found[0] if found else ""
        fresh: set[str] = set()
        while at and at != self._known_from:
            hex_id, commit = self._entry(at)
            fresh.add(parse_entry(hex_id, commit).nonce)
            at = commit.parents[0] if len(commit.parents) == 2 else ""
        self._nonces = fresh | self._nonces if at else fresh
        self._known_from = start
        return nonce in self._nonces

    def _entry(self, hex_id: str) -> tuple[str, RawCommit]:
        found = read.commit_of(self._objects, hex_id)
        if found is None:
            raise Blocked("errors.git.mark", ref=REF, entry=hex_id)
        return found

    def _write_entry(self, mark: Mark, old: Mark | None) -> str:
        read.need_commit(self._objects, mark.commit)
        parents = ([old.entry] if old else []) + [mark.commit]
        now = datetime.now(UTC)
        who = render_ident(Author("bluefs", "bluefs@localhost", now))
        rows = [f"tree {self._settled_tree(mark)}", *(f"parent {p}" for p in parents)]
        rows += [f"author {who}", f"committer {who}", "", render_message(mark)]
        data = "\n".join(rows).encode()
        return self._runner.run("hash-object", "-t", "commit", "-w", "--stdin", data=data).line

    def _settled_tree(self, mark: Mark) -> str:
        if not mark.tree:
            return read.need_commit(self._objects, mark.commit)[1].tree
        before = read.entries(self._runner, mark.commit, tuple(mark.tree))
        changes = {
            path: (before[path][0] if path in before else "100644", blob) if blob else index.GONE
            for path, blob in mark.tree.items()
        }
        with index.private(self._runner, mark.commit) as env:
            index.put(self._runner, changes, env)
            return index.write_tree(self._runner, env)
