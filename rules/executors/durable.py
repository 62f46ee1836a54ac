"""The engine as the house sees it: true tests in, conclusions and trace out, or the failure as data."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from rules.executors.levels import Plan, plan
from rules.executors.worker_pools import WorkerPool
from rules.executors.workers import FailureKind, Worker, WorkerError
from rules.trace import Trace, TraceReader

# How long an engine that loops for ever may outlive its parent; the parent's own limit is far shorter.
WATCHDOG_SECONDS = 30


@dataclass(frozen=True)
class EngineAnswer:
    """What the engine concluded, in the program's ids."""

    established: frozenset[str]
    trace: Trace
    worker: Worker = field(repr=False, compare=False)


@dataclass(frozen=True)
class EngineFailure:
    """Why there is no answer: the worker crashed, hung or erred. `detail` holds nothing of the case."""

    kind: FailureKind
    detail: str


def worker_command() -> list[str]:
    """How a worker is started: this interpreter, with one file of ours and neither site nor environment."""
    found = PathFinder.find_spec("durable_rules_engine")
    folders = [] if found is None or found.origin is None else [str(Path(found.origin).parent)]
    script = str(Path(__file__).with_name("durable_worker.py"))
    return [sys.executable, "-I", "-S", script, str(WATCHDOG_SECONDS), *folders]


def engine_pool(
    workers: int | None = None, time_limit: float = 1.0, command: list[str] | None = None
) -> WorkerPool:
    """A pool that several executors may share; each worker holds several programs."""
    return WorkerPool(command or worker_command(), workers=workers, time_limit=time_limit)


class DurableExecutor:
    """Runs one program on durable_rules, for any number of threads; a failing engine never raises here."""

    def __init__(
        self,
        program: Any,
        workers: int | None = None,
        time_limit: float = 1.0,
        *,
        command: list[str] | None = None,
        pool: WorkerPool | None = None,
    ) -> None:
        self.plan: Plan = plan(program)
        self._reader = TraceReader(self.plan)
        self.pool = pool or engine_pool(workers, time_limit, command)
        self._owns_pool = pool is None
        self._numbers = itertools.count(1)
        form = {"load": self.plan.digest, "plan": self.plan.worker_form()}
        self._load_line = _encode(form)

    def evaluate(
        self, true_tests: Iterable[str], meanwhile: Callable[[], None] | None = None
    ) -> EngineAnswer | EngineFailure:
        """What follows from these tests being true, or why the engine could not say.

        `meanwhile` is work of the caller for the time in which the engine is busy; it is done once, or not at
        all when no worker could be asked.
        """
        number = next(self._numbers)
        request = {"id": number, "program": self.plan.digest, "true": self.plan.facts(true_tests)}
        line = _encode(request)
        try:
            with self.pool.worker() as worker:
                if self.plan.digest not in worker.programs:
                    self._load(worker)
                reply = worker.ask(line, self.pool.time_limit, meanwhile)
                if "unloaded" in reply:
                    self._load(worker)
                    reply = worker.ask(line, self.pool.time_limit)
                return self._read(reply, number, worker)
        except WorkerError as error:
            return EngineFailure(error.kind, error.detail)

    def distrust(self, answer: EngineAnswer) -> None:
        """Replace the worker that gave this answer, because the reference came to another one."""
        self.pool.distrust(answer.worker)

    def close(self) -> None:
        """End the workers, unless the pool is shared."""
        if self._owns_pool:
            self.pool.close()

    def __enter__(self) -> DurableExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self, worker: Worker) -> None:
        reply = worker.ask(self._load_line, self.pool.start_limit)
        if reply.get("loaded") != self.plan.digest:
            raise WorkerError("erred", "it did not load the program")
        worker.programs.add(self.plan.digest)

    def _read(self, reply: dict[str, Any], number: int, worker: Worker) -> EngineAnswer:
        if reply.get("id") != number:
            raise WorkerError("erred", "it answered another request")
        try:
            established = frozenset(self.plan.names[node] for node in reply["true"])
            trace = self._reader.read(reply["fired"])
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError):
            raise WorkerError("erred", "its reply does not fit the program") from None
        return EngineAnswer(established, trace, worker)


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _encode(request: dict[str, Any]) -> bytes:
    return _ENCODER.encode(request).encode() + b"\n"
