"""Truth of tests: four ways of not knowing are never "no", and nothing settled is taken back by learning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.answers import NOT_ASKED, Answer, Range, read_answer, read_partial_day
from indicators.conditions import Ago, All, AnyOf, AtLeast, Condition, Reference, Test
from indicators.conditions_json import write_test
from indicators.forms import QuestionForm
from indicators.truth import (
    FALSE,
    TRUE,
    UNKNOWN,
    compile_test,
    decide,
    dispute,
    evaluate,
    prepare,
    relevance,
    relevances,
)

AS_OF = date(2026, 11, 1)
CHOICES = QuestionForm(
    "threats", "several_choices", ("police", "family", "debt", "none_of_these"), "none_of_these"
)
WITHOUT_VALUE = [Answer("not_known"), Answer("declined"), NOT_ASKED]


def day(text: str) -> Answer:
    return Answer("value", read_partial_day(text))


def value(given: object) -> Answer:
    return Answer("value", given)  # type: ignore[arg-type]


def chosen(*options: str, complete: bool = False) -> Answer:
    return read_answer(CHOICES, {"value": list(options), "complete": complete})


def truth(
    test: Test, answer: Answer, thresholds: frozenset[int] | None = None, unit: str | None = None
) -> int:
    return decide(test, answer, TRUE, AS_OF, thresholds, unit)[0]


@pytest.mark.parametrize(
    ("test", "answer", "expected"),
    [
        (Test("q", "is", "yes"), value("yes"), TRUE),
        (Test("q", "is", "yes"), value("no"), FALSE),
        (Test("q", "is", "no"), value("no"), TRUE),
        (Test("q", "is", "agent"), value("employer"), FALSE),
        (Test("q", "is", 3), value(3), TRUE),
        (Test("q", "is", 3), value(4), FALSE),
        (Test("q", "is_not", "agent"), value("employer"), TRUE),
        (Test("q", "is_not", "agent"), value("agent"), FALSE),
        (Test("q", "is_one_of", ("agent", "employer")), value("agent"), TRUE),
        (Test("q", "is_one_of", ("agent", "employer")), value("self"), FALSE),
        (Test("q", "includes", "police"), chosen("police"), TRUE),
        (Test("q", "includes", "police"), chosen("family"), UNKNOWN),
        (Test("q", "includes", "police"), chosen("family", complete=True), FALSE),
        (Test("q", "includes", "police"), chosen("none_of_these"), FALSE),
        (Test("q", "includes", "none_of_these"), chosen("none_of_these"), TRUE),
        (Test("q", "includes", "none_of_these"), chosen(complete=True), FALSE),
        (Test("q", "includes_any_of", ("debt", "police")), chosen("family", "police"), TRUE),
        (Test("q", "includes_any_of", ("debt", "police")), chosen("family"), UNKNOWN),
        (Test("q", "includes_any_of", ("debt", "police")), chosen("family", complete=True), FALSE),
        (Test("q", "includes_any_of", ("debt", "police")), chosen("none_of_these"), FALSE),
        (Test("q", "at_least", 8), value(8), TRUE),
        (Test("q", "at_least", 8), value(7), FALSE),
        (Test("q", "more_than", 8), value(8), FALSE),
        (Test("q", "more_than", 8), value(9), TRUE),
        (Test("q", "at_most", 8), value(8), TRUE),
        (Test("q", "at_most", 8), value(9), FALSE),
        (Test("q", "less_than", 8), value(8), FALSE),
        (Test("q", "less_than", 8), value(0), TRUE),
        (Test("q", "at_least", 8), value(Range(8, None)), TRUE),
        (Test("q", "at_least", 8), value(Range(7, 9)), UNKNOWN),
        (Test("q", "at_least", 8), value(Range(None, 7)), FALSE),
        (Test("q", "at_least", 8), value(Range(None, 8)), UNKNOWN),
        (Test("q", "less_than", 8), value(Range(None, 7)), TRUE),
        (Test("q", "less_than", 8), value(Range(8, None)), FALSE),
        (Test("q", "less_than", 8), value(Range(7, None)), UNKNOWN),
        (Test("q", "before", date(2026, 5, 1)), day("2026-04-30"), TRUE),
        (Test("q", "before", date(2026, 5, 1)), day("2026-05-01"), FALSE),
        (Test("q", "before", date(2026, 5, 1)), day("2026-04"), TRUE),
        (Test("q", "before", date(2026, 5, 1)), day("2026-05"), FALSE),
        (Test("q", "before", date(2026, 5, 1)), day("2026"), UNKNOWN),
        (Test("q", "before", date(2026, 5, 2)), day("2026-05"), UNKNOWN),
        (Test("q", "after", date(2026, 5, 1)), day("2026-05-01"), FALSE),
        (Test("q", "after", date(2026, 5, 1)), day("2026-05"), UNKNOWN),
        (Test("q", "after", date(2026, 5, 1)), day("2026-06"), TRUE),
        (Test("q", "after", date(2026, 5, 31)), day("2026-05"), FALSE),
        (Test("q", "after", date(2026, 5, 1)), day("2025"), FALSE),
        (Test("q", "at_least_ago", Ago("days", 14)), day("2026-10-18"), TRUE),
        (Test("q", "at_least_ago", Ago("days", 14)), day("2026-10-19"), FALSE),
        (Test("q", "at_least_ago", Ago("months", 2)), day("2026-09-01"), TRUE),
        (Test("q", "at_least_ago", Ago("months", 2)), day("2026-09-02"), FALSE),
        (Test("q", "at_least_ago", Ago("months", 2)), day("2026-09"), UNKNOWN),
        (Test("q", "at_least_ago", Ago("months", 2)), day("2026-08"), TRUE),
        (Test("q", "at_least_ago", Ago("years", 1)), day("2025"), UNKNOWN),
        (Test("q", "at_least_ago", Ago("years", 1)), day("2024"), TRUE),
        (Test("q", "less_than_ago", Ago("years", 1)), day("2025-11-01"), FALSE),
        (Test("q", "less_than_ago", Ago("years", 1)), day("2025-11-02"), TRUE),
        # What lies ahead is less than any time ago.
        (Test("q", "less_than_ago", Ago("days", 1)), day("2027"), TRUE),
        (Test("q", "at_least_ago", Ago("days", 1)), day("2027"), FALSE),
    ],
)
def test_a_test_is_settled_by_what_was_said(test: Test, answer: Answer, expected: int) -> None:
    assert truth(test, answer) == expected
    assert prepare(write_test(test))(answer, AS_OF, None) == expected
    if not isinstance(test.value, Ago):
        assert compile_test(test)(answer) == compile_test(write_test(test))(answer) == expected


TESTS = [
    Test("q", "is", "yes"),
    Test("q", "is", "no"),
    Test("q", "is_not", "agent"),
    Test("q", "is_one_of", ("agent",)),
    Test("q", "includes", "police"),
    Test("q", "includes_any_of", ("police",)),
    Test("q", "at_least", 0),
    Test("q", "at_most", 0),
    Test("q", "more_than", 0),
    Test("q", "less_than", 0),
    Test("q", "before", date(2026, 1, 1)),
    Test("q", "after", date(2026, 1, 1)),
    Test("q", "at_least_ago", Ago("days", 1)),
    Test("q", "less_than_ago", Ago("days", 1)),
    Test("q", "more_than", None, "limit"),
    Test("q", "at_least_ago", None, "limit"),
]


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.op)
@pytest.mark.parametrize("answer", WITHOUT_VALUE, ids=lambda answer: answer.state)
def test_what_was_not_said_is_never_a_no(test: Test, answer: Answer) -> None:
    for relevant in (TRUE, UNKNOWN):
        assert decide(test, answer, relevant, AS_OF, frozenset({3}), "days") == (UNKNOWN, False)
    assert decide(test, answer, FALSE, AS_OF, frozenset({3}), "days") == (FALSE, False)


def test_what_contradicts_another_answer_stays_true_and_is_not_used_as_a_no() -> None:
    test = Test("q", "is", "yes")
    assert decide(test, value("yes"), FALSE, AS_OF) == (TRUE, True)
    assert decide(test, value("no"), FALSE, AS_OF) == (UNKNOWN, True)
    assert decide(Test("q", "at_least", 5), value(Range(4, 6)), FALSE, AS_OF) == (UNKNOWN, True)
    for settled in (TRUE, UNKNOWN, FALSE):
        assert dispute(settled, value("yes"), UNKNOWN) == (settled, False)
        assert dispute(settled, value("yes"), TRUE) == (settled, False)


@pytest.mark.parametrize(
    ("thresholds", "answer", "expected"),
    [
        (frozenset({8}), value(9), TRUE),
        (frozenset({8}), value(8), FALSE),
        (frozenset({8, 12}), value(13), TRUE),
        (frozenset({8, 12}), value(8), FALSE),
        (frozenset({8, 12}), value(10), UNKNOWN),
        (frozenset({8, 12}), value(Range(13, None)), TRUE),
        (frozenset({8, 12}), value(Range(9, 13)), UNKNOWN),
        (frozenset(), value(99), UNKNOWN),
        (None, value(99), UNKNOWN),
    ],
)
def test_a_parameter_settles_only_where_all_its_values_agree(
    thresholds: frozenset[int] | None, answer: Answer, expected: int
) -> None:
    assert truth(Test("q", "more_than", None, "daily_hours_limit"), answer, thresholds) == expected


@pytest.mark.parametrize(
    ("thresholds", "unit", "answer", "expected"),
    [
        (frozenset({2}), "months", day("2026-09-01"), TRUE),
        (frozenset({2}), "days", day("2026-10-31"), FALSE),
        (frozenset({1, 3}), "years", day("2022"), TRUE),
        (frozenset({1, 3}), "years", day("2024"), UNKNOWN),
        (None, "years", day("2024"), UNKNOWN),
    ],
)
def test_a_parameter_of_time_has_a_unit(
    thresholds: frozenset[int] | None, unit: str, answer: Answer, expected: int
) -> None:
    assert truth(Test("q", "at_least_ago", None, "p"), answer, thresholds, unit) == expected


def test_a_test_that_depends_on_the_day_is_not_compiled_without_it() -> None:
    with pytest.raises(ValueError, match="depends on the day"):
        compile_test(Test("q", "at_least_ago", Ago("days", 3)))
    with pytest.raises(ValueError, match="depends on the day"):
        compile_test(Test("q", "more_than", None, "limit"))
    with pytest.raises(ValueError, match="unit"):
        prepare(Test("q", "at_least_ago", None, "limit"))
    with pytest.raises(ValueError, match="not one of"):
        compile_test(Test("q", "is", "yes"), CHOICES)


NUMBER_OPS = st.sampled_from(["at_least", "at_most", "more_than", "less_than"])
ENDS = st.integers(-4, 10)


@given(NUMBER_OPS, st.integers(-2, 8), ENDS, ENDS)
def test_a_range_is_settled_exactly_where_all_its_numbers_agree(
    op: str, number: int, one: int, two: int
) -> None:
    first, last = sorted((one, two))
    test = Test("q", op, number)
    single = {truth(test, value(inner)) for inner in range(first, last + 1)}
    assert truth(test, value(Range(first, last))) == (single.pop() if len(single) == 1 else UNKNOWN)


@given(NUMBER_OPS, st.integers(-2, 8), ENDS | st.none(), ENDS | st.none(), ENDS, ENDS)
def test_a_narrower_range_takes_nothing_back(
    op: str, number: int, first: int | None, last: int | None, one: int, two: int
) -> None:
    wide = truth(Test("q", op, number), value(Range(first, last)))
    low, high = sorted((one, two))
    narrow = Range(low if first is None else max(low, first), high if last is None else min(high, last))
    if (
        narrow.first is not None
        and narrow.last is not None
        and narrow.first <= narrow.last
        and wide != UNKNOWN
    ):
        assert truth(Test("q", op, number), value(narrow)) == wide


DAYS = st.dates(date(2023, 12, 1), date(2027, 2, 28))
DATE_TESTS = st.one_of(
    st.builds(Test, st.just("q"), st.sampled_from(["before", "after"]), DAYS),
    st.builds(
        Test,
        st.just("q"),
        st.sampled_from(["at_least_ago", "less_than_ago"]),
        st.builds(Ago, st.sampled_from(["days", "months", "years"]), st.integers(1, 40)),
    ),
)


@given(DATE_TESTS, DAYS)
def test_a_partial_date_is_settled_exactly_where_all_its_days_agree(test: Test, lies_in: date) -> None:
    exact = truth(test, day(lies_in.isoformat()))
    for text in (lies_in.isoformat()[:7], lies_in.isoformat()[:4]):
        partial = read_partial_day(text)
        assert partial is not None
        length = (partial.last - partial.first).days + 1
        single = {truth(test, day((partial.first + timedelta(days=n)).isoformat())) for n in range(length)}
        found = truth(test, value(partial))
        assert found == (single.pop() if len(single) == 1 else UNKNOWN)
        assert found in (UNKNOWN, exact)


OPTIONS = st.sets(st.sampled_from(["police", "family", "debt"]), min_size=1)


@given(OPTIONS, OPTIONS, OPTIONS, st.booleans())
def test_hearing_of_more_options_takes_nothing_back(
    said: set[str], more: set[str], tested: set[str], complete: bool
) -> None:
    for test in (Test("q", "includes_any_of", tuple(sorted(tested))), Test("q", "includes", min(tested))):
        before = truth(test, chosen(*sorted(said)))
        after = truth(test, chosen(*sorted(said | more), complete=complete))
        assert before != FALSE
        assert before == UNKNOWN or after == before
        assert (truth(test, chosen(*sorted(said), complete=True)) == TRUE) == (before == TRUE)


@given(st.frozensets(st.integers(0, 6), min_size=1), st.frozensets(st.integers(0, 6)), st.integers(0, 6))
def test_knowing_more_about_a_parameter_takes_nothing_back(
    few: frozenset[int], more: frozenset[int], number: int
) -> None:
    test = Test("q", "more_than", None, "limit")
    wide = truth(test, value(number), few | more)
    assert wide in (UNKNOWN, truth(test, value(number), few))


def kleene(condition: Condition, truths: Mapping[str, int]) -> int:
    """Tries both values of everything unknown: Kleene's logic where no test stands twice."""
    unknown = [name for name, one in truths.items() if one == UNKNOWN]
    found = set()
    for guess in product((FALSE, TRUE), repeat=len(unknown)):
        settled = {**truths, **dict(zip(unknown, guess, strict=True))}
        found.add(two_valued(condition, settled))
    return found.pop() if len(found) == 1 else UNKNOWN


def two_valued(condition: Condition, truths: Mapping[str, int]) -> int:
    if isinstance(condition, Test):
        return truths[condition.question]
    if isinstance(condition, Reference):
        return truths[condition.id]
    count = sum(two_valued(part, truths) == TRUE for part in condition.parts)
    needed = (
        condition.count
        if isinstance(condition, AtLeast)
        else len(condition.parts)
        if isinstance(condition, All)
        else 1
    )
    return TRUE if count >= needed else FALSE


A, B, C, D = (Test(name, "is", "yes") for name in "abcd")
SHAPES: list[Condition] = [
    A,
    Reference("finding", "e"),
    All((A, B, C)),
    AnyOf((A, B, C)),
    AtLeast(2, (A, B, C)),
    AtLeast(1, (A, B)),
    AtLeast(3, (A, B, C)),
    All((A, AnyOf((B, Reference("finding", "e"))), AtLeast(1, (C, D)))),
    AnyOf((All((A, B)), AtLeast(2, (C, D, Reference("finding", "e"))))),
]


@pytest.mark.parametrize("condition", SHAPES, ids=str)
def test_conditions_follow_kleene(condition: Condition) -> None:
    for truths in product((FALSE, UNKNOWN, TRUE), repeat=5):
        known = dict(zip("abcde", truths, strict=True))
        found = evaluate(condition, lambda test: known[test.question], lambda ref: known[ref.id])  # noqa: B023
        assert found == kleene(condition, known)


def test_a_reference_nobody_can_look_up_is_unknown() -> None:
    assert evaluate(AnyOf((A, Reference("finding", "e"))), lambda test: FALSE) == UNKNOWN


APPLIES = {
    "hours": Test("working", "is", "yes"),
    "break": All((Test("hours", "at_least", 8), Test("working", "is", "yes"))),
    "pay": AnyOf((Test("working", "is", "yes"), Test("worked_before", "is", "yes"))),
}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"hours": UNKNOWN, "break": UNKNOWN, "pay": UNKNOWN}),
        ({"working": "yes"}, {"hours": TRUE, "break": UNKNOWN, "pay": TRUE}),
        ({"working": "no"}, {"hours": FALSE, "break": FALSE, "pay": UNKNOWN}),
        ({"working": "no", "worked_before": "no"}, {"hours": FALSE, "break": FALSE, "pay": FALSE}),
        ({"working": "yes", "hours": 9}, {"hours": TRUE, "break": TRUE, "pay": TRUE}),
        ({"worked_before": "no", "hours": 3}, {"hours": UNKNOWN, "break": FALSE, "pay": UNKNOWN}),
    ],
)
def test_a_question_that_cannot_apply_is_not_relevant(
    answers: dict[str, object], expected: dict[str, int]
) -> None:
    given_answers = {name: value(one) for name, one in answers.items()}
    assert relevances(APPLIES, given_answers, AS_OF) == expected
    assert {name: relevance(name, APPLIES, given_answers, AS_OF) for name in APPLIES} == expected
    assert relevance("working", APPLIES, given_answers, AS_OF) == TRUE


@pytest.mark.parametrize(("hours", "expected"), [(9, TRUE), (3, UNKNOWN), (None, FALSE)])
def test_a_contradiction_never_settles_that_something_cannot_apply(hours: int | None, expected: int) -> None:
    applies_when = {**APPLIES, "rest": Test("hours", "at_least", 8)}
    said = {"working": value("no"), "hours": Answer("declined") if hours is None else value(hours)}
    assert relevance("rest", applies_when, said, AS_OF) == expected


def test_declined_is_not_a_no_for_relevance_either() -> None:
    for answer in WITHOUT_VALUE:
        assert relevance("hours", APPLIES, {"working": answer}, AS_OF) == UNKNOWN


QUESTIONS = ["a", "b", "c", "d"]
GIVEN = st.sampled_from(["yes", "no", "not_known", "declined", "not_asked"])
# `b` may wait for `a`, `c` for both, `d` for all three: no circles.
WAITING = st.fixed_dictionaries(
    {
        name: st.none()
        | st.lists(
            st.builds(Test, st.sampled_from(QUESTIONS[:at]), st.just("is"), st.sampled_from(["yes", "no"])),
            min_size=1,
            max_size=3,
            unique=True,
        ).flatmap(
            lambda tests: st.sampled_from([All(tuple(tests)), AnyOf(tuple(tests)), AtLeast(1, tuple(tests))])
        )
        for at, name in enumerate(QUESTIONS)
        if at
    }
)


def to_answer(given_answer: str) -> Answer:
    return value(given_answer) if given_answer in ("yes", "no") else Answer(given_answer)  # type: ignore[arg-type]


@given(WAITING, st.lists(GIVEN, min_size=4, max_size=4), st.integers(0, 3), st.sampled_from(["yes", "no"]))
def test_learning_takes_no_sign_back(
    applies_when: dict[str, Condition | None], said: list[str], at: int, learned: str
) -> None:
    before = {name: to_answer(one) for name, one in zip(QUESTIONS, said, strict=True)}
    if before[QUESTIONS[at]].state == "value":
        return
    after = {**before, QUESTIONS[at]: to_answer(learned)}
    for name, expected in product(QUESTIONS, ("yes", "no")):
        test = Test(name, "is", expected)
        old, new = (
            decide(test, known[name], relevance(name, applies_when, known, AS_OF), AS_OF)
            for known in (before, after)
        )
        if old[0] == TRUE:
            assert new[0] == TRUE
        if old[0] == FALSE and not any(
            decide(Test(one, "is", "yes"), after[one], relevance(one, applies_when, after, AS_OF), AS_OF)[1]
            for one in QUESTIONS
        ):
            assert new[0] == FALSE


@given(WAITING, st.lists(GIVEN, min_size=4, max_size=4))
def test_the_three_ways_of_not_knowing_decide_alike(
    applies_when: dict[str, Condition | None], said: list[str]
) -> None:
    def outcome(state: str) -> list[tuple[int, bool]]:
        known = {
            name: to_answer(one if one in ("yes", "no") else state)
            for name, one in zip(QUESTIONS, said, strict=True)
        }
        return [
            decide(Test(name, "is", "yes"), known[name], relevance(name, applies_when, known, AS_OF), AS_OF)
            for name in QUESTIONS
        ]

    assert outcome("not_known") == outcome("declined") == outcome("not_asked")


def test_many_questions_that_wait_for_the_same_few_are_settled_quickly() -> None:
    chain: dict[str, Condition | None] = {
        f"q{n}": All((Test(f"q{n - 1}", "is", "yes"), Test(f"q{n - 2}", "is", "yes"))) for n in range(2, 120)
    }
    known = {f"q{n}": value("yes") for n in range(120)}
    assert relevance("q119", chain, known, AS_OF) == TRUE
