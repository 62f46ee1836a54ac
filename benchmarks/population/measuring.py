"""Screens the invented workers and counts what came out, on what basis, and by which rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benchmarks.population.answering import Answering
from benchmarks.population.people import LABELS, Person, Population
from rules.evaluation import Engine, Evaluation
from rules.program import Program

AS_OF = date(2026, 11, 1)
INDICATED, POSSIBLE = "trafficking_indicated", "trafficking_possible"
NOTHING_ELSE = "nothing_else"
# What is behind an indicated result, the first that holds.
IN_LIFE, IN_ANSWERS, ORDINARY_SIGNS = "life", "answers", "ordinary"


@dataclass
class Tally:
    """What came out for some people: outcomes, bases, what is behind the indicated, and the rules."""

    people: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    bases: Counter[str] = field(default_factory=Counter)
    lives: Counter[str] = field(default_factory=Counter)
    indicated_by: Counter[str] = field(default_factory=Counter)
    lines: dict[str, Counter[str]] = field(
        default_factory=lambda: {INDICATED: Counter(), POSSIBLE: Counter()}
    )
    rules: dict[str, Counter[str]] = field(
        default_factory=lambda: {INDICATED: Counter(), POSSIBLE: Counter()}
    )

    def add(self, other: Tally) -> None:
        """Count these people too."""
        self.people += other.people
        self.outcomes += other.outcomes
        self.bases += other.bases
        self.lives += other.lives
        self.indicated_by += other.indicated_by
        for step in self.lines:
            self.lines[step] += other.lines[step]
            self.rules[step] += other.rules[step]

    def percent(self, outcome: str) -> float:
        """The share of an outcome."""
        return 100 * self.outcomes[outcome] / self.people if self.people else 0.0

    def percent_by(self, behind: str) -> float:
        """The share of everybody who is indicated with this behind it."""
        return 100 * self.indicated_by[behind] / self.people if self.people else 0.0

    def basis_percent(self, basis: str) -> float:
        """The share of everybody for whom trafficking is possible on this basis."""
        return 100 * self.bases[basis] / self.people if self.people else 0.0


class Measuring:
    """Screens people by one program."""

    def __init__(self, program: Program, population: Population | None = None) -> None:
        self.engine = Engine(program, check=False)
        self.answering = Answering(self.engine.reference, AS_OF)
        self.population = population or Population()
        self.evidence = Evidence(program)

    def evaluations(
        self, level: str, group: str, instrument: str, count: int
    ) -> Iterator[tuple[Person, Evaluation]]:
        """Each person of a group, with the evaluation of what they say."""
        for person in self.population.people(level, group, count):
            answers = self.answering.answers_of(person, instrument, self.population)
            yield person, self.engine.evaluate(answers, AS_OF, instrument)

    def tally(self, level: str, group: str, instrument: str, count: int) -> dict[str, Tally]:
        """Counts by label; those with nothing else, who have a label too, are counted once more as such."""
        found = {label: Tally() for label in (*LABELS, NOTHING_ELSE)}
        for person, evaluation in self.evaluations(level, group, instrument, count):
            one = self._count(person, evaluation)
            found[person.label].add(one)
            if person.nothing_else:
                found[NOTHING_ELSE].add(one)
        return found

    def _count(self, person: Person, evaluation: Evaluation) -> Tally:
        outcome = evaluation.outcome
        one = Tally(1, Counter([outcome]), lives=Counter([IN_LIFE] if person.whole_pattern else []))
        if outcome in one.lines:
            lines, rules = self.evidence.behind(evaluation, outcome)
            one.lines[outcome].update(lines)
            one.rules[outcome].update(rules)
            strong = self.evidence.is_strong(lines)
            if outcome == POSSIBLE:
                one.bases["strong" if strong else "ordinary"] += 1
            else:
                told = IN_ANSWERS if strong else ORDINARY_SIGNS
                one.indicated_by[IN_LIFE if person.whole_pattern else told] += 1
        return one


class Evidence:
    """Walks an evaluation's firings back from an outcome to the rules that observe answers."""

    def __init__(self, program: Program) -> None:
        self.owner: dict[str, str] = {}
        self.basis: dict[str, str] = {}
        self.observers: set[str] = set()
        for conclusion in program.data["conclusions"]:
            for rule in conclusion.get("rules", ()):
                self.owner[rule["id"]] = conclusion["id"]
                if conclusion["kind"] == "outcome":
                    self.basis[rule["id"]] = rule["basis"]
                if conclusion["kind"] == "indicator":
                    self.observers.add(rule["id"])

    def behind(self, evaluation: Evaluation, outcome: str) -> tuple[set[str], set[str]]:
        """The lines of the outcome that fired, and every observation that any of them rests on."""
        firings: dict[str, list[Any]] = {}
        entries: dict[str, list[str]] = {}
        for firing in evaluation.trace:
            owner = self.owner.get(firing.rule)
            if owner is None:
                owner = "dimension." + firing.rule.rpartition("/")[0]
                entries.setdefault(owner, []).extend(firing.children)
            else:
                firings.setdefault(owner, []).append(firing)
        lines = {firing.rule for firing in firings[f"outcome.{outcome}"]}
        seen: set[str] = set()
        rules: set[str] = set()
        waiting = [f"outcome.{outcome}"]
        while waiting:
            for firing in firings.get(waiting.pop(), ()):
                if firing.rule in self.observers:
                    rules.add(firing.rule)
                for child in firing.children:
                    if child not in seen:
                        seen.add(child)
                        waiting.append(child)
        return lines, rules

    def is_strong(self, lines: Collection[str]) -> bool:
        """Whether any of these lines has a strong basis."""
        return any(self.basis[line] == "strong" for line in lines)


def top(counts: Mapping[str, int], of: int, most: int = 8) -> list[tuple[str, float]]:
    """The most frequent, with their share in percent."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(name, 100 * number / of) for name, number in ordered[:most]]
