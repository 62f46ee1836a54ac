"""The browser evaluator gives the canonical result of the reference, byte for byte, and the same firings.

`SOAK=1` compares 50,000 random cases; without it the first 3,000 of the same.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from benchmarks.interviews import random_sittings
from rules.executors.reference import Reference
from rules.program import Program
from rules.revisions import draft_program
from rules.rule_sets import load_rule_set
from screening.demo_interviews import load_demo_interviews
from tests.api.field.evaluators import Call
from tests.api.field.expectations import (
    ANSWERS_A_PROGRAM,
    Compared,
    compare_with_reference,
    differences,
    random_comparisons,
)
from tests.api.field.wide_programs import DAYS_OF_ASSESSMENT
from tests.rules.interviews import AS_OF
from tests.rules.random_programs import random_answers, random_program
from tests.rules.small_programs import question, small_program

IN_FULL = os.environ.get("SOAK") == "1"
CASES = 50_000 if IN_FULL else 3_000
PROGRAMS_AT_ONCE = 200

Json = dict[str, Any]


@pytest.fixture(scope="session")
def shipped() -> Program:
    return draft_program()


def test_every_case_of_the_shipped_rules(call: Call, shipped: Program) -> None:
    rule_set, _ = load_rule_set()
    requests = [
        {
            "answers": case.answers,
            "instrument": case.instrument or "intake",
            "asOf": (case.as_of or rule_set.head.cases_as_of).isoformat(),
        }
        for module in rule_set.modules
        for case in module.cases
    ]
    assert len(requests) > 400
    compared = compare_with_reference(shipped, requests)
    # The few cases that no interview could send are of the contents' own tests.
    assert sum("refused" in one for one in compared.wanted) == 0
    assert differences(call, [compared]) == []


def test_the_shipped_interviews(call: Call, shipped: Program) -> None:
    requests = [_request(item.interview) for item in load_demo_interviews()]
    assert len(requests) > 20
    assert differences(call, [compare_with_reference(shipped, requests)]) == []


def test_random_interviews_by_the_shipped_rules(call: Call, shipped: Program) -> None:
    sittings = random_sittings(Reference(shipped), 150, seed=5)
    random = Random(5)
    requests = [{**_request(one.body), "asOf": random.choice(DAYS_OF_ASSESSMENT)} for one in sittings]
    assert {one["instrument"] for one in requests} == set(shipped.data["instruments"])
    assert differences(call, [compare_with_reference(shipped, requests)]) == []


def test_the_programs_that_the_other_executors_are_compared_on(call: Call) -> None:
    assert differences(call, list(differential_corpus(range(100)))) == []


def differential_corpus(seeds: range) -> Iterator[Compared]:
    """The first programs and answers of the long run that compares the engine with the reference."""
    for seed in seeds:
        random = Random(f"differential {seed}")
        program = random_program(random)
        requests = [
            {
                "answers": random_answers(random, program.data),
                "instrument": "intake",
                "asOf": AS_OF.isoformat(),
            }
            for _ in range(ANSWERS_A_PROGRAM)
        ]
        # Those programs have routes without urgency, which no compiled program has.
        for conclusion in program.data["conclusions"]:
            for rule in conclusion.get("rules", ()):
                rule.setdefault("urgency", "soon")
        yield compare_with_reference(Program.from_data(program.data), requests)


@pytest.mark.soak
@pytest.mark.timeout(0 if IN_FULL else 300)
def test_random_programs_and_answers(call: Call) -> None:
    programs = CASES // ANSWERS_A_PROGRAM
    seen: Counter[str] = Counter()
    for start in range(0, programs, PROGRAMS_AT_ONCE):
        compared = list(random_comparisons(range(start, min(start + PROGRAMS_AT_ONCE, programs))))
        assert differences(call, compared) == []
        seen.update(what for one in compared for case in one.wanted for what in _kinds_of(case))
    assert seen["cases"] == CASES
    # What could hide a difference by never occurring.
    rare = {kind: number for kind, number in seen.items() if number < CASES / 100}
    assert not rare


def test_what_is_read_of_a_case() -> None:
    """The kinds that the random test counts are told apart."""
    assert set(_kinds_of({"refused": True})) == {"cases", "refused"}


def test_a_long_chain_and_a_wide_choice(call: Call) -> None:
    names = [f"q{number}" for number in range(300)]
    deep: Any = ["test", "t0"]
    for number in range(1, 150):
        deep = [("all", "any")[number % 2], [["test", f"t{number}"], deep]]
    leaves = [["test", f"t{number}"] for number in range(len(names))]
    program = small_program(
        {name: question("yes_no") for name in names},
        {f"t{number}": (name, "is", "yes") for number, name in enumerate(names)},
        {"deep": deep, "all": ["all", leaves], "any": ["any", leaves], "many": ["at_least", 200, leaves]},
    )
    every: list[Json] = [dict.fromkeys(names[:number], "yes") for number in (0, 1, 199, 200, 299, 300)]
    requests = [{"answers": one, "instrument": "intake", "asOf": "2026-11-01"} for one in every]
    assert differences(call, [compare_with_reference(program, requests)]) == []


def _request(body: Mapping[str, Any]) -> Json:
    return {
        "answers": body["answers"],
        "instrument": body.get("instrument", "intake"),
        "asOf": body.get("as_of") or AS_OF.isoformat(),
    }


def _kinds_of(case: Mapping[str, Any]) -> Iterator[str]:
    yield "cases"
    if "refused" in case:
        yield "refused"
        return
    result = json.loads(case["written"])
    yield result["outcome"]
    yield from (
        key for key in ("contradicted", "missing_parameters", "may_still_become", "routes") if result[key]
    )
    yield from (f"urgent {level}" for level, needs in result["urgent"].items() if needs)
    yield from (f"urgency {one}" for one in set(result["routes"].values()))
    yield from set(result["statuses"].values())
    yield from set(case["relevance"].values())
    if case["disputed"]:
        yield "disputed"
    if any(len(questions) > 2 for questions in result["supports"].values()):
        yield "long support"
