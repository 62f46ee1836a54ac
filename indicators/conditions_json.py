"""Conditions as JSON: as written in a content file, and as tests and expressions of a canonical program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from indicators.conditions import Ago, All, AnyOf, AtLeast, Condition, Reference, Test, TestValue
from indicators.dates import read_day


def write_condition(condition: Condition) -> dict[str, Any]:
    """Return a condition as it is written in a content file; reading it again gives an equal one."""
    if isinstance(condition, Test):
        operand = {"parameter": condition.parameter} if condition.parameter else write_value(condition.value)
        return {"question": condition.question, condition.op: operand}
    if isinstance(condition, Reference):
        return {condition.kind: condition.id}
    parts = [write_condition(part) for part in condition.parts]
    if isinstance(condition, AtLeast):
        return {"at_least": condition.count, "of": parts}
    return {"all" if isinstance(condition, All) else "any": parts}


def write_test(test: Test) -> dict[str, Any]:
    """Return a test as a canonical program holds it."""
    return {
        "question": test.question,
        "op": test.op,
        "value": write_value(test.value),
        "parameter": test.parameter,
    }


def read_test(written: Mapping[str, Any]) -> Test:
    """Return the test that a canonical program holds."""
    value = written["value"]
    found: TestValue = value
    if isinstance(value, list):
        found = tuple(value)
    elif isinstance(value, dict):
        unit, count = next(iter(value.items()))
        found = Ago(unit, count)
    elif isinstance(value, str) and written["op"] in ("before", "after"):
        found = read_day(value)
    return Test(written["question"], written["op"], found, written["parameter"])


def read_expression(expression: Any, tests: Mapping[str, Mapping[str, Any]]) -> Condition:
    """Return the condition of a program's expression, its tests looked up in the program's `tests`."""
    kind = expression[0]
    if kind == "test":
        return read_test(tests[expression[1]])
    if kind == "ref":
        what, _, name = expression[1].partition(".")
        return Reference(what, name)
    parts = tuple(read_expression(part, tests) for part in expression[-1])
    if kind == "at_least":
        return AtLeast(expression[1], parts)
    return All(parts) if kind == "all" else AnyOf(parts)


def write_value(value: TestValue) -> Any:
    """Return what a test compares with as plain JSON."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Ago):
        return {value.unit: value.count}
    return value.isoformat() if isinstance(value, date) else value
