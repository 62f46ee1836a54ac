"""The published lists are whole, our own say that they are, and what is shown beside decides nothing."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from indicators.answers import read_answers
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from rules.evaluation import Engine
from rules.models import Module, RuleSet
from rules.program import Program, compile_program, conditions_of, references_in
from rules.rule_sets import load_rule_set
from tests.content.test_shipped_rules import random_answers

POSITIVE = {"trafficking_indicated", "trafficking_possible", "other_concern"}
PROJECT_LISTS = ("adult_sexual", "child_sexual")


@cache
def shipped() -> tuple[RuleSet, Catalogue, Program]:
    catalogue, _ = load_catalogue()
    rule_set, _ = load_rule_set(catalogue=catalogue)
    assert rule_set is not None
    return rule_set, catalogue, compile_program(rule_set, catalogue)


def module(name: str) -> Module:
    return next(item for item in shipped()[0].modules if item.module == name)


def strengths(name: str) -> Counter[str]:
    return Counter(
        entry.strength
        for dimension in module(name).dimensions.values()
        for entry in dimension.indicators.values()
    )


def sizes(name: str) -> list[int]:
    return [len(dimension.indicators) for dimension in module(name).dimensions.values()]


def test_the_list_for_adults_at_work_has_its_67_signs() -> None:
    assert sizes("adult_labour") == [10, 10, 16, 9, 15, 7]
    assert strengths("adult_labour") == {"strong": 7, "medium": 53, "weak": 7}


def test_the_list_for_children_at_work_has_its_65_signs() -> None:
    assert sizes("child_labour") == [10, 10, 15, 8, 15, 7]
    assert strengths("child_labour") == {"strong": 15, "medium": 50}


@pytest.mark.parametrize("name", PROJECT_LISTS)
def test_a_project_list_never_poses_as_a_published_one(name: str) -> None:
    found = module(name)
    assert found.title.en is not None
    assert "Project list" in found.title.en
    assert "await a check" in found.title.en
    assert "في انتظار التحقق" in str(found.title.ar)
    confidence = Counter(
        entry.confidence for dimension in found.dimensions.values() for entry in dimension.indicators.values()
    )
    assert sum(confidence.values()) == 68
    assert confidence["verified_text"] == 0
    # What is known at second hand: tasks or clients nobody agreed to, and for children dangerous work.
    assert confidence["secondary"] == (1 if name == "adult_sexual" else 2)
    for finding in found.findings:
        if finding.kind == "pattern":
            assert "await" in str(finding.label.en), finding.id
            assert "في انتظار التحقق" in str(finding.label.ar), finding.id


def lines_above_other_concern() -> Iterator[tuple[str, bool, set[str]]]:
    """Each line of the two higher steps: its id, whether a person reviews it, and all it rests on."""
    data = shipped()[2].data
    rests: dict[str, set[str]] = {}
    for conclusion in data["conclusions"]:
        names = {name for when in conditions_of(conclusion) for name in references_in(when)}
        rests[conclusion["id"]] = names.union(*(rests[name] for name in names))
        if conclusion["id"] in ("outcome.trafficking_indicated", "outcome.trafficking_possible"):
            for rule in conclusion["rules"]:
                direct = set(references_in(rule["when"]))
                yield rule["id"], rule["human_review"], direct.union(*(rests[name] for name in direct))


def test_a_project_list_raises_a_result_only_with_a_person_looking() -> None:
    reading = {
        line: review
        for line, review, rests in lines_above_other_concern()
        if any(name.startswith(f"dimension.{item}.") for item in PROJECT_LISTS for name in rests)
    }
    assert reading == {"OUT-TP-09": True}


def test_readings_shown_beside_are_no_step_of_the_ladder() -> None:
    beside = ("finding.ilo11.", "finding.setting.", "finding.notice.")
    for line, _, rests in lines_above_other_concern():
        assert [name for name in rests if name.startswith(beside)] == [], line


def test_a_disclosure_reaches_the_specialist_without_any_count() -> None:
    data = shipped()[2].data
    rests: dict[str, set[str]] = {}
    for conclusion in data["conclusions"]:
        names = {name for when in conditions_of(conclusion) for name in references_in(when)}
        rests[conclusion["id"]] = names.union(*(rests[name] for name in names))
    route = rests["route.sexual_exploitation_specialist"]
    assert route
    assert [name for name in route if name.startswith("dimension.")] == []


@pytest.mark.parametrize(
    ("prefix", "count"),
    [("ilo11.kinds_", 3), ("icls.involuntary_", 9), ("icls.menace_", 6), ("setting.", 7)],
)
def test_every_named_reading_is_there(prefix: str, count: int) -> None:
    named = {item.id for found in shipped()[0].modules for item in found.findings}
    assert len([name for name in named if name.startswith(prefix)]) == count


def test_the_eleven_indicators_are_eleven() -> None:
    named = [item.id for item in module("ilo_11").findings]
    assert len([name for name in named if not name.startswith("ilo11.kinds_")]) == 11


def test_what_is_shown_beside_never_stands_on_a_result_that_shows_nothing() -> None:
    """A pattern of any kind comes with a sign, so that the ladder answers as well."""
    _, catalogue, program = shipped()
    patterns = {
        item["id"]
        for item in program.data["conclusions"]
        if item["kind"] == "finding" and item["class"] in ("pattern", "notice")
    }
    dice = random.Random(11)
    seen: set[str] = set()
    with Engine(program, check=False) as engine:
        for _ in range(600):
            answers = read_answers(catalogue.questions, random_answers(catalogue, dice))
            found = engine.evaluate(answers, date(2026, 11, 1), "intake")
            shown = patterns & found.established
            seen |= shown
            assert not shown or found.outcome in POSITIVE, shown
    assert len(seen) > len(patterns) * 2 / 3
