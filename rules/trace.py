"""Which rule fired on which facts, in one form for every executor.

`docs/developers/architecture.md` says under *The trace* what a firing holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
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


_BY_RULE = itemgetter(0)


class _Branch(NamedTuple):
    """What a firing of this name stands for: a rule or a helper, its children, and the helpers it reads."""

    rule: str | None
    helper: str
    leaves: frozenset[str]
    helpers: tuple[str, ...]


class TraceReader:
    """Makes the trace of what an engine reports, for one plan: branches by rule, helpers unfolded."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._dimensions = {
            f"{node}/{number}": (title, dimension.entries)
            for node, dimension in plan.dimensions.items()
            for number, title in enumerate(dimension.combinations)
        }
        parts_of = {name: parts for level in plan.levels for name, parts in level.branches.items()}
        counts = [count.node for level in plan.levels for count in level.counts if count.need is not None]
        self._branches = {name: self._branch(name, parts) for name, parts in parts_of.items()}
        shared = {f"{name.partition('/')[0]}/any" for name in parts_of}
        # These come with what was matched: counts, and choices on which the engine was not expected to fire.
        self._others = {name: self._branch(name, ()) for name in (*counts, *shared)}
        # A rule of one branch without helpers always fires with the same children: most rules are like this.
        self._constant = {
            name: Firing(branch.rule, tuple(sorted(branch.leaves)))
            for name, branch in self._branches.items()
            if branch.rule is not None
            and not branch.helpers
            and name.endswith("/0")
            and f"{name[:-1]}1" not in self._branches
        }
        # Most others are one of many, any of which is enough.
        self._choices = {
            name: (branch.rule, *branch.leaves)
            for name, branch in self._branches.items()
            if branch.rule is not None and not branch.helpers and len(branch.leaves) == 1
        }

    def read(self, fired: Iterable[Any]) -> Trace:
        """The trace of these firings, which stand in the order of the levels.

        A firing is a branch's name, or a pair of a name and what was matched. KeyError, IndexError, TypeError
        or ValueError where they are not of this plan.
        """
        constant, choices, branches, dimensions = (
            self._constant,
            self._choices,
            self._branches,
            self._dimensions,
        )
        firings: list[Firing] = []
        gathered: dict[str, list[str]] = {}
        unfolded: dict[str, list[str]] = {}
        for one in fired:
            if one.__class__ is str:
                known = constant.get(one)
                if known is not None:
                    firings.append(known)
                    continue
                if one in choices:
                    rule, leaf = choices[one]
                    if rule in gathered:
                        gathered[rule].append(leaf)
                    else:
                        gathered[rule] = [leaf]
                    continue
                branch = branches[one]
            else:
                name, parts = one
                if name in dimensions:
                    title, entries = dimensions[name]
                    firings.append(Firing(title, tuple(sorted([entries[part] for part in parts]))))
                    continue
                branch = self._branch(name, parts, branches.get(name) or self._others[name])
            if branch.rule is not None:
                leaves = gathered.setdefault(branch.rule, [])
            else:
                leaves = unfolded.setdefault(branch.helper, [])
            leaves += branch.leaves
            for helper in branch.helpers:
                leaves += unfolded[helper]
        firings += [Firing(rule, tuple(sorted(set(leaves)))) for rule, leaves in gathered.items()]
        firings.sort(key=_BY_RULE)
        return tuple(firings)

    def _branch(self, name: str, parts: Iterable[str], known: _Branch | None = None) -> _Branch:
        names = self._plan.names
        node = name.partition("/")[0]
        leaves = frozenset(names[part] for part in parts if part in names)
        helpers = tuple(part for part in parts if part not in names)
        if known is not None:
            return known._replace(leaves=leaves, helpers=helpers)
        return _Branch(self._plan.rules.get(node), node, leaves, helpers)
