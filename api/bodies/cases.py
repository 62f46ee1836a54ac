"""What requests about cases carry, and how cases are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.bodies.reading import Body, ClientKey, ContentId, Id, Line, Note
from indicators.catalogue import Catalogue
from indicators.models import Text
from screening.cases.consents import ConsentException
from screening.cases.identities import FIELDS, IdentityRead, Matches
from screening.cases.notes import describe_warnings, warn_about
from screening.cases.words import CaseWord, label_of
from screening.result_models import CitedSource
from screening.sentences import cite_content
from screening.storage.tables.cases import Case, CaseAccess, CaseEvent, Consent
from screening.work import Work

# A number of a document or of a register, in the digits of any script.
Number = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w ./-]+$")]
WrittenDay = Annotated[str, StringConstraints(min_length=4, max_length=10, pattern=r"^[\d/-]+$")]


class NewCase(Body):
    """A case to be opened."""

    site: Id
    client_key: ClientKey | None = None


class CaseChange(Body):
    """Closing or reopening a case."""

    status: Literal["open", "closed"]
    reason: ContentId
    note: Note | None = None


class IdentityChange(Body):
    """The fields to change; null empties one, and what is left out stays as it is."""

    full_name: Line | None = None
    other_names: Line | None = None
    birth_date: WrittenDay | None = Field(None, description="`1999`, `1999-05` or `1999-05-20`")
    nationality: Line | None = None
    languages: Line | None = None
    document_number: Number | None = None
    telephone: Line | None = None
    safe_contact: Line | None = None
    address: Note | None = None
    notes: Note | None = None

    def changes(self) -> dict[str, str | None]:
        """Only what was sent."""
        return {name: getattr(self, name) for name in FIELDS if name in self.model_fields_set}


class NewLink(Body):
    """Another case of the same person."""

    case: Id


class NewCaseWorkplace(Body):
    """A workplace to link a case with."""

    workplace: Id


class NewConsent(Body):
    """What the person said to one purpose; a referral names its service."""

    purpose: ContentId
    state: ContentId
    recipient: ContentId | None = None
    how: ContentId | None = None
    interview: Id | None = None
    limits_explained: bool = False
    note: Note | None = None


class EmergencyReason(Body):
    """Why a case must be opened in an emergency."""

    reason: Note


class NoteWarningShown(BaseModel):
    """Something in a text could be turned against the person; it was saved as it is."""

    id: str
    label: Text
    says: Text


class WordShown(BaseModel):
    """A word to choose; `needs_note` asks for a sentence beside it."""

    id: str
    label: Text
    needs_note: bool


class CaseShown(BaseModel):
    """A case without anything personal."""

    id: str
    number: str
    site: str
    status: str
    created_by: str
    created_at: datetime
    closed_at: datetime | None
    erased_at: datetime | None
    held_until: datetime | None
    version: int


class CaseEventShown(BaseModel):
    """The case as a whole was closed, reopened, held, released or erased."""

    event: str
    reason: str | None
    reason_label: Text | None
    note: str | None
    by: str
    at: datetime


class CaseRead(CaseShown):
    """A case with what happened to it; `linked` are other cases of the same person within reach."""

    events: list[CaseEventShown]
    linked: list[CaseShown]
    warnings: list[NoteWarningShown] = []


class IdentityShown(BaseModel):
    """Who the person is; `version` is 0 while nothing was recorded.

    After a change of the document number `matches` are other cases of it that the caller may open, and
    `match_elsewhere` says whether there are more: a supervisor can link them. It is null if nothing was
    looked up, or too often today.
    """

    case: str
    full_name: str | None
    other_names: str | None
    birth_date: str | None
    nationality: str | None
    languages: str | None
    document_number: str | None
    telephone: str | None
    safe_contact: str | None
    address: str | None
    notes: str | None
    version: int
    updated_at: datetime | None
    updated_by: str | None
    matches: list[CaseShown] = []
    match_elsewhere: bool | None = None
    warnings: list[NoteWarningShown] = []


class MatchesShown(BaseModel):
    """Other cases with the same document number; `elsewhere` says that there are others out of reach."""

    matches: list[CaseShown]
    elsewhere: bool | None


class AccessShown(BaseModel):
    """Why an account may or could open a case."""

    account: str
    because: str
    granted_by: str
    granted_at: datetime
    ended_at: datetime | None
    ended_by: str | None


class ConsentShown(BaseModel):
    """What the person said to one purpose, in both languages."""

    id: str
    purpose: str
    purpose_label: Text
    recipient: str | None
    state: str
    state_label: Text
    how: str | None
    how_label: Text | None
    interview: str | None
    limits_explained: bool
    note: str | None
    by: str
    at: datetime
    warnings: list[NoteWarningShown] = []


class ConsentsShown(BaseModel):
    """Everything the person said in order, and what holds now."""

    current: list[ConsentShown]
    history: list[ConsentShown]


class ConsentExceptionShown(BaseModel):
    """When something is passed on without a yes, explained for the file and for the person beforehand."""

    id: str
    label: Text
    explanation: Text
    said_before: Text | None
    nameless: bool = Field(description="whether nothing may go along that says who the person is")
    sources: list[CitedSource]


class ConsentWordsShown(BaseModel):
    """What to choose from when consent is recorded, and the exceptions that are explained first."""

    purposes: list[WordShown]
    states: list[WordShown]
    ways: list[WordShown]
    exceptions: list[ConsentExceptionShown]


def show_warnings(*texts: str | None) -> list[NoteWarningShown]:
    """The warnings about free texts that were just saved."""
    found = describe_warnings(warn_about(*texts))
    return [NoteWarningShown(id=one.id, label=one.label, says=one.says) for one in found]


def show_words(words: list[CaseWord]) -> list[WordShown]:
    """Words to choose from."""
    return [WordShown(id=word.id, label=word.label, needs_note=word.needs_note) for word in words]


def show_case(case: Case) -> CaseShown:
    """A case in a list."""
    return CaseShown(**_case(case))


def show_read_case(
    work: Work, case: Case, events: list[CaseEvent], linked: list[Case], *texts: str | None
) -> CaseRead:
    """A case by itself, with warnings about texts that were just saved."""
    return CaseRead(
        **_case(case),
        events=[_show_event(work, case, event) for event in events],
        linked=[show_case(other) for other in linked],
        warnings=show_warnings(*texts),
    )


def show_identity(found: IdentityRead, matches: Matches | None, *texts: str | None) -> IdentityShown:
    """Who the person is, with warnings about texts that were just saved."""
    return IdentityShown(
        case=found.case_id,
        **found.values,
        version=found.version,
        updated_at=found.updated_at,
        updated_by=found.updated_by,
        matches=[] if matches is None else [show_case(case) for case in matches.cases],
        match_elsewhere=None if matches is None else matches.elsewhere,
        warnings=show_warnings(*texts),
    )


def show_access(row: CaseAccess) -> AccessShown:
    """Why an account may open a case."""
    return AccessShown(
        account=row.account_id,
        because=row.because,
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def show_consent(work: Work, case: Case, row: Consent, *texts: str | None) -> ConsentShown:
    """What the person said to one purpose."""
    note = None
    if row.note is not None and case.status != "erased":
        note = work.open(case, "consents", "note", row.id, row.note)
    return ConsentShown(
        id=row.id,
        purpose=row.purpose,
        purpose_label=label_of("consent_purposes", row.purpose),
        recipient=row.recipient,
        state=row.state,
        state_label=label_of("consent_states", row.state),
        how=row.how,
        how_label=None if row.how is None else label_of("consent_ways", row.how),
        interview=row.interview_id,
        limits_explained=row.limits_explained,
        note=note,
        by=row.by,
        at=row.at,
        warnings=show_warnings(*texts),
    )


def show_exception(item: ConsentException, catalogue: Catalogue) -> ConsentExceptionShown:
    """An exception with its explanation, and where the law says so."""
    return ConsentExceptionShown(
        id=item.id,
        label=item.label,
        explanation=item.explanation,
        said_before=item.said_before,
        nameless=item.nameless,
        sources=list(cite_content(catalogue, item.sources)),
    )


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "site": case.site_id,
        "status": case.status,
        "created_by": case.created_by,
        "created_at": case.created_at,
        "closed_at": case.closed_at,
        "erased_at": case.erased_at,
        "held_until": case.held_until,
        "version": case.version,
    }


def _show_event(work: Work, case: Case, event: CaseEvent) -> CaseEventShown:
    lists = {
        "closed": "closing_reasons",
        "reopened": "reopening_reasons",
        "held": "hold_reasons",
        "erased": "erasure_reasons",
    }
    note = None
    if event.note is not None and case.status != "erased":
        note = work.open(case, "case_events", "note", event.id, event.note)
    return CaseEventShown(
        event=event.event,
        reason=event.reason,
        reason_label=None if event.reason is None else label_of(lists[event.event], event.reason),
        note=note,
        by=event.by,
        at=event.at,
    )
