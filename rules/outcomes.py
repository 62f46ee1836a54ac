"""The step of the ladder that follows from what is established; the same for every executor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NOT_ENOUGH_KNOWN = "not_enough_known"
NOTHING_INDICATED_SO_FAR = "nothing_indicated_so_far"

# Findings of these kinds describe; they do not by themselves keep a result from being low.
DESCRIBING_CLASSES = frozenset({"context", "aggravating"})


@dataclass(frozen=True)
class Ladder:
    """What a program's outcome is made of, read once: the steps, highest first, and the signs below them."""

    steps: tuple[str, ...]
    signs: frozenset[str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Ladder:
        """The ladder of a canonical program."""
        return cls(tuple(data["ladder"]), frozenset(find_signs(data)))

    def outcome(self, established: Collection[str], core_is_settled: bool) -> str:
        """The highest established step, or one of the two low results.

        The lowest needs both: no sign established, and every core question of the instrument settled.
        """
        for step in self.steps:
            if f"outcome.{step}" in established:
                return step
        if core_is_settled and self.signs.isdisjoint(established):
            return NOTHING_INDICATED_SO_FAR
        return NOT_ENOUGH_KNOWN

    def may_still_become(self, undetermined: Collection[str], outcome: str) -> tuple[str, ...]:
        """The steps above this outcome that could still be established, highest first."""
        above = self.steps[: self.steps.index(outcome)] if outcome in self.steps else self.steps
        return tuple(step for step in above if f"outcome.{step}" in undetermined)

    def higher_of(self, one: str, other: str) -> str:
        """The outcome that speaks of more; of the two low results, the one that closes less."""
        order = (*self.steps, NOT_ENOUGH_KNOWN, NOTHING_INDICATED_SO_FAR)
        return min(one, other, key=order.index)


def find_signs(data: Mapping[str, Any]) -> Iterable[str]:
    """The conclusions of which one is enough to rule out the lowest result, urgent needs among them."""
    for conclusion in data["conclusions"]:
        if conclusion["kind"] == "indicator" and not conclusion["circumstance"]:
            yield conclusion["id"]
        elif conclusion["kind"] == "finding":
            is_act = conclusion["class"] == "element" and conclusion["element"] == "act"
            if not is_act and conclusion["class"] not in DESCRIBING_CLASSES:
                yield conclusion["id"]
