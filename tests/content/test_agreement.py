"""What docs/reviewers/agreement.md says: agreeing lowers nothing, and only a no that was overruled raises."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from benchmarks.accounts import Account, accounts
from indicators.answers import read_answer, read_answers
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules.evaluation import Engine, Evaluation
from rules.program import Program
from rules.revisions import draft_program

KEPT, WORK = "documents_kept_agreed", "agreed_to_work"
HOLDERS = ("employer", "relative_of_employer", "supervisor", "agent", "broker", "host", "person_who_profits")
REFUSALS: tuple[dict[str, Any], ...] = (
    {"documents_returned_on_request": "no"},
    {"documents_asked": "asked_and_refused"},
    {"documents_asked": "afraid_to_ask"},
    {"why_stay": ["papers_held"]},
)
REFUSED = "indicator.documents_refused"


@cache
def shipped() -> tuple[Catalogue, Program, Engine, tuple[Account, ...]]:
    program = draft_program()
    return load_catalogue()[0], program, Engine(program, check=False), tuple(accounts())


def assess(answers: dict[str, Any]) -> Evaluation:
    catalogue, _, engine, told = shipped()
    return engine.evaluate(read_answers(catalogue.questions, answers), told[0].as_of, "intake")


def with_answer(item: Account, question: str, said: str | None) -> Evaluation:
    """The account with this answer in place of its own; without any if none is given."""
    catalogue, _, engine, _ = shipped()
    answers = {name: answer for name, answer in item.answers.items() if name != question}
    if said is not None:
        answers[question] = read_answer(catalogue.questions[question], said)
    return engine.evaluate(answers, item.as_of, item.instrument)


@pytest.mark.parametrize(
    ("question", "said"), [(KEPT, "agreed_freely"), (WORK, "agreed_freely"), (WORK, "agreed_under_need")]
)
def test_no_rule_reads_that_somebody_agreed(question: str, said: str) -> None:
    read = [test for test in shipped()[1].data["tests"].values() if test["question"] == question]
    assert read
    for test in read:
        values = test["value"] if isinstance(test["value"], list) else [test["value"]]
        assert said not in values
        assert test["op"] in ("is", "is_one_of")


@pytest.mark.parametrize("question", [KEPT, WORK])
def test_having_agreed_freely_leaves_every_account_as_it_is(question: str) -> None:
    told = shipped()[3]
    tried = 0
    for item in told:
        without, agreed = (with_answer(item, question, said) for said in (None, "agreed_freely"))
        if without.relevance[question] == FALSE:
            continue  # Nobody would ask; an answer given all the same is shown as a contradiction.
        tried += 1
        assert agreed.established == without.established, item.name
        # A low result may come to be known; a positive one stays.
        assert agreed.outcome == without.outcome or without.outcome == "not_enough_known", item.name
        for name, status in agreed.statuses.items():
            before = without.statuses[name]
            assert status == before or (before, status) == (UNKNOWN, FALSE), (item.name, name)
    assert tried > 400


def test_no_answer_on_the_papers_takes_anything_away() -> None:
    options = [option.id for option in shipped()[0].questions[KEPT].options]
    assert len(options) == 4
    for item in shipped()[3]:
        without = with_answer(item, KEPT, None)
        for said in options:
            assert without.established <= with_answer(item, KEPT, said).established, (item.name, said)


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("refusal", REFUSALS)
def test_papers_refused_are_refused_whatever_was_agreed(holder: str, refusal: dict[str, Any]) -> None:
    base = {"documents_holder": holder, **refusal}
    silent = assess(base)
    assert silent.statuses[REFUSED] == TRUE
    for said in ("agreed_freely", "agreed_under_need", "not_asked_to_agree", "said_no"):
        found = assess({**base, KEPT: said})
        assert found.statuses[REFUSED] == TRUE
        assert found.outcome == silent.outcome


@pytest.mark.parametrize("holder", HOLDERS)
def test_only_a_no_that_was_overruled_raises(holder: str) -> None:
    said_no = assess({"documents_holder": holder, KEPT: "said_no"})
    assert said_no.statuses[REFUSED] == TRUE
    assert said_no.outcome == "trafficking_possible"
    results = set()
    for said in ("agreed_freely", "agreed_under_need", "not_asked_to_agree"):
        found = assess({"documents_holder": holder, KEPT: said})
        assert found.statuses[REFUSED] == UNKNOWN
        results.add(found.outcome)
    # Not having agreed weighs no more than having agreed.
    assert results == {"other_concern"}
