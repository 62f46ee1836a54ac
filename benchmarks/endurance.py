"""Many assessments one after another: whether memory stays flat, and whether every check agrees."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.interviews import Sitting, demo_sittings, random_sittings
from benchmarks.reports import Section, Table, Target
from rules.evaluation import Engine
from rules.revisions import draft_program

# The share of a long run in which caches fill and the allocator finds its size; growth is counted after it.
WARM_UP = 0.1
# Left to allocators and caches after it. Of 100,000 assessments, 24 bytes lost by each are more.
FLAT_KB = 2_048
FLAT_KB = 4096


@dataclass(frozen=True)
class Sample:
    """The memory of the parent and of all workers together, in kB, after so many assessments."""

    done: int
    parent: int
    workers: int


@dataclass(frozen=True)
class Endurance:
    """A long run: how every check came out, which workers there were, and the memory on the way."""

    checks: Counter[str]
    pids: frozenset[int]
    samples: tuple[Sample, ...]
    seconds: float

    @property
    def growth(self) -> tuple[int, int]:
        """By how many kB the parent and the workers grew after the warm-up, at the most."""
        warm = [one for one in self.samples if one.done >= WARM_UP * self.samples[-1].done]
        return (
            max(one.parent for one in warm) - warm[0].parent,
            max(one.workers for one in warm) - warm[0].workers,
        )


def endure(engine: Engine, sittings: Sequence[Sitting], count: int, threads: int = 4) -> Endurance:
    """Assess `count` times on this engine's pool, looking at the memory fifty times."""
    assert engine.executor is not None
    pool = engine.executor.pool
    checks: Counter[str] = Counter()
    pids: set[int] = set()
    samples: list[Sample] = []
    step = max(1, count // 50)
    begun = time.monotonic()
    with ThreadPoolExecutor(threads) as executor:
        for first in range(0, count, step):
            done = min(first + step, count)
            # One iterator for all threads: each takes the next number that nobody has.
            numbers = iter(range(first, done))
            parts = [executor.submit(_assess, engine, sittings, numbers) for _ in range(threads)]
            for part in parts:
                checks += part.result()
            running = pool.pids()
            pids.update(running)
            workers = sum(resident_kb(pid) for pid in running)
            samples.append(Sample(done, resident_kb(os.getpid()), workers))
    return Endurance(checks, frozenset(pids), tuple(samples), time.monotonic() - begun)


def resident_kb(pid: int) -> int:
    """The memory that a process holds, in kB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def measure(count: int) -> Section:
    """So many assessments of the shipped rules, four threads on two workers."""
    program = draft_program()
    with Engine(program, workers=2) as engine:
        random = random_sittings(engine.reference, 300, seed=6, most=0.5)
        found = endure(engine, [*demo_sittings(program), *random], count)
    shown = [found.samples[place] for place in range(4, len(found.samples), 5)]
    rows = [[f"{one.done:,}", f"{one.parent / 1024:.1f}", f"{one.workers / 1024:.1f}"] for one in shown]
    parent, workers = found.growth
    checks = ", ".join(f"{number:,} {check}" for check, number in sorted(found.checks.items()))
    text = (
        f"{count:,} checked assessments in {found.seconds:.0f} s, four threads on two workers, shipped and "
        f"random interviews: {checks}; {len(found.pids)} worker processes were ever seen. After the first "
        f"tenth the parent grew by {parent} kB and the workers together by {workers} kB at the most."
    )
    table = Table(["assessments", "parent MB", "both workers MB"], rows)
    agreed = found.checks["agrees"]
    return Section(
        "Endurance",
        [text, table],
        [
            Target(f"{count:,} assessments without a failed check", f"{agreed:,}", agreed == count),
            Target(
                f"memory flat over them (growth after the first tenth under {FLAT_KB} kB)",
                f"parent {parent} kB, workers {workers} kB",
                max(parent, workers) < FLAT_KB,
            ),
        ],
    )


def _assess(engine: Engine, sittings: Sequence[Sitting], numbers: Iterator[int]) -> Counter[str]:
    checks: Counter[str] = Counter()
    for number in numbers:
        one = sittings[number % len(sittings)]
        checks[engine.evaluate(one.answers, one.as_of, one.instrument).engine_check] += 1
    return checks
