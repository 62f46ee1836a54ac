"""The page on people who get missed: every row has rules and cases that exist and do what the row says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from indicators.answers import read_answers
from indicators.content import load_catalogue
from rules.evaluation import Engine, Evaluation
from rules.models import Case
from rules.program import compile_program
from rules.rule_sets import load_rule_set

PAGE = Path(__file__).parents[2] / "docs" / "reviewers" / "who-gets-missed.md"
ROWS_EXPECTED = 15


@dataclass(frozen=True)
class Row:
    """One group of people, the rules that speak for it and the names of its cases."""

    who: str
    rules: tuple[str, ...]
    cases: tuple[str, ...]


def read_rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 4 and cells[2].startswith("`"):
            rules = tuple(name.strip().strip("`") for name in cells[2].split(","))
            found.append(Row(cells[0], rules, tuple(cells[3].split("<br>"))))
    return found


@cache
def evaluated() -> dict[str, tuple[Case, Evaluation]]:
    catalogue, _ = load_catalogue()
    rule_set, _ = load_rule_set(catalogue=catalogue)
    assert rule_set is not None
    engine = Engine(compile_program(rule_set, catalogue), check=False)
    return {
        case.name: (
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
