"""What holds for the features as a whole: tags that resolve, promises that are shown, steps that are used."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from screening.engines import Rules
from tests.features.matrix import PAGE, by_requirement, read_requirements, write_page
from tests.features.reading import ROOT, read_scenarios
from tests.steps.accounts import read_accounts
from tests.steps.names import arabic_names, rule_ids
from tests.steps.tags import RULE_TAG, marker_of

SCENARIOS = read_scenarios()
STEP_FILES = sorted((ROOT / "tests" / "steps").glob("*.py"))


def test_there_are_features_in_both_languages() -> None:
    counted = Counter(scenario.language for scenario in SCENARIOS)
    assert set(counted) == {"en", "ar"}
    assert counted["ar"] >= 25


def test_every_rule_tag_names_a_shipped_rule(kuwait_rules: Rules) -> None:
    known = set(rule_ids(kuwait_rules.program.data))
    tags = {tag for scenario in SCENARIOS for tag in scenario.tags if RULE_TAG.match(tag)}
    assert len(tags) >= 40
    assert tags <= known, tags - known


def test_a_tag_that_names_no_rule_would_be_found(kuwait_rules: Rules) -> None:
    assert RULE_TAG.match("L91-M-99z")
    assert "L91-M-99z" not in rule_ids(kuwait_rules.program.data)


@pytest.mark.parametrize(
    ("tag", "name", "argument"),
    [
        ("L91-M-07a", "rule", "L91-M-07a"),
        ("OUT-TI-06", "rule", "OUT-TI-06"),
        ("req-12", "requirement", 12),
        ("promise-3", "promise", 3),
    ],
)
def test_tags_become_markers(tag: str, name: str, argument: object) -> None:
    mark = marker_of(tag)
    assert mark is not None
    assert (mark.name, mark.args) == (name, (argument,))


def test_other_tags_are_left_to_pytest() -> None:
    assert marker_of("slow") is None


@pytest.mark.parametrize("number", range(1, 11))
def test_every_promise_is_a_rule_of_some_feature(number: int) -> None:
    rules = {scenario.rule for scenario in SCENARIOS if number in scenario.numbers("promise")}
    assert rules
    assert None not in rules


def test_requirements_have_their_fifty_numbers() -> None:
    assert [item["number"] for item in read_requirements()] == list(range(1, 51))


def test_every_requirement_has_a_scenario() -> None:
    shown = by_requirement(SCENARIOS)
    assert set(shown) == set(range(1, 51))


def test_the_matrix_is_written(kuwait_rules: Rules) -> None:
    expected = write_page(set(rule_ids(kuwait_rules.program.data)))
    assert PAGE.read_text(encoding="utf-8") == expected, "run: python -m tests.features.matrix --write"


def test_no_two_scenarios_of_a_feature_share_a_name() -> None:
    """One of the two would silently not run."""
    counted = Counter((scenario.file, scenario.name) for scenario in SCENARIOS)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_sentence_of_an_account_is_used_in_some_feature() -> None:
    words = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "features").rglob("*.feature"))
    words += (ROOT / "tests" / "steps" / "interviews.py").read_text(encoding="utf-8")
    unused = [item["en"] for item in read_accounts() if item["en"] not in words and item["ar"] not in words]
    assert unused == []


def test_every_arabic_name_stands_for_something_shipped(kuwait_rules: Rules) -> None:
    data = kuwait_rules.program.data
    ids = [item["id"] for item in data["conclusions"]]
    known = {
        "outcomes": {*data["ladder"], *data["below"]},
        "routes": set(data["routes"]),
        "findings": {id.removeprefix("finding.") for id in ids if id.startswith("finding.")},
        "needs": {item["need"] for item in data["conclusions"] if item.get("need")},
        "services": set(kuwait_rules.services),
    }
    assert set(arabic_names()) == set(known)
    for kind, named in arabic_names().items():
        assert set(named) <= known[kind]
        assert len(set(named.values())) == len(named)
    assert set(arabic_names()["routes"]) == known["routes"]


def test_features_hold_no_python_and_steps_hold_no_scenario() -> None:
    assert [path.name for path in (ROOT / "features").rglob("*.py")] == []
    assert not [path.name for path in STEP_FILES if re.search(r"^\s*Scenario", path.read_text("utf-8"), re.M)]
