"""What must hold for the rule set that ships, whatever its rules say in detail."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indicators.answers import read_answers
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.errors import render
from indicators.truth import FALSE, TRUE
from indicators.yaml_reading import read_yaml
from rules.checks import check
from rules.evaluation import Engine, Evaluation
from rules.program import Program, conditions_of, references_in
from rules.program import tests_in as read_directly
from rules.revisions import draft_program
from rules.structure_checks import questions_read
from screening.demo_interviews import load_demo_interviews

AS_OF = date(2026, 11, 1)
INSTRUMENTS = ("intake", "inspection", "complaint", "rescreen")
ORDER = (
    "nothing_indicated_so_far",
    "not_enough_known",
    "other_concern",
    "trafficking_possible",
    "trafficking_indicated",
)
DENIALS: dict[str, Any] = read_yaml((Path(__file__).parent / "denials.yaml").read_bytes()).plain()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()[0]


@pytest.fixture(scope="module")
def program() -> Program:
    return draft_program()


@pytest.fixture(scope="module")
def engine(program: Program) -> Iterator[Engine]:
    with Engine(program, check=False) as held:
        yield held


def assess(
    engine: Engine, catalogue: Catalogue, answers: dict[str, Any], instrument: str = "intake"
) -> Evaluation:
    return engine.evaluate(read_answers(catalogue.questions, answers), AS_OF, instrument)


def denial_of(catalogue: Catalogue, name: str) -> Any:
    question = catalogue.questions[name]
    if name in DENIALS:
        return DENIALS[name]
    if question.exclusive is not None:
        return [question.exclusive]
    return "no" if question.type == "yes_no" else None


def denials(catalogue: Catalogue, instrument: str) -> dict[str, Any]:
    answers = {name: denial_of(catalogue, name) for name in catalogue.instruments[instrument].questions}
    return {name: answer for name, answer in answers.items() if answer is not None}


def random_value(question: Any, dice: random.Random) -> Any:
    options = [option.id for option in question.options]
    match question.type:
        case "yes_no":
            return dice.choice(["yes", "no"])
        case "one_choice":
            return dice.choice(options)
        case "several_choices":
            if question.exclusive is not None and dice.random() < 0.4:
                return [question.exclusive]
            others = [option for option in options if option != question.exclusive]
            return dice.sample(others, dice.randint(1, min(3, len(others))))
        case "whole_number" | "number_range":
            return dice.randint(question.least or 0, min(question.most or 60, 60))
        case "date":
            return dice.choice(["2026", "2026-09", "2026-10-05", "2024-01-01"])
    return "…"


def random_answers(catalogue: Catalogue, dice: random.Random) -> dict[str, Any]:
    chosen = dice.sample(sorted(catalogue.questions), dice.randint(3, 60))
    found: dict[str, Any] = {}
    for name in chosen:
        if dice.random() < 0.25:
            found[name] = {"state": dice.choice(["declined", "not_known", "not_asked"])}
        else:
            found[name] = random_value(catalogue.questions[name], dice)
    return found


def test_shipped_content_has_no_fault() -> None:
    assert [render(item) for item in check()] == []


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("state", ["not_known", "declined", "not_asked"])
def test_without_any_value_not_enough_is_known(
    engine: Engine, catalogue: Catalogue, instrument: str, state: str
) -> None:
    answers = {name: {"state": state} for name in catalogue.instruments[instrument].questions}
    found = assess(engine, catalogue, answers, instrument)
    assert found.outcome == "not_enough_known"
    assert found.may_still_become == ("trafficking_indicated", "trafficking_possible", "other_concern")


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_with_every_harm_denied_nothing_is_indicated_so_far(
    engine: Engine, catalogue: Catalogue, instrument: str
) -> None:
    found = assess(engine, catalogue, denials(catalogue, instrument), instrument)
    assert found.outcome == "nothing_indicated_so_far"


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_one_open_core_question_is_enough_to_know_too_little(
    engine: Engine, catalogue: Catalogue, instrument: str
) -> None:
    answers = denials(catalogue, instrument)
    for name in catalogue.instruments[instrument].core:
        for state in ("declined", "not_known", "not_asked"):
            found = assess(engine, catalogue, {**answers, name: {"state": state}}, instrument)
            assert found.outcome == "not_enough_known", (name, state)


def test_reassuring_answers_change_no_result_of_a_clear_account(engine: Engine, catalogue: Catalogue) -> None:
    for item in load_demo_interviews():
        told = item.interview["answers"]
        before = assess(engine, catalogue, told)
        more = {**denials(catalogue, "intake"), **told}
        # Only gates that are silent in the account are filled in: nothing told is corrected.
        for name in list(more):
            if name not in told and before.relevance[name] == FALSE:
                del more[name]
        after = assess(engine, catalogue, more)
        assert ORDER.index(after.outcome) >= min(ORDER.index(before.outcome), 2), item.id
        assert before.established <= after.established, item.id


def test_learning_never_withdraws_what_was_established(engine: Engine, catalogue: Catalogue) -> None:
    dice = random.Random(91)
    learned = 0
    for _ in range(400):
        answers = random_answers(catalogue, dice)
        before = assess(engine, catalogue, answers)
        open_questions = [
            name
            for name in sorted(catalogue.questions)
            if name not in answers or (isinstance(answers[name], dict) and "state" in answers[name])
        ]
        for name in dice.sample(open_questions, 8):
            if catalogue.questions[name].type == "free_text":
                continue
            after = assess(
                engine, catalogue, {**answers, name: random_value(catalogue.questions[name], dice)}
            )
            assert before.established <= after.established, (answers, name)
            assert (
                ORDER.index(after.outcome) >= ORDER.index(before.outcome)
                or before.outcome == "not_enough_known"
            )
            learned += before.established < after.established
    assert learned > 100


def test_order_of_answers_changes_nothing(engine: Engine, catalogue: Catalogue) -> None:
    dice = random.Random(2013)
    for _ in range(100):
        answers = random_answers(catalogue, dice)
        shuffled = dict(dice.sample(sorted(answers.items()), len(answers)))
        one, other = assess(engine, catalogue, answers), assess(engine, catalogue, shuffled)
        assert (one.statuses, one.trace, one.outcome) == (other.statuses, other.trace, other.outcome)


def test_declined_is_never_the_same_as_no(engine: Engine, catalogue: Catalogue) -> None:
    """For every gate of the core, denying and declining come apart in what may still become."""
    answers = denials(catalogue, "intake")
    for name in catalogue.instruments["intake"].core:
        denied = assess(engine, catalogue, answers)
        declined = assess(engine, catalogue, {**answers, name: {"state": "declined"}})
        assert (denied.outcome, denied.statuses) != (declined.outcome, declined.statuses), name


def test_no_rule_reads_consent_residence_status_or_the_record(program: Program, catalogue: Catalogue) -> None:
    silent = {name for name, question in catalogue.questions.items() if question.about == "administration"}
    assert {"consent_to_talk", "consent_to_record", "residence_status"} <= silent
    tested = {test["question"] for test in program.data["tests"].values()}
    assert tested & silent == set()


def test_sex_is_read_only_beside_the_result(program: Program) -> None:
    read = questions_read(program)
    for conclusion in program.data["conclusions"]:
        if "sex" in read[conclusion["id"]]:
            beside = conclusion["kind"] == "eligibility" or conclusion.get("class") == "aggravating"
            assert beside, conclusion["id"]


def test_nothing_of_a_kept_record_lowers_a_result(engine: Engine, catalogue: Catalogue) -> None:
    """An absence report, a charge or work in commercial sex, added to each account, takes nothing away."""
    added = {
        "absence_report": "filed",
        "charged_or_held": ["papers_or_absence"],
        "residence_status": "expired_or_cancelled",
        "consent_to_record": "no",
    }
    for item in load_demo_interviews():
        told = item.interview["answers"]
        before = assess(engine, catalogue, told)
        for name, value in added.items():
            after = assess(engine, catalogue, {name: value, **told})
            assert before.established <= after.established, (item.id, name)


def test_every_rule_has_a_source_that_is_known(program: Program) -> None:
    for conclusion in program.data["conclusions"]:
        for rule in conclusion.get("rules", ()):
            if conclusion["kind"] == "eligibility":
                continue
            assert rule["sources"], rule["id"]
            for citation in rule["sources"]:
                assert citation["source"] in program.data["sources"], rule["id"]
                assert set(program.data["locators"][citation["locator"]]) == {"en", "ar"}, rule["id"]
                assert citation["confidence"] in ("verified_text", "secondary", "unverified", "own_design")


def test_repealed_law_is_cited_by_no_rule(program: Program, catalogue: Catalogue) -> None:
    ended = {
        name
        for name, source in catalogue.sources.items()
        if source.in_force_to and source.in_force_to < AS_OF
    }
    cited = {
        citation["source"]
        for conclusion in program.data["conclusions"]
        for rule in conclusion.get("rules", ())
        for citation in rule["sources"]
    }
    assert cited & ended == set()


def test_every_conclusion_can_be_walked_back_to_questions(program: Program) -> None:
    for name, questions in questions_read(program).items():
        assert questions, name
    for conclusion in program.data["conclusions"]:
        for when in conditions_of(conclusion):
            assert [*references_in(when), *read_directly(when)], conclusion["id"]


def test_demo_interviews_come_out_as_people_who_know_them_would_expect(
    engine: Engine, catalogue: Catalogue
) -> None:
    """The fair readings of the published cases, and what each invented one was written to show."""
    at_least = {
        "PC-01": {"trafficking_possible", "trafficking_indicated", "other_concern"},
        "PC-02": {"other_concern"},
        "PC-03": {"trafficking_indicated"},
        "PC-04": {"trafficking_indicated"},
        "PC-05": {"trafficking_indicated"},
        "PC-06": {"trafficking_indicated"},
        "PC-07": {"other_concern", "not_enough_known"},
        "PC-08": {"other_concern"},
        "IN-01": {"trafficking_indicated"},
        "IN-04": {"other_concern"},
        "IN-07": {"other_concern"},
        "IN-08": {"other_concern"},
        "IN-09": {"not_enough_known"},
        "IN-10": {"nothing_indicated_so_far"},
        "IN-11": {"other_concern"},
        "IN-15": {"other_concern"},
    }
    found = {
        item.id: assess(engine, catalogue, item.interview["answers"], item.interview["instrument"])
        for item in load_demo_interviews()
    }
    assert len(found) >= 20
    for name, outcomes in at_least.items():
        assert found[name].outcome in outcomes, name
    assert found["PC-01"].statuses["finding.separate.visa_trading"] == TRUE
    assert found["PC-08"].statuses["finding.separate.smuggling"] == TRUE
    assert found["PC-07"].statuses["route.child_protection"] == TRUE
    assert found["IN-11"].statuses["finding.separate.family_violence"] == TRUE
    assert found["IN-12"].statuses["finding.separate.statelessness"] == TRUE
    assert found["IN-12"].statuses["route.embassy"] != TRUE


def test_no_text_of_a_rule_calls_anybody_a_victim(program: Program) -> None:
    """Titles of published works may; what we say about a person never does."""
    said = [
        text
        for conclusion in program.data["conclusions"]
        for item in (conclusion, *conclusion.get("rules", ()))
        for text in _texts({key: value for key, value in item.items() if key != "rules"})
    ]
    said += [text for question in program.data["questions"].values() for text in _texts(question)]
    said += [text for route in program.data["routes"].values() for text in _texts(route)]
    assert len(said) > 1000
    assert [
        text
        for text in said
        if re.search(r"\bvictim", text, re.IGNORECASE) or "ضحي" in text or "المجني عليه" in text
    ] == []


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


# One clear pattern for each instrument, in questions of that instrument alone.
PATTERNS: dict[str, dict[str, Any]] = {
    "intake": {
        "kind_of_work": "domestic_work",
        "documents_holder": "employer",
        "documents_returned_on_request": "no",
        "daily_hours": 16,
        "months_unpaid": 4,
    },
    "inspection": {
        "kind_of_work": "private_sector",
        "exits_locked_seen": "locked_from_outside",
        "sleeping_place_seen": "unfit_or_overcrowded",
        "pay_late_or_kept": "no_pay_at_all",
    },
    "complaint": {
        "kind_of_work": "private_sector",
        "documents_holder": "employer",
        "documents_returned_on_request": "no",
        "daily_hours": 16,
        "months_unpaid": 4,
    },
    "rescreen": {
        "kind_of_work": "private_sector",
        "made_to_do": ["other_work"],
        "made_to_do_pressure": ["threats"],
    },
}


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_one_clear_pattern_is_not_diluted_by_every_other_no(
    engine: Engine, catalogue: Catalogue, instrument: str
) -> None:
    pattern = PATTERNS[instrument]
    assert set(pattern) <= set(catalogue.instruments[instrument].questions)
    alone = assess(engine, catalogue, pattern, instrument)
    assert alone.outcome == "trafficking_indicated"
    asked = {**denials(catalogue, instrument), **pattern}
    answers = {
        name: said for name, said in asked.items() if name in pattern or alone.relevance[name] != FALSE
    }
    assert len(answers) > len(pattern) + 8
    found = assess(engine, catalogue, answers, instrument)
    assert found.outcome == "trafficking_indicated"
    assert alone.established <= found.established
