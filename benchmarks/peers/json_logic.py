"""panzi-json-logic: one expression for each conclusion, evaluated in order, each result given to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from json_logic import jsonLogic

from benchmarks.peers import Data, Expression, conclusion_names, counts_of

PACKAGE = "panzi-json-logic"


class JsonLogic:
    """A program as JsonLogic, driven by a loop: the language knows no chain of conclusions."""

    def __init__(self, data: Data) -> None:
        self.names = conclusion_names(data)
        self._logic = [(self.names[item["id"]], self._conclusion(item)) for item in data["conclusions"]]

    def run(self, true_tests: Sequence[str]) -> Any:
        """Evaluate, from the ids of the true tests."""
        known: dict[str, Any] = dict.fromkeys(true_tests, True)
        for name, logic in self._logic:
            known[name] = jsonLogic(logic, known)
        return known

    def established(self, found: Any) -> set[str]:
        """The ids of the conclusions in what `run` returned."""
        return {name for name, short in self.names.items() if found[short]}

    def _conclusion(self, conclusion: Mapping[str, Any]) -> Any:
        if conclusion["kind"] != "dimension":
            return _joined("or", [self._truth(rule["when"]) for rule in conclusion["rules"]])

        def counted(strengths: Sequence[str], count: int) -> Any:
            entries = [one for one in conclusion["entries"] if one["strength"] in strengths]
            return {">=": [{"+": [self._truth(one["when"]) for one in entries]}, count]}

        combinations = [
            [counted(strengths, count) for strengths, count in counts_of(combination).items()]
            for combination in conclusion["combinations"]
        ]
        return _joined("or", [_joined("and", counts) for counts in combinations])

    def _truth(self, expression: Expression) -> Any:
        if expression[0] in ("test", "ref"):
            return {"var": expression[1] if expression[0] == "test" else self.names[expression[1]]}
        parts = [self._truth(part) for part in expression[-1]]
        if expression[0] == "at_least":
            return {">=": [{"+": parts}, expression[1]]}
        return _joined("and" if expression[0] == "all" else "or", parts)


def _joined(operator: str, parts: Sequence[Any]) -> Any:
    return parts[0] if len(parts) == 1 else {operator: list(parts)} if parts else False
