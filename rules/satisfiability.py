"""Can a condition of a compiled program be true at all, and does one piece of evidence imply another?

Both are answered by walking the ways in which a condition can hold. There is no "not", so a way is a set
of tests that are true together; tests on one question narrow the values that question may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Any

# Beyond this many steps a condition counts as satisfiable: the check must not stop an edit it cannot judge.
STEP_LIMIT = 20_000

Expression = Sequence[Any]


@dataclass
class Narrowed:
    """The values that a set of true tests leaves to one question."""

    options: frozenset[str] | None = None
    chosen: frozenset[str] = frozenset()
    least: int | None = None
    most: int | None = None
    # Of several choices: groups of which at least one is chosen.
    one_of: frozenset[frozenset[str]] = frozenset()
    true_tests: frozenset[str] = frozenset()

    def empty(self, question: Mapping[str, Any]) -> bool:
        """Whether no value is left."""
        if self.options is not None and not self.options:
            return True
        exclusive = question["exclusive"]
        if exclusive in self.chosen and (
            len(self.chosen) > 1 or any(exclusive not in group for group in self.one_of)
        ):
            return True
        return self.least is not None and self.most is not None and self.least > self.most


@dataclass
class Analysis:
    """Satisfiability and implication over one program's tests and conclusions."""

    program: Mapping[str, Any]
    look_into_references: bool = True
    steps: int = 0
    conclusions: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.conclusions = {item["id"]: item for item in self.program["conclusions"]}

    def satisfiable(self, expression: Expression) -> bool:
        """Whether some answers make the condition true without contradicting each other."""
        self.steps = 0
        return any(True for _ in self.ways([expression], {}))

    def implies(self, stronger: Expression, weaker: Expression, limit: int = 500) -> bool:
        """Whether every way of making `stronger` true also makes `weaker` true."""
        self.steps = 0
        count = 0
        for way in self.ways([stronger], {}):
            count += 1
            if count > limit or not self._holds(weaker, way):
                return False
        return count > 0

    def ways(self, pending: list[Expression], narrowed: dict[str, Narrowed]) -> Iterator[dict[str, Narrowed]]:
        """Each consistent set of narrowed questions under which all pending conditions hold."""
        self.steps += 1
        if self.steps > STEP_LIMIT:
            yield narrowed
            return
        if not pending:
            yield narrowed
            return
        first, rest = pending[0], pending[1:]
        match first[0]:
            case "test":
                after = self._narrow(narrowed, first[1])
                if after is not None:
                    yield from self.ways(rest, after)
            case "ref" if not self.look_into_references:
                yield from self.ways(rest, narrowed)
            case "ref":
                yield from self._ways_of_conclusion(first[1], rest, narrowed)
            case "all":
                yield from self.ways([*first[1], *rest], narrowed)
            case "any":
                for part in first[1]:
                    yield from self.ways([part, *rest], narrowed)
            case "at_least":
                for chosen in combinations(first[2], first[1]):
                    yield from self.ways([*chosen, *rest], narrowed)

    def _ways_of_conclusion(
        self, name: str, rest: list[Expression], narrowed: dict[str, Narrowed]
    ) -> Iterator[dict[str, Narrowed]]:
        conclusion = self.conclusions[name]
        if conclusion["kind"] != "dimension":
            for rule in conclusion["rules"]:
                yield from self.ways([rule["when"], *rest], narrowed)
            return
        for combination in conclusion["combinations"]:
            for members in _members(conclusion["entries"], combination):
                yield from self.ways([*members, *rest], narrowed)

    def _narrow(self, narrowed: dict[str, Narrowed], name: str) -> dict[str, Narrowed] | None:
        test = self.program["tests"][name]
        question = self.program["questions"][test["question"]]
        before = narrowed.get(test["question"], Narrowed())
        after = replace(_narrowed_by(before, test, question), true_tests=before.true_tests | {name})
        if after.empty(question):
            return None
        return {**narrowed, test["question"]: after}

    def _holds(self, expression: Expression, way: Mapping[str, Narrowed]) -> bool:
        match expression[0]:
            case "test":
                test = self.program["tests"][expression[1]]
                before = way.get(test["question"])
                if before is None:
                    return False
                return expression[1] in before.true_tests or self._certain(before, test)
            case "ref":
                conclusion = self.conclusions[expression[1]]
                if conclusion["kind"] == "dimension":
                    return any(
                        all(self._holds(member, way) for member in members)
                        for combination in conclusion["combinations"]
                        for members in _members(conclusion["entries"], combination)
                    )
                return any(self._holds(rule["when"], way) for rule in conclusion["rules"])
            case "all":
                return all(self._holds(part, way) for part in expression[1])
            case "any":
                return any(self._holds(part, way) for part in expression[1])
            case _:
                return sum(self._holds(part, way) for part in expression[2]) >= int(expression[1])

    def _certain(self, before: Narrowed, test: Mapping[str, Any]) -> bool:
        if test["parameter"] is not None:
            return False
        value = test["value"]
        match test["op"]:
            case "is" | "is_not" | "is_one_of":
                if before.options is None:
                    return before.least == before.most == value and value is not None
                allowed = _allowed(test, self.program["questions"][test["question"]])
                return bool(before.options <= allowed)
            case "includes":
                return value in before.chosen
            case "includes_any_of":
                return bool(before.chosen & set(value)) or any(one <= set(value) for one in before.one_of)
            case "at_least":
                return before.least is not None and before.least >= value
            case "more_than":
                return before.least is not None and before.least > value
            case "at_most":
                return before.most is not None and before.most <= value
            case "less_than":
                return before.most is not None and before.most < value
            case "after":
                return before.least is not None and before.least > date.fromisoformat(value).toordinal()
            case "before":
                return before.most is not None and before.most < date.fromisoformat(value).toordinal()
        return False


def _allowed(test: Mapping[str, Any], question: Mapping[str, Any]) -> frozenset[str]:
    options = frozenset(question["options"] or ("yes", "no"))
    value = test["value"]
    match test["op"]:
        case "is":
            return frozenset({value})
        case "is_not":
            return options - {value}
        case _:
            return frozenset(value)


def _narrowed_by(before: Narrowed, test: Mapping[str, Any], question: Mapping[str, Any]) -> Narrowed:
    value, numeric = test["value"], question["type"] in ("whole_number", "number_range")
    if test["parameter"] is not None:
        return before
    least, most = before.least, before.most
    if numeric:
        # The bounds of the question itself take part: "at least 30 hours" of a day is never true.
        least = question["least"] if least is None else least
        most = question["most"] if most is None else most
    match test["op"]:
        case "is" if numeric:
            least, most = _higher(least, value), _lower(most, value)
        case "at_least":
            least = _higher(least, value)
        case "more_than":
            least = _higher(least, value + 1)
        case "at_most":
            most = _lower(most, value)
        case "less_than":
            most = _lower(most, value - 1)
        case "after":
            least = _higher(least, date.fromisoformat(value).toordinal() + 1)
        case "before":
            most = _lower(most, date.fromisoformat(value).toordinal() - 1)
        case "at_least_ago" | "less_than_ago":
            return before
        case "includes":
            return replace(before, chosen=before.chosen | {value})
        case "includes_any_of":
            # One of several is chosen only where it is certain which, so that nothing satisfiable is refused.
            if len(value) == 1:
                return replace(before, chosen=before.chosen | set(value))
            return replace(before, one_of=before.one_of | {frozenset(value)})
        case _:
            allowed = _allowed(test, question)
            return replace(before, options=allowed if before.options is None else before.options & allowed)
    return replace(before, least=least, most=most)


def _higher(one: int | None, other: int) -> int:
    return other if one is None else max(one, other)


def _lower(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _members(
    entries: Sequence[Mapping[str, Any]], combination: Mapping[str, Any]
) -> Iterator[list[Expression]]:
    """Each least set of entries that meets a combination."""
    groups = {
        strength: [entry["when"] for entry in entries if entry["strength"] == strength]
        for strength in ("strong", "medium", "weak")
    }
    for strong in combinations(groups["strong"], combination["strong"]):
        for medium in combinations(groups["medium"], combination["medium"]):
            for weak in combinations(groups["weak"], combination["weak"]):
                taken = [*strong, *medium, *weak]
                others = [when for when in groups["medium"] + groups["weak"] if when not in taken]
                for more in combinations(others, combination["medium_or_weak"]):
                    yield [*taken, *more]
