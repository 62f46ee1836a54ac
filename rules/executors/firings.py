"""How the reference evaluator finds its firings: prepared once a program, read after every evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.executors.expressions import TRUE, Layout, form_of
from rules.program import conditions_of
from rules.trace import Firing, Trace


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a condition and the place of its truth: a test or conclusion by id, or a group of pieces.

    Of a group, `need` pieces must be true: all of them, one, or as many as `at_least` says.
    """

    at: int
    leaf: str
    parts: tuple[Part, ...]
    need: int


@dataclass(frozen=True, slots=True)
class FiringPlan:
    """One firing and its children, as far as they are known beforehand."""

    id: str
    always: Firing | None
    choice: tuple[tuple[str, int], ...]
    parts: tuple[Part, ...]


def plan_firings(
    data: Mapping[str, Any], layout: Layout, conditions: Mapping[str, tuple[Part, ...]], after_tests: int
) -> list[tuple[int, FiringPlan]]:
    """The place of its truth and a plan for every rule and every combination, in the order of a trace.

    `conditions` holds the parts of every conclusion, one for each of its rules or entries.
    """
    found: list[tuple[int, FiringPlan]] = []
    for conclusion in data["conclusions"]:
        name = conclusion["id"]
        if "entries" in conclusion:
            parts = tuple(
                Part(after_tests + layout.entries[name, entry["id"]], entry["id"], (), 0)
                for entry in conclusion["entries"]
            )
            for one in conclusion["combinations"]:
                title = f"{name.removeprefix('dimension.')}/{one['id']}"
                found.append((layout.combinations[name, one["id"]], _plan(title, "any", parts)))
        else:
            for rule, part in zip(conclusion["rules"], conditions[name], strict=True):
                operator = rule["when"][0]
                plan = _plan(rule["id"], operator, part.parts or (part,))
                found.append((layout.rules[rule["id"]], plan))
    return sorted(found, key=lambda item: item[1].id)


def place_conditions(
    data: Mapping[str, Any], layout: Layout, place_of_test: Mapping[str, int]
) -> dict[str, tuple[Part, ...]]:
    """The condition of every rule, or of every entry, of each conclusion, with the place of every piece.

    Places count through the tests' bits and on through the concluded values.
    """
    after_tests = len(place_of_test)

    def place(expression: Sequence[Any]) -> Part:
        if expression[0] == "test":
            return Part(place_of_test[expression[1]], expression[1], (), 0)
        if expression[0] == "ref":
            return Part(after_tests + layout.conclusions[expression[1]], expression[1], (), 0)
        parts = tuple(place(part) for part in expression[-1])
        need = {"all": len(parts), "any": 1}.get(expression[0], expression[1])
        return Part(after_tests + layout.nested[form_of(expression)], "", parts, need)

    return {
        conclusion["id"]: tuple(place(when) for when in conditions_of(conclusion))
        for conclusion in data["conclusions"]
    }


def find_firings(
    plans: Sequence[tuple[int, FiringPlan]], bits: Sequence[int], values: Sequence[int]
) -> Trace:
    """The trace of an evaluation: `bits` of the tests, `values` of everything concluded."""
    known = [*bits, *values]
    fired = []
    for at, plan in plans:
        if values[at] != TRUE:
            continue
        if plan.always is not None:
            fired.append(plan.always)
        elif plan.choice:
            fired.append(
                Firing(plan.id, tuple([leaf for leaf, place in plan.choice if known[place] == TRUE]))
            )
        else:
            leaves: set[str] = set()
            _add_true_leaves(plan.parts, known, leaves)
            fired.append(Firing(plan.id, tuple(sorted(leaves))))
    return tuple(fired)


def _plan(name: str, operator: str, parts: tuple[Part, ...]) -> FiringPlan:
    if any(not part.leaf for part in parts):
        return FiringPlan(name, None, (), parts)
    leaves = tuple(sorted({(part.leaf, part.at) for part in parts}))
    if operator in ("any", "at_least"):
        return FiringPlan(name, None, leaves, parts)
    return FiringPlan(name, Firing(name, tuple(leaf for leaf, _ in leaves)), (), parts)


def _add_true_leaves(parts: Sequence[Part], known: Sequence[int], leaves: set[str]) -> None:
    for part in parts:
        if known[part.at] == TRUE:
            if part.leaf:
                leaves.add(part.leaf)
            else:
                _add_true_leaves(part.parts, known, leaves)
