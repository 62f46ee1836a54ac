"""One worker process that answers one JSON line with one JSON line, watched while it does.

Nothing here knows what the lines mean, and no process can hold up its parent: neither one that crashes, nor
one that is stopped, loops, or says something else than was agreed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import IO, Any, Literal, cast

FailureKind = Literal["crashed", "hung", "erred"]

LONGEST_REASON = 120

LIBRARY_PATHS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

# The engine takes and gives back the memory of a state dozens of times an assessment. Left to itself, the GNU
# allocator may return it to the system each time, and getting it again can cost more than the engine's work.
ALLOCATOR = {"MALLOC_TRIM_THRESHOLD_": str(64 << 20), "MALLOC_MMAP_THRESHOLD_": str(32 << 20)}

Json = dict[str, Any]


def worker_environment() -> dict[str, str]:
    """What a worker is told of this process: where libraries are, and nothing that could be a secret."""
    return {**ALLOCATOR, **{name: os.environ[name] for name in LIBRARY_PATHS if name in os.environ}}


class WorkerError(Exception):
    """A worker gave no answer that can be used; `detail` holds nothing of the request."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(kind, detail)
        self.kind: FailureKind = kind
        self.detail = detail


class Worker:
    """One running process; not for two threads at once."""

    def __init__(self, command: Sequence[str], start_limit: float) -> None:
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=worker_environment(),
                bufsize=0,
            )
        except (OSError, ValueError) as error:
            raise WorkerError("crashed", f"could not be started: {type(error).__name__}") from None
        self._pipes = (cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout))
        self._requests, self._replies = (pipe.fileno() for pipe in self._pipes)
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        self._readable = select.poll()
        self._readable.register(self._replies, select.POLLIN)
        self._writable = select.poll()
        self._writable.register(self._requests, select.POLLOUT)
        self._unread = b""
        self.programs: set[str] = set()
        self.distrusted = False
        try:
            reply = self._parse(self._read(time.monotonic() + start_limit))
            if reply.get("ready") is not True:
                raise WorkerError("erred", "its first line was not the agreed one")
        except WorkerError:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The process id, of this worker alone."""
        return self._process.pid

    def ask(self, request: bytes, limit: float, meanwhile: Callable[[], None] | None = None) -> Json:
        """The reply to one line, within `limit` seconds; WorkerError otherwise.

        `meanwhile` is called once while the worker is at work, if the line could be sent.
        """
        deadline = time.monotonic() + limit
        self._write(request, deadline)
        if meanwhile is not None:
            meanwhile()
        return self._parse(self._read(deadline))

    def kill(self) -> None:
        """End the process, whatever state it is in."""
        # A stopped process does not see the end of its input, and only this signal ends it for certain.
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._close_pipes()

    def stop(self, limit: float = 1.0) -> None:
        """Let the process end by itself, as it does when its input ends; kill it if it does not."""
        self._close_pipes()
        try:
            self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()

    def forget(self) -> None:
        """Give up a process that belongs to the parent this one was forked from."""
        self._close_pipes()
        # Not ours to wait for; without this, Popen complains that it still runs.
        self._process.returncode = 0

    def _close_pipes(self) -> None:
        for pipe in self._pipes:
            with contextlib.suppress(OSError):
                pipe.close()

    def _write(self, line: bytes, deadline: float) -> None:
        left = memoryview(line)
        while left:
            try:
                left = left[os.write(self._requests, left) :]
            except BlockingIOError:
                self._wait(self._writable, deadline)
            except OSError:
                raise WorkerError("crashed", self._last_words()) from None

    def _read(self, deadline: float) -> bytes:
        parts = [self._unread] if self._unread else []
        self._unread = b""
        while not parts or b"\n" not in parts[-1]:
            try:
                part = os.read(self._replies, 65536)
            except BlockingIOError:
                self._wait(self._readable, deadline)
                continue
            if not part:
                raise WorkerError("crashed", self._last_words())
            parts.append(part)
        line, _, self._unread = b"".join(parts).partition(b"\n")
        if self._unread:
            raise WorkerError("erred", "it said more than was asked")
        return line

    def _wait(self, ready: select.poll, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not ready.poll(left * 1000):
            raise WorkerError("hung", "no answer within the time limit")

    def _last_words(self) -> str:
        try:
            status = self._process.wait(0.2)
        except subprocess.TimeoutExpired:
            return "closed its end"
        return f"ended by signal {-status}" if status < 0 else f"ended with status {status}"

    @staticmethod
    def _parse(line: bytes) -> Json:
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):
            raise WorkerError("erred", "its reply was not JSON") from None
        if not isinstance(reply, dict):
            raise WorkerError("erred", "its reply was not an object")
        if "error" in reply:
            raise WorkerError("erred", str(reply["error"])[:LONGEST_REASON])
        return reply
