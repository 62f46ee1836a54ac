"""From the body of a request to the explained result that people and other systems read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal, cast

from indicators.answers import Answer, read_answers, write_value
from indicators.errors import AnswersError, Fault
from indicators.models import Text
from rules.counterfactuals import find_counterfactuals
from rules.evaluation import Evaluation
from rules.next_questions import NextQuestion as RankedQuestion
from rules.next_questions import rank_questions
from rules.results import canonical_result, result_digest
from screening.answer_sentences import say_value
from screening.engines import Engines, Rules
from screening.evidence import EvidenceReader
from screening.interviews import Interview, read_interview, unknown_instrument
from screening.logs import log_incidents
from screening.offers import recommend
from screening.phrases import say_both
from screening.reasons import find_reasons
from screening.result_models import (
    Assessment,
    CitedSource,
    Counterfactual,
    Evidence,
    FiredRule,
    NextQuestion,
    OutcomeName,
    SupposedAnswer,
    Urgent,
)
from screening.sentences import Sentences, as_text
from screening.unknowns import UnknownsReader

LEVELS: Final[tuple[Literal["now", "ask_now"], ...]] = ("now", "ask_now")
MOST_NEXT_QUESTIONS: Final = 5


def assess(body: object, engines: Engines, today: date, *, as_of: date | None = None) -> Assessment:
    """Return what an interview comes to; raises `AnswersError` with everything that is wrong with its body.

    `body` is a mapping or the tree of one. `today`, the day in Kuwait, chooses the revision in force and
    stands for a missing `as_of`; the parameter `as_of` takes the place of the body's. Incidents of the
    engine are logged; nothing else is written anywhere.
    """
    interview, faults = read_interview(body)
    if interview is None:
        raise AnswersError(faults)
    rules, answers = _read(interview, faults, engines, today)
    return assess_answers(
        rules, answers, str(interview.instrument), as_of or interview.as_of or today, interview.case
    )


def assess_answers(
    rules: Rules, answers: Mapping[str, Answer], instrument: str, as_of: date, case: str | None = None
) -> Assessment:
    """Return what answers that were read already come to, by these rules on this day."""
    evaluation = rules.engine.evaluate(answers, as_of, instrument)
    # Whoever sent the label chose it, and a name of one word has the shape of one.
    log_incidents(evaluation.incidents, digest=evaluation.digest, case=None)
    return assess_evaluation(rules, evaluation, case)


def assess_evaluation(rules: Rules, evaluation: Evaluation, case: str | None = None) -> Assessment:
    """Return an evaluation by these rules with its reasons, its open questions and its words."""
    return _Assessor(rules, evaluation, case).assess()


def _read(
    interview: Interview, faults: list[Fault], engines: Engines, today: date
) -> tuple[Rules, dict[str, Answer]]:
    try:
        rules = engines.rules_for(interview.rule_set, interview.revision, today)
    except AnswersError as error:
        raise AnswersError([*faults, *error.faults]) from error
    faults = [*faults, *unknown_instrument(interview, rules.program.data["instruments"])]
    answers: dict[str, Answer] = {}
    if interview.answers is not None:
        try:
            answers = read_answers(rules.forms, interview.answers)
        except AnswersError as error:
            faults += error.faults
    if faults:
        raise AnswersError(faults)
    return rules, answers


class _Assessor:
    def __init__(self, rules: Rules, evaluation: Evaluation, case: str | None) -> None:
        self.rules = rules
        self.evaluation = evaluation
        self.case = case
        self.sentences = rules.sentences
        self.reference = rules.engine.reference
        self.reasons = find_reasons(self.reference, evaluation)
        self.reader = EvidenceReader(rules.sentences, evaluation, self.reasons)
        self.unknowns = UnknownsReader(self.reader)

    def assess(self) -> Assessment:
        evaluation, reader = self.evaluation, self.reader
        outcomes = tuple(reader.evidence(f"outcome.{step}") for step in self.sentences.data["ladder"])
        routes = tuple(reader.evidence(item["id"]) for item in reader.of_kind("route"))
        findings, dimensions, indicators = reader.findings(), reader.dimensions(), reader.indicators()
        conclusions: tuple[Evidence, ...] = (*outcomes, *routes, *findings, *dimensions, *indicators)
        lines = reader.outcome_lines()
        tests = reader.tests()
        parameters = reader.parameters(tests)
        urgent = self._urgent()
        recommendations = recommend(reader, self.rules.services)
        next_questions = tuple(self._next_questions())
        counterfactuals = tuple(self._counterfactuals(outcomes))
        contradictions = self.unknowns.contradictions()
        open_questions = self.unknowns.open_questions(conclusions)
        named = {
            *(question for item in conclusions for question in (*item.support, *item.refuted_by)),
            *(item.question for item in open_questions),
            *(question for item in next_questions for question in (item.question, *item.with_questions)),
            *(test.question for test in tests),
            *(question for item in contradictions for question in item.with_questions),
            *(question for item in recommendations for one in item.services for question in one.waits_for),
        }
        because = tuple(self._needs_human(any(line.human_review for line in lines)))
        cited = [source for item in conclusions for fired in item.evidence for source in fired.sources]
        cited += [value.source for value in parameters if value.source is not None]
        cited += [source for item in recommendations for source in item.sources]
        program = self.rules.program
        return Assessment(
            semantics=self.sentences.data["semantics"],
            rule_set=evaluation.rule_set,
            revision="draft" if evaluation.revision is None else evaluation.revision,
            digest=evaluation.digest,
            instrument=evaluation.instrument,
            as_of=evaluation.as_of.isoformat(),
            case=self.case,
            outcome=cast(OutcomeName, evaluation.outcome),
            outcome_label=self._outcome_label(),
            outcome_meaning=say_both(f"outcome.{evaluation.outcome}.meaning"),
            outcome_lines=lines,
            may_still_become=cast(tuple[OutcomeName, ...], evaluation.may_still_become),
            urgent=urgent,
            needs_to_ask=self.unknowns.needs_to_ask(urgent),
            recommendations=recommendations,
            findings=findings,
            dimensions=dimensions,
            indicators=indicators,
            outcomes=outcomes,
            routes=routes,
            open_questions=open_questions,
            next_questions=next_questions,
            counterfactuals=counterfactuals,
            contradictions=contradictions,
            unknown_share=self.unknowns.share(),
            answers=self.unknowns.answers(named),
            tests=tests,
            parameters=parameters,
            missing_parameters=reader.missing_parameters(),
            sources=_distinct(cited),
            engine_check=evaluation.engine_check,
            needs_human=bool(because),
            needs_human_because=because,
            result_digest=result_digest(canonical_result(self.reference, evaluation, self.reasons.supports)),
            notice=say_both("notice"),
            notices=tuple(self._notices(program.revision_label)),
        )

    def _outcome_label(self) -> Text:
        outcome = self.evaluation.outcome
        below: Mapping[str, Any] = self.sentences.data["below"]
        return as_text(below[outcome]) if outcome in below else self.sentences.label(f"outcome.{outcome}")

    def _urgent(self) -> tuple[Urgent, ...]:
        shown: dict[str, dict[str, list[str]]] = {}
        for item in self.reader.of_kind("finding"):
            if item["need"] is not None and self.reader.status(item["id"]) == "established":
                shown.setdefault(item["need"], {}).setdefault(item["level"], []).append(item["id"])
        found = []
        for need, by_level in sorted(shown.items()):
            level = "now" if "now" in by_level else "ask_now"
            ids = by_level[level]
            why: list[FiredRule] = [fired for id in ids for fired in self.reader.fired(id)]
            found.append(
                Urgent(
                    need=need,
                    level=level,  # type: ignore[arg-type]
                    label=self.sentences.label(ids[0]),
                    findings=tuple(ids),
                    why=tuple(why),
                )
            )
        return tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), one.need)))

    def _next_questions(self) -> Iterator[NextQuestion]:
        ranked = rank_questions(self.reference, self.evaluation)
        for one in ranked[:MOST_NEXT_QUESTIONS]:
            yield word_next_question(self.sentences, one)

    def _counterfactuals(self, outcomes: Iterable[Evidence]) -> Iterator[Counterfactual]:
        for item in outcomes:
            if item.status != "undetermined":
                continue
            found = find_counterfactuals(self.reference, self.evaluation, item.id)
            yield Counterfactual(
                conclusion=item.id,
                label=item.label,
                result=found.result,
                answers=tuple(
                    tuple(self._suppose(question, answer) for question, answer in sorted(way.items()))
                    for way in found.ways
                ),
            )

    def _suppose(self, question: str, answer: Answer) -> SupposedAnswer:
        return SupposedAnswer(
            question=question,
            text=self.sentences.question(question),
            value=write_value(answer.value),
            value_text=say_value(self.sentences, question, answer.value),
        )

    def _needs_human(self, line_asks: bool) -> Iterator[Text]:
        if line_asks:
            yield say_both("human_review")
        if self.evaluation.needs_human:
            yield say_both("engine.differs")

    def _notices(self, revision: str) -> Iterator[Text]:
        evaluation = self.evaluation
        if evaluation.revision is None:
            yield say_both("notice.draft")
        yield say_both(
            "notice.revision", rule_set=evaluation.rule_set, revision=revision, digest=evaluation.digest
        )
        yield say_both("notice.as_of", instrument=evaluation.instrument, as_of=evaluation.as_of.isoformat())
        yield say_both(f"engine.{evaluation.engine_check}")


def word_next_question(sentences: Sentences, one: RankedQuestion) -> NextQuestion:
    """Return a question worth asking, with why in words."""
    if one.reason == "clear_up":
        why = say_both("next.clear_up")
    elif one.settles:
        why = say_both("next.settles", count=len(one.settles))
    else:
        why = say_both("next.helps", count=len(one.feeds))
    return NextQuestion(
        question=one.question,
        text=sentences.question(one.question),
        reason=one.reason,
        distress=one.distress,
        could_settle=one.settles,
        could_help=one.feeds,
        with_questions=one.with_questions,
        why=why,
    )


def _distinct(cited: Iterable[CitedSource]) -> tuple[CitedSource, ...]:
    found = {(one.source, one.locator, one.confidence): one for one in cited}
    return tuple(found[key] for key in sorted(found))
