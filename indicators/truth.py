"""Deciding one test on one answer: true, false or unknown (semantics.md, sections 1 and 2).

`prepare` does once what does not depend on the answer; what it returns takes well under a microsecond.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from indicators.answers import NOT_ASKED, Answer, Day, Range
from indicators.conditions import Ago, All, AtLeast, Condition, Reference, Test
from indicators.conditions_json import read_test
from indicators.dates import days_before
from indicators.forms import QuestionForm

FALSE: Final = 0
UNKNOWN: Final = 1
TRUE: Final = 2

Thresholds: TypeAlias = frozenset[int] | None
Decide: TypeAlias = Callable[[Answer], int]
DecideDated: TypeAlias = Callable[[Answer, date, Thresholds], int]


def decide(
    test: Test,
    answer: Answer,
    relevant: int,
    as_of: date,
    thresholds: Thresholds = None,
    unit: str | None = None,
) -> tuple[int, bool]:
    """Return the truth of a test, and whether the answer is disputed.

    `relevant` is the truth of the question's `applies_when`. `thresholds` are the values that the test's
    parameter could have on that day; `unit` is the parameter's, for tests of how long ago something was.
    """
    return dispute(prepare(test, unit)(answer, as_of, thresholds), answer, relevant)


def dispute(truth: int, answer: Answer, relevant: int) -> tuple[int, bool]:
    """Return what a truth becomes when the question cannot apply, and whether its answer is disputed.

    Nothing said about a question that cannot apply is false. Something said about it contradicts another
    answer: what it makes true stays true, what it makes false is unknown until that is cleared up.
    """
    if relevant != FALSE:
        return truth, False
    if answer.state != "value":
        return FALSE, False
    return (TRUE if truth == TRUE else UNKNOWN), True


def relevance(
    question: str,
    applies_when: Mapping[str, Condition | None],
    answers: Mapping[str, Answer],
    as_of: date,
) -> int:
    """Return whether a question applies: TRUE, UNKNOWN, or FALSE when it settled cannot.

    `applies_when` holds the condition of every question that has one; they form no circle.
    """
    return _Relevance(applies_when, answers, as_of).of(question)


def relevances(
    applies_when: Mapping[str, Condition | None], answers: Mapping[str, Answer], as_of: date
) -> dict[str, int]:
    """Return for every question of `applies_when` whether it applies."""
    known = _Relevance(applies_when, answers, as_of)
    return {question: known.of(question) for question in applies_when}


class _Relevance:
    """Remembers what it has settled: many questions wait for the same few."""

    def __init__(
        self, applies_when: Mapping[str, Condition | None], answers: Mapping[str, Answer], as_of: date
    ) -> None:
        self.applies_when = applies_when
        self.answers = answers
        self.as_of = as_of
        self._known: dict[str, int] = {}

    def of(self, question: str) -> int:
        if question not in self._known:
            condition = self.applies_when.get(question)
            self._known[question] = TRUE if condition is None else evaluate(condition, self._truth)
        return self._known[question]

    def _truth(self, test: Test) -> int:
        answer = self.answers.get(test.question, NOT_ASKED)
        return decide(test, answer, self.of(test.question), self.as_of)[0]


def evaluate(
    condition: Condition,
    truth_of: Callable[[Test], int],
    status_of: Callable[[Reference], int] | None = None,
) -> int:
    """Return the Kleene truth of a condition from that of its tests and of what it refers to."""
    if isinstance(condition, Test):
        return truth_of(condition)
    if isinstance(condition, Reference):
        return UNKNOWN if status_of is None else status_of(condition)
    truths = [evaluate(part, truth_of, status_of) for part in condition.parts]
    if isinstance(condition, AtLeast):
        return at_least(condition.count, truths)
    return min(truths, default=TRUE) if isinstance(condition, All) else max(truths, default=FALSE)


def at_least(count: int, truths: list[int]) -> int:
    """Return TRUE with `count` truths TRUE, FALSE when they can no longer become that many, else UNKNOWN."""
    if truths.count(TRUE) >= count:
        return TRUE
    return FALSE if len(truths) - truths.count(FALSE) < count else UNKNOWN


def compile_test(test: Test | Mapping[str, Any], form: QuestionForm | None = None) -> Decide:
    """Return the truth of a test that needs neither day nor parameter, as a function of the answer.

    The function does not know whether the question applies: see `dispute`.
    """
    one = test if isinstance(test, Test) else read_test(test)
    if form is not None and form.id != one.question:
        raise ValueError(f"a test of {one.question} is not one of {form.id}")
    if one.parameter is not None or isinstance(one.value, Ago):
        raise ValueError(f"{one.op} of {one.question} depends on the day: use prepare")
    return _CONSTANT[one.op](one.value)


def prepare(test: Test | Mapping[str, Any], unit: str | None = None) -> DecideDated:
    """Return the truth of any test, as a function of answer, day and the parameter's possible values."""
    one = test if isinstance(test, Test) else read_test(test)
    if one.parameter is not None:
        return _with_parameter(one.op, unit)
    if isinstance(one.value, Ago):
        return _ago(one.op, one.value)
    constant = compile_test(one)

    def decide_constant(answer: Answer, as_of: date, thresholds: Thresholds) -> int:
        return constant(answer)

    return decide_constant


def _with_parameter(op: str, unit: str | None) -> DecideDated:
    if op in ("at_least_ago", "less_than_ago"):
        if unit is None:
            raise ValueError(f"{op} needs the unit of its parameter")
        spans = unit

        def decide_ago(answer: Answer, as_of: date, thresholds: Thresholds) -> int:
            if not thresholds or answer.state != "value":
                return UNKNOWN
            return _agreed({_ago(op, Ago(spans, count))(answer, as_of, None) for count in thresholds})

        return decide_ago
    compare = _CONSTANT[op]

    def decide_number(answer: Answer, as_of: date, thresholds: Thresholds) -> int:
        if not thresholds or answer.state != "value":
            return UNKNOWN
        return _agreed({compare(number)(answer) for number in thresholds})

    return decide_number


def _agreed(truths: set[int]) -> int:
    return truths.pop() if len(truths) == 1 else UNKNOWN


def _ago(op: str, span: Ago) -> DecideDated:
    long_enough = op == "at_least_ago"

    def decide_ago(answer: Answer, as_of: date, thresholds: Thresholds) -> int:
        value = answer.value
        if not isinstance(value, Day):
            return UNKNOWN
        latest = days_before(as_of, span.unit, span.count)
        if value.last <= latest:
            return TRUE if long_enough else FALSE
        if value.first > latest:
            return FALSE if long_enough else TRUE
        return UNKNOWN

    return decide_ago


def _is(expected: Any) -> Decide:
    truths = {None: UNKNOWN, expected: TRUE}

    def decide_is(answer: Answer) -> int:
        return truths.get(answer.value, FALSE)

    return decide_is


def _is_not(expected: Any) -> Decide:
    truths = {None: UNKNOWN, expected: FALSE}

    def decide_is_not(answer: Answer) -> int:
        return truths.get(answer.value, TRUE)

    return decide_is_not


def _is_one_of(expected: Any) -> Decide:
    truths = {None: UNKNOWN, **dict.fromkeys(expected, TRUE)}

    def decide_is_one_of(answer: Answer) -> int:
        return truths.get(answer.value, FALSE)

    return decide_is_one_of


def _includes(expected: Any) -> Decide:
    def decide_includes(answer: Answer) -> int:
        value = answer.value
        if not isinstance(value, tuple):
            return UNKNOWN
        if expected in value:
            return TRUE
        return FALSE if answer.complete else UNKNOWN

    return decide_includes


def _includes_any_of(expected: Any) -> Decide:
    among = frozenset(expected)

    def decide_includes_any_of(answer: Answer) -> int:
        value = answer.value
        if not isinstance(value, tuple):
            return UNKNOWN
        if not among.isdisjoint(value):
            return TRUE
        return FALSE if answer.complete else UNKNOWN

    return decide_includes_any_of


def _reaches(number: int) -> Decide:
    """At least `number`."""

    def decide_reaches(answer: Answer) -> int:
        value = answer.value
        if isinstance(value, int):
            return TRUE if value >= number else FALSE
        if not isinstance(value, Range):
            return UNKNOWN
        if value.first is not None and value.first >= number:
            return TRUE
        return FALSE if value.last is not None and value.last < number else UNKNOWN

    return decide_reaches


def _stays_below(number: int) -> Decide:
    """Less than `number`."""

    def decide_stays_below(answer: Answer) -> int:
        value = answer.value
        if isinstance(value, int):
            return TRUE if value < number else FALSE
        if not isinstance(value, Range):
            return UNKNOWN
        if value.last is not None and value.last < number:
            return TRUE
        return FALSE if value.first is not None and value.first >= number else UNKNOWN

    return decide_stays_below


def _before(day: Any) -> Decide:
    def decide_before(answer: Answer) -> int:
        value = answer.value
        if not isinstance(value, Day):
            return UNKNOWN
        if value.last < day:
            return TRUE
        return FALSE if value.first >= day else UNKNOWN

    return decide_before


def _after(day: Any) -> Decide:
    def decide_after(answer: Answer) -> int:
        value = answer.value
        if not isinstance(value, Day):
            return UNKNOWN
        if value.first > day:
            return TRUE
        return FALSE if value.last <= day else UNKNOWN

    return decide_after


_CONSTANT: Final[Mapping[str, Callable[[Any], Decide]]] = {
    "is": _is,
    "is_not": _is_not,
    "is_one_of": _is_one_of,
    "includes": _includes,
    "includes_any_of": _includes_any_of,
    "at_least": _reaches,
    "at_most": lambda number: _stays_below(number + 1),
    "more_than": lambda number: _reaches(number + 1),
    "less_than": _stays_below,
    "before": _before,
    "after": _after,
}
