"""Workers hurt from outside while eight threads ask.

They are hurt at certain requests, not at certain times: however slow the machine is, requests are answered
before the first attack and between two of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rules.executors.worker_pools import WorkerPool

Found = TypeVar("Found")

REQUESTS = 100
EVERY = 25

# Only a stopped worker costs the whole limit, each time; whatever else happens to one is noticed at once.
LIMITS = {"SIGSTOP": 1.0}
PATIENCE = 30.0


def limit_for(name: str) -> float:
    """The time limit, in seconds, that a pool is given that shall be attacked with this signal."""
    return LIMITS.get(name, PATIENCE)


def ask_under_attack(pool: WorkerPool, name: str, ask: Callable[[], Found]) -> list[Found]:
    """What eight threads were told while every worker was sent this signal, again and again."""

    def turn(number: int) -> Found:
        if number % EVERY == EVERY - 1:
            for pid in pool.pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.Signals[name])
        return ask()

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(turn, range(REQUESTS)))


def is_served_again(pool: WorkerPool, ask: Callable[[], Found], good: Callable[[Found], bool]) -> bool:
    """Whether a request is answered once the attack is over; a worker that failed often is started later."""
    pool.time_limit = PATIENCE
    deadline = time.monotonic() + 2 * PATIENCE
    while not good(ask()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
