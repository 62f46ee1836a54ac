"""clipspy: one production a rule; counts are kept in global variables, since facts only ever become true."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import clips

from benchmarks.peers import Data, Expression, conclusion_names, counts_of

PACKAGE = "clipspy"


class Clips:
    """A program as productions in one environment, which is reset for every evaluation."""

    def __init__(self, data: Data) -> None:
        self.names = conclusion_names(data)
        self._productions: list[tuple[str, str]] = []
        self._counters: list[str] = []
        self._helpers: dict[str, str] = {}
        for conclusion in data["conclusions"]:
            self._add_conclusion(conclusion)
        # Python objects of facts, made in every evaluation, are given back ever more slowly; one text is not.
        for short in self.names.values():
            self._productions.append((f"({short})", f'(bind ?*found* (str-cat ?*found* "{short} "))'))
        self._environment = clips.Environment()
        self._environment.build('(defglobal ?*found* = "")')
        for name in self._counters:
            self._environment.build(f"(defglobal ?*{name}* = 0)")
        for number, (needed, action) in enumerate(self._productions):
            self._environment.build(f"(defrule r{number} {needed} => {action})")

    def run(self, true_tests: Sequence[str]) -> Any:
        """Evaluate, from the ids of the true tests."""
        environment = self._environment
        environment.reset()
        if true_tests:
            environment.load_facts(" ".join([f"({test})" for test in true_tests]))
        environment.run()
        return environment.eval("?*found*")

    def established(self, found: Any) -> set[str]:
        """The ids of the conclusions in what `run` returned."""
        true = set(found.split())
        return {name for name, short in self.names.items() if short in true}

    def _add_conclusion(self, conclusion: Mapping[str, Any]) -> None:
        short = self.names[conclusion["id"]]
        if conclusion["kind"] != "dimension":
            for rule in conclusion["rules"]:
                self._add(short, rule["when"])
            return
        self._counters += [f"{short}{strength}" for strength in ("strong", "medium", "weak")]
        met = [
            f"(>= (+ {' '.join(f'?*{short}{strength}*' for strength in among)} 0) {count})"
            for combination in conclusion["combinations"]
            for among, count in counts_of(combination).items()
        ]
        sizes = [len(counts_of(combination)) for combination in conclusion["combinations"]]
        all_of = [
            f"(and {' '.join(met[sum(sizes[:at]) : sum(sizes[: at + 1])])} TRUE)" for at in range(len(sizes))
        ]
        for entry in conclusion["entries"]:
            counter = f"?*{short}{entry['strength']}*"
            action = (
                f"(bind {counter} (+ {counter} 1)) (if (or {' '.join(all_of)} FALSE) then (assert ({short})))"
            )
            self._productions.append((f"({self._name(entry['when'])})", action))

    def _add(self, name: str, expression: Expression) -> None:
        """Let `name` be asserted where the expression holds."""
        if expression[0] == "any":
            for part in expression[1]:
                self._add(name, part)
        elif expression[0] == "at_least":
            counter = f"n{len(self._counters)}count"
            self._counters.append(counter)
            count = f"(bind ?*{counter}* (+ ?*{counter}* 1))"
            action = f"{count} (if (= ?*{counter}* {expression[1]}) then (assert ({name})))"
            self._productions += [(f"({self._name(part)})", action) for part in expression[2]]
        else:
            parts = expression[1] if expression[0] == "all" else [expression]
            needed = " ".join(f"({self._name(part)})" for part in parts)
            self._productions.append((needed, f"(assert ({name}))"))

    def _name(self, expression: Expression) -> str:
        if expression[0] == "test":
            return str(expression[1])
        if expression[0] == "ref":
            return self.names[expression[1]]
        key = json.dumps(expression)
        if key not in self._helpers:
            self._helpers[key] = f"n{len(self._helpers)}"
            self._add(self._helpers[key], expression)
        return self._helpers[key]
