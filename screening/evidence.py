"""What each conclusion of an evaluation stands on, in the words of its program."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from indicators.truth import FALSE, TRUE, UNKNOWN, at_least
from rules.evaluation import Evaluation
from rules.trace import children_of
from screening.reasons import Reasons
from screening.result_models import (
    DimensionResult,
    Evidence,
    FindingResult,
    FiredRule,
    IndicatorResult,
    ListedEntry,
    OutcomeLine,
    ParameterValue,
    Status,
    TestResult,
)
from screening.sentences import Sentences, as_text_or_none

STATUS: Final[Mapping[int, Status]] = {
    TRUE: "established",
    UNKNOWN: "undetermined",
    FALSE: "not_established",
}
# Types of question whose answer does not say by itself what it was compared with.
_COMPARED: Final = ("whole_number", "number_range", "date")
_TRUTHS: Final[Mapping[int, str]] = {TRUE: "true", UNKNOWN: "unknown", FALSE: "false"}


class EvidenceReader:
    """Reads one evaluation: statuses, what fired and why, and the tests it all rests on."""

    def __init__(self, sentences: Sentences, evaluation: Evaluation, reasons: Reasons) -> None:
        self.sentences = sentences
        self.evaluation = evaluation
        self.reasons = reasons
        self.rules: Mapping[str, tuple[str, Mapping[str, Any]]] = sentences.rules
        self._nearest: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _fired(self) -> dict[str, list[FiredRule]]:
        # Only when somebody asks: a live result shows no rules.
        found: dict[str, list[FiredRule]] = {}
        for firing in self.evaluation.trace:
            conclusion, fired = self._read_firing(firing.rule, firing.children)
            found.setdefault(conclusion, []).append(fired)
        return found

    def of_kind(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the program's conclusions of a kind, by id."""
        found = [item for item in self.sentences.conclusions.values() if item["kind"] == kind]
        return sorted(found, key=lambda item: str(item["id"]))

    def fired(self, conclusion: str) -> tuple[FiredRule, ...]:
        """Return the rules that held for a conclusion."""
        return tuple(self._fired.get(conclusion, ()))

    def status(self, conclusion: str) -> Status:
        """Return the status of a conclusion."""
        return STATUS[self.evaluation.statuses[conclusion]]

    def evidence(self, conclusion: str) -> Evidence:
        """Return what a conclusion stands on."""
        return Evidence(**self._common(conclusion))

    def findings(self) -> tuple[FindingResult, ...]:
        """Return every finding of the program."""
        return tuple(
            FindingResult(
                kind=item["class"],
                element=item["element"],
                need=item["need"],
                level=item["level"],
                **self._common(item["id"]),
            )
            for item in self.of_kind("finding")
        )

    def indicators(self) -> tuple[IndicatorResult, ...]:
        """Return every indicator of the program."""
        return tuple(
            IndicatorResult(
                element=item["element"], circumstance=item["circumstance"], **self._common(item["id"])
            )
            for item in self.of_kind("indicator")
        )

    def dimensions(self) -> tuple[DimensionResult, ...]:
        """Return every dimension of the program, with its list and the combinations that were met."""
        return tuple(
            DimensionResult(
                combinations_met=tuple(fired.rule.rpartition("/")[2] for fired in self.fired(item["id"])),
                entries=tuple(self._entry(entry) for entry in item["entries"]),
                **self._common(item["id"]),
            )
            for item in self.of_kind("dimension")
        )

    def outcome_lines(self) -> tuple[OutcomeLine, ...]:
        """Return the lines of the ladder that held, highest step first."""
        found = []
        for step in self.sentences.data["ladder"]:
            for fired in self.fired(f"outcome.{step}"):
                _, rule = self.rules[fired.rule]
                found.append(
                    OutcomeLine(
                        outcome=step,
                        basis=rule["basis"],
                        human_review=rule["human_review"],
                        **dict(fired),
                    )
                )
        return tuple(found)

    def chain(self, start: Iterable[str]) -> tuple[str, ...]:
        """Return every conclusion that these rest on, nearest first, themselves included."""
        found: dict[str, None] = {}
        waiting = deque(child for child in start if child in self.sentences.conclusions)
        while waiting:
            conclusion = waiting.popleft()
            if conclusion not in found:
                found[conclusion] = None
                waiting += self._rests_on(conclusion)
        return tuple(found)

    def tests(self) -> tuple[TestResult, ...]:
        """Return every test that something established rests on."""
        named = {
            leaf
            for all_fired in self._fired.values()
            for fired in all_fired
            for child in fired.because
            for leaf in self._beneath(child)
            if leaf in self.sentences.tests
        }
        return tuple(self._test(test) for test in sorted(named))

    def parameters(self, tests: Iterable[TestResult]) -> tuple[ParameterValue, ...]:
        """Return the dated values that these tests were compared with, on the day of the assessment."""
        return self._values(test.parameter for test in tests if test.parameter is not None)

    def missing_parameters(self) -> tuple[ParameterValue, ...]:
        """Return the dated values that a test needed and that nobody has entered."""
        return tuple(one for one in self._values(self.evaluation.missing_parameters) if one.value is None)

    def _values(self, parameters: Iterable[str]) -> tuple[ParameterValue, ...]:
        found: list[ParameterValue] = []
        for parameter in sorted(set(parameters)):
            options: Sequence[str] | None = None
            selector = self.sentences.parameters[parameter]["selector"]
            if selector is not None:
                answer = self.evaluation.answers.get(selector)
                given = answer.value if answer is not None and answer.state == "value" else None
                options = [given] if isinstance(given, str) else self.sentences.questions[selector]["options"]
            found += self.sentences.parameter_values(parameter, self.evaluation.as_of, options)
        return tuple(found)

    def _common(self, conclusion: str) -> dict[str, Any]:
        status = self.status(conclusion)
        return {
            "id": conclusion,
            "status": status,
            "label": self.sentences.label(conclusion),
            "support": self.reasons.support(conclusion) if status == "established" else (),
            "evidence": self.fired(conclusion),
            "refuted_by": self.reasons.refutation(conclusion) if status == "not_established" else (),
            "waits_for": self.reasons.waits_for(conclusion) if status == "undetermined" else (),
        }

    def _read_firing(self, rule: str, children: tuple[str, ...]) -> tuple[str, FiredRule]:
        if rule in self.rules:
            conclusion, data = self.rules[rule]
            rationale = as_text_or_none(data.get("rationale"))
            sources = data["sources"]
        else:
            # A dimension has no rules: its firing is named after it and the combination that was met.
            conclusion, rationale = f"dimension.{rule.rpartition('/')[0]}", None
            sources = self.sentences.conclusions[conclusion].get("sources", ())
        cited = self.sentences.cite(sources)
        return conclusion, FiredRule(rule=rule, rationale=rationale, because=children, sources=cited)

    def _entry(self, entry: Mapping[str, Any]) -> ListedEntry:
        truth = self._truth_of(entry["when"])
        because = children_of(entry["when"], self._holds) if truth == TRUE else None
        return ListedEntry(
            entry=entry["id"],
            strength=entry["strength"],
            label=self.sentences.entry_label(entry["id"]),
            status=STATUS[truth],
            because=tuple(sorted(because or ())),
        )

    def _rests_on(self, conclusion: str) -> tuple[str, ...]:
        """The conclusions that the rules which held for this one read."""
        if conclusion not in self._nearest:
            leaves = [leaf for fired in self.fired(conclusion) for leaf in fired.because]
            beneath = [one for leaf in leaves for one in self._beneath(leaf)]
            self._nearest[conclusion] = tuple(one for one in beneath if one in self.sentences.conclusions)
        return self._nearest[conclusion]

    def _beneath(self, child: str) -> Iterable[str]:
        """What a child of a firing stands for: itself, or the parts of an entry of a dimension."""
        if child in self.sentences.entries:
            return sorted(children_of(self.sentences.entries[child]["when"], self._holds) or ())
        return (child,)

    def _holds(self, child: str) -> bool:
        return self._truth(child) == TRUE

    def _truth_of(self, expression: Sequence[Any]) -> int:
        if expression[0] in ("test", "ref"):
            return self._truth(expression[1])
        parts = [self._truth_of(part) for part in expression[-1]]
        if expression[0] == "at_least":
            return at_least(expression[1], parts)
        return min(parts) if expression[0] == "all" else max(parts)

    def _truth(self, child: str) -> int:
        truths = self.evaluation.truths if child in self.sentences.tests else self.evaluation.statuses
        return truths[child]

    def _test(self, test: str) -> TestResult:
        data = self.sentences.tests[test]
        type_ = self.sentences.questions[data["question"]]["type"]
        return TestResult.model_validate(
            {
                "id": test,
                "question": data["question"],
                "status": _TRUTHS[self.evaluation.truths[test]],
                "disputed": test in self.evaluation.disputed,
                "sentence": self.sentences.test(test),
                "compared": data["parameter"] is not None or type_ in _COMPARED,
                "parameter": data["parameter"],
            }
        )
