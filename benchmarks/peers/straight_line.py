"""The function that somebody would write by hand for one rule set, written by a program instead.

One line a rule, one branch a question, no loops and no tables: as fast as plain Python gets without leaving
anything of the three values out. It is made without the compiler of the reference evaluator. Days, ranges and
dated values, which a person would give to small helpers, are given to those of `indicators.truth`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, cast

from benchmarks.peers import Data, Expression, conclusion_names, counts_of
from indicators import truth
from indicators.answers import Answer
from indicators.conditions_json import read_test
from rules.dated_values import values_in_force
from rules.program import tests_in

# What a truth is while it is computed: may be true, is true.
FALSE, UNKNOWN, TRUE = 0b00, 0b01, 0b11

Function = Callable[[Mapping[str, Answer], date], dict[str, int]]


class StraightLine:
    """The function for one program, and its text."""

    def __init__(self, data: Data) -> None:
        writer = _Writer(data)
        self.source = "\n".join(writer.lines())
        namespace = dict(writer.helpers)
        exec(compile(self.source, "<by hand>", "exec"), namespace)  # noqa: S102 - generated above
        self.run = cast(Function, namespace["statuses"])

    def statuses(self, found: Mapping[str, int]) -> dict[str, int]:
        """What `run` returned as the house writes it: 0 not established, 1 undetermined, 2 established."""
        return {name: {FALSE: 0, UNKNOWN: 1, TRUE: 2}[bits] for name, bits in found.items()}


class _Writer:
    def __init__(self, data: Data) -> None:
        self.data = data
        self.names = conclusion_names(data)
        self.local = {name: f"t{number}" for number, name in enumerate(data["tests"])}
        self.helpers: dict[str, Any] = {}
        self.of_question: dict[str, list[str]] = {name: [] for name in data["questions"]}
        for name, test in data["tests"].items():
            self.of_question[test["question"]].append(name)

    def lines(self) -> Iterator[str]:
        yield "def statuses(answers, as_of):"
        for question, tests in self.of_question.items():
            yield from self._question(question, [test for test in tests if not self._parameter(test)])
        for question in self._gated_in_order():
            yield from self._gate(question)
        for tests in self.of_question.values():
            for test in tests:
                if self._parameter(test):
                    yield from self._against_parameter(test)
        for conclusion in self.data["conclusions"]:
            yield from self._conclusion(conclusion)
        yield "    return {" + ", ".join(f"{name!r}: {short}" for name, short in self.names.items()) + "}"

    def _parameter(self, test: str) -> str | None:
        return cast("str | None", self.data["tests"][test]["parameter"])

    def _answer(self, question: str) -> str:
        return f"a{list(self.of_question).index(question)}"

    def _question(self, question: str, tests: Sequence[str]) -> Iterator[str]:
        answer = self._answer(question)
        yield f"    {answer} = answers.get({question!r})"
        yield f"    if {answer} is not None and {answer}.state != 'value':"
        yield f"        {answer} = None"
        if tests:
            yield f"    if {answer} is None:"
            yield f"        {' = '.join(self.local[test] for test in tests)} = 1"
            yield "    else:"
            yield f"        value = {answer}.value"
            for test in tests:
                yield f"        {self.local[test]} = {self._decision(test, answer)}"

    def _decision(self, name: str, answer: str) -> str:
        test = self.data["tests"][name]
        operator, value = test["op"], test["value"]
        kind = self.data["questions"][test["question"]]["type"]
        otherwise = f"0 if {answer}.complete else 1"
        if operator in ("is", "is_not"):
            return f"3 if value {'==' if operator == 'is' else '!='} {value!r} else 0"
        if operator == "is_one_of":
            return f"3 if value in {tuple(value)!r} else 0"
        if operator == "includes":
            return f"3 if {value!r} in value else {otherwise}"
        if operator == "includes_any_of":
            return f"3 if {' or '.join(f'{one!r} in value' for one in value)} else {otherwise}"
        if kind == "whole_number":
            sign = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}[operator]
            return f"3 if value {sign} {value!r} else 0"
        decide, coded = truth.prepare(read_test(test)), (FALSE, UNKNOWN, TRUE)
        self.helpers[f"decide_{self.local[name]}"] = lambda answer, day: coded[decide(answer, day, None)]
        return f"decide_{self.local[name]}({answer}, as_of)"

    def _gated_in_order(self) -> list[str]:
        found: list[str] = []

        def visit(question: str) -> None:
            condition = self.data["questions"][question]["applies_when"]
            if condition is not None and question not in found:
                for test in tests_in(condition):
                    visit(self.data["tests"][test]["question"])
                found.append(question)

        for question in self.of_question:
            visit(question)
        return found

    def _gate(self, question: str) -> Iterator[str]:
        tests = [self.local[test] for test in self.of_question[question] if not self._parameter(test)]
        gate = f"g{self._answer(question)[1:]}"
        yield f"    {gate} = {self._truth(self.data['questions'][question]['applies_when'])}"
        if tests:
            yield f"    if {gate} == 0:"
            yield f"        if {self._answer(question)} is None:"
            yield f"            {' = '.join(tests)} = 0"
            yield "        else:"
            yield from (f"            {test} |= 1" for test in tests)

    def _against_parameter(self, name: str) -> Iterator[str]:
        test = self.data["tests"][name]
        local, question = self.local[name], test["question"]
        helper = f"compare_{local}"
        selector = self._compare(helper, name)
        gated = self.data["questions"][question]["applies_when"] is not None
        answer, gate = self._answer(question), f"g{self._answer(question)[1:]}"
        yield f"    if {answer} is None:"
        yield f"        {local} = {f'0 if {gate} == 0 else 1' if gated else '1'}"
        yield "    else:"
        if selector is None:
            yield f"        {local} = {helper}({answer}, as_of, None, False)"
        else:
            chosen = self._answer(selector)
            closed = self.data["questions"][selector]["applies_when"] is not None
            disputed = f"{chosen} is not None and g{chosen[1:]} == 0" if closed else "False"
            yield f"        {local} = {helper}({answer}, as_of, {chosen} and {chosen}.value, {disputed})"
        if gated:
            yield f"        if {gate} == 0:"
            yield f"            {local} |= 1"

    def _compare(self, helper: str, name: str) -> str | None:
        test = self.data["tests"][name]
        parameter = self.data["parameters"][test["parameter"]]
        selector = cast("str | None", parameter["selector"])
        options = self.data["questions"][selector]["options"] if selector is not None else None
        decide = truth.prepare(read_test(test), parameter["unit"])
        known: dict[tuple[date, str | None], Any] = {}

        def thresholds(day: date, option: str | None) -> Any:
            if (day, option) not in known:
                among = None if selector is None else options if option is None else (option,)
                known[day, option] = values_in_force(parameter, day, among)
            return known[day, option]

        def compare(answer: Answer, day: date, option: str | None, disputed: bool) -> int:
            found = decide(answer, day, thresholds(day, option))
            if disputed and found == truth.FALSE:
                found = decide(answer, day, thresholds(day, None))
            return (FALSE, UNKNOWN, TRUE)[found]

        self.helpers[helper] = compare
        return selector

    def _conclusion(self, conclusion: Mapping[str, Any]) -> Iterator[str]:
        short = self.names[conclusion["id"]]
        if conclusion["kind"] != "dimension":
            rules = [self._truth(rule["when"]) for rule in conclusion["rules"]]
            yield f"    {short} = {' | '.join(rules) or '0'}"
            return
        members: dict[str, list[str]] = {"strong": [], "medium": [], "weak": []}
        for number, entry in enumerate(conclusion["entries"]):
            yield f"    e{number} = {self._truth(entry['when'])}"
            members[entry["strength"]].append(f"e{number}")
        combinations = [
            " & ".join(
                self._at_least(count, [one for strength in strengths for one in members[strength]])
                for strengths, count in counts_of(combination).items()
            )
            for combination in conclusion["combinations"]
        ]
        yield f"    {short} = {' | '.join(f'({one})' for one in combinations) or '0'}"

    def _truth(self, expression: Expression) -> str:
        if expression[0] == "test":
            return self.local[expression[1]]
        if expression[0] == "ref":
            return self.names[expression[1]]
        parts = [self._truth(part) for part in expression[-1]]
        if expression[0] == "at_least":
            return self._at_least(expression[1], parts)
        return f"({(' & ' if expression[0] == 'all' else ' | ').join(parts)})"

    @staticmethod
    def _at_least(count: int, parts: Sequence[str]) -> str:
        certain = " + ".join(f"({part} >> 1)" for part in parts) or "0"
        possible = " + ".join(f"({part} & 1)" for part in parts) or "0"
        return f"(3 if {certain} >= {count} else 1 if {possible} >= {count} else 0)"
