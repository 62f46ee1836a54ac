"""The truth of every test of a program, as the design says it and slowly: the oracle of the reference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from indicators.answers import NOT_ASKED, Answer
from indicators.conditions_json import read_expression, read_test
from indicators.truth import FALSE, UNKNOWN, decide, relevance
from rules.dated_values import values_in_force
from tests.rules.oracle import statuses_of

Answers = Mapping[str, Answer]


def naive_relevance(data: Mapping[str, Any], answers: Answers, as_of: date) -> dict[str, int]:
    """Whether each question applies."""
    gates = {
        name: None if one["applies_when"] is None else read_expression(one["applies_when"], data["tests"])
        for name, one in data["questions"].items()
    }
    return {name: relevance(name, gates, answers, as_of) for name in gates}


def naive_truths(data: Mapping[str, Any], answers: Answers, as_of: date) -> dict[str, int]:
    """The truth of each test."""
    applies = naive_relevance(data, answers, as_of)
    return {name: _truth(data, test, answers, applies, as_of) for name, test in data["tests"].items()}


def naive_statuses(data: Mapping[str, Any], answers: Answers, as_of: date) -> dict[str, int]:
    """The status of each conclusion."""
    known = statuses_of(data, naive_truths(data, answers, as_of))
    return {item["id"]: known[item["id"]] for item in data["conclusions"]}


def _truth(
    data: Mapping[str, Any],
    test: Mapping[str, Any],
    answers: Answers,
    applies: Mapping[str, int],
    as_of: date,
) -> int:
    answer = answers.get(test["question"], NOT_ASKED)
    relevant = applies[test["question"]]
    if test["parameter"] is None:
        return decide(read_test(test), answer, relevant, as_of)[0]
    parameter = data["parameters"][test["parameter"]]
    selector = parameter["selector"]
    chosen = None if selector is None else answers.get(selector, NOT_ASKED).value

    def against(options: list[Any] | None) -> int:
        possible = values_in_force(parameter, as_of, options)
        return decide(read_test(test), answer, relevant, as_of, possible, parameter["unit"])[0]

    every_option = None if selector is None else list(data["questions"][selector]["options"])
    if chosen is None:
        return against(every_option)
    found = against([chosen])
    if found == FALSE and applies[selector] == FALSE and answer.state == "value":
        # The kind is disputed: what is false for it may be true for the kind that will turn out right.
        return FALSE if against(every_option) == FALSE else UNKNOWN
    return found
