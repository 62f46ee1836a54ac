"""Answers worth trying to an open question: on both sides of every line that a test draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from indicators.answers import Answer, Day, Range, Value
from indicators.conditions import Ago, Test
from indicators.conditions_json import read_test
from indicators.dates import FIRST_YEAR, LAST_YEAR, days_before
from rules.executors.expressions import FALSE, TRUE
from rules.executors.reference import Reference

# With more options than this, pairs of them are too many to try; singles and all of them together remain.
MOST_PAIRED_OPTIONS = 10


@dataclass(frozen=True, slots=True)
class PossibleAnswers:
    """Answers to one question, and for each of its tests masks of those that make it true, and false.

    Masks follow the places of the tests; a test that needs a dated value has empty ones.
    """

    answers: tuple[Answer, ...]
    true: tuple[int, ...]
    false: tuple[int, ...]


def possible_answers(
    reference: Reference, question: str, as_of: date, given: Answer | None = None
) -> PossibleAnswers:
    """One answer of each kind that some test of the question tells apart, the plainest first.

    For an inexact answer (part of a day, a range, a list that is not complete), only more exact ones.
    """
    if given is None or given.state != "value":
        return reference.remember(("possible answers", reference, question, as_of), _told_apart)
    exact = (_more_exact(given, answer) for answer in _answers(reference, question, as_of))
    return _with_masks(reference, question, as_of, [answer for answer in exact if answer is not None])


def _told_apart(reference: Reference, question: str, as_of: date) -> PossibleAnswers:
    return _with_masks(reference, question, as_of, _answers(reference, question, as_of))


def _with_masks(
    reference: Reference, question: str, as_of: date, answers: Iterable[Answer]
) -> PossibleAnswers:
    told_apart: dict[object, Answer] = {}
    for answer in answers:
        told_apart.setdefault(_reading(reference, question, answer, as_of), answer)
    tests = reference.questions[question]
    true, false = [0] * (tests.stop - tests.start), [0] * (tests.stop - tests.start)
    for number, answer in enumerate(told_apart.values()):
        for place, bits in enumerate(tests.read(answer, as_of)):
            if bits == TRUE:
                true[place] |= 1 << number
            elif bits == FALSE:
                false[place] |= 1 << number
    return PossibleAnswers(tuple(told_apart.values()), tuple(true), tuple(false))


def _answers(reference: Reference, question: str, as_of: date) -> Iterator[Answer]:
    definition = reference.program.data["questions"][question]
    kind = definition["type"]
    own = reference.questions[question]
    written = reference.program.data["tests"]
    tests = [read_test(written[name]) for name in reference.test_ids[own.start : own.stop]]
    if kind == "yes_no":
        yield from (Answer("value", value) for value in ("yes", "no"))
    elif kind == "one_choice":
        yield from (Answer("value", option) for option in definition["options"])
    elif kind == "several_choices":
        yield from _choices(definition["options"], definition["exclusive"], tests)
    elif kind in ("whole_number", "number_range"):
        numbers = _numbers(reference, tests, as_of)
        yield from (
            Answer("value", number) for number in _within(numbers, definition["least"], definition["most"])
        )
    elif kind == "date":
        for day in sorted(_days(reference, tests, as_of)):
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                yield Answer("value", Day(day, day, day.isoformat()))


def _choices(options: Iterable[str], exclusive: str | None, tests: Iterable[Test]) -> Iterator[Answer]:
    named = {
        option
        for test in tests
        for option in (test.value if isinstance(test.value, tuple) else (test.value,))
    }
    tested = sorted(option for option in options if option in named and option != exclusive)
    sets: list[tuple[str, ...]] = [(option,) for option in tested]
    if len(tested) <= MOST_PAIRED_OPTIONS:
        sets += combinations(tested, 2)
    if len(tested) > 2:
        sets.append(tuple(tested))
    yield from (Answer("value", chosen) for chosen in sets)
    yield Answer("value", () if exclusive is None else (exclusive,), complete=True)


def _numbers(reference: Reference, tests: Iterable[Test], as_of: date) -> set[int]:
    lines = {test.value for test in tests if isinstance(test.value, int)}
    for test in tests:
        if test.parameter is not None:
            lines |= _dated_values(reference, test.parameter, as_of)
    return {near for line in lines for near in (line - 1, line, line + 1)}


def _within(numbers: Iterable[int], least: int | None, most: int | None) -> list[int]:
    # Nobody counts below nothing unless the question says so.
    lowest = 0 if least is None else least
    return sorted(number for number in numbers if number >= lowest and (most is None or number <= most))


def _days(reference: Reference, tests: Iterable[Test], as_of: date) -> set[date]:
    lines: set[date] = set()
    for test in tests:
        if isinstance(test.value, Ago):
            lines.add(days_before(as_of, test.value.unit, test.value.count))
        elif isinstance(test.value, date):
            lines.add(test.value)
        elif test.parameter is not None:
            unit = reference.parameters[test.parameter]["unit"]
            spans = _dated_values(reference, test.parameter, as_of)
            lines |= {days_before(as_of, unit, count) for count in spans}
    first, last = date(FIRST_YEAR, 1, 2), date(LAST_YEAR, 12, 30)
    return {line + timedelta(days=days) for line in lines if first <= line <= last for days in (-1, 0, 1)}


def _dated_values(reference: Reference, parameter: str, as_of: date) -> set[int]:
    found: set[int] = set()
    for option in options_of(reference, parameter):
        found |= reference.thresholds(parameter, as_of, option) or frozenset()
    return found


def options_of(reference: Reference, parameter: str) -> tuple[str | None, ...]:
    """What the selector of a parameter can be answered with; only None for a parameter without one."""
    selector = reference.parameters[parameter]["selector"]
    return (None,) if selector is None else reference.options[selector]


def _more_exact(given: Answer, answer: Answer) -> Answer | None:
    """The answer, added to what is known already; None where it would take something back."""
    known, value = given.value, answer.value
    if isinstance(known, tuple) and isinstance(value, tuple) and not given.complete:
        if answer.complete:
            return Answer("value", known, complete=True)
        return Answer("value", tuple(sorted({*known, *value})))
    if isinstance(known, Day) and isinstance(value, Day):
        return answer if known.first <= value.first <= known.last else None
    if isinstance(known, Range) and isinstance(value, int):
        return answer if _lies_in(known, value) else None
    return None


def _lies_in(known: Range, value: int) -> bool:
    return (known.first is None or value >= known.first) and (known.last is None or value <= known.last)


def _reading(reference: Reference, question: str, answer: Answer, as_of: date) -> object:
    """What all tests make of an answer, with every kind that could choose a dated value."""
    tests = reference.questions[question]
    against = [
        reference.compare(test, answer, as_of, option, False)
        for test in tests.parametrised
        for option in (None, *options_of(reference, test.parameter))
    ]
    chooses: Value | None = None
    if any(test.selector == question for test in reference.parameter_tests):
        chooses = answer.value
    return tuple(tests.read(answer, as_of)), tuple(against), chooses
