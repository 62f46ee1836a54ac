"""Models: referrals. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from indicators.models import Text
from screening.client.models.shared import ConsentExceptionShown, NoteWarningShown
from screening.result_models import CitedSource, ContactNote, Recommendation


class Labelled(BaseModel):
    """An id of the content and what people read."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: Text


class NewReferralBody(BaseModel):
    """A referral to be written; nothing leaves by that."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    case: str
    route: str
    service: str
    message: str | None = None
    share: list[str] | None = None
    exception: str | None = None
    stated: list[Literal["child", "danger", "duty_to_report"]] | None = None
    explained: bool = False
    because: str | None = None
    client_key: str | None = None


class ReferralRow(BaseModel):
    """A referral in a list: which service, where it stands, by when the next thing is expected."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    case: str
    site: str
    route: Labelled
    service: Labelled
    urgency: Labelled
    status: Labelled
    exception: Labelled | None
    due_at: datetime | None
    overdue: bool
    created_at: datetime
    created_by: str
    version: int


class PageReferralRow(BaseModel):
    """Page_ReferralRow_."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    items: list[ReferralRow]
    next_cursor: str | None


class ProposalShown(BaseModel):
    """A route that a final assessment of the case recommends, with what stands in its way."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    assessment: str
    assessed_at: datetime
    in_newest: bool
    can_be_written: bool
    recommendation: Recommendation
    agreed_services: list[str]
    refused_services: list[str]
    exceptions: list[ConsentExceptionShown]
    referrals: list[str]


class ProposalsShown(BaseModel):
    """What the final assessments of a case recommend, the most urgent first."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    case: str
    items: list[ProposalShown]


class Step(BaseModel):
    """One thing that can happen now, with the words it needs."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    label: Text
    reasons: list[Labelled]
    how: list[Labelled]


class ReferralAnswered(BaseModel):
    """Where a referral stands, for who may answer it and not read it: nothing of the person."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    service: Labelled
    status: Labelled
    due_at: datetime | None
    version: int
    next_steps: list[Step]


class ReferralEventBody(BaseModel):
    """Something that happened to a referral."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    event: str
    reason: str | None = None
    how: str | None = None
    note: str | None = None
    due_at: datetime | None = None


class ReferralStep(BaseModel):
    """One thing that happened to a referral."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    seq: int
    event: Labelled
    reason: Labelled | None
    how: Labelled | None
    note: str | None
    by: str
    at: datetime


class ServiceShown(BaseModel):
    """The service of the directory that the referral goes to, and how old the knowledge of it is."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    name: Text
    how: Text
    cautions: Text | None
    last_confirmed: str
    contacts: list[ContactNote]


class ReferralShown(BaseModel):
    """A referral with what goes along, what must never go along, and everything that happened to it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    number: str
    case: str
    site: str
    route: Labelled
    service: Labelled
    urgency: Labelled
    status: Labelled
    exception: Labelled | None
    due_at: datetime | None
    overdue: bool
    created_at: datetime
    created_by: str
    version: int
    case_number: str
    assessment: str | None
    consent: str | None
    exception_of_the_law: ConsentExceptionShown | None
    to_be_explained: bool
    because: str | None
    message: str | None
    share: list[str]
    send: Text | None
    never_send: Text | None
    consent_note: Text | None
    sources: list[CitedSource]
    directory: ServiceShown | None
    events: list[ReferralStep]
    next_steps: list[Step]
    warnings: list[NoteWarningShown]


class StageBody(BaseModel):
    """The stage that a case goes to."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    stage: str


class StageShown(BaseModel):
    """A stage that the case is or was in."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    stage: Labelled
    owner: Text
    output: Text
    entered_at: datetime
    due_at: datetime | None
    left_at: datetime | None
    overdue: bool
    by: str


class StagesShown(BaseModel):
    """The stages of the referral mechanism, and those that the case was in, oldest first."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    case: str
    titles_are: Literal["working", "official"]
    mechanism: list[Labelled]
    items: list[StageShown]
