"""The accounts that ship: the interviews to try, and the cases of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indicators.answers import Answer, read_answers
from indicators.content import load_catalogue
from rules.rule_sets import load_rule_set
from screening.demo_interviews import load_demo_interviews

AS_OF = date(2026, 11, 1)


@dataclass(frozen=True)
class Account:
    """A shipped interview or case."""

    name: str
    instrument: str
    as_of: date
    answers: Mapping[str, Answer]


def accounts() -> list[Account]:
    """The shipped interviews and every case of the rule set."""
    catalogue, _ = load_catalogue()
    rule_set, _ = load_rule_set(catalogue=catalogue)
    assert rule_set is not None
    found = [
        Account(
            f"{module.module}: {case.name.en}",
            case.instrument or "intake",
            case.as_of or rule_set.head.cases_as_of,
            read_answers(catalogue.questions, case.answers),
        )
        for module in rule_set.modules
        for case in module.cases
    ]
    for item in load_demo_interviews():
        told = item.interview
        answers = read_answers(catalogue.questions, told["answers"])
        found.append(Account(item.id, told["instrument"], AS_OF, answers))
    return found
