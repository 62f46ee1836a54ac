"""What requests about referrals, stages and receiving systems carry, and what they are answered with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from api.bodies.cases import ConsentExceptionShown, NoteWarningShown
from api.bodies.reading import Body, ClientKey, ContentId, Id, Line, Note
from indicators.models import Text
from screening.result_models import CitedSource, ContactNote, Recommendation

Fact = Literal["child", "danger", "duty_to_report"]


class Labelled(BaseModel):
    """An id of the content and what people read."""

    id: str
    label: Text


class ProposalShown(BaseModel):
    """A route that a final assessment of the case recommends, with what stands in its way."""

    assessment: str
    assessed_at: datetime
    in_newest: bool = Field(description="whether the newest assessment of the case recommends it as well")
    can_be_written: bool = Field(
        description="false where only the newest assessment opens the route, and it does not"
    )
    recommendation: Recommendation
    agreed_services: list[str] = Field(description="services that the person said yes to")
    refused_services: list[str] = Field(description="services that the person said no to")
    exceptions: list[ConsentExceptionShown]
    referrals: list[str] = Field(description="ids of the referrals that were written along this route")


class ProposalsShown(BaseModel):
    """What the final assessments of a case recommend, the most urgent first."""

    case: str
    items: list[ProposalShown]


class NewReferralBody(Body):
    """A referral to be written; nothing leaves by that."""

    case: Id
    route: ContentId
    service: ContentId
    message: Note | None = None
    share: list[ContentId] = Field(default_factory=list, max_length=12)
    exception: ContentId | None = None
    stated: list[Fact] = Field(default_factory=list, max_length=3)
    explained: bool = Field(
        default=False, description="whether the person has heard why this is passed on without a yes"
    )
    because: Note | None = None
    client_key: ClientKey | None = None


class ReferralRow(BaseModel):
    """A referral in a list: which service, where it stands, by when the next thing is expected."""

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


class ReferralStep(BaseModel):
    """One thing that happened to a referral."""

    seq: int
    event: Labelled
    reason: Labelled | None
    how: Labelled | None
    note: str | None
    by: str
    at: datetime


class Step(BaseModel):
    """One thing that can happen now, with the words it needs."""

    id: str
    label: Text
    reasons: list[Labelled]
    how: list[Labelled]


class ServiceShown(BaseModel):
    """The service of the directory that the referral goes to, and how old the knowledge of it is."""

    id: str
    name: Text
    how: Text
    cautions: Text | None
    last_confirmed: str
    contacts: list[ContactNote]


class ReferralShown(ReferralRow):
    """A referral with what goes along, what must never go along, and everything that happened to it."""

    case_number: str
    assessment: str | None
    consent: str | None
    exception_of_the_law: ConsentExceptionShown | None
    to_be_explained: bool = Field(
        description="whether it rests on an exception that the person has not heard of yet"
    )
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


class ReferralAnswered(BaseModel):
    """Where a referral stands, for who may answer it and not read it: nothing of the person."""

    id: str
    number: str
    service: Labelled
    status: Labelled
    due_at: datetime | None
    version: int
    next_steps: list[Step]


class ReferralEventBody(Body):
    """Something that happened to a referral."""

    event: ContentId
    reason: ContentId | None = None
    how: ContentId | None = None
    note: Note | None = None
    due_at: AwareDatetime | None = Field(default=None, description="when the next step is expected")


class StageBody(Body):
    """The stage that a case goes to."""

    stage: ContentId


class StageShown(BaseModel):
    """A stage that the case is or was in."""

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

    case: str
    titles_are: Literal["working", "official"]
    mechanism: list[Labelled]
    items: list[StageShown]


class QueueCounts(BaseModel):
    """How much waits in each list within reach."""

    items: dict[str, int]


class WaitingShown(BaseModel):
    """One thing that waits: which record of which case, what about it, since or until when."""

    kind: Literal["interview", "assessment", "referral", "stage"]
    id: str
    case: str
    case_number: str
    site: str
    what: str
    at: datetime
    held_by: str | None


class NewWebhook(Body):
    """A receiving system to be told of events."""

    label: Line
    url: Annotated[str, Field(min_length=8, max_length=500, pattern=r"^https?://[\x21-\x7e]+$")]
    events: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z_.]{1,64}$")]], Field(min_length=1, max_length=20)
    ]
    site: Id | None = None


class WebhookChange(Body):
    """What is changed of a receiving system; what is left out stays."""

    events: (
        Annotated[list[Annotated[str, Field(pattern=r"^[a-z_.]{1,64}$")]], Field(min_length=1, max_length=20)]
        | None
    ) = None
    active: bool | None = None


class WebhookShown(BaseModel):
    """A receiving system; the secret is shown once, in the answer that makes it."""

    id: str
    site: str | None
    label: str
    url: str
    events: list[str]
    active: bool
    version: int
    secret: str | None = None


class WebhooksShown(BaseModel):
    """Every receiving system."""

    items: list[WebhookShown]


class DeliveryShown(BaseModel):
    """One message to a receiving system."""

    id: str
    event: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    last_status: int | None
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


class DeliveriesShown(BaseModel):
    """The newest messages to one receiving system."""

    items: list[DeliveryShown]
