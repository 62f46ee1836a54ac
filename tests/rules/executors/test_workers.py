"""A worker that crashes, hangs or errs costs one request at most, and never the caller."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from rules.executors.durable import DurableExecutor, EngineAnswer, EngineFailure, worker_command
from rules.executors.worker_pools import WorkerPool
from rules.executors.workers import WorkerError
from tests.rules.executors.attacks import ask_under_attack, is_served_again, limit_for
from tests.rules.random_programs import random_program

FAKE = str(Path(__file__).with_name("fake_worker.py"))
PROGRAM = random_program(Random(11), layers=2, width=3)
TESTS = tuple(PROGRAM.data["tests"])


def fake_command(fault: str, every: int = 2) -> list[str]:
    """The real worker with a fault in every second reply."""
    _, _, _, script, _, *folders = worker_command()
    return [sys.executable, FAKE, script, folders[0], fault, str(every)]


def expected() -> EngineAnswer:
    with DurableExecutor(PROGRAM, workers=1, time_limit=10) as executor:
        answer = executor.evaluate(TESTS)
    assert isinstance(answer, EngineAnswer)
    assert answer.trace
    return answer


FAULTS = {
    "killed": "crashed",
    "exits": "crashed",
    "stopped": "hung",
    "hangs": "hung",
    "half a line": "hung",
    "garbage": "erred",
    "a list": "erred",
    "a deep list": "erred",
    "two lines": "erred",
    "an engine error": "erred",
    "another request": "erred",
    "unknown conclusion": "erred",
    "unknown rule": "erred",
    "unknown helper": "erred",
    "a circle": "erred",
    "wrong shape": "erred",
    "nothing": "erred",
}


@pytest.mark.parametrize(("fault", "kind"), FAULTS.items(), ids=list(FAULTS))
def test_a_failure_is_reported_once_and_the_next_request_has_a_new_worker(fault: str, kind: str) -> None:
    with DurableExecutor(PROGRAM, workers=1, time_limit=3, command=fake_command(fault)) as executor:
        first = executor.evaluate(TESTS)
        assert isinstance(first, EngineAnswer)
        (pid,) = executor.pool.pids()
        failure = executor.evaluate(TESTS)
        assert isinstance(failure, EngineFailure)
        assert failure.kind == kind
        assert executor.pool.pids() == []
        assert not Path(f"/proc/{pid}").exists()
        assert executor.evaluate(TESTS) == first
        assert executor.pool.pids() != [pid]


def test_a_worker_that_gave_a_program_up_loads_it_again_once() -> None:
    with DurableExecutor(PROGRAM, workers=1, time_limit=5, command=fake_command("never loads")) as executor:
        first = executor.evaluate(TESTS)
        assert isinstance(first, EngineAnswer)
        assert executor.evaluate(TESTS) == first
    with DurableExecutor(
        PROGRAM, workers=1, time_limit=5, command=fake_command("never loads", 1)
    ) as executor:
        assert executor.evaluate(TESTS) == EngineFailure("erred", "its reply does not fit the program")


def test_a_failure_says_nothing_of_the_request() -> None:
    for fault in ("garbage", "unknown conclusion", "exits", "hangs"):
        with DurableExecutor(PROGRAM, workers=1, time_limit=0.3, command=fake_command(fault, 1)) as executor:
            failure = executor.evaluate(TESTS)
            assert isinstance(failure, EngineFailure)
            assert failure.detail in {
                "its reply was not JSON",
                "its reply does not fit the program",
                "ended with status 3",
                "no answer within the time limit",
            }


def test_a_hung_worker_costs_the_time_limit_and_not_more() -> None:
    with DurableExecutor(PROGRAM, workers=1, time_limit=4, command=fake_command("stopped")) as executor:
        executor.evaluate(TESTS)
        started = time.monotonic()
        assert isinstance(executor.evaluate(TESTS), EngineFailure)
        # Not twice: what comes on top is the machine's.
        assert 4 <= time.monotonic() - started < 8


def test_a_request_too_long_for_the_pipe_does_not_block_on_a_stopped_worker() -> None:
    with DurableExecutor(PROGRAM, workers=1, time_limit=0.3) as executor:
        executor.evaluate([])
        (pid,) = executor.pool.pids()
        os.kill(pid, signal.SIGSTOP)

        def ask_at_length() -> None:
            with executor.pool.worker() as worker:
                worker.ask(b" " * 1_000_000 + b"{}\n", 0.3)

        with pytest.raises(WorkerError) as caught:
            ask_at_length()
        assert caught.value.kind == "hung"


@pytest.mark.parametrize("fault", ["no start", "wrong greeting"])
def test_a_worker_that_does_not_start_well_is_not_used(fault: str) -> None:
    pool = WorkerPool(fake_command(fault), workers=1, start_limit=0.5)
    executor = DurableExecutor(PROGRAM, pool=pool)
    assert isinstance(executor.evaluate(TESTS), EngineFailure)
    assert pool.pids() == []
    pool.close()


def test_a_command_that_is_not_there_is_a_failure_and_not_an_exception() -> None:
    with DurableExecutor(PROGRAM, workers=1, command=["/nowhere/python"]) as executor:
        assert executor.evaluate(TESTS) == EngineFailure("crashed", "could not be started: FileNotFoundError")


def test_a_worker_that_keeps_failing_is_not_started_again_and_again() -> None:
    pool = WorkerPool([sys.executable, "-c", "raise SystemExit(7)"], workers=2, time_limit=0.2)
    executor = DurableExecutor(PROGRAM, pool=pool)
    deadline = time.monotonic() + 2
    reasons: Counter[str] = Counter()
    while time.monotonic() < deadline:
        failure = executor.evaluate(TESTS)
        assert isinstance(failure, EngineFailure)
        reasons[failure.detail] += 1
    started = reasons["ended with status 7"]
    # At once, then after 0.1, 0.2, 0.4, 0.8 seconds: about six starts for each of the two places.
    assert 2 <= started <= 14
    assert set(reasons) == {"ended with status 7", "waiting before it is started again"}
    pool.close()


def test_nothing_is_started_before_it_is_needed_nor_more_than_needed() -> None:
    with DurableExecutor(PROGRAM, workers=2, time_limit=10) as executor:
        assert executor.pool.pids() == []
        for _ in range(5):
            executor.evaluate(TESTS)
        assert len(executor.pool.pids()) == 1


def test_after_close_every_request_fails_and_no_process_is_left() -> None:
    executor = DurableExecutor(PROGRAM, workers=2, time_limit=10)
    executor.evaluate(TESTS)
    (pid,) = executor.pool.pids()
    executor.close()
    executor.close()
    assert not Path(f"/proc/{pid}").exists()
    assert executor.evaluate(TESTS) == EngineFailure("erred", "the executor is closed")


def test_a_pool_that_nobody_closed_leaves_no_process() -> None:
    executor = DurableExecutor(PROGRAM, workers=1, time_limit=10)
    executor.evaluate(TESTS)
    (pid,) = executor.pool.pids()
    del executor
    assert not Path(f"/proc/{pid}").exists()


def test_a_distrusted_worker_is_replaced_also_while_it_works() -> None:
    with DurableExecutor(PROGRAM, workers=1, time_limit=10) as executor:
        answer = executor.evaluate(TESTS)
        assert isinstance(answer, EngineAnswer)
        executor.distrust(answer)
        assert executor.pool.pids() == []
        executor.distrust(answer)
        assert executor.evaluate(TESTS) == answer
        with executor.pool.worker() as worker:
            executor.pool.distrust(worker)
            assert executor.pool.pids() == [worker.pid]
        assert executor.pool.pids() == []


def test_the_shared_pool_outlives_its_executors() -> None:
    pool = WorkerPool(worker_command(), workers=1, time_limit=10)
    with DurableExecutor(PROGRAM, pool=pool) as executor:
        executor.evaluate(TESTS)
    assert len(pool.pids()) == 1
    pool.close()


def run_in_threads(executor: DurableExecutor, requests: int, threads: int = 8) -> list[object]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda _: executor.evaluate(TESTS), range(requests)))


def test_eight_threads_share_two_workers() -> None:
    right = expected()
    with DurableExecutor(PROGRAM, workers=2, time_limit=10) as executor:
        answers = run_in_threads(executor, 2000)
        assert len(executor.pool.pids()) == 2
    assert answers == [right] * 2000


def test_no_thread_waits_while_others_are_served_again_and_again() -> None:
    done = threading.Event()
    # None begins before all can: on a slow machine the first would be far ahead.
    together = threading.Barrier(8)
    answered = [0] * 8

    def ask_until_done(executor: DurableExecutor, at: int) -> None:
        together.wait(60)
        while not done.is_set():
            assert isinstance(executor.evaluate(TESTS), EngineAnswer)
            answered[at] += 1
            # So many that a turn more or less makes no difference, however long they take.
            if sum(answered) >= 400:
                done.set()

    with DurableExecutor(PROGRAM, workers=1, time_limit=60) as executor, ThreadPoolExecutor(8) as threads:
        asking = [threads.submit(ask_until_done, executor, at) for at in range(8)]
        for one in asking:
            one.result()
    assert min(answered) > max(answered) / 3


def test_closing_refuses_those_who_wait() -> None:
    executor = DurableExecutor(PROGRAM, workers=1, time_limit=10)
    with ThreadPoolExecutor(4) as threads:
        with executor.pool.worker():
            waiting = [threads.submit(executor.evaluate, TESTS) for _ in range(4)]
            time.sleep(0.2)
            assert not any(one.done() for one in waiting)
            executor.close()
        assert {one.result() for one in waiting} == {EngineFailure("erred", "the executor is closed")}
    assert executor.pool.pids() == []


def test_those_who_wait_for_a_worker_that_fails_are_told_or_served() -> None:
    with DurableExecutor(PROGRAM, workers=1, time_limit=60, command=fake_command("killed", 1)) as executor:
        failures = run_in_threads(executor, 40)
    assert {type(one) for one in failures} == {EngineFailure}
    assert {one.kind for one in failures if isinstance(one, EngineFailure)} == {"crashed"}


@pytest.mark.parametrize(
    ("name", "kind"), [("SIGKILL", "crashed"), ("SIGSTOP", "hung"), ("SIGSEGV", "crashed")]
)
def test_workers_hurt_under_load_from_eight_threads(name: str, kind: str) -> None:
    right = expected()
    with DurableExecutor(PROGRAM, workers=2, time_limit=limit_for(name)) as executor:
        answers = ask_under_attack(executor.pool, name, lambda: executor.evaluate(TESTS))
        assert is_served_again(executor.pool, lambda: executor.evaluate(TESTS), lambda found: found == right)
    good = [answer for answer in answers if isinstance(answer, EngineAnswer)]
    failures = [answer for answer in answers if isinstance(answer, EngineFailure)]
    assert good == [right] * len(good)
    assert len(good) + len(failures) == len(answers)
    assert good
    assert kind in {failure.kind for failure in failures}
