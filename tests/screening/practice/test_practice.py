"""Practice: nobody says a no that the story does not tell, and feedback is derived from the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from indicators.catalogue import Catalogue
from screening.demo_interviews import load_demo_interviews
from screening.engines import Engines
from screening.practice.feedback import LADDER, Concluded, Feedback, give_feedback, route_choices
from screening.practice.people import Sitter, find_sitter, hear, practice_contents

TODAY = date(2026, 11, 1)
EVERYBODY = [one.interview for one in practice_contents().people]


@pytest.fixture(scope="module")
def catalogue(kuwait_engines: Engines) -> Catalogue:
    return kuwait_engines.catalogue()


def find(engines: Engines, id: str) -> Sitter:
    found = find_sitter(engines, id, TODAY)
    assert found is not None
    return found


def look(
    engines: Engines,
    id: str,
    asked: Sequence[str],
    outcome: str,
    needs: Sequence[str] = (),
    routes: Sequence[str] = (),
) -> Feedback:
    concluded = Concluded(outcome, frozenset(needs), frozenset(routes))
    return give_feedback(find(engines, id), asked, concluded, engines.catalogue())


def test_everybody_invented_can_be_practised_with_once(kuwait_engines: Engines) -> None:
    invented = {one.id for one in load_demo_interviews() if one.invented}
    assert len(EVERYBODY) == 16
    assert set(EVERYBODY) == invented
    levels = {level.id for level in practice_contents().levels}
    assert {one.level for one in practice_contents().people} == levels
    assert find_sitter(kuwait_engines, "IN-99", TODAY) is None


@pytest.mark.parametrize("id", EVERYBODY)
def test_what_was_invented_for_practice_does_not_change_what_the_story_comes_to(
    kuwait_engines: Engines, catalogue: Catalogue, id: str
) -> None:
    from screening.assessments import assess_answers

    sitter = find(kuwait_engines, id)
    questions = set(catalogue.instruments[sitter.instrument].questions)
    assert set(sitter.person.says) <= questions, "an answer that no question of the instrument can find"
    told = {name: sitter.answers[name] for name in sitter.told.interview["answers"]}
    story = assess_answers(sitter.rules, told, sitter.instrument, sitter.as_of)
    done = look(kuwait_engines, id, sorted(questions), story.outcome)
    assert done.there_was == story.outcome_label
    assert done.stance == "same"
    assert not done.signs_missed
    assert not done.beginning
    assert not [one for one in done.needs if one.state == "not_asked"]


@pytest.mark.parametrize("id", EVERYBODY)
def test_nobody_says_a_no_that_the_story_does_not_tell(
    kuwait_engines: Engines, catalogue: Catalogue, id: str
) -> None:
    sitter = find(kuwait_engines, id)
    for name in catalogue.instruments[sitter.instrument].questions:
        answer = hear(sitter, catalogue.questions[name])
        assert answer.state != "not_asked"
        if name not in sitter.answers and name != "own_account":
            assert answer.state in ("not_known", "declined"), name


def test_every_need_of_the_rules_can_be_named(kuwait_engines: Engines) -> None:
    sitter = find(kuwait_engines, "IN-01")
    program = sitter.rules.program.data
    needs = {item["need"] for item in program["conclusions"] if item["kind"] == "finding"} - {None}
    assert set(practice_contents().needs) == needs
    assert set(LADDER) == {*program["ladder"], *program["below"]}
    assert {name for name, _ in route_choices(sitter)} == set(program["routes"])


def test_feedback_names_signs_questions_needs_and_routes_that_were_missed(kuwait_engines: Engines) -> None:
    asked = ["heard_alone", "locked_in", "pay_late_or_kept"]
    done = look(kuwait_engines, "IN-01", asked, "other_concern", ["food"], ["shelter"])
    assert done.more_to_hear
    texts = {text.en for sign in done.signs_missed for text in sign.questions}
    assert "Who has your passport or your other papers now?" in texts
    assert all(sign.why and any(rule.sources for rule in sign.why) for sign in done.signs_missed)
    states = {one.need: one.state for one in done.needs}
    assert states["food"] == "without"
    assert "overlooked" in states.values()
    assert any(one.state == "overlooked" for one in done.routes)
    assert done.next_questions


@pytest.mark.parametrize(
    ("outcome", "stance"),
    [("trafficking_indicated", "higher"), ("not_enough_known", "same"), ("nothing_indicated_so_far", "same")],
)
def test_a_conclusion_is_compared_with_what_was_heard_and_not_with_the_story(
    kuwait_engines: Engines, outcome: str, stance: str
) -> None:
    assert look(kuwait_engines, "IN-01", ["heard_alone"], outcome).stance == stance


def test_too_low_a_conclusion_is_noticed(kuwait_engines: Engines, catalogue: Catalogue) -> None:
    everything = catalogue.instruments["intake"].questions
    done = look(kuwait_engines, "IN-13", everything, "other_concern")
    assert done.stance == "lower"
    assert not done.more_to_hear
