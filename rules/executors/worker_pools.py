"""Worker processes for any number of threads: started late, shared fairly, replaced when they fail.

A worker that crashes, hangs or errs fails the one request it had, is ended by its own process id, and is
started again when somebody next needs it, later and later while it keeps failing.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.executors.workers import Worker, WorkerError

FIRST_WAIT = 0.1
LONGEST_WAIT = 30.0


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
class _Waiter:
    """A thread in the queue; its gate opens when it has a place, or is refused one."""

    gate: threading.Lock = field(default_factory=threading.Lock)
    place: _Place | None = None
    refusal: WorkerError | None = None


@dataclass(eq=False)
class _Places:
    """The state that threads share, and that the finalizer of a forgotten pool can still reach."""

    every: list[_Place]
    idle: list[_Place]
    queue: deque[_Waiter] = field(default_factory=deque)
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
        self._lock = threading.Lock()
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
        with self._lock:
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
        with self._lock:
            self._places.closed = True
            idle, self._places.idle = self._places.idle, []
            self._refuse_queue(_closed())
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
        with self._lock:
            if self._places.closed:
                raise _closed()
            waiter = _Waiter()
            waiter.gate.acquire()
            self._places.queue.append(waiter)
            self._serve_queue()
        try:
            waiter.gate.acquire(timeout=self.time_limit)
        except BaseException:
            with self._lock:
                self._leave_queue(waiter)
            raise
        with self._lock:
            if waiter.place is not None:
                return waiter.place
            self._leave_queue(waiter)
        raise waiter.refusal or WorkerError("hung", "no worker came free within the time limit")

    def _serve_queue(self) -> None:
        """Give the places that can be used to the threads that have waited longest."""
        # In turns, not to whoever comes: a thread that has just given a worker back would be the first to ask
        # again every time, and the others would wait until their limit.
        places, now = self._places, time.monotonic()
        while places.queue and (place := self._best(now)) is not None:
            places.idle.remove(place)
            waiter = places.queue.popleft()
            waiter.place = place
            waiter.gate.release()
        if len(places.idle) == self.size:
            self._refuse_queue(WorkerError("crashed", "waiting before it is started again"))

    def _refuse_queue(self, refusal: WorkerError) -> None:
        while self._places.queue:
            waiter = self._places.queue.popleft()
            waiter.refusal = refusal
            waiter.gate.release()

    def _leave_queue(self, waiter: _Waiter) -> None:
        if waiter in self._places.queue:
            self._places.queue.remove(waiter)
        elif waiter.place is not None:
            self._places.idle.append(waiter.place)
            self._serve_queue()

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
        with self._lock:
            closed = self._places.closed
            if closed:
                place.worker = None
            else:
                self._places.idle.append(place)
                self._serve_queue()
        if closed and worker is not None and not failed:
            worker.stop()

    def _leave_to_the_parent(self) -> None:
        # After a fork both processes would write into the same pipe. The copy starts workers of its own.
        left = self._places
        self._lock = threading.Lock()
        self._places = self._fresh_places()
        self._finalizer.detach()
        self._finalizer = weakref.finalize(self, _stop_workers, self._places)
        for place in left.every:
            if place.worker is not None:
                place.worker.forget()


def _closed() -> WorkerError:
    return WorkerError("erred", "the executor is closed")


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
