"""How many assessments a second: one thread, eight threads, two processes, beside zen-engine."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from statistics import median

from benchmarks.interviews import demo_sittings
from benchmarks.peers import version_of
from benchmarks.reports import Section, Table, milliseconds
from benchmarks.timing import Timings
from rules.evaluation import Engine
from rules.executors.reference import Reference
from rules.revisions import draft_program

OURS = "checked assessment"
ZEN = "zen-engine"
WAYS = (("1 thread", 1, 1), ("8 threads", 1, 8), ("2 processes", 2, 1))

ABOUT = """\
The shipped interviews by the shipped rules, again and again. Threads share one process with as many
engine workers as there are cores; each of the two processes has one. Speed is the middle one of the
rounds."""

# When it began and ended, and what each assessment took in nanoseconds.
Run = tuple[float, float, list[int]]


@dataclass(frozen=True)
class Speed:
    """Assessments a second, and how long each took."""

    per_second: float
    timings: Timings


def measure(rounds: int, count: int) -> Section:
    """So many assessments each way, in so many rounds."""
    names = [OURS, *([ZEN] if version_of("zen-engine") is not None else [])]
    found: dict[tuple[str, str], list[Speed]] = {}
    for _ in range(rounds):
        for way, processes, threads in WAYS:
            for name in names:
                found.setdefault((name, way), []).append(_speed(name, processes, threads, count))
    middle = {key: median(one.per_second for one in speeds) for key, speeds in found.items()}
    rows = []
    for (name, way), per_second in middle.items():
        runs = [one.timings for one in found[name, way]]
        rows.append(
            [
                f"{name}, {way}",
                f"{per_second:.0f}",
                f"{per_second / middle[name, WAYS[0][0]]:.2f}",
                f"{per_second / middle[ZEN, way]:.2f}" if ZEN in names else "-",
                milliseconds(median(one.p50 for one in runs)),
                milliseconds(median(one.p99 for one in runs)),
            ]
        )
    header = ["", "a second", "its 1 thread = 1", "zen-engine the same way = 1", "p50 ms", "p99 ms"]
    return Section("Throughput", [ABOUT, Table(header, rows)])


def _speed(name: str, processes: int, threads: int, count: int) -> Speed:
    if processes == 1:
        with _prepared(name, workers=1 if threads == 1 else None) as assess:
            runs = [_run(assess, threads, count)]
    else:
        # Started anew, not forked: nothing of this process is shared with them.
        context = multiprocessing.get_context("spawn")
        barrier, results = context.Barrier(processes), context.SimpleQueue()
        started = [
            context.Process(target=_serve, args=(name, count // processes, barrier, results))
            for _ in range(processes)
        ]
        for process in started:
            process.start()
        runs = [results.get() for _ in started]
        for process in started:
            process.join()
    begun, ended = min(run[0] for run in runs), max(run[1] for run in runs)
    taken = [one for run in runs for one in run[2]]
    return Speed(len(taken) / (ended - begun), Timings.of(taken))


def _serve(name: str, count: int, barrier: Barrier, results: SimpleQueue[Run]) -> None:
    with _prepared(name, workers=1) as assess:
        barrier.wait(timeout=60)
        results.put(_run(assess, 1, count))


def _run(assess: Callable[[int], object], threads: int, count: int) -> Run:
    # One iterator for all threads: each takes the next number that nobody has.
    numbers = iter(range(count))
    taken: list[int] = []

    def work() -> None:
        own = []
        for number in numbers:
            begun = time.perf_counter_ns()
            assess(number)
            own.append(time.perf_counter_ns() - begun)
        taken.extend(own)

    begun = time.monotonic()
    with ThreadPoolExecutor(threads) as executor:
        for part in [executor.submit(work) for _ in range(threads)]:
            part.result()
    return begun, time.monotonic(), taken


@contextmanager
def _prepared(name: str, workers: int | None) -> Iterator[Callable[[int], object]]:
    """Assess the interview of a number, after each was assessed once."""
    program = draft_program()
    sittings = demo_sittings(program)
    if name == ZEN:
        from benchmarks.peers.zen import Zen

        peer, reference = Zen(program.data), Reference(program)
        given = [reference.decide_tests(one.answers, one.as_of).true_tests for one in sittings]
        for tests in given:
            peer.run(tests)
        yield lambda number: peer.run(given[number % len(given)])
        return
    with Engine(program, workers=workers, time_limit=10) as engine:

        def assess(number: int) -> object:
            one = sittings[number % len(sittings)]
            found = engine.evaluate(one.answers, one.as_of, one.instrument)
            # Without the engine's answer this would be the speed of something else.
            if found.engine_check != "agrees":
                raise AssertionError(f"the engine's check: {found.engine_check}")
            return found

        with ThreadPoolExecutor(8) as executor:
            for _ in executor.map(assess, range(8 * len(sittings))):
                pass
        yield assess
