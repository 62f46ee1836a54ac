"""The trace has one form: an engine's report is unfolded to it, and what is not of the plan is refused."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from rules.executors.levels import plan
from rules.program import Program
from rules.trace import Firing, TraceReader, children_of
from tests.rules.oracle import TRUE, statuses_of, trace_of
from tests.rules.random_programs import random_program


def told(number: int) -> list[Any]:
    return ["test", f"t{number:04d}"]


def reader() -> TraceReader:
    """F-1: one branch; F-2: two; F-3: over a helper; F-4: a count; then a dimension of two combinations."""
    rules = {
        "F-1": ["all", [told(1), told(2)]],
        "F-2": ["any", [told(1), told(2)]],
        "F-3": ["all", [told(1), ["any", [told(2), told(3)]]]],
        "F-4": ["at_least", 2, [told(1), told(2), told(3)]],
    }
    data = {
        "tests": {f"t{number:04d}": {"question": "q"} for number in range(4)},
        "conclusions": [
            {
                "id": "finding.f",
                "kind": "finding",
                "rules": [{"id": key, "when": when} for key, when in rules.items()],
            },
            {
                "id": "dimension.m.d",
                "kind": "dimension",
                "entries": [
                    {"id": "D-1", "strength": "strong", "when": ["ref", "finding.f"]},
                    {"id": "D-2", "strength": "weak", "when": ["all", [told(1), told(2)]]},
                ],
                "combinations": [
                    {"id": name, "strong": 1, "medium": 0, "weak": 0, "medium_or_weak": either}
                    for name, either in (("a", 0), ("b", 1))
                ],
            },
        ],
    }
    return TraceReader(plan(Program(data, "sha256:0")))


# t0001, t0002 and t0003 are t0000, t0001 and t0002 to the engine.
REPORTED: dict[str, tuple[list[Any], list[tuple[str, tuple[str, ...]]]]] = {
    "nothing": ([], []),
    "one branch": ([["r0000/0", ["t0000", "t0001"]]], [("F-1", ("t0001", "t0002"))]),
    "one branch by its name": (["r0000/0"], [("F-1", ("t0001", "t0002"))]),
    "two branches by their names": (["r0001/1", "r0001/0"], [("F-2", ("t0001", "t0002"))]),
    "a choice not in the plan": ([["r0001/any", ["t0002"]]], [("F-2", ("t0003",))]),
    "a choice told twice": ([["r0001/any", ["t0001"]], "r0001/0"], [("F-2", ("t0001", "t0002"))]),
    "a helper by its name": (["n0000/1", "r0002/0"], [("F-3", ("t0001", "t0003"))]),
    "both ways": (["n0000/1", ["n0000/0", ["t0001"]], "r0002/0"], [("F-3", ("t0001", "t0002", "t0003"))]),
    "the same in another order": ([["r0000/0", ["t0001", "t0000"]]], [("F-1", ("t0001", "t0002"))]),
    "less than the branch needs": ([["r0000/0", ["t0001"]]], [("F-1", ("t0002",))]),
    "two branches are one firing": (
        [["r0001/1", ["t0001"]], ["r0001/0", ["t0000"]]],
        [("F-2", ("t0001", "t0002"))],
    ),
    "a helper stands for its true branches": (
        [["n0000/1", ["t0002"]], ["r0002/0", ["t0000", "n0000"]]],
        [("F-3", ("t0001", "t0003"))],
    ),
    "a helper that nothing reads leaves no firing": ([["n0000/1", ["t0002"]]], []),
    "a count": ([["r0003", ["t0000", "t0002"]]], [("F-4", ("t0001", "t0003"))]),
    "combinations": (
        [["c0001/1", [1, 0]], ["c0001/0", [1, 0]]],
        [("m.d/a", ("D-1", "D-2")), ("m.d/b", ("D-1", "D-2"))],
    ),
    "firings are sorted": (
        [["r0001/0", ["t0000"]], ["r0000/0", ["t0000", "t0001"]]],
        [("F-1", ("t0001", "t0002")), ("F-2", ("t0001",))],
    ),
}


@pytest.mark.parametrize(("reported", "expected"), REPORTED.values(), ids=list(REPORTED))
def test_what_an_engine_reports_is_read(
    reported: list[Any], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    trace = reader().read(reported)
    assert list(trace) == expected
    assert all(isinstance(firing, Firing) for firing in trace)


@pytest.mark.parametrize(
    "reported",
    [
        [["r0009/0", ["t0000"]]],
        [["r0000/7", ["t0000"]]],
        [["F-1", ["t0000"]]],
        [["r0000/0", ["t9999"]]],
        [["r0002/0", ["t0000", "n0000"]]],
        [["n0009/0", ["t0000"]]],
        [["c0001/2", [0]]],
        [["c0001/0", [7]]],
        [["c0001/0", ["t0000"]]],
        [["r0000/0", [["t0000"]]]],
        [[1, 2]],
        ["ab"],
        ["r0000/7"],
        ["r0003"],
        ["r0002/0"],
        ["c0001/0"],
        [None],
        7,
    ],
)
def test_what_is_not_of_the_plan_is_refused(reported: Any) -> None:
    with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
        reader().read(reported)


def test_children_are_those_of_the_true_parts() -> None:
    expression = ["all", [told(1), ["any", [["at_least", 2, [told(2), told(3), told(4)]], told(5)]]]]

    def children(*numbers: int) -> set[str] | None:
        return children_of(expression, {f"t{number:04d}" for number in numbers}.__contains__)

    assert children(1, 2, 4) == {"t0001", "t0002", "t0004"}
    assert children(1, 2, 5) == {"t0001", "t0005"}
    assert children(1, 2, 3, 4, 5) == {"t0001", "t0002", "t0003", "t0004", "t0005"}
    assert children(1, 2) is None
    assert children(2, 3, 4, 5) is None
    assert children_of(["any", []], bool) is None
    assert children_of(["at_least", 3, [told(1), told(2)]], bool) is None


def test_children_of_random_rules_are_those_of_the_naive_trace() -> None:
    for seed in range(100):
        random = Random(seed)
        data = random_program(random).data
        known = statuses_of(data, {test: random.choice((0, 1, 2, 2)) for test in data["tests"]})
        fired = dict(trace_of(data, known))
        for conclusion in data["conclusions"]:
            for rule in conclusion.get("rules", ()):
                found = children_of(rule["when"], lambda name, known=known: known[name] == TRUE)
                assert found == (set(fired[rule["id"]]) if rule["id"] in fired else None)
