"""What the service shows of interviews: closed records, every text in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from indicators.models import Text
from rules.evaluation import EngineCheck
from screening.result_models import (
    AnswerState,
    Contradiction,
    NeedToAsk,
    NextQuestion,
    OutcomeName,
    Part,
    UnknownShare,
)

Status = Literal["open", "paused", "finished", "abandoned"]
Stance = Literal["agree", "differ"]
Direction = Literal["same", "higher", "lower"]
Urgency = Literal["now", "today", "soon", "when_ready"]


class Follows(Part):
    """The interview before this one, and why there is another."""

    interview: str
    because: str
    because_label: Text


class InterviewShown(Part):
    """One interview without its answers."""

    id: str
    case: str
    case_number: str
    site: str
    visit: str | None
    instrument: str
    rule_set: str
    revision: int | Literal["draft"]
    digest: str = Field(description="the program this interview is held by, for ever")
    entry_mode: str | None
    status: Status
    status_label: Text
    language: Literal["en", "ar"]
    follows: Follows | None
    created_by: str
    held_by: str
    created_at: datetime
    paused_at: datetime | None
    paused_because: str | None
    resume_after: datetime | None
    finished_at: datetime | None
    abandoned_at: datetime | None
    abandoned_because: str | None
    last_seq: int = Field(ge=0, description="the number of the last saved answer; 0 before the first")
    assessment: str | None = Field(description="the final assessment, once there is one")
    version: int


class HandOverShown(Part):
    """One passing on of an interview."""

    from_account: str
    to_account: str
    note: str | None
    by: str
    at: datetime


class AnswerRevisionShown(Part):
    """One saved answer as it was given; a later one never changes it."""

    seq: int
    follows_seq: int | None = Field(description="the answer that the writer saw before him")
    state: AnswerState
    answer: Any = Field(description="as it can be sent again")
    note: str | None
    sentence: Text
    by: str
    at: datetime


class AnswerShown(AnswerRevisionShown):
    """The answer of a question that counts now."""

    question: str
    text: Text
    earlier: int = Field(ge=0, description="how many answers to this question came before")


class AnswersShown(Part):
    """Every question that was touched, each with the answer that counts."""

    interview: str
    version: int
    last_seq: int
    answers: tuple[AnswerShown, ...]


class AnswerHistory(Part):
    """Everything that was ever saved for one question, oldest first."""

    interview: str
    question: str
    text: Text
    revisions: tuple[AnswerRevisionShown, ...]


class UnsavedAnswer(Part):
    """An answer that was not saved because another one stood there already."""

    answer: Any
    note: str | None
    follows_seq: int | None


class AnswerConflict(Part):
    """Two answers to one question, neither of which is lost: the one saved, and the one that was sent."""

    question: str
    saved: AnswerRevisionShown | None = Field(
        description="null: nothing was ever saved for this question, although the request names an answer"
    )
    sent: UnsavedAnswer


class LabelledId(Part):
    """A conclusion and what it is called."""

    id: str
    label: Text


class ElementSoFar(Part):
    """What is established and what is open of one element: act, means or purpose."""

    element: Literal["act", "means", "purpose"]
    label: Text
    signs: tuple[LabelledId, ...] = Field(description="the indicators that are shown; no circumstances")
    established: tuple[LabelledId, ...]
    open: tuple[LabelledId, ...]


class UrgentSoFar(Part):
    """A need that is shown."""

    need: str
    level: Literal["now", "ask_now"]
    label: Text
    findings: tuple[str, ...]


class RouteSoFar(Part):
    """A referral that would be recommended."""

    route: str
    label: Text
    urgency: Urgency


class EarlierResult(Part):
    """What an interview before this one came to. It stands, whatever this one shows."""

    interview: str
    assessment: str
    outcome: OutcomeName
    outcome_label: Text
    at: datetime


class AnswerThen(Part):
    """An answer of one interview, for comparing."""

    interview: str
    seq: int
    state: AnswerState
    answer: Any
    sentence: Text
    by: str
    at: datetime


class DifferentAnswers(Part):
    """One question with two answers in two interviews, which cannot both hold at one time."""

    question: str
    text: Text
    may_have_changed: bool = Field(description="the question is about a need of the day")
    before: AnswerThen
    after: AnswerThen
    sentence: Text


class LiveResult(Part):
    """What the answers so far come to, from one evaluation; the final assessment says why."""

    interview: str
    last_seq: int = Field(ge=0, description="the last answer that was read")
    as_of: str
    rule_set: str
    revision: int | Literal["draft"]
    digest: str
    instrument: str
    urgent: tuple[UrgentSoFar, ...]
    needs_to_ask: tuple[NeedToAsk, ...]
    outcome: OutcomeName
    outcome_label: Text
    outcome_meaning: Text
    may_still_become: tuple[OutcomeName, ...]
    elements: tuple[ElementSoFar, ...]
    other_findings: tuple[LabelledId, ...]
    routes: tuple[RouteSoFar, ...]
    unknown_share: UnknownShare
    next_questions: tuple[NextQuestion, ...]
    contradictions: tuple[Contradiction, ...]
    earlier_results: tuple[EarlierResult, ...]
    earlier_notice: Text | None = Field(description="that what was found earlier stands, if anything was")
    different_answers: tuple[DifferentAnswers, ...]
    withdrawn: tuple[LabelledId, ...] = Field(
        description="what the corrections of this request no longer let hold"
    )
    withdrawn_notice: Text | None
    engine_check: EngineCheck
    needs_human: bool
    notice: Text


class ContradictionsShown(Part):
    """Everything in an interview and those it follows that does not fit together; no side is taken."""

    interview: str
    within: tuple[Contradiction, ...]
    between: tuple[DifferentAnswers, ...]
    notice: Text


class OpenBefore(Part):
    """A question that was open when the interview before ended."""

    question: str
    text: Text
    state: AnswerState
    core: bool
    distress: int = Field(ge=1, le=3)
    in_instrument: bool = Field(description="whether this interview's instrument asks it")
    waited_for_by: int = Field(ge=0, description="how many conclusions waited for it")
    answered_since: bool


class LastTime(Part):
    """What the interview before left open, for the one that follows it."""

    interview: str
    follows: str
    result: EarlierResult | None
    open_questions: tuple[OpenBefore, ...]
    notice: Text


class DecisionShown(Part):
    """What a person decided beside a result."""

    id: str
    stance: Stance
    stance_label: Text
    outcome: OutcomeName | None
    outcome_label: Text | None
    direction: Direction = Field(description="how the person's own outcome stands to that of the result")
    reason: str | None
    by: str
    at: datetime
    notice: Text | None = Field(description="what has to be said beside a lower decision")


class DecisionsShown(Part):
    """Every decision beside one result, oldest first."""

    assessment: str
    decisions: tuple[DecisionShown, ...]


class FinalAssessment(Part):
    """A result that is kept, without its body."""

    id: str
    interview: str
    case: str
    site: str
    rule_set: str
    revision: int | Literal["draft"]
    digest: str
    as_of: str
    last_seq: int
    result_digest: str
    outcome: OutcomeName
    reference_outcome: OutcomeName
    engine_outcome: OutcomeName | None
    engine_check: EngineCheck
    by: str
    at: datetime
