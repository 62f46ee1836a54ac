"""What to ask next: only what can be asked and matters, the most settling first, lighter before heavier."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from indicators.answers import NOT_ASKED, Answer
from indicators.truth import FALSE, UNKNOWN
from rules import next_questions
from rules.executors.reference import Reference
from rules.next_questions import NextQuestion, rank_questions
from rules.possible_answers import possible_answers
from rules.program import Program
from rules.variants import Variants
from rules.waiting import find_waiting
from tests.rules.interviews import (
    AS_OF,
    Interview,
    evaluate,
    forget_the_last_answer,
    interviews,
    read,
    seeded,
)
from tests.rules.naive_meaning import naive_relevance, naive_statuses
from tests.rules.small_programs import question, small_program

FEW = settings(max_examples=80, deadline=None)


def ranked(program: Program, raw: dict[str, Any]) -> tuple[NextQuestion, ...]:
    return rank_questions(Reference(program), evaluate(program, read(program, raw)))


def settled_by_one_answer(interview: Interview, name: str) -> set[str]:
    """What one answer to a question settles, tried one by one with the naive meaning."""
    program, answers, _ = interview
    before = naive_statuses(program.data, answers, AS_OF)
    settled = set()
    for answer in possible_answers(interview.reference, name, AS_OF).answers:
        after = naive_statuses(program.data, {**answers, name: answer}, AS_OF)
        settled |= {key for key in after if before[key] == UNKNOWN != after[key]}
    return settled


def faults_of(interview: Interview) -> list[str]:
    """What is wrong with a ranking, one line each."""
    program, answers, _ = interview
    evaluation = interview.evaluated()
    relevance = naive_relevance(program.data, answers, AS_OF)
    waiting = find_waiting(interview.reference, evaluation)
    found = rank_questions(interview.reference, evaluation)
    faults = []
    for one in found:
        state = answers.get(one.question, NOT_ASKED).state
        if one.reason == "clear_up":
            if one.question not in evaluation.contradicted or not one.with_questions:
                faults.append(f"{one.question} has nothing to clear up")
            continue
        if state not in ("not_asked", "not_known"):
            faults.append(f"{one.question} is {state}")
        if relevance[one.question] == FALSE:
            faults.append(f"{one.question} cannot apply")
        settled = settled_by_one_answer(interview, one.question)
        if not set(one.settles) <= settled:
            faults.append(f"{one.question} does not settle {sorted(set(one.settles) - settled)}")
        if any(_is_sign(key) for key in settled - set(one.settles)):
            faults.append(f"{one.question} settles more")
        for key in one.feeds:
            if one.question not in (*waiting[key].here, *waiting[key].beyond):
                faults.append(f"{one.question} does not matter to {key}")
    cleared = [one.question for one in found if one.reason == "clear_up"]
    if cleared != sorted(evaluation.contradicted) or cleared != [
        one.question for one in found[: len(cleared)]
    ]:
        faults.append("contradictions do not come first")
    asked = [one for one in found if one.reason == "ask"]
    for earlier, later in pairwise(asked):
        same_state = _state(interview, earlier) == _state(interview, later)
        same_use = (earlier.settles, earlier.feeds) == (later.settles, later.feeds)
        if same_state and same_use and earlier.distress > later.distress:
            # Core questions may stand before others of the same use.
            core = program.data["instruments"]["intake"]["core"]
            if (earlier.question in core) == (later.question in core):
                faults.append(f"{later.question} is lighter than {earlier.question}")
    return faults


def _state(interview: Interview, one: NextQuestion) -> str:
    return interview.answers.get(one.question, NOT_ASKED).state


def _is_sign(name: str) -> bool:
    return name.partition(".")[0] in ("indicator", "dimension", "finding")


@given(interviews())
@FEW
def test_what_is_proposed_can_be_asked_and_does_what_is_said(interview: Interview) -> None:
    assert faults_of(interview) == []


def changed_by_order(interview: Interview) -> bool:
    shuffled = dict(interview.random.sample(list(interview.answers.items()), len(interview.answers)))
    one = rank_questions(interview.reference, interview.evaluated())
    return one != rank_questions(interview.reference, evaluate(interview.program, shuffled))


@given(interviews())
@FEW
def test_the_order_of_answers_is_irrelevant(interview: Interview) -> None:
    assert not changed_by_order(interview)


def test_planted_faults_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(seeds: int = 150) -> bool:
        return any(faults_of(seeded(seed)) for seed in range(seeds))

    assert not found(seeds=20)
    with monkeypatch.context() as planted:
        planted.setattr(next_questions._Ranking, "_is_open", lambda self, name: True)
        assert found()
    with monkeypatch.context() as planted:
        true = Variants.true_values
        planted.setattr(Variants, "true_values", lambda self: (self.every,) * len(true(self)))
        assert found()
    with monkeypatch.context() as planted:
        # The heavier the sooner.
        planted.setattr(next_questions, "HEAVIEST", 3)
        planted.setattr(
            next_questions._Ranking, "questions", _heaviest_first(next_questions._Ranking.questions)
        )
        assert found()


def test_an_order_that_matters_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_the_last_answer(monkeypatch)
    assert any(changed_by_order(seeded(seed)) for seed in range(150))


def _heaviest_first(questions: Any) -> Any:
    return lambda self: sorted(questions(self), key=lambda one: -one.distress)


FOUR = ("a", "b", "c", "d")


def yes_no_tests() -> dict[str, tuple[str, str, Any]]:
    return {name: (name, "is", "yes") for name in FOUR}


def test_what_settles_most_comes_first_and_a_lighter_question_before_a_heavier_one() -> None:
    program = small_program(
        {name: question("yes_no", distress=3 if name == "a" else 1) for name in FOUR},
        yes_no_tests(),
        {
            "one": ["test", "a"],
            "two": ["test", "b"],
            "three": ["any", [["test", "c"], ["test", "d"]]],
            "four": ["all", [["test", "c"], ["test", "d"]]],
            "five": ["test", "c"],
        },
    )
    found = ranked(program, {})
    assert [one.question for one in found] == ["c", "d", "b", "a"]
    assert found[0].settles == ("finding.five", "finding.four", "finding.three")


def test_an_urgent_need_and_a_higher_step_come_before_other_findings() -> None:
    program = small_program(
        {name: question("yes_no") for name in FOUR},
        yes_no_tests(),
        {"x": ["test", "a"]},
        needs={"danger": ["test", "d"]},
        outcomes={"trafficking_indicated": ["test", "c"], "other_concern": ["test", "b"]},
    )
    found = ranked(program, {})
    assert [one.question for one in found] == ["d", "c", "b", "a"]
    # What lies below the step that is reached matters no more.
    assert [one.question for one in ranked(program, {"c": "yes"})] == ["d", "a"]


def test_a_question_waits_for_the_one_that_says_whether_it_applies() -> None:
    program = small_program(
        {
            "working": question("yes_no", distress=3),
            "paid": question("yes_no", applies_when=["test", "w"]),
        },
        {"w": ("working", "is", "yes"), "u": ("paid", "is", "no")},
        {"unpaid": ["test", "u"]},
    )
    assert [one.question for one in ranked(program, {})] == ["working"]
    assert [one.question for one in ranked(program, {"working": "yes"})] == ["paid"]
    assert ranked(program, {"working": "no"}) == ()
    # A declined gate leaves what is behind it open, and is not pressed.
    assert [one.question for one in ranked(program, {"working": {"state": "declined"}})] == ["paid"]


def test_contradictions_are_cleared_up_before_anything_else() -> None:
    program = small_program(
        {
            "working": question("yes_no"),
            "paid": question("yes_no", applies_when=["test", "w"]),
            "other": question("yes_no"),
        },
        {"w": ("working", "is", "yes"), "u": ("paid", "is", "no"), "o": ("other", "is", "yes")},
        {"unpaid": ["test", "u"], "other": ["test", "o"]},
    )
    found = ranked(program, {"working": "no", "paid": "yes"})
    assert [(one.question, one.reason) for one in found] == [("paid", "clear_up"), ("other", "ask")]
    assert found[0].with_questions == ("working",)


def test_declined_is_never_pressed_and_not_known_comes_last() -> None:
    program = small_program(
        {name: question("yes_no", distress=1 if name == "b" else 3) for name in FOUR},
        yes_no_tests(),
        {name: ["test", name] for name in FOUR},
    )
    answers = {"a": Answer("declined"), "b": Answer("not_known"), "c": Answer("not_asked")}
    found = rank_questions(Reference(program), evaluate(program, answers))
    assert [one.question for one in found] == ["c", "d", "b"]


def test_a_question_beyond_the_instrument_or_without_use_is_not_proposed() -> None:
    program = small_program(
        {name: question("yes_no") for name in FOUR},
        yes_no_tests(),
        {"x": ["any", [["test", "a"], ["test", "b"]]]},
        sections=["a", "c"],
    )
    assert [one.question for one in ranked(program, {})] == ["a"]
    assert ranked(program, {"b": "yes"}) == ()


def test_an_open_core_question_is_asked_even_when_every_conclusion_is_settled() -> None:
    program = small_program(
        {name: question("yes_no") for name in FOUR},
        yes_no_tests(),
        {"x": ["test", "a"]},
        core=["b"],
    )
    assert [one.question for one in ranked(program, {"a": "no"})] == ["b"]
    assert ranked(program, {"a": "no", "b": "no"}) == ()
