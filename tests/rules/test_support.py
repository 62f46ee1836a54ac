"""Supports and refutations are sufficient and irreducible; evidence is every firing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from indicators.answers import Answer
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules import support
from rules.executors.reference import Reference
from rules.support import evidence_of, find_refutations, find_supports
from rules.variants import Variants
from tests.rules.interviews import (
    AS_OF,
    Interview,
    evaluate,
    forget_the_last_answer,
    interviews,
    read,
    seeded,
)
from tests.rules.naive_meaning import naive_statuses
from tests.rules.small_programs import question, small_program

FEW = settings(max_examples=120, deadline=None)


def faults_of(interview: Interview, found: Mapping[str, Iterable[str]], status: int) -> list[str]:
    """What is wrong with these sets of questions, one line each, judged by the naive meaning."""
    data, answers = interview.program.data, interview.answers
    statuses = naive_statuses(data, answers, AS_OF)
    faults = [f"{name} is missing" for name in statuses if statuses[name] == status and name not in found]
    for name, questions in found.items():
        alone: dict[str, Answer] = {key: answers[key] for key in questions}
        if statuses[name] != status or naive_statuses(data, alone, AS_OF)[name] != status:
            faults.append(f"{name} does not follow from {sorted(alone)}")
        for left_out in alone:
            fewer = {key: answer for key, answer in alone.items() if key != left_out}
            if naive_statuses(data, fewer, AS_OF)[name] == status:
                faults.append(f"{name} does not need {left_out}")
    return faults


def support_faults(interview: Interview) -> list[str]:
    return faults_of(interview, find_supports(interview.reference, interview.evaluated()), TRUE)


def refutation_faults(interview: Interview) -> list[str]:
    return faults_of(interview, find_refutations(interview.reference, interview.evaluated()), FALSE)


@given(interviews())
@FEW
def test_a_support_is_sufficient_and_irreducible(interview: Interview) -> None:
    assert support_faults(interview) == []


@given(interviews())
@FEW
def test_a_refutation_is_sufficient_and_irreducible(interview: Interview) -> None:
    assert refutation_faults(interview) == []


def changed_by_order(interview: Interview) -> bool:
    reference, random = interview.reference, interview.random
    shuffled = dict(random.sample(list(interview.answers.items()), len(interview.answers)))
    one, other = interview.evaluated(), evaluate(interview.program, shuffled)
    return any(find(reference, one) != find(reference, other) for find in (find_supports, find_refutations))


@given(interviews())
@FEW
def test_the_order_of_answers_is_irrelevant(interview: Interview) -> None:
    assert not changed_by_order(interview)


def evidence_faults(interview: Interview) -> list[str]:
    """What is wrong with the evidence of each conclusion, one line each."""
    evaluation = interview.evaluated()
    data = interview.program.data
    read_by = {
        item["id"]: {ref for when in _conditions(item) for ref in _refs(when)} for item in data["conclusions"]
    }
    faults = []
    for name, status in evaluation.statuses.items():
        evidence = {firing.rule for firing in evidence_of(interview.program, evaluation.trace, name)}
        if bool(evidence) != (status == TRUE):
            faults.append(f"{name} is {status} on {sorted(evidence)}")
        below, seen = {name}, {name}
        while below:
            # Only what is established can be evidence.
            below = {ref for one in below for ref in read_by[one] if evaluation.statuses[ref] == TRUE} - seen
            seen |= below
        if not evidence <= _firings(data, seen):
            faults.append(f"{name} does not read {sorted(evidence)}")
        for firing in evaluation.trace:
            if firing.rule in _firings(data, {name}) and firing.rule not in evidence:
                faults.append(f"{name} lacks {firing.rule}")
            if firing.rule in evidence:
                for child in firing.children:
                    if child in read_by and not _firings(data, {child}) & evidence:
                        faults.append(f"{name} lacks what {firing.rule} stands on")
        established = [one for one in seen if evaluation.statuses[one] == TRUE]
        in_dimensions = {one for one in established if one.startswith("dimension.")}
        for one in in_dimensions & seen if evidence else ():
            fired = _firings(data, {one}) & evidence
            for ref in read_by[one] if fired else ():
                if evaluation.statuses[ref] == TRUE and not _firings(data, {ref}) & evidence:
                    faults.append(f"{name} lacks {ref} of {one}")
    return faults


@given(interviews())
@FEW
def test_evidence_is_every_firing_that_a_conclusion_stands_on(interview: Interview) -> None:
    assert evidence_faults(interview) == []


def _conditions(item: Mapping[str, Any]) -> list[Any]:
    return [one["when"] for one in item.get("rules", item.get("entries", []))]


def _refs(expression: Any) -> Iterable[str]:
    if expression[0] == "ref":
        yield expression[1]
    elif expression[0] != "test":
        for part in expression[-1]:
            yield from _refs(part)


def _firings(data: Mapping[str, Any], conclusions: Iterable[str]) -> set[str]:
    names = set()
    for item in data["conclusions"]:
        if item["id"] in conclusions:
            names |= {rule["id"] for rule in item.get("rules", [])}
            title = item["id"].removeprefix("dimension.")
            names |= {f"{title}/{one['id']}" for one in item.get("combinations", [])}
    return names


def test_a_support_names_one_of_two_reasons_and_both_halves_of_one() -> None:
    program = small_program(
        {name: question("yes_no") for name in ("beaten", "locked_in", "papers_kept", "papers_refused")},
        {name: (name, "is", "yes") for name in ("beaten", "locked_in", "papers_kept", "papers_refused")},
        {
            "force": ["any", [["test", "beaten"], ["test", "locked_in"]]],
            "papers": ["all", [["test", "papers_kept"], ["test", "papers_refused"]]],
        },
    )
    said = read(program, dict.fromkeys(program.data["questions"], "yes"))
    found = find_supports(Reference(program), evaluate(program, said))
    # Left out in the order of their ids, so that the later of two reasons remains.
    assert found == {"finding.force": ("locked_in",), "finding.papers": ("papers_kept", "papers_refused")}


def test_what_rules_a_finding_out_may_be_that_the_question_cannot_apply() -> None:
    program = small_program(
        {"working": question("yes_no"), "paid": question("yes_no", applies_when=["test", "w"])},
        {"w": ("working", "is", "yes"), "u": ("paid", "is", "no")},
        {"unpaid": ["test", "u"]},
    )
    evaluation = evaluate(program, read(program, {"working": "no"}))
    assert find_refutations(Reference(program), evaluation)["finding.unpaid"] == ("working",)


def test_one_side_of_a_contradiction_can_rule_out_what_both_together_leave_open() -> None:
    program = small_program(
        {"working": question("yes_no"), "paid": question("yes_no", applies_when=["test", "w"])},
        {"w": ("working", "is", "yes"), "u": ("paid", "is", "no")},
        {"unpaid": ["test", "u"], "both": ["all", [["test", "u"], ["test", "w"]]]},
    )
    evaluation = evaluate(program, read(program, {"working": "no", "paid": "yes"}))
    assert evaluation.statuses["finding.unpaid"] == UNKNOWN
    assert find_refutations(Reference(program), evaluation)["finding.both"] == ("working",)


def found(check: Callable[[Interview], object], seeds: int = 200) -> bool:
    return any(check(seeded(seed)) for seed in range(seeds))


def test_a_support_that_keeps_too_much_or_too_little_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found(support_faults, seeds=20)
    assert not found(refutation_faults, seeds=20)
    settled = Variants.true_values
    with monkeypatch.context() as planted:
        # As if nothing could be left out.
        planted.setattr(Variants, "true_values", lambda self: (0,) * len(settled(self)))
        assert found(support_faults)
    with monkeypatch.context() as planted:
        # As if everything could.
        planted.setattr(Variants, "true_values", lambda self: (self.every,) * len(settled(self)))
        assert found(support_faults)
    with monkeypatch.context() as planted:
        # Whether a question applies is forgotten.
        planted.setattr(Variants, "possible_values", _without_gates)
        assert found(refutation_faults)


def test_an_order_that_matters_and_evidence_that_is_lost_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found(changed_by_order, seeds=20)
    assert not found(evidence_faults, seeds=20)
    with monkeypatch.context() as planted:
        forget_the_last_answer(planted)
        assert found(changed_by_order)
    with monkeypatch.context() as planted:
        planted.setattr(support, "references_in", lambda when: ())
        assert found(evidence_faults)


def _without_gates(self: Variants) -> tuple[int, ...]:
    return self.reference.conclude(self._not_false, self.every)
