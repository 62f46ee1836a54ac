"""Which two answers to one question cannot both hold; what was not said never contradicts anything."""

from __future__ import annotations

from typing import Any

import pytest

from indicators.answers import read_answer
from indicators.forms import QuestionForm
from screening.sittings.contradictions import cannot_both_hold

SEVERAL = QuestionForm("q", "several_choices", ("a", "b", "none"), "none", None, None)
DATE = QuestionForm("q", "date", (), None, None, None)
RANGE = QuestionForm("q", "number_range", (), None, None, None)
YES_NO = QuestionForm("q", "yes_no", (), None, None, None)
TEXT = QuestionForm("q", "free_text", (), None, None, None)


@pytest.mark.parametrize(
    ("form", "one", "other", "excluded"),
    [
        (YES_NO, "yes", "no", True),
        (YES_NO, "yes", "yes", False),
        (YES_NO, "yes", {"state": "declined"}, False),
        (YES_NO, {"state": "not_known"}, "no", False),
        (SEVERAL, ["a"], ["b"], False),
        (SEVERAL, ["a"], {"value": ["b"], "complete": True}, True),
        (SEVERAL, {"value": ["a", "b"], "complete": True}, ["b"], False),
        (SEVERAL, ["a"], ["none"], True),
        (DATE, "2025", "2025-03", False),
        (DATE, "2025-02", "2025-03-01", True),
        (RANGE, {"from": 2}, {"to": 1}, True),
        (RANGE, {"from": 2}, 3, False),
        (RANGE, 4, 3, True),
        (TEXT, "one thing", "another", False),
    ],
)
def test_which_answers_exclude_one_another(form: QuestionForm, one: Any, other: Any, excluded: bool) -> None:
    left, right = read_answer(form, one), read_answer(form, other)
    assert cannot_both_hold(form, left, right) is excluded
    assert cannot_both_hold(form, right, left) is excluded
