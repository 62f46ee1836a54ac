"""Explanations on the rule set that is shipped: its own cases, every seventh of them."""

from __future__ import annotations

import pytest

from indicators.answers import NOT_ASKED
from indicators.content import load_catalogue
from indicators.truth import FALSE, TRUE
from rules.counterfactuals import find_counterfactuals
from rules.evaluation import Engine, Evaluation
from rules.next_questions import rank_questions
from rules.program import compile_program
from rules.results import canonical_bytes, canonical_result
from rules.rule_sets import load_rule_set
from rules.support import find_refutations, find_supports
from rules.waiting import find_waiting
from tests.rules.interviews import AS_OF, read


@pytest.fixture(scope="module")
def engine() -> Engine:
    catalogue, _ = load_catalogue()
    rule_set, _ = load_rule_set()
    return Engine(compile_program(rule_set, catalogue), check=False)


@pytest.fixture(scope="module")
def evaluations(engine: Engine) -> list[Evaluation]:
    rule_set, _ = load_rule_set()
    cases = [case for module in rule_set.modules for case in module.cases][::7]
    first = next(iter(engine.program.data["instruments"]))
    return [
        engine.evaluate(read(engine.program, case.answers), AS_OF, case.instrument or first) for case in cases
    ]


def test_every_support_and_refutation_is_enough_and_has_nothing_to_spare(
    engine: Engine, evaluations: list[Evaluation]
) -> None:
    for evaluation in evaluations:
        for status, found in (
            (TRUE, find_supports(engine.reference, evaluation)),
            (FALSE, find_refutations(engine.reference, evaluation)),
        ):
            for questions in set(found.values()):
                alone = {name: evaluation.answers[name] for name in questions}
                names = [name for name, one in found.items() if one == questions]
                statuses = engine.reference.evaluate(alone, AS_OF)
                assert {statuses[name] for name in names} == {status}
                for spare in alone:
                    fewer = {name: answer for name, answer in alone.items() if name != spare}
                    without = engine.reference.evaluate(fewer, AS_OF)
                    assert status not in {without[name] for name in names}


def test_every_way_to_a_higher_step_reaches_it(engine: Engine, evaluations: list[Evaluation]) -> None:
    found = 0
    for evaluation in evaluations:
        for step in evaluation.may_still_become:
            name = f"outcome.{step}"
            for way in find_counterfactuals(engine.reference, evaluation, name).ways:
                found += 1
                assert engine.reference.evaluate({**evaluation.answers, **way}, AS_OF)[name] == TRUE
                for spare in way:
                    fewer = {key: answer for key, answer in way.items() if key != spare}
                    statuses = engine.reference.evaluate({**evaluation.answers, **fewer}, AS_OF)
                    assert statuses[name] != TRUE
    assert found > len(evaluations)


def test_something_can_be_asked_as_long_as_a_higher_step_is_open(
    engine: Engine, evaluations: list[Evaluation]
) -> None:
    for evaluation in evaluations:
        asked = {one.question for one in rank_questions(engine.reference, evaluation)}
        waiting = find_waiting(engine.reference, evaluation)
        for step in evaluation.may_still_become:
            here = waiting[f"outcome.{step}"].here
            if any(evaluation.answers.get(name, NOT_ASKED) == NOT_ASKED for name in here):
                assert asked & set(here)


def test_the_result_holds_everything_that_was_read(engine: Engine, evaluations: list[Evaluation]) -> None:
    for evaluation in evaluations:
        result = canonical_result(engine.reference, evaluation)
        again = engine.evaluate(read(engine.program, result["answers"]), AS_OF, evaluation.instrument)
        assert canonical_bytes(canonical_result(engine.reference, again)) == canonical_bytes(result)
