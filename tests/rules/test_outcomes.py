"""The outcome: what keeps a result from being the lowest, and which of two outcomes is the higher."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from rules.outcomes import Ladder

STEPS = ["trafficking_indicated", "trafficking_possible", "other_concern"]


def finding(name: str, kind: str, element: str | None = None) -> dict[str, Any]:
    return {"id": f"finding.{name}", "kind": "finding", "class": kind, "element": element}


def indicator(name: str, circumstance: bool) -> dict[str, Any]:
    return {"id": f"indicator.{name}", "kind": "indicator", "circumstance": circumstance}


DATA: dict[str, Any] = {
    "ladder": STEPS,
    "conclusions": [
        indicator("papers_kept", circumstance=False),
        indicator("debt_at_home", circumstance=True),
        finding("act", "element", "act"),
        finding("means", "element", "means"),
        finding("purpose", "element", "purpose"),
        finding("labour", "pattern"),
        finding("smuggling", "separate"),
        finding("danger", "need"),
        finding("several_victims", "aggravating"),
        finding("works_at_home", "context"),
        finding("announce_child", "notice"),
        {"id": "dimension.m.d", "kind": "dimension"},
        *({"id": f"outcome.{step}", "kind": "outcome"} for step in STEPS),
        {"id": "route.shelter", "kind": "route"},
        {"id": "service.shelter.one", "kind": "eligibility"},
    ],
}
LADDER = Ladder.of(DATA)
SIGNS = {
    "indicator.papers_kept",
    "finding.means",
    "finding.purpose",
    "finding.labour",
    "finding.smuggling",
    "finding.danger",
    "finding.announce_child",
}


@pytest.mark.parametrize(
    "conclusion", [item["id"] for item in DATA["conclusions"] if item["kind"] != "outcome"]
)
def test_one_sign_rules_out_the_lowest_result_and_a_description_does_not(conclusion: str) -> None:
    expected = "not_enough_known" if conclusion in SIGNS else "nothing_indicated_so_far"
    assert LADDER.outcome({conclusion}, core_is_settled=True) == expected


def test_an_open_core_question_alone_rules_out_the_lowest_result() -> None:
    assert LADDER.outcome(set(), core_is_settled=True) == "nothing_indicated_so_far"
    assert LADDER.outcome(set(), core_is_settled=False) == "not_enough_known"


@pytest.mark.parametrize("core_is_settled", [True, False])
def test_the_highest_established_step_is_the_outcome(core_is_settled: bool) -> None:
    for number in range(1, 4):
        for steps in combinations(STEPS, number):
            established = {f"outcome.{step}" for step in steps}
            assert LADDER.outcome(established, core_is_settled) == steps[0]


def test_only_higher_undetermined_steps_may_still_come() -> None:
    undetermined = {"outcome.trafficking_indicated", "outcome.other_concern", "finding.means"}
    for low in ("nothing_indicated_so_far", "not_enough_known"):
        assert LADDER.may_still_become(undetermined, low) == ("trafficking_indicated", "other_concern")
    assert LADDER.may_still_become(undetermined, "trafficking_possible") == ("trafficking_indicated",)
    assert LADDER.may_still_become(undetermined, "trafficking_indicated") == ()


def test_the_higher_outcome_is_the_one_that_closes_less() -> None:
    order = [*STEPS, "not_enough_known", "nothing_indicated_so_far"]
    for one, other in combinations(order, 2):
        assert LADDER.higher_of(one, other) == LADDER.higher_of(other, one) == one
