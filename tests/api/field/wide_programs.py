"""Random programs as the executors' tests have them, with more of what an evaluator alone must get right.

The tests of the executors compare what follows from tests; here tests, days and dated values are made twice
as well. So these programs also have parameters of every form, bounds, free text, odd ids and several days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from indicators.dates import FIRST_YEAR, LAST_YEAR, days_before
from rules.program import Program
from rules.results import URGENCIES
from tests.rules.random_programs import TEXT, random_answers, random_data

Json = dict[str, Any]

DAYS_OF_ASSESSMENT = (
    "2026-11-01",
    "2024-02-29",
    "2025-02-28",
    "2026-03-31",
    "2026-12-31",
    "2100-03-01",
    "1900-01-01",
)
# Python orders texts by code points, JavaScript by code units; its objects have names of their own.
ODD_IDS = ("constructor", "__proto__", "Zebra", "éclair", "\uff61", "𝒜", "سؤال", "1")
EDGES = ("2023-11-01", "2026-10-31", "2026-09-30", "2024-02", "2026-11", "1900", "2199-12-31", "2026-02-28")


def wide_program(random: Random) -> Program:
    """A random program with everything that `random_program` has, and more."""
    data = random_data(random)
    questions, tests = data["questions"], data["tests"]
    form = questions["kind_of_work"]
    _add_odd_questions(random, questions, tests, form)
    for question in questions.values():
        if question["type"] in ("whole_number", "number_range") and random.random() < 0.5:
            question["least"], question["most"] = random.choice([(0, 40), (None, 40), (0, None), (-5, 23)])
    questions["words"] = {**form, "type": "free_text", "options": []}
    data["parameters"].update(_parameters(random))
    _add_dated_tests(random, data)
    _add_nested_gates(random, data)
    added = list(tests)[-12:]
    _add_conclusions(random, data["conclusions"], added)
    for conclusion in data["conclusions"]:
        if conclusion["kind"] == "route":
            for rule in conclusion["rules"]:
                rule["urgency"] = random.choice(URGENCIES)
        if conclusion["kind"] == "finding" and conclusion["need"]:
            conclusion["need"] = random.choice(["danger", "care", "𝒜", "\uff61"])
    if random.random() < 0.2:
        _make_low(data["conclusions"])
    data["instruments"]["short"] = {**data["instruments"]["intake"], "core": random.choice([[], ["words"]])}
    return Program.from_data(data, revision=random.choice([None, 1, 12]))


def _make_low(conclusions: list[Json]) -> None:
    """Leave hardly a sign, so that the lowest result is often reached."""
    for conclusion in conclusions:
        if conclusion["kind"] == "indicator":
            conclusion["circumstance"] = True
        elif conclusion["kind"] == "outcome":
            conclusion["rules"] = conclusion["rules"][:1]
        elif conclusion["kind"] == "finding" and conclusion["class"] in ("pattern", "separate", "notice"):
            conclusion["class"] = "context"


def wide_request(random: Random, data: Mapping[str, Any]) -> Json:
    """What one evaluation is asked for: answers, an instrument and a day."""
    answers = random_answers(random, {**data, "questions": _without_text(data["questions"])})
    day = random.choice(DAYS_OF_ASSESSMENT)
    for name, question in data["questions"].items():
        if question["type"] == "date" and random.random() < 0.6:
            answers[name] = random.choice(
                [*EDGES, *[one for one in _turning_days(data, name, day) for _ in EDGES]]
            )
        if question["type"] == "free_text" and random.random() < 0.5:
            answers[name] = random.choice(['He said: \u200f"لا"', {"value": "𝒜"}, {"state": "declined"}])
        if question["type"] == "number_range" and random.random() < 0.3:
            answers[name] = random.choice(
                [{"from": 7, "to": None}, {"from": 8, "to": 8}, {"to": 12}, {"value": {"from": 12}}]
            )
    return {
        "answers": answers,
        "instrument": random.choice(["intake", "intake", "short"]),
        "asOf": day,
    }


def _turning_days(data: Mapping[str, Any], question: str, as_of: str) -> list[str]:
    """The days, and those beside them, on which a test of how long ago something was turns."""
    found = []
    for test in data["tests"].values():
        if test["question"] == question and test["op"].endswith("_ago"):
            for unit, count in _spans(data, test):
                turn = days_before(date.fromisoformat(as_of), unit, count)
                if FIRST_YEAR < turn.year < LAST_YEAR:
                    found += [(turn + timedelta(days=more)).isoformat() for more in (-1, 0, 1)]
    return found


def _spans(data: Mapping[str, Any], test: Mapping[str, Any]) -> list[tuple[str, int]]:
    if test["parameter"] is None:
        return list(test["value"].items())
    parameter = data["parameters"][test["parameter"]]
    return [(parameter["unit"], line["value"]) for line in parameter["values"]]


def _without_text(questions: Mapping[str, Any]) -> Json:
    """`random_answers` knows no free text."""
    return {name: question for name, question in questions.items() if question["type"] != "free_text"}


def _add_odd_questions(random: Random, questions: Json, tests: Json, form: Json) -> None:
    for name in random.sample(ODD_IDS, random.randint(1, len(ODD_IDS))):
        questions[name] = {**form, "type": "yes_no", "options": []}
        said = random.choice(["yes", "no"])
        tests[f"odd {name}"] = {"question": name, "op": "is", "value": said, "parameter": None}


def _parameters(random: Random) -> Json:
    """A span and a number that nothing selects, and ones with lines for several options and for all."""
    return {
        "span": {
            "unit": random.choice(["days", "months", "years"]),
            "selector": None,
            **_lines(random, [[]]),
        },
        "span_of_kind": {
            "unit": random.choice(["days", "months", "years"]),
            "selector": "kind_of_work",
            **_lines(random, [["domestic"], ["office"], ["domestic", "office"], []]),
        },
        "number": {"unit": "dinars", "selector": None, **_lines(random, [[]])},
        "number_of_kind": {
            "unit": "hours",
            "selector": "kind_of_work",
            **_lines(random, [["domestic"], ["office"], []]),
        },
    }


def _lines(random: Random, options: list[list[str]]) -> Json:
    lines = []
    for _ in range(random.randint(1, 4)):
        begins = random.choice([None, "1900-01-01", "2015-01-01", "2024-02-29", "2026-10-31", "2026-11-01"])
        lines.append(
            {
                "for": random.choice(options),
                "from": begins,
                "by": None if begins else random.choice([None, "2020-05-05", "2026-11-02"]),
                "to": random.choice([None, None, "2024-02-29", "2026-10-31", "2026-11-01", "2150-01-01"]),
                "because": None,
                "value": random.randint(0, 40),
                "source": "invented",
                "locator": "nowhere",
                "confidence": "own_design",
            }
        )
    return {"label": TEXT, "values": lines}


def _add_dated_tests(random: Random, data: Json) -> None:
    tests = data["tests"]
    operators = {
        "date": (("at_least_ago", "less_than_ago"), ("span", "span_of_kind")),
        "number_range": (("at_least", "at_most", "more_than", "less_than"), ("number", "number_of_kind")),
        "whole_number": (
            ("is", "at_least", "at_most", "more_than", "less_than"),
            ("number", "number_of_kind"),
        ),
    }
    for name, question in data["questions"].items():
        if question["type"] in operators and random.random() < 0.7:
            ops, parameters = operators[question["type"]]
            found = {
                "question": name,
                "op": random.choice(ops),
                "value": None,
                "parameter": random.choice(parameters),
            }
            if question["type"] == "whole_number" and random.random() < 0.2:
                found = {"question": name, "op": "is", "value": random.randint(0, 20), "parameter": None}
            tests[f"more {name}"] = found


def _add_nested_gates(random: Random, data: Json) -> None:
    """Conditions of questions with every kind of part; each reads questions that stand before it."""
    names = list(data["questions"])
    for place, name in enumerate(names):
        earlier = [
            ["test", test]
            for test, form in data["tests"].items()
            if form["parameter"] is None and names.index(form["question"]) < place
        ]
        if len(earlier) > 2 and random.random() < 0.15:
            parts = random.sample(earlier, 3)
            nested = random.choice(
                [["all", parts], ["at_least", 2, parts], ["any", [parts[0], ["all", parts[1:]]]]]
            )
            data["questions"][name]["applies_when"] = nested


def _add_conclusions(random: Random, conclusions: list[Json], tests: list[str]) -> None:
    """Findings that read the added tests, and outcomes that read those."""
    outcomes = [one for one in conclusions if one["kind"] == "outcome"]
    at = conclusions.index(outcomes[0])
    for number, test in enumerate(tests):
        sort = random.choice(["pattern", "need", "context", "element"])
        other = ["test", random.choice(tests)]
        when = random.choice(
            [["test", test], ["all", [["test", test], other]], ["any", [other, ["test", test]]]]
        )
        finding = {
            "id": f"finding.more{number}",
            "kind": "finding",
            "finding": f"more{number}",
            "module": "random",
            "class": sort,
            "element": "act" if sort == "element" else None,
            "need": "care" if sort == "need" else None,
            "level": random.choice(["now", "ask_now"]) if sort == "need" else None,
            "label": TEXT,
            "rules": [{"id": f"M-{number:02d}", "when": when, "rationale": TEXT, "sources": []}],
        }
        conclusions.insert(at, finding)
        if random.random() < 0.2:
            random.choice(outcomes)["rules"].append(
                {
                    "id": f"M-OUT-{number:02d}",
                    "when": ["all", [["ref", finding["id"]], other]],
                    "rationale": TEXT,
                    "sources": [],
                    "basis": "none",
                    "human_review": False,
                }
            )
