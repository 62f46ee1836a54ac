"""A condition as a tree of sentences that name what they speak of, and whether an instrument can meet it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from indicators.models import Text
from screening.phrases import say_both
from screening.sentences import Sentences

Expression = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of a condition: a test of a question, a conclusion, or a heading over several clauses."""

    kind: Literal["test", "conclusion", "group"]
    text: Text
    # The question of a test, or the conclusion's whole id.
    names: str | None
    parameter: str | None
    clauses: tuple[Clause, ...]


def read_clause(sentences: Sentences, expression: Expression) -> Clause:
    """Return a condition of a program as a tree, in the order in which it is written there."""
    kind = expression[0]
    if kind == "test":
        test = sentences.tests[expression[1]]
        return Clause("test", sentences.test(expression[1]), test["question"], test["parameter"], ())
    if kind == "ref":
        named = sentences.conclusions[expression[1]]
        text = say_both(
            f"condition.{named['kind']}",
            label=sentences.label(expression[1]),
            id=expression[1].partition(".")[2],
        )
        return Clause("conclusion", text, expression[1], None, ())
    if kind == "at_least":
        heading = say_both("condition.at_least", count=expression[1])
    else:
        heading = say_both(f"condition.{kind}")
    inner = tuple(read_clause(sentences, part) for part in expression[-1])
    return Clause("group", heading, None, None, inner)


class Askable:
    """What the questions of one instrument can establish at all, if they are answered.

    A test of a question that the instrument does not ask never holds there; nothing else is judged, so a
    rule that is said to be out of reach is out of reach.
    """

    def __init__(self, data: Mapping[str, Any], questions: frozenset[str]) -> None:
        self._tests: Mapping[str, Any] = data["tests"]
        self._questions = questions
        # In the order of the program: what a conclusion rests on comes before it.
        self._conclusions: dict[str, bool] = {}
        for item in data["conclusions"]:
            self._conclusions[item["id"]] = self._reaches(item)

    def can_hold(self, expression: Expression) -> bool:
        """Whether answers to the instrument's questions could make a condition true."""
        kind = expression[0]
        if kind == "test":
            return self._tests[expression[1]]["question"] in self._questions
        if kind == "ref":
            return self._conclusions[expression[1]]
        held = sum(self.can_hold(part) for part in expression[-1])
        if kind == "at_least":
            return held >= int(expression[1])
        return held == len(expression[-1]) if kind == "all" else held > 0

    def _reaches(self, item: Mapping[str, Any]) -> bool:
        if item["kind"] != "dimension":
            return any(self.can_hold(rule["when"]) for rule in item.get("rules", ()))
        held = [entry["strength"] for entry in item["entries"] if self.can_hold(entry["when"])]
        strong, medium, weak = (held.count(strength) for strength in ("strong", "medium", "weak"))
        return any(
            strong >= one["strong"]
            and medium >= one["medium"]
            and weak >= one["weak"]
            and medium + weak - one["medium"] - one["weak"] >= one["medium_or_weak"]
            for one in item["combinations"]
        )


def questions_in(data: Mapping[str, Any], expression: Expression) -> frozenset[str]:
    """Return every question that a condition reads, also through the conclusions it names."""
    conclusions = {item["id"]: item for item in data["conclusions"]}
    seen: set[str] = set()
    return frozenset(_questions(data["tests"], conclusions, expression, seen))


def _questions(
    tests: Mapping[str, Any],
    conclusions: Mapping[str, Mapping[str, Any]],
    expression: Expression,
    seen: set[str],
) -> Iterator[str]:
    kind = expression[0]
    if kind == "test":
        yield tests[expression[1]]["question"]
    elif kind == "ref":
        if expression[1] not in seen:
            seen.add(expression[1])
            item = conclusions[expression[1]]
            for part in (*item.get("rules", ()), *item.get("entries", ())):
                yield from _questions(tests, conclusions, part["when"], seen)
    else:
        for part in expression[-1]:
            yield from _questions(tests, conclusions, part, seen)
