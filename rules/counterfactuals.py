"""What would change a result: the fewest open answers that would establish a conclusion that is still open.

The search follows the conclusion's own condition downwards and joins, at every `all`, `any` and count, the
cheapest ways to make it true. It is cut off after a number of steps, never after a time, so that the same
question always has the same answer. What it finds is evaluated and reduced before it is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, product
from math import prod
from typing import Any, Literal

from indicators.answers import Answer
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules.evaluation import Evaluation
from rules.executors import expressions as bits
from rules.executors.firings import Part
from rules.executors.reference import ParameterTest, Reference, selected
from rules.possible_answers import PossibleAnswers, possible_answers
from rules.waiting import is_inexact

MOST_WAYS = 3
MOST_ANSWERS = 4
LIGHT = 1
STEPS = 3_000
# At every place of a condition: ways kept of each number of answers, pairs joined, parts that are counted
# beyond those needed, the cheapest first. And values tried for one way.
KEPT = 4
JOINED = 24
SPARE_PARTS = 4
TRIES = 4

Result = Literal["found", "needs_more", "search_stopped", "not_possible"]
Way = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """Up to three ways to establish a conclusion, each of at most four open answers, lighter ones first.

    Without a way: `needs_more` when every way needs more than four answers, `not_possible` when open answers
    cannot establish it, `search_stopped` when the search was cut off before it could tell.
    """

    conclusion: str
    result: Result
    ways: tuple[Way, ...]


def find_counterfactuals(
    reference: Reference, evaluation: Evaluation, conclusion: str, steps: int = STEPS
) -> Counterfactuals:
    """The lightest ways in which open answers would establish a conclusion that is not established.

    Only answers that contradict nothing are proposed; nothing that was answered is replaced.
    """
    if evaluation.statuses[conclusion] != UNKNOWN:
        return Counterfactuals(conclusion, "not_possible", ())
    search = _Search(reference, evaluation.answers, evaluation.as_of, steps)
    ways = search.ways(conclusion)
    result: Result = "found"
    if not ways:
        result = "search_stopped" if search.cut_off else "needs_more" if search.too_many else "not_possible"
    return Counterfactuals(conclusion, result, ways)


def withdrawn(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[str, ...]:
    """The conclusions that were established and are not any more: what a correction takes back."""
    return tuple(name for name, status in before.items() if status == TRUE and after.get(name) != TRUE)


# What one way needs: the heaviest question's distress, the sum of all, for each question the possible answers
# that would do, as a mask, and a mask of the questions. Lighter ways are smaller.
_Need = tuple[int, int, tuple[tuple[str, int], ...], int]

NOTHING: _Need = (0, 0, (), 0)


class _Search:
    def __init__(self, reference: Reference, answers: Mapping[str, Answer], as_of: date, steps: int) -> None:
        self.reference = reference
        self.answers = dict(answers)
        self.as_of = as_of
        self.steps = steps
        self.cut_off = False
        self.too_many = False
        self.most = MOST_ANSWERS
        self.truths = reference.decide_tests(answers, as_of)
        self.known = [*self.truths.bits, *reference.values(self.truths)]
        questions = reference.program.data["questions"]
        self.distress: dict[str, int] = {name: questions[name]["distress"] for name in questions}
        self.bit_of = {name: 1 << number for number, name in enumerate(questions)}
        self.definitions = {item["id"]: item for item in reference.program.data["conclusions"]}
        self.parameter_tests = {test.at: test for test in reference.parameter_tests}
        self._possible: dict[str, PossibleAnswers] = {}
        self._of_conclusion: dict[str, list[_Need]] = {}
        self._of_group: dict[int, list[_Need]] = {}
        self._of_test: dict[int, list[_Need]] = {}

    def ways(self, conclusion: str) -> tuple[Way, ...]:
        """The lightest ways found, each evaluated and without an answer to spare.

        Ways of one answer are looked for first, then of two; more are joined only while there are not enough.
        """
        found: dict[tuple[tuple[str, Answer], ...], _Need] = {}
        for self.most in range(1, MOST_ANSWERS + 1):
            # What a narrower round left out is tried again in this one.
            self.too_many = self.cut_off = False
            self._of_conclusion.clear()
            self._of_group.clear()
            in_this_round = set()
            for need in sorted(self._conclusion(conclusion)):
                way = self._fulfilled(conclusion, need)
                if way is not None:
                    key = tuple(sorted(way.items()))
                    in_this_round.add(key)
                    found[key] = self._need(dict.fromkeys(way, 1))
                if len(in_this_round) == MOST_WAYS:
                    break
            lightest = sorted(found, key=lambda way: found[way])[:MOST_WAYS]
            if self.steps < 0 or (len(lightest) == MOST_WAYS and self._is_enough(found[lightest[-1]][0])):
                break
        return tuple(dict(way) for way in lightest)

    def _is_enough(self, heaviest: int) -> bool:
        # Two light answers are better than one heavy one; three are much to ask for.
        return heaviest == LIGHT or self.most > 1

    def _fulfilled(self, conclusion: str, need: _Need) -> Way | None:
        """The first answers that do what a way needs, reduced; None when none of those tried does."""
        choices = [
            [
                (name, answer)
                for number, answer in enumerate(self._answers_to(name).answers)
                if mask >> number & 1
            ]
            for name, mask in need[2]
        ]
        for chosen in islice(product(*choices), TRIES):
            way = dict(chosen)
            if self._step() and self._reaches(conclusion, way):
                # The heaviest answer is the first that is tried to be spared. These few tries are beyond the
                # budget: a way that was found is shown without an answer to spare, or not at all.
                for name in sorted(way, key=lambda name: (-self.distress[name], name)):
                    fewer = {key: answer for key, answer in way.items() if key != name}
                    if self._reaches(conclusion, fewer):
                        way = fewer
                return way
        self.cut_off = self.cut_off or prod(map(len, choices)) > TRIES
        return None

    def _reaches(self, conclusion: str, way: Way) -> bool:
        truths = self.reference.decide_tests({**self.answers, **way}, self.as_of)
        if set(truths.contradicted) - set(self.truths.contradicted):
            return False
        place = self.reference.layout.conclusions[conclusion]
        return self.reference.values(truths)[place] == bits.TRUE

    def _step(self) -> bool:
        self.steps -= 1
        self.cut_off = self.cut_off or self.steps < 0
        return self.steps >= 0

    def _conclusion(self, name: str) -> list[_Need]:
        if name not in self._of_conclusion:
            parts = self.reference.conditions[name]
            definition = self.definitions[name]
            if "entries" in definition:
                ways = [self._combination(definition, one, parts) for one in definition["combinations"]]
                self._of_conclusion[name] = self._cheapest(chain.from_iterable(ways))
            else:
                self._of_conclusion[name] = self._count(parts, 1)
        return self._of_conclusion[name]

    def _combination(
        self, definition: Mapping[str, Any], combination: Mapping[str, Any], parts: Sequence[Part]
    ) -> list[_Need]:
        found = [NOTHING]
        for strengths, count in bits.counts_needed(combination).items():
            entries = zip(definition["entries"], parts, strict=True)
            counted = [part for entry, part in entries if entry["strength"] in strengths]
            found = self._cheapest(self._both(found, self._count(counted, count)))
        return found

    def _part(self, part: Part) -> list[_Need]:
        if part.parts:
            if part.at not in self._of_group:
                self._of_group[part.at] = self._count(part.parts, part.need)
            return self._of_group[part.at]
        return self._test(part.at) if part.at < len(self.truths.bits) else self._conclusion(part.leaf)

    def _count(self, parts: Sequence[Part], need: int) -> list[_Need]:
        """The cheapest ways to make so many of the parts true, those counted that are true already."""
        need -= sum(self.known[part.at] == bits.TRUE for part in parts)
        if need <= 0:
            return [NOTHING]
        open_parts = (self._part(part) for part in parts if self.known[part.at] == bits.UNKNOWN)
        ways = [one for one in open_parts if one]
        if len(ways) < need:
            return []
        if len(ways) == 1:
            return ways[0]
        if need == 1:
            return self._cheapest(chain.from_iterable(ways))
        ways.sort(key=min)
        self.cut_off = self.cut_off or len(ways) > need + SPARE_PARTS
        del ways[need + SPARE_PARTS :]
        reached: list[list[_Need]] = [[NOTHING], *([] for _ in range(need))]
        for number, more in enumerate(ways):
            # What can no longer become enough with the parts that are left is not built up.
            for count in range(min(need, number + 1), max(0, need - (len(ways) - number)), -1):
                found = more if count == 1 else self._both(reached[count - 1], more)
                if found:
                    reached[count] = self._cheapest(chain(reached[count], found))
        return reached[need]

    def _both(self, ones: Sequence[_Need], others: Sequence[_Need]) -> Sequence[_Need]:
        """Ways that do one of each, cheap pairs tried first."""
        if not ones or not others or not self._step():
            return []
        if ones[0] == NOTHING:
            return others
        found: list[_Need] = []
        for pair in range(len(ones) + len(others) - 1):
            for at in range(max(0, pair - len(others) + 1), min(pair + 1, len(ones))):
                one, other = ones[at], others[pair - at]
                if (one[3] | other[3]).bit_count() > self.most:
                    self.too_many = True
                elif len(found) >= JOINED or not self._step():
                    self.cut_off = True
                    return found
                elif joined := self._joined(one, other):
                    found.append(joined)
        return found

    def _joined(self, one: _Need, other: _Need) -> _Need | None:
        asks = dict(one[2])
        total = one[1]
        for name, mask in other[2]:
            asked = asks.get(name)
            if asked is None:
                asks[name] = mask
                total += self.distress[name]
            elif asked & mask:
                asks[name] = asked & mask
            else:
                return None
        return max(one[0], other[0]), total, tuple(sorted(asks.items())), one[3] | other[3]

    def _need(self, asks: Mapping[str, int]) -> _Need:
        levels = [self.distress[name] for name in asks]
        questions = sum(self.bit_of[name] for name in asks)
        return max(levels), sum(levels), tuple(sorted(asks.items())), questions

    def _single(self, name: str, mask: int) -> _Need:
        level = self.distress[name]
        return level, level, ((name, mask),), self.bit_of[name]

    def _cheapest(self, needs: Iterable[_Need]) -> list[_Need]:
        """The lightest ways of each number of answers, each once, those of few answers first.

        Few answers leave room for more, so that they are kept beside lighter ways of many.
        """
        single: dict[str, int] = {}
        by_number: list[set[_Need]] = [set() for _ in range(self.most + 1)]
        for need in needs:
            if len(need[2]) == 1:
                # Ways that differ in the answer to one question only are one way.
                ((name, mask),) = need[2]
                single[name] = single.get(name, 0) | mask
            else:
                by_number[len(need[2])].add(need)
        for name, mask in single.items():
            by_number[1].add(self._single(name, mask))
        found: list[_Need] = []
        for some in by_number:
            if len(some) > KEPT:
                self.cut_off = True
                found += sorted(some)[:KEPT]
            elif some:
                found += sorted(some)
        return found

    def _test(self, at: int) -> list[_Need]:
        found = self._of_test.get(at)
        if found is None:
            found = self._of_test[at] = self._true_test(at)
        # A kind of work and a number are two answers.
        return found if self.most > 1 else [need for need in found if len(need[2]) == 1]

    def _true_test(self, at: int) -> list[_Need]:
        """The ways to make an unknown test true."""
        question = self.reference.question_at[at]
        if question in self.truths.contradicted:
            return []
        test = self.parameter_tests.get(at)
        if test is not None:
            return self._parameter_test(test)
        mask = self._answers_to(question).true[at - self.reference.questions[question].start]
        return [self._single(question, mask)] if mask else []

    def _parameter_test(self, test: ParameterTest) -> list[_Need]:
        option = selected(self.answers, test.selector)
        given = self.answers.get(test.question)
        is_exact = given is not None and given.state == "value" and not is_inexact(given)
        answers = (given,) if is_exact and given is not None else self._answers_to(test.question).answers

        def true_with(kind: str | None) -> int:
            return sum(
                1 << number
                for number, answer in enumerate(answers)
                if self.reference.compare(test, answer, self.as_of, kind, False) == bits.TRUE
            )

        def need(mask: int, kinds: int) -> _Need:
            asks = {} if is_exact else {test.question: mask}
            return self._need(asks | ({test.selector: kinds} if kinds and test.selector else {}))

        always = true_with(option)
        found = [need(always, 0)] if always else []
        if test.selector is not None and option is None and self.truths.relevance[test.selector] != FALSE:
            # The kind is open as well: answering it can make true what is not true for every kind.
            kinds: dict[int, int] = {}
            for number, kind in enumerate(self._answers_to(test.selector).answers):
                mask = true_with(str(kind.value))
                if mask & ~always:
                    kinds[mask] = kinds.get(mask, 0) | 1 << number
            found += [need(mask, chosen) for mask, chosen in kinds.items()]
        return found

    def _answers_to(self, question: str) -> PossibleAnswers:
        if question not in self._possible:
            given = self.answers.get(question)
            self._possible[question] = possible_answers(self.reference, question, self.as_of, given)
        return self._possible[question]
