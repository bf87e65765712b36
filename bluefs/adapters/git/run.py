"""How Git is started: one place for its environment, options, time limits and errors.

Owns the child processes. Refuses a shell, standard input from a terminal, any prompt, the
caller's GIT_* variables (a hook or a rebase that started us would point them elsewhere), and
Git's own words as a result: a failure is Blocked with a key.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress

from bluefs.core.errors import Blocked
from bluefs.core.frozen import dataclass, field

#: Seconds. Reads answer in milliseconds; a commit waits for hooks and a signing agent.
READ_LIMIT = 60.0
ACT_LIMIT = 600.0

#: GIT_* variables that say who and how, not where: these stay.
_KEPT = (
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_CONFIG_PARAMETERS", "GIT_SSH",
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
    "GIT_EXEC_PATH", "GIT_SSL_", "GIT_PROXY_", "GIT_TRACE",
)  # fmt: skip
#: Messages in English but text in UTF-8: plain C would hand hooks an ASCII locale. The empty
#: GIT_ASKPASS keeps Git from asking in a window; GPG_TTY would let a pinentry use the terminal.
_NEVER_ASK = {
    "LC_ALL": "C.UTF-8",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
    "GIT_EDITOR": ":",
}
_DROPPED = ("LANGUAGE", "GPG_TTY", "SSH_ASKPASS")
#: Only where no hook runs: a hook may well use a glob as a pathspec.
_READING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1", "GIT_NO_REPLACE_OBJECTS": "1"}
OPTIONS = (
    "-c", "safe.bareRepository=explicit", "-c", "core.quotePath=false",
    "-c", "i18n.commitEncoding=UTF-8", "-c", "i18n.logOutputEncoding=UTF-8",
)  # fmt: skip

#: What Git's standard error says -> key. The first that fits.
_SIGNS = (
    ("index.lock", "errors.git.lock"),
    ("dubious ownership", "errors.git.owner"),
    ("gpg failed to sign", "errors.git.signing"),
    ("failed to write commit object", "errors.git.signing"),
    ("cannot lock ref", "errors.git.moved"),
    ("empty ident", "errors.git.identity"),
    ("tell me who you are", "errors.git.identity"),
    ("No space left", "errors.git.full"),
    ("Disk quota", "errors.git.full"),
    ("Read-only file system", "errors.git.denied"),
    ("ermission denied", "errors.git.denied"),
)


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: bytes
    err: str

    @property
    def line(self) -> str:
        """The answer without its last newline."""
        return os.fsdecode(self.out).removesuffix("\n")

    def failed(self, what: str) -> Blocked:
        """The Blocked that tells of it: ``what`` was asked, ``output`` is Git's answer."""
        key = next((key for sign, key in _SIGNS if sign in self.err), "errors.git.failed")
        return Blocked(key, what=what, output=self.err.strip(), status=self.code)


def environment(*, acts: bool = False) -> dict[str, str]:
    """This process's environment, cleaned. ``acts`` for what may run a hook or an agent."""
    kept = {k: v for k, v in os.environ.items() if _is_kept(k)}
    return kept | _NEVER_ASK | ({} if acts else _READING)


def _is_kept(name: str) -> bool:
    if name in _DROPPED or name.startswith("LC_"):
        return False
    return not name.startswith("GIT_") or name.startswith(_KEPT)


@dataclass(slots=True)
class Runner:
    """Runs Git in one worktree, always naming it and its Git directory."""

    top: str
    git_dir: str
    hex_size: int = 40  # digits of an object's id: 64 in a SHA-256 repository
    #: Of the caller's GIT_* variables those that belong to this very repository.
    also: Mapping[str, str] = field(default_factory=dict)
    _batch_mode: str | None = field(default=None, init=False)

    def run(
        self,
        *args: str,
        data: bytes | None = None,
        ok: tuple[int, ...] = (0,),
        extra: Mapping[str, str] | None = None,
        acts: bool = False,
        long: bool = False,
    ) -> Result:
        """``git <args>`` with ``data`` on standard input (nothing without). Raises Blocked
        for an exit status outside ``ok``, a missing Git, or a passed time limit, which is
        larger for what ``acts`` or may take ``long``."""
        env = self.environment(acts=acts) | (self._ssh() if acts else {}) | dict(extra or {})
        result = start(
            [*self.command, *args], self.top, env, data, ACT_LIMIT if acts or long else READ_LIMIT
        )
        if result.code not in ok:
            raise result.failed(args[0])
        return result

    def environment(self, *, acts: bool = False) -> dict[str, str]:
        return environment(acts=acts) | dict(self.also)

    @property
    def command(self) -> list[str]:
        return ["git", f"--git-dir={self.git_dir}", f"--work-tree={self.top}", *OPTIONS]

    def _ssh(self) -> dict[str, str]:
        """ssh must not ask either; whoever chose another command for it has decided."""
        if any(name.startswith("GIT_SSH") for name in os.environ):
            return {}
        if self._batch_mode is None:
            chosen = self.run("config", "--get", "core.sshCommand", ok=(0, 1)).line
            self._batch_mode = "" if chosen else "ssh -o BatchMode=yes"
        return {"GIT_SSH_COMMAND": self._batch_mode} if self._batch_mode else {}


def start(
    command: list[str],
    folder: str,
    env: Mapping[str, str],
    data: bytes | None = None,
    limit: float = READ_LIMIT,
) -> Result:
    """Run to the end. A session of its own: no terminal to prompt on, ^C reaches us first,
    and what it started (hooks) ends with it when time is up."""
    with spawn(command, folder, env, stdin=data is not None) as child:
        try:
            out, err = child.communicate(data, timeout=limit)
        except subprocess.TimeoutExpired:
            stop(child)
            raise Blocked("errors.git.slow", what=command[-1], seconds=round(limit)) from None
        except BaseException:
            stop(child)
            raise
    return Result(child.returncode, out, err.decode("utf-8", "replace"))


def spawn(
    command: list[str], folder: str, env: Mapping[str, str], *, stdin: bool, stderr: bool = True
) -> subprocess.Popen[bytes]:
    """Start a child. Raises Blocked where Git is not installed or the folder is gone."""
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if stderr else subprocess.DEVNULL,
            start_new_session=True,
        )
    except (FileNotFoundError, NotADirectoryError):
        key = "errors.git.absent" if os.path.isdir(folder) else "errors.git.gone"  # noqa: PTH112
        raise Blocked(key, path=folder) from None
    except OSError as error:
        raise Blocked("errors.git.failed", what="start", output=str(error), status=-1) from error


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child with all it started. First politely: Git then removes its lock files."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, sign)
        try:
            child.communicate(timeout=2)
            return
        except (subprocess.TimeoutExpired, ValueError):
            continue
