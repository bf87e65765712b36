"""A real ``bluefs watch``: started, waited for, measured, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

#: Seconds: to start, to come to rest, to stop.
_PATIENCE = 900.0
_STOP = 30.0
#: Seconds between two looks at whatever is waited for.
LOOK = 0.001
#: Seconds without any work after which an engine is at rest.
_REST = 0.4


class Watch:
    """What it prints goes into ``log``: a pipe that nobody reads would stop it."""

    def __init__(
        self, command: Sequence[str], folder: Path, env: dict[str, str], log: Path
    ) -> None:
        self.command, self.folder, self.env, self.log = command, folder, env, log
        self.started = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it says that it watches; ``started`` is how long that took. Raises
        TimeoutError, RuntimeError."""
        began = time.perf_counter()
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        wait_for(self._greeted, _PATIENCE, "the engine did not start")
        self.started = time.perf_counter() - began

    def _greeted(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"the engine ended: {self.said()[-200:].strip()}")
        return "Watching" in self.said()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def rest(self) -> None:
        """Wait until it has nothing to do: its processor time stands still."""
        quiet_since, spent = time.perf_counter(), self._spent()
        deadline = quiet_since + _PATIENCE
        while time.perf_counter() < deadline:
            time.sleep(0.05)
            now, latest = time.perf_counter(), self._spent()
            if latest is None:
                time.sleep(_REST)
                return
            if latest != spent:
                quiet_since, spent = now, latest
            elif now - quiet_since > _REST:
                return

    def _spent(self) -> int | None:
        """Its processor time in ticks, None where the system does not tell."""
        try:
            stat = Path(f"/proc/{self._pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def memory(self) -> float | None:
        """Resident memory in MB (10⁶ bytes), None where the system does not tell."""
        try:
            status = Path(f"/proc/{self._pid}/status").read_text(encoding="utf-8")
        except OSError:
            return None
        line = next((x for x in status.splitlines() if x.startswith("VmRSS:")), None)
        return None if line is None else int(line.split()[1]) * 1024 / 1e6

    @property
    def _pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    def stop(self) -> None:
        """As ^C does; what does not end then is killed. Its own children go with it."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # its session is its own
        process.wait()


def wait_for(holds: Callable[[], bool], seconds: float, otherwise: str) -> float:
    """The moment (of ``time.perf_counter``) at which it held. Raises TimeoutError."""
    deadline = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(LOOK)
    return time.perf_counter()
