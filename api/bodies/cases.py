"""What requests about cases carry, and how cases are shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.bodies.reading import Body, ClientKey, ContentId, Id, Line, Note
from indicators.models import Confidence, Text
from screening.cases.break_glass import BreakGlassRead
from screening.cases.consents import ConsentException
from screening.cases.identities import FIELDS, IdentityRead, Matches
from screening.cases.notes import describe_warnings, warn_about
from screening.cases.retention import Due
from screening.cases.visits import VisitSummary
from screening.cases.words import CaseWord, label_of
from screening.cases.workplaces import WorkplaceRead
from screening.storage.tables.cases import Case, CaseAccess, CaseEvent, Consent
from screening.storage.tables.sites import SiteVisit, Workplace
from screening.work import Work

# A number of a document or of a register, in the digits of any script.
Number = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w ./-]+$")]
CaseNumber = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9 -]+$")]
WrittenDay = Annotated[str, StringConstraints(min_length=4, max_length=10, pattern=r"^[\d/-]+$")]
Day = Annotated[date, Field(strict=False)]


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


class EmergencyReview(Body):
    """What a review of emergency access found."""

    review: ContentId
    note: Note | None = None


class Erasure(Body):
    """The number of the case, typed again, and why it is erased."""

    number: CaseNumber
    reason: ContentId


class Hold(Body):
    """Until which day a case is kept, and why."""

    until: Day
    reason: ContentId
    note: Note | None = None


class RetentionRun(Body):
    """Whether to say what would go, which is the default, or to do it."""

    dry: bool = True


class NewWorkplace(Body):
    """A workplace to be found, or recorded if it is new."""

    kind: Literal["company", "household", "other"]
    name: Line | None = None
    register_number: Number | None = None


class NewVisit(Body):
    """A visit to a workplace."""

    site: Id
    workplace: Id | None = None
    note: Note | None = None
    client_key: ClientKey | None = None


class VisitChange(Body):
    """Closing a visit."""

    status: Literal["closed"]


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
    sources: list[dict[str, Any]]


class ConsentWordsShown(BaseModel):
    """What to choose from when consent is recorded, and the exceptions that are explained first."""

    purposes: list[WordShown]
    states: list[WordShown]
    ways: list[WordShown]
    exceptions: list[ConsentExceptionShown]


class WorkplaceShown(BaseModel):
    """A workplace by its code."""

    id: str
    code: str
    kind: str
    created_at: datetime
    version: int


class WorkplaceFound(WorkplaceShown):
    """A workplace that was found, or recorded as new."""

    found: bool


class WorkplaceDetails(WorkplaceShown):
    """A workplace with its name, if the caller works with it, and the cases there within reach."""

    name: str | None
    register_number: str | None
    cases: list[CaseShown]


class VisitShown(BaseModel):
    """A visit to a workplace."""

    id: str
    number: str
    site: str
    workplace: str | None
    status: str
    created_by: str
    started_at: datetime
    closed_at: datetime | None
    version: int
    warnings: list[NoteWarningShown] = []


class VisitInterviewShown(BaseModel):
    """An interview of a visit that the caller may read."""

    id: str
    case: str
    case_number: str
    status: str
    outcome: str | None


class VisitDetails(VisitShown):
    """A visit with the interviews within reach; of the others a number, and counts that point at nobody."""

    note: str | None
    interviews: list[VisitInterviewShown]
    others: int
    other_outcomes: dict[str, int] | None


class EmergencyShown(BaseModel):
    """One emergency access to a case."""

    id: str
    case: str
    case_number: str
    account: str
    at: datetime
    until: datetime
    reason: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    review: str | None
    review_label: Text | None
    review_note: str | None


class RetentionCaseShown(BaseModel):
    """A case that a rule is about; a held one is left alone."""

    id: str
    number: str
    due_at: datetime
    held: bool


class RetentionDueShown(BaseModel):
    """What one rule would take, or took."""

    rule: str
    label: Text
    because: Text
    after_days: int
    confidence: Confidence
    count: int
    cases: list[RetentionCaseShown]


class RetentionShown(BaseModel):
    """What the rules would take, or, if `dry` is false, what they took."""

    dry: bool
    rules: list[RetentionDueShown]


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


def show_exception(item: ConsentException) -> ConsentExceptionShown:
    """An exception with its explanation."""
    return ConsentExceptionShown(
        id=item.id,
        label=item.label,
        explanation=item.explanation,
        said_before=item.said_before,
        sources=[source.model_dump(mode="json") for source in item.sources],
    )


def show_workplace(row: Workplace) -> WorkplaceShown:
    """A workplace in a list."""
    return WorkplaceShown(**_workplace(row))


def show_found_workplace(row: Workplace, *, found: bool) -> WorkplaceFound:
    """A workplace that somebody looked for."""
    return WorkplaceFound(**_workplace(row), found=found)


def show_read_workplace(read: WorkplaceRead) -> WorkplaceDetails:
    """A workplace by itself."""
    return WorkplaceDetails(
        **_workplace(read.workplace),
        name=read.name,
        register_number=read.register_number,
        cases=[show_case(case) for case in read.cases],
    )


def show_visit(visit: SiteVisit, *texts: str | None) -> VisitShown:
    """A visit in a list, or one that was just changed."""
    return VisitShown(**_visit(visit), warnings=show_warnings(*texts))


def show_read_visit(visit: SiteVisit, note: str | None, summary: VisitSummary) -> VisitDetails:
    """A visit by itself."""
    return VisitDetails(
        **_visit(visit),
        note=note,
        interviews=[
            VisitInterviewShown(
                id=one.id,
                case=one.case_id,
                case_number=one.case_number,
                status=one.status,
                outcome=one.outcome,
            )
            for one in summary.interviews
        ],
        others=summary.others,
        other_outcomes=None if summary.other_outcomes is None else dict(summary.other_outcomes),
    )


def show_emergency(read: BreakGlassRead) -> EmergencyShown:
    """One emergency access."""
    row = read.row
    return EmergencyShown(
        id=row.id,
        case=read.case.id,
        case_number=read.case.number,
        account=row.account_id,
        at=row.at,
        until=row.until,
        reason=read.reason,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        review=row.review,
        review_label=None if row.review is None else label_of("break_glass_reviews", row.review),
        review_note=read.review_note,
    )


def show_retention(found: tuple[Due, ...], *, dry: bool) -> RetentionShown:
    """What the rules would take, or took."""
    return RetentionShown(
        dry=dry,
        rules=[
            RetentionDueShown(
                rule=due.rule.id,
                label=due.rule.label,
                because=due.rule.because,
                after_days=due.rule.after_days,
                confidence=due.rule.confidence,
                count=due.count,
                cases=[
                    RetentionCaseShown(id=case.id, number=case.number, due_at=case.due_at, held=case.held)
                    for case in due.cases
                ],
            )
            for due in found
        ],
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


def _workplace(row: Workplace) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "created_at": row.created_at,
        "version": row.version,
    }


def _visit(visit: SiteVisit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "number": visit.number,
        "site": visit.site_id,
        "workplace": visit.workplace_id,
        "status": visit.status,
        "created_by": visit.created_by,
        "started_at": visit.started_at,
        "closed_at": visit.closed_at,
        "version": visit.version,
    }
