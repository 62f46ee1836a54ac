"""Which rule fired on which facts, in one form for every executor.

`docs/developers/architecture.md` says under *The trace* what a firing holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from rules.executors.levels import Plan, is_helper


class Firing(NamedTuple):
    """One rule that held, or one combination that a dimension met, with what made it so, sorted."""

    rule: str
    children: tuple[str, ...]


Trace = tuple[Firing, ...]


def in_order(firings: Iterable[tuple[str, Sequence[str]]]) -> Trace:
    """The trace of these firings: children and firings sorted, so that equal traces compare equal."""
    return tuple(sorted(Firing(rule, tuple(sorted(children))) for rule, children in firings))


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


def fold(plan: Plan, fired: Iterable[Sequence[Any]]) -> Trace:
    """The trace of an engine's firings: branches under their rule, helpers replaced by their own parts."""
    gathered: dict[str, list[str]] = {}
    firings: list[tuple[str, Iterable[str]]] = []
    for name, parts in fired:
        node, _, place = name.partition("/")
        if node in plan.dimensions:
            dimension = plan.dimensions[node]
            entries = [dimension.entries[part] for part in parts]
            firings.append((dimension.combinations[int(place)], entries))
        else:
            gathered.setdefault(node, []).extend(parts)
    folded: dict[str, frozenset[str]] = {}

    def fold_node(node: str) -> frozenset[str]:
        if node not in folded:
            folded[node] = frozenset(leaf for part in gathered[node] for leaf in fold_part(part))
        return folded[node]

    def fold_part(part: str) -> Iterable[str]:
        return (plan.names[part],) if part in plan.names else fold_node(part)

    # A node that is neither a rule of the plan nor a helper is not of this program: KeyError.
    firings += [(plan.rules[node], fold_node(node)) for node in gathered if not is_helper(node)]
    return tuple(sorted(Firing(rule, tuple(sorted(children))) for rule, children in firings))
