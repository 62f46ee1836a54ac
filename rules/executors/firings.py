"""How the reference evaluator finds its firings: prepared once a program, read after every evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.executors.expressions import TRUE, Layout
from rules.trace import Firing, Trace

# ("leaf", id, place), ("all" | "any", parts) or ("at_least", count, parts)
Placed = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class FiringPlan:
    """One firing: where it says whether it holds, and its children, as far as they are known beforehand."""

    id: str
    at: int
    always: Firing | None
    choice: tuple[tuple[str, int], ...]
    condition: Placed


def plan_firings(
    data: Mapping[str, Any], layout: Layout, place_of_test: Mapping[str, int]
) -> list[FiringPlan]:
    """A plan for every rule and every combination of a program, sorted as a trace is."""
    after_tests = len(place_of_test)

    def place(leaf: str) -> int:
        at = place_of_test.get(leaf)
        return after_tests + layout.conclusions[leaf] if at is None else at

    found = []
    for conclusion in data["conclusions"]:
        name = conclusion["id"]
        if "entries" in conclusion:
            entries = sorted(entry["id"] for entry in conclusion["entries"])
            counted = (
                "any",
                tuple(("leaf", key, after_tests + layout.entries[name, key]) for key in entries),
            )
            for one in conclusion["combinations"]:
                title = f"{name.removeprefix('dimension.')}/{one['id']}"
                found.append(_plan(title, layout.combinations[name, one["id"]], counted))
        else:
            found += [
                _plan(rule["id"], layout.rules[rule["id"]], _placed(rule["when"], place))
                for rule in conclusion["rules"]
            ]
    return sorted(found, key=lambda plan: plan.id)


def find_firings(plans: Sequence[FiringPlan], bits: Sequence[int], values: Sequence[int]) -> Trace:
    """The trace of an evaluation: `bits` of the tests, `values` of everything concluded."""
    known = [*bits, *values]
    fired = []
    for plan in plans:
        if values[plan.at] == TRUE:
            if plan.always is not None:
                fired.append(plan.always)
            elif plan.choice:
                fired.append(Firing(plan.id, tuple([leaf for leaf, at in plan.choice if known[at] == TRUE])))
            else:
                fired.append(Firing(plan.id, tuple(sorted(_true_leaves(plan.condition, known) or ()))))
    return tuple(fired)


def _plan(name: str, at: int, condition: Placed) -> FiringPlan:
    parts = condition[-1] if condition[0] != "leaf" else (condition,)
    if any(part[0] != "leaf" for part in parts):
        return FiringPlan(name, at, None, (), condition)
    leaves = tuple(sorted({(leaf, place) for _, leaf, place in parts}))
    if condition[0] in ("all", "leaf"):
        return FiringPlan(name, at, Firing(name, tuple(leaf for leaf, _ in leaves)), (), condition)
    return FiringPlan(name, at, None, leaves, condition)


def _placed(expression: Sequence[Any], place: Callable[[str], int]) -> Placed:
    if expression[0] in ("test", "ref"):
        return ("leaf", expression[1], place(expression[1]))
    return (*expression[:-1], tuple(_placed(part, place) for part in expression[-1]))


def _true_leaves(condition: Placed, known: Sequence[int]) -> set[str] | None:
    """The leaves that make a condition true, or None where it is not true."""
    if condition[0] == "leaf":
        return {condition[1]} if known[condition[2]] == TRUE else None
    parts = [_true_leaves(part, known) for part in condition[-1]]
    true = [part for part in parts if part is not None]
    needed = len(parts) if condition[0] == "all" else 1 if condition[0] == "any" else condition[1]
    return set().union(*true) if len(true) >= needed else None
