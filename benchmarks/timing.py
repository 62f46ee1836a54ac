"""Timing of several things in turns, so that what the machine does meanwhile falls on all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter_ns

WARM_UP = 2


@dataclass(frozen=True)
class Timings:
    """What many runs of one thing took, in milliseconds."""

    p50: float
    p95: float
    p99: float
    runs: int

    @classmethod
    def of(cls, nanoseconds: Sequence[int]) -> Timings:
        """The percentiles of these runs, of which there is at least one."""
        found = sorted(nanoseconds)

        def at(share: float) -> float:
            return found[min(len(found) - 1, int(len(found) * share))] / 1e6

        return cls(at(0.50), at(0.95), at(0.99), len(found))


def race(runs: Mapping[str, Callable[[int], object]], cases: int, rounds: int) -> dict[str, Timings]:
    """How long each takes for a case: in every round each goes through all cases, another one first.

    Two rounds before are not counted. The garbage collector runs as it always does, but nobody is charged
    with what another left behind.
    """
    names = list(runs)
    taken: dict[str, list[int]] = {name: [] for name in names}
    for number in range(-WARM_UP, rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            run, own = runs[name], []
            gc.collect()
            for case in range(cases):
                begun = perf_counter_ns()
                run(case)
                own.append(perf_counter_ns() - begun)
            if number >= 0:
                taken[name] += own
    return {name: Timings.of(own) for name, own in taken.items()}
