"""What the repository says: where HEAD is, what a commit holds, which way history went.

Owns every question that changes nothing. Refuses Git's rename detection, its graph of
replacements, and paths that no record can have: symbolic links, submodules, names that are not
UTF-8 (the worktree's scan leaves the same ones out).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from bluefs.adapters.git.objects import Objects, RawCommit, parse_commit, parse_ident
from bluefs.adapters.git.run import Result, Runner
from bluefs.adapters.paths import is_text
from bluefs.core.errors import Blocked
from bluefs.core.patterns import pattern
from bluefs.core.ports import Author, Step

_FILE_MODES = (b"100644", b"100755", b"100664")
#: A row of ``ls-tree -r -z`` that is a regular file: mode, blob, path.
_ROW = pattern(r"(?<![^\0])(100(?:644|755|664)) blob ([0-9a-f]+)\t([^\0]+)\0")
#: Files and folders in the Git directory -> why it must be left alone.
_BUSY = (
    ("MERGE_HEAD", "merge"),
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick"),
    ("BISECT_LOG", "bisect"),
    ("index.lock", "lock"),
)
#: Paths named one by one; more would not fit into an argument list.
_FEW = 100
Entry = tuple[str, str]  # (mode, blob id)


def commit_of(objects: Objects, name: str) -> tuple[str, RawCommit] | None:
    """(id, commit) of an id or a full ref name; an annotated tag leads to its commit."""
    found = objects.get(f"{name}^{{commit}}")
    return (found[0], parse_commit(found[2])) if found and found[1] == "commit" else None


def need_commit(objects: Objects, name: str) -> tuple[str, RawCommit]:
    """As ``commit_of``. Raises Blocked(errors.git.object) where there is none."""
    found = commit_of(objects, name)
    if found is None:
        raise Blocked("errors.git.object", object=name)
    return found


def branch(runner: Runner) -> str | None:
    """Read from the file where it plainly says so (asked at each wake; 0.02 against 2 ms)."""
    try:
        with open(f"{runner.git_dir}/HEAD", "rb") as file:
            text = file.read(4096)
    except OSError:
        text = b""
    if text.startswith(b"ref: refs/heads/") and b".invalid" not in text:
        return os.fsdecode(text[5:].strip())
    return runner.run("symbolic-ref", "-q", "HEAD", ok=(0, 1)).line or None


def upstream(runner: Runner, name: str) -> str | None:
    """Also where the remote-tracking branch does not exist (yet): nothing is shared then."""
    return runner.run("for-each-ref", "--format=%(upstream)", "--", name).line or None


def busy(runner: Runner, objects: Objects) -> str | None:
    """Raises Blocked where the Git directory itself is gone."""
    if not os.path.isdir(runner.git_dir):  # noqa: PTH112
        raise Blocked("errors.git.gone", path=runner.git_dir)
    for name, why in _BUSY:
        if os.path.lexists(f"{runner.git_dir}/{name}"):
            return why
    if os.path.lexists(f"{runner.git_dir}/reftable"):  # there these two are no files
        for name, why in (("CHERRY_PICK_HEAD", "cherry-pick"), ("REVERT_HEAD", "revert")):
            if objects.get(name) is not None:
                return why
    return None


def entries(runner: Runner, commit: str, only: Sequence[str] | None = None) -> dict[str, Entry]:
    """path -> (mode, blob id) of every regular file of a commit or tree, or of these paths."""
    few = only is not None and len(only) <= _FEW
    limit = tuple(only or ()) if few else ()
    if few and not limit:
        return {}
    options = ("-r", "-z", "--full-tree", "--end-of-options", commit)
    out = os.fsdecode(runner.run("ls-tree", *options, *limit).out)
    sound = is_text(out)  # then each name is
    rows = _ROW.findall(out)
    return {path: (mode, blob) for mode, blob, path in rows if sound or is_text(path)}


def diff(runner: Runner, old: str, new: str) -> Mapping[str, tuple[str | None, str | None]]:
    options = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--end-of-options")
    found: dict[str, tuple[str | None, str | None]] = {}
    for path, before, after in _raw(runner.run("diff-tree", *options, old, new).out):
        if before != after:
            found[path] = (before, after)
    return found


def _raw(out: bytes) -> Iterator[tuple[str, str | None, str | None]]:
    """Rows of ``--raw -z``: ``:mode mode id id status`` NUL ``path`` NUL."""
    parts = iter(out.split(b"\0"))
    for head in parts:
        if not head.startswith(b":"):
            continue
        path = os.fsdecode(next(parts))
        old_mode, new_mode, old_id, new_id, _ = head[1:].split(b" ")
        before = old_id.decode() if old_mode in _FILE_MODES else None
        after = new_id.decode() if new_mode in _FILE_MODES else None
        if is_text(path):
            yield path, before, after


def index_differences(runner: Runner, tree: str) -> frozenset[str]:
    """Paths whose index entry is not that of a tree. What ``git add -N`` announced counts
    as not there."""
    options = ("--cached", "--ita-invisible-in-index", "--no-renames", "-z", "--name-only")
    out = runner.run("diff-index", *options, "--end-of-options", tree).out
    return frozenset(os.fsdecode(name) for name in out.split(b"\0") if name)


def ignored(runner: Runner, paths: Sequence[str]) -> Iterator[str]:
    """Tracked paths are settled here: check-ignore compares each path it is asked with the
    whole index (0.1 ms for each of 10,000). What lies in a submodule is not this
    repository's, so it is ignored."""
    tracked, submodules = _tracked(runner)
    unknown = []
    for path in paths:
        if any(path.startswith(folder) for folder in submodules):
            yield path
        elif path not in tracked:
            unknown.append(path)
    yield from _check_ignore(runner, unknown)


def _tracked(runner: Runner) -> tuple[set[str], list[str]]:
    """Every path of the index, and the folders (with "/") of submodules."""
    tracked, submodules = set(), []
    for row in runner.run("ls-files", "-s", "-z").out.split(b"\0"):
        head, _, name = row.partition(b"\t")
        tracked.add(os.fsdecode(name))
        if head.startswith(b"160000"):
            submodules.append(os.fsdecode(name) + "/")
    return tracked, submodules


def _check_ignore(runner: Runner, paths: Sequence[str]) -> Iterator[str]:
    """A path behind a symbolic link ends check-ignore: it is ignored, and the others are
    asked again by halves."""
    if not paths:
        return
    data = b"".join(b"./" + os.fsencode(path) + b"\0" for path in paths)
    extra = {"GIT_LITERAL_PATHSPECS": "0"}  # check-ignore refuses it; "./" does as well
    options = ("--no-index", "-z", "--stdin")
    result = runner.run("check-ignore", *options, data=data, ok=(0, 1, 128), extra=extra)
    if result.code != 128:
        yield from (os.fsdecode(name[2:]) for name in result.out.split(b"\0") if name)
    elif not _is_outside(result):
        raise result.failed("check-ignore")
    elif len(paths) == 1:
        yield paths[0]
    else:
        half = len(paths) // 2
        yield from _check_ignore(runner, paths[:half])
        yield from _check_ignore(runner, paths[half:])


def _is_outside(result: Result) -> bool:
    return "symbolic link" in result.err


def is_ancestor(runner: Runner, old: str, new: str) -> bool:
    options = ("--is-ancestor", "--end-of-options")
    return runner.run("merge-base", *options, old, new, ok=(0, 1, 128)).code == 0


def merge_base(runner: Runner, a: str, b: str) -> str | None:
    return runner.run("merge-base", "--end-of-options", a, b, ok=(0, 1)).line or None


def line(runner: Runner, objects: Objects, mark: str, tip: str) -> list[str] | None:
    """Rows of ``--ancestry-path``: just the commits from which the mark can be reached."""
    start, end = commit_of(objects, mark), commit_of(objects, tip)
    if start is None or end is None:
        return None
    if start[0] == end[0]:
        return []
    options = ("--ancestry-path", "--parents", "--end-of-options")
    rows = runner.run("rev-list", *options, f"{start[0]}..{end[0]}").out.decode().split("\n")
    parents = {commit: rest for commit, *rest in (row.split() for row in rows if row)}
    return walk_line(start[0], end[0], parents)


def walk_line(mark: str, tip: str, parents: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Back from the tip by the first parent that is the mark or one of its descendants.
    ``parents`` holds the commits strictly between them and the tip."""
    found: list[str] = []
    at = tip
    while at != mark:
        if at not in parents:
            return None
        found.append(at)
        at = next((p for p in parents[at] if p == mark or p in parents), "")
    return found[::-1]


def additions(runner: Runner, commit: str, path: str | None = None) -> dict[str, str]:
    """path -> the first-parent commit up to ``commit`` that added it most recently."""
    options = (
        "--first-parent", "--diff-merges=first-parent", "--no-renames", "--diff-filter=A",
        "--name-only", "--format=%x00%H", "-z", "--no-show-signature", "--no-ext-diff",
    )  # fmt: skip
    limit = ("--", path) if path is not None else ()
    out = runner.run("log", *options, "--end-of-options", commit, *limit).out
    found: dict[str, str] = {}
    for hex_id, name in _named_by_commit(out):
        found.setdefault(os.fsdecode(name), hex_id)
    return found


def steps(
    runner: Runner, tip: str, since: str | None, shallow: frozenset[str]
) -> list[Step] | None:
    """As the port's ``first_parent_steps``, of ids of commits."""
    if tip == since:
        return []
    options = (
        "--first-parent", "--diff-merges=first-parent", "--root", "--raw", "--no-renames",
        "--no-abbrev", "--format=%x00%H %at %P", "-z", "--no-color", "--no-show-signature",
        "--no-ext-diff",
    )  # fmt: skip
    reach = tip if since is None else f"{since}..{tip}"
    out = runner.run("log", *options, "--end-of-options", reach, long=True).out
    found = []
    parents: list[str] = []
    for head, rows in _by_commit(out):
        commit, at, *parents = head.split()
        changes = {path: (old, new) for path, old, new in _raw(rows) if old != new}
        found.append(Step(commit, int(at), changes, commit in shallow))
    if since is not None and since not in parents[:1]:
        return None  # the oldest of them does not follow on it
    return found[::-1]


def _by_commit(out: bytes) -> Iterator[tuple[str, bytes]]:
    """(what ``--format=%x00...`` says of a commit, its rows of ``--raw -z``)."""
    for part in out.split(b"\0\0"):
        head, _, rows = part.lstrip(b"\0").partition(b"\0")
        if head:
            yield head.decode(), rows.lstrip(b"\n") + b"\0"


def _named_by_commit(out: bytes) -> Iterator[tuple[str, bytes]]:
    """Rows of ``--format=%x00%H --name-only -z``: an empty part announces a commit, whose
    first name stands behind a newline."""
    commit, first = "", False
    parts = iter(out.split(b"\0"))
    for part in parts:
        if not part:
            commit, first = next(parts, b"").decode().strip(), True
        else:
            yield commit, part.removeprefix(b"\n") if first else part
            first = False


def between(runner: Runner, old: str, new: str) -> list[str]:
    """The commits that ``new`` has and ``old`` lacks, none before a parent of its own."""
    options = ("--topo-order", "--reverse", "--end-of-options")
    return runner.run("rev-list", *options, f"{old}..{new}").out.decode().split()


def ahead_behind(runner: Runner, ours: str, theirs: str) -> tuple[int, int]:
    options = ("--left-right", "--count", "--end-of-options")
    ahead, behind = runner.run("rev-list", *options, f"{ours}...{theirs}").out.split()
    return int(ahead), int(behind)


def identity(runner: Runner, role: str = "AUTHOR") -> Author | None:
    """Who Git is told is at work, never its guess from user and host name."""
    options = ("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
    result = runner.run(*options, ok=(0, 1, 128))
    return parse_ident(result.line) if result.code == 0 else None


def config(runner: Runner, name: str) -> str | None:
    """The last value of a setting. A name that is none is not set."""
    result = runner.run("config", "--get", "-z", "--end-of-options", name, ok=(0, 1, 2))
    return os.fsdecode(result.out).removesuffix("\0") if result.code == 0 else None
