"""A fault in the browser evaluator is found: each of these is planted, and 1,000 random cases show it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.field.evaluators import NODE, Call, Fault, copy_modules, in_chromium, in_node
from tests.api.field.expectations import ANSWERS_A_PROGRAM, Compared, differences, random_comparisons

CASES = 1_000

FAULTS = {
    "unknown is false": Fault("tests.js", "export const UNKNOWN = 1;", "export const UNKNOWN = 0;"),
    "an option that was not named was denied": Fault(
        "tests.js", "return answer.complete ? FALSE : UNKNOWN;", "return FALSE;"
    ),
    "none of these leaves the others open": Fault(
        "answers.js", "complete: complete || none", "complete: complete"
    ),
    "a disputed answer makes tests false": Fault(
        "deciding.js", "isSaid ? bits[at] || UNKNOWN : FALSE", "isSaid ? bits[at] : FALSE"
    ),
    "a disputed answer is no answer": Fault("deciding.js", "isSaid ? bits[at] || UNKNOWN : FALSE", "FALSE"),
    "a disputed selector makes tests false": Fault(
        "deciding.js",
        "if (found === FALSE && contradicted.has(parameter.selector)) found = against(null);",
        "",
    ),
    "gates are read in the order of questions": Fault(
        "program.js", "for (const name of testsOf(written)) visit(", "for (const name of []) visit("
    ),
    "a month has thirty days": Fault(
        "days.js",
        'if (unit === "days") return',
        'if (unit === "months") count *= 30;\n  if (unit !== "years") return',
    ),
    "the day of the month is not kept to its month": Fault(
        "days.js", "Math.min(day.day, lengthOf(year, month))", "day.day"
    ),
    "centuries are leap years": Fault("days.js", " && (year % 100 !== 0 || year % 400 === 0)", ""),
    "a partial date is its first day": Fault("days.js", "day ?? lengthOf(year, lastMonth)", "day ?? 1"),
    "a range is settled by one end": Fault(
        "tests.js",
        "range.first !== null && range.first >= number",
        "range.last !== null && range.last >= number",
    ),
    "more than is at least": Fault(
        "tests.js",
        'case "more_than":\n      return compareEnds(integer(value, place) + 1',
        'case "more_than":\n      return compareEnds(integer(value, place)',
    ),
    "an open selector takes the first kind": Fault(
        "dated_values.js", "[option] : parameter.options", "[option] : parameter.options.slice(0, 1)"
    ),
    "a value ends a day early": Fault(
        "dated_values.js", "asOf.number <= line.ends", "asOf.number < line.ends"
    ),
    "the first of several values holds": Fault(
        "dated_values.js", "(line.begins ?? 0) > (held.begins ?? 0)", "false"
    ),
    "a value without a first day holds for ever": Fault("program.js", "begins: from ?? by", "begins: from"),
    "at least counts one fewer": Fault(
        "expressions.js", "return reached[need];", "return reached[need - 1];"
    ),
    "at least counts one part twice": Fault(
        "expressions.js",
        "for (let number = need; number > 0; number -= 1)",
        "for (let number = 1; number <= need; number += 1)",
    ),
    "a medium entry serves twice": Fault("program.js", "medium + weak + either]", "either]"),
    "a contradiction settles the core": Fault(
        "evaluator.js", "|| hasValue(answers, name)", "|| answers.has(name)"
    ),
    "circumstances are signs": Fault("program.js", 'sign: !flag(of("circumstance"), id)', "sign: true"),
    "acts alone are signs": Fault("program.js", "sign: !isAct && !", "sign: !"),
    "a support keeps answers to spare": Fault("supports.js", "give(name, ~still);", "give(name, EVERY);"),
    "a support forgets what selects": Fault("supports.js", "program.selectors.has(name) ||", ""),
    "the least pressing urgency": Fault("evaluator.js", "Math.min(...fired)", "Math.max(...fired)"),
    "an urgent need is asked for again": Fault("evaluator.js", ".filter((need) => !shown.now.has(need))", ""),
    "a step beneath may still be reached": Fault(
        "evaluator.js", "program.ladder.slice(0, at)", "program.ladder"
    ),
    "ids are ordered by code units": Fault(
        "values.js", "isSurrogate(a) === isSurrogate(b) ? a < b : isSurrogate(b)", "a < b"
    ),
    "what was not asked is written": Fault(
        "evaluator.js", 'isRead && answer.state !== "not_asked"', "isRead"
    ),
    "free text is written": Fault("evaluator.js", 'question.type === "free_text"', "false"),
    "a firing names parts that do not hold": Fault(
        "expressions.js", "if (values[part.at] !== TRUE) return;", ""
    ),
}


@pytest.fixture(scope="module")
def compared() -> list[Compared]:
    return list(random_comparisons(range(CASES // ANSWERS_A_PROGRAM)))


@contextmanager
def running(request: pytest.FixtureRequest, folder: Path) -> Iterator[Call]:
    """Wherever it runs: faults are of the code and not of the place."""
    if NODE is not None:
        with in_node(folder) as call:
            yield call
    else:
        with in_chromium(folder, request.getfixturevalue("open_page")) as call:
            yield call


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_a_planted_fault_is_found(
    request: pytest.FixtureRequest, tmp_path: Path, compared: list[Compared], fault: Fault
) -> None:
    with running(request, copy_modules(tmp_path / "modules", fault)) as call:
        for start in range(0, len(compared), 20):
            found = differences(call, compared[start : start + 20])
            # A wrong result, not one that is refused: that a fault throws would show nothing of the cases.
            if any("refused" not in one for one in found):
                return
    pytest.fail(f"{CASES} cases did not show it")


def test_without_a_fault_there_is_no_difference(
    request: pytest.FixtureRequest, tmp_path: Path, compared: list[Compared]
) -> None:
    with running(request, copy_modules(tmp_path / "modules")) as call:
        assert differences(call, compared) == []
