"""Counts of the invented population put together: for every level, group and instrument, and as shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.population.measuring import IN_LIFE, INDICATED, Measuring, Tally
from benchmarks.population.people import LABELS, LEVELS, ORDINARY

INSTRUMENTS = ("intake", "inspection", "complaint", "rescreen")
Results = dict[tuple[str, str, str], dict[str, Tally]]
Count = Callable[[Tally], float]


def measure(
    measuring: Measuring,
    count: int,
    levels: Sequence[str] = LEVELS,
    instruments: Sequence[str] = INSTRUMENTS,
) -> Results:
    """Counts by label for every level, group and instrument."""
    return {
        (level, group, instrument): measuring.tally(level, group, instrument, count)
        for level in levels
        for group in measuring.population.groups
        for instrument in instruments
    }


def joined(found: dict[str, Tally], labels: Sequence[str]) -> Tally:
    """The tallies of these labels as one."""
    total = Tally()
    for label in labels:
        total.add(found.get(label, Tally()))
    return total


def _everybody(tally: Tally) -> float:
    return tally.people


def indicated(tally: Tally) -> float:
    """How many are `trafficking_indicated`."""
    return tally.outcomes[INDICATED]


def averaged(
    results: Results,
    measuring: Measuring,
    level: str,
    instrument: str,
    labels: Sequence[str],
    of: Count,
    among: Count = _everybody,
) -> float:
    """In percent, so many among so many of these labels; each group as large as it is in Kuwait."""
    found, weight = 0.0, 0.0
    for group, item in measuring.population.groups.items():
        by_label = results[level, group, instrument]
        tally, everybody = joined(by_label, labels), joined(by_label, LABELS).people
        found += item["of_thousand"] * of(tally) / everybody
        weight += item["of_thousand"] * among(tally) / everybody
    return 100 * found / weight if weight else 0.0


def weighted(
    results: Results, measuring: Measuring, level: str, instrument: str, labels: Sequence[str]
) -> tuple[float, float, float]:
    """Indicated, possible on a strong and an ordinary basis; each group as large as it is in Kuwait."""

    def share(of: Count) -> float:
        return averaged(results, measuring, level, instrument, labels, of)

    return (
        share(indicated),
        share(lambda tally: tally.bases["strong"]),
        share(lambda tally: tally.bases["ordinary"]),
    )


def without_pattern(results: Results, measuring: Measuring, level: str, instrument: str) -> float:
    """Indicated, in percent of ordinary people in whose lives there is no whole pattern."""
    return averaged(
        results,
        measuring,
        level,
        instrument,
        ORDINARY,
        lambda tally: tally.outcomes[INDICATED] - tally.indicated_by[IN_LIFE],
        lambda tally: tally.people - tally.lives[IN_LIFE],
    )


def over_target(results: Results, measuring: Measuring, target: float) -> list[str]:
    """The instruments at which more ordinary people than this share are `trafficking_indicated`."""
    return [
        instrument
        for instrument in INSTRUMENTS
        if weighted(results, measuring, "central", instrument, ORDINARY)[0] >= target
    ]
