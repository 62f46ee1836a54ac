"""Which rule fired on which facts, in one form for every executor.

`docs/developers/architecture.md` says under *The trace* what a firing holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from rules.executors.levels import Plan


class Firing(NamedTuple):
    """One rule that held, or one combination that a dimension met, with what made it so, sorted."""

    rule: str
    children: tuple[str, ...]


Trace = tuple[Firing, ...]


def children_of(expression: Sequence[Any], holds: Callable[[str], bool]) -> set[str] | None:
    """The tests and conclusions that make a program's expression true, or None where it is not true.

    The union over the parts of an `all`, the true branches of an `any`, the true members of an `at_least`.
    """
    operator = expression[0]
    if operator in ("test", "ref"):
        return {expression[1]} if holds(expression[1]) else None
    parts = [children_of(part, holds) for part in expression[-1]]
    true = [part for part in parts if part is not None]
    needed = {"all": len(parts), "any": 1}.get(operator, expression[1])
    return set().union(*true) if len(true) >= needed else None


class TraceReader:
    """Makes the trace of what an engine reports, for one plan: branches by rule, helpers unfolded."""

    def __init__(self, plan: Plan) -> None:
        self._names = plan.names
        self._dimensions = {
            f"{node}/{number}": (title, dimension.entries)
            for node, dimension in plan.dimensions.items()
            for number, title in enumerate(dimension.combinations)
        }
        # Branches and counts, by the name under which they are reported.
        self._rules: dict[str, str] = {}
        self._helpers: dict[str, str] = {}
        branches = {name: parts for level in plan.levels for name, parts in level.branches.items()}
        counts = [count.node for level in plan.levels for count in level.counts]
        for name in (*branches, *counts):
            node = name.partition("/")[0]
            if node in plan.rules:
                self._rules[name] = plan.rules[node]
            elif node not in plan.dimensions:
                self._helpers[name] = node
        # A rule of one branch without helpers always fires with the same children: most rules are like this.
        self._constant: dict[str, tuple[list[str], Firing]] = {}
        for node, rule in plan.rules.items():
            parts = branches.get(f"{node}/0", ())
            leaves = {self._names[part] for part in parts if part in self._names}
            if parts and len(leaves) == len(parts) and f"{node}/1" not in branches:
                self._constant[f"{node}/0"] = (list(parts), Firing(rule, tuple(sorted(leaves))))

    def read(self, fired: Iterable[Sequence[Any]]) -> Trace:
        """The trace of these firings, which stand in the order of the levels.

        KeyError, IndexError or TypeError where they are not of this plan.
        """
        names, rules, constant = self._names, self._rules, self._constant
        firings: list[Firing] = []
        gathered: dict[str, set[str]] = {}
        unfolded: dict[str, set[str]] = {}
        for name, parts in fired:
            known = constant.get(name)
            if known is not None and known[0] == parts:
                firings.append(known[1])
                continue
            dimension = self._dimensions.get(name)
            if dimension is not None:
                title, entries = dimension
                firings.append(Firing(title, tuple(sorted([entries[part] for part in parts]))))
                continue
            rule = rules.get(name)
            if rule is not None:
                leaves = gathered.setdefault(rule, set())
            else:
                leaves = unfolded.setdefault(self._helpers[name], set())
            for part in parts:
                leaf = names.get(part)
                if leaf is not None:
                    leaves.add(leaf)
                else:
                    leaves |= unfolded[part]
        firings += [Firing(rule, tuple(sorted(leaves))) for rule, leaves in gathered.items()]
        firings.sort()
        return tuple(firings)
