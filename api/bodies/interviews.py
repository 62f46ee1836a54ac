"""What requests about interviews, answers and decisions carry, and how answers are acknowledged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from api.bodies.reading import Body, ClientKey, ContentId, Id, Note
from api.problems import Problem, ProblemFault, write_problem
from indicators.errors import Fault
from screening.interviews import DEFAULT_RULE_SET
from screening.phrases import Language
from screening.result_models import Assessment
from screening.sittings.answers import GivenAnswer, Outcome
from screening.sittings.interviews import NewInterview
from screening.sittings.models import AnswerConflict, FinalAssessment, LiveResult
from screening.sittings.saving import Saved
from screening.sittings.words import sitting_words

# A page of a form at most; more than that is sent in several requests.
MOST_AT_ONCE = 200
Seq = Annotated[int, Field(ge=1, le=2**31)]
AnyAnswer = Annotated[
    Any, Field(description="a plain value, or `{state: not_known|declined|not_asked}`, as in assessments")
]


class NewInterviewBody(Body):
    """An interview to be begun, in an existing case or, with `site`, in a new one."""

    instrument: ContentId
    case: Id | None = Field(None, description="an existing case")
    site: Id | None = Field(None, description="the site at which a new case is opened")
    visit: Id | None = None
    rule_set: ContentId = DEFAULT_RULE_SET
    revision: Annotated[int, Field(ge=1)] | Literal["draft"] | None = Field(
        None, description="the one in force if left out; the interview keeps it for ever"
    )
    language: Literal["en", "ar"] = "en"
    follows: Id | None = Field(None, description="the interview of the same case that this one follows")
    because: ContentId | None = Field(None, description="why there is another interview")
    answers: dict[ContentId, AnyAnswer] = Field(
        default_factory=dict,
        max_length=MOST_AT_ONCE,
        description="the first answers: how the person came, who is in the room, the interpreter",
    )
    client_key: ClientKey | None = None

    def asked(self) -> NewInterview:
        """The interview that is asked for."""
        return NewInterview(
            instrument=self.instrument,
            case_id=self.case,
            site_id=self.site,
            visit_id=self.visit,
            language=self.language,
            follows_id=self.follows,
            follows_because=self.because,
            client_key=self.client_key,
            answers=self.answers,
        )


class NewAnswer(Body):
    """One answer to be saved."""

    question: ContentId
    answer: AnyAnswer
    note: Note | None = None
    follows_seq: Seq | None = Field(
        description="the number of the answer to this question that was seen; null if there was none"
    )
    client_key: ClientKey

    def given(self) -> GivenAnswer:
        """The answer for the interview."""
        return GivenAnswer(self.question, self.answer, self.client_key, self.follows_seq, self.note)


class NewAnswers(Body):
    """Several answers, saved in this order, each with an outcome of its own."""

    answers: Annotated[list[NewAnswer], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Pause(Body):
    """Stopping for now."""

    because: ContentId
    resume_after: AwareDatetime | None = Field(None, description="when the person will have rested")


class Resume(Body):
    """Going on."""

    early: bool = Field(False, description="the person asks to go on before the rest is over")


class Abandonment(Body):
    """Ending without a result; only possible while nothing is indicated."""

    because: ContentId
    note: Note | None = None


class PassingOn(Body):
    """To whom an interview is handed over."""

    to: Id
    note: Note | None = None


class Finish(Body):
    """Finishing with the answers that were seen."""

    last_seq: Annotated[int, Field(ge=0, le=2**31)] = Field(
        description="the number of the last answer that was seen; 0 if none was saved"
    )
    difference_seen: bool = Field(
        False, description="a person has looked at why engine and reference evaluator differ"
    )


class NewDecision(Body):
    """What a person decides beside a result."""

    stance: ContentId
    outcome: ContentId | None = Field(None, description="what the person would call it; only with `differ`")
    reason: Note | None = Field(None, description="needed with `differ`")


class AnswerSaved(BaseModel):
    """The acknowledgement of one answer: it is stored, whatever happens from now on."""

    seq: int
    repeated: bool = Field(description="true: it was saved before under this client key")
    version: int
    last_seq: int
    live: LiveResult | None = Field(description="null if it was not asked for or could not be worked out")
    live_problem: ProblemFault | None = Field(description="why it could not be worked out")


class AnswerOutcome(BaseModel):
    """What became of one answer of several."""

    client_key: str
    question: str
    status: Literal["saved", "repeated", "conflict", "refused"]
    seq: int | None
    faults: tuple[ProblemFault, ...]
    conflict: AnswerConflict | None


class AnswersSaved(BaseModel):
    """What became of each answer, in the order of the request."""

    outcomes: tuple[AnswerOutcome, ...]
    version: int
    last_seq: int
    live: LiveResult | None
    live_problem: ProblemFault | None


class AnswerProblem(Problem):
    """A problem document that shows both answers where two people answered one question."""

    conflict: AnswerConflict | None = None


class AssessmentRead(FinalAssessment):
    """A final assessment: what is recorded of it, and the result as it was on that day."""

    result: Assessment


class SittingWordShown(BaseModel):
    """A word to choose from."""

    id: str
    label: dict[str, str]
    needs_note: bool


def show_saved(saved: Saved, lang: Language) -> AnswerSaved:
    """The acknowledgement of a single answer that was saved."""
    (one,) = saved.outcomes
    if one.seq is None:
        raise ValueError("an answer that was not saved is a problem, not an acknowledgement")
    return AnswerSaved(
        seq=one.seq,
        repeated=one.repeated,
        version=saved.version,
        last_seq=saved.last_seq,
        live=saved.live,
        live_problem=_word_one(saved.live_fault, lang),
    )


def show_outcomes(saved: Saved, lang: Language) -> AnswersSaved:
    """What became of several answers."""
    return AnswersSaved(
        outcomes=tuple(_show_outcome(one, lang) for one in saved.outcomes),
        version=saved.version,
        last_seq=saved.last_seq,
        live=saved.live,
        live_problem=_word_one(saved.live_fault, lang),
    )


def write_answer_problem(outcome: Outcome, lang: Language) -> AnswerProblem:
    """The problem document of an answer that was not saved."""
    problem = write_problem(outcome.faults, lang)
    return AnswerProblem(**dict(problem), conflict=outcome.conflict)


def show_words() -> dict[str, list[SittingWordShown]]:
    """Every list of words of interviews."""
    return {
        name: [
            SittingWordShown(id=one.id, label=one.label.model_dump(), needs_note=one.needs_note)
            for one in words.values()
        ]
        for name, words in sitting_words().items()
    }


def _show_outcome(one: Outcome, lang: Language) -> AnswerOutcome:
    status: Literal["saved", "repeated", "conflict", "refused"] = "saved"
    if one.conflict is not None:
        status = "conflict"
    elif one.faults:
        status = "refused"
    elif one.repeated:
        status = "repeated"
    return AnswerOutcome(
        client_key=one.client_key,
        question=one.question,
        status=status,
        seq=one.seq,
        faults=write_problem(one.faults, lang).faults if one.faults else (),
        conflict=one.conflict,
    )


def _word_one(found: Fault | None, lang: Language) -> ProblemFault | None:
    return None if found is None else write_problem([found], lang).faults[0]
