"""What is not known: its share, the open questions, the needs still to ask about, answers that disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, Protocol

from indicators.answers import NOT_ASKED
from indicators.models import Text
from indicators.truth import FALSE
from rules.program import tests_in
from screening.answer_sentences import describe_answer, state_of
from screening.evidence import EvidenceReader
from screening.phrases import say_both
from screening.result_models import (
    AnswerGiven,
    AnswerState,
    Contradiction,
    Evidence,
    NeedToAsk,
    OpenQuestion,
    UnknownShare,
)

MISSING: Final[tuple[AnswerState, ...]] = ("not_asked", "not_known", "declined", "not_relevant")


class ShownNeed(Protocol):
    """A need that is shown, at its most pressing level."""

    @property
    def need(self) -> str:
        """Which need."""

    @property
    def level(self) -> str:
        """`now` or `ask_now`."""


class UnknownsReader:
    """Reads one evaluation for what was not said."""

    def __init__(self, reader: EvidenceReader) -> None:
        self.reader = reader
        self.sentences = reader.sentences
        self.evaluation = reader.evaluation
        self.instrument: Any = self.sentences.data["instruments"][self.evaluation.instrument]
        self.asked: tuple[str, ...] = tuple(
            question for section in self.instrument["sections"] for question in section["questions"]
        )
        self._answers: dict[str, AnswerGiven] = {}
        self._here = frozenset(self.asked)
        self.core: tuple[str, ...] = tuple(self.instrument["core"])

    def answer(self, question: str) -> AnswerGiven:
        """Return one question as it stands."""
        if question not in self._answers:
            answer = self.evaluation.answers.get(question, NOT_ASKED)
            relevant = self.evaluation.relevance[question] != FALSE
            here = question in self._here
            self._answers[question] = describe_answer(self.sentences, question, answer, relevant, here)
        return self._answers[question]

    def state(self, question: str) -> AnswerState:
        """Return the state of one question, without wording it."""
        answer = self.evaluation.answers.get(question, NOT_ASKED)
        return state_of(answer, relevant=self.evaluation.relevance[question] != FALSE)

    def answers(self, named: Iterable[str]) -> tuple[AnswerGiven, ...]:
        """Return every question of the instrument, then others that were answered or that reasons name."""
        others = {*self.evaluation.answers, *named} - set(self.asked)
        return tuple(self.answer(question) for question in (*self.asked, *sorted(others)))

    def share(self) -> UnknownShare:
        """Return how much is still unknown, in numbers and in sentences."""
        counted = Counter(self.state(question) for question in self.asked)
        core_open = tuple(question for question in self.core if self._is_open(question))
        total = len(self.asked)
        sentences = [
            say_both("unknown.core", count=len(core_open), total=len(self.core)),
            say_both("unknown.answered", count=counted["value"], total=total),
            *(say_both(f"unknown.{state}", count=counted[state]) for state in MISSING if counted[state]),
        ]
        if any(counted[state] for state in MISSING if state != "not_relevant"):
            sentences.append(say_both("unknown.closes_nothing"))
        else:
            sentences.append(say_both("unknown.door_stays_open"))
        return UnknownShare(
            questions=total,
            answered=counted["value"],
            not_known=counted["not_known"],
            declined=counted["declined"],
            not_asked=counted["not_asked"],
            not_relevant=counted["not_relevant"],
            core=len(self.core),
            core_open=core_open,
            sentences=tuple(sentences),
        )

    def open_questions(self, conclusions: Iterable[Evidence]) -> tuple[OpenQuestion, ...]:
        """Return every question that could settle something, those of this instrument first, in its order."""
        waited_for = Counter({question: 0 for question in self.core if self._is_open(question)})
        waited_for.update(question for item in conclusions for question in item.waits_for)
        place = {question: number for number, question in enumerate(self.asked)}
        ordered = sorted(waited_for, key=lambda question: (place.get(question, len(place)), question))
        return tuple(
            OpenQuestion(
                question=question,
                text=self.sentences.question(question),
                state=self.answer(question).state,
                core=question in self.core,
                in_instrument=question in place,
                distress=self.sentences.questions[question]["distress"],
                waited_for_by=waited_for[question],
            )
            for question in ordered
        )

    def needs_to_ask(self, urgent: Iterable[ShownNeed]) -> tuple[NeedToAsk, ...]:
        """Return the needs of which it is open whether they are there now."""
        shown = {need.need for need in urgent if need.level == "now"}
        found: dict[str, list[Any]] = {}
        for item in self.reader.of_kind("finding"):
            if item["level"] == "now" and self.reader.status(item["id"]) == "undetermined":
                found.setdefault(item["need"], []).append(item)
        return tuple(
            NeedToAsk(
                need=need,
                label=self.sentences.label(items[0]["id"]),
                findings=tuple(item["id"] for item in items),
                open_questions=tuple(
                    dict.fromkeys(
                        question for item in items for question in self.reader.reasons.waits_for(item["id"])
                    )
                ),
            )
            for need, items in sorted(found.items())
            if need not in shown
        )

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return each answer whose question no longer applies, beside the answers that say so."""
        found = []
        for question in self.evaluation.contradicted:
            condition = self.sentences.questions[question]["applies_when"]
            others = sorted({self.sentences.tests[test]["question"] for test in tests_in(condition)})
            found.append(
                Contradiction(
                    question=question,
                    text=self.sentences.question(question),
                    sentence=self.answer(question).sentence,
                    with_questions=tuple(others),
                    other_sentences=tuple(self._say_other(other) for other in others),
                )
            )
        return tuple(found)

    def _say_other(self, question: str) -> Text:
        return self.answer(question).sentence

    def _is_open(self, question: str) -> bool:
        return self.state(question) in ("not_asked", "not_known", "declined")
