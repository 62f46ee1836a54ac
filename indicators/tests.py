"""Whether a test fits its question: the operator its type, the value its options and bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from indicators.conditions import Test
from indicators.errors import Fault, fault, listed, nearest
from indicators.forms import QuestionForm, QuestionType
from indicators.models import Question

# Which operators a type of question has, as on the page on the content format.
OPERATORS_OF_TYPE: Final[Mapping[QuestionType, tuple[str, ...]]] = {
    "yes_no": ("is",),
    "one_choice": ("is", "is_not", "is_one_of"),
    "several_choices": ("includes", "includes_any_of"),
    "whole_number": ("is", "at_least", "at_most", "more_than", "less_than"),
    "number_range": ("at_least", "at_most", "more_than", "less_than"),
    "date": ("before", "after", "at_least_ago", "less_than_ago"),
    "free_text": (),
}


def check_test(test: Test, question: Question | QuestionForm) -> list[Fault]:
    """Return what is wrong with comparing this question so, with the place of the test."""
    form = question.form if isinstance(question, Question) else question
    if form.type == "free_text":
        return [_fault(test, "C078", question=form.id)]
    allowed = OPERATORS_OF_TYPE[form.type]
    if test.op not in allowed:
        return [_fault(test, "C070", op=test.op, question=form.id, type=form.type, allowed=listed(allowed))]
    if test.parameter is not None:
        return []
    if form.type == "yes_no":
        return (
            []
            if test.value in ("yes", "no")
            else [_fault(test, "C075", question=form.id, value=str(test.value))]
        )
    if form.type in ("one_choice", "several_choices"):
        return _check_options(test, form)
    if form.type in ("whole_number", "number_range"):
        return _check_number(test, form)
    return []


def _check_options(test: Test, form: QuestionForm) -> list[Fault]:
    if isinstance(test.value, int):
        return [_fault(test, "C076", question=form.id, value=test.value)]
    named = test.value if isinstance(test.value, tuple) else (str(test.value),)
    faults = [
        _fault(test, "C071", option=option, question=form.id, nearest=nearest(option, form.options))
        for option in named
        if option not in form.options
    ]
    if not faults and test.op == "is_one_of" and set(named) == set(form.options):
        faults.append(_fault(test, "C074", op=test.op, question=form.id))
    return faults


def _check_number(test: Test, form: QuestionForm) -> list[Fault]:
    if not isinstance(test.value, int):
        return [_fault(test, "C077", question=form.id, value=str(test.value))]
    always, never = _reach(test.op, test.value, form)
    if not always and not never:
        return []
    least = "-∞" if form.least is None else form.least
    most = "∞" if form.most is None else form.most
    code = "C072" if never else "C073"
    return [_fault(test, code, op=test.op, question=form.id, least=least, most=most)]


def _reach(op: str, number: int, form: QuestionForm) -> tuple[bool, bool]:
    """Tell whether every number the question allows meets the test, and whether none does."""
    least, most = form.least, form.most
    if op == "is":
        return least == most == number, _above(least, number) or _below(most, number)
    if op in ("at_least", "more_than"):
        first = number + (op == "more_than")
        return least is not None and least >= first, most is not None and most < first
    last = number - (op == "less_than")
    return most is not None and most <= last, least is not None and least > last


def _above(bound: int | None, number: int) -> bool:
    return bound is not None and bound > number


def _below(bound: int | None, number: int) -> bool:
    return bound is not None and bound < number


def _fault(test: Test, code: str, **slots: Any) -> Fault:
    found = fault(code, **slots)
    return found if test.place is None else found.at(*test.place)
