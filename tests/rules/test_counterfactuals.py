"""What would change a result: every way does what it says, and what is said without one is honest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import given, settings

from indicators.answers import Answer, Day, Range
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules import counterfactuals
from rules.counterfactuals import Counterfactuals, find_counterfactuals, withdrawn
from rules.executors.reference import Reference
from rules.program import Program
from rules.waiting import is_inexact
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
from tests.rules.random_programs import random_answers
from tests.rules.small_programs import question, small_program

FEW = settings(max_examples=100, deadline=None)


def searched(interview: Interview) -> Iterator[Counterfactuals]:
    reference, evaluation = interview.reference, interview.evaluated()
    for name, status in evaluation.statuses.items():
        if status == UNKNOWN:
            yield find_counterfactuals(reference, evaluation, name)


def contradictions(program: Program, answers: Mapping[str, Answer]) -> set[str]:
    relevance = naive_relevance(program.data, answers, AS_OF)
    return {name for name, one in answers.items() if one.state == "value" and relevance[name] == FALSE}


def faults_of(interview: Interview) -> list[str]:
    """What is wrong with the ways found, one line each, judged by the naive meaning."""
    program, answers, _ = interview
    known = contradictions(program, answers)
    faults = []
    for found in searched(interview):
        if (found.result == "found") != bool(found.ways) or len(found.ways) > 3:
            faults.append(f"{found.conclusion}: {found.result} with {len(found.ways)} ways")
        for way in found.ways:
            if not 1 <= len(way) <= 4:
                faults.append(f"{found.conclusion}: {len(way)} answers")
            if any(not is_open(answers.get(name), answer) for name, answer in way.items()):
                faults.append(f"{found.conclusion}: replaces an answer")
            together = {**answers, **way}
            if naive_statuses(program.data, together, AS_OF)[found.conclusion] != TRUE:
                faults.append(f"{found.conclusion}: not reached by {sorted(way)}")
            if contradictions(program, together) - known:
                faults.append(f"{found.conclusion}: contradiction in {sorted(way)}")
            for spare in way:
                fewer = {**answers, **{name: one for name, one in way.items() if name != spare}}
                if naive_statuses(program.data, fewer, AS_OF)[found.conclusion] == TRUE:
                    faults.append(f"{found.conclusion}: {spare} is spare in {sorted(way)}")
    return faults


def is_open(given: Answer | None, proposed: Answer) -> bool:
    """Whether a proposed answer adds to what was said and takes nothing of it back."""
    if given is None or given.state != "value":
        return True
    known, value = given.value, proposed.value
    if not is_inexact(given):
        return False
    if isinstance(known, tuple) and isinstance(value, tuple):
        return set(known) <= set(value)
    if isinstance(known, Day) and isinstance(value, Day):
        return known.first <= value.first and value.last <= known.last
    assert isinstance(known, Range)
    assert isinstance(value, int)
    return (known.first is None or known.first <= value) and (known.last is None or value <= known.last)


def missed_by(interview: Interview) -> list[str]:
    """Conclusions that a few random open answers establish although the search said that none can."""
    program, answers, random = interview
    said = {name for name, one in answers.items() if one.state == "value"}
    missed = []
    for found in searched(interview):
        if found.result not in ("needs_more", "not_possible"):
            continue
        for _ in range(20):
            everything = read(program, random_answers(random, program.data))
            values = [name for name in everything if everything[name].state == "value" and name not in said]
            some = random.sample(values, min(len(values), 4 if found.result == "needs_more" else len(values)))
            together = {**answers, **{name: everything[name] for name in some}}
            reached = naive_statuses(program.data, together, AS_OF)[found.conclusion] == TRUE
            if reached and not contradictions(program, together) - contradictions(program, answers):
                missed.append(found.conclusion)
    return missed


@given(interviews())
@FEW
def test_every_way_reaches_what_it_says_with_no_answer_to_spare(interview: Interview) -> None:
    assert faults_of(interview) == []


@given(interviews())
@FEW
def test_what_is_said_to_be_out_of_reach_is(interview: Interview) -> None:
    assert missed_by(interview) == []


def changed_by_order(interview: Interview) -> bool:
    reference, evaluation, random = interview.reference, interview.evaluated(), interview.random
    shuffled = dict(random.sample(list(interview.answers.items()), len(interview.answers)))
    again = evaluate(interview.program, shuffled)
    if evaluation.undetermined != again.undetermined:
        return True
    for name in evaluation.undetermined:
        one, other = (find_counterfactuals(reference, each, name) for each in (evaluation, again))
        if one != other or [list(way) for way in one.ways] != [list(way) for way in other.ways]:
            return True
    return False


@given(interviews())
@FEW
def test_the_same_question_has_the_same_answer(interview: Interview) -> None:
    assert not changed_by_order(interview)


def misreported(interview: Interview) -> set[str]:
    """Conclusions of which a correction does not say rightly whether it withdraws them."""
    program, answers, random = interview
    corrected = read(program, random_answers(random, program.data))
    before, after = (evaluate(program, each).statuses for each in (answers, corrected))
    first, second = (naive_statuses(program.data, each, AS_OF) for each in (answers, corrected))
    lost = {name for name in first if first[name] == TRUE and second[name] != TRUE}
    return lost ^ set(counterfactuals.withdrawn(before, after))


@given(interviews())
@FEW
def test_a_correction_says_what_it_withdraws(interview: Interview) -> None:
    assert misreported(interview) == set()


def test_a_correction_may_withdraw_and_learning_may_not() -> None:
    program = small_program(yes_no("a", "b"), {"t": ("a", "is", "yes")}, {"x": ["test", "t"]})
    before = evaluate(program, read(program, {"a": "yes"})).statuses
    corrected = evaluate(program, read(program, {"a": "no"})).statuses
    learned = evaluate(program, read(program, {"a": "yes", "b": "no"})).statuses
    assert withdrawn(before, corrected) == ("finding.x",)
    assert withdrawn(before, learned) == ()


def search(
    program: Program, raw: Mapping[str, object], name: str, steps: int = counterfactuals.STEPS
) -> Counterfactuals:
    return find_counterfactuals(Reference(program), evaluate(program, read(program, raw)), name, steps)


def yes_no(*names: str, heavy: str = "") -> dict[str, dict[str, object]]:
    return {name: question("yes_no", distress=3 if name == heavy else 1) for name in names}


def test_lighter_ways_come_first_then_ids() -> None:
    names = ("a_beaten", "b_locked_in", "c_papers", "d_debt")
    program = small_program(
        yes_no(*names, heavy="a_beaten"),
        {name: (name, "is", "yes") for name in names},
        {"x": ["any", [["test", name] for name in names]]},
    )
    found = search(program, {}, "finding.x")
    assert [list(way) for way in found.ways] == [["b_locked_in"], ["c_papers"], ["d_debt"]]
    found = search(program, {"c_papers": "no", "d_debt": "no"}, "finding.x")
    assert [list(way) for way in found.ways] == [["b_locked_in"], ["a_beaten"]]


def test_it_says_when_more_than_four_answers_are_needed_and_when_none_helps() -> None:
    names = [f"q{number}" for number in range(6)]
    tests = {name: (name, "is", "yes") for name in names}
    program = small_program(
        yes_no(*names),
        {**tests, "no": ("q0", "is", "no")},
        {
            "five": ["all", [["test", name] for name in names[:5]]],
            "all": ["all", [["test", name] for name in names]],
            "never": ["all", [["test", "q0"], ["test", "no"]]],
        },
    )
    assert search(program, {}, "finding.five").result == "needs_more"
    assert search(program, {"q0": "yes"}, "finding.five").result == "found"
    assert search(program, {"q0": "yes"}, "finding.all").result == "needs_more"
    assert search(program, {}, "finding.never").result == "not_possible"
    assert search(program, {"q0": "yes"}, "finding.never").result == "not_possible"


def test_a_search_that_is_cut_off_says_so() -> None:
    names = [f"q{number}" for number in range(8)]
    program = small_program(
        yes_no(*names),
        {name: (name, "is", "yes") for name in names},
        {"x": ["at_least", 4, [["test", name] for name in names]]},
    )
    assert search(program, {}, "finding.x").result == "found"
    assert search(program, {}, "finding.x", steps=5) == Counterfactuals("finding.x", "search_stopped", ())


def test_values_lie_just_beyond_the_line_that_a_test_draws() -> None:
    program = small_program(
        {
            "hours": question("whole_number"),
            "left": question("date"),
            "threats": question("several_choices", options=["police", "family", "none"], exclusive="none"),
        },
        {
            "long": ("hours", "more_than", {"parameter": "limit"}),
            "old": ("left", "at_least_ago", {"months": 2}),
            "police": ("threats", "includes", "police"),
            "family": ("threats", "includes", "family"),
        },
        {
            "long": ["test", "long"],
            "old": ["test", "old"],
            "both": ["all", [["test", "police"], ["test", "family"]]],
        },
        parameters={
            "limit": {
                "unit": "hours",
                "selector": None,
                "label": {},
                "values": [{"for": [], "from": "2015-01-01", "by": None, "to": None, "value": 12}],
            }
        },
    )
    assert search(program, {}, "finding.long").ways == ({"hours": Answer("value", 13)},)
    (way,) = search(program, {}, "finding.old").ways
    assert isinstance(way["left"].value, Day)
    assert way["left"].value.text <= "2026-09-01"
    assert search(program, {}, "finding.both").ways == ({"threats": Answer("value", ("family", "police"))},)
    more = search(program, {"threats": ["police"]}, "finding.both")
    assert more.ways == ({"threats": Answer("value", ("family", "police"))},)
    assert (
        search(program, {"threats": {"value": ["police"], "complete": True}}, "finding.both").result
        == "not_possible"
    )
    later = search(program, {"left": "2026-09"}, "finding.old")
    assert later.ways == (
        {
            "left": Answer(
                "value", Day(AS_OF.replace(month=9, day=1), AS_OF.replace(month=9, day=1), "2026-09-01")
            )
        },
    )


def test_the_kind_that_chooses_a_dated_value_can_be_what_is_missing() -> None:
    values = [
        {"for": ["domestic"], "from": "2015-01-01", "by": None, "to": None, "value": 12},
        {"for": ["office"], "from": "2015-01-01", "by": None, "to": None, "value": 8},
    ]
    program = small_program(
        {"kind": question("one_choice", options=["domestic", "office"]), "hours": question("whole_number")},
        {"long": ("hours", "more_than", {"parameter": "limit"})},
        {"long": ["test", "long"]},
        parameters={"limit": {"unit": "hours", "selector": "kind", "label": {}, "values": values}},
    )
    assert search(program, {"hours": 10}, "finding.long").ways == ({"kind": Answer("value", "office")},)
    assert search(program, {"kind": "office"}, "finding.long").ways == ({"hours": Answer("value", 9)},)
    assert search(program, {}, "finding.long").ways[0] == {"hours": Answer("value", 13)}


def test_no_way_contradicts_itself() -> None:
    program = small_program(
        {"working": question("yes_no"), "paid": question("yes_no", applies_when=["test", "w"])},
        {"w": ("working", "is", "yes"), "n": ("working", "is", "no"), "u": ("paid", "is", "no")},
        {"odd": ["all", [["test", "n"], ["test", "u"]]]},
    )
    assert search(program, {}, "finding.odd").result == "not_possible"


def test_what_is_settled_has_no_way() -> None:
    program = small_program(yes_no("a"), {"t": ("a", "is", "yes")}, {"x": ["test", "t"]})
    for said in ("yes", "no"):
        assert search(program, {"a": said}, "finding.x") == Counterfactuals("finding.x", "not_possible", ())


def found(check: Callable[[Interview], object], seeds: int = 300) -> bool:
    return any(check(seeded(seed, 3, 4)) for seed in range(seeds))


def test_planted_faults_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for check in (faults_of, missed_by, changed_by_order, misreported):
        assert not found(check, seeds=20)
    search_type = counterfactuals._Search
    with monkeypatch.context() as planted:
        # Shown without being evaluated.
        planted.setattr(search_type, "_reaches", lambda self, conclusion, way: bool(way))
        assert found(faults_of)
    with monkeypatch.context() as planted:
        # Ways that are never joined: what needs two answers is called impossible.
        planted.setattr(search_type, "_joined", lambda self, one, other: None)
        assert found(missed_by)
    with monkeypatch.context() as planted:
        forget_the_last_answer(planted)
        assert found(changed_by_order)
    with monkeypatch.context() as planted:
        planted.setattr(counterfactuals, "withdrawn", lambda before, after: ())
        assert found(misreported)
