"""Worker processes that answer one JSON line with one JSON line: started late, watched, killed and replaced.

Nothing here knows what the lines mean. A worker that crashes, hangs or errs fails the one request it had, is
ended by its own process id, and is started again when somebody next needs it, later and later while it keeps
failing.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Literal, cast

FailureKind = Literal["crashed", "hung", "erred"]

FIRST_WAIT = 0.1
LONGEST_WAIT = 30.0
LONGEST_REASON = 120

LIBRARY_PATHS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

Json = dict[str, Any]


def worker_environment() -> dict[str, str]:
    """What a worker is told of this process: where libraries are, and nothing that could be a secret."""
    return {name: os.environ[name] for name in LIBRARY_PATHS if name in os.environ}


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


@dataclass(eq=False)
class _Place:
    """Where a worker runs, or will run again after a wait."""

    worker: Worker | None = None
    failures: int = 0
    not_before: float = 0.0

    def record_failure(self, now: float) -> None:
        self.worker = None
        self.failures += 1
        # The first restart is at once: one crash says nothing about the next evaluation.
        wait = 0.0 if self.failures == 1 else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.failures - 2, 20))
        self.not_before = now + wait


@dataclass(eq=False)
class _Places:
    """The state that threads share, and that the finalizer of a forgotten pool can still reach."""

    every: list[_Place]
    idle: list[_Place]
    pid: int = field(default_factory=os.getpid)
    closed: bool = False


class WorkerPool:
    """Up to `workers` processes for any number of threads; nothing is started before it is needed."""

    def __init__(
        self,
        command: Sequence[str],
        workers: int | None = None,
        time_limit: float = 1.0,
        start_limit: float = 5.0,
    ) -> None:
        self.command = tuple(command)
        self.time_limit = time_limit
        self.start_limit = start_limit
        self.size = workers or _cores()
        self._changed = threading.Condition()
        self._places = self._fresh_places()
        self._finalizer = weakref.finalize(self, _stop_workers, self._places)

    @contextlib.contextmanager
    def worker(self) -> Iterator[Worker]:
        """A worker for one request; whatever goes wrong inside as a WorkerError ends this worker."""
        place = self._take()
        failed = True
        try:
            if place.worker is None:
                place.worker = Worker(self.command, self.start_limit)
            yield place.worker
            failed = place.worker.distrusted
        finally:
            # Also for an interrupt or a mistake of the caller: a reply may still be on its way.
            self._give_back(place, failed)

    def distrust(self, worker: Worker) -> None:
        """Replace a worker whose answer was wrong, at the latest when its present request ends."""
        with self._changed:
            worker.distrusted = True
            for place in self._places.idle:
                if place.worker is worker:
                    place.record_failure(time.monotonic())
                    worker.kill()

    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        running = [place.worker for place in self._places.every]
        return [worker.pid for worker in running if worker is not None]

    def close(self) -> None:
        """End every worker; those at work when their request is done. Requests after this one fail."""
        with self._changed:
            self._places.closed = True
            idle, self._places.idle = self._places.idle, []
            self._changed.notify_all()
        for place in idle:
            if place.worker is not None:
                place.worker.stop()
                place.worker = None

    def _fresh_places(self) -> _Places:
        every = [_Place() for _ in range(self.size)]
        return _Places(every=every, idle=list(every))

    def _take(self) -> _Place:
        if self._places.pid != os.getpid():
            self._leave_to_the_parent()
        deadline = time.monotonic() + self.time_limit
        with self._changed:
            while True:
                if self._places.closed:
                    raise WorkerError("erred", "the executor is closed")
                now = time.monotonic()
                place = self._best(now)
                if place is not None:
                    self._places.idle.remove(place)
                    return place
                if len(self._places.idle) == self.size:
                    raise WorkerError("crashed", "waiting before it is started again")
                if now >= deadline or not self._changed.wait(deadline - now):
                    raise WorkerError("hung", "no worker came free within the time limit")

    def _best(self, now: float) -> _Place | None:
        """The running worker used last, else a place where one may be started now."""
        startable = None
        for place in reversed(self._places.idle):
            if place.worker is not None:
                return place
            if place.not_before <= now:
                startable = place
        return startable

    def _give_back(self, place: _Place, failed: bool) -> None:
        worker = place.worker
        if failed:
            if worker is not None:
                worker.kill()
            place.record_failure(time.monotonic())
        else:
            place.failures = 0
        with self._changed:
            if self._places.closed:
                place.worker = None
            else:
                self._places.idle.append(place)
                self._changed.notify()
        if self._places.closed and worker is not None and not failed:
            worker.stop()

    def _leave_to_the_parent(self) -> None:
        # After a fork both processes would write into the same pipe. The copy starts workers of its own.
        left = self._places
        self._changed = threading.Condition()
        self._places = self._fresh_places()
        self._finalizer.detach()
        self._finalizer = weakref.finalize(self, _stop_workers, self._places)
        for place in left.every:
            if place.worker is not None:
                place.worker.forget()


def _cores() -> int:
    """The processors that this process may use; macOS only tells how many there are."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _stop_workers(places: _Places) -> None:
    """End the workers of a pool that nobody closed, at the latest when the interpreter ends."""
    if places.pid != os.getpid():
        return
    for place in places.every:
        if place.worker is not None:
            place.worker.kill()
            place.worker = None
