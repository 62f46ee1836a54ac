"""The page on people who get missed: its rules, cases and scenarios exist and do what a row says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from indicators.answers import read_answers
from indicators.content import load_catalogue
from rules.evaluation import Engine, Evaluation
from rules.models import Case
from rules.program import compile_program
from rules.rule_sets import load_rule_set
from tests.features.reading import WrittenScenario, read_scenarios
from tests.steps.tags import RULE_TAG

PAGE = Path(__file__).parents[2] / "docs" / "reviewers" / "who-gets-missed.md"
FEATURE = "features/who_gets_missed.feature"
ROWS_EXPECTED = 15


@dataclass(frozen=True)
class Row:
    """One group of people, the rules that speak for it, and the names of its cases and scenarios."""

    who: str
    rules: tuple[str, ...]
    cases: tuple[str, ...]
    scenarios: tuple[str, ...]


def read_rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 5 and cells[2].startswith("`"):
            rules = tuple(name.strip().strip("`") for name in cells[2].split(","))
            found.append(Row(cells[0], rules, tuple(cells[3].split("<br>")), tuple(cells[4].split("<br>"))))
    return found


@cache
def scenarios_of_the_page() -> dict[str, WrittenScenario]:
    return {one.name: one for one in read_scenarios() if one.file == FEATURE}


def faults_of_scenarios(row: Row) -> list[str]:
    """Say what is wrong with the scenarios of a row: absent, of another group, or for other rules."""
    faults = []
    spoken_for: set[str] = set()
    for name in row.scenarios:
        scenario = scenarios_of_the_page().get(name)
        if scenario is None:
            faults.append(f"no scenario `{name}`")
            continue
        if not name.startswith(f"{row.who}: "):
            faults.append(f"`{name}` does not name the group")
        tags = {tag for tag in scenario.tags if RULE_TAG.match(tag)}
        if not tags:
            faults.append(f"`{name}` speaks for no rule")
        faults += [f"`{name}` speaks for {tag}" for tag in sorted(tags - set(row.rules))]
        spoken_for |= tags
    return faults + [f"no scenario speaks for {rule}" for rule in row.rules if rule not in spoken_for]


@cache
def evaluated() -> dict[str, tuple[Case, Evaluation]]:
    catalogue, _ = load_catalogue()
    rule_set, _ = load_rule_set(catalogue=catalogue)
    assert rule_set is not None
    engine = Engine(compile_program(rule_set, catalogue), check=False)
    return {
        case.name.en: (
            case,
            engine.evaluate(
                read_answers(catalogue.questions, case.answers),
                case.as_of or rule_set.head.cases_as_of,
                case.instrument or "intake",
            ),
        )
        for module in rule_set.modules
        for case in module.cases
    }


def test_every_group_has_its_row() -> None:
    rows = read_rows()
    assert len(rows) == ROWS_EXPECTED
    assert len({row.who for row in rows}) == ROWS_EXPECTED


@pytest.mark.parametrize("row", read_rows(), ids=lambda row: str(row.who))
def test_a_row_names_cases_in_which_its_rules_fire(row: Row) -> None:
    assert row.rules
    assert len(row.cases) >= 2
    assert [name for name in row.cases if name not in evaluated()] == []
    fired = {firing.rule for name in row.cases for firing in evaluated()[name][1].trace}
    assert [rule for rule in row.rules if rule not in fired] == []


@pytest.mark.parametrize("row", read_rows(), ids=lambda row: str(row.who))
def test_nobody_of_a_row_is_told_that_nothing_was_found(row: Row) -> None:
    for name in row.cases:
        assert evaluated()[name][1].outcome != "nothing_indicated_so_far", name


@pytest.mark.parametrize("row", read_rows(), ids=lambda row: str(row.who))
def test_a_row_names_scenarios_that_speak_for_its_rules(row: Row) -> None:
    assert faults_of_scenarios(row) == []


def test_every_scenario_of_the_feature_stands_in_one_row() -> None:
    named = [name for row in read_rows() for name in row.scenarios]
    assert sorted(named) == sorted(scenarios_of_the_page())


def test_a_row_without_a_scenario_of_its_own_is_found() -> None:
    row, other = read_rows()[:2]
    absent = faults_of_scenarios(replace(row, scenarios=("Men: a scenario that nobody wrote",)))
    assert absent[0] == "no scenario `Men: a scenario that nobody wrote`"
    assert absent[1:] == [f"no scenario speaks for {rule}" for rule in row.rules]
    assert faults_of_scenarios(replace(row, scenarios=("",)))[0] == "no scenario ``"
    borrowed = faults_of_scenarios(replace(row, scenarios=other.scenarios[:1]))
    assert f"`{other.scenarios[0]}` does not name the group" in borrowed
    assert f"`{other.scenarios[0]}` speaks for L91-M-21a" in borrowed
    assert faults_of_scenarios(replace(row, rules=row.rules[1:])) == [
        f"`{row.scenarios[0]}` speaks for {row.rules[0]}"
    ]
    assert faults_of_scenarios(replace(row, scenarios=row.scenarios[:1])) != []


def test_what_must_not_matter_does_not() -> None:
    """The same answers with another sex, an expired residence or a report against the person: not lower."""

    def outcome(name: str) -> str:
        return evaluated()[name][1].outcome

    man = "Missed: a man pays every day to carry loads, and the debt for his visa never falls"
    woman = "Missed: a woman with the same answers comes out the same"
    assert outcome(man) == outcome(woman)
    plain = evaluated()[
        "Missed: papers refused, sixteen hours, four months unpaid; nothing about residence was asked"
    ][1]
    for name in (
        "Missed: the same, and the residence ran out",
        "Missed: the same, reported absent, held and accused by the employer",
    ):
        assert plain.outcome == evaluated()[name][1].outcome
        assert plain.established <= evaluated()[name][1].established, name
