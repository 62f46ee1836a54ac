"""Models: interviews. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from screening.client.problems import ProblemFault
from screening.sittings.models import AnswerConflict, InterviewShown, LiveResult


class Abandonment(BaseModel):
    """Ending without a result; only possible while nothing is indicated."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    because: str
    note: str | None = None


class AnswerOutcome(BaseModel):
    """What became of one answer of several."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    client_key: str
    question: str
    status: Literal["saved", "repeated", "conflict", "refused"]
    seq: int | None
    faults: list[ProblemFault]
    conflict: AnswerConflict | None


class AnswerSaved(BaseModel):
    """The acknowledgement of one answer: it is stored, whatever happens from now on."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    seq: int
    repeated: bool
    version: int
    last_seq: int
    live: LiveResult | None
    live_problem: ProblemFault | None


class AnswersSaved(BaseModel):
    """What became of each answer, in the order of the request."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    outcomes: list[AnswerOutcome]
    version: int
    last_seq: int
    live: LiveResult | None
    live_problem: ProblemFault | None


class Finish(BaseModel):
    """Finishing with the answers that were seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    last_seq: int
    difference_seen: bool = False


class NewAnswer(BaseModel):
    """One answer to be saved."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    question: str
    answer: Any
    follows_seq: int | None
    client_key: str
    note: str | None = None


class NewAnswers(BaseModel):
    """Several answers, saved in this order, each with an outcome of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    answers: list[NewAnswer]


class NewInterviewBody(BaseModel):
    """An interview to be begun, in an existing case or, with `site`, in a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    instrument: str
    case: str | None = None
    site: str | None = None
    visit: str | None = None
    rule_set: str = "kuwait"
    revision: int | Literal["draft"] | None = None
    language: Literal["en", "ar"] = "en"
    follows: str | None = None
    because: str | None = None
    answers: dict[str, Any] | None = None
    client_key: str | None = None


class PageInterviewShown(BaseModel):
    """Page_InterviewShown_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[InterviewShown]
    next_cursor: str | None


class PassingOn(BaseModel):
    """To whom an interview is handed over."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    to: str
    note: str | None = None


class Pause(BaseModel):
    """Stopping for now."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    because: str
    resume_after: datetime | None = None


class Resume(BaseModel):
    """Going on."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    early: bool = False


class SittingWordShown(BaseModel):
    """A word to choose from."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: dict[str, str]
    needs_note: bool
