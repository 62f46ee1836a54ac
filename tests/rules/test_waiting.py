"""What an undetermined conclusion waits for: nothing that matters is missing, nothing settled is listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings

from indicators.answers import Answer
from indicators.truth import FALSE, UNKNOWN
from rules import waiting as waiting_module
from rules.executors.reference import Reference
from rules.waiting import OpenParts, find_waiting, is_inexact
from tests.rules.interviews import AS_OF, Interview, evaluate, interviews, read, seeded
from tests.rules.naive_meaning import naive_relevance, naive_statuses
from tests.rules.random_programs import random_answers
from tests.rules.small_programs import question, small_program

FEW = settings(max_examples=120, deadline=None)


def settled_without_waiting(interview: Interview) -> list[str]:
    """Conclusions that became settled although none of the questions they wait for was answered."""
    program, answers, random = interview
    waiting = find_waiting(interview.reference, interview.evaluated())
    found = []
    relevance = naive_relevance(program.data, answers, AS_OF)
    everything = {
        name: answer
        for name, answer in read(program, random_answers(random, program.data)).items()
        # Nobody is asked what cannot apply.
        if name not in _values(answers) and relevance[name] != FALSE
    }
    for name, questions in waiting.items():
        waited_for = {*questions.here, *questions.beyond}
        others = {**answers, **{key: one for key, one in everything.items() if key not in waited_for}}
        if naive_statuses(program.data, others, AS_OF)[name] != UNKNOWN:
            found.append(name)
    return found


def _values(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: answer for name, answer in answers.items() if answer.state == "value"}


@given(interviews())
@FEW
def test_no_question_that_matters_is_left_out(interview: Interview) -> None:
    assert settled_without_waiting(interview) == []


def listed_in_vain(interview: Interview) -> list[str]:
    """What is listed although it cannot apply, or is said exactly, with nothing to clear up."""
    evaluation = interview.evaluated()
    waiting = find_waiting(interview.reference, evaluation)
    relevance = naive_relevance(interview.program.data, interview.answers, AS_OF)
    listed = {name for one in waiting.values() for name in (*one.here, *one.beyond)}
    in_vain = [name for name in listed if relevance[name] == FALSE and name not in evaluation.contradicted]
    exact = [
        name
        for name, answer in _values(interview.answers).items()
        # What decides whether another question applies is listed to clear up a contradiction.
        if not evaluation.contradicted and name in listed and not is_inexact(answer)
    ]
    return in_vain + exact + sorted(evaluation.undetermined ^ set(waiting))


@given(interviews())
@FEW
def test_what_is_listed_can_still_be_asked(interview: Interview) -> None:
    assert listed_in_vain(interview) == []


def test_questions_beyond_the_instrument_stand_apart() -> None:
    program = small_program(
        {name: question("yes_no") for name in ("late", "early", "elsewhere", "said")},
        {name: (name, "is", "yes") for name in ("late", "early", "elsewhere", "said")},
        {"x": ["all", [["test", name] for name in ("early", "elsewhere", "late", "said")]]},
        sections=["said", "late", "early"],
    )
    evaluation = evaluate(program, read(program, {"said": "yes"}))
    found = find_waiting(Reference(program), evaluation)["finding.x"]
    assert (found.here, found.beyond) == (("late", "early"), ("elsewhere",))


def test_a_question_that_may_not_apply_brings_the_question_that_says_so() -> None:
    program = small_program(
        {"working": question("yes_no"), "paid": question("yes_no", applies_when=["test", "w"])},
        {"w": ("working", "is", "yes"), "u": ("paid", "is", "no")},
        {"unpaid": ["test", "u"]},
    )
    assert find_waiting(Reference(program), evaluate(program, {}))["finding.unpaid"].here == (
        "working",
        "paid",
    )
    working = evaluate(program, read(program, {"working": "yes"}))
    assert find_waiting(Reference(program), working)["finding.unpaid"].here == ("paid",)
    # Paid, but not working: whichever of the two is wrong must be found out.
    contradicting = evaluate(program, read(program, {"working": "no", "paid": "yes"}))
    assert find_waiting(Reference(program), contradicting)["finding.unpaid"].here == ("working", "paid")


def test_a_declined_answer_stays_open() -> None:
    program = small_program(
        {"locked_in": question("yes_no")}, {"l": ("locked_in", "is", "yes")}, {"x": ["test", "l"]}
    )
    declined = evaluate(program, {"locked_in": Answer("declined")})
    assert find_waiting(Reference(program), declined)["finding.x"].here == ("locked_in",)


def found(check: Callable[[Interview], list[str]], seeds: int = 200) -> bool:
    return any(check(seeded(seed)) for seed in range(seeds))


def test_a_forgotten_gate_and_a_question_listed_in_vain_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found(settled_without_waiting, seeds=20)
    assert not found(listed_in_vain, seeds=20)
    with monkeypatch.context() as planted:
        planted.setattr(OpenParts, "of_question", lambda self, name: self.bit_of[name])
        assert found(settled_without_waiting)
    with monkeypatch.context() as planted:
        # What is settled is looked at as well.
        planted.setattr(waiting_module, "is_inexact", lambda answer: True)
        assert found(listed_in_vain)
