"""Why, why not and what is open, found once for all conclusions of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.evaluation import Evaluation
from rules.executors.reference import Reference
from rules.support import find_refutations, find_supports
from rules.waiting import Waiting, find_waiting


@dataclass(frozen=True, slots=True)
class Reasons:
    """An irreducible set of answers for each settled conclusion, the open questions for each other."""

    supports: Mapping[str, tuple[str, ...]]
    refutations: Mapping[str, tuple[str, ...]]
    waiting: Mapping[str, Waiting]

    def support(self, conclusion: str) -> tuple[str, ...]:
        """Return questions whose answers alone establish a conclusion."""
        return self.supports.get(conclusion, ())

    def refutation(self, conclusion: str) -> tuple[str, ...]:
        """Return questions whose answers alone rule a conclusion out."""
        return self.refutations.get(conclusion, ())

    def waits_for(self, conclusion: str) -> tuple[str, ...]:
        """Return the questions that could settle a conclusion, those of the instrument first."""
        waiting = self.waiting.get(conclusion)
        return () if waiting is None else (*waiting.here, *waiting.beyond)


def find_reasons(reference: Reference, evaluation: Evaluation) -> Reasons:
    """Return the reasons of an evaluation."""
    return Reasons(
        supports=find_supports(reference, evaluation),
        refutations=find_refutations(reference, evaluation),
        waiting=find_waiting(reference, evaluation),
    )
