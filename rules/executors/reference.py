"""The meaning of a program, three-valued: where another executor differs from this one, the other is wrong.

The steps are those of the language: read each answer's tests; settle which questions apply, first those that
others wait for; read the tests that need a dated value; conclude in dependency order (`expressions.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any, TypeVar

from indicators import truth as tests
from indicators.answers import Answer
from indicators.conditions import Ago
from indicators.conditions_json import read_test
from rules.dated_values import values_in_force
from rules.executors.expressions import FALSE, TRUE, UNKNOWN, compile_conclusions, compile_condition
from rules.executors.firings import Part, find_firings, place_conditions, plan_firings
from rules.program import Program, tests_in
from rules.trace import Trace

Statuses = dict[str, int]
Answers = Mapping[str, Answer]
Made = TypeVar("Made")

# From a status (0, 1, 2) to the two bits it is computed with, and back.
BITS = (FALSE, UNKNOWN, TRUE)
STATUS_OF_BITS = bytes([tests.FALSE, tests.UNKNOWN, 0, tests.TRUE]) + bytes(252)
_IS_TRUE = bytes(bits == TRUE for bits in range(256))

# Far more than a day of work asks for, so that memory stays flat.
_MOST_REMEMBERED = 8192


@dataclass(slots=True)
class TestTruths:
    """What the answers say about every test on a day; read it, do not change it.

    `relevance` tells for every question whether it applies. `contradicted` are the questions that were
    answered although another answer says they cannot apply, `disputed` their true tests. `missing_parameters`
    had no value for that day and kind, so that what they decide stays unknown.
    """

    # Pytest collects classes of this name otherwise.
    __test__ = False

    ids: tuple[str, ...]
    bits: list[int]
    relevance: dict[str, int]
    contradicted: tuple[str, ...]
    disputed: tuple[str, ...]
    missing_parameters: tuple[str, ...]
    values: tuple[int, ...] | None = field(default=None, repr=False, compare=False)

    @property
    def truths(self) -> dict[str, int]:
        """The truth of every test: 0 false, 1 unknown, 2 true."""
        return dict(zip(self.ids, bytes(self.bits).translate(STATUS_OF_BITS), strict=True))

    @property
    def true_tests(self) -> list[str]:
        """The ids of the true tests."""
        return list(compress(self.ids, bytes(self.bits).translate(_IS_TRUE)))


@dataclass(frozen=True, slots=True)
class ParameterTest:
    """A test that compares with a dated value."""

    at: int
    question: str
    decide: tests.DecideDated
    parameter: str
    selector: str | None


@dataclass(slots=True)
class QuestionTests:
    """The tests of one question, which stand side by side from `start` to `stop`."""

    id: str
    start: int
    stop: int
    decided: list[tuple[int, Callable[[Answer], int]]]
    dated: list[tuple[int, tests.DecideDated]]
    parametrised: list[ParameterTest]
    by_option: dict[str, tuple[int, ...]]
    applies: Callable[[Sequence[int], int], int] | None

    def read(self, answer: Answer, as_of: date) -> Sequence[int]:
        """The bits of every test; those that need a parameter stay unknown."""
        if answer.value.__class__ is str:
            known = self.by_option.get(answer.value)
            if known is not None:
                return known
        found = [UNKNOWN] * (self.stop - self.start)
        for at, decide in self.decided:
            found[at] = BITS[decide(answer)]
        for at, decide_dated in self.dated:
            found[at] = BITS[decide_dated(answer, as_of, None)]
        return found


class Reference:
    """Evaluates one program. It keeps nothing of the answers it was given."""

    def __init__(self, program: Program) -> None:
        data = program.data
        self.program = program
        self.parameters: Mapping[str, Any] = data["parameters"]
        self.options: dict[str, tuple[str, ...]] = {
            name: tuple(question["options"] or ()) for name, question in data["questions"].items()
        }
        order = sorted(data["tests"], key=lambda name: (data["tests"][name]["question"], name))
        self.test_ids: tuple[str, ...] = tuple(order)
        self.place_of_test: dict[str, int] = {name: at for at, name in enumerate(order)}
        self.question_at: list[str] = [data["tests"][name]["question"] for name in order]
        # For every question, the tests that say whether it applies.
        self.gates: dict[str, tuple[int, ...]] = {
            name: tuple(sorted({self.place_of_test[test] for test in tests_in(question["applies_when"])}))
            if question["applies_when"] is not None
            else ()
            for name, question in data["questions"].items()
        }
        self.questions: dict[str, QuestionTests] = {
            name: self._tests_of(name, question) for name, question in data["questions"].items()
        }
        self.gated: list[QuestionTests] = self._in_gate_order()
        self.parameter_tests: list[ParameterTest] = [
            test for question in self.questions.values() for test in question.parametrised
        ]
        self.conclude, self.layout = compile_conclusions(data["conclusions"], self.place_of_test)
        self.conclusion_ids: tuple[str, ...] = tuple(self.layout.conclusions)
        self.conditions: dict[str, tuple[Part, ...]] = place_conditions(data, self.layout, self.place_of_test)
        self._firings = plan_firings(data, self.layout, self.conditions, len(order))
        self._silence = [UNKNOWN] * len(order)
        self._relevance = dict.fromkeys(data["questions"], tests.TRUE)
        self._remembered: dict[Hashable, Any] = {}

    def decide_tests(self, answers: Answers, as_of: date) -> TestTruths:
        """The truth of every test, and which questions apply."""
        bits = self._silence.copy()
        questions = self.questions
        for name, answer in answers.items():
            if answer.state == "value" and name in questions:
                question = questions[name]
                bits[question.start : question.stop] = question.read(answer, as_of)
        relevance = self._relevance.copy()
        contradicted: list[str] = []
        for question in self.gated:
            applies = question.applies(bits, TRUE)  # type: ignore[misc]
            if applies == TRUE:
                continue
            relevance[question.id] = applies
            if applies == FALSE:
                found = bits[question.start : question.stop]
                if _has_value(answers, question.id):
                    contradicted.append(question.id)
                    found = [one or UNKNOWN for one in found]
                else:
                    found = [FALSE] * len(found)
                bits[question.start : question.stop] = found
        missing = (
            self._compare_with_parameters(bits, answers, as_of, contradicted) if self.parameter_tests else ()
        )
        disputed = [
            self.test_ids[at]
            for name in contradicted
            for at in range(self.questions[name].start, self.questions[name].stop)
            if bits[at] == TRUE
        ]
        return TestTruths(self.test_ids, bits, relevance, tuple(contradicted), tuple(disputed), missing)

    def statuses(self, truths: TestTruths) -> Statuses:
        """The status of every conclusion: 0 not established, 1 undetermined, 2 established."""
        ids = self.conclusion_ids
        found = bytes(self.values(truths)[: len(ids)]).translate(STATUS_OF_BITS)
        return dict(zip(ids, found, strict=True))

    def evaluate(self, answers: Answers, as_of: date) -> Statuses:
        """The status of every conclusion that these answers lead to on a day."""
        return self.statuses(self.decide_tests(answers, as_of))

    def trace(self, truths: TestTruths) -> Trace:
        """Every firing with what made it true, in the form and order of `rules.trace`."""
        return find_firings(self._firings, truths.bits, self.values(truths))

    def values(self, truths: TestTruths) -> tuple[int, ...]:
        """The bits of conclusions, rules, entries and combinations, placed as `layout` says."""
        if truths.values is None:
            truths.values = self.conclude(truths.bits, TRUE)
        return truths.values

    def thresholds(self, parameter: str, as_of: date, option: str | None) -> tests.Thresholds:
        """Every value a parameter could have on a day; `option` is its selector's answer, None if unknown."""
        return self.remember(("thresholds", parameter, as_of, option), self._thresholds)[0]

    def remember(self, key: tuple[Any, ...], make: Callable[..., Made]) -> Made:
        """`make` of the key's parts after its name, made once.

        For what follows from the program and a day; nothing of anybody's answers may be remembered.
        """
        found: Made | None = self._remembered.get(key)
        if found is None:
            found = make(*key[1:])
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return found

    def _thresholds(self, parameter: str, as_of: date, option: str | None) -> tuple[tests.Thresholds]:
        definition = self.parameters[parameter]
        selector = definition["selector"]
        options: Collection[str] | None = None
        if selector is not None:
            options = self.options[selector] if option is None else (option,)
        # In a tuple: that there is no value is worth remembering too.
        return (values_in_force(definition, as_of, options),)

    def compare(
        self, test: ParameterTest, answer: Answer, as_of: date, option: str | None, selector_disputed: bool
    ) -> int:
        """The bits of a test against its parameter, with this answer of the selector.

        Like any disputed answer, a disputed selector makes true what it makes true, and nothing false.
        """
        found = test.decide(answer, as_of, self.thresholds(test.parameter, as_of, option))
        if selector_disputed and found == tests.FALSE:
            found = test.decide(answer, as_of, self.thresholds(test.parameter, as_of, None))
        return BITS[found]

    def _compare_with_parameters(
        self, bits: list[int], answers: Answers, as_of: date, contradicted: Collection[str]
    ) -> tuple[str, ...]:
        missing = set()
        for test in self.parameter_tests:
            if not _has_value(answers, test.question):
                continue
            option = selected(answers, test.selector)
            found = self.compare(test, answers[test.question], as_of, option, test.selector in contradicted)
            bits[test.at] = found or (UNKNOWN if test.question in contradicted else FALSE)
            if self._is_missing(test, as_of, option):
                missing.add(test.parameter)
        return tuple(sorted(missing))

    def _is_missing(self, test: ParameterTest, as_of: date, option: str | None) -> bool:
        if self.thresholds(test.parameter, as_of, option) is not None:
            return False
        if test.selector is None or option is not None:
            return True
        return all(self.thresholds(test.parameter, as_of, one) is None for one in self.options[test.selector])

    def _in_gate_order(self) -> list[QuestionTests]:
        """The questions with an `applies_when`, those that others wait for first."""
        found: dict[str, QuestionTests] = {}

        def visit(name: str) -> None:
            if self.questions[name].applies is not None and name not in found:
                for at in self.gates[name]:
                    visit(self.question_at[at])
                found[name] = self.questions[name]

        for name in sorted(self.questions):
            visit(name)
        return list(found.values())

    def _tests_of(self, name: str, question: Mapping[str, Any]) -> QuestionTests:
        data = self.program.data
        own = [test for test in self.test_ids if data["tests"][test]["question"] == name]
        start = self.place_of_test[own[0]] if own else 0
        found = QuestionTests(name, start, start + len(own), [], [], [], {}, None)
        for at, test_id in enumerate(own):
            test = read_test(data["tests"][test_id])
            if test.parameter is not None:
                definition = self.parameters[test.parameter]
                decide = tests.prepare(test, definition["unit"])
                place = ParameterTest(start + at, name, decide, test.parameter, definition["selector"])
                found.parametrised.append(place)
            elif isinstance(test.value, Ago):
                found.dated.append((at, tests.prepare(test)))
            else:
                found.decided.append((at, tests.compile_test(test)))
        options = {"yes_no": ("yes", "no"), "one_choice": self.options[name]}.get(question["type"], ())
        for option in options:
            found.by_option[option] = tuple(
                BITS[decide(Answer("value", option))] for _, decide in found.decided
            )
        if question["applies_when"] is not None:
            found.applies = compile_condition(question["applies_when"], self.place_of_test)
        return found


def selected(answers: Answers, selector: str | None) -> str | None:
    """The option that a selector question was answered with, if it was."""
    answer = None if selector is None else answers.get(selector)
    return str(answer.value) if answer is not None and answer.state == "value" else None


def _has_value(answers: Answers, question: str) -> bool:
    answer = answers.get(question)
    return answer is not None and answer.state == "value"
