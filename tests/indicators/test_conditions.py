"""Reading conditions: what each form means, what is refused, and that writing one gives it back."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import conditions
from indicators.conditions import (
    OPERATORS,
    Ago,
    All,
    AnyOf,
    AtLeast,
    Condition,
    Reference,
    Test,
    is_dotted_id,
    is_id,
    read_condition,
    references_of,
)
from indicators.conditions_json import read_expression, read_test, write_condition, write_test
from indicators.errors import Fault, render
from indicators.yaml_reading import parse_yaml, read_yaml

IDS = st.text("ab1_", max_size=3).map("q{}".format)
OPTIONS = st.lists(IDS, min_size=1, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
NUMBERS = st.integers(-1000, 1000)
SPANS = st.builds(Ago, st.sampled_from(["days", "months", "years"]), st.integers(1, 100))
TESTS = st.one_of(
    st.builds(Test, IDS, st.sampled_from(["is", "is_not", "includes"]), IDS),
    st.builds(Test, IDS, st.sampled_from(["is_one_of", "includes_any_of"]), OPTIONS),
    st.builds(Test, IDS, st.sampled_from(["is", "at_least", "at_most", "more_than", "less_than"]), NUMBERS),
    st.builds(
        Test, IDS, st.sampled_from(["before", "after"]), st.dates(date(1900, 1, 1), date(2199, 12, 31))
    ),
    st.builds(Test, IDS, st.sampled_from(["at_least_ago", "less_than_ago"]), SPANS),
    st.builds(Test, IDS, st.sampled_from(["more_than", "less_than_ago"]), st.none(), IDS),
)
REFERENCES = st.builds(Reference, st.sampled_from(["indicator", "dimension", "finding"]), IDS)


def _groups(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3, unique=True).map(tuple)
    counted = parts.flatmap(lambda of: st.builds(AtLeast, st.integers(1, len(of)), st.just(of)))
    return st.builds(All, parts) | st.builds(AnyOf, parts) | counted


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(TESTS | REFERENCES, _groups, max_leaves=8)


def read(text: str, **allow: bool) -> tuple[Condition | None, list[Fault]]:
    faults: list[Fault] = []
    return read_condition(read_yaml(text, "f.yaml"), faults, **allow), faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{question: q, is: yes}", Test("q", "is", "yes")),
        ("{question: q, is: 3}", Test("q", "is", 3)),
        ("{question: q, is_not: agent}", Test("q", "is_not", "agent")),
        ("{question: q, is_one_of: [b, a]}", Test("q", "is_one_of", ("a", "b"))),
        ("{question: q, includes: a}", Test("q", "includes", "a")),
        ("{question: q, includes_any_of: [a]}", Test("q", "includes_any_of", ("a",))),
        ("{question: q, at_least: 3}", Test("q", "at_least", 3)),
        ("{question: q, more_than: {parameter: limit}}", Test("q", "more_than", None, "limit")),
        ('{question: q, before: "2026-11-01"}', Test("q", "before", date(2026, 11, 1))),
        ("{question: q, after: 2026-11-01}", Test("q", "after", date(2026, 11, 1))),
        ("{question: q, at_least_ago: {months: 2}}", Test("q", "at_least_ago", Ago("months", 2))),
        ("{question: q, less_than_ago: {parameter: p}}", Test("q", "less_than_ago", None, "p")),
        ("{indicator: documents_refused}", Reference("indicator", "documents_refused")),
        ("{dimension: adult_labour.coercion}", Reference("dimension", "adult_labour.coercion")),
        ("{finding: means.strong}", Reference("finding", "means.strong")),
        ("{all: [{indicator: a}]}", All((Reference("indicator", "a"),))),
        (
            "{any: [{indicator: a}, {indicator: b}]}",
            AnyOf((Reference("indicator", "a"), Reference("indicator", "b"))),
        ),
        ("{at_least: 1, of: [{indicator: a}]}", AtLeast(1, (Reference("indicator", "a"),))),
    ],
)
def test_every_form_of_a_condition_is_read(text: str, expected: Condition) -> None:
    assert read(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[]", ["f.yaml:1: C040 a condition is expected here"]),
        ("{}", ["f.yaml:1: C041 the condition names no question"]),
        ("{not: {indicator: a}}", ["f.yaml:1: C043 unknown key `not` in a condition"]),
        ("{indicator: a, is: yes}", ["f.yaml:1: C043 unknown key `is` in a condition"]),
        ("{indicator: Means}", ["f.yaml:1: C010 `Means` does not have the form of an id"]),
        ("{indicator: a.b}", ["f.yaml:1: C010 `a.b` does not have the form of an id"]),
        ("{indicator: [a]}", ["f.yaml:1: C047 `indicator` must name one id"]),
        ("{question: q, is: null}", ["f.yaml:1: C049 `is` needs an option or a whole number"]),
        ("{question: q, is_not: 3}", ["f.yaml:1: C050 `is_not` needs the id of one option"]),
        (
            "{question: q, is_not: false}",
            ["f.yaml:1: C048 `false` is no answer for `is_not`; write `yes` or `no`"],
        ),
        (
            "{question: q, includes_any_of: [a, true]}",
            ["f.yaml:1: C048 `true` is no answer for `includes_any_of`; write `yes` or `no`"],
        ),
        (
            "{question: q, includes_any_of: [a, 3]}",
            ["f.yaml:1: C051 `includes_any_of` needs a list of options"],
        ),
        ("{question: q, at_least: true}", ["f.yaml:1: C052 `at_least` needs a whole number or a parameter"]),
        (
            "{question: q, at_least: {param: p}}",
            ["f.yaml:1: C052 `at_least` needs a whole number or a parameter"],
        ),
        (
            "{question: q, at_least: {parameter: p, unit: days}}",
            ["f.yaml:1: C058 unknown key `unit` beside `parameter`"],
        ),
        ("{question: q, at_least: {parameter: 3}}", ["f.yaml:1: C047 `parameter` must name one id"]),
        ("{question: q, is: {parameter: p}}", ["f.yaml:1: C049 `is` needs an option or a whole number"]),
        (
            "{question: q, before: {days: 3}}",
            ["f.yaml:1: C055 `before` needs a date of the calendar, not `{'days': 3}`"],
        ),
        ("{question: q, at_least_ago: {weeks: 3}}", ["f.yaml:1: C056 `at_least_ago` needs a span of time"]),
        (
            "{question: q, at_least_ago: {days: 3, months: 1}}",
            ["f.yaml:1: C056 `at_least_ago` needs a span of time"],
        ),
        (
            "{question: q, at_least_ago: {days: 0}}",
            ["f.yaml:1: C059 a span of 0 days is not usable; it lies between 1 and 40000"],
        ),
        ("{question: q, is: yes, at: 3}", ["f.yaml:1: C044 unknown operator `at`"]),
        ("{of: [{indicator: a}]}", ["f.yaml:1: C043 unknown key `of` in a condition"]),
        ("{all: [{indicator: a}], of: []}", ["f.yaml:1: C043 unknown key `of` in a condition"]),
        (
            "all:\n  - {question: q, is: true}\n  - any:\n    - {indicater: a}\n"
            "  - {at_least: 0, of: [{indicator: a}]}",
            [
                "f.yaml:2: C048 `true` is no answer for `is`; write `yes` or `no`",
                "f.yaml:4: C043 unknown key `indicater` in a condition; did you mean `indicator`?",
                "f.yaml:5: C063 at least 0 cannot be asked of 1 conditions",
            ],
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, lines: list[str]) -> None:
    condition, faults = read(text)
    assert condition is None
    assert [render(one) for one in faults] == lines


def test_what_may_not_stand_here_is_refused() -> None:
    assert [one.code for one in read("{all: [{indicator: a}]}", allow_references=False)[1]] == ["C060"]
    assert [
        one.code for one in read("{question: q, at_least: {parameter: p}}", allow_parameters=False)[1]
    ] == ["C057"]


def test_a_part_that_is_unreadable_already_is_not_said_again() -> None:
    node, reading = parse_yaml(
        "all:\n  - {question: q, at_least: 1.5}\n  - {question: q, is_one_of: [1.5]}\n"
    )
    faults: list[Fault] = []
    assert node is not None
    assert read_condition(node, faults) is None
    assert [one.code for one in reading] == ["Y012", "Y012"]
    assert faults == []


def test_the_place_is_kept_and_means_nothing() -> None:
    first, _ = read("all:\n  - {question: q, is: yes}\n  - {finding: f}\n")
    second, _ = read("{all: [{question: q, is: yes}, {finding: f}]}")
    assert first == second
    assert hash(first) == hash(second)
    assert first is not None
    assert [one.place and one.place.line for one in conditions.tests_of(first)] == [2]
    assert [one.place and one.place.line for one in references_of(first)] == [3]


@pytest.mark.parametrize("text", ["a", "a1", "a_b", "means"])
def test_an_id_is_small_letters_digits_and_underscores(text: str) -> None:
    assert is_id(text)
    assert is_dotted_id(f"{text}.{text}")


@pytest.mark.parametrize("text", ["", "A", "1a", "_a", "a-b", "a b", "سؤال", "a\n", "a.b"])
def test_nothing_else_is_an_id(text: str) -> None:
    assert not is_id(text)
    assert not is_dotted_id(f"{text}.")


@given(CONDITIONS)
def test_a_condition_survives_writing_and_reading(condition: Condition) -> None:
    written = json.dumps(write_condition(condition))
    assert read(written) == (condition, [])
    assert pickle.loads(pickle.dumps(condition)) == condition


@given(TESTS)
def test_a_test_survives_a_program(test: Test) -> None:
    written = json.loads(json.dumps(write_test(test)))
    assert read_test(written) == test
    assert test.op in OPERATORS


def test_an_expression_of_a_program_is_a_condition_again() -> None:
    first, second = Test("q", "is", "yes"), Test("n", "at_least_ago", Ago("days", 3))
    tests = {"t1": write_test(first), "t2": write_test(second)}
    expression: Any = [
        "all",
        [
            ["test", "t1"],
            ["any", [["test", "t2"], ["ref", "finding.means.strong"]]],
            ["at_least", 1, [["test", "t2"]]],
        ],
    ]
    assert read_expression(expression, tests) == All(
        (first, AnyOf((second, Reference("finding", "means.strong"))), AtLeast(1, (second,)))
    )
