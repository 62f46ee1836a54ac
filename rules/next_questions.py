"""What to ask next: the open question that could settle most, a lighter one before a heavier one.

Every open question is tried with every kind of answer, all at once, each in a variant of its own. What one
answer would settle counts more than what it could only help to settle, and an urgent need more than all else.
The sum is halved for every level of distress: of two questions that could do the same, the lighter is first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any, Literal

from indicators.answers import NOT_ASKED
from indicators.truth import FALSE, UNKNOWN
from rules.evaluation import Evaluation
from rules.executors.reference import Reference
from rules.outcomes import NOT_ENOUGH_KNOWN
from rules.possible_answers import possible_answers
from rules.variants import Variants
from rules.waiting import OpenParts

# How much a conclusion matters; a step of the ladder counts for more the higher it is.
URGENT_NEED = 100
STEP = 2
NEED = 3
FINDING = 2
SIGN = 1
CORE_QUESTION = 4
# Settling something alone counts as much as helping to settle it so many times.
ALONE = 4
MOST_FED = 8
HEAVIEST = 3
# From the digits of a binary number to numbers, for all conclusions at once.
_DIGITS = bytes(one == ord("1") for one in range(256))


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A question worth asking now, and why.

    `clear_up`: it was answered although `with_questions` say that it cannot apply. `ask`: one answer could by
    itself settle what is in `settles`, and together with others what is in `feeds`; what matters most first.
    """

    question: str
    reason: Literal["clear_up", "ask"]
    distress: int
    settles: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    with_questions: tuple[str, ...] = ()


def rank_questions(
    reference: Reference, evaluation: Evaluation, parts: OpenParts | None = None
) -> tuple[NextQuestion, ...]:
    """The questions of the instrument that are worth asking, best first; contradictions come before all.

    Left out is what cannot apply, what nothing waits for, what the person declined to answer, and what a
    question not asked yet may show not to apply. What the person did not know comes last. `parts` are those
    of this evaluation, if they are at hand.
    """
    parts = parts if parts is not None else OpenParts(reference, evaluation)
    questions = reference.program.data["questions"]
    to_clear_up = [
        NextQuestion(
            question=name,
            reason="clear_up",
            distress=questions[name]["distress"],
            with_questions=parts.named(parts.contradicting(name)),
        )
        for name in sorted(evaluation.contradicted)
    ]
    return (*to_clear_up, *_Ranking(reference, evaluation, parts).questions())


class _Ranking:
    def __init__(self, reference: Reference, evaluation: Evaluation, parts: OpenParts) -> None:
        self.reference = reference
        self.evaluation = evaluation
        self.parts = parts
        self.data = reference.program.data
        waiting = parts.of_conclusions()
        weights = {
            item["id"]: weight
            for item in self.data["conclusions"]
            if item["id"] in waiting and (weight := self._weight(item))
        }
        # What matters most first, here and in everything that is made of it.
        self.weights = {key: weights[key] for key in sorted(weights, key=lambda key: (-weights[key], key))}
        self.fed = [min(weight, MOST_FED) for weight in self.weights.values()]
        # For every question, in the order of its bit, a byte for each conclusion: whether it matters to it.
        width = len(parts.order)
        rows = (f"{waiting[key]:0{width}b}"[::-1].encode().translate(_DIGITS) for key in self.weights)
        self.matters: list[tuple[int, ...]] = list(zip(*rows, strict=True)) or [()] * width

    def questions(self) -> list[NextQuestion]:
        names = self._askable()
        settled_by = self._settled_by(names)
        instrument = self.data["instruments"][self.evaluation.instrument]
        core = set(instrument["core"]) if self.evaluation.outcome == NOT_ENOUGH_KNOWN else set()
        ranked = []
        for place, name in enumerate(names):
            settled = settled_by[name]
            matters = self.matters[self.parts.bit_of[name].bit_length() - 1]
            feeds = [
                (key, weight)
                for key, weight in compress(zip(self.weights, self.fed, strict=True), matters)
                if key not in settled
            ]
            score = ALONE * sum(settled.values())
            # An urgent need is urgent to ask about only where one answer shows it or rules it out.
            score += sum(weight for _, weight in feeds)
            score += CORE_QUESTION if name in core else 0
            if not score:
                continue
            distress = self.data["questions"][name]["distress"]
            found = NextQuestion(name, "ask", distress, tuple(settled), tuple(key for key, _ in feeds))
            was_asked = self.evaluation.answers.get(name, NOT_ASKED).state != "not_asked"
            ranked.append(((was_asked, -(score << HEAVIEST - distress), distress, place), found))
        return [found for _, found in sorted(ranked, key=lambda item: item[0])]

    def _askable(self) -> list[str]:
        """The open questions of the instrument that may be asked now, in its order."""
        return [
            name
            for name in self.parts.order[: self.parts.here]
            if self._is_open(name)
            and self.parts.truths.relevance[name] != FALSE
            and not any(self._comes_first(gate) for gate in self._unsettled_gates(name))
        ]

    def _is_open(self, name: str) -> bool:
        return self.evaluation.answers.get(name, NOT_ASKED).state in ("not_asked", "not_known")

    def _comes_first(self, gate: str) -> bool:
        """Whether a gate can still be asked, itself or after another; not one that was declined."""
        here = self.parts.bit_of[gate] < 1 << self.parts.here
        if self.evaluation.answers.get(gate, NOT_ASKED).state != "not_asked":
            return False
        return here or any(self._comes_first(other) for other in self._unsettled_gates(gate))

    def _unsettled_gates(self, name: str) -> set[str]:
        if self.parts.truths.relevance[name] != UNKNOWN:
            return set()
        reference = self.reference
        return {reference.question_at[at] for at in reference.gates[name] if self.parts.known[at] == UNKNOWN}

    def _settled_by(self, names: Iterable[str]) -> dict[str, dict[str, int]]:
        """For each question, what one answer to it would establish or rule out, with its weight."""
        tried: list[str] = []
        choices = {}
        for name in names:
            possible_here = possible_answers(self.reference, name, self.evaluation.as_of)
            choices[name] = (possible_here, len(tried))
            tried += [name] * len(possible_here.answers)
        variants = Variants(self.reference, self.evaluation.as_of, len(tried))
        for name, answer in self.evaluation.answers.items():
            if answer.state == "value":
                variants.give(name, [(answer, variants.every)])
        for name, (possible_here, first) in choices.items():
            variants.try_each(name, possible_here, first)
        true, possible = variants.true_values(), variants.possible_values()
        settled: dict[str, dict[str, int]] = {name: {} for name in choices}
        for key, weight in self.weights.items():
            place = self.reference.layout.conclusions[key]
            left = true[place] | (variants.every & ~possible[place])
            while left:
                name = tried[left.bit_length() - 1]
                settled[name][key] = weight
                left &= ~variants.given[name]
        return settled

    def _weight(self, item: Mapping[str, Any]) -> int:
        if item["kind"] == "outcome":
            return self._weight_of_step(item["id"].removeprefix("outcome."))
        if item["kind"] == "finding":
            if item["need"] is None:
                return FINDING
            return URGENT_NEED if item["level"] == "now" else NEED
        return SIGN if item["kind"] in ("indicator", "dimension") else 0

    def _weight_of_step(self, step: str) -> int:
        ladder: list[str] = self.data["ladder"]
        reached = self.evaluation.outcome
        if reached in ladder and ladder.index(step) >= ladder.index(reached):
            return 0
        return STEP * (len(ladder) - ladder.index(step) + 1)
