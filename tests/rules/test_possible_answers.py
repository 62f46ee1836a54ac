"""Answers worth trying: every value that a question allows reads like one of them."""

from __future__ import annotations

from hypothesis import given, settings

from indicators.answers import Answer, Day
from rules.executors.reference import Reference
from rules.possible_answers import possible_answers
from rules.waiting import is_inexact
from tests.rules.interviews import AS_OF, Interview, interviews, read
from tests.rules.random_programs import random_answer
from tests.rules.small_programs import question, small_program


@given(interviews())
@settings(max_examples=100, deadline=None)
def test_every_exact_value_reads_like_a_possible_answer(interview: Interview) -> None:
    program, _, random = interview
    reference = interview.reference
    for name, definition in program.data["questions"].items():
        if definition["type"] == "several_choices":
            continue
        tests = reference.questions[name]
        readings = {
            _readings(reference, name, one) for one in possible_answers(reference, name, AS_OF).answers
        }
        # Without a dated value there is no line to try the two sides of.
        readings.add(_readings(reference, name, Answer("not_asked")))
        for _ in range(5):
            answer = read(program, {name: random_answer(random, definition)})[name]
            if tests.start < tests.stop and not is_inexact(answer):
                assert _readings(reference, name, answer) in readings


def _readings(reference: Reference, name: str, answer: Answer) -> object:
    tests = reference.questions[name]
    against = [
        reference.compare(test, answer, AS_OF, option, False)
        for test in tests.parametrised
        for option in (None, "domestic", "office")
    ]
    return tuple(tests.read(answer, AS_OF)), tuple(against)


def test_one_answer_of_each_kind_is_enough() -> None:
    program = small_program(
        {
            "holder": question("one_choice", options=["self", "agent", "employer"]),
            "months": question("whole_number"),
            "threats": question("several_choices", options=["police", "family", "none"], exclusive="none"),
            "left": question("date"),
        },
        {
            "h": ("holder", "is_one_of", ["agent", "employer"]),
            "m": ("months", "at_least", 2),
            "t": ("threats", "includes", "police"),
            "l": ("left", "after", "2026-01-31"),
        },
        {name: ["test", name] for name in "hmtl"},
    )
    reference = Reference(program)

    def values(name: str) -> list[object]:
        answers = possible_answers(reference, name, AS_OF).answers
        return [one.value.text if isinstance(one.value, Day) else one.value for one in answers]

    assert values("holder") == ["self", "agent"]
    assert values("months") == [1, 2]
    assert values("threats") == [("police",), ("none",)]
    assert values("left") == ["2026-01-30", "2026-02-01"]


def test_an_inexact_answer_is_only_made_more_exact() -> None:
    program = small_program(
        {
            "hours": question("number_range"),
            "threats": question("several_choices", options=["family", "police", "other"]),
            "left": question("date"),
        },
        {
            "h": ("hours", "at_least", 12),
            "t": ("threats", "includes", "police"),
            "l": ("left", "after", "2026-01-31"),
        },
        {name: ["test", name] for name in "htl"},
    )
    reference = Reference(program)
    given_answers = read(program, {"hours": {"from": 12}, "threats": ["other"], "left": "2026-02"})

    def values(name: str) -> list[object]:
        return [one.value for one in possible_answers(reference, name, AS_OF, given_answers[name]).answers]

    assert values("hours") == [12]
    assert values("threats") == [("other", "police"), ("other",)]
    assert [one.text for one in values("left") if isinstance(one, Day)] == ["2026-02-01"]
    exact = read(program, {"hours": 11})["hours"]
    assert possible_answers(reference, "hours", AS_OF, exact).answers == ()
