"""The reference evaluator against the naive meaning, and the promises that hold test by test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.answers import Answer
from indicators.truth import FALSE, TRUE, UNKNOWN
from rules.dated_values import values_in_force
from rules.executors import reference as reference_module
from rules.executors.reference import Answers, Reference
from rules.program import Program
from tests.rules.interviews import AS_OF, forget_the_last_answer, read
from tests.rules.naive_meaning import naive_relevance, naive_statuses, naive_truths
from tests.rules.oracle import trace_of
from tests.rules.random_programs import programs, random_answers, random_data
from tests.rules.small_programs import question, small_program

FEW = settings(max_examples=150, deadline=None)


@st.composite
def interviews(draw: st.DrawFn) -> tuple[Program, dict[str, Answer], Random]:
    program = draw(programs())
    random = Random(draw(st.integers(0, 2**32)))
    return program, read(program, random_answers(random, program.data)), random


def differences(program: Program, answers: Answers) -> list[str]:
    """What the reference says otherwise than the naive meaning."""
    reference = Reference(program)
    truths = reference.decide_tests(answers, AS_OF)
    wanted = naive_truths(program.data, answers, AS_OF)
    statuses = naive_statuses(program.data, answers, AS_OF)
    compared = {
        "truths": truths.truths == wanted,
        "relevance": truths.relevance == naive_relevance(program.data, answers, AS_OF),
        "true tests": truths.true_tests == [name for name in truths.ids if wanted[name] == TRUE],
        "statuses": reference.evaluate(answers, AS_OF) == statuses,
        "trace": list(reference.trace(truths)) == trace_of(program.data, {**wanted, **statuses}),
    }
    return [name for name, same in compared.items() if not same]


@given(interviews())
@FEW
def test_the_fast_reference_says_what_the_naive_meaning_says(
    interview: tuple[Program, dict[str, Answer], Random],
) -> None:
    program, answers, _ = interview
    assert differences(program, answers) == []


@given(interviews())
@FEW
def test_the_order_of_answers_and_of_rules_is_irrelevant(
    interview: tuple[Program, dict[str, Answer], Random],
) -> None:
    program, answers, random = interview
    assert not changed_by_order(program, answers, random)
    reference = Reference(program)
    reordered = {
        **program.data,
        "conclusions": [
            {
                **item,
                **{
                    key: random.sample(item[key], len(item[key]))
                    for key in ("rules", "entries")
                    if key in item
                },
            }
            for item in program.data["conclusions"]
        ],
        "tests": dict(random.sample(list(program.data["tests"].items()), len(program.data["tests"]))),
        "questions": dict(
            random.sample(list(program.data["questions"].items()), len(program.data["questions"]))
        ),
    }
    other = Reference(Program.from_data(reordered))
    assert other.evaluate(answers, AS_OF) == reference.evaluate(answers, AS_OF)
    truths = other.decide_tests(answers, AS_OF)
    assert other.trace(truths) == reference.trace(reference.decide_tests(answers, AS_OF))


def learn(answers: Answers, everything: Answers, random: Random) -> dict[str, Answer]:
    """The answers with values for some of what was open, and what was answered left as it was."""
    said = {name: answer for name, answer in answers.items() if answer.state == "value"}
    more = {
        name: answer
        for name, answer in everything.items()
        if answer.state == "value" and random.random() < 0.5
    }
    return {**answers, **more, **said}


def withdrawn_by_learning(program: Program, answers: Answers, random: Random) -> list[str]:
    reference = Reference(program)
    more = learn(answers, read(program, random_answers(random, program.data)), random)
    before, after = reference.evaluate(answers, AS_OF), reference.evaluate(more, AS_OF)
    return [name for name, status in before.items() if status == TRUE and after[name] != TRUE]


def changed_by_order(program: Program, answers: Answers, random: Random) -> bool:
    reference = Reference(program)
    shuffled = dict(random.sample(list(answers.items()), len(answers)))
    return reference.decide_tests(answers, AS_OF) != reference.decide_tests(shuffled, AS_OF)


@given(interviews())
@FEW
def test_learning_never_withdraws_what_is_established(
    interview: tuple[Program, dict[str, Answer], Random],
) -> None:
    program, answers, random = interview
    assert withdrawn_by_learning(program, answers, random) == []


@given(interviews())
@FEW
def test_nothing_that_was_left_open_reads_as_no(interview: tuple[Program, dict[str, Answer], Random]) -> None:
    program, answers, random = interview
    reference = Reference(program)
    silent = {name: answer for name, answer in answers.items() if answer.state == "value"}
    states = ("declined", "not_known", "not_asked")
    open_questions = [name for name in program.data["questions"] if name not in silent]
    spoken = {**silent, **{name: Answer(random.choice(states)) for name in open_questions}}  # type: ignore[arg-type]
    assert reference.decide_tests(silent, AS_OF).truths == reference.decide_tests(spoken, AS_OF).truths


def test_declined_is_unknown_and_no_is_false() -> None:
    program = small_program(
        {"locked_in": question("yes_no")}, {"a": ("locked_in", "is", "yes")}, {"x": ["test", "a"]}
    )
    reference = Reference(program)
    statuses = {
        said: reference.evaluate(read(program, {"locked_in": said}), AS_OF)["finding.x"]
        for said in ("yes", "no")
    }
    assert statuses == {"yes": TRUE, "no": FALSE}
    for state in ("declined", "not_known", "not_asked"):
        assert reference.evaluate({"locked_in": Answer(state)}, AS_OF)["finding.x"] == UNKNOWN  # type: ignore[arg-type]


def test_an_unlisted_option_is_not_a_no() -> None:
    program = small_program(
        {"threats": question("several_choices", options=["police", "family", "none"], exclusive="none")},
        {"a": ("threats", "includes", "police")},
        {"x": ["test", "a"]},
    )
    reference = Reference(program)
    said: list[tuple[Any, int]] = [
        (["family"], UNKNOWN),
        ({"value": ["family"], "complete": True}, FALSE),
        (["none"], FALSE),
        (["family", "police"], TRUE),
    ]
    for raw, wanted in said:
        assert reference.evaluate(read(program, {"threats": raw}), AS_OF)["finding.x"] == wanted


def contradicting() -> Program:
    return small_program(
        {
            "working": question("yes_no"),
            "pay": question("one_choice", options=["kept", "paid"], applies_when=["test", "g"]),
        },
        {"g": ("working", "is", "yes"), "k": ("pay", "is", "kept"), "p": ("pay", "is", "paid")},
        {"kept": ["test", "k"], "paid": ["test", "p"]},
    )


def test_a_contradiction_keeps_true_tests_and_settles_nothing_as_false() -> None:
    program = contradicting()
    truths = Reference(program).decide_tests(read(program, {"working": "no", "pay": "kept"}), AS_OF)
    assert truths.truths == {"g": FALSE, "k": TRUE, "p": UNKNOWN}
    assert (truths.contradicted, truths.disputed) == (("pay",), ("k",))
    assert truths.relevance == {"working": TRUE, "pay": FALSE}


def test_a_question_that_cannot_apply_is_false_and_disputes_nothing() -> None:
    program = contradicting()
    for pay in ({}, {"pay": {"state": "declined"}}):
        truths = Reference(program).decide_tests(read(program, {"working": "no", **pay}), AS_OF)
        assert truths.truths == {"g": FALSE, "k": FALSE, "p": FALSE}
        assert (truths.contradicted, truths.disputed) == ((), ())


def with_limit(values: list[dict[str, Any]]) -> Program:
    return small_program(
        {
            "resident": question("yes_no"),
            "kind": question("one_choice", options=["domestic", "office"], applies_when=["test", "r"]),
            "hours": question("whole_number"),
        },
        {"r": ("resident", "is", "yes"), "long": ("hours", "more_than", {"parameter": "limit"})},
        {"long": ["test", "long"]},
        parameters={"limit": {"unit": "hours", "selector": "kind", "label": {}, "values": values}},
    )


def line(kind: str, value: int, begins: str = "2015-01-01") -> dict[str, Any]:
    return {"for": [kind], "from": begins, "by": None, "to": None, "value": value}


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"hours": 15}, TRUE),
        ({"hours": 10}, UNKNOWN),
        ({"hours": 8}, FALSE),
        ({"hours": 10, "kind": "office"}, TRUE),
        ({"hours": 10, "kind": "domestic"}, FALSE),
        ({"hours": 10, "kind": {"state": "declined"}}, UNKNOWN),
        # The kind is disputed: what it makes true stays, what it makes false is open again.
        ({"hours": 10, "kind": "office", "resident": "no"}, TRUE),
        ({"hours": 10, "kind": "domestic", "resident": "no"}, UNKNOWN),
        ({"hours": 8, "kind": "domestic", "resident": "no"}, FALSE),
    ],
)
def test_a_parameter_settles_a_test_only_where_every_kind_agrees(
    answers: dict[str, Any], status: int
) -> None:
    program = with_limit([line("domestic", 12), line("office", 8)])
    assert Reference(program).evaluate(read(program, answers), AS_OF)["finding.long"] == status


def test_a_parameter_without_a_value_is_unknown_and_reported() -> None:
    program = with_limit([line("domestic", 12), line("office", 8, begins="2027-01-01")])
    reference = Reference(program)
    said = read(program, {"hours": 15, "kind": "office"})
    missing = reference.decide_tests(said, AS_OF)
    assert (missing.truths["long"], missing.missing_parameters) == (UNKNOWN, ("limit",))
    later = reference.decide_tests(said, date(2027, 1, 1))
    assert (later.truths["long"], later.missing_parameters) == (TRUE, ())
    # With the kind open, nothing is missing yet; long before any value, everything is.
    open_kind = read(program, {"hours": 15})
    assert reference.decide_tests(open_kind, AS_OF).missing_parameters == ()
    assert reference.decide_tests(open_kind, date(1990, 1, 1)).missing_parameters == ("limit",)


def test_the_longest_conditions_a_rule_set_could_have_compile() -> None:
    questions = {f"q{number}": question("yes_no") for number in range(1500)}
    tests = {f"t{number}": (f"q{number}", "is", "yes") for number in range(1500)}
    leaves = [["test", name] for name in tests]
    deep: list[Any] = leaves[0]
    for leaf in leaves[:60]:
        deep = ["all", [leaf, ["any", [leaf, deep]]]]
    program = small_program(
        questions,
        tests,
        {"all": ["all", leaves], "any": ["any", leaves], "deep": deep, "some": ["at_least", 3, leaves]},
    )
    reference = Reference(program)
    said = read(program, dict.fromkeys(questions, "yes"))
    statuses = reference.evaluate(said, AS_OF)
    assert {name: statuses[f"finding.{name}"] for name in ("all", "any", "deep", "some")} == dict.fromkeys(
        ("all", "any", "deep", "some"), TRUE
    )
    two = read(program, {"q0": "yes", "q1": "yes"})
    assert reference.evaluate(two, AS_OF)["finding.some"] == UNKNOWN


CHECKS: dict[str, Callable[[Program, dict[str, Answer], Random], object]] = {
    "meaning": lambda program, answers, random: differences(program, answers),
    "learning": withdrawn_by_learning,
    "order": changed_by_order,
}


def found_by(check: str, seeds: int = 200) -> bool:
    """Whether a check sees something wrong in so many random interviews."""
    for seed in range(seeds):
        random = Random(seed)
        program = Program.from_data(random_data(random))
        answers = read(program, random_answers(random, program.data))
        if CHECKS[check](program, answers, random):
            return True
    return False


def test_without_a_fault_no_check_finds_one() -> None:
    assert [check for check in CHECKS if found_by(check, seeds=30)] == []


def test_an_open_answer_read_as_no_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_module, "UNKNOWN", FALSE)
    assert found_by("meaning")


def test_a_value_missing_for_one_kind_and_passed_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(parameter: Any, as_of: date, options: Any) -> frozenset[int] | None:
        found = [values_in_force(parameter, as_of, [option]) for option in options]
        return frozenset().union(*(one for one in found if one)) or None

    monkeypatch.setattr(reference_module, "values_in_force", careless)
    assert found_by("learning")


def test_an_answer_lost_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_the_last_answer(monkeypatch)
    assert found_by("order")
    assert found_by("meaning")
