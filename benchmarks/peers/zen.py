"""zen-engine: a decision graph of one expression node, whose lines build on one another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import zen

from benchmarks.peers import Data, Expression, conclusion_names, counts_of

PACKAGE = "zen-engine"


class Zen:
    """A program as a compiled decision; with `trace` it also says what each line came to."""

    def __init__(self, data: Data, *, trace: bool = False) -> None:
        self.names = conclusion_names(data)
        lines = [line for conclusion in data["conclusions"] for line in self._lines(conclusion)]
        self.graph = json.dumps(_graph(lines))
        self._decision = zen.ZenEngine().create_decision(self.graph)
        self._options: Any = {"trace": True} if trace else None

    def run(self, true_tests: Sequence[str]) -> Any:
        """Evaluate, from the ids of the true tests."""
        return self._decision.evaluate(dict.fromkeys(true_tests, True), self._options)

    def established(self, found: Any) -> set[str]:
        """The ids of the conclusions in what `run` returned."""
        return {name for name, short in self.names.items() if found["result"][short]}

    def _lines(self, conclusion: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        short = self.names[conclusion["id"]]
        if conclusion["kind"] != "dimension":
            yield short, " or ".join(self._truth(rule["when"]) for rule in conclusion["rules"]) or "false"
            return
        for strength in ("strong", "medium", "weak"):
            members = [
                self._truth(one["when"]) for one in conclusion["entries"] if one["strength"] == strength
            ]
            yield f"{short}_{strength}", _sum(members)
        yield short, " or ".join(
            "(" + " and ".join(
                f"{' + '.join(f'$.{short}_{strength}' for strength in strengths)} >= {count}"
                for strengths, count in counts_of(combination).items()
            ) + ")"
            for combination in conclusion["combinations"]
        ) or "false"  # fmt: skip

    def _truth(self, expression: Expression) -> str:
        if expression[0] == "test":
            # Without the comparison a missing input makes the whole line disappear from the result.
            return f"({expression[1]} == true)"
        if expression[0] == "ref":
            return f"$.{self.names[expression[1]]}"
        parts = [self._truth(part) for part in expression[-1]]
        if expression[0] == "at_least":
            return f"({_sum(parts)} >= {expression[1]})"
        return f"({(' and ' if expression[0] == 'all' else ' or ').join(parts)})"


class TracingZen(Zen):
    """The same, asked for a trace."""

    def __init__(self, data: Data) -> None:
        super().__init__(data, trace=True)


def _sum(parts: Sequence[str]) -> str:
    return " + ".join(f"({part} ? 1 : 0)" for part in parts) or "0"


def _graph(lines: Sequence[tuple[str, str]]) -> dict[str, Any]:
    expressions = [{"id": key, "key": key, "value": value} for key, value in lines]
    kinds = {"inputNode": {}, "expressionNode": {"expressions": expressions}, "outputNode": {}}
    nodes = [
        {"id": kind, "type": kind, "name": kind, "position": {"x": 0, "y": 0}, "content": content}
        for kind, content in kinds.items()
    ]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for one, other in zip(list(kinds), list(kinds)[1:], strict=False)
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
