"""Whether a test fits its question, and whether any answers can meet a condition."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.answers import Answer
from indicators.conditions import Ago, All, AnyOf, AtLeast, Condition, Place, Reference, Test
from indicators.errors import render
from indicators.forms import QUESTION_TYPES, QuestionForm, QuestionType
from indicators.possibility import can_hold
from indicators.tests import OPERATORS_OF_TYPE, check_test
from indicators.truth import TRUE, compile_test

CHOICE = QuestionForm("holder", "one_choice", ("self", "employer", "agent"))
THREATS = QuestionForm("threats", "several_choices", ("police", "family", "none_of_these"), "none_of_these")
HOURS = QuestionForm("hours", "whole_number", least=0, most=24)
OPEN = QuestionForm("days", "number_range", least=0)
YES_NO = QuestionForm("locked_in", "yes_no")
LEFT = QuestionForm("left_on", "date")
NOTES = QuestionForm("notes", "free_text")
FORMS = {form.id: form for form in (CHOICE, THREATS, HOURS, OPEN, YES_NO, LEFT, NOTES)}

SUITABLE: dict[str, Any] = {
    "yes_no": {"is": "yes"},
    "one_choice": {"is": "self", "is_not": "self", "is_one_of": ("agent", "self")},
    "several_choices": {"includes": "police", "includes_any_of": ("family", "police")},
    "whole_number": {"is": 3, "at_least": 3, "at_most": 3, "more_than": 3, "less_than": 3},
    "number_range": {"at_least": 3, "at_most": 3, "more_than": 3, "less_than": 3},
    "date": {
        "before": date(2020, 1, 1),
        "after": date(2020, 1, 1),
        "at_least_ago": Ago("days", 3),
        "less_than_ago": Ago("days", 3),
    },
    "free_text": {},
}


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_each_type_has_its_operators_and_no_others(kind: QuestionType) -> None:
    form = next(form for form in FORMS.values() if form.type == kind)
    assert set(SUITABLE[kind]) == set(OPERATORS_OF_TYPE[kind])
    for other, operators in SUITABLE.items():
        for op, value in operators.items():
            faults = check_test(Test(form.id, op, value, place=Place("f.yaml", 4, 2)), form)
            if op in SUITABLE[kind] and other == kind:
                assert faults == []
            elif op not in SUITABLE[kind]:
                assert [one.code for one in faults] == ["C078" if kind == "free_text" else "C070"]
                assert (faults[0].file, faults[0].line) == ("f.yaml", 4)


@pytest.mark.parametrize(
    ("test", "form", "lines"),
    [
        (Test("locked_in", "is", "y"), YES_NO, ["C075 `y` is no answer to `locked_in`; write `yes` or `no`"]),
        (Test("locked_in", "is", 1), YES_NO, ["C075 `1` is no answer to `locked_in`; write `yes` or `no`"]),
        (
            Test("holder", "is", "agnt"),
            CHOICE,
            ["C071 unknown option `agnt` of `holder`; did you mean `agent`?"],
        ),
        (
            Test("holder", "is_one_of", ("agnt", "slef")),
            CHOICE,
            [
                "C071 unknown option `agnt` of `holder`; did you mean `agent`?",
                "C071 unknown option `slef` of `holder`; did you mean `self`?",
            ],
        ),
        (Test("holder", "is", 2), CHOICE, ["C076 `holder` is compared with the number 2 and has options"]),
        (Test("hours", "is", "x"), HOURS, ["C077 `hours` is a number and is compared with the text `x`"]),
        (Test("hours", "more_than", None, "limit"), HOURS, []),
        (Test("threats", "includes", "none_of_these"), THREATS, []),
        (Test("threats", "includes_any_of", ("police", "none_of_these", "family")), THREATS, []),
        (
            Test("days", "less_than", 0),
            OPEN,
            ["C072 no answer to `days` can meet `less_than`: its numbers lie between 0 and ∞"],
        ),
        (
            Test("days", "at_least", 0),
            OPEN,
            ["C073 every answer to `days` meets `at_least`: its numbers lie between 0 and ∞"],
        ),
        (Test("days", "at_most", 10**6), OPEN, []),
    ],
)
def test_a_value_that_does_not_fit_is_named(test: Test, form: QuestionForm, lines: list[str]) -> None:
    assert [render(one) for one in check_test(test, form)] == lines


@given(
    st.sampled_from(["is", "at_least", "at_most", "more_than", "less_than"]),
    st.integers(-3, 8),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_a_number_is_refused_exactly_when_all_or_no_answers_meet_it(
    op: str, number: int, one: int, two: int
) -> None:
    form = QuestionForm("n", "whole_number", least=min(one, two), most=max(one, two))
    decide = compile_test(Test("n", op, number))
    truths = {decide(Answer("value", value)) for value in range(min(one, two), max(one, two) + 1)}
    codes = [found.code for found in check_test(Test("n", op, number), form)]
    assert codes == ([] if len(truths) > 1 else ["C073" if truths == {TRUE} else "C072"])


YES = Test("locked_in", "is", "yes")
NO = Test("locked_in", "is", "no")
SELF = Test("holder", "is", "self")
OTHER = Test("holder", "is_not", "self")


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        (YES, True),
        (All((YES, NO)), False),
        (AnyOf((YES, NO)), True),
        (AtLeast(2, (YES, NO)), False),
        (AtLeast(2, (YES, NO, SELF)), True),
        (AtLeast(3, (YES, NO, SELF)), False),
        (All((SELF, OTHER)), False),
        (All((OTHER, Test("holder", "is_one_of", ("self",)))), False),
        (All((OTHER, Test("holder", "is_one_of", ("agent", "self")))), True),
        (All((Test("hours", "at_least", 9), Test("hours", "less_than", 9))), False),
        (All((Test("hours", "at_least", 9), Test("hours", "at_most", 9))), True),
        (All((Test("hours", "more_than", 9), Test("hours", "less_than", 10))), False),
        (Test("hours", "more_than", 24), False),
        (All((Test("hours", "more_than", None, "limit"), Test("hours", "less_than", 3))), True),
        (All((Test("threats", "includes", "police"), Test("threats", "includes", "family"))), True),
        (All((Test("threats", "includes", "police"), Test("threats", "includes", "none_of_these"))), False),
        (
            All((Test("left_on", "before", date(2020, 1, 1)), Test("left_on", "after", date(2020, 1, 1)))),
            False,
        ),
        (
            All((Test("left_on", "before", date(2020, 1, 3)), Test("left_on", "after", date(2020, 1, 1)))),
            True,
        ),
        (
            All(
                (
                    Test("left_on", "at_least_ago", Ago("days", 9)),
                    Test("left_on", "less_than_ago", Ago("days", 5)),
                )
            ),
            False,
        ),
        (
            All(
                (
                    Test("left_on", "at_least_ago", Ago("days", 5)),
                    Test("left_on", "less_than_ago", Ago("days", 9)),
                )
            ),
            True,
        ),
        (
            All(
                (Test("left_on", "at_least_ago", Ago("years", 9)), Test("left_on", "after", date(2025, 1, 1)))
            ),
            True,
        ),
        (Test("notes", "is", "yes"), False),
        (Test("nobody_asks", "is", "yes"), False),
        (All((Reference("finding", "means"), YES)), True),
        (AnyOf((All((YES, NO)), All((SELF, OTHER)))), False),
        (AnyOf((All((YES, NO)), All((SELF, YES)))), True),
    ],
)
def test_a_condition_is_possible_when_some_answers_meet_it(condition: Condition, possible: bool) -> None:
    assert can_hold(condition, FORMS) is possible


def test_a_condition_that_takes_too_long_to_judge_counts_as_possible() -> None:
    parts = tuple(Test("hours", "is", number) for number in range(24))
    assert can_hold(All((AtLeast(12, parts), AtLeast(2, parts))), FORMS)
