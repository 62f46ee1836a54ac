"""Many variants of one person's answers, evaluated at once: each bit of a number stands for one variant.

Nothing in a condition looks from one variant to another, so that one run of the reference evaluator's own
function settles all of them. What is *true* and what *may be true* are two such runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from indicators.answers import Answer
from rules.executors.expressions import FALSE, TRUE
from rules.executors.reference import ParameterTest, Reference
from rules.possible_answers import PossibleAnswers


class Variants:
    """Answers by variant. What is given in no variant is open in it."""

    def __init__(self, reference: Reference, as_of: date, count: int) -> None:
        self.reference = reference
        self.as_of = as_of
        self.every = (1 << count) - 1
        self.given: dict[str, int] = {}
        self._choices: dict[str, Sequence[tuple[Answer, int]]] = {}
        self._true = [0] * len(reference.test_ids)
        self._not_false = [self.every] * len(reference.test_ids)
        self._read: dict[tuple[str, int], tuple[Answer, Sequence[int]]] = {}

    def give(self, question: str, choices: Sequence[tuple[Answer, int]]) -> None:
        """Answer one question: each answer in its variants, no variant twice; in the others it stays open."""
        tests = self.reference.questions[question]
        places = range(tests.start, tests.stop)
        true, false = [0] * len(places), [0] * len(places)
        given = 0
        for answer, variants in choices:
            given |= variants
            for at, bits in enumerate(self._bits(question, answer)):
                if bits == TRUE:
                    true[at] |= variants
                elif bits == FALSE:
                    false[at] |= variants
        self._true[tests.start : tests.stop] = true
        self._not_false[tests.start : tests.stop] = [self.every & ~one for one in false]
        self._choices[question] = choices
        self.given[question] = given

    def try_each(self, question: str, possible: PossibleAnswers, first: int) -> None:
        """Answer one question with each possible answer, in variants of their own, the first in `first`."""
        tests = self.reference.questions[question]
        self._true[tests.start : tests.stop] = [one << first for one in possible.true]
        self._not_false[tests.start : tests.stop] = [self.every & ~(one << first) for one in possible.false]
        self._choices[question] = [(answer, 1 << at) for at, answer in enumerate(possible.answers, first)]
        self.given[question] = ((1 << len(possible.answers)) - 1) << first

    def true_values(self) -> tuple[int, ...]:
        """For every place of the reference's layout, the variants in which it is true.

        What a value makes true stays true whether or not its question applies, so relevance is not looked at.
        """
        bits = self._true
        tests = [test for test in self.reference.parameter_tests if self.given.get(test.question)]
        if tests:
            bits = bits.copy()
            for test in tests:
                bits[test.at] = self._against_parameter(test, TRUE, {})
        return self.reference.conclude(bits, self.every)

    def possible_values(self) -> tuple[int, ...]:
        """For every place of the reference's layout, the variants in which it is true or unknown."""
        bits = self._not_false.copy()
        applies: dict[str, int] = {}
        for question in self.reference.gated:
            may_apply = question.applies(bits, self.every)  # type: ignore[misc]
            if may_apply == self.every:
                continue
            applies[question.id] = may_apply
            given = self.given.get(question.id, 0)
            # Nothing said: false where it cannot apply. Something said: a contradiction settles nothing.
            open_in, disputed_in = may_apply & ~given, given & ~may_apply
            found = bits[question.start : question.stop]
            bits[question.start : question.stop] = [open_in | disputed_in | (one & given) for one in found]
        for test in self.reference.parameter_tests:
            if self.given.get(test.question):
                false = self._against_parameter(test, FALSE, applies)
                bits[test.at] &= ~(false & applies.get(test.question, self.every))
        return self.reference.conclude(bits, self.every)

    def _bits(self, question: str, answer: Answer) -> Sequence[int]:
        key = (question, id(answer))
        if key not in self._read:
            # The answer is kept beside what was read from it, so that its identity stays its own.
            self._read[key] = (answer, self.reference.questions[question].read(answer, self.as_of))
        return self._read[key][1]

    def _against_parameter(self, test: ParameterTest, wanted: int, applies: Mapping[str, int]) -> int:
        """The variants in which a test against a parameter comes out as wanted, if its question applies."""
        compare = self.reference.compare
        kinds: list[tuple[str | None, bool, int]] = []
        selector_given = 0
        if test.selector is not None:
            selector_applies = applies.get(test.selector, self.every)
            for answer, variants in self._choices.get(test.selector, ()):
                selector_given |= variants
                kinds.append((str(answer.value), False, variants & selector_applies))
                kinds.append((str(answer.value), True, variants & ~selector_applies))
        kinds.append((None, False, self.every & ~selector_given))
        found = 0
        for answer, variants in self._choices[test.question]:
            for option, disputed, among in kinds:
                both = variants & among
                if both and compare(test, answer, self.as_of, option, disputed) == wanted:
                    found |= both
        return found
