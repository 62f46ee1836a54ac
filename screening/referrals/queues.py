"""What waits for somebody: lists of open, overdue and unanswered work, the longest waiting first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from sqlalchemy import ColumnElement, SelectBase, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from indicators.errors import listed, nearest
from screening.referrals.events import EXPLAINED
from screening.refusals import refused
from screening.storage.slices import Asked, Part, Slice
from screening.storage.tables.assessments import Decision, StoredAssessment
from screening.storage.tables.cases import Case, Consent
from screening.storage.tables.interviews import Interview
from screening.storage.tables.referrals import CaseStage, Referral, ReferralEvent
from screening.work import Work

PERMISSION: Final = "queues.read"

Kind = Literal["interview", "assessment", "referral", "stage"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what it is, of which case, since when or until when it should have been done."""

    kind: Kind
    id: str
    case_id: str
    case_number: str
    site_id: str
    # A status, stage or outcome id: what about it waits.
    what: str
    at: datetime
    held_by: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows of one list: which record, what waits about it, since or until when."""

    rows: SelectBase
    kind: Kind


def queue_names() -> tuple[str, ...]:
    """The lists there are."""
    return tuple(_QUEUES)


def read_queue(
    work: Work,
    name: str,
    asked: Asked,
    *,
    site_id: str | None = None,
) -> Slice[Waiting]:
    """The things of one list that were asked for, within the actor's reach; audited as one look.

    Raises `Refused` with S189 for a list that does not exist, S230 for a place in another list.
    """
    work.permissions.require(work.actor, PERMISSION)
    make = _QUEUES.get(name)
    if make is None:
        raise refused("S189", value=name, nearest=nearest(name, _QUEUES), known=listed(tuple(_QUEUES)))
    queue = make(work)
    rows = queue.rows.subquery()
    chosen = (
        select(rows, Case.number)
        .join(Case, Case.id == rows.c.case_id)
        .where(_cases_of(queue.kind), work.case_filter(PERMISSION))
        .order_by(rows.c.at, rows.c.id)
        .limit(asked.limit + 1)
    )
    if site_id is not None:
        chosen = chosen.where(Case.site_id == site_id)
    if asked.after is not None:
        at, last = _read_place(asked.after)
        chosen = chosen.where(or_(rows.c.at > at, and_(rows.c.at == at, rows.c.id > last)))
    found = [
        Waiting(queue.kind, row.id, row.case_id, row.number, row.site_id, row.what, row.at, row.held_by)
        for row in work.session.execute(chosen)
    ]
    shown = found[: asked.limit]
    work.record("queue.read", "queue", name, count=len(shown), cases=sorted({item.case_id for item in shown}))
    more = len(found) > asked.limit
    return Slice(shown, (shown[-1].at.isoformat(), shown[-1].id) if more else None)


def _read_place(parts: tuple[Part, ...]) -> tuple[datetime, str]:
    if len(parts) == 2 and isinstance(parts[0], str) and isinstance(parts[1], str):
        try:
            at = datetime.fromisoformat(parts[0])
        except ValueError:
            at = None
        if at is not None and at.tzinfo is not None:
            return at, parts[1]
    raise refused("S230", field="cursor")


def count_queues(work: Work) -> Mapping[str, int]:
    """How much waits in each list within the actor's reach; counts name nobody and are not audited."""
    work.permissions.require(work.actor, PERMISSION)
    counts = {}
    for name, make in _QUEUES.items():
        queue = make(work)
        rows = queue.rows.subquery()
        chosen = (
            select(func.count())
            .select_from(rows.join(Case, Case.id == rows.c.case_id))
            .where(_cases_of(queue.kind), work.case_filter(PERMISSION))
        )
        counts[name] = work.session.scalar(chosen) or 0
    return MappingProxyType(counts)


def _cases_of(kind: Kind) -> ColumnElement[bool]:
    # A referral goes on when its case is closed: the answer comes later, and so may a no.
    return Case.status != "erased" if kind == "referral" else Case.status == "open"


def _open_interviews(work: Work) -> Queue:
    rows = select(
        Interview.id,
        Interview.case_id,
        Interview.site_id,
        Interview.status.label("what"),
        Interview.created_at.label("at"),
        Interview.held_by,
    ).where(Interview.status.in_(("open", "paused")))
    return Queue(rows, "interview")


def _rests_over(work: Work) -> Queue:
    rows = select(
        Interview.id,
        Interview.case_id,
        Interview.site_id,
        Interview.status.label("what"),
        Interview.resume_after.label("at"),
        Interview.held_by,
    ).where(Interview.status == "paused", Interview.resume_after <= work.now)
    return Queue(rows, "interview")


def _rescreens_due(work: Work) -> Queue:
    # A low result never closes a case: as long as nobody interviewed the person again, it stays here.
    later = aliased(Interview)
    followed = select(later.id).where(later.follows_id == StoredAssessment.interview_id)
    rows = (
        select(
            StoredAssessment.id,
            StoredAssessment.case_id,
            StoredAssessment.site_id,
            StoredAssessment.outcome.label("what"),
            StoredAssessment.at.label("at"),
            Interview.held_by,
        )
        .join(Interview, Interview.id == StoredAssessment.interview_id)
        .where(
            StoredAssessment.outcome.in_(("not_enough_known", "nothing_indicated_so_far")),
            ~exists(followed.correlate(StoredAssessment)),
        )
    )
    return Queue(rows, "assessment")


def _undecided(work: Work) -> Queue:
    decided = select(Decision.id).where(Decision.assessment_id == StoredAssessment.id)
    rows = (
        select(
            StoredAssessment.id,
            StoredAssessment.case_id,
            StoredAssessment.site_id,
            StoredAssessment.outcome.label("what"),
            StoredAssessment.at.label("at"),
            Interview.held_by,
        )
        .join(Interview, Interview.id == StoredAssessment.interview_id)
        .where(~exists(decided.correlate(StoredAssessment)))
    )
    return Queue(rows, "assessment")


def _not_referred(work: Work) -> Queue:
    # Somebody was found, and nothing was written for the person yet.
    referred = select(Referral.id).where(
        Referral.case_id == StoredAssessment.case_id, Referral.status != "cancelled"
    )
    rows = (
        select(
            StoredAssessment.id,
            StoredAssessment.case_id,
            StoredAssessment.site_id,
            StoredAssessment.outcome.label("what"),
            StoredAssessment.at.label("at"),
            Interview.held_by,
        )
        .join(Interview, Interview.id == StoredAssessment.interview_id)
        .where(
            StoredAssessment.outcome.in_(("trafficking_indicated", "trafficking_possible")),
            ~exists(referred.correlate(StoredAssessment)),
        )
    )
    return Queue(rows, "assessment")


def _referrals_overdue(work: Work) -> Queue:
    rows = select(
        Referral.id,
        Referral.case_id,
        Referral.site_id,
        Referral.status.label("what"),
        Referral.due_at.label("at"),
        Referral.created_by.label("held_by"),
    ).where(Referral.due_at < work.now, Referral.status.not_in(("closed", "cancelled")))
    return Queue(rows, "referral")


def _consent_withdrawn(work: Work) -> Queue:
    # The newest word to this service is a no: it must not leave, and what left must be called back.
    said, later = aliased(Consent), aliased(Consent)
    said_since = select(later.id).where(
        later.case_id == said.case_id,
        later.purpose == "referral",
        later.recipient == said.recipient,
        later.seq > said.seq,
    )
    refused_now = (
        select(said.id)
        .where(
            said.case_id == Referral.case_id,
            said.purpose == "referral",
            said.recipient == Referral.service,
            said.state != "given",
            ~exists(said_since.correlate(said)),
        )
        .correlate(Referral)
    )
    rows = select(
        Referral.id,
        Referral.case_id,
        Referral.site_id,
        Referral.status.label("what"),
        Referral.created_at.label("at"),
        Referral.created_by.label("held_by"),
    ).where(
        Referral.status.not_in(("closed", "cancelled", "declined")),
        Referral.exception.is_(None),
        exists(refused_now),
    )
    return Queue(rows, "referral")


def _to_be_explained(work: Work) -> Queue:
    # Passed on without a yes, and the person has not heard why: that is owed to everybody.
    told = select(ReferralEvent.id).where(
        ReferralEvent.referral_id == Referral.id, ReferralEvent.event == EXPLAINED
    )
    rows = select(
        Referral.id,
        Referral.case_id,
        Referral.site_id,
        Referral.status.label("what"),
        Referral.created_at.label("at"),
        Referral.created_by.label("held_by"),
    ).where(
        Referral.exception.is_not(None),
        Referral.status != "cancelled",
        ~exists(told.correlate(Referral)),
    )
    return Queue(rows, "referral")


def _referrals_open(work: Work) -> Queue:
    rows = select(
        Referral.id,
        Referral.case_id,
        Referral.site_id,
        Referral.status.label("what"),
        Referral.created_at.label("at"),
        Referral.created_by.label("held_by"),
    ).where(Referral.status.not_in(("closed", "cancelled")))
    return Queue(rows, "referral")


def _stages_overdue(work: Work) -> Queue:
    rows = (
        select(
            CaseStage.id,
            CaseStage.case_id,
            Case.site_id,
            CaseStage.stage.label("what"),
            CaseStage.due_at.label("at"),
            CaseStage.by.label("held_by"),
        )
        .join(Case, Case.id == CaseStage.case_id)
        .where(CaseStage.left_at.is_(None), CaseStage.due_at < work.now)
    )
    return Queue(rows, "stage")


_QUEUES: Final[Mapping[str, Callable[[Work], Queue]]] = MappingProxyType(
    {
        "open_interviews": _open_interviews,
        "rests_over": _rests_over,
        "rescreens_due": _rescreens_due,
        "undecided": _undecided,
        "not_referred": _not_referred,
        "referrals_open": _referrals_open,
        "referrals_overdue": _referrals_overdue,
        "consent_withdrawn": _consent_withdrawn,
        "to_be_explained": _to_be_explained,
        "stages_overdue": _stages_overdue,
    }
)
