"""What the answers so far come to: one evaluation in words, without the search for what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, cast

from indicators.answers import Answer
from indicators.models import Text
from indicators.truth import TRUE, UNKNOWN
from rules.counterfactuals import withdrawn
from rules.evaluation import Evaluation
from rules.next_questions import rank_questions
from rules.results import URGENCIES
from rules.waiting import OpenParts, find_waiting
from screening.assessments import LEVELS, MOST_NEXT_QUESTIONS, word_next_question
from screening.engines import Rules
from screening.evidence import EvidenceReader
from screening.logs import log_incidents
from screening.phrases import say_both
from screening.reasons import Reasons
from screening.result_models import OutcomeName
from screening.sentences import as_text
from screening.sittings.contradictions import compare
from screening.sittings.models import (
    EarlierResult,
    ElementSoFar,
    LabelledId,
    LiveResult,
    RouteSoFar,
    Urgency,
    UrgentSoFar,
)
from screening.sittings.snapshots import Sitting
from screening.unknowns import UnknownsReader

_ELEMENTS: Final[tuple[Literal["act", "means", "purpose"], ...]] = ("act", "means", "purpose")
# What people would notice the loss of; the rest follows from these.
_NAMED: Final = frozenset({"indicator", "finding", "route", "outcome"})


def work_out(
    sitting: Sitting, earlier: Sequence[Sitting], before: Mapping[str, Answer] | None = None
) -> LiveResult:
    """The result so far of an interview, beside what the interviews before it came to.

    `before` are the answers before a correction: what they established and the present ones do not is told.
    It takes no transaction. Incidents of the engine are logged with the case number.
    """
    rules = sitting.rules
    evaluation = rules.engine.evaluate(sitting.answers, sitting.as_of, sitting.instrument)
    log_incidents(evaluation.incidents, digest=evaluation.digest, case=sitting.case_number)
    lost = () if before is None else _lost(rules, before, evaluation)
    return _Builder(sitting, evaluation).build(earlier, lost)


def outcome_label(rules: Rules, outcome: str) -> Text:
    """What an outcome is called by these rules."""
    below: Mapping[str, Any] = rules.program.data["below"]
    return as_text(below[outcome]) if outcome in below else rules.sentences.label(f"outcome.{outcome}")


def show_earlier(sitting: Sitting) -> EarlierResult | None:
    """The final result of an interview, if it was finished."""
    result = sitting.result
    if result is None:
        return None
    return EarlierResult(
        interview=sitting.interview,
        assessment=result.id,
        outcome=cast(OutcomeName, result.outcome),
        outcome_label=outcome_label(sitting.rules, result.outcome),
        at=result.at,
    )


def _lost(rules: Rules, before: Mapping[str, Answer], evaluation: Evaluation) -> tuple[LabelledId, ...]:
    statuses = rules.engine.reference.evaluate(before, evaluation.as_of)
    conclusions = rules.sentences.conclusions
    return tuple(
        LabelledId(id=name, label=rules.sentences.label(name))
        for name in withdrawn(statuses, evaluation.statuses)
        if conclusions[name]["kind"] in _NAMED
    )


class _Builder:
    def __init__(self, sitting: Sitting, evaluation: Evaluation) -> None:
        self.sitting = sitting
        self.evaluation = evaluation
        self.rules = sitting.rules
        self.sentences = sitting.rules.sentences
        reference = sitting.rules.engine.reference
        parts = OpenParts(reference, evaluation)
        open_needs = {
            item["id"]
            for item in self.sentences.conclusions.values()
            if item["kind"] == "finding" and item["level"] == "now" and self._is(item, UNKNOWN)
        }
        waiting = find_waiting(reference, evaluation, parts, open_needs)
        reader = EvidenceReader(self.sentences, evaluation, Reasons({}, {}, waiting))
        self.unknowns = UnknownsReader(reader)
        self.ranked = rank_questions(reference, evaluation, parts)[:MOST_NEXT_QUESTIONS]
        self.fired = {firing.rule for firing in evaluation.trace}

    def build(self, earlier: Sequence[Sitting], lost: tuple[LabelledId, ...]) -> LiveResult:
        evaluation = self.evaluation
        urgent = self._urgent()
        results = tuple(found for one in earlier if (found := show_earlier(one)) is not None)
        return LiveResult(
            interview=self.sitting.interview,
            last_seq=self.sitting.seq,
            as_of=evaluation.as_of.isoformat(),
            rule_set=evaluation.rule_set,
            revision="draft" if evaluation.revision is None else evaluation.revision,
            digest=evaluation.digest,
            instrument=evaluation.instrument,
            urgent=urgent,
            needs_to_ask=self.unknowns.needs_to_ask(urgent),
            outcome=cast(OutcomeName, evaluation.outcome),
            outcome_label=outcome_label(self.rules, evaluation.outcome),
            outcome_meaning=say_both(f"outcome.{evaluation.outcome}.meaning"),
            may_still_become=cast(tuple[OutcomeName, ...], evaluation.may_still_become),
            elements=tuple(self._element(element) for element in _ELEMENTS),
            other_findings=self._labelled(
                item
                for item in self._of_kind("finding")
                if item["class"] not in ("element", "need") and self._is(item, TRUE)
            ),
            routes=self._routes(),
            unknown_share=self.unknowns.share(),
            next_questions=tuple(word_next_question(self.sentences, one) for one in self.ranked),
            contradictions=self.unknowns.contradictions(),
            earlier_results=results,
            earlier_notice=say_both("sitting.earlier_stands") if results else None,
            different_answers=compare(self.sitting, earlier),
            withdrawn=lost,
            withdrawn_notice=say_both("sitting.withdrawn", count=len(lost)) if lost else None,
            engine_check=evaluation.engine_check,
            needs_human=evaluation.needs_human,
            notice=say_both("notice"),
        )

    def _is(self, item: Mapping[str, Any], status: int) -> bool:
        return self.evaluation.statuses[item["id"]] == status

    def _of_kind(self, kind: str) -> list[Mapping[str, Any]]:
        return [item for item in self.sentences.conclusions.values() if item["kind"] == kind]

    def _labelled(self, items: Iterable[Mapping[str, Any]]) -> tuple[LabelledId, ...]:
        ids = sorted(str(item["id"]) for item in items)
        return tuple(LabelledId(id=name, label=self.sentences.label(name)) for name in ids)

    def _element(self, element: Literal["act", "means", "purpose"]) -> ElementSoFar:
        items = [
            item
            for item in self._of_kind("finding")
            if item["class"] == "element" and item["element"] == element
        ]
        return ElementSoFar(
            element=element,
            label=say_both(f"element.{element}"),
            signs=self._labelled(
                item
                for item in self._of_kind("indicator")
                if item["element"] == element and not item["circumstance"] and self._is(item, TRUE)
            ),
            established=self._labelled(item for item in items if self._is(item, TRUE)),
            open=self._labelled(item for item in items if self._is(item, UNKNOWN)),
        )

    def _urgent(self) -> tuple[UrgentSoFar, ...]:
        shown: dict[str, dict[str, list[str]]] = {}
        for item in self._of_kind("finding"):
            if item["need"] is not None and self._is(item, TRUE):
                shown.setdefault(item["need"], {}).setdefault(item["level"], []).append(item["id"])
        found = []
        for need, by_level in shown.items():
            level = next(one for one in LEVELS if one in by_level)
            ids = sorted(by_level[level])
            label = self.sentences.label(ids[0])
            found.append(UrgentSoFar(need=need, level=level, label=label, findings=tuple(ids)))
        return tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), one.need)))

    def _routes(self) -> tuple[RouteSoFar, ...]:
        found = []
        for item in self._of_kind("route"):
            if self._is(item, TRUE):
                urgencies = [rule["urgency"] for rule in item["rules"] if rule["id"] in self.fired]
                urgency = cast(Urgency, min(urgencies, key=URGENCIES.index))
                name = item["id"].partition(".")[2]
                label = self.sentences.label(item["id"])
                found.append(RouteSoFar(route=name, label=label, urgency=urgency))
        return tuple(sorted(found, key=lambda one: (URGENCIES.index(one.urgency), one.route)))
