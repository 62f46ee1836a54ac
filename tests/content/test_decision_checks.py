"""The checks that the decision model asks for, tried on every rule and every account that ships."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accounts import AS_OF, Account, accounts
from benchmarks.dropped_facts import POSSIBLE, clear, drop_each
from benchmarks.sensitivity import dangling, evaluate, rules_by_module, without
from indicators.answers import read_answers
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.truth import TRUE
from indicators.yaml_reading import read_yaml
from rules.evaluation import Engine, Evaluation
from rules.program import Program, references_in
from rules.revisions import draft_program

LADDER = ("nothing_indicated_so_far", "not_enough_known", "other_concern", POSSIBLE, "trafficking_indicated")
PURPOSES = ("finding.purpose.direct", "finding.purpose.planned", "finding.purpose.conditions")
DENIALS: dict[str, Any] = read_yaml((Path(__file__).parent / "denials.yaml").read_bytes()).plain()
Answers = dict[str, Any]


@cache
def shipped() -> tuple[Catalogue, Program, Engine, list[Account]]:
    program = draft_program()
    return load_catalogue()[0], program, Engine(program, check=False), accounts()


def assess(answers: Answers, instrument: str = "intake") -> Evaluation:
    catalogue, _, engine, _ = shipped()
    return engine.evaluate(read_answers(catalogue.questions, answers), AS_OF, instrument)


def ways(when: Any) -> Iterator[Answers]:
    """Small sets of answers that make a condition true, each option of each test at least once."""
    tests = shipped()[1].data["tests"]
    if when[0] == "test":
        test = tests[when[1]]
        options = test["value"] if isinstance(test["value"], list) else [test["value"]]
        several = shipped()[0].questions[test["question"]].type == "several_choices"
        for option in options:
            if test["op"] in ("is", "is_one_of", "includes", "includes_any_of"):
                yield {test["question"]: [option] if several else option}
    elif when[0] == "any":
        for part in when[1]:
            yield from ways(part)
    else:
        chosen = when[1] if when[0] == "all" else when[2][: when[1]]
        found = [list(ways(part)) for part in chosen]
        longest = max(len(part) for part in found)
        # Every way of each part once, beside some way of the others.
        rows = [tuple(part[at % len(part)] for part in found) for at in range(longest) if all(found)]
        for row in [*rows, *islice(product(*found), 40)]:
            merged = merge(row)
            if merged is not None:
                yield merged


def merge(row: tuple[Answers, ...]) -> Answers | None:
    """All of these answers together; None where one question would need two of them."""
    found: Answers = {}
    for part in row:
        for name, value in part.items():
            if isinstance(value, list):
                found[name] = sorted({*found.get(name, []), *value})
            elif found.setdefault(name, value) != value:
                return None
    return found


def alone(finding: str) -> list[tuple[str, Answers]]:
    """Every way in which a rule lets a sign of this finding be told, with the rule."""
    data = shipped()[1].data
    conclusions = {item["id"]: item for item in data["conclusions"]}

    def signs(name: str) -> set[str]:
        if name.startswith("indicator."):
            return {name}
        read = {one for rule in conclusions[name]["rules"] for one in references_in(rule["when"])}
        return {sign for one in read for sign in signs(one)}

    return [
        (rule["id"], answers)
        for sign in sorted(signs(finding))
        for rule in conclusions[sign]["rules"]
        for answers in ways(rule["when"])
    ]


def test_each_strong_sign_alone_is_possible() -> None:
    told = alone("finding.means.strong")
    assert len({rule for rule, _ in told}) > 40
    for rule, answers in told:
        found = assess(answers)
        assert rule in {firing.rule for firing in found.trace}, (rule, answers)
        shows_purpose = any(found.statuses[name] == TRUE for name in PURPOSES)
        expected = (POSSIBLE, "trafficking_indicated") if shows_purpose else (POSSIBLE,)
        assert found.outcome in expected, (rule, answers)
        assert found.statuses["finding.trafficking.possible_strong_basis"] == TRUE, (rule, answers)


@pytest.mark.parametrize("purpose", ["finding.purpose.direct", "finding.purpose.planned"])
def test_each_purpose_alone_is_possible(purpose: str) -> None:
    told = alone(purpose)
    assert told
    for rule, answers in told:
        found = assess(answers)
        assert rule in {firing.rule for firing in found.trace}, (rule, answers)
        assert found.outcome in (POSSIBLE, "trafficking_indicated"), (rule, answers)


def test_a_purpose_that_is_not_labour_needs_only_one_sign_beside_it() -> None:
    for purpose in ("finding.purpose.direct_non_labour", "finding.purpose.planned_non_labour"):
        for rule, answers in alone(purpose):
            # Somebody says who recruited them, and that a threat was made: by whom and what for stays open.
            found = assess({"recruited_by": ["broker"], "threats_made": ["exposure"], **answers})
            assert found.outcome == "trafficking_indicated", (rule, answers)


def test_a_clear_account_without_any_one_fact_stays_possible_or_rested_on_it() -> None:
    _, _, engine, told = shipped()
    assert len(clear(engine, told)) >= 40
    dropped = list(drop_each(engine, told))
    fallen = [item for item in dropped if not item.stays]
    assert len(fallen) <= len(dropped) / 20
    for item in fallen:
        assert item.reason is not None, (item.account, item.question)
        assert POSSIBLE in item.evaluation.may_still_become, (item.account, item.question)


def test_no_published_account_hangs_on_one_fact() -> None:
    _, _, engine, told = shipped()
    published = [item for item in told if item.name.startswith(("PC-", "IN-"))]
    assert all(item.stays for item in drop_each(engine, published))


def test_reassuring_answers_added_to_a_clear_account_take_nothing_away() -> None:
    catalogue, _, engine, told = shipped()
    added = 0
    for item in clear(engine, told):
        before = engine.evaluate(item.answers, item.as_of, item.instrument)
        calm = {
            name: said
            for name in catalogue.instruments[item.instrument].questions
            if name not in item.answers and (said := denial(catalogue, name)) is not None
        }
        answers = {**read_answers(catalogue.questions, calm), **item.answers}
        after = engine.evaluate(answers, item.as_of, item.instrument)
        added += len(calm)
        assert after.outcome == before.outcome, item.name
        assert before.established <= after.established, item.name
        assert set(before.trace) <= {*after.trace} or {one.rule for one in before.trace} <= {
            one.rule for one in after.trace
        }
    assert added > 1000


def denial(catalogue: Catalogue, name: str) -> Any:
    question = catalogue.questions[name]
    if name in DENIALS:
        return DENIALS[name]
    if question.exclusive is not None:
        return [question.exclusive]
    return "no" if question.type == "yes_no" else None


WHOS = {
    "employer": ({"finding.means.strong"}, {"finding.separate.family_violence"}, POSSIBLE),
    "broker": ({"finding.means.strong"}, {"finding.separate.family_violence"}, POSSIBLE),
    "partner": ({"finding.separate.family_violence"}, {"finding.means.strong"}, "other_concern"),
    "relative": ({"finding.separate.family_violence"}, {"finding.means.strong"}, "other_concern"),
    "stranger": (
        {"indicator.harm_or_pressure_reported"},
        {"finding.means.strong", "finding.separate.family_violence"},
        "other_concern",
    ),
}


@pytest.mark.parametrize("who", WHOS)
def test_the_same_blow_is_another_matter_by_another_hand(who: str) -> None:
    shown, not_shown, outcome = WHOS[who]
    found = assess(
        {
            "age_group": "adult_settled",
            "violence_happened": "yes",
            "violence_kinds": ["hit_or_kicked"],
            "violence_when": ["here_now"],
            "violence_by": {"value": [who], "complete": True},
            "violence_for": ["no_purpose"],
        }
    )
    assert shown <= found.established
    assert not not_shown & found.established
    assert found.outcome == outcome
    # The need is the same whoever did it.
    assert "finding.need.medical.ask_now" in found.established


def test_a_module_can_be_left_out_without_a_loose_end() -> None:
    _, program, _, told = shipped()
    before = evaluate(program, told)
    for module, rules in rules_by_module().items():
        reduced = without(program, rules)
        assert dangling(reduced) == set(), module
        left = {rule["id"] for item in reduced.data["conclusions"] for rule in item.get("rules", ())}
        assert not left & rules, module
        for one, other in zip(before, evaluate(reduced, told), strict=True):
            assert other.established <= one.established, module
            assert LADDER.index(other.outcome) <= LADDER.index(one.outcome) or one.outcome == LADDER[0]
