"""What is still open: which questions an undetermined conclusion waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from indicators.answers import Answer, Day, Range
from rules.evaluation import Evaluation
from rules.executors.expressions import FALSE, TRUE, UNKNOWN, counts_needed
from rules.executors.firings import Part
from rules.executors.reference import Reference


@dataclass(frozen=True, slots=True)
class Waiting:
    """The questions that an undetermined conclusion waits for: in this instrument, and beyond it."""

    here: tuple[str, ...]
    beyond: tuple[str, ...]


def find_waiting(
    reference: Reference,
    evaluation: Evaluation,
    parts: OpenParts | None = None,
    only: Collection[str] | None = None,
) -> dict[str, Waiting]:
    """For every undetermined conclusion, the questions whose answers could still matter to it.

    Those of the instrument stand in its order. What is contradicted waits for both sides to be cleared up. A
    conclusion that waits for no question waits for a dated value that nobody has entered. `parts` are those
    of this evaluation, if they are at hand; `only` names the conclusions that somebody will read.
    """
    parts = parts if parts is not None else OpenParts(reference, evaluation)
    found: dict[int, Waiting] = {}
    waiting = {}
    for name, mask in parts.of_conclusions().items():
        if only is not None and name not in only:
            continue
        if mask not in found:
            names = parts.named(mask)
            split = (mask & ((1 << parts.here) - 1)).bit_count()
            found[mask] = Waiting(names[:split], names[split:])
        waiting[name] = found[mask]
    return waiting


def questions_of(reference: Reference, instrument: str) -> tuple[str, ...]:
    """The questions of an instrument, each once, in the order of its sections."""
    sections = reference.program.data["instruments"][instrument]["sections"]
    return tuple(dict.fromkeys(name for section in sections for name in section["questions"]))


class OpenParts:
    """The unknown parts of conditions in an evaluation, as masks with one bit for each question.

    The `here` lowest bits are the questions of the instrument, in its order.
    """

    def __init__(self, reference: Reference, evaluation: Evaluation) -> None:
        self.reference = reference
        self.answers: Mapping[str, Answer] = evaluation.answers
        self.truths = reference.decide_tests(evaluation.answers, evaluation.as_of)
        self.known = [*self.truths.bits, *reference.values(self.truths)]
        here = questions_of(reference, evaluation.instrument)
        self.here = len(here)
        self.order = (*here, *sorted(reference.questions.keys() - set(here)))
        self.bit_of = {name: 1 << number for number, name in enumerate(self.order)}
        self._parameter_tests = {test.at: test for test in reference.parameter_tests}
        self._definitions = {item["id"]: item for item in reference.program.data["conclusions"]}
        self._of_question: dict[str, int] = {}
        self._of_test: dict[int, int] = {}
        self._of_conclusion: dict[str, int] = {}
        self._complete = False

    def of_conclusions(self) -> dict[str, int]:
        """For every undetermined conclusion, the questions that could matter; found once."""
        if self._complete:
            return self._of_conclusion
        for name, at in self.reference.layout.conclusions.items():
            if self.known[len(self.truths.bits) + at] == UNKNOWN:
                self._of_conclusion[name] = self._waits(name)
        self._complete = True
        return self._of_conclusion

    def named(self, mask: int) -> tuple[str, ...]:
        """The questions of a mask, in order."""
        names = []
        while mask:
            lowest = mask & -mask
            names.append(self.order[lowest.bit_length() - 1])
            mask ^= lowest
        return tuple(names)

    def of_question(self, question: str) -> int:
        """An open question, and what its own applying waits for; nothing when it cannot apply."""
        if question in self._of_question:
            return self._of_question[question]
        relevance = self.truths.relevance[question]
        if relevance == FALSE:
            return 0
        found = self.bit_of[question]
        if relevance == UNKNOWN:
            for at in self.reference.gates[question]:
                if self.known[at] == UNKNOWN:
                    found |= self._test(at)
        self._of_question[question] = found
        return found

    def contradicting(self, question: str) -> int:
        """The answered questions because of which a question cannot apply."""
        found = 0
        for at in self.reference.gates[question]:
            gate = self.reference.question_at[at]
            if self._has_value(gate):
                found |= self.bit_of[gate]
            elif self.truths.relevance[gate] == FALSE:
                found |= self.contradicting(gate)
        return found

    def _waits(self, conclusion: str) -> int:
        parts = self.reference.conditions[conclusion]
        definition = self._definitions[conclusion]
        if "entries" not in definition:
            return self._any(parts)
        found = 0
        for combination in definition["combinations"]:
            place = self.reference.layout.combinations[conclusion, combination["id"]]
            if self.known[len(self.truths.bits) + place] != UNKNOWN:
                continue
            for strengths, count in counts_needed(combination).items():
                counted = [
                    part
                    for entry, part in zip(definition["entries"], parts, strict=True)
                    if entry["strength"] in strengths
                ]
                if sum(self.known[part.at] == TRUE for part in counted) < count:
                    found |= self._any(counted)
        return found

    def _any(self, parts: Iterable[Part]) -> int:
        found = 0
        for part in parts:
            if self.known[part.at] == UNKNOWN:
                if part.parts:
                    found |= self._any(part.parts)
                elif part.at < len(self.truths.bits):
                    found |= self._test(part.at)
                else:
                    found |= self._of_conclusion[part.leaf]
        return found

    def _test(self, at: int) -> int:
        if at not in self._of_test:
            self._of_test[at] = self._unknown_test(at)
        return self._of_test[at]

    def _unknown_test(self, at: int) -> int:
        question = self.reference.question_at[at]
        if not self._has_value(question):
            return self.of_question(question)
        if question in self.truths.contradicted:
            return self.bit_of[question] | self.contradicting(question)
        test = self._parameter_tests.get(at)
        if test is None:
            return self.bit_of[question]
        found = self.bit_of[question] if is_inexact(self.answers[question]) else 0
        if test.selector is None:
            return found
        if not self._has_value(test.selector):
            return found | self.of_question(test.selector)
        if test.selector in self.truths.contradicted:
            found |= self.bit_of[test.selector] | self.contradicting(test.selector)
        return found

    def _has_value(self, question: str) -> bool:
        answer = self.answers.get(question)
        return answer is not None and answer.state == "value"


def is_inexact(answer: Answer) -> bool:
    """Whether a more exact value could be learned: part of a day, a range, a list that is not complete."""
    value = answer.value
    if isinstance(value, Day):
        return value.first != value.last
    return isinstance(value, Range) or (isinstance(value, tuple) and not answer.complete)
