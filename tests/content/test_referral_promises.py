"""What the shipped rule set must keep to when it recommends a route, tried on every case it ships with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from indicators.answers import read_answers
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from rules.evaluation import Engine, Evaluation
from rules.models import Case, RuleSet
from rules.program import Program, compile_program
from rules.rule_sets import load_rule_set

STRONG = {"finding.trafficking.indicated_basis", "finding.trafficking.possible_strong_basis"}
POSITIVE = {"trafficking_indicated", "trafficking_possible", "other_concern"}


@cache
def shipped() -> tuple[RuleSet, Catalogue, Program]:
    catalogue, _ = load_catalogue()
    rule_set, _ = load_rule_set(catalogue=catalogue)
    assert rule_set is not None
    return rule_set, catalogue, compile_program(rule_set, catalogue)


@cache
def evaluated() -> tuple[tuple[Case, Evaluation], ...]:
    rule_set, catalogue, program = shipped()
    engine = Engine(program, check=False)
    found = []
    for module in rule_set.modules:
        for case in module.cases:
            answers = read_answers(catalogue.questions, case.answers)
            as_of = case.as_of or rule_set.head.cases_as_of
            found.append((case, engine.evaluate(answers, as_of, case.instrument or "intake")))
    return tuple(found)


def routes(evaluation: Evaluation) -> set[str]:
    return {name.removeprefix("route.") for name in evaluation.established if name.startswith("route.")}


def value(case: Case, question: str) -> Any:
    """The plain value that a case gives, None for everything that is not one."""
    given = case.answers.get(question)
    return given.get("value") if isinstance(given, dict) else given


def rules_that_fired(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Each recommendation rule that fired, as its route and its urgency."""
    fired = {firing.rule for firing in evaluation.trace}
    _, _, program = shipped()
    for conclusion in program.data["conclusions"]:
        if conclusion["kind"] == "route":
            for rule in conclusion["rules"]:
                if rule["id"] in fired:
                    yield conclusion["id"].removeprefix("route."), rule["urgency"]


def test_no_positive_result_ends_without_the_offer_to_complete_the_screening() -> None:
    tried = [(case, one) for case, one in evaluated() if one.outcome in POSITIVE]
    assert len(tried) > 100
    assert [case.name.en for case, one in tried if "complete_the_screening" not in routes(one)] == []


def follows(when: Sequence[Any], holds: Mapping[str, bool]) -> bool:
    """Whether a condition is true through conclusions alone, every test being open."""
    match when[0]:
        case "test":
            return False
        case "ref":
            return holds[when[1]]
        case "all":
            return all(follows(part, holds) for part in when[1])
        case "any":
            return any(follows(part, holds) for part in when[1])
        case _:
            return sum(follows(part, holds) for part in when[2]) >= int(when[1])


def test_every_sign_alone_carries_the_offer_to_complete_the_screening() -> None:
    _, _, program = shipped()
    conclusions = program.data["conclusions"]
    forgotten = []
    for sign in conclusions:
        alone = sign["kind"] == "indicator" and not sign["circumstance"]
        if not alone and sign.get("class") not in ("separate", "need"):
            continue
        holds: dict[str, bool] = {}
        for item in conclusions:
            holds[item["id"]] = item["id"] == sign["id"] or any(
                follows(rule["when"], holds) for rule in item.get("rules", ())
            )
        if not holds["route.complete_the_screening"]:
            forgotten.append(sign["id"])
    assert forgotten == []


@pytest.mark.parametrize("route", ["embassy", "voluntary_return"])
def test_embassy_and_return_need_given_answers(route: str) -> None:
    found = [case for case, one in evaluated() if route in routes(one)]
    assert found
    for case in found:
        assert value(case, "fear_of_return") == "no", case.name.en
        assert value(case, "age_group") == "adult_settled", case.name.en
        if route == "embassy":
            assert value(case, "has_nationality") == "yes", case.name.en


def test_a_child_is_always_announced() -> None:
    children = [(case, one) for case, one in evaluated() if value(case, "age_group") in ("child", "in_doubt")]
    assert len(children) > 20
    assert [case.name.en for case, one in children if "child_protection" not in routes(one)] == []


def test_the_authorities_are_offered_on_a_strong_basis_only() -> None:
    tried = 0
    for case, one in evaluated():
        strong = bool(STRONG & one.established)
        tried += not strong
        assert ("anti_trafficking" in routes(one)) == strong, case.name.en
    assert tried > 100


def test_every_need_of_now_has_a_route_of_now() -> None:
    _, _, program = shipped()
    needs = {
        item["id"]
        for item in program.data["conclusions"]
        if item["kind"] == "finding" and item["level"] == "now"
    }
    seen: set[str] = set()
    for case, one in evaluated():
        established = needs & one.established
        seen |= established
        if established:
            assert "now" in {urgency for _, urgency in rules_that_fired(one)}, case.name.en
    assert seen == needs


def test_nobody_who_was_heard_goes_without_information() -> None:
    heard = [(case, one) for case, one in evaluated() if value(case, "age_group") is not None]
    assert [case.name.en for case, one in heard if "information_and_way_back" not in routes(one)] == []
